import CKernels

// All operands are contiguous. Forward passes need operands that have elements.

/// Layer norm and RMS norm over rows of adjacent elements: as many as the weight has.
package enum NormalizationKernels {
  /// Normalises the rows of x, multiplies them by the weight and adds the bias. Also writes the statistics
  /// `[rows, 2]` that ``layerNormGradients(_:weight:statistics:gradient:into:sums:)`` needs.
  package static func layerNorm(
    _ x: Operand, weight: Operand, bias: Operand, epsilon: Double, into y: Operand, statistics: Operand
  ) {
    let loop = x.loops.pointee.layerNorm!, count = weight.count
    Parallel.split(rows: x.count / count, of: 4 * count) { range in
      let start = range.lowerBound * count
      loop(
        x.at(start), weight.address, bias.address, y.at(start), statistics.at(2 * range.lowerBound),
        range.count, count, epsilon)
    }
  }

  /// Computes the gradients of the rows, and the sums `[blocks, 2, count]` of the gradients of the weight and
  /// the bias over each block of rows, if they are requested. The blocks do not depend on the number of
  /// threads, so neither do the bits of the result.
  package static func layerNormGradients(
    _ x: Operand, weight: Operand, statistics: Operand, gradient: Operand, into dx: Operand?, sums: Operand?
  ) {
    let loop = x.loops.pointee.layerNormGradient!, count = weight.count
    eachBlock(of: x.count, width: count) { block, rows in
      let start = rows.lowerBound * count
      loop(
        x.at(start), weight.address, gradient.at(start), statistics.at(2 * rows.lowerBound), dx?.at(start),
        sums?.at(2 * block * count), rows.count, count)
    }
  }

  /// Divides the rows of x by their root mean square and multiplies them by the weight. Also writes the
  /// factor of each row to `scales`.
  package static func rmsNorm(
    _ x: Operand, weight: Operand, epsilon: Double, into y: Operand, scales: Operand
  ) {
    let loop = x.loops.pointee.normalizing.rms!, count = weight.count
    Parallel.split(rows: x.count / count, of: 4 * count) { range in
      let start = range.lowerBound * count
      loop(
        x.at(start), weight.address, y.at(start), scales.at(range.lowerBound), range.count, count, epsilon)
    }
  }

  /// Computes the gradients of the rows, and the sums `[blocks, count]` of the gradient of the weight over
  /// each block of rows, if they are requested. The blocks do not depend on the number of threads, so neither
  /// do the bits of the result.
  package static func rmsNormGradients(
    _ x: Operand, weight: Operand, scales: Operand, gradient: Operand, into dx: Operand?, sums: Operand?
  ) {
    let loop = x.loops.pointee.normalizing.rmsGradient!, count = weight.count
    eachBlock(of: x.count, width: count) { block, rows in
      let start = rows.lowerBound * count
      loop(
        x.at(start), weight.address, gradient.at(start), scales.at(rows.lowerBound), dx?.at(start),
        sums?.at(block * count), rows.count, count)
    }
  }

  /// Returns the number of rows of `width` elements; 0 if the width is 0.
  package static func rows(of elements: Int, width: Int) -> Int { width == 0 ? 0 : elements / width }

  /// Returns the number of blocks of rows, over each of which the gradients of the parameters are summed.
  package static func blocks(of elements: Int, width: Int) -> Int {
    (rows(of: elements, width: width) + Tuning.normalizedRows - 1) / Tuning.normalizedRows
  }

  /// Calls `body` with the index and the rows of each block, on several threads.
  private static func eachBlock(of elements: Int, width: Int, _ body: (Int, Range<Int>) -> Void) {
    let rows = rows(of: elements, width: width), size = Tuning.normalizedRows
    let grain = max(1, Tuning.leastElements / (4 * size * max(width, 1)))
    Parallel.split(blocks(of: elements, width: width), grain: grain) { range in
      for block in range { body(block, block * size..<min((block + 1) * size, rows)) }
    }
  }
}

/// The extents of a memory layout that is normalised by channel: `[outer, channels, inner]`.
package struct Planes {
  package let outer: Int, channels: Int, inner: Int

  package init(outer: Int, channels: Int, inner: Int) {
    self.outer = outer
    self.channels = channels
    self.inner = inner
  }

  /// The number of elements in a channel.
  package var count: Int { outer * inner }

  fileprivate var loops: MTPlanes { MTPlanes(outer: outer, channels: channels, inner: inner) }
}

// The parts of batch norm and group norm.
extension NormalizationKernels {
  /// Computes the mean and the variance (divided by the count) of each channel of x, which has elements.
  package static func moments(_ x: Operand, _ planes: Planes, mean: Operand, variance: Operand) {
    let loop = x.loops.pointee.normalizing.moments!
    Parallel.split(rows: planes.channels, of: 4 * planes.count) {
      loop(x.address, mean.address, variance.address, planes.loops, $0.lowerBound, $0.upperBound)
    }
  }

  /// Computes (x − centre) · factor + shift, by channel.
  package static func scale(
    _ x: Operand, _ planes: Planes, centre: Operand, factor: Operand, shift: Operand, into y: Operand
  ) {
    let loop = x.loops.pointee.normalizing.scale!
    Parallel.split(rows: planes.outer * planes.channels, of: 2 * planes.inner) {
      loop(
        x.address, centre.address, factor.address, shift.address, y.address, planes.loops, $0.lowerBound,
        $0.upperBound)
    }
  }

  /// Computes Σ g and Σ g (x − centre) scale of each channel of x, which has elements. A centre and a scale
  /// belong to `span` consecutive channels.
  package static func gradientSums(
    _ x: Operand, _ planes: Planes, gradient: Operand, centre: Operand, scale: Operand, span: Int,
    sum: Operand, along: Operand
  ) {
    let loop = x.loops.pointee.normalizing.gradientSums!
    Parallel.split(rows: planes.channels, of: 4 * planes.count) {
      loop(
        x.address, gradient.address, centre.address, scale.address, sum.address, along.address, planes.loops,
        span, $0.lowerBound, $0.upperBound)
    }
  }

  /// Computes g · factor + (x − centre) · slope + shift, by channel.
  package static func combine(
    _ x: Operand, _ planes: Planes, gradient: Operand, centre: Operand, factor: Operand, slope: Operand,
    shift: Operand, into dx: Operand
  ) {
    let loop = x.loops.pointee.normalizing.combine!
    Parallel.split(rows: planes.outer * planes.channels, of: 2 * planes.inner) {
      loop(
        x.address, gradient.address, centre.address, factor.address, slope.address, shift.address,
        dx.address, planes.loops, $0.lowerBound, $0.upperBound)
    }
  }
}
