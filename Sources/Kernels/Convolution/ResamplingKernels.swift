import CKernels

/// The positions of a resampled axis in the original one: for each, the index of the first of its neighbours.
/// A position has `taps` neighbours and as many weights. With `taps` of 0 it has two, the weight is that of the
/// second, and the first has the rest of 1.
package struct Resampling {
  package let count: Int
  package let lower: [Int64]
  let weights: [Double], taps: Int

  package init(count: Int, lower: [Int64], weights: [Double], taps: Int = 0) {
    (self.count, self.lower, self.weights, self.taps) = (count, lower, weights, taps)
  }
}

package enum ResamplingKernels {
  /// Resamples an axis from `count` positions to those of `map`. With `transposed` it does the reverse: each
  /// element is added to the positions that it was computed from.
  package static func resample(
    _ x: Operand, _ map: Resampling, axis: Int, transposed: Bool, into y: Operand
  ) throws(OutOfMemory) {
    let pair = transposed ? x.loops.pointee.resampleTransposed! : x.loops.pointee.resample!
    let filter = transposed ? x.loops.pointee.filterTransposed! : x.loops.pointee.filter!
    let before = x.extent(axis), after = y.extent(axis)
    var outer = 1, inner = 1
    for i in 0..<axis { outer *= x.extent(i) }
    for i in axis + 1..<x.layout.rank { inner *= x.extent(i) }
    let weights = try Scratch(map.weights.count, of: x.element), start = weights.address
    for (i, weight) in map.weights.enumerated() {
      if x.element == .f32 {
        start.storeBytes(of: Float(weight), toByteOffset: i * x.size, as: Float.self)
      } else {
        start.storeBytes(of: weight, toByteOffset: i * x.size, as: Double.self)
      }
    }
    map.lower.withUnsafeBufferPointer { lower in
      Parallel.split(rows: outer, of: max(before, after) * inner) { range in
        let first = range.lowerBound * inner
        if map.taps == 0 {
          pair(
            x.at(first * before), lower.baseAddress, start, y.at(first * after), range.count, map.count,
            lower.count, inner)
        } else {
          filter(
            x.at(first * before), lower.baseAddress, start, map.taps, y.at(first * after), range.count,
            map.count, lower.count, inner)
        }
      }
    }
    extendLifetime(weights)
  }
}
