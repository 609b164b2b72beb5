import CKernels

// Layer norm over rows: elements that follow one another in memory.

extension Tensor where Element: DifferentiableScalar {
  /// The rows of this along the axes that `weight` has, normalised, times the weight and moved by the bias; and
  /// what ``layerNormGradients(_:_:_:ofInput:ofParameters:)`` needs.
  func layerNormRows(_ weight: Tensor, _ bias: Tensor, _ epsilon: Double)
    -> (value: Tensor, statistics: Tensor)
  {
    let x = contiguous(), scale = weight.contiguous(), shift = bias.contiguous()
    let count = weight.layout.count, rows = count == 0 ? 0 : layout.count / count
    let value = Tensor(uninitialized: layout.shape), statistics = Tensor(uninitialized: [rows, 2])
    if value.isFailed || statistics.isFailed || layout.count == 0 { return (value, statistics) }
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

  /// The gradients of those rows, and of the weight and the bias [2, count], where they are asked for. Blocks of
  /// rows are summed first, the same for any number of threads.
  func layerNormGradients(
    _ weight: Tensor, _ statistics: Tensor, _ gradient: Tensor, ofInput: Bool, ofParameters: Bool
  ) -> (input: Tensor?, parameters: Tensor?) {
    let x = contiguous(), scale = weight.contiguous(), g = gradient.contiguous()
    let count = weight.layout.count, rows = count == 0 ? 0 : layout.count / count
    let blockRows = 64, blocks = (rows + blockRows - 1) / blockRows
    let input = ofInput ? Tensor(uninitialized: layout.shape) : nil
    let sums = ofParameters ? Tensor(uninitialized: [blocks, 2, count]) : nil
    if let failed = [input, sums].lazy.compactMap({ $0 }).first(where: \.isFailed) {
      return (failed, failed)
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
