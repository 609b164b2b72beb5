import CKernels
import Synchronization

// LAPACK on batches of matrices, which are the last two axes of contiguous operands. Each matrix is computed
// on one thread, and several matrices at a time. LAPACK reads memory by columns, so it sees a row-major
// matrix as its transpose. No copy is needed if the transpose serves as well.

/// A matrix that LAPACK refused: its index in the batch, and LAPACK's result code (for a factorisation the
/// number of the pivot, from 1).
package struct Refusal: Sendable {
  package let matrix: Int, info: Int

  package init(matrix: Int, info: Int) {
    self.matrix = matrix
    self.info = info
  }
}

package enum LAPACK {
  /// The largest size that LAPACK accepts: it counts in 32 bits.
  package static let largestSize = Int(Int32.max)
  /// The largest number of rows for which Martlet's own loops are faster than LAPACK.
  package static let smallSize = Int(MT_SMALL)

  /// True for a number of rows for which Martlet's own loops are used. They compute with real numbers.
  @inline(__always)
  package static func isSmall(_ rows: Int, _ element: ElementType) -> Bool {
    rows <= smallSize && !element.isComplex
  }

  /// The result code for a matrix whose workspace LAPACK cannot count.
  package static let tooLarge = Int.min

  enum Routine: Hashable {
    case inverse, qr, orthogonal, general, schur
    case singularValues(job: UInt8)
    case symmetric(vectors: Bool)
    case leastSquares(columns: Int)
  }

  private struct Shape: Hashable {
    let routine: Routine, m: Int, n: Int, element: ElementType
  }

  private static let sizes = Guarded<[Shape: Int]>([:], .workspaces)

  /// Returns the number of workspace elements that a routine needs for an m × n matrix. `ask` is called once
  /// for each shape, with a place for the answer. LAPACK may answer for a second workspace too: it has to have
  /// another place, else its number replaces this one.
  static func workspace(
    _ routine: Routine, _ m: Int, _ n: Int, of element: ElementType, _ ask: (UnsafeMutableRawPointer) -> Int32
  ) -> Int {
    let shape = Shape(routine: routine, m: m, n: n, element: element)
    if let known = sizes.withLock({ $0[shape] }) { return known }
    // The answer is an element, whose real part is the number.
    var place = Complex<Double>(0)
    let (info, answer) = withUnsafeMutableBytes(of: &place) { bytes in
      let info = ask(bytes.baseAddress!)
      return (info, element.part == .f64 ? bytes.load(as: Double.self) : Double(bytes.load(as: Float.self)))
    }
    // An answer of type Float may be rounded down.
    let size = info == 0 ? Int((answer * 1.000001).rounded(.up)) : largestSize + 1
    sizes.withLock { $0[shape] = size }
    return size
  }

  /// Calls `body` for each matrix of a batch with a workspace of its own, on several threads if all matrices
  /// together take enough multiplications. Returns the first matrix that was refused, or nil.
  static func each(
    _ count: Int, multiplications: Int, work: Int = 0, integers: Int = 0, of element: ElementType,
    _ body: (Int, UnsafeMutableRawPointer, UnsafeMutablePointer<Int32>) -> Int32
  ) throws(OutOfMemory) -> Refusal? {
    guard BLAS.isReady else { return nil }
    let refusals = Mutex<Refusal?>(nil)
    let grain = max(1, Tuning.leastFactorWork / (multiplications + Tuning.callWork))
    let bytes = work * element.size, scratch = bytes + integers * MemoryLayout<Int32>.stride
    try Parallel.split(count, grain: grain, scratch: scratch) { range, memory in
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
    return refusals.withLock { $0 }
  }
}

// The arguments of LAPACK's routines.
extension LAPACK {
  static func flag(_ isTransposed: Bool) -> CChar {
    CChar(isTransposed ? UInt8(ascii: "T") : UInt8(ascii: "N"))
  }
  static func triangle(upper: Bool) -> CChar { CChar(upper ? UInt8(ascii: "U") : UInt8(ascii: "L")) }
}

extension ElementType {
  /// The number of the element type in the LAPACK functions of CLAPACKE.
  var lapack: Int32 {
    switch self {
    case .f32: 0
    case .f64: 1
    case .c64: 2
    default: 3
    }
  }

  /// The number of elements with room for the `count` real numbers of a complex routine's second workspace.
  func room(forReals count: Int) -> Int { isComplex ? (count + 1) / 2 : 0 }
}

// Operands that hold matrices on their last two axes.
extension Operand {
  var matrixRows: Int { extent(layout.rank - 2) }
  var matrixColumns: Int { extent(layout.rank - 1) }
  /// The number of matrices.
  var matrixCount: Int {
    var count = 1
    for axis in 0..<layout.rank - 2 { count *= extent(axis) }
    return count
  }
}

// Systems of equations.
extension LAPACK {
  /// Some right-hand sides of a matrix: columns of B, and the same columns of X.
  struct System {
    /// The index of the matrix in its batch.
    let matrix: Int
    /// The number of rows.
    let n: Int
    /// The addresses of the first column. Unless LAPACK.isSmall(_:_:) they are the same.
    let b: UnsafeMutableRawPointer, x: UnsafeMutableRawPointer
    let columns: Int
    /// The number of elements from one row to the next.
    let row: Int
  }

  /// Solves systems with right-hand sides B [.., n, k] by `body`. `matrices` holds one matrix, or a matrix
  /// for each B. Unless ``isSmall(_:_:)`` X must lie in B's memory. The columns of a single system are split
  /// over threads; several systems run in parallel.
  static func eachSystem(
    of matrices: Operand, _ b: Operand, into x: Operand, _ body: (System) -> Void
  ) throws(OutOfMemory) {
    if x.count == 0 { return }
    let n = x.matrixRows, columns = x.matrixColumns, count = x.matrixCount
    if count == 1 {
      let grain = max(Tuning.leastRightHandSides, Tuning.leastMultiplications / (n * n))
      Parallel.split(columns, grain: grain) { range in
        let start = range.lowerBound
        body(System(matrix: 0, n: n, b: b.at(start), x: x.at(start), columns: range.count, row: columns))
      }
    } else {
      let step = matrices.count == n * n ? 0 : 1
      _ = try each(count, multiplications: n * n * columns, of: x.element) { i, _, _ in
        let start = i * n * columns
        body(System(matrix: i * step, n: n, b: b.at(start), x: x.at(start), columns: columns, row: columns))
        return 0
      }
    }
  }
}
