extension Tensor where Element: FieldScalar {
  /// Computes [m, k] × [k, n] → [m, n], or a batch of products: […, m, k] × […, k, n] with equal leading
  /// axes. Either operand may be read as its transpose. An `addend` of the shape of one row is added to every
  /// row of the result. A `sum` of the result's shape, in row-major order and in memory of its own, is added
  /// to in place and returned. The operation is not recorded; the caller has checked the shapes.
  func product(
    _ other: Tensor, transposed: Bool = false, otherTransposed: Bool = false, addend: Tensor? = nil,
    adding sum: Tensor? = nil
  ) -> Tensor {
    if let failure = failure ?? other.failure ?? addend?.failure { return .failed(by: failure) }
    let rank = layout.rank
    let a = MatrixAxes(layout, isTransposed: transposed)
    let b = MatrixAxes(other.layout, isTransposed: otherTransposed)
    var shape = layout.shape
    shape.extents[rank - 2] = a.rows
    shape.extents[rank - 1] = b.columns
    let result = sum ?? Tensor(uninitialized: shape)
    if result.isFailed || result.layout.count == 0 { return result }
    let adds = addend != nil || sum != nil
    if let addend {
      let row = addend.contiguous()
      if row.isFailed { return row }
      result.fillRows(with: row)
    }
    if a.columns == 0 { return adds ? result : Tensor.zeroed(shape) }
    let kernel = MatrixProductKernel(
      address, a, other.address, b, into: result.address, adds: adds, of: Element.element)
    // An operand that BLAS cannot read in place is copied into row-major order.
    if kernel.needsCopyOfA || kernel.needsCopyOfB {
      let x = kernel.needsCopyOfA ? copied() : self, y = kernel.needsCopyOfB ? other.copied() : other
      if let failure = x.failure ?? y.failure { return .failed(by: failure) }
      return x.product(
        y, transposed: transposed, otherTransposed: otherTransposed, addend: addend, adding: sum)
    }
    if sum != nil { result.storage.version += 1 }
    if rank == 2 { kernel.run() } else { kernel.run(over: layout, other.layout) }
    return result
  }

  /// True if the matrix is column-major, as a transposed one is.
  var isColumnMajor: Bool {
    layout.rank >= 2 && BLASOperand(address, MatrixAxes(layout, isTransposed: false))?.isTransposed == true
  }
}
