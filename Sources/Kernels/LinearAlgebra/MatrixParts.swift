/// Changes of parts of matrices, row by row.
package enum MatrixParts {
  /// Sets the elements below (`upper`) or above a diagonal to zero. Diagonal 0 is the main one, 1 the one
  /// above it.
  package static func keepTriangle(of matrices: Operand, upper: Bool, diagonal: Int) {
    if matrices.count == 0 { return }
    let m = matrices.matrixRows, n = matrices.matrixColumns, size = matrices.size
    let diagonal = min(max(diagonal, -m - 1), n)
    for row in 0..<matrices.matrixCount * m {
      let edge = min(max(row % m + diagonal + (upper ? 0 : 1), 0), n)
      let (start, count) = upper ? (0, edge) : (edge, n - edge)
      matrices.at(row * n + start).initializeMemory(as: UInt8.self, repeating: 0, count: count * size)
    }
  }
}
