extension Tensor where Element: DifferentiableScalar {
  /// Computes [m, k] × [k, n] → [m, n], or a batch of products: […, m, k] × […, k, n] with equal leading
  /// axes. Either operand may be read as its transpose. An `addend` of the shape of one row is added to every
  /// row of the result. A `sum` of the result's shape, in row-major order and in memory of its own, is added
  /// to in place and returned. The operation is not recorded; the caller has checked the shapes.
  func product(
    _ other: Tensor, transposed: Bool = false, otherTransposed: Bool = false, addend: Tensor? = nil,
    adding sum: Tensor? = nil
  ) -> Tensor {
    let rank = layout.rank
    var shape = layout.shape
    shape.extents[rank - 2] = layout.shape.extents[transposed ? rank - 1 : rank - 2]
    shape.extents[rank - 1] = other.layout.shape.extents[otherTransposed ? rank - 2 : rank - 1]
    let result = sum ?? Tensor(uninitialized: shape)
    if result.isFailed || result.layout.count == 0 { return result }
    let adds = addend != nil || sum != nil
    if let addend {
      let row = addend.contiguous()
      if row.isFailed { return row }
      result.fillRows(with: row)
    }
    if layout.shape.extents[transposed ? rank - 2 : rank - 1] == 0 {
      return adds ? result : Tensor.zeroed(shape)
    }
    if sum != nil { result.storage.version += 1 }
    return multiply(other, transposed, otherTransposed, into: result, adds: adds)
  }

  /// Computes the product into `result` and returns it. An operand that BLAS cannot read in place is copied into
  /// row-major order.
  @inline(__always)
  private func multiply(
    _ other: Tensor, _ transposed: Bool, _ otherTransposed: Bool, into result: Tensor, adds: Bool
  ) -> Tensor {
    let kernel = MatrixProductKernel(
      operand, transposed: transposed, other.operand, otherTransposed: otherTransposed, into: result.operand,
      adds: adds)
    if !kernel.needsCopyOfA, !kernel.needsCopyOfB {
      kernel.run()
      return result
    }
    let x = kernel.needsCopyOfA ? copied() : self, y = kernel.needsCopyOfB ? other.copied() : other
    let failure = launch(after: x.failure ?? y.failure) {
      MatrixProductKernel(
        x.operand, transposed: transposed, y.operand, otherTransposed: otherTransposed, into: result.operand,
        adds: adds
      ).run()
    }
    return failure.map { .failed(by: $0) } ?? result
  }

  /// True if the matrix is column-major, as a transposed one is.
  var isColumnMajor: Bool { layout.rank >= 2 && BLASOperand(operand)?.isTransposed == true }
}
