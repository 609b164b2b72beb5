import CKernels

// Layer norm and RMS norm over rows of adjacent elements, and the parts of batch norm and group norm.

extension Tensor where Element: DifferentiableScalar {
  /// Normalises the rows of this tensor along the axes of `weight`, multiplies them by the weight and adds
  /// the bias. Also returns the statistics that ``layerNormGradients(_:_:_:ofInput:ofParameters:)`` needs.
  func layerNormRows(_ weight: Tensor, _ bias: Tensor, _ epsilon: Double)
    -> (value: Tensor, statistics: Tensor)
  {
    let x = contiguous(), scale = weight.contiguous(), shift = bias.contiguous()
    let count = weight.layout.count, rows = count == 0 ? 0 : layout.count / count
    let value = Tensor(uninitialized: layout.shape), statistics = Tensor(uninitialized: [rows, 2])
    if let failure = x.failure ?? scale.failure ?? shift.failure ?? value.failure ?? statistics.failure {
      return (.failed(by: failure), .failed(by: failure))
    }
    if layout.count == 0 { return (value, statistics) }
    let loop = Element.kernels.loops.pointee.layerNorm!, stride = MemoryLayout<Element>.stride
    let from = x.address, w = scale.address, b = shift.address, to = value.address, kept = statistics.address
    Parallel.split(rows: rows, of: 4 * count) { range in
      let start = range.lowerBound
      loop(
        from + start * count * stride, w, b, to + start * count * stride, kept + 2 * start * stride,
        range.count,
        count, epsilon)
    }
    return (value, statistics)
  }

  /// Returns the gradients of the rows, and of the weight and the bias [2, count], if they are requested. The
  /// sums are computed in blocks of rows, so the result has the same bits for any number of threads.
  func layerNormGradients(
    _ weight: Tensor, _ statistics: Tensor, _ gradient: Tensor, ofInput: Bool, ofParameters: Bool
  ) -> (input: Tensor?, parameters: Tensor?) {
    let x = contiguous(), scale = weight.contiguous(), g = gradient.contiguous()
    let count = weight.layout.count, rows = count == 0 ? 0 : layout.count / count
    let blockRows = 64, blocks = (rows + blockRows - 1) / blockRows
    let input = ofInput ? Tensor(uninitialized: layout.shape) : nil
    let sums = ofParameters ? Tensor(uninitialized: [blocks, 2, count]) : nil
    if let failure = x.failure ?? scale.failure ?? g.failure ?? input?.failure ?? sums?.failure {
      return (.failed(by: failure), .failed(by: failure))
    }
    let loop = Element.kernels.loops.pointee.layerNormGradient!, stride = MemoryLayout<Element>.stride
    let from = x.address, w = scale.address, with = g.address, kept = statistics.address
    let to = input?.address, total = sums?.address
    Parallel.split(
      blocks, grain: Swift.max(1, Parallel.leastElements / (4 * blockRows * Swift.max(count, 1)))
    ) {
      for block in $0 {
        let first = block * blockRows, start = first * count * stride
        loop(
          from + start, w, with + start, kept + 2 * first * stride, to.map { $0 + start },
          total.map { $0 + 2 * block * count * stride }, Swift.min(blockRows, rows - first), count)
      }
    }
    return (input, sums?.summed(to: [2, count]))
  }
}

/// The extents of a memory layout that is normalised by channel: `[outer, channels, inner]`.
struct Planes {
  let outer, channels, inner: Int

  fileprivate var loops: MTPlanes { MTPlanes(outer: outer, channels: channels, inner: inner) }
  /// The number of elements in a channel.
  var count: Int { outer * inner }
}

extension Tensor where Element: DifferentiableScalar {
  /// Returns the mean and the variance (divided by the count) of each channel of contiguous elements; 0 if
  /// there are no elements.
  func moments(of planes: Planes) -> (mean: Tensor, variance: Tensor) {
    let channels: TensorShape = [planes.channels]
    if layout.count == 0 { return (.zeroed(channels), .zeroed(channels)) }
    let mean = Tensor(uninitialized: channels), variance = Tensor(uninitialized: channels)
    if let failure = failure ?? mean.failure ?? variance.failure {
      return (.failed(by: failure), .failed(by: failure))
    }
    let loop = Element.kernels.loops.pointee.normalizing.moments!
    let from = address, m = mean.address, v = variance.address
    Parallel.split(rows: planes.channels, of: 4 * planes.count) {
      loop(from, m, v, planes.loops, $0.lowerBound, $0.upperBound)
    }
    return (mean, variance)
  }

  /// Returns (x − centre) · factor + shift of contiguous elements, by channel.
  func scaled(_ planes: Planes, centre: Tensor, factor: Tensor, shift: Tensor) -> Tensor {
    let result = Tensor(uninitialized: layout.shape)
    let centre = centre.contiguous(), factor = factor.contiguous(), shift = shift.contiguous()
    if let failure = failure ?? centre.failure ?? factor.failure ?? shift.failure ?? result.failure {
      return .failed(by: failure)
    }
    if layout.count == 0 { return result }
    let loop = Element.kernels.loops.pointee.normalizing.scale!
    let from = address, m = centre.address, a = factor.address, b = shift.address, to = result.address
    Parallel.split(rows: planes.outer * planes.channels, of: 2 * planes.inner) {
      loop(from, m, a, b, to, planes.loops, $0.lowerBound, $0.upperBound)
    }
    return result
  }

  /// Returns Σ g and Σ g (x − centre) scale of each channel of contiguous elements. A centre and a scale
  /// belong to `span` consecutive channels.
  func gradientSums(
    _ planes: Planes, _ gradient: Tensor, centre: Tensor, scale: Tensor, span: Int
  ) -> (sum: Tensor, along: Tensor) {
    let channels: TensorShape = [planes.channels]
    if layout.count == 0 { return (.zeroed(channels), .zeroed(channels)) }
    let sum = Tensor(uninitialized: channels), along = Tensor(uninitialized: channels)
    let centre = centre.contiguous(), scale = scale.contiguous()
    if let failure = failure ?? gradient.failure ?? centre.failure ?? scale.failure ?? sum.failure
      ?? along.failure
    {
      return (.failed(by: failure), .failed(by: failure))
    }
    let loop = Element.kernels.loops.pointee.normalizing.gradientSums!
    let x = address, g = gradient.address, m = centre.address, s = scale.address
    let total = sum.address, product = along.address
    Parallel.split(rows: planes.channels, of: 4 * planes.count) {
      loop(x, g, m, s, total, product, planes.loops, span, $0.lowerBound, $0.upperBound)
    }
    return (sum, along)
  }

  /// Returns g · factor + (x − centre) · slope + shift of contiguous elements, by channel.
  func combined(
    _ planes: Planes, _ gradient: Tensor, centre: Tensor, factor: Tensor, slope: Tensor, shift: Tensor
  ) -> Tensor {
    let result = Tensor(uninitialized: layout.shape)
    let centre = centre.contiguous(), factor = factor.contiguous()
    let slope = slope.contiguous(), shift = shift.contiguous()
    if let failure = failure ?? gradient.failure ?? centre.failure ?? factor.failure ?? slope.failure ?? shift
      .failure ?? result.failure
    {
      return .failed(by: failure)
    }
    if layout.count == 0 { return result }
    let loop = Element.kernels.loops.pointee.normalizing.combine!
    let x = address, g = gradient.address, m = centre.address, a = factor.address
    let k = slope.address, b = shift.address, to = result.address
    Parallel.split(rows: planes.outer * planes.channels, of: 2 * planes.inner) {
      loop(x, g, m, a, k, b, to, planes.loops, $0.lowerBound, $0.upperBound)
    }
    return result
  }

  /// Divides the rows of this tensor along the axes of `weight` by their root mean square and multiplies them
  /// by the weight. Also returns the factor of each row.
  func rmsNormRows(_ weight: Tensor, _ epsilon: Double) -> (value: Tensor, scales: Tensor) {
    let x = contiguous(), scale = weight.contiguous()
    let count = weight.layout.count, rows = count == 0 ? 0 : layout.count / count
    let value = Tensor(uninitialized: layout.shape), scales = Tensor(uninitialized: [rows])
    if let failure = x.failure ?? scale.failure ?? value.failure ?? scales.failure {
      return (.failed(by: failure), .failed(by: failure))
    }
    if layout.count == 0 { return (value, scales) }
    let loop = Element.kernels.loops.pointee.normalizing.rms!, stride = MemoryLayout<Element>.stride
    let from = x.address, w = scale.address, to = value.address, kept = scales.address
    Parallel.split(rows: rows, of: 4 * count) { range in
      let start = range.lowerBound * stride
      loop(from + start * count, w, to + start * count, kept + start, range.count, count, epsilon)
    }
    return (value, scales)
  }

  /// Returns the gradients of the rows and of the weight, if they are requested. The sums are computed in
  /// blocks of rows, so the result has the same bits for any number of threads.
  func rmsNormGradients(
    _ weight: Tensor, _ scales: Tensor, _ gradient: Tensor, ofInput: Bool, ofWeight: Bool
  ) -> (input: Tensor?, weight: Tensor?) {
    let x = contiguous(), scale = weight.contiguous(), g = gradient.contiguous()
    let count = weight.layout.count, rows = count == 0 ? 0 : layout.count / count
    let blockRows = 64, blocks = (rows + blockRows - 1) / blockRows
    let input = ofInput ? Tensor(uninitialized: layout.shape) : nil
    let sums = ofWeight ? Tensor(uninitialized: [blocks, count]) : nil
    if let failure = x.failure ?? scale.failure ?? g.failure ?? input?.failure ?? sums?.failure {
      return (.failed(by: failure), .failed(by: failure))
    }
    let loop = Element.kernels.loops.pointee.normalizing.rmsGradient!, stride = MemoryLayout<Element>.stride
    let from = x.address, w = scale.address, with = g.address, kept = scales.address
    let to = input?.address, total = sums?.address
    Parallel.split(
      blocks, grain: Swift.max(1, Parallel.leastElements / (4 * blockRows * Swift.max(count, 1)))
    ) {
      for block in $0 {
        let first = block * blockRows, start = first * count * stride
        loop(
          from + start, w, with + start, kept + first * stride, to.map { $0 + start },
          total.map { $0 + block * count * stride }, Swift.min(blockRows, rows - first), count)
      }
    }
    return (input, sums?.summed(to: [count]).reshapedView(weight.layout.shape))
  }
}
