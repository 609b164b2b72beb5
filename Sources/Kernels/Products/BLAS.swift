import COpenBLAS
import CRuntime
import Synchronization

/// A matrix in BLAS's terms: its address, a flag for a transposed matrix, and its leading dimension.
@usableFromInline
package struct BLASOperand {
  @usableFromInline
  var pointer: UnsafeMutableRawPointer
  @usableFromInline
  package let isTransposed: Bool
  /// The number of elements from one row to the next, or from one column to the next if it is transposed.
  @usableFromInline
  let leading: Int

  /// Creates an operand without a copy, or returns nil if BLAS cannot read the matrix in place. One stride
  /// must be 1 (or that extent 1), and the other at least the extent along the unit stride. BLAS would refuse
  /// other strides and leave its result unwritten.
  @inlinable @inline(__always)
  package init?(_ pointer: UnsafeMutableRawPointer, _ axes: MatrixAxes) {
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

  /// Returns the operand that starts at a row or a column, for elements of `size` bytes.
  func row(_ i: Int, _ size: Int) -> BLASOperand { moved(by: i * size * (isTransposed ? 1 : leading)) }
  func column(_ j: Int, _ size: Int) -> BLASOperand { moved(by: j * size * (isTransposed ? leading : 1)) }
}

@usableFromInline
package enum BLAS {
  /// The largest size that BLAS accepts: it counts in 32 bits.
  @inlinable
  package static var largestSize: Int { Int(Int32.max) }

  /// Must be read before the first call of OpenBLAS or LAPACK. Ends the program if the system refuses
  /// OpenBLAS's buffers, because OpenBLAS would wait for them for ever.
  static let isReady: Bool = {
    let wanted = Parallel.setting.load(ordering: .relaxed)
    let granted = martlet_reserve_buffers(wanted)
    if granted == wanted { return true }
    fatalError(
      """
      matrix product: the system granted \(granted) of the \(wanted) buffers, each \(MT_BUFFER_BYTES >> 20) MB of \
      addresses, that OpenBLAS needs, one for each thread; raise the limit of addresses (ulimit -v), or lower \
      OPENBLAS_NUM_THREADS
      """)
  }()

  /// Computes C = A · B for [m, k] × [k, n], or adds the product to C, with C in row-major order.
  static func multiply(
    _ a: BLASOperand, _ b: BLASOperand, into c: UnsafeMutableRawPointer, m: Int, n: Int, k: Int, adds: Bool,
    of element: ElementType
  ) {
    if Parallel.isSerial || m &* n &* k < Tuning.leastMultiplications {
      multiplyAlone(a, b, into: c, row: n, m: m, n: n, k: k, adds: adds, of: element)
    } else {
      multiplyInPieces(a, b, into: c, m: m, n: n, k: k, adds: adds, of: element)
    }
  }

  /// Splits the longer side of C, so that the smaller of A and B is packed more than once.
  private static func multiplyInPieces(
    _ a: BLASOperand, _ b: BLASOperand, into c: UnsafeMutableRawPointer, m: Int, n: Int, k: Int, adds: Bool,
    of element: ElementType
  ) {
    let side = max(m, n), tile = Tuning.productTile, tiles = (side + tile - 1) / tile, size = element.size
    Parallel.split(tiles, grain: 1) { range in
      let start = range.lowerBound * tile, count = min(range.upperBound * tile, side) - start
      if m >= n {
        multiplyAlone(
          a.row(start, size), b, into: c + start * n * size, row: n, m: count, n: n, k: k, adds: adds,
          of: element)
      } else {
        multiplyAlone(
          a, b.column(start, size), into: c + start * size, row: n, m: m, n: count, k: k, adds: adds,
          of: element)
      }
    }
  }

  /// Computes the product on the calling thread. The rows of C are `row` elements apart.
  static func multiplyAlone(
    _ a: BLASOperand, _ b: BLASOperand, into c: UnsafeMutableRawPointer, row: Int, m: Int, n: Int, k: Int,
    adds: Bool, of element: ElementType
  ) {
    guard isReady else { return }
    if m == 1, n == 1, element == .f32 || element == .f64 {
      return multiplyVectors(a, b, into: c, k: k, adds: adds, of: element)
    }
    let flagA = a.isTransposed ? CblasTrans : CblasNoTrans, flagB = b.isTransposed ? CblasTrans : CblasNoTrans
    let (m, n, k, row) = (Int32(m), Int32(n), Int32(k), Int32(row))
    let (lda, ldb) = (Int32(a.leading), Int32(b.leading))
    switch element {
    case .f32:
      cblas_sgemm(
        CblasRowMajor, flagA, flagB, m, n, k, 1, a.pointer.assumingMemoryBound(to: Float.self), lda,
        b.pointer.assumingMemoryBound(to: Float.self), ldb, adds ? 1 : 0,
        c.assumingMemoryBound(to: Float.self), row)
    case .c64:
      withUnsafePointer(to: Complex<Float>(1)) { one in
        withUnsafePointer(to: Complex<Float>(adds ? 1 : 0)) { kept in
          cblas_cgemm(
            CblasRowMajor, flagA, flagB, m, n, k, one, a.pointer, lda, b.pointer, ldb, kept, c, row)
        }
      }
    case .c128:
      withUnsafePointer(to: Complex<Double>(1)) { one in
        withUnsafePointer(to: Complex<Double>(adds ? 1 : 0)) { kept in
          cblas_zgemm(
            CblasRowMajor, flagA, flagB, m, n, k, one, a.pointer, lda, b.pointer, ldb, kept, c, row)
        }
      }
    default:
      cblas_dgemm(
        CblasRowMajor, flagA, flagB, m, n, k, 1, a.pointer.assumingMemoryBound(to: Double.self), lda,
        b.pointer.assumingMemoryBound(to: Double.self), ldb, adds ? 1 : 0,
        c.assumingMemoryBound(to: Double.self), row)
    }
  }

  /// Computes the product of a row and a column, for which a matrix product takes nine times as long.
  private static func multiplyVectors(
    _ a: BLASOperand, _ b: BLASOperand, into c: UnsafeMutableRawPointer, k: Int, adds: Bool,
    of element: ElementType
  ) {
    let (k, stepA, stepB) = (
      Int32(k), Int32(a.isTransposed ? a.leading : 1), Int32(b.isTransposed ? 1 : b.leading)
    )
    func store<Element: BinaryFloatingPoint>(_ product: Element) {
      let c = c.assumingMemoryBound(to: Element.self)
      c.pointee = adds ? c.pointee + product : product
    }
    if element == .f32 {
      store(
        cblas_sdot(
          k, a.pointer.assumingMemoryBound(to: Float.self), stepA,
          b.pointer.assumingMemoryBound(to: Float.self), stepB))
    } else {
      store(
        cblas_ddot(
          k, a.pointer.assumingMemoryBound(to: Double.self), stepA,
          b.pointer.assumingMemoryBound(to: Double.self), stepB))
    }
  }

  /// Solves T X = B, or Tᵀ X = B, in B's memory. T is one triangle of a matrix in row-major order. The rows
  /// of X are `row` elements apart.
  static func solveTriangle(
    _ matrix: UnsafeMutableRawPointer, upper: Bool, transposed: Bool, unitDiagonal: Bool,
    _ x: UnsafeMutableRawPointer, n: Int, columns: Int, row: Int, of element: ElementType
  ) {
    guard isReady else { return }
    let triangle = upper ? CblasUpper : CblasLower, flag = transposed ? CblasTrans : CblasNoTrans
    let diagonal = unitDiagonal ? CblasUnit : CblasNonUnit,
      (n, columns, row) = (Int32(n), Int32(columns), Int32(row))
    switch element {
    case .f32:
      cblas_strsm(
        CblasRowMajor, CblasLeft, triangle, flag, diagonal, n, columns, 1,
        matrix.assumingMemoryBound(to: Float.self), n, x.assumingMemoryBound(to: Float.self), row)
    case .c64:
      withUnsafePointer(to: Complex<Float>(1)) { one in
        cblas_ctrsm(
          CblasRowMajor, CblasLeft, triangle, flag, diagonal, n, columns, one, matrix, n, x, row)
      }
    case .c128:
      withUnsafePointer(to: Complex<Double>(1)) { one in
        cblas_ztrsm(
          CblasRowMajor, CblasLeft, triangle, flag, diagonal, n, columns, one, matrix, n, x, row)
      }
    default:
      cblas_dtrsm(
        CblasRowMajor, CblasLeft, triangle, flag, diagonal, n, columns, 1,
        matrix.assumingMemoryBound(to: Double.self), n, x.assumingMemoryBound(to: Double.self), row)
    }
  }
}
