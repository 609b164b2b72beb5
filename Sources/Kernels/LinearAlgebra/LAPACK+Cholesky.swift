import CKernels
import CLAPACKE

// Cholesky's factors, and solutions by triangles.

extension LAPACK {
  /// Replaces Hermitian matrices by L of A = L Lᴴ, which is computed from the lower triangle of A, or by U of
  /// A = Uᴴ U, computed from the upper one. The other triangle of the result is zero.
  package static func factorCholesky(_ matrices: Operand, upper: Bool) throws(OutOfMemory) -> Refusal? {
    if matrices.count == 0 { return nil }
    let n = matrices.matrixRows, size = matrices.size, type = matrices.element.lapack
    let small = isSmall(n, matrices.element) && !upper ? matrices.loops.pointee.small.cholesky : nil
    return try each(matrices.matrixCount, multiplications: n * n * n / 6, of: matrices.element) { i, _, _ in
      let matrix = matrices.at(i * n * n)
      let info = small?(matrix, n) ?? mt_potrf(type, triangle(upper: !upper), Int32(n), matrix)
      for row in 0..<n {
        let (start, count) = upper ? (0, row) : (row + 1, n - row - 1)
        (matrix + (row * n + start) * size).initializeMemory(
          as: UInt8.self, repeating: 0, count: count * size)
      }
      return info
    }
  }

  /// Solves T X = B or Tᵀ X = B, where T is one triangle of the matrices. There is one matrix, or one for
  /// each matrix of B. Unless ``isSmall(_:_:)`` X must lie in B's memory.
  package static func solveTriangle(
    _ matrices: Operand, upper: Bool, transposed: Bool, unitDiagonal: Bool, _ b: Operand, into x: Operand
  ) throws(OutOfMemory) {
    let small = isSmall(matrices.matrixRows, matrices.element) ? matrices.loops.pointee.small.triangle : nil
    try eachSystem(of: matrices, b, into: x) { system in
      let n = system.n, matrix = matrices.at(system.matrix * n * n)
      if let small {
        small(
          matrix, transposed ? 1 : n, transposed ? n : 1, upper != transposed ? 1 : 0, unitDiagonal ? 1 : 0,
          system.b, system.x, n, system.columns, system.row)
      } else {
        BLAS.solveTriangle(
          matrix, upper: upper, transposed: transposed, unitDiagonal: unitDiagonal, system.x, n: n,
          columns: system.columns, row: system.row, of: x.element)
      }
    }
  }
}
