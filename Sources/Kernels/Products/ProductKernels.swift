// Matrix products of operands, by BLAS or by plain loops.

/// The extents and strides of a matrix.
package struct MatrixAxes {
  package let rows: Int, columns: Int, rowStride: Int, columnStride: Int
}

extension MatrixAxes {
  /// Creates the axes from the last two axes of a layout, exchanged if `isTransposed` is true.
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

/// A matrix product `[…, m, k] × […, k, n] → […, m, n]` of operands with equal leading axes. Either may be read
/// as its transpose. The result is in row-major order.
package struct MatrixProductKernel {
  let a: Operand, b: Operand, y: Operand
  let left: MatrixAxes, right: MatrixAxes
  /// The operands as BLAS reads them; nil if it cannot, or if plain loops are chosen.
  private let leftOfBLAS: BLASOperand?, rightOfBLAS: BLASOperand?
  private let isNaive = NaiveBLAS.isChosen
  /// True if the product is added to the result.
  let adds: Bool

  package init(
    _ a: Operand, transposed: Bool, _ b: Operand, otherTransposed: Bool, into y: Operand, adds: Bool
  ) {
    (self.a, self.b, self.y, self.adds) = (a, b, y, adds)
    left = MatrixAxes(a.layout, isTransposed: transposed)
    right = MatrixAxes(b.layout, isTransposed: otherTransposed)
    leftOfBLAS = isNaive ? nil : BLASOperand(a.address, left)
    rightOfBLAS = isNaive ? nil : BLASOperand(b.address, right)
  }

  private var m: Int { left.rows }
  private var n: Int { right.columns }
  private var k: Int { left.columns }

  /// True if the operands must be copied first: BLAS, if it is chosen, cannot read them in place.
  package var needsCopyOfA: Bool { !isNaive && leftOfBLAS == nil }
  package var needsCopyOfB: Bool { !isNaive && rightOfBLAS == nil }

  /// Computes the product. Operands that BLAS cannot read have been copied.
  package func run() {
    Counters.countMultiplyAdds(y.count &* k)
    if isNaive {
      eachMatrix(0..<y.count / (m * n)) { a, b, c in
        NaiveBLAS.multiply(
          a, left.rowStride, left.columnStride, b, right.rowStride, right.columnStride, into: c, m: m, n: n,
          k: k, adds: adds, of: y.element)
      }
      return
    }
    guard let left = leftOfBLAS, let right = rightOfBLAS else { return }
    if a.layout.rank == 2 {
      Counters.countBLASCalls(1)
      return BLAS.multiply(left, right, into: y.address, m: m, n: n, k: k, adds: adds, of: y.element)
    }
    let batch = y.count / (m * n)
    // If a batch has fewer matrices than threads, each product is split instead.
    let grain = batch < Parallel.threads ? batch : max(1, Tuning.leastMultiplications / (m &* n &* k))
    Counters.countBLASCalls(batch)
    Parallel.split(batch, grain: grain) { range in
      eachMatrix(range) { atA, atB, c in
        BLAS.multiply(
          left.moved(by: atA - a.address), right.moved(by: atB - b.address), into: c, m: m, n: n, k: k,
          adds: adds, of: y.element)
      }
    }
  }

  /// Calls `body` with the addresses of some matrices of the batch: of a, b and the result.
  private func eachMatrix(
    _ numbers: Range<Int>,
    _ body: (UnsafeMutableRawPointer, UnsafeMutableRawPointer, UnsafeMutableRawPointer) -> Void
  ) {
    for i in numbers {
      var rest = i, atA = 0, atB = 0
      var axis = a.layout.rank - 3
      while axis >= 0 {
        let step = rest % a.extent(axis)
        atA += step * a.layout.strides[axis]
        atB += step * b.layout.strides[axis]
        rest /= a.extent(axis)
        axis -= 1
      }
      body(a.at(atA), b.at(atB), y.at(i * m * n))
    }
  }
}
