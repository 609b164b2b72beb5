// Eigenvalues of general matrices. Those of real matrices are pairs of real tensors.

/// Complex numbers, stored as their real and imaginary parts.
///
/// ```swift
/// let values = try Tensor<Double>([[0, -1], [1, 0]]).eigvals()
/// let squares = values.real * values.real + values.imaginary * values.imaginary
/// ```
public struct ComplexParts<Element: DifferentiableScalar> {
  /// The real parts.
  public let real: Tensor<Element>
  /// The imaginary parts, of the same shape.
  public let imaginary: Tensor<Element>

  /// The numbers as a complex tensor.
  public var complex: Tensor<Complex<Element>> { Tensor<Element>.complex(real, imaginary) }
}

extension Tensor where Element: DifferentiableScalar {
  /// The eigenvalues `[…, n]` of square matrices and their eigenvectors of length 1, the columns of
  /// `[…, n, n]`. Complex eigenvalues come in conjugate pairs, the one with the positive imaginary part
  /// first.
  ///
  /// Derivative (Boeddeker, Hanebrink & Drude 2017, arXiv:1701.00392, §4.13), where E has λ_j − λ_i off its
  /// diagonal: the real part of `V⁻ᴴ (diag(dλ) + (Vᴴ dV − Vᴴ V diag(Re Vᴴ dV)) / E*) Vᴴ`. A complex
  /// eigenvector may be multiplied by any phase, and the eigenvectors of equal eigenvalues may be any vectors
  /// of their space. The backward pass fails if a gradient depends on these choices, and for a matrix without
  /// n independent eigenvectors.
  ///
  /// - Throws: ``LinearAlgebraError`` if the iteration does not converge, and for NaN or infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func eig(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> (values: ComplexParts<Element>, vectors: ComplexParts<Element>) {
    if let fault = matrixFault("eig", square: true, file, line) {
      let failed = ComplexParts(real: fault, imaginary: fault)
      return (failed, failed)
    }
    try requireFinite("eig")
    let (real, imaginary, vectorsReal, vectorsImaginary, refusal) = factoredGeneral()
    if let refusal { throw unconverged("eig", refusal) }
    Tensor.record("Eigen", [real, imaginary, vectorsReal, vectorsImaginary], of: [self]) { given in
      let outputs = given.outputs
      func complex(_ index: Int, _ parts: [Tensor?]) -> Tensor<Complex<Element>>? {
        guard parts[index] != nil || parts[index + 1] != nil else { return nil }
        let zeros = Tensor.zeros(outputs[index].shape)
        return Tensor.complex(parts[index] ?? zeros, parts[index + 1] ?? zeros)
      }
      var gradients = given.gradients
      // The vector of a real eigenvalue stays real.
      if let turn = gradients[3] {
        gradients[3] = turn.where((outputs[1] .!= 0).expandedDims(axis: -2), else: 0)
      }
      return [
        Tensor<Complex<Element>>.eigenGradient(
          complex(0, outputs)!, complex(2, outputs)!, complex(0, gradients), complex(2, gradients)
        ).real()
      ]
    }
    return (
      ComplexParts(real: real, imaginary: imaginary),
      ComplexParts(real: vectorsReal, imaginary: vectorsImaginary)
    )
  }

  /// The eigenvalues of square matrices without the vectors; see `eig(file:line:)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func eigvals(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> ComplexParts<Element> {
    try eig(file: file, line: line).values
  }
}

extension Tensor {
  /// The eigenvalues `[…, n]` of complex square matrices and their eigenvectors of length 1, the columns of
  /// `[…, n, n]`.
  ///
  /// Derivative (Boeddeker, Hanebrink & Drude 2017, arXiv:1701.00392, §4.13), where E has λ_j − λ_i off its
  /// diagonal: `V⁻ᴴ (diag(dλ) + (Vᴴ dV − Vᴴ V diag(Re Vᴴ dV)) / E*) Vᴴ`. It fails as that of a real matrix.
  ///
  /// - Throws: ``LinearAlgebraError`` if the iteration does not converge, and for NaN or infinity.
  @specialized(where Element == Complex<Float>, Real == Float)
  @specialized(where Element == Complex<Double>, Real == Double)
  public func eig<Real: DifferentiableScalar>(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> (values: Tensor, vectors: Tensor) where Element == Complex<Real> {
    if let fault = matrixFault("eig", square: true, file, line) { return (fault, fault) }
    try requireFinite("eig")
    let (values, vectors, refusal) = factoredComplex()
    if let refusal { throw unconverged("eig", refusal) }
    Tensor.record("Eigen", [values, vectors], of: [self]) { given in
      [Tensor.eigenGradient(given.outputs[0], given.outputs[1], given.gradients[0], given.gradients[1])]
    }
    return (values, vectors)
  }

  /// The eigenvalues of complex square matrices without the vectors.
  @specialized(where Element == Complex<Float>, Real == Float)
  @specialized(where Element == Complex<Double>, Real == Double)
  public func eigvals<Real: DifferentiableScalar>(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor where Element == Complex<Real> {
    try eig(file: file, line: line).values
  }
}

extension Tensor where Element: FieldScalar {
  /// The gradient `V⁻ᴴ (diag(dλ) + (Vᴴ dV − Vᴴ V diag(Re Vᴴ dV)) / E*) Vᴴ` of complex matrices with these
  /// eigenvalues and eigenvectors.
  fileprivate static func eigenGradient(
    _ lambda: Tensor, _ v: Tensor, _ ofValues: Tensor?, _ ofVectors: Tensor?
  ) -> Tensor {
    let vt = v.adjoint()
    var inner = ofValues?.diagonalMatrix() ?? .zeros(v.shape)
    if let ofVectors { inner = inner + eigenvectorPart(lambda, v, ofValues, ofVectors) }
    let factors = vt.factoredLU().factors
    if factors.isSingular {
      return .failed(
        "backward", "eig has no derivative: the matrix has fewer independent eigenvectors than rows")
    }
    return vt.solved(inner.matmul(vt), .general(factors), adjoint: false)
  }

  /// The part (Vᴴ dV − Vᴴ V diag(Re Vᴴ dV)) / E* of the gradient, 0 on the diagonal.
  private static func eigenvectorPart(
    _ lambda: Tensor, _ v: Tensor, _ ofValues: Tensor?, _ ofVectors: Tensor
  ) -> Tensor {
    let product = v.adjoint().matmul(ofVectors), gram = v.adjoint().matmul(v)
    let part = product - gram * .of(real: product.diagonal().realPart).expandedDims(axis: -2)
    if product.count == 0 { return part }
    let gaps = lambda.expandedDims(axis: -2) - lambda.expandedDims(axis: -1)
    let (isNone, isLost, isTurned) = noGrad {
      let largest = lambda.magnitudes.max(axis: -1, keepDims: true).expandedDims(axis: -1)
      let isNone = gaps.magnitudes .<= largest * eigenvalueError
      let negligible =
        product.magnitudes.max(axes: [-2, -1], keepDims: true) * Element.Magnitude.ulpOfOne.squareRoot()
      let isOn = Tensor<Element.Magnitude>.identity(lambda.shape[-1]) .> 0
      // A gradient that comes through equal eigenvalues and through their vectors does not determine the
      // derivative.
      let isMoved = ofVectors.magnitudes.max(axis: -2, keepDims: true) .> negligible
      let isBoth = ofValues.map { ($0 .!= 0).expandedDims(axis: -1) .& isMoved } ?? (isOn .& .!isOn)
      let lost = isNone .& ((part.magnitudes .> negligible) .| isBoth) .& .!isOn
      let turns = (product - product.adjoint()).diagonal().magnitudes
      return (isNone, lost.any(), (turns .> negligible.squeezed(axis: -1) * 2).any())
    }
    if isTurned {
      return .failed(
        "backward", "the gradient depends on the phases of complex eigenvectors, which are not determined")
    }
    if isLost {
      return .failed(
        "backward", "the gradient depends on the vectors of equal eigenvalues, which are not determined")
    }
    return (part / gaps.conjugate().where(.!isNone, else: 1)).where(.!isNone, else: 0)
  }
}
