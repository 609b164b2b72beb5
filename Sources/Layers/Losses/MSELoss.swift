public import MartletCore

/// The squared difference as a loss, `(x − t)²`, reduced.
public struct MSELoss<Element: DifferentiableScalar>: Sendable {
  /// What is done with the differences.
  public let reduction: Reduction

  /// A loss whose default reduction is the mean over all elements.
  public init(reduction: Reduction = .mean) { self.init(reducing: reduction) }

  fileprivate init(reducing reduction: Reduction) { self.reduction = reduction }

  /// The loss of a prediction against a target of its shape; another is an error. Derivative: `dx = 2g (x − t)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func callAsFunction(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Element> {
    if prediction.shape != target.shape, !prediction.isFailed, !target.isFailed {
      programError(
        "MSELoss",
        "a prediction of shape \(prediction.shape) and a target of shape \(target.shape); equal shapes are expected",
        file, line)
    }
    return prediction.squaredError(target, reduction: reduction)
  }
}

extension MSELoss where Element == Float {
  /// A loss for `Float`, whose default reduction is the mean over all elements.
  public init(reduction: Reduction = .mean) { self.init(reducing: reduction) }
}
