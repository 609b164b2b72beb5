// Determinants of square matrices.

extension Tensor where Element: DifferentiableScalar {
  /// The determinants `[…]` of square matrices; 1 for a matrix without rows. The computation overflows only
  /// if the determinant does.
  ///
  /// Derivative: `dA = g` times the cofactors of A, `|A| A⁻ᵀ`. The cofactors of a singular matrix are
  /// computed from its singular values. They have no derivative, so that the backward pass of a second
  /// derivative fails.
  ///
  /// - Throws: ``LinearAlgebraError`` for NaN or infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func determinant(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    if let fault = matrixFault("determinant", square: true, file, line) { return fault }
    try requireFinite("determinant")
    return determinant(factoredLU().factors)
  }

  /// The determinants of matrices with these factors. The matrices may be singular.
  private func determinant(_ factors: LUFactors<Element>) -> Tensor {
    factors.determinants.value.recorded(
      "Determinant",
      edge(saving: self) { g, a in
        g.expandedDims(axis: -1).expandedDims(axis: -1) * a.cofactors
      })
  }

  private var cofactors: Tensor {
    let (factors, singular) = factoredLU()
    if singular == nil {
      return determinant(factors).expandedDims(axis: -1).expandedDims(axis: -1)
        * inverted(factors).transposed()
    }
    if isRecording, isTracked {
      return .failed(
        "backward", "the second derivative of the determinant of a singular matrix cannot be computed")
    }
    // The cofactors are |U| |V| U diag(products of the other singular values) Vᵀ.
    let (u, s, vt, refusal) = factoredSVD(.thin)
    if let refusal { return .failed("backward", "\(unconverged("determinant", refusal))") }
    let n = shape[-1]
    let others = (0..<n).map { i -> Tensor in
      var product = Tensor.ones(batched())
      for j in 0..<n where j != i { product = product * s[.ellipsis, j] }
      return product
    }
    let orientation = u.factoredLU().factors.determinants.sign * vt.factoredLU().factors.determinants.sign
    let scaled = u * Tensor.stacked(others, axis: -1).expandedDims(axis: -2)
    return scaled.matmul(vt) * orientation.expandedDims(axis: -1).expandedDims(axis: -1)
  }

  /// The signs of the determinants, −1, 0 or 1, and the logarithms of their magnitudes, −∞ for a singular
  /// matrix. They are useful if the determinant would overflow.
  ///
  /// Derivative of the logarithm: `dA = g A⁻ᵀ`. The backward pass fails for a singular matrix. The sign has
  /// no derivative.
  ///
  /// - Throws: ``LinearAlgebraError`` for NaN or infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func logDeterminant(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> (sign: Tensor, logMagnitude: Tensor) {
    if let fault = matrixFault("logDeterminant", square: true, file, line) { return (fault, fault) }
    try requireFinite("logDeterminant")
    let (factors, refusal) = factoredLU(), (_, sign, logMagnitude) = factors.determinants
    let isSingular = refusal != nil
    return (
      sign,
      logMagnitude.recorded(
        "LogDeterminant",
        edge(saving: self) { g, a in
          if isSingular {
            return .failed("backward", "the log-determinant of a singular matrix has no derivative")
          }
          return g.expandedDims(axis: -1).expandedDims(axis: -1) * a.inverted(factors).transposed()
        })
    )
  }
}
