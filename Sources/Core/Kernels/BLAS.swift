import COpenBLAS

/// A matrix as BLAS takes it: memory, whether it lies transposed, and its leading dimension.
struct BLASOperand {
  private(set) var pointer: UnsafeMutableRawPointer
  let isTransposed: Bool
  let leading: Int

  /// The matrix on these axes, when it can go as it lies: one stride is 1 (or that
  /// extent is 1) and the other is at least the extent along the unit stride. BLAS refuses all else and leaves
  /// its result unwritten.
  init?(_ pointer: UnsafeMutableRawPointer, _ axes: MatrixAxes) {
    self.pointer = pointer
    let rows = axes.rows, columns = axes.columns
    if axes.columnStride == 1 || columns == 1, rows == 1 || axes.rowStride >= columns {
      isTransposed = false
      leading = rows == 1 ? max(columns, 1) : axes.rowStride
    } else if axes.rowStride == 1 || rows == 1, columns == 1 || axes.columnStride >= rows {
      isTransposed = true
      leading = columns == 1 ? max(rows, 1) : axes.columnStride
    } else {
      return nil
    }
    if leading > BLAS.largestSize { return nil }
  }

  /// A matrix of the same layout elsewhere.
  func moved(by bytes: Int) -> BLASOperand {
    var operand = self
    operand.pointer += bytes
    return operand
  }
}

enum BLAS {
  /// BLAS counts in 32 bits.
  static let largestSize = Int(Int32.max)

  /// C = A · B + β C for [m, k] × [k, n], C in row-major order.
  @inline(__always)
  static func multiply<Element: TensorScalar>(
    _ a: BLASOperand, _ b: BLASOperand, into c: UnsafeMutableRawPointer, m: Int, n: Int, k: Int, beta: Element
  ) {
    Parallel.prepareProduct(m &* n &* k)
    Counters.countBLASCall()
    let flagA = a.isTransposed ? CblasTrans : CblasNoTrans, flagB = b.isTransposed ? CblasTrans : CblasNoTrans
    let (m, n, k) = (Int32(m), Int32(n), Int32(k))
    let (lda, ldb) = (Int32(a.leading), Int32(b.leading))
    if Element.self == Float.self {
      cblas_sgemm(
        CblasRowMajor, flagA, flagB, m, n, k, 1, a.pointer.assumingMemoryBound(to: Float.self), lda,
        b.pointer.assumingMemoryBound(to: Float.self), ldb, beta as! Float,
        c.assumingMemoryBound(to: Float.self), n)
    } else {
      cblas_dgemm(
        CblasRowMajor, flagA, flagB, m, n, k, 1, a.pointer.assumingMemoryBound(to: Double.self), lda,
        b.pointer.assumingMemoryBound(to: Double.self), ldb, beta as! Double,
        c.assumingMemoryBound(to: Double.self), n)
    }
  }
}
