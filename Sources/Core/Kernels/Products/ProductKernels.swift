import CRuntime

/// The implementation of matrix products.
///
/// ```swift
/// let a = Tensor<Float>.normal([64, 32]), b = Tensor<Float>.normal([32, 16])
/// let plain = withMatrixProducts(.naive) { a.matmul(b) }
/// print((a.matmul(b) - plain).abs().max())
/// ```
public enum MatrixProducts: Sendable {
  /// OpenBLAS.
  case blas
  /// Plain Swift loops, for comparison and tests.
  case naive
}

/// Runs `body` with matrix products by BLAS (the default) or by plain loops.
public func withMatrixProducts<Result, Failure: Error>(
  _ products: MatrixProducts, _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  let before = martlet_thread().pointee.naiveProducts
  martlet_thread().pointee.naiveProducts = products == .naive ? 1 : 0
  defer { martlet_thread().pointee.naiveProducts = before }
  return try body()
}

/// The extents and strides of a matrix.
struct MatrixAxes {
  let rows: Int, columns: Int, rowStride: Int, columnStride: Int
}

extension MatrixAxes {
  /// Creates the axes from the last two axes of a layout, exchanged if `isTransposed` is true.
  @inline(__always)
  init(_ layout: Layout, isTransposed: Bool) {
    let outer = layout.rank - 2, inner = layout.rank - 1
    let (row, column) = isTransposed ? (inner, outer) : (outer, inner)
    self.init(
      rows: layout.shape.extents[row], columns: layout.shape.extents[column], rowStride: layout.strides[row],
      columnStride: layout.strides[column])
  }
}

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
    let a = MatrixAxes(layout, isTransposed: transposed)
    let b = MatrixAxes(other.layout, isTransposed: otherTransposed)
    let m = a.rows, k = a.columns, n = b.columns
    var shape = layout.shape
    shape.extents[rank - 2] = m
    shape.extents[rank - 1] = n
    let result = sum ?? Tensor(uninitialized: shape)
    if result.isFailed || result.layout.count == 0 { return result }
    let keepsResult = addend != nil || sum != nil
    if let addend {
      let row = addend.contiguous()
      if row.isFailed { return row }
      result.fillRows(with: row)
    }
    if k == 0 { return keepsResult ? result : Tensor.zeroed(shape) }
    if sum != nil { result.storage.version += 1 }
    if martlet_thread().pointee.naiveProducts != 0 {
      Counters.countMultiplyAdds(result.layout.count &* k)
      naiveProduct(a, other, b, into: result, keepsResult: keepsResult)
      return result
    }
    // An operand that BLAS cannot read in place is copied into row-major order.
    let left = BLASOperand(address, a), right = BLASOperand(other.address, b)
    guard let left, let right else {
      let x = left == nil ? copied() : self, y = right == nil ? other.copied() : other
      if let failure = x.failure ?? y.failure { return .failed(by: failure) }
      return x.product(
        y, transposed: transposed, otherTransposed: otherTransposed, addend: addend, adding: sum)
    }
    Counters.countMultiplyAdds(result.layout.count &* k)
    blasProduct(left, other, right, into: result, m: m, n: n, k: k, beta: keepsResult ? 1 : 0)
    return result
  }

  /// Computes a product by BLAS, or one product for each matrix of a batch.
  @inline(__always)
  private func blasProduct(
    _ left: BLASOperand, _ other: Tensor, _ right: BLASOperand, into result: Tensor, m: Int, n: Int, k: Int,
    beta: Element
  ) {
    let c = result.address, stride = MemoryLayout<Element>.stride
    if layout.rank == 2 {
      Counters.countBLASCalls(1)
      return BLAS.multiply(left, right, into: c, m: m, n: n, k: k, beta: beta)
    }
    let batch = result.layout.count / (m * n)
    // If a batch has fewer matrices than threads, each product is split instead.
    let grain = batch < Parallel.threads ? batch : Swift.max(1, Parallel.leastMultiplications / (m &* n &* k))
    Counters.countBLASCalls(batch)
    Parallel.split(batch, grain: grain) { range in
      eachMatrix(range, with: other) { i, atA, atB in
        BLAS.multiply(
          left.moved(by: atA * stride), right.moved(by: atB * stride), into: c + i * m * n * stride,
          m: m, n: n, k: k, beta: beta)
      }
    }
  }

  /// Computes the product by plain loops, reading the operands in place.
  private func naiveProduct(
    _ a: MatrixAxes, _ other: Tensor, _ b: MatrixAxes, into result: Tensor, keepsResult: Bool
  ) {
    let left = address, right = other.address, c = result.address, stride = MemoryLayout<Element>.stride
    let m = a.rows, n = b.columns
    eachMatrix(0..<result.layout.count / (m * n), with: other) { i, atA, atB in
      NaiveBLAS.multiply(
        UnsafePointer((left + atA * stride).assumingMemoryBound(to: Element.self)), a.rowStride,
        a.columnStride,
        UnsafePointer((right + atB * stride).assumingMemoryBound(to: Element.self)), b.rowStride,
        b.columnStride, into: (c + i * m * n * stride).assumingMemoryBound(to: Element.self), m: m, n: n,
        k: a.columns, keepsC: keepsResult)
    }
  }

  /// True if the matrix is column-major, as a transposed one is.
  var isColumnMajor: Bool {
    layout.rank >= 2 && BLASOperand(address, MatrixAxes(layout, isTransposed: false))?.isTransposed == true
  }

  /// Calls `body` for matrices of a batch, with the index and the matrix's offsets in this tensor and in
  /// `other`.
  @inline(__always)
  private func eachMatrix(_ numbers: Range<Int>, with other: Tensor, _ body: (Int, Int, Int) -> Void) {
    let batchAxes = layout.rank - 2
    for i in numbers {
      var rest = i, atA = 0, atB = 0
      var axis = batchAxes - 1
      while axis >= 0 {
        let step = rest % layout.shape.extents[axis]
        atA += step * layout.strides[axis]
        atB += step * other.layout.strides[axis]
        rest /= layout.shape.extents[axis]
        axis -= 1
      }
      body(i, atA, atB)
    }
  }
}
