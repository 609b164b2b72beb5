// Eigenvalues of general matrices. Complex numbers are pairs of real tensors.

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

  /// The product vᴴ · x of the conjugate transpose of `v` and these numbers x.
  fileprivate func after(adjointOf v: ComplexParts) -> ComplexParts {
    let vr = v.real.transposed(), vi = v.imaginary.transposed()
    return ComplexParts(
      real: vr.matmul(real) + vi.matmul(imaginary), imaginary: vr.matmul(imaginary) - vi.matmul(real))
  }
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
      let outputs = given.outputs, zeros = { Tensor.zeros($0) }
      let lambda = ComplexParts(real: outputs[0], imaginary: outputs[1])
      let v = ComplexParts(real: outputs[2], imaginary: outputs[3])
      let gradient = ComplexParts(
        real: given.gradients[0] ?? zeros(outputs[0].shape),
        imaginary: given.gradients[1] ?? zeros(outputs[1].shape))
      var inner = ComplexParts(
        real: gradient.real.diagonalMatrix(), imaginary: gradient.imaginary.diagonalMatrix())
      if given.gradients[2] != nil || given.gradients[3] != nil {
        // The vector of a real eigenvalue stays real.
        let isReal = (lambda.imaginary .== 0).expandedDims(axis: -2)
        let gv = ComplexParts(
          real: given.gradients[2] ?? zeros(outputs[2].shape),
          imaginary: (given.gradients[3] ?? zeros(outputs[3].shape)).where(.!isReal, else: 0))
        switch Tensor.ofVectors(lambda, v, gradient, gv) {
        case .success(let part):
          inner = ComplexParts(real: inner.real + part.real, imaginary: inner.imaginary + part.imaginary)
        case .failure(let failure):
          return [.failed(by: failure)]
        }
      }
      // X = inner Vᴴ, then Vᴴ Z = X as real equations; the gradient is the real part of Z.
      let vr = v.real.transposed(), vi = v.imaginary.transposed()
      let right = Tensor.concatenated(
        [
          inner.real.matmul(vr) + inner.imaginary.matmul(vi),
          inner.imaginary.matmul(vr) - inner.real.matmul(vi),
        ], axis: -2)
      let block = Tensor.concatenated(
        [.concatenated([vr, vi], axis: -1), .concatenated([-vi, vr], axis: -1)], axis: -2)
      let factors = block.factoredLU().factors
      if factors.isSingular {
        return [
          .failed(
            "backward", "eig has no derivative: the matrix has fewer independent eigenvectors than rows")
        ]
      }
      return [block.solved(right, .general(factors), transposed: false).part(-2, 0, vr.shape[-1])]
    }
    return (
      ComplexParts(real: real, imaginary: imaginary),
      ComplexParts(real: vectorsReal, imaginary: vectorsImaginary)
    )
  }

  /// The part (Vᴴ dV − Vᴴ V diag(Re Vᴴ dV)) / E* of the gradient, 0 on the diagonal.
  private static func ofVectors(
    _ lambda: ComplexParts<Element>, _ v: ComplexParts<Element>, _ gradient: ComplexParts<Element>,
    _ gv: ComplexParts<Element>
  ) -> Result<ComplexParts<Element>, Failure> {
    let product = gv.after(adjointOf: v), gram = v.after(adjointOf: v)
    let lengths = product.real.diagonal().expandedDims(axis: -2)
    let real = product.real - gram.real * lengths, imaginary = product.imaginary - gram.imaginary * lengths
    if product.real.count == 0 { return .success(ComplexParts(real: real, imaginary: imaginary)) }
    func gaps(_ x: Tensor) -> Tensor { x.expandedDims(axis: -2) - x.expandedDims(axis: -1) }
    let er = gaps(lambda.real), ei = gaps(lambda.imaginary), squares = er * er + ei * ei
    let (isNone, isLost, isTurned) = noGrad {
      let sizes = lambda.real * lambda.real + lambda.imaginary * lambda.imaginary
      let largest = sizes.max(axis: -1, keepDims: true).expandedDims(axis: -1)
      let unit = Tensor.eigenvalueError
      let isNone = squares .<= largest * (unit * unit)
      let size = product.real.abs() + product.imaginary.abs()
      let negligible = size.max(axes: [-2, -1], keepDims: true) * Element.ulpOfOne.squareRoot()
      let diagonal = Tensor.identity(lambda.real.shape[-1]) .> 0
      // A gradient that comes through equal eigenvalues and through their vectors does not determine the
      // derivative.
      let used = (gradient.real .!= 0) .| (gradient.imaginary .!= 0)
      let turned = (gv.real.abs() + gv.imaginary.abs()).max(axis: -2, keepDims: true) .> negligible
      let isBoth = used.expandedDims(axis: -1) .& turned
      let lost = isNone .& ((real.abs() + imaginary.abs() .> negligible) .| isBoth) .& .!diagonal
      return (isNone, lost.any(), (product.imaginary.diagonal().abs() .> negligible.squeezed(axis: -1)).any())
    }
    if isTurned {
      return .failure(
        mistake(
          "backward", "the gradient depends on the phases of complex eigenvectors, which are not determined"))
    }
    if isLost {
      return .failure(
        mistake(
          "backward", "the gradient depends on the vectors of equal eigenvalues, which are not determined"))
    }
    // x / conj(e) = x e / |e|².
    let share = (1 / squares.where(.!isNone, else: 1)).where(.!isNone, else: 0)
    return .success(
      ComplexParts(
        real: (real * er - imaginary * ei) * share, imaginary: (real * ei + imaginary * er) * share))
  }

  /// The eigenvalues of square matrices without the vectors; see ``eig(file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func eigvals(
    file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> ComplexParts<Element> {
    try eig(file: file, line: line).values
  }
}
