import CKernels
import CLAPACKE

// Cholesky's factors, and solutions by them and by triangles.

extension Tensor where Element: DifferentiableScalar {
  /// Computes L of A = L Lᵀ from the lower triangle of A, or U of A = Uᵀ U from the upper one. The other
  /// triangle of the result is zero.
  func factoredCholesky(upper: Bool) -> (factor: Tensor, refusal: Refusal?) {
    let result = copied(), n = matrixRows
    if result.isFailed || layout.count == 0 { return (result, nil) }
    let a = result.address, wide = Element.isWide, stride = MemoryLayout<Element>.stride
    let small = n <= LAPACK.smallSize && !upper ? Element.kernels.loops.pointee.small.cholesky : nil
    let refusal = LAPACK.each(matrixCount, multiplications: n * n * n / 6, of: Element.self) { i, _, _ in
      let matrix = a + i * n * n * stride
      let info = small?(matrix, n) ?? mt_potrf(wide, LAPACK.triangle(upper: !upper), Int32(n), matrix)
      for row in 0..<n {
        let (start, count) = upper ? (0, row) : (row + 1, n - row - 1)
        (matrix + (row * n + start) * stride).initializeMemory(
          as: UInt8.self, repeating: 0, count: count * stride)
      }
      return info
    }
    return (result, refusal)
  }

  /// Solves A X = B, where this tensor is the Cholesky factor L of A.
  func solvedByCholesky(_ b: Tensor) -> Tensor {
    let y = solvedByTriangle(b, upper: false, transposed: false, unitDiagonal: false)
    return solvedByTriangle(y, upper: false, transposed: true, unitDiagonal: false)
  }

  /// Solves T X = B or Tᵀ X = B, where T is one triangle of this tensor.
  func solvedByTriangle(_ b: Tensor, upper: Bool, transposed: Bool, unitDiagonal: Bool) -> Tensor {
    let lies = isColumnMajor && !layout.isContiguous, matrices = lies ? turned.contiguous() : contiguous()
    if matrices.isFailed { return matrices }
    // These flags describe the matrices in row-major order.
    let isUpper = upper != lies, isTurned = transposed != lies
    let a = matrices.address, small = Element.kernels.loops.pointee.small.triangle!
    return eachSystem(b) { matrix, n, from, x, columns, row in
      let triangle = a + matrix * n * n * MemoryLayout<Element>.stride
      if n <= LAPACK.smallSize {
        small(
          triangle, isTurned ? 1 : n, isTurned ? n : 1, isUpper != isTurned ? 1 : 0, unitDiagonal ? 1 : 0,
          from, x,
          n, columns, row)
      } else {
        BLAS.solveTriangle(
          triangle, upper: isUpper, transposed: isTurned, unitDiagonal: unitDiagonal, x, n: n,
          columns: columns,
          row: row, of: Element.self)
      }
    }
  }

  /// Solves systems with right-hand sides B [.., n, k] by `body`. This tensor is one matrix, or a matrix for
  /// each right-hand side. `body` receives the index of a matrix, n, the address of some columns of B, the
  /// address for X, the number of columns, and the number of elements from row to row. For matrices above
  /// `LAPACK.smallSize` both addresses are the same. The columns of a single system are split over threads;
  /// several systems run in parallel.
  func eachSystem(
    _ b: Tensor, _ body: (Int, Int, UnsafeMutableRawPointer, UnsafeMutableRawPointer, Int, Int) -> Void
  ) -> Tensor {
    let n = b.matrixRows, columns = b.matrixColumns, stride = MemoryLayout<Element>.stride
    let isInPlace = n > LAPACK.smallSize, right = isInPlace ? b.copied() : b.contiguous()
    let x = isInPlace || right.isFailed ? right : Tensor(uninitialized: b.layout.shape)
    if x.isFailed || x.layout.count == 0 { return x }
    let from = right.address, to = x.address, step = layout.count == n * n ? 0 : 1
    if b.matrixCount == 1 {
      Parallel.split(columns, grain: Swift.max(16, Parallel.leastMultiplications / (n * n))) { range in
        let start = range.lowerBound * stride
        body(0, n, from + start, to + start, range.count, columns)
      }
    } else {
      _ = LAPACK.each(b.matrixCount, multiplications: n * n * columns, of: Element.self) { i, _, _ in
        let start = i * n * columns * stride
        body(i * step, n, from + start, to + start, columns, columns)
        return 0
      }
    }
    return x
  }
}
