// The factors P L U of square matrices.

/// The factors P L U of square matrices, in LAPACK's format.
struct LUFactors<Element: FieldScalar> {
  fileprivate let factors: Tensor<Element>
  fileprivate let pivots: Tensor<Int32>
  /// True if they are the factors of the transposes.
  fileprivate let isTransposed: Bool

  /// The determinants, their signs and the logarithms of their magnitudes. The determinant overflows only if
  /// it is too large for the element type.
  var determinants: (value: Tensor<Element>, sign: Tensor<Element>, logMagnitude: Tensor<Element.Magnitude>) {
    if let failure = factors.failure {
      return (.failed(by: failure), .failed(by: failure), .failed(by: failure))
    }
    let shape = factors.batched(), value = Tensor<Element>(uninitialized: shape)
    let sign = Tensor<Element>(uninitialized: shape)
    let logMagnitude = Tensor<Element.Magnitude>(uninitialized: shape)
    let failure = launch(after: value.failure ?? sign.failure ?? logMagnitude.failure) {
      LAPACK.determinants(
        lu: factors.operand, pivots: pivots.operand, into: value.operand, sign: sign.operand,
        logMagnitude: logMagnitude.operand)
    }
    if let failure { return (.failed(by: failure), .failed(by: failure), .failed(by: failure)) }
    return (value, sign, logMagnitude)
  }

  /// True if a matrix has a pivot that is 0 within rounding, relative to the largest pivot.
  var isSingular: Bool {
    var isSingular = false
    _ = launch(after: factors.failure) { isSingular = LAPACK.isSingular(lu: factors.operand) }
    return isSingular
  }

  /// Solves A X = B, or Aᵀ X = B. There are the factors of one matrix, or of one for each matrix of B.
  func solve(_ b: Tensor<Element>, transposed: Bool = false) -> Tensor<Element> {
    if let failure = factors.failure ?? b.failure { return .failed(by: failure) }
    return b.systemsSolved { (b, x) throws(OutOfMemory) in
      try LAPACK.solve(
        lu: factors.operand, pivots: pivots.operand, transposed: transposed != isTransposed, b, into: x)
    }
  }

  /// The inverses.
  var inverse: Tensor<Element> {
    if factors.isFailed { return factors }
    if LAPACK.isSmall(factors.matrixColumns, Element.element) {
      let unit = Tensor<Element>.zeroed(factors.layout.shape)
      if unit.isFailed { return unit }
      unit.diagonalView.overwrite(withAll: 1)
      return solve(unit)
    }
    let result = factors.copied()
    let failure = launch(after: result.failure) { () throws(OutOfMemory) in
      try LAPACK.invert(lu: result.operand, pivots: pivots.operand)
    }
    if let failure { return .failed(by: failure) }
    return isTransposed ? result : result.turned
  }
}

extension Tensor where Element: FieldScalar {
  /// Computes the factors P L U of square matrices.
  func factoredLU() -> (factors: LUFactors<Element>, refusal: Refusal?) {
    if let failure {
      let pivots = Tensor<Int32>.failed(by: failure)
      return (LUFactors(factors: .failed(by: failure), pivots: pivots, isTransposed: false), nil)
    }
    let lies = isColumnMajor, matrices = lies ? turned.copied() : copied()
    let pivots = Tensor<Int32>(uninitialized: batched(matrixRows))
    let (failure, refusal) = launchOnMatrices(after: matrices.failure ?? pivots.failure) {
      () throws(OutOfMemory) in
      try LAPACK.factorLU(matrices.operand, pivots: pivots.operand)
    }
    let factors = failure.map { .failed(by: $0) } ?? matrices
    return (LUFactors(factors: factors, pivots: pivots, isTransposed: !lies), refusal)
  }

  /// Computes L and U of [m, n] matrices, where L has min(m, n) columns, and the source row of each row of P
  /// L.
  func factoredRectangularLU() -> (order: Tensor<Int>, l: Tensor, u: Tensor) {
    let m = matrixRows, n = matrixColumns, k = Swift.min(m, n)
    let columns = turned.copied(), order = Tensor<Int>(uninitialized: batched(m))
    let l = Tensor.zeroed(batched(k, m)), u = Tensor.zeroed(batched(n, k))
    let failure = launch(after: columns.failure ?? order.failure ?? l.failure ?? u.failure) {
      () throws(OutOfMemory) in
      try LAPACK.factorRectangularLU(
        columns.operand, order: order.operand, l: l.operand, u: u.operand)
    }
    if let failure { return (.failed(by: failure), .failed(by: failure), .failed(by: failure)) }
    return (order, l.turned, u.turned)
  }

  /// Returns an estimate of the reciprocal condition number in the 1-norm of one matrix of the batch; 0 for a
  /// singular matrix.
  func reciprocalCondition(of matrix: Int) -> Double {
    let n = matrixRows, one = reshapedView([matrixCount, n, n]).view(of: matrix).copied()
    let (factors, refusal) = one.factoredLU()
    if refusal != nil { return 0 }
    var result = 0.0
    _ = launch(after: factors.factors.failure) { () throws(OutOfMemory) in
      // LAPACK reads the transpose of the matrix.
      result = try LAPACK.reciprocalCondition(
        lu: factors.factors.operand, norm: LAPACK.normOfTranspose(one.operand))
    }
    return result
  }
}
