// Derivatives of eigenvectors and singular vectors, where values may be equal.

extension Tensor where Element: DifferentiableScalar {
  /// The distance between computed eigenvalues of one true value, as a share of the largest: up to 21 roundings were
  /// seen, of 8 × 8 and of 512 × 512.
  static var eigenvalueError: Element { 32 * Element.ulpOfOne }
}

/// Eigenvalues or singular values with the gradients that arrived for them and their vectors, and which of them are
/// equal.
///
/// The vectors V of equal values may be turned by any orthogonal matrix among themselves. M = Vᵀ dV tells how the
/// gradient depends on that: with V exp(Ω) for V it changes by Σ M ∘ Ω, and Ω is skew. So it does not depend on the
/// choice exactly if M − Mᵀ is 0 for equal values.
struct EqualValues<Element: DifferentiableScalar> {
  typealias T = Tensor<Element>
  private let values: T
  /// The gradient of the values; nil if nothing depends on them.
  private let gradient: T?
  /// The distance up to which values count as equal, `[…, 1, 1]`.
  private let least: T
  /// The size up to which an element of M counts as 0, `[…, 1, 1]`.
  private let rounding: T
  /// Pairs of different numbers and equal values, `[…, n, n]`.
  private let isEqual: Tensor<Bool>

  private static var lost: T {
    .failed(
      "backward",
      "the gradient depends on the vectors of equal singular values or eigenvalues, which are not determined")
  }

  /// An element of M is a sum over the elements of two vectors: its error is at most as many roundings of the
  /// product of their lengths, and 32 times that leaves room for the errors of the vectors and of the gradients. Of
  /// values that differ by the error δ, M − Mᵀ has besides 2 δ times the gradient of the values.
  init(_ values: T, _ gradient: T?, ofVectors gradients: [T]) {
    (self.values, self.gradient) = (values, gradient)
    (least, rounding, isEqual) = noGrad {
      if values.count == 0 { return (values, values, values.diagonalMatrix() .!= 0) }
      func largest(_ x: T) -> T { x.abs().max(axis: -1, keepDims: true).expandedDims(axis: -1) }
      let least = largest(values) * T.eigenvalueError
      let terms = gradients.map { $0.shape[-2] }.max()!
      var rounding = gradients.reduce(T(single: 0)) { $0 + largest($1.norm(axis: -2)) }
      rounding = rounding * (Element(terms) * T.eigenvalueError)
      if let gradient { rounding = rounding + least * largest(gradient) * 2 }
      let gaps = values.expandedDims(axis: -2) - values.expandedDims(axis: -1)
      return (least, rounding, (gaps.abs() .<= least) .& (T.identity(values.shape[-1]) .== 0))
    }
  }

  /// `diag(g) + ½ (M − Mᵀ) / (λ_j − λ_i)`, the symmetric part of a gradient in the basis of the vectors.
  func symmetricPart(_ m: T) -> T {
    let difference = m - m.transposed()
    if values.count == 0 { return difference }
    if noGrad({ (isEqual .& (difference.abs() .> rounding)).any() }) { return Self.lost }
    let gaps = values.expandedDims(axis: -2) - values.expandedDims(axis: -1)
    let isOn = T.identity(values.shape[-1]) .> 0
    let result = (difference / (gaps * 2).where(.!(isEqual .| isOn), else: 1)).where(.!isEqual, else: 0)
    guard let gradient else { return result }
    return result + gradient.diagonalMatrix() + amongEqual(m, gradient)
  }

  /// The part of the gradient between equal values. A function of B = V f(Λ) Vᵀ with the derivative H by B has there
  /// `M = 2 f H` and the gradient `f' H`, on whose diagonal is that of the values: their ratio gives the rest.
  private func amongEqual(_ m: T, _ gradient: T) -> T {
    let sum = noGrad { (m + m.transposed()) * 0.5 }
    let isUsed = noGrad { isEqual .& (sum.abs() .> rounding) }
    if !isUsed.any() { return .zeros(m.shape) }
    if isRecording {
      return .failed(
        "backward", "the second derivative of the vectors of equal singular values or eigenvalues")
    }
    let own = m.diagonal(), a = own.expandedDims(axis: -1), b = own.expandedDims(axis: -2)
    let ga = gradient.expandedDims(axis: -1), gb = gradient.expandedDims(axis: -2)
    let ratio = (ga * a + gb * b) / (a * a + b * b).where(isUsed, else: 1)
    // Errors of the diagonal and of the gradients; equal elements fit any function.
    let share = Element(m.shape[-1]) * T.eigenvalueError
    let bound = (ga.abs() + gb.abs()) * rounding + T.maximum(ga.abs(), gb.abs()) * (a.abs() + b.abs()) * share
    let fits = ((ga * b - gb * a).abs() .<= bound) .& ((a - b).abs() .> rounding)
    if (isUsed .& .!fits).any() {
      return .failed(
        "backward",
        "the gradient comes through equal singular values or eigenvalues and through their vectors, and does not determine a derivative; use one of the two, or a function of the matrix"
      )
    }
    return (ratio * sum).where(isUsed, else: 0)
  }

  /// `½ (D − Dᵀ) / (s_j + s_i)` for D = Uᵀ dU − Vᵀ dV, the skew part of a gradient in the basis of singular vectors.
  /// Vectors of singular values of 0 may be turned on each side alone.
  func skewPart(_ d: T) -> T {
    let difference = d - d.transposed()
    if values.count == 0 { return difference }
    let sums = values.expandedDims(axis: -2) + values.expandedDims(axis: -1)
    let (isNone, isLost) = noGrad {
      let isNone = sums .<= least * 2
      return (isNone, (isNone .& isEqual .& isUsed(difference, axis: -1)).any())
    }
    if isLost { return Self.lost }
    return (difference / (sums * 2).where(.!isNone, else: 1)).where(.!isNone, else: 0)
  }

  /// Columns divided by the singular values. A column for a singular value of 0 must be 0, and so must the gradient
  /// of that value: the vector is any that is orthogonal to the others.
  func overValues(_ columns: T) -> T {
    let row = values.expandedDims(axis: -2), isZero = row .== 0
    let isLost = values.count > 0 && noGrad { (isZero .& isUsed(columns, axis: -2)).any() }
    if isLost { return .failed("backward", "the vectors of a singular value of zero have no derivative") }
    return (columns / row.where(.!isZero, else: 1)).where(.!isZero, else: 0)
  }

  /// Elements that do not count as 0, and those of values that something depends on, along an axis.
  private func isUsed(_ elements: T, axis: Int) -> Tensor<Bool> {
    let isLarge = elements.abs() .> rounding
    guard let gradient else { return isLarge }
    return isLarge .| (gradient.expandedDims(axis: axis) .!= 0)
  }
}
