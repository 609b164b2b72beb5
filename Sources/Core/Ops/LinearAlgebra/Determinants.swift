// Determinants of square matrices.

extension Tensor where Element: FieldScalar {
  /// The determinants `[…]` of square matrices; 1 for a matrix without rows. The computation overflows only
  /// if the determinant does.
  ///
  /// Derivative: `dA = g` times the conjugate cofactors of A, `conj(|A|) A⁻ᴴ`. The cofactors of a singular
  /// matrix are computed from its singular values. They have no derivative, so that the backward pass of a
  /// second derivative fails.
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

  /// The cofactors, of complex matrices their conjugates.
  private var cofactors: Tensor {
    let (factors, singular) = factoredLU()
    if singular == nil {
      return determinant(factors).conjugate().expandedDims(axis: -1).expandedDims(axis: -1)
        * inverted(factors).adjoint()
    }
    if isRecording, isTracked {
      return .failed(
        "backward", "the second derivative of the determinant of a singular matrix cannot be computed")
    }
    // The cofactors are conj(|U| |Vᴴ|) U diag(products of the other singular values) Vᴴ.
    let (u, s, vt, refusal) = factoredSVD(.thin)
    if let refusal { return .failed("backward", "\(unconverged("determinant", refusal))") }
    let n = shape[-1]
    let others = (0..<n).map { i -> Tensor<Element.Magnitude> in
      var product = Tensor<Element.Magnitude>.ones(batched())
      for j in 0..<n where j != i { product = product * s[.ellipsis, j] }
      return product
    }
    let orientation = u.factoredLU().factors.determinants.sign * vt.factoredLU().factors.determinants.sign
    let scaled = u * .of(real: .stacked(others, axis: -1)).expandedDims(axis: -2)
    return scaled.matmul(vt) * orientation.conjugate().expandedDims(axis: -1).expandedDims(axis: -1)
  }

  /// The signs of the determinants, −1, 0 or 1, and the logarithms of their magnitudes, −∞ for a singular
  /// matrix. They are useful if the determinant would overflow. The sign s of a complex determinant is a
  /// number of length 1 or 0.
  ///
  /// Derivatives: `dA = g A⁻ᴴ` of the logarithm, and `dA = i Im(g conj(s)) A⁻ᴴ` of a complex sign. A real
  /// sign has no derivative. The backward pass fails for a singular matrix.
  ///
  /// - Throws: ``LinearAlgebraError`` for NaN or infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func logDeterminant(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> (sign: Tensor, logMagnitude: Tensor<Element.Magnitude>) {
    if let fault = matrixFault("logDeterminant", square: true, file, line) {
      return (fault, .failed(by: fault.failure!))
    }
    try requireFinite("logDeterminant")
    let (factors, refusal) = factoredLU(), (_, sign, logMagnitude) = factors.determinants
    let isSingular = refusal != nil, logarithm = Tensor.of(real: logMagnitude)
    let outputs = Element.element.isComplex ? [logarithm, sign] : [logarithm]
    Tensor.record("LogDeterminant", outputs, of: [self], saving: [self]) { given in
      if isSingular {
        return [.failed("backward", "the log-determinant of a singular matrix has no derivative")]
      }
      var g = given.gradients[0] ?? .zeros(given.outputs[0].shape)
      if given.gradients.count > 1, let ofSign = given.gradients[1] {
        let turn = ofSign * given.outputs[1].conjugate()
        g = g + (turn - turn.conjugate()) / 2
      }
      return [g.expandedDims(axis: -1).expandedDims(axis: -1) * given.saved[0].inverted(factors).adjoint()]
    }
    return (sign, logarithm.realPart)
  }
}
