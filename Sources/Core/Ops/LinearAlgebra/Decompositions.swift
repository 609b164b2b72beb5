// Decompositions of matrices by LAPACK: factors, singular values and eigenvalues. The last two axes are the
// matrix, the other axes are a batch.

extension Tensor where Element: FieldScalar {
  /// Decomposes matrices `[…, m, n]` as `A = P L U`: a permutation P `[…, m, m]`, L `[…, m, k]` with ones on
  /// its diagonal, and U `[…, k, n]`, where k = min(m, n). Singular matrices have factors too.
  ///
  /// Derivative of square matrices (de Hoog, Anderssen & Lukas 2011, DOI 10.1007/s10543-010-0299-x):
  /// `dA = P L⁻ᴴ (tril(Lᴴ dL, −1) + triu(dU Uᴴ)) U⁻ᴴ`. For other shapes the remaining rows or columns of dA
  /// are solved for. The backward pass fails if U is singular.
  ///
  /// - Throws: ``LinearAlgebraError`` for NaN or infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func lu(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> (p: Tensor, l: Tensor, u: Tensor) {
    if let fault = matrixFault("lu", file, line) { return (fault, fault, fault) }
    try requireFinite("lu")
    let m = shape[-2], n = shape[-1], k = Swift.min(m, n)
    let (order, l, u) = factoredRectangularLU()
    // Row i of P L is row order[i] of A, so that P has its ones at [order[i], i].
    let ones = order.expandedDims(axis: -2) .== Tensor<Int>.arange(0, m).expandedDims(axis: -1)
    let p = Tensor(single: 1).where(ones, else: 0)
    Tensor.record("LU", [l, u], of: [self], saving: [p]) { given in
      let p = given.saved[0], l = given.outputs[0], u = given.outputs[1]
      let gl = given.gradients[0] ?? .zeros(l.shape), gu = given.gradients[1] ?? .zeros(u.shape)
      let l1 = l.part(-2, 0, k), u1 = u.part(-1, 0, k)
      guard !noGrad({ (u1.diagonal() .== 0).any() }) else {
        return [.failed("backward", "LU of a singular matrix has no derivative: U has a pivot of zero")]
      }
      let lower = MatrixFactors.triangle(l1.detached(), upper: false, unitDiagonal: true)
      let upper = MatrixFactors.triangle(u1.detached(), upper: true, unitDiagonal: false)
      var below = l1.adjoint().matmul(gl.part(-2, 0, k)), above = gu.part(-1, 0, k).matmul(u1.adjoint())
      if n > k {
        below = below - gu.part(-1, k, n - k).matmul(u.part(-1, k, n - k).adjoint())
      }
      if m > k {
        above = above - l.part(-2, k, m - k).adjoint().matmul(gl.part(-2, k, m - k))
      }
      // Computes x U⁻ᴴ as the adjoint of U⁻¹ xᴴ.
      func overU(_ x: Tensor) -> Tensor { u1.solved(x.adjoint(), upper, adjoint: false).adjoint() }
      var rows = l1.solved(overU(below.tril(diagonal: -1) + above.triu()), lower, adjoint: true)
      if n > k {
        let rest = l1.solved(gu.part(-1, k, n - k), lower, adjoint: true)
        rows = .concatenated([rows, rest], axis: -1)
      }
      if m > k { rows = .concatenated([rows, overU(gl.part(-2, k, m - k))], axis: -2) }
      return [p.matmul(rows)]
    }
    return (p, l, u)
  }

  /// The Cholesky factor of Hermitian positive definite matrices: L of `A = L Lᴴ`, which reads the lower
  /// triangle of A, or U of `A = Uᴴ U`, which reads the upper triangle. Real matrices are symmetric.
  ///
  /// Derivative (Murray 2016, arXiv:1602.07527): `dA = ½ (S + Sᴴ)` with `S = L⁻ᴴ Φ(Lᴴ g) L⁻¹`, where Φ takes
  /// the lower triangle and halves its diagonal.
  ///
  /// - Throws: ``LinearAlgebraError`` for a matrix that is not positive definite, and for NaN or infinity in
  ///   the triangle that is read.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func cholesky(
    upper: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    if let fault = matrixFault("cholesky", square: true, file, line) { return fault }
    try requireFinite("cholesky", in: upper ? .upper() : .lower())
    let (factor, refusal) = factoredCholesky(upper: upper)
    if let refusal { throw indefinite("cholesky", refusal, upper: upper) }
    return factor.recorded(
      "Cholesky",
      edge(output: { g, y in
        let l = upper ? y.adjoint() : y, gl = upper ? g.adjoint() : g
        let factors = MatrixFactors.triangle(l.detached(), upper: false, unitDiagonal: false)
        let product = l.adjoint().matmul(gl)
        let phi = (product.tril() + product.tril(diagonal: -1)) * Element(0.5)
        // A product from the right is computed as a product of the adjoint from the left.
        let s = l.solved(l.solved(phi, factors, adjoint: true).adjoint(), factors, adjoint: true)
        return (s + s.adjoint()) * Element(0.5)
      }))
  }

  /// Decomposes matrices `[…, m, n]` as `A = Q R`: Q `[…, m, k]` has orthonormal columns, and R `[…, k, n]`
  /// is upper triangular. k is min(m, n), or m when `full`.
  ///
  /// Derivative (Walter & Lehmann 2010, arXiv:1009.6112; wide matrices: Roberts & Roberts 2020,
  /// arXiv:2009.10071): `dA = (dQ + Q copyltu(R dRᴴ − dQᴴ Q)) R⁻ᴴ`, where copyltu mirrors the lower triangle
  /// into the upper one, as its adjoint. The diagonal of R is real. The backward pass fails if R is singular.
  /// It fails also with `full` and more rows than columns, because A then does not determine Q.
  ///
  /// - Throws: ``LinearAlgebraError`` for NaN or infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func qr(
    full: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> (q: Tensor, r: Tensor) {
    if let fault = matrixFault("qr", file, line) { return (fault, fault) }
    try requireFinite("qr")
    let (q, r) = factoredQR(full: full), m = shape[-2], n = shape[-1], k = Swift.min(m, n)
    Tensor.record("QR", [q, r], of: [self], saving: [self]) { given in
      guard !full || m <= n else {
        return [.failed("backward", "full QR of more rows than columns has no derivative")]
      }
      let q = given.outputs[0], r1 = given.outputs[1].part(-1, 0, k)
      guard !noGrad({ (r1.diagonal() .== 0).any() }) else {
        return [
          .failed("backward", "QR of a matrix whose leading columns are linearly dependent has no derivative")
        ]
      }
      let gr = given.gradients[1] ?? .zeros(given.outputs[1].shape), gr1 = gr.part(-1, 0, k)
      var gq = given.gradients[0] ?? .zeros(q.shape)
      // The remaining columns of A are Q V.
      if n > k { gq = gq + given.saved[0].part(-1, k, n - k).matmul(gr.part(-1, k, n - k).adjoint()) }
      let inner = r1.matmul(gr1.adjoint()) - gq.adjoint().matmul(q)
      let lower = (inner.tril() + inner.tril(diagonal: -1)) * Element(0.5), mirrored = lower + lower.adjoint()
      let factors = MatrixFactors.triangle(r1.detached(), upper: true, unitDiagonal: false)
      let da = r1.solved((gq + q.matmul(mirrored)).adjoint(), factors, adjoint: false).adjoint()
      return [n > k ? .concatenated([da, q.matmul(gr.part(-1, k, n - k))], axis: -1) : da]
    }
    return (q, r)
  }

  /// The singular value decomposition `A = U diag(s) Vᴴ` of matrices `[…, m, n]`. s `[…, k]` is real and
  /// descending, where k = min(m, n). U is `[…, m, k]` and `vt` is Vᴴ `[…, k, n]`, which is Vᵀ for real
  /// matrices. With `full` U is `[…, m, m]` and Vᴴ is `[…, n, n]`.
  ///
  /// Derivative (Townsend 2016, "Differentiating the singular value decomposition"), where E has s_j² − s_i²
  /// off its diagonal: `dA = U ((skew(Uᴴ dU) / E) S + S (skew(Vᴴ dV) / E) + diag(ds)) Vᴴ` plus
  /// `(1 − U Uᴴ) dU S⁻¹ Vᴴ + U S⁻¹ dVᴴ (1 − V Vᴴ)`, and for complex matrices `U diag(i Im(Uᴴ dU)) S⁻¹ Vᴴ`.
  /// Complex pairs of vectors may have any common phase: the backward pass fails if the gradient depends on
  /// it. The vectors of equal singular values are any basis of
  /// their space. The rules of ``eigh(file:line:)`` for equal eigenvalues hold for them too. The backward
  /// pass fails if the gradient depends on the vectors of a singular value of 0. It fails also with `full`,
  /// if the matrix is not square and the gradient depends on its vectors.
  ///
  /// - Throws: ``LinearAlgebraError`` if the iteration does not converge, and for NaN or infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func svd(
    full: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> (u: Tensor, s: Tensor<Element.Magnitude>, vt: Tensor) {
    if let fault = matrixFault("svd", file, line) { return (fault, .failed(by: fault.failure!), fault) }
    try requireFinite("svd")
    let (u, s, vt, refusal) = factoredSVD(full ? .full : .thin)
    if let refusal { throw unconverged("svd", refusal) }
    return (u, recordedSVD(u, s, vt, full: full), vt)
  }

  /// The singular values in descending order, without the vectors; see ``svd(full:file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func svdvals(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor<Element.Magnitude> {
    if let fault = matrixFault("svdvals", file, line) { return .failed(by: fault.failure!) }
    return try singularValues("svdvals")
  }

  /// Returns the singular values of matrices. Errors name the operation.
  func singularValues(_ operation: String) throws(LinearAlgebraError) -> Tensor<Element.Magnitude> {
    try requireFinite(operation)
    let isKept = isTracked && isRecording
    let (u, s, vt, refusal) = factoredSVD(isKept ? .thin : .none)
    if let refusal { throw unconverged(operation, refusal) }
    return isKept ? recordedSVD(u, s, vt, full: false) : s
  }

  /// Records the factors of these matrices, and returns the recorded singular values.
  private func recordedSVD(
    _ u: Tensor, _ s: Tensor<Element.Magnitude>, _ vt: Tensor, full: Bool
  ) -> Tensor<Element.Magnitude> {
    let m = shape[-2], n = shape[-1], k = Swift.min(m, n), values = Tensor.of(real: s)
    Tensor.record("SVD", [u, values, vt], of: [self]) { given in
      let u = given.outputs[0].part(-1, 0, k), s = given.outputs[1],
        v = given.outputs[2].part(-2, 0, k).adjoint()
      // The values are real. The second derivative, which takes them as complex numbers, has another part.
      let gs = given.gradients[1].map { Tensor.of(real: $0.realPart) }
      if let gs, given.gradients[0] == nil, given.gradients[2] == nil {
        return [(u * gs.expandedDims(axis: -2)).matmul(v.adjoint())]
      }
      guard !full || m == n else {
        return [.failed("backward", "the singular vectors of a full SVD have no derivative; take svd()")]
      }
      let gu = given.gradients[0] ?? .zeros(u.shape)
      let gv = (given.gradients[2] ?? .zeros(given.outputs[2].shape)).adjoint()
      let uu = u.adjoint().matmul(gu), vv = v.adjoint().matmul(gv)
      let equal = EqualValues(s, gs, ofVectors: [gu, gv])
      let inner = equal.symmetricPart(uu + vv) + equal.skewPart(uu - vv)
      var da = u.matmul(inner).matmul(v.adjoint())
      let outsideU = gu - u.matmul(uu), outsideV = gv - v.matmul(vv)
      if m > k { da = da + equal.overValues(outsideU).matmul(v.adjoint()) }
      if n > k { da = da + u.matmul(equal.overValues(outsideV).adjoint()) }
      return [da]
    }
    return values.realPart
  }

  /// The ascending eigenvalues `[…, n]` of symmetric or complex Hermitian matrices and their orthonormal
  /// eigenvectors, the columns of `[…, n, n]`. The eigenvalues are real. Only the lower triangle is read.
  ///
  /// Derivative (Giles 2008, §3.1), where E has λ_j − λ_i off its diagonal: the Hermitian part of
  /// `V (diag(dλ) + (Vᴴ dV) / E) Vᴴ`. A complex eigenvector may have any phase: the backward pass fails if
  /// the gradient depends on it. The eigenvectors of equal eigenvalues are any basis of their space. If
  /// a gradient depends on the choice of this basis, M = Vᴴ dV is not Hermitian there, and the backward pass
  /// fails. A gradient that comes through equal eigenvalues and also through their vectors has a value only
  /// for a function of `V f(Λ) Vᴴ`: then dλ and the diagonal of M are proportional. For other functions the
  /// backward pass fails.
  ///
  /// - Throws: ``LinearAlgebraError`` if the iteration does not converge, and for NaN or infinity in the
  ///   lower triangle.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func eigh(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> (values: Tensor<Element.Magnitude>, vectors: Tensor) {
    if let fault = matrixFault("eigh", square: true, file, line) {
      return (.failed(by: fault.failure!), fault)
    }
    try requireFinite("eigh", in: .lower())
    let (values, vectors, refusal) = factoredSymmetric(vectors: true)
    if let refusal { throw unconverged("eigh", refusal) }
    let recorded = Tensor.of(real: values)
    Tensor.record("SymmetricEigen", [recorded, vectors], of: [self]) { given in
      let values = given.outputs[0], v = given.outputs[1], vt = v.adjoint()
      let gs = given.gradients[0].map { Tensor.of(real: $0.realPart) }
      guard let gv = given.gradients[1] else { return [(v * gs!.expandedDims(axis: -2)).matmul(vt)] }
      let inner = EqualValues(values, gs, ofVectors: [gv]).symmetricPart(vt.matmul(gv))
      return [v.matmul(inner).matmul(vt)]
    }
    return (recorded.realPart, vectors)
  }

  /// The eigenvalues of symmetric or Hermitian matrices in ascending order, without the vectors; see
  /// ``eigh(file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func eigvalsh(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor<Element.Magnitude> {
    if let fault = matrixFault("eigvalsh", square: true, file, line) { return .failed(by: fault.failure!) }
    if isTracked && isRecording { return try eigh(file: file, line: line).values }
    try requireFinite("eigvalsh", in: .lower())
    let (values, _, refusal) = factoredSymmetric(vectors: false)
    if let refusal { throw unconverged("eigvalsh", refusal) }
    return values
  }
}
