// Matrix products of operands, by BLAS or by plain loops.

/// The extents and strides of a matrix.
@usableFromInline
package struct MatrixAxes {
  @usableFromInline
  package let rows: Int, columns: Int, rowStride: Int, columnStride: Int

  @inlinable @inline(__always)
  init(rows: Int, columns: Int, rowStride: Int, columnStride: Int) {
    (self.rows, self.columns, self.rowStride, self.columnStride) = (rows, columns, rowStride, columnStride)
  }
}

extension MatrixAxes {
  /// Creates the axes from the last two axes of a layout, exchanged if `isTransposed` is true.
  @inlinable @inline(__always)
  package init(_ layout: Layout, isTransposed: Bool) {
    let outer = layout.rank - 2, inner = layout.rank - 1
    let (row, column) = isTransposed ? (inner, outer) : (outer, inner)
    self.init(
      rows: layout.shape.extents[row], columns: layout.shape.extents[column], rowStride: layout.strides[row],
      columnStride: layout.strides[column])
  }
}

extension BLASOperand {
  /// Creates the operand of a matrix, or of the first of a batch; nil if BLAS cannot read it in place.
  package init?(_ operand: Operand, isTransposed: Bool = false) {
    self.init(operand.address, MatrixAxes(operand.layout, isTransposed: isTransposed))
  }
}

/// A matrix product `[…, m, k] × […, k, n] → […, m, n]` of operands with equal leading axes. The result is in
/// row-major order.
///
/// A product of few elements takes less time than copies of layouts, so the kernel holds addresses and the axes of
/// one matrix.
@usableFromInline
package struct MatrixProductKernel {
  @usableFromInline let a: UnsafeMutableRawPointer, left: MatrixAxes
  @usableFromInline let b: UnsafeMutableRawPointer, right: MatrixAxes
  @usableFromInline let y: UnsafeMutableRawPointer
  /// True if the product is added to the result.
  @usableFromInline let adds: Bool
  @usableFromInline let element: ElementType
  /// The operands as BLAS reads them; nil if it cannot, or if plain loops are chosen.
  @usableFromInline let leftOfBLAS: BLASOperand?, rightOfBLAS: BLASOperand?
  @usableFromInline let isNaive: Bool

  /// Creates a product of the matrices at two addresses, or of batches that begin there.
  @inlinable @inline(__always)
  package init(
    _ a: UnsafeMutableRawPointer, _ left: MatrixAxes, _ b: UnsafeMutableRawPointer, _ right: MatrixAxes,
    into y: UnsafeMutableRawPointer, adds: Bool, of element: ElementType
  ) {
    (self.a, self.left, self.b, self.right, self.y) = (a, left, b, right, y)
    (self.adds, self.element) = (adds, element)
    isNaive = NaiveBLAS.isChosen
    leftOfBLAS = isNaive ? nil : BLASOperand(a, left)
    rightOfBLAS = isNaive ? nil : BLASOperand(b, right)
  }

  /// True if the operands must be copied first: BLAS, if it is chosen, cannot read them in place.
  @inlinable
  package var needsCopyOfA: Bool { !isNaive && leftOfBLAS == nil }
  @inlinable
  package var needsCopyOfB: Bool { !isNaive && rightOfBLAS == nil }

  private var m: Int { left.rows }
  private var n: Int { right.columns }
  private var k: Int { left.columns }

  /// Computes one product. Operands that BLAS cannot read have been copied.
  package func run() {
    Counters.countMultiplyAdds(m &* n &* k)
    guard let leftOfBLAS, let rightOfBLAS else { return multiplyNaively(a, b, into: y) }
    Counters.countBLASCalls(1)
    BLAS.multiply(leftOfBLAS, rightOfBLAS, into: y, m: m, n: n, k: k, adds: adds, of: element)
  }

  /// Computes a product for each matrix of a batch, for operands of these layouts.
  package func run(over x: Layout, _ z: Layout) {
    var batch = 1
    for axis in 0..<x.rank - 2 { batch *= x.shape.extents[axis] }
    Counters.countMultiplyAdds(batch &* m &* n &* k)
    guard let leftOfBLAS, let rightOfBLAS else {
      return eachMatrix(0..<batch, x, z) { multiplyNaively(a + $0, b + $1, into: $2) }
    }
    // If a batch has fewer matrices than threads, each product is split instead.
    let grain = batch < Parallel.threads ? batch : max(1, Tuning.leastMultiplications / (m &* n &* k))
    Counters.countBLASCalls(batch)
    Parallel.split(batch, grain: grain) { range in
      eachMatrix(range, x, z) {
        BLAS.multiply(
          leftOfBLAS.moved(by: $0), rightOfBLAS.moved(by: $1), into: $2, m: m, n: n, k: k, adds: adds,
          of: element)
      }
    }
  }

  private func multiplyNaively(
    _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer, into c: UnsafeMutableRawPointer
  ) {
    NaiveBLAS.multiply(
      a, left.rowStride, left.columnStride, b, right.rowStride, right.columnStride, into: c, m: m, n: n, k: k,
      adds: adds, of: element)
  }

  /// Calls `body` for some matrices of the batch, with the offsets in bytes of the operands, and the address of
  /// the result.
  private func eachMatrix(
    _ numbers: Range<Int>, _ x: Layout, _ z: Layout, _ body: (Int, Int, UnsafeMutableRawPointer) -> Void
  ) {
    let size = element.size
    for i in numbers {
      var rest = i, atA = 0, atB = 0
      var axis = x.rank - 3
      while axis >= 0 {
        let step = rest % x.shape.extents[axis]
        atA += step * x.strides[axis]
        atB += step * z.strides[axis]
        rest /= x.shape.extents[axis]
        axis -= 1
      }
      body(atA * size, atB * size, y + i * m * n * size)
    }
  }
}
