// Derivatives of eigenvectors and singular vectors in the presence of equal values.

extension Tensor where Element: FieldScalar {
  /// The largest distance, as a share of the largest eigenvalue, between computed eigenvalues that are equal
  /// in exact arithmetic. Up to 21 roundings were measured, for 8 × 8 and for 512 × 512 matrices.
  static var eigenvalueError: Element.Magnitude { 32 * Element.Magnitude.ulpOfOne }
}

/// Eigenvalues or singular values, the gradients of these values and of their vectors, and the pairs of equal
/// values.
///
/// The vectors V of equal values may be turned among themselves by any orthogonal or unitary matrix. M = Vᴴ dV
/// tells how the gradient depends on that: if V becomes V exp(Ω) with a skew Ω, the loss changes by
/// Re Σ conj(M) ∘ Ω. The loss is therefore independent of the choice exactly if M − Mᴴ is 0 for equal
/// values. A complex vector of a single value may have any phase, so for complex elements the diagonal of
/// M − Mᴴ has to be 0, too.
struct EqualValues<Element: FieldScalar> {
  typealias T = Tensor<Element>
  typealias Sizes = Tensor<Element.Magnitude>
  private let values: T
  /// The gradient of the values; nil if the loss does not depend on them.
  private let gradient: T?
  /// The largest distance at which values count as equal, `[…, 1, 1]`.
  private let least: Sizes
  /// The largest magnitude at which an element of M counts as 0, `[…, 1, 1]`.
  private let rounding: Sizes
  /// The mask of pairs of different indices with equal values, `[…, n, n]`.
  private let isEqual: Tensor<Bool>
  /// The mask of the diagonal, `[n, n]`.
  private let isOn: Tensor<Bool>

  private static var lost: T {
    .failed(
      "backward",
      "the gradient depends on the vectors of equal singular values or eigenvalues, which are not determined")
  }

  /// Finds the equal values and the bounds of rounding errors.
  ///
  /// An element of M is a sum over the elements of two vectors. Its error is at most one rounding of the
  /// product of their lengths for each term. A factor of 32 leaves room for the errors of the vectors and of
  /// the gradients. If values differ by an error δ, M − Mᵀ also contains 2 δ times the gradient of the
  /// values.
  init(_ values: T, _ gradient: T?, ofVectors gradients: [T]) {
    (self.values, self.gradient) = (values, gradient)
    let isOn = noGrad { Sizes.identity(values.shape[-1]) .> 0 }
    self.isOn = isOn
    (least, rounding, isEqual) = noGrad {
      let sizes = values.magnitudes
      if values.count == 0 { return (sizes, sizes, values.diagonalMatrix() .!= 0) }
      func largest(_ x: Sizes) -> Sizes { x.max(axis: -1, keepDims: true).expandedDims(axis: -1) }
      let least = largest(sizes) * T.eigenvalueError
      let terms = gradients.map { $0.shape[-2] }.max()!
      var rounding = gradients.reduce(Sizes(single: 0)) { $0 + largest($1.magnitudes.norm(axis: -2)) }
      rounding = rounding * (Element.Magnitude(terms) * T.eigenvalueError)
      if let gradient { rounding = rounding + least * largest(gradient.magnitudes) * 2 }
      let gaps = values.expandedDims(axis: -2) - values.expandedDims(axis: -1)
      return (least, rounding, (gaps.magnitudes .<= least) .& .!isOn)
    }
  }

  /// The Hermitian part `diag(g) + ½ (M − Mᴴ) / (λ_j − λ_i)` of the gradient, in the basis of the vectors.
  func symmetricPart(_ m: T) -> T {
    let difference = m - m.adjoint()
    if values.count == 0 { return difference }
    let isLarge = noGrad { difference.magnitudes .> rounding }
    if (isOn .& isLarge).any() {
      return .failed(
        "backward", "the gradient depends on the phases of complex vectors, which are not determined")
    }
    if (isEqual .& isLarge).any() { return Self.lost }
    let gaps = values.expandedDims(axis: -2) - values.expandedDims(axis: -1), isDistinct = .!(isEqual .| isOn)
    let result = (difference / (gaps * 2).where(isDistinct, else: 1)).where(isDistinct, else: 0)
    guard let gradient else { return result }
    return result + gradient.diagonalMatrix() + amongEqual(m, gradient)
  }

  /// The part of the gradient between equal values. For a function of B = V f(Λ) Vᴴ with the derivative H by
  /// B, M is `2 f H` there and the gradient is `f' H`. The diagonal of `f' H` is the gradient of the values,
  /// so the ratio of the two diagonals gives the other elements.
  private func amongEqual(_ m: T, _ gradient: T) -> T {
    let sum = noGrad { (m + m.adjoint()) * Element(0.5) }
    let isUsed = noGrad { isEqual .& (sum.magnitudes .> rounding) }
    if !isUsed.any() { return .zeros(m.shape) }
    if isRecording {
      return .failed(
        "backward",
        "the second derivative of the vectors of equal singular values or eigenvalues cannot be computed")
    }
    let own = m.diagonal(), a = own.expandedDims(axis: -1), b = own.expandedDims(axis: -2)
    let ga = gradient.expandedDims(axis: -1), gb = gradient.expandedDims(axis: -2)
    let ratio = (ga * a + gb * b) / (a * a + b * b).where(isUsed, else: 1)
    // The bound covers errors of the diagonal and of the gradients. Equal diagonal elements fit any function.
    let share = Element.Magnitude(m.shape[-1]) * T.eigenvalueError
    let sizeA = ga.magnitudes, sizeB = gb.magnitudes
    let bound =
      (sizeA + sizeB) * rounding + Sizes.maximum(sizeA, sizeB) * (a.magnitudes + b.magnitudes) * share
    let fits = ((ga * b - gb * a).magnitudes .<= bound) .& ((a - b).magnitudes .> rounding)
    if (isUsed .& .!fits).any() {
      return .failed(
        "backward",
        "the gradient comes through equal singular values or eigenvalues and through their vectors, and does not determine a derivative; use one of the two, or a function of the matrix"
      )
    }
    return (ratio * sum).where(isUsed, else: 0)
  }

  /// The skew part `½ (D − Dᴴ) / (s_j + s_i)` of a gradient for D = Uᴴ dU − Vᴴ dV, in the basis of the
  /// singular vectors. For singular values of 0 the vectors of U and V may be turned independently.
  func skewPart(_ d: T) -> T {
    let difference = d - d.adjoint()
    if values.count == 0 { return difference }
    let sums = values.expandedDims(axis: -2) + values.expandedDims(axis: -1)
    let (isNone, isLost) = noGrad {
      let isNone = sums.magnitudes .<= least * 2
      let isTurned = isOn .& (difference.magnitudes .> rounding)
      return (isNone, (isNone .& (isTurned .| (isEqual .& isUsed(difference, axis: -1)))).any())
    }
    if isLost { return Self.lost }
    return (difference / (sums * 2).where(.!isNone, else: 1)).where(.!isNone, else: 0)
  }

  /// Divides columns by the singular values. For a singular value of 0 the column must be 0, and so must the
  /// gradient of that value, because its vector may be any vector that is orthogonal to the others.
  func overValues(_ columns: T) -> T {
    let row = values.expandedDims(axis: -2), isZero = row .== 0
    let isLost = values.count > 0 && noGrad { (isZero .& isUsed(columns, axis: -2)).any() }
    if isLost { return .failed("backward", "the vectors of a singular value of zero have no derivative") }
    return (columns / row.where(.!isZero, else: 1)).where(.!isZero, else: 0)
  }

  /// The mask of the elements that do not count as 0 or whose values have a gradient along this axis.
  private func isUsed(_ elements: T, axis: Int) -> Tensor<Bool> {
    let isLarge = elements.magnitudes .> rounding
    guard let gradient else { return isLarge }
    return isLarge .| (gradient.expandedDims(axis: axis) .!= 0)
  }
}
