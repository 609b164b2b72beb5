// Covariances and correlations of variables from observations.

extension Tensor where Element: DifferentiableScalar {
  /// The covariances of variables, `[…, variables, observations] → […, variables, variables]`:
  /// `Σ (x − mean) (y − mean) / (n − correction)`. The correction is 1 for a sample and 0 for a population.
  ///
  /// `frequencies` are numbers that say how often each observation counts, and `weights` are reliabilities, of
  /// any scale; each is a vector with a number for each observation. With both products w, their sum W and the
  /// weights a, means are `Σ w x / W`, and the divisor is `W − correction · Σ w a / W`, at least 0. Without
  /// weights, a is 1. A vector is one variable, and its covariance is a scalar. A scalar is an error, and so are
  /// frequencies or weights of another shape. Derivatives: those of the formula.
  ///
  /// ```swift
  /// let heightsAndMasses = Tensor<Float>([[1.5, 1.7, 1.9], [50, 68, 85]])
  /// let covariance = heightsAndMasses.covariance(correction: 0, frequencies: Tensor<Float>([1, 2, 1]))
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func covariance(
    correction: Element = 1, frequencies: Tensor? = nil, weights: Tensor? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? frequencies?.failure ?? weights?.failure { return .failed(by: failure) }
    guard rank >= 1 else {
      return .failed("covariance", "a scalar has no observations; at least 1 axis is needed", file, line)
    }
    for given in [frequencies, weights] {
      guard given == nil || given!.shape == [shape[-1]] else {
        return .failed(
          "covariance",
          "frequencies or weights of shape \(given!.shape) do not fit shape \(shape); they must be [\(shape[-1])]",
          file, line)
      }
    }
    if rank == 1 {
      let matrix = reshapedView([1, count])
        .covariance(correction: correction, frequencies: frequencies, weights: weights)
      return matrix.reshapedView([])
    }
    guard let shares = weights.map({ a in frequencies.map { $0 * a } ?? a }) ?? frequencies else {
      let difference = self - mean(axis: -1, keepDims: true)
      let freedom = Swift.max(Element(shape[-1]) - correction, 0)
      return difference.matmul(difference.transposed()) / freedom
    }
    let total = shares.sum()
    let difference = self - (self * shares).sum(axis: -1, keepDims: true) / total
    let lost = weights.map { (shares * $0).sum() / total * correction } ?? Tensor(single: correction)
    let freedom = Tensor.maximum(total - lost, Tensor(single: 0))
    return (difference * shares).matmul(difference.transposed()) / freedom
  }

  /// The correlation coefficients of variables, `[…, variables, observations] → […, variables, variables]`: the
  /// covariances divided by the standard deviations of both variables, limited to −1...1. PyTorch and NumPy
  /// name it `corrcoef`.
  ///
  /// A vector is one variable, and its coefficient is a scalar. The coefficients of a variable that does not
  /// vary are NaN. A scalar is an error. Derivative: that of the formula.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func correlation(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard rank >= 1 else {
      return .failed("correlation", "a scalar has no observations; at least 1 axis is needed", file, line)
    }
    let products = covariance()
    if products.rank < 2 { return products / products }
    let deviations = products.diagonal().sqrt()
    return (products / deviations.expandedDims(axis: -1) / deviations.expandedDims(axis: -2)).clamped(-1...1)
  }
}
