import CKernels

// Layer norm over rows: elements that follow one another in memory.

extension Tensor where Element: DifferentiableScalar {
  /// The rows of this along the axes that `weight` has, normalised, times the weight and moved by the bias.
  func layerNormRows(_ weight: Tensor, _ bias: Tensor, _ epsilon: Double) -> Tensor {
    normalizedRows(.layerNorm, weight, bias.contiguous(), epsilon, stepsThroughOther: false)
  }

  /// The gradient of those rows when `gradient` is that of what became of them.
  func layerNormGradient(_ weight: Tensor, _ gradient: Tensor, _ epsilon: Double) -> Tensor {
    normalizedRows(.layerNormGradient, weight, gradient.contiguous(), epsilon, stepsThroughOther: true)
  }

  private func normalizedRows(
    _ operation: MTNormalize, _ weight: Tensor, _ other: Tensor, _ epsilon: Double, stepsThroughOther: Bool
  ) -> Tensor {
    let x = contiguous(), scale = weight.contiguous()
    let result = Tensor(uninitialized: layout.shape)
    if result.isFailed || layout.count == 0 { return result }
    let count = weight.layout.count, stride = count * MemoryLayout<Element>.stride
    let loop = Element.kernels.loops.pointee.normalize[Int(operation.rawValue)]!
    let from = x.address, by = scale.address, with = other.address, to = result.address
    Parallel.split(rows: layout.count / count, of: 4 * count) { range in
      let start = range.lowerBound * stride
      loop(
        from + start, by, with + (stepsThroughOther ? start : 0), to + start, range.count, count, epsilon)
    }
    return result
  }

  /// The gradient of the weight, of a shape. Blocks of rows are summed first, the same for any number of threads.
  func layerNormWeightGradient(_ shape: TensorShape, _ gradient: Tensor, _ epsilon: Double) -> Tensor {
    let x = contiguous(), g = gradient.contiguous()
    let count = Layout(shape).count, rows = count == 0 ? 0 : layout.count / count
    let blockRows = 64, blocks = (rows + blockRows - 1) / blockRows
    let sums = Tensor(uninitialized: [blocks, count])
    if sums.isFailed { return sums }
    let stride = count * MemoryLayout<Element>.stride
    let loop = Element.kernels.loops.pointee.normalize[Int(MTNormalize.layerNormWeightGradient.rawValue)]!
    let from = x.address, with = g.address, to = sums.address
    Parallel.split(
      blocks, grain: Swift.max(1, Parallel.leastElements / (4 * blockRows * Swift.max(count, 1)))
    ) {
      for block in $0 {
        let first = block * blockRows, start = first * stride
        loop(
          from + start, from, with + start, to + block * stride, Swift.min(blockRows, rows - first), count,
          epsilon)
      }
    }
    return sums.summed(to: [count]).reshapedView(shape)
  }
}
