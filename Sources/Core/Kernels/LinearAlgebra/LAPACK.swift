import CKernels
import CLAPACKE
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

// LAPACK on batches of matrices, which are the last two axes. Each matrix is computed on one thread, and
// several matrices at a time. LAPACK reads memory by columns, so it sees a row-major matrix as its transpose.
// No copy is needed if the transpose serves as well.

/// A matrix that LAPACK refused: its index in the batch, and LAPACK's result code (for a factorisation the
/// number of the pivot, from 1).
struct Refusal: Sendable {
  let matrix: Int, info: Int
}

/// The part of a matrix that an operation reads.
enum MatrixPart {
  case whole
  case lower(withDiagonal: Bool = true)
  case upper(withDiagonal: Bool = true)

  func contains(row: Int, column: Int) -> Bool {
    switch self {
    case .whole: true
    case .lower(let withDiagonal): withDiagonal ? column <= row : column < row
    case .upper(let withDiagonal): withDiagonal ? column >= row : column > row
    }
  }
}

enum LAPACK {
  /// The largest size that LAPACK accepts: it counts in 32 bits.
  static let largestSize = Int(Int32.max)
  /// The largest number of rows for which Martlet's own loops are faster.
  static let smallSize = Int(MT_SMALL)
  /// The result code for a matrix whose workspace LAPACK cannot count.
  static let tooLarge = Int.min
  /// The result code for a call without memory for its workspace, an error that was already reported.
  static let noMemory = Int.min + 1

  enum Routine: Hashable {
    case inverse, qr, orthogonal, general, schur
    case singularValues(job: UInt8)
    case symmetric(vectors: Bool)
    case leastSquares(columns: Int)
  }

  private struct Shape: Hashable {
    let routine: Routine, m: Int, n: Int, isWide: Bool
  }

  private static let sizes = Guarded<[Shape: Int]>([:], .workspaces)

  /// Returns the number of workspace elements that a routine needs for an m × n matrix. `ask` is called once
  /// for each shape, with a place for the answer.
  static func workspace<Element: DifferentiableScalar>(
    _ routine: Routine, _ m: Int, _ n: Int, of: Element.Type, _ ask: (UnsafeMutableRawPointer) -> Int32
  ) -> Int {
    let shape = Shape(routine: routine, m: m, n: n, isWide: Element.self == Double.self)
    if let known = sizes.withLock({ $0[shape] }) { return known }
    var answer = Element(0)
    let info = withUnsafeMutableBytes(of: &answer) { ask($0.baseAddress!) }
    // An answer of type Float may be rounded down.
    let size = info == 0 ? Int((answer.doubleValue * 1.000001).rounded(.up)) : largestSize + 1
    sizes.withLock { $0[shape] = size }
    return size
  }

  /// Calls `body` for each matrix of a batch with a workspace of its own, on several threads if all matrices
  /// together take enough multiplications. Returns the first matrix that was refused, or nil.
  static func each<Element: DifferentiableScalar>(
    _ count: Int, multiplications: Int, work: Int = 0, integers: Int = 0, of: Element.Type,
    _ body: (Int, UnsafeMutableRawPointer, UnsafeMutablePointer<Int32>) -> Int32
  ) -> Refusal? {
    guard BLAS.isReady else { return nil }
    let refusals = Mutex<Refusal?>(nil)
    // A call takes about as long as 2,000 multiplications.
    let grain = max(1, Parallel.leastMultiplications / 4 / (multiplications + 2000))
    let bytes = work * MemoryLayout<Element>.stride
    let scratch = bytes + integers * MemoryLayout<Int32>.stride
    let failure = Parallel.split(count, grain: grain, scratch: scratch) { range, memory in
      let numbers = (memory + bytes).assumingMemoryBound(to: Int32.self)
      for i in range {
        let info = body(i, memory, numbers)
        if info == 0 { continue }
        refusals.withLock { first in
          if first == nil || i < first!.matrix { first = Refusal(matrix: i, info: Int(info)) }
        }
        return
      }
    }
    return failure == nil ? refusals.withLock { $0 } : Refusal(matrix: 0, info: noMemory)
  }
}

/// The factors P L U of square matrices, in LAPACK's format.
struct LUFactors<Element: DifferentiableScalar> {
  fileprivate let factors: Tensor<Element>
  fileprivate let pivots: Tensor<Int32>
  /// True if they are the factors of the transposes.
  fileprivate let isTransposed: Bool

  /// The determinants, their signs and the logarithms of their magnitudes. The product is stored as a
  /// fraction and an exponent: it overflows only if the determinant does.
  var determinants: (value: Tensor<Element>, sign: Tensor<Element>, logMagnitude: Tensor<Element>) {
    if factors.isFailed { return (factors, factors, factors) }
    let n = factors.matrixColumns, shape = factors.batched()
    let value = Tensor<Element>(uninitialized: shape), sign = Tensor<Element>(uninitialized: shape)
    let logs = Tensor<Element>(uninitialized: shape)
    if let failed = [value, sign, logs].first(where: { $0.isFailed }) { return (failed, failed, failed) }
    let from = factors.address.assumingMemoryBound(to: Element.self)
    let swaps = pivots.address.assumingMemoryBound(to: Int32.self)
    let values = value.address.assumingMemoryBound(to: Element.self)
    let signs = sign.address.assumingMemoryBound(to: Element.self)
    let magnitudes = logs.address.assumingMemoryBound(to: Element.self)
    for matrix in 0..<value.layout.count {
      var fraction = 1.0, exponent = 0
      for i in 0..<n {
        let pivot = from[(matrix * n + i) * n + i].doubleValue
        if swaps[matrix * n + i] != Int32(i + 1) { fraction = -fraction }
        if pivot == 0 {
          fraction = 0
          break
        }
        fraction *= pivot < 0 ? -pivot.significand : pivot.significand
        exponent += Int(pivot.exponent)
        if fraction.magnitude >= 2 {
          fraction /= 2
          exponent += 1
        }
      }
      values[matrix] = Element(scalbn(fraction, exponent))
      signs[matrix] = fraction == 0 ? 0 : fraction < 0 ? -1 : 1
      magnitudes[matrix] = Element(log(abs(fraction)) + Double(exponent) * log(2.0))
    }
    return (value, sign, logs)
  }

  /// True if a matrix has a pivot that is 0 within rounding, relative to the largest pivot.
  var isSingular: Bool {
    if factors.isFailed { return false }
    let n = factors.matrixColumns, from = factors.address.assumingMemoryBound(to: Element.self)
    return (0..<factors.matrixCount).contains { matrix in
      let pivots = (0..<n).lazy.map { from[(matrix * n + $0) * n + $0].magnitude }
      guard let least = pivots.min(), let most = pivots.max() else { return false }
      return !(least > most * (Element(n) * Element.ulpOfOne))
    }
  }

  /// Solves A X = B, or Aᵀ X = B. There are the factors of one matrix, or of one for each matrix of B.
  func solve(_ b: Tensor<Element>, transposed: Bool = false) -> Tensor<Element> {
    if factors.isFailed || b.isFailed { return factors.isFailed ? factors : b }
    let lu = factors.address, swaps = pivots.address.assumingMemoryBound(to: Int32.self)
    let small = Element.kernels.loops.pointee.small.solve!, isTurned = transposed != isTransposed
    return factors.eachSystem(b) { matrix, n, from, x, columns, row in
      let lu = lu + matrix * n * n * MemoryLayout<Element>.stride, swaps = swaps + matrix * n
      if n <= LAPACK.smallSize { return small(lu, swaps, from, x, n, columns, row, isTurned ? 1 : 0) }
      // In row-major order these are the factors of the transpose: Uᵀ below, and Lᵀ with a unit diagonal
      // above.
      func solve(upper: Bool) {
        BLAS.solveTriangle(
          lu, upper: upper, transposed: !isTurned, unitDiagonal: upper, x, n: n, columns: columns, row: row,
          of: Element.self)
      }
      func swap(_ k: Int) {
        let other = Int(swaps[k]) - 1, x = x.assumingMemoryBound(to: Element.self)
        if other == k { return }
        for j in 0..<columns { (x[k * row + j], x[other * row + j]) = (x[other * row + j], x[k * row + j]) }
      }
      if isTurned {
        solve(upper: false)
        solve(upper: true)
        for k in (0..<n).reversed() { swap(k) }
      } else {
        for k in 0..<n { swap(k) }
        solve(upper: true)
        solve(upper: false)
      }
    }
  }

  /// The inverses.
  var inverse: Tensor<Element> {
    if factors.isFailed { return factors }
    let n = factors.matrixColumns
    if n <= LAPACK.smallSize {
      let unit = Tensor<Element>.zeroed(factors.layout.shape)
      if unit.isFailed { return unit }
      let diagonal = unit.diagonalView, one = Tensor<Element>(single: 1)
      diagonal.overwrite(with: one.viewed(one.layout.broadcast(to: diagonal.layout.shape)!))
      return solve(unit)
    }
    let result = factors.copied()
    if result.isFailed { return result }
    let a = result.address, swaps = pivots.address.assumingMemoryBound(to: Int32.self)
    let wide = Element.isWide, stride = MemoryLayout<Element>.stride
    let size = LAPACK.workspace(.inverse, n, n, of: Element.self) {
      mt_getri(wide, Int32(n), a, swaps, $0, -1)
    }
    let refusal = LAPACK.each(
      factors.matrixCount, multiplications: n * n * n, work: size, of: Element.self
    ) { i, work, _ in
      mt_getri(wide, Int32(n), a + i * n * n * stride, swaps + i * n, work, Int32(size))
    }
    if refusal?.info == LAPACK.noMemory { return .failed(by: Failure.current) }
    return isTransposed ? result : result.turned
  }
}

extension LAPACK {
  static func flag(_ isTransposed: Bool) -> CChar {
    CChar(isTransposed ? UInt8(ascii: "T") : UInt8(ascii: "N"))
  }
  static func triangle(upper: Bool) -> CChar { CChar(upper ? UInt8(ascii: "U") : UInt8(ascii: "L")) }
}

extension DifferentiableScalar {
  static var isWide: Int32 { self == Double.self ? 1 : 0 }
}

extension Tensor {
  var matrixRows: Int { layout.shape.extents[layout.rank - 2] }
  var matrixColumns: Int { layout.shape.extents[layout.rank - 1] }
  /// The number of matrices on the last two axes.
  var matrixCount: Int {
    var count = 1
    for axis in 0..<layout.rank - 2 { count *= layout.shape.extents[axis] }
    return count
  }

  /// The transposes of the matrices: a view without history.
  var turned: Tensor {
    var order = Dimensions()
    for axis in 0..<layout.rank { order[axis] = axis }
    (order[layout.rank - 2], order[layout.rank - 1]) = (layout.rank - 1, layout.rank - 2)
    return viewed(layout.permuted(order))
  }

  /// Returns the shape of the batch of these matrices, followed by other axes.
  func batched(_ extents: Int...) -> TensorShape {
    var shape = layout.shape
    shape.remove(at: shape.rank - 1)
    shape.remove(at: shape.rank - 1)
    for extent in extents { shape.append(extent) }
    return shape
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Returns the row-major index of the first NaN or infinite element in a part of the matrices; nil if there
  /// is none.
  func firstNotFinite(in part: MatrixPart) -> Int? {
    if layout.count == 0 { return nil }
    let all = AxisSet.all(layout.rank)
    let least = reduced(.minimum, all, keepDims: false, to: Element.self).firstScalar
    let most = reduced(.maximum, all, keepDims: false, to: Element.self).firstScalar
    if least.isFinite, most.isFinite { return nil }
    let scalars = readScalars, columns = matrixColumns, size = matrixRows * columns
    return scalars.indices.first {
      !scalars[$0].isFinite && part.contains(row: $0 % size / columns, column: $0 % columns)
    }
  }

  /// Computes the factors P L U of square matrices.
  func factoredLU() -> (factors: LUFactors<Element>, refusal: Refusal?) {
    let lies = isColumnMajor, matrices = lies ? turned.copied() : copied(), n = matrixRows
    let pivots = Tensor<Int32>(uninitialized: batched(n))
    let factors = LUFactors(
      factors: pivots.failure.map { .failed(by: $0) } ?? matrices, pivots: pivots, isTransposed: !lies)
    if factors.factors.isFailed || layout.count == 0 { return (factors, nil) }
    let a = matrices.address, swaps = pivots.address.assumingMemoryBound(to: Int32.self)
    let wide = Element.isWide, stride = MemoryLayout<Element>.stride
    let small = n <= LAPACK.smallSize ? Element.kernels.loops.pointee.small.lu : nil
    let refusal = LAPACK.each(matrixCount, multiplications: n * n * n / 3, of: Element.self) { i, _, _ in
      let matrix = a + i * n * n * stride, swaps = swaps + i * n
      return small?(matrix, swaps, n) ?? mt_getrf(wide, Int32(n), Int32(n), matrix, swaps)
    }
    return (factors, refusal)
  }

  /// Computes L and U of [m, n] matrices, where L has min(m, n) columns, and the source row of each row of P
  /// L.
  func factoredRectangularLU() -> (order: Tensor<Int>, l: Tensor, u: Tensor) {
    let m = matrixRows, n = matrixColumns, k = Swift.min(m, n)
    let columns = turned.copied()
    let order = Tensor<Int>(uninitialized: batched(m))
    let l = Tensor.zeroed(batched(k, m)), u = Tensor.zeroed(batched(n, k))
    if let failure = columns.failure ?? order.failure ?? l.failure ?? u.failure {
      return (.failed(by: failure), .failed(by: failure), .failed(by: failure))
    }
    let a = columns.address, rows = order.address.assumingMemoryBound(to: Int.self)
    let lower = l.address.assumingMemoryBound(to: Element.self)
    let upper = u.address.assumingMemoryBound(to: Element.self)
    let wide = Element.isWide
    let refusal = LAPACK.each(
      matrixCount, multiplications: m * n * k / 3, integers: k, of: Element.self
    ) { i, _, swaps in
      let matrix = (a + i * m * n * MemoryLayout<Element>.stride).assumingMemoryBound(to: Element.self)
      // The factors are correct even if a pivot is zero.
      if m > 0, n > 0 { _ = mt_getrf(wide, Int32(m), Int32(n), matrix, swaps) }
      let rows = rows + i * m, lower = lower + i * m * k, upper = upper + i * k * n
      for row in 0..<m { rows[row] = row }
      for row in 0..<k {
        let other = Int(swaps[row]) - 1
        (rows[row], rows[other]) = (rows[other], rows[row])
      }
      for column in 0..<k {
        lower[column * m + column] = 1
        for row in column + 1..<Swift.max(m, column + 1) {
          lower[column * m + row] = matrix[column * m + row]
        }
      }
      for column in 0..<n {
        for row in 0..<Swift.min(column + 1, k) { upper[column * k + row] = matrix[column * m + row] }
      }
      return 0
    }
    if refusal != nil {
      return (
        .failed(by: Failure.current), .failed(by: Failure.current), .failed(by: Failure.current)
      )
    }
    return (order, l.turned, u.turned)
  }

  /// Returns an estimate of the reciprocal condition number in the 1-norm of one matrix of the batch; 0 for a
  /// singular matrix.
  func reciprocalCondition(of matrix: Int) -> Double {
    let n = matrixRows
    let one = reshapedView([matrixCount, n, n]).view(of: matrix).copied()
    let norm = one.absoluteColumnSums
    let (factors, refusal) = one.factoredLU()
    if refusal != nil || one.isFailed { return 0 }
    var result = 0.0
    _ = LAPACK.each(1, multiplications: 1, work: 4 * n, integers: n, of: Element.self) { _, work, integers in
      result = mt_gecon(Element.isWide, Int32(n), factors.factors.address, norm, work, integers)
      return 0
    }
    return result
  }

  /// The 1-norm of the transpose of a contiguous matrix, because LAPACK reads the transpose.
  private var absoluteColumnSums: Double {
    let numbers = address.assumingMemoryBound(to: Element.self), n = matrixRows
    return (0..<n).map { row in
      (0..<n).reduce(0) { $0 + numbers[row * n + $1].magnitude.doubleValue }
    }.max() ?? 0
  }
}
