import CKernels

/// The positions of a resampled axis in the original one: for each, the index of the original position below
/// it, and the weight of the next.
struct Resampling {
  let count: Int
  let lower: [Int]
  let weights: [Double]
}

extension Tensor where Element: DifferentiableScalar {
  /// Resamples an axis from `count` positions to those of `map`. With `transposed` it does the reverse: each
  /// element is added to the positions that it was computed from.
  func resampledLoop(_ map: Resampling, _ axis: Int, transposed: Bool) -> Tensor {
    let x = contiguous()
    var shape = layout.shape
    shape.extents[axis] = transposed ? map.count : map.lower.count
    let result = Tensor(uninitialized: shape)
    if let failure = x.failure ?? result.failure { return .failed(by: failure) }
    if result.layout.count == 0 { return result }
    let outer = layout.shape.prefix(axis).reduce(1, *), inner = layout.shape.dropFirst(axis + 1).reduce(1, *)
    let loops = Element.kernels.loops
    let loop = transposed ? loops.pointee.resampleTransposed! : loops.pointee.resample!
    let from = x.address, to = result.address, stride = MemoryLayout<Element>.stride
    let before = layout.shape.extents[axis], after = shape.extents[axis]
    map.weights.map { Element($0) }.withUnsafeBytes { weights in
      map.lower.map { Int64($0) }.withUnsafeBufferPointer { lower in
        let weights = weights.baseAddress!, lower = lower.baseAddress!
        Parallel.split(rows: outer, of: Swift.max(before, after) * inner) { range in
          let start = range.lowerBound * inner * stride
          loop(
            from + start * before, lower, weights, to + start * after, range.count, map.count,
            map.lower.count, inner)
        }
      }
    }
    return result
  }
}
