import COpenBLAS
import CRuntime

/// A matrix in BLAS's terms: its address, a flag for a transposed matrix, and its leading dimension.
struct BLASOperand {
  private(set) var pointer: UnsafeMutableRawPointer
  let isTransposed: Bool
  let leading: Int

  /// Creates an operand without a copy, or returns nil if BLAS cannot read the matrix in place. One stride
  /// must be 1 (or that extent 1), and the other at least the extent along the unit stride. BLAS would refuse
  /// other strides and leave its result unwritten.
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

  /// Creates an operand whose rows, or columns if it is transposed, are `leading` elements apart.
  init(_ pointer: UnsafeMutableRawPointer, leading: Int, isTransposed: Bool = false) {
    self.pointer = pointer
    self.isTransposed = isTransposed
    self.leading = leading
  }

  /// Returns an operand of the same layout at another address.
  func moved(by bytes: Int) -> BLASOperand {
    var operand = self
    operand.pointer += bytes
    return operand
  }

  /// Returns the operand that starts at a row or a column, for elements of `stride` bytes.
  func row(_ i: Int, _ stride: Int) -> BLASOperand { moved(by: i * stride * (isTransposed ? 1 : leading)) }
  func column(_ j: Int, _ stride: Int) -> BLASOperand { moved(by: j * stride * (isTransposed ? leading : 1)) }
}

enum BLAS {
  /// The largest size that BLAS accepts: it counts in 32 bits.
  static let largestSize = Int(Int32.max)
  /// The number of rows or columns that a BLAS kernel computes at once. Pieces of a product start at a
  /// multiple of it.
  private static let tile = 16

  /// Must be read before the first call of OpenBLAS or LAPACK. Ends the program if the system refuses
  /// OpenBLAS's buffers, because OpenBLAS would wait for them for ever.
  static let isReady: Bool = {
    let wanted = Threads.count
    let granted = martlet_reserve_buffers(wanted)
    if granted == wanted { return true }
    fatalError(
      """
      matrix product: the system granted \(granted) of the \(wanted) buffers, each \(MT_BUFFER_BYTES >> 20) MB of \
      addresses, that OpenBLAS needs, one for each thread; raise the limit of addresses (ulimit -v), or lower \
      OPENBLAS_NUM_THREADS
      """)
  }()

  /// Computes C = A · B + β C for [m, k] × [k, n], with C in row-major order.
  @inline(__always)
  static func multiply<Element: TensorScalar>(
    _ a: BLASOperand, _ b: BLASOperand, into c: UnsafeMutableRawPointer, m: Int, n: Int, k: Int, beta: Element
  ) {
    if Parallel.isSerial || m &* n &* k < Parallel.leastMultiplications {
      multiplyAlone(a, b, into: c, row: n, m: m, n: n, k: k, beta: beta)
    } else {
      multiplyInPieces(a, b, into: c, m: m, n: n, k: k, beta: beta)
    }
  }

  /// Splits the longer side of C, so that the smaller of A and B is packed more than once.
  private static func multiplyInPieces<Element: TensorScalar>(
    _ a: BLASOperand, _ b: BLASOperand, into c: UnsafeMutableRawPointer, m: Int, n: Int, k: Int, beta: Element
  ) {
    let side = max(m, n), tiles = (side + tile - 1) / tile, stride = MemoryLayout<Element>.stride
    Parallel.split(tiles, grain: 1) { range in
      let start = range.lowerBound * tile, count = min(range.upperBound * tile, side) - start
      if m >= n {
        multiplyAlone(
          a.row(start, stride), b, into: c + start * n * stride, row: n, m: count, n: n, k: k, beta: beta)
      } else {
        multiplyAlone(
          a, b.column(start, stride), into: c + start * stride, row: n, m: m, n: count, k: k, beta: beta)
      }
    }
  }

  /// Computes the product on the calling thread. The rows of C are `row` elements apart.
  @inline(__always)
  static func multiplyAlone<Element: TensorScalar>(
    _ a: BLASOperand, _ b: BLASOperand, into c: UnsafeMutableRawPointer, row: Int, m: Int, n: Int, k: Int,
    beta: Element
  ) {
    guard isReady else { return }
    let flagA = a.isTransposed ? CblasTrans : CblasNoTrans, flagB = b.isTransposed ? CblasTrans : CblasNoTrans
    let (m, n, k, row) = (Int32(m), Int32(n), Int32(k), Int32(row))
    let (lda, ldb) = (Int32(a.leading), Int32(b.leading))
    if Element.self == Float.self {
      cblas_sgemm(
        CblasRowMajor, flagA, flagB, m, n, k, 1, a.pointer.assumingMemoryBound(to: Float.self), lda,
        b.pointer.assumingMemoryBound(to: Float.self), ldb, beta as! Float,
        c.assumingMemoryBound(to: Float.self), row)
    } else {
      cblas_dgemm(
        CblasRowMajor, flagA, flagB, m, n, k, 1, a.pointer.assumingMemoryBound(to: Double.self), lda,
        b.pointer.assumingMemoryBound(to: Double.self), ldb, beta as! Double,
        c.assumingMemoryBound(to: Double.self), row)
    }
  }

  /// Solves T X = B, or Tᵀ X = B, in B's memory. T is one triangle of a matrix in row-major order. The rows
  /// of X are `row` elements apart.
  static func solveTriangle<Element: TensorScalar>(
    _ matrix: UnsafeMutableRawPointer, upper: Bool, transposed: Bool, unitDiagonal: Bool,
    _ x: UnsafeMutableRawPointer, n: Int, columns: Int, row: Int, of: Element.Type
  ) {
    guard isReady else { return }
    let triangle = upper ? CblasUpper : CblasLower, flag = transposed ? CblasTrans : CblasNoTrans
    let diagonal = unitDiagonal ? CblasUnit : CblasNonUnit,
      (n, columns, row) = (Int32(n), Int32(columns), Int32(row))
    if Element.self == Float.self {
      cblas_strsm(
        CblasRowMajor, CblasLeft, triangle, flag, diagonal, n, columns, 1,
        matrix.assumingMemoryBound(to: Float.self),
        n, x.assumingMemoryBound(to: Float.self), row)
    } else {
      cblas_dtrsm(
        CblasRowMajor, CblasLeft, triangle, flag, diagonal, n, columns, 1,
        matrix.assumingMemoryBound(to: Double.self),
        n, x.assumingMemoryBound(to: Double.self), row)
    }
  }
}
