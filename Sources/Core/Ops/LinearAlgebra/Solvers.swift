// Solves systems of linear equations with LAPACK. The last two axes are matrices, the others are a batch.
//
// A matrix without a result, such as a singular one, makes an operation throw `LinearAlgebraError`. Shapes
// that do not fit are mistakes in the program.

/// The known form of a matrix of equations, which selects the method that solves them.
///
/// ```swift
/// let a = Tensor<Double>([[4, 1], [1, 3]]), b = Tensor<Double>([1, 2])
/// let x = try a.solve(b, assuming: .positiveDefinite)
/// ```
public enum MatrixForm: Sendable {
  /// A square matrix of no known form, solved with PLU factors.
  case general
  /// A symmetric or Hermitian and positive definite matrix, solved with its Cholesky factor. Only the lower
  /// triangle is read.
  case positiveDefinite
  /// A lower triangular matrix. Only the lower triangle is read. With `unitDiagonal` the diagonal counts as
  /// ones.
  case lowerTriangular(unitDiagonal: Bool = false)
  /// An upper triangular matrix. Only the upper triangle is read. With `unitDiagonal` the diagonal counts as
  /// ones.
  case upperTriangular(unitDiagonal: Bool = false)
}

extension MatrixForm {
  /// The part of the matrix that is read.
  fileprivate var part: MatrixPart {
    switch self {
    case .general: .whole
    case .positiveDefinite: .lower()
    case .lowerTriangular(let unit): .lower(withDiagonal: !unit)
    case .upperTriangular(let unit): .upper(withDiagonal: !unit)
    }
  }
}

/// The result of least squares.
///
/// ```swift
/// let a = Tensor<Double>([[1, 0], [1, 1], [1, 2]]), b = Tensor<Double>([1, 3, 5])
/// let fit = try a.lstsq(b)
/// print(fit.solution, fit.residuals, fit.rank)
/// ```
public struct LeastSquares<Element: FieldScalar> {
  /// The X with the least ‖A X − B‖, `[…, n, k]`; of several the shortest.
  public let solution: Tensor<Element>
  /// The sum of squares Σ |A X − B|² of each column, `[…, k]`.
  public let residuals: Tensor<Element.Magnitude>
  /// The number of singular values that do not count as 0, `[…]`.
  public let rank: Tensor<Int>
  /// The singular values of A in descending order, `[…, min(m, n)]`, without history.
  public let singularValues: Tensor<Element.Magnitude>

  init(
    solution: Tensor<Element>, residuals: Tensor<Element.Magnitude>, rank: Tensor<Int>,
    singularValues: Tensor<Element.Magnitude>
  ) {
    (self.solution, self.residuals, self.rank, self.singularValues) = (
      solution, residuals, rank, singularValues
    )
  }

  /// Creates the result of a mistake: all tensors are failed.
  init(failed tensor: Tensor<Element>) {
    let failed = Tensor<Element.Magnitude>.failed(by: tensor.failure!)
    self.init(solution: tensor, residuals: failed, rank: Tensor<Int>(tensor.failure!), singularValues: failed)
  }
}

/// The factors of matrices, with which equations are solved.
enum MatrixFactors<Element: FieldScalar> {
  case general(LUFactors<Element>)
  case positiveDefinite(Tensor<Element>)
  case triangle(Tensor<Element>, upper: Bool, unitDiagonal: Bool)

  /// Returns A⁻¹ B, or A⁻ᴴ B if `adjoint` is true.
  func solve(_ b: Tensor<Element>, adjoint: Bool) -> Tensor<Element> {
    switch self {
    case .general(let factors):
      adjoint ? factors.solve(b.conjugated, transposed: true).conjugated : factors.solve(b)
    case .positiveDefinite(let factor): factor.solvedByCholesky(b)
    case .triangle(let matrix, let upper, let unit):
      matrix.solvedByTriangle(b, upper: upper, adjoint: adjoint, unitDiagonal: unit)
    }
  }

  /// Returns the part of a gradient that belongs to the matrix: its triangle, or the Hermitian part.
  func own(_ gradient: Tensor<Element>) -> Tensor<Element> {
    switch self {
    case .general: gradient
    case .positiveDefinite: (gradient + gradient.adjoint()) * Element(0.5)
    case .triangle(_, let upper, let unit):
      upper ? gradient.triu(diagonal: unit ? 1 : 0) : gradient.tril(diagonal: unit ? -1 : 0)
    }
  }
}

extension Tensor where Element: FieldScalar {
  /// Returns the X of `A X = B` for matrices A `[…, n, n]` and B `[…, n, k]`, or vectors B `[…, n]`.
  ///
  /// B is a vector if it has one axis, or if its shape is that of A without the last axis. Leading axes
  /// broadcast. Shapes that do not fit are an error.
  ///
  /// Derivatives, with `h = A⁻ᴴ g`: `dB = h`, `dA = −h Xᴴ` (Giles 2008, "Collected matrix derivative
  /// results", §2.3.1). For a triangular matrix `dA` is the triangle of that, and for a positive definite
  /// matrix the Hermitian part.
  ///
  /// - Throws: ``LinearAlgebraError`` if a matrix is singular, is not positive definite, or contains NaN or
  ///   infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func solve(
    _ b: Tensor, assuming form: MatrixForm = .general, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    if let failure = failure ?? b.failure { return .failed(by: failure) }
    if let fault = matrixFault("solve", square: true, file, line) { return fault }
    let isVector = b.rank == 1 || (b.rank == rank - 1 && b.shape == batched(shape[-1]))
    let right = isVector ? b.expandedDims(axis: -1) : b
    guard right.rank >= 2, right.shape[-2] == shape[-1],
      let batch = TensorShape.broadcast(batched(), right.batched())
    else {
      return .failed(
        "solve",
        "matrices \(shape) and right-hand sides \(b.shape) do not match; they must be […, n, n] and […, n, k]",
        file,
        line)
    }
    try requireFinite("solve", in: form.part)
    try right.requireFinite("solve", "right-hand side")
    var (whole, target) = (batch, batch)
    for extent in [shape[-1], shape[-1]] { whole.append(extent) }
    for extent in [shape[-1], right.shape[-1]] { target.append(extent) }
    // A single matrix is factored once for all right-hand sides of the batch.
    let a = matrixCount == 1 ? self : broadcastView(to: whole)
    let x = a.solved(right.broadcastView(to: target), try a.factored(form, "solve"), adjoint: false)
    return isVector ? x.squeezed(axis: -1) : x
  }

  /// Returns the inverses of square matrices.
  ///
  /// Derivative: `dA = −A⁻ᴴ g A⁻ᴴ`.
  ///
  /// - Throws: ``LinearAlgebraError`` if a matrix is singular or contains NaN or infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func inverse(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    if let fault = matrixFault("inverse", square: true, file, line) { return fault }
    return try inverted("inverse")
  }

  /// Returns the inverses of square matrices. Errors name the operation.
  func inverted(_ operation: String) throws(LinearAlgebraError) -> Tensor {
    try requireFinite(operation)
    return inverted(try factoredChecked(operation))
  }

  /// Returns the pseudo-inverses `[…, n, m]` of matrices `[…, m, n]` (Moore and Penrose), by singular values.
  ///
  /// Singular values of at most `tolerance` times the largest count as 0. The default tolerance is max(m, n)
  /// times the distance from 1 to the next larger number.
  ///
  /// The derivative holds where the rank does not change nearby (Golub and Pereyra 1973,
  /// DOI 10.1137/0710036). With P = A⁺ it is `dA = −Pᴴ g Pᴴ + (1 − A P) gᴴ P Pᴴ + Pᴴ P gᴴ (1 − P A)`.
  ///
  /// - Throws: ``LinearAlgebraError`` if singular values do not converge or a matrix contains NaN or
  ///   infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func pinv(
    tolerance: Element.Magnitude? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    if let fault = matrixFault("pinv", file, line) { return fault }
    try requireFinite("pinv")
    let (u, s, vt, refusal) = factoredSVD(.thin)
    if let refusal { throw unconverged("pinv", refusal) }
    return pseudoInverse(u, s, vt, tolerance)
  }

  /// Solves least squares: the X with the least ‖A X − B‖ for A `[…, m, n]` and B `[…, m, k]`, or vectors B
  /// `[…, m]`.
  ///
  /// If there are several such X, the result is the shortest. Singular values of at most `tolerance` times
  /// the largest count as 0. The default tolerance is max(m, n) times the distance from 1 to the next larger
  /// number. Leading axes must be equal.
  ///
  /// The derivatives of the solution follow from that of ``pinv(tolerance:file:line:)``. They hold where the
  /// rank does not change nearby.
  ///
  /// - Throws: ``LinearAlgebraError`` if singular values do not converge or an operand contains NaN or
  ///   infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func lstsq(
    _ b: Tensor, tolerance: Element.Magnitude? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> LeastSquares<Element> {
    if let failure = failure ?? b.failure { return LeastSquares(failed: .failed(by: failure)) }
    if let fault = matrixFault("lstsq", file, line) { return LeastSquares(failed: fault) }
    let isVector = b.rank == rank - 1 && b.shape == batched(shape[-2])
    let right = isVector ? b.expandedDims(axis: -1) : b
    guard right.rank == rank, right.shape[-2] == shape[-2], right.batched() == batched() else {
      return LeastSquares(
        failed: .failed(
          "lstsq",
          "matrices \(shape) and right-hand sides \(b.shape) do not match; they must be […, m, n] and […, m, k]",
          file,
          line))
    }
    try requireFinite("lstsq")
    try right.requireFinite("lstsq", "right-hand side")
    let least = tolerance ?? standardTolerance
    let (x, values, ranks, refusal) = solvedByLeastSquares(right, least.doubleValue)
    if let refusal { throw unconverged("lstsq", refusal) }
    let solution = x.recorded("LeastSquares", [self, right], saving: [self, right]) { given in
      let a = given.saved[0], b = given.saved[1], g = given.gradients[0]!, x = given.outputs[0]
      let (u, s, vt, _) = a.detached().factoredSVD(.thin)
      let p = isRecording ? a.pseudoInverse(u, s, vt, least) : noGrad { a.pseudoInverse(u, s, vt, least) }
      let h = p.adjoint().matmul(g)
      var da: Tensor?
      if given.isNeeded[0] {
        let residual = b - a.matmul(x), outside = g - p.matmul(a).adjoint().matmul(g)
        da =
          residual.matmul(p.matmul(h).adjoint()) - h.matmul(x.adjoint())
          + p.adjoint().matmul(x).matmul(outside.adjoint())
      }
      return [da, given.isNeeded[1] ? h : nil]
    }
    let rest = matmul(solution) - right, residuals = (rest * rest.conjugate()).sum(axis: -2).realPart
    return LeastSquares(
      solution: isVector ? solution.squeezed(axis: -1) : solution,
      residuals: isVector ? residuals.squeezed(axis: -1) : residuals, rank: ranks, singularValues: values)
  }
}

// Functions that the operations share.
extension Tensor where Element: FieldScalar {
  /// Throws for matrices that are too large for LAPACK, and for NaN and infinity. Elements outside `part`,
  /// which the operation does not read, may have any value.
  func requireFinite(
    _ operation: String, _ operand: String = "matrix", in part: MatrixPart = .whole
  ) throws(LinearAlgebraError) {
    if isFailed { return }
    if matrixRows > LAPACK.largestSize || matrixColumns > LAPACK.largestSize {
      throw LinearAlgebraError(operation: operation, reason: .tooLarge, operand: operand, matrix: [])
    }
    guard let place = firstNotFinite(in: part) else { return }
    let size = matrixRows * matrixColumns, row = place % size / matrixColumns, column = place % matrixColumns
    throw LinearAlgebraError(
      operation: operation, reason: .notFinite(row: row, column: column), operand: operand,
      matrix: indices(ofMatrix: place / size))
  }

  /// Returns the indices of a matrix along the leading axes.
  func indices(ofMatrix number: Int) -> [Int] {
    var rest = number, indices: [Int] = []
    for axis in stride(from: rank - 3, through: 0, by: -1) {
      indices.insert(rest % shape[axis], at: 0)
      rest /= shape[axis]
    }
    return indices
  }

  /// Returns the error of a factorisation that met a pivot that it cannot use.
  func refused(
    _ operation: String, _ refusal: Refusal, _ reason: (Int) -> LinearAlgebraError.Reason
  ) -> LinearAlgebraError {
    let share = reciprocalCondition(of: refusal.matrix)
    return LinearAlgebraError(
      operation: operation, reason: reason(refusal.info - 1), matrix: indices(ofMatrix: refusal.matrix),
      condition: share == 0 ? .infinity : 1 / share)
  }

  /// Returns the error of a factorisation of Hermitian matrices of which one triangle is given.
  func indefinite(_ operation: String, _ refusal: Refusal, upper: Bool) -> LinearAlgebraError {
    let half = noGrad { upper ? triu() : tril() }
    let rest = noGrad { upper ? triu(diagonal: 1) : tril(diagonal: -1) }
    return noGrad { half + rest.adjoint() }.refused(operation, refusal) { .notPositiveDefinite(pivot: $0) }
  }

  /// Returns the error of an iteration that did not converge.
  func unconverged(
    _ operation: String, _ refusal: Refusal, _ operand: String = "matrix"
  ) -> LinearAlgebraError {
    LinearAlgebraError(
      operation: operation,
      reason: refusal.info == LAPACK.tooLarge ? .tooLarge : .noConvergence(unconverged: refusal.info),
      operand: operand, matrix: indices(ofMatrix: refusal.matrix))
  }

  /// Returns the PLU factors of matrices. Throws if one is singular.
  func factoredChecked(_ operation: String) throws(LinearAlgebraError) -> LUFactors<Element> {
    let (factors, refusal) = factoredLU()
    if let refusal { throw refused(operation, refusal) { .singular(pivot: $0) } }
    return factors
  }

  fileprivate func factored(
    _ form: MatrixForm, _ operation: String
  ) throws(LinearAlgebraError) -> MatrixFactors<Element> {
    switch form {
    case .general:
      return .general(try factoredChecked(operation))
    case .positiveDefinite:
      let (factor, refusal) = factoredCholesky(upper: false)
      if let refusal { throw indefinite(operation, refusal, upper: false) }
      return .positiveDefinite(factor)
    case .lowerTriangular(let unit):
      return try triangle(upper: false, unit, operation)
    case .upperTriangular(let unit):
      return try triangle(upper: true, unit, operation)
    }
  }

  private func triangle(
    upper: Bool, _ unit: Bool, _ operation: String
  ) throws(LinearAlgebraError) -> MatrixFactors<Element> {
    if !unit, let place = diagonalView.readScalars.firstIndex(of: 0) {
      throw LinearAlgebraError(
        operation: operation, reason: .singular(pivot: place % matrixRows),
        matrix: indices(ofMatrix: place / matrixRows), condition: .infinity)
    }
    return .triangle(viewed(layout), upper: upper, unitDiagonal: unit)
  }

  /// Returns A⁻¹ B, or A⁻ᴴ B if `adjoint` is true, from given factors.
  func solved(_ b: Tensor, _ factors: MatrixFactors<Element>, adjoint: Bool) -> Tensor {
    factors.solve(b, adjoint: adjoint).recorded("Solve", [self, b], saving: [self]) { given in
      let a = given.saved[0], x = given.outputs[0]
      let h = a.solved(given.gradients[0]!, factors, adjoint: !adjoint)
      var da: Tensor?
      if given.isNeeded[0] {
        da = factors.own(adjoint ? x.matmul((-h).adjoint()) : (-h).matmul(x.adjoint()))
      }
      return [da, given.isNeeded[1] ? h : nil]
    }
  }

  /// Returns the inverse from given factors.
  func inverted(_ factors: LUFactors<Element>) -> Tensor {
    factors.inverse.recorded(
      "Inverse",
      edge(output: { g, y in
        let t = y.adjoint()
        return -(t.matmul(g).matmul(t))
      }))
  }

  var standardTolerance: Element.Magnitude {
    Element.Magnitude(Swift.max(shape[-1], shape[-2])) * Element.Magnitude.ulpOfOne
  }

  /// Returns V diag(1 / s) Uᴴ over the singular values that do not count as 0.
  func pseudoInverse(
    _ u: Tensor, _ s: Tensor<Element.Magnitude>, _ vt: Tensor, _ tolerance: Element.Magnitude?
  ) -> Tensor {
    let value = noGrad {
      if s.count == 0 { return Tensor.zeros(batched(shape[-1], shape[-2])) }
      let least = s.max(axis: -1, keepDims: true) * (tolerance ?? standardTolerance)
      let shares = Tensor.of(real: (1 / s).where(s .> least, else: 0))
      return vt.adjoint().matmul(shares.expandedDims(axis: -1) * u.adjoint())
    }
    return value.recorded("PseudoInverse", [self], saving: [self]) { given in
      let a = given.saved[0], g = given.gradients[0]!, p = given.outputs[0]
      let pt = p.adjoint(), gt = g.adjoint(), gp = gt.matmul(p)
      let first = gp.matmul(pt), second = pt.matmul(p.matmul(gt))
      return [
        first - a.matmul(p.matmul(first)) + second - second.matmul(p).matmul(a) - pt.matmul(g).matmul(pt)
      ]
    }
  }
}
