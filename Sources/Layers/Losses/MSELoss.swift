public import MartletCore

/// The squared difference as a loss, `(x − t)²`, reduced.
///
/// ```swift
/// let model = Linear(8, 1)
/// let loss = MSELoss()(model(.normal([4, 8])), .normal([4, 1]))
/// loss.backward()
/// ```
public struct MSELoss<Element: DifferentiableScalar>: Sendable {
  /// The reduction of the squared differences: mean, sum or none.
  public let reduction: Reduction

  /// Creates a loss. The default reduction is the mean over all elements.
  public init(reduction: Reduction = .mean) { self.init(reducing: reduction) }

  fileprivate init(reducing reduction: Reduction) { self.reduction = reduction }

  /// Returns the loss of a prediction against a target of the same shape. Another shape is an error.
  /// Derivative: `dx = 2g (x − t)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func callAsFunction(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Element> {
    if prediction.shape != target.shape, !prediction.isFailed, !target.isFailed {
      programError(
        "MSELoss",
        "a prediction of shape \(prediction.shape) does not fit a target of shape \(target.shape); the shapes must be equal",
        file, line)
    }
    return prediction.squaredError(target, reduction: reduction)
  }
}

extension MSELoss where Element == Float {
  /// Creates a loss for `Float`. The default reduction is the mean over all elements.
  public init(reduction: Reduction = .mean) { self.init(reducing: reduction) }
}
