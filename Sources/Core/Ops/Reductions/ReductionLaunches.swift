// Launches of the reductions. Their results are new, contiguous and not recorded.

extension Tensor {
  /// Returns the elements reduced along `axes`; zeros if the tensor is empty.
  func reduced<Result: TensorScalar>(
    _ operation: ReduceKernel, _ axes: AxisSet, keepDims: Bool, to: Result.Type
  ) -> Tensor<Result> {
    if let failure { return .failed(by: failure) }
    let shape = layout.shape.reduced(axes, keepDims: keepDims)
    if layout.count == 0 { return .zeroed(shape) }
    let result = Tensor<Result>(uninitialized: shape)
    if result.failure == nil, layout.isContiguous,
      ReductionKernels.reduceInOneCall(
        operation, address, count: layout.count, rank: layout.rank, axes, into: result.address,
        results: result.layout.count, of: Element.element)
    {
      return result
    }
    let shortage = launch(after: result.failure) { () throws(OutOfMemory) in
      try ReductionKernels.reduce(operation, operand, axes, into: result.operand)
    }
    return shortage.map { .failed(by: $0) } ?? result
  }

  /// Returns the index of the largest or smallest element along an axis, the first among equal ones; a NaN
  /// wins.
  func located(_ operation: LocateKernel, axis: Int) -> Tensor<Int> {
    var shape = layout.shape, order = Dimensions()
    shape.remove(at: axis)
    for i in 0..<(layout.rank - 1) { order[i] = i < axis ? i : i + 1 }
    order[layout.rank - 1] = axis
    return launch(viewed(layout.permuted(order)), into: Tensor<Int>(uninitialized: shape)) { x, y in
      ReductionKernels.locate(operation, x, into: y)
    }
  }

  /// Returns zeros of `shape`, in which each element of this tensor is stored at its index along `axis`.
  func placed(at indices: Tensor<Int>, along axis: Int, of shape: TensorShape) -> Tensor {
    launch(self, indices, into: Tensor(uninitialized: shape)) { x, indices, y in
      MovementKernels.place(x, indices, along: axis, into: y)
    }
  }
}
