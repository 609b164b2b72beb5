// Launches of LAPACK's routines. Results are not recorded.

/// Runs a kernel that may refuse a matrix, unless an operand has failed. Returns the failure, or the first
/// matrix that was refused.
func launchOnMatrices(
  after failure: Failure?, _ kernel: () throws(OutOfMemory) -> Refusal?
) -> (failure: Failure?, refusal: Refusal?) {
  var refusal: Refusal?
  let failure = launch(after: failure) { () throws(OutOfMemory) in refusal = try kernel() }
  return (failure, refusal)
}

// Systems of equations.
extension Tensor where Element: FieldScalar {
  /// Runs a kernel that solves systems with these right-hand sides [.., n, k], and returns the solutions.
  /// Unless `LAPACK.isSmall` the kernel replaces a copy of the right-hand sides by the solutions.
  func systemsSolved(_ kernel: (Operand, Operand) throws(OutOfMemory) -> Void) -> Tensor {
    if let failure { return .failed(by: failure) }
    if LAPACK.isSmall(matrixRows, Element.element) {
      return launch(self, into: Tensor(uninitialized: layout.shape), kernel)
    }
    let x = copied()
    let failure = launch(after: x.failure) { () throws(OutOfMemory) in try kernel(x.operand, x.operand) }
    return failure.map { .failed(by: $0) } ?? x
  }

  /// Computes L of A = L Lᴴ from the lower triangle of A, or U of A = Uᴴ U from the upper one. The other
  /// triangle of the result is zero.
  func factoredCholesky(upper: Bool) -> (factor: Tensor, refusal: Refusal?) {
    let result = copied()
    let (failure, refusal) = launchOnMatrices(after: result.failure) { () throws(OutOfMemory) in
      try LAPACK.factorCholesky(result.operand, upper: upper)
    }
    return (failure.map { .failed(by: $0) } ?? result, refusal)
  }

  /// Solves A X = B, where this tensor is the Cholesky factor L of A.
  func solvedByCholesky(_ b: Tensor) -> Tensor {
    let y = solvedByTriangle(b, upper: false, adjoint: false, unitDiagonal: false)
    return solvedByTriangle(y, upper: false, adjoint: true, unitDiagonal: false)
  }

  /// Solves T X = B or Tᴴ X = B, where T is one triangle of this tensor.
  func solvedByTriangle(_ b: Tensor, upper: Bool, adjoint: Bool, unitDiagonal: Bool) -> Tensor {
    let lies = isColumnMajor && !layout.isContiguous, matrices = lies ? turned.contiguous() : contiguous()
    if let failure = matrices.failure { return .failed(by: failure) }
    let right = adjoint ? b.conjugated : b
    let solution = right.systemsSolved { (b, x) throws(OutOfMemory) in
      // The kernel's flags describe the matrices in row-major order.
      try LAPACK.solveTriangle(
        matrices.operand, upper: upper != lies, transposed: adjoint != lies, unitDiagonal: unitDiagonal, b,
        into: x)
    }
    return adjoint ? solution.conjugated : solution
  }

  /// Computes the X of least norm among those that minimise ‖A X − B‖, the singular values of A and its
  /// effective rank.
  func solvedByLeastSquares(_ b: Tensor, _ least: Double) -> (
    x: Tensor, values: Tensor<Element.Magnitude>, rank: Tensor<Int>, refusal: Refusal?
  ) {
    let m = matrixRows, n = matrixColumns, k = b.matrixColumns
    // LAPACK refuses systems without right-hand sides. A column of zeros takes their place, because the
    // singular values and the rank depend only on A.
    let columns = turned.copied(), x = Tensor.zeroed(b.batched(Swift.max(k, 1), Swift.max(m, n)))
    let values = Tensor<Element.Magnitude>(uninitialized: batched(Swift.min(m, n)))
    let rank = Tensor<Int>.zeroed(batched())
    // A view of the first numbers of each row of x.
    func part(_ count: Int) -> Tensor {
      var shape = x.layout.shape
      shape.extents[shape.rank - 1] = count
      return x.viewed(Layout(shape, strides: x.layout.strides, offset: 0))
    }
    let (failure, refusal) = launchOnMatrices(
      after: columns.failure ?? x.failure ?? values.failure ?? rank.failure
    ) { () throws(OutOfMemory) in
      if k > 0 { part(m).overwrite(with: b.turned) }
      return try LAPACK.solveLeastSquares(
        columns.operand, x.operand, least: least, values: values.operand, ranks: rank.operand)
    }
    if let failure { return (.failed(by: failure), .failed(by: failure), .failed(by: failure), nil) }
    // The solutions of matrices without elements are 0.
    return (layout.count == 0 || k == 0 ? .zeroed(batched(n, k)) : part(n).turned, values, rank, refusal)
  }
}

// Orthogonal factors, singular values and eigenvalues.
extension Tensor where Element: FieldScalar {
  /// Computes Q with min(m, n) columns, or with m, and R with as many rows.
  func factoredQR(full: Bool) -> (q: Tensor, r: Tensor) {
    let m = matrixRows, n = matrixColumns, least = Swift.min(m, n), k = full ? m : least
    if least > 0, LAPACK.isSmall(Swift.max(m, n), Element.element) {
      return launch(
        self, into: Tensor(uninitialized: batched(m, k)), Tensor(uninitialized: batched(k, n)),
        LAPACK.factorSmallQR)
    }
    let columns = turned.copied(), q = Tensor.zeroed(batched(k, m)), r = Tensor.zeroed(batched(n, k))
    let failure = launch(after: columns.failure ?? q.failure ?? r.failure) { () throws(OutOfMemory) in
      if least > 0 {
        try LAPACK.factorQR(columns.operand, q: q.operand, r: r.operand)
      } else {
        q.diagonalView.overwrite(withAll: 1)
      }
    }
    if let failure { return (.failed(by: failure), .failed(by: failure)) }
    return (q.turned, r.turned)
  }

  /// Computes U diag(s) Vᴴ; U and Vᴴ are empty if they are not requested.
  func factoredSVD(
    _ vectors: LAPACK.SingularVectors
  ) -> (u: Tensor, s: Tensor<Element.Magnitude>, vt: Tensor, refusal: Refusal?) {
    let m = matrixRows, n = matrixColumns, least = Swift.min(m, n)
    let rows = copied(), s = Tensor<Element.Magnitude>(uninitialized: batched(least))
    let (left, right) = vectors == .none ? (0, 0) : vectors == .thin ? (least, least) : (m, n)
    let u = Tensor.zeroed(batched(m, left)), vt = Tensor.zeroed(batched(right, n))
    let (failure, refusal) = launchOnMatrices(
      after: rows.failure ?? s.failure ?? u.failure ?? vt.failure
    ) { () throws(OutOfMemory) in
      if least > 0 {
        return try LAPACK.factorSVD(rows.operand, vectors, u: u.operand, s: s.operand, vt: vt.operand)
      }
      u.diagonalView.overwrite(withAll: 1)
      vt.diagonalView.overwrite(withAll: 1)
      return nil
    }
    if let failure { return (.failed(by: failure), .failed(by: failure), .failed(by: failure), nil) }
    return (u, s, vt, refusal)
  }

  /// Computes the eigenvalues of Hermitian matrices from their lower triangles, ascending, and the
  /// eigenvectors as columns. Unless `LAPACK.isSmall` the result holds no eigenvectors if they are not
  /// requested.
  func factoredSymmetric(
    vectors: Bool
  ) -> (values: Tensor<Element.Magnitude>, vectors: Tensor, refusal: Refusal?) {
    if let failure { return (.failed(by: failure), .failed(by: failure), nil) }
    if LAPACK.isSmall(matrixRows, Element.element) { return factoredSmallSymmetric() }
    let matrices = copied(), values = Tensor<Element.Magnitude>(uninitialized: batched(matrixRows))
    let (failure, refusal) = launchOnMatrices(after: values.failure ?? matrices.failure) {
      () throws(OutOfMemory) in
      try LAPACK.factorSymmetric(matrices.operand, values: values.operand, vectors: vectors)
    }
    if let failure { return (.failed(by: failure), .failed(by: failure), nil) }
    return (values, matrices.turned.conjugated, refusal)
  }

  private func factoredSmallSymmetric() -> (
    values: Tensor<Element.Magnitude>, vectors: Tensor, refusal: Refusal?
  ) {
    let matrices = contiguous(), values = Tensor<Element.Magnitude>(uninitialized: batched(matrixRows))
    let vectors = Tensor(uninitialized: layout.shape)
    let (failure, refusal) = launchOnMatrices(
      after: matrices.failure ?? values.failure ?? vectors.failure
    ) { () throws(OutOfMemory) in
      try LAPACK.factorSmallSymmetric(
        matrices.operand, values: values.operand, vectors: vectors.operand)
    }
    if let failure { return (.failed(by: failure), .failed(by: failure), nil) }
    return (values, vectors, refusal)
  }

  /// Computes the eigenvalues of complex matrices, and their eigenvectors of length 1 as columns.
  func factoredComplex() -> (values: Tensor, vectors: Tensor, refusal: Refusal?) {
    let columns = turned.copied(), n = matrixRows
    let values = Tensor(uninitialized: batched(n)), vectors = Tensor(uninitialized: batched(n, n))
    let (failure, refusal) = launchOnMatrices(after: columns.failure ?? values.failure ?? vectors.failure) {
      () throws(OutOfMemory) in
      try LAPACK.factorGeneral(columns.operand, values: values.operand, vectors: vectors.operand)
    }
    if let failure { return (.failed(by: failure), .failed(by: failure), nil) }
    return (values, vectors.turned, refusal)
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Computes the eigenvalues of real matrices, and their eigenvectors of length 1 as columns, as real and
  /// imaginary parts.
  func factoredGeneral() -> (
    real: Tensor, imaginary: Tensor, vectorsReal: Tensor, vectorsImaginary: Tensor, refusal: Refusal?
  ) {
    if let failure {
      let failed = Tensor.failed(by: failure)
      return (failed, failed, failed, failed, nil)
    }
    let columns = turned.copied(), n = matrixRows
    let real = Tensor(uninitialized: batched(n)), imaginary = Tensor(uninitialized: batched(n))
    let v = Tensor(uninitialized: batched(n, n)), w = Tensor.zeroed(batched(n, n))
    let (failure, refusal) = launchOnMatrices(
      after: columns.failure ?? real.failure ?? imaginary.failure ?? v.failure ?? w.failure
    ) { () throws(OutOfMemory) in
      try LAPACK.factorGeneral(
        columns.operand, real: real.operand, imaginary: imaginary.operand, vectorsReal: v.operand,
        vectorsImaginary: w.operand)
    }
    if let failure {
      let failed = Tensor.failed(by: failure)
      return (failed, failed, failed, failed, nil)
    }
    return (real, imaginary, v.turned, w.turned, refusal)
  }
}

// Schur forms.
extension Tensor where Element: DifferentiableScalar {
  /// Computes Z T Zᵀ with T quasi-triangular, both in column-major order.
  func factoredSchur() -> (t: Tensor, z: Tensor, refusal: Refusal?) {
    let t = turned.copied(), z = Tensor(uninitialized: layout.shape)
    let (failure, refusal) = launchOnMatrices(after: t.failure ?? z.failure) { () throws(OutOfMemory) in
      try LAPACK.factorSchur(t.operand, z: z.operand)
    }
    if let failure { return (.failed(by: failure), .failed(by: failure), nil) }
    return (t.turned, z.turned, refusal)
  }

  /// Solves S X + X T = C, or Sᵀ X + X Tᵀ = C, for Schur forms S and T in column-major order. If S and −T
  /// have common eigenvalues, LAPACK perturbs them and reports it.
  static func solvedSylvester(_ s: Tensor, _ t: Tensor, _ c: Tensor, transposed: Bool) -> (
    x: Tensor, refusal: Refusal?
  ) {
    let x = c.turned.copied(), left = s.turned.contiguous(), right = t.turned.contiguous()
    let (failure, refusal) = launchOnMatrices(after: x.failure ?? left.failure ?? right.failure) {
      () throws(OutOfMemory) in
      try LAPACK.solveSylvester(left.operand, right.operand, x.operand, transposed: transposed)
    }
    return (failure.map { .failed(by: $0) } ?? x.turned, refusal)
  }
}
