/// Parts of matrices, row by row.
package enum MatrixParts {
  /// Copies the elements of `x` that lie above (`upper`) or below a diagonal or on it, and sets the other elements
  /// of `y` to zero. Neither has gaps, and they may be the same. Diagonal 0 is the main one, 1 the one above it.
  package static func copyTriangle(of x: Operand, into y: Operand, upper: Bool, diagonal: Int) {
    let m = x.matrixRows, n = x.matrixColumns, diagonal = min(max(diagonal, -m - 1), n)
    Parallel.split(rows: x.matrixCount * m, of: n) { rows in
      for row in rows {
        let edge = min(max(row % m + diagonal + (upper ? 0 : 1), 0), n)
        let kept = upper ? edge..<n : 0..<edge, zeros = upper ? 0..<edge : edge..<n
        if x.address != y.address {
          y.at(row * n + kept.lowerBound).copyMemory(
            from: x.at(row * n + kept.lowerBound), byteCount: kept.count * x.size)
        }
        y.at(row * n + zeros.lowerBound).initializeMemory(
          as: UInt8.self, repeating: 0, count: zeros.count * y.size)
      }
    }
  }
}
