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
    return prediction.squaredError(target, reduction)
  }
}

/// The cross-entropy of logits, softmax and logarithm in one: `log Σ exp(x) − x[label]`, reduced.
public struct CrossEntropyLoss<Element: DifferentiableScalar>: Sendable {
  /// What is done with the losses of the rows.
  public let reduction: Reduction

  /// A loss whose default reduction is the mean over the rows.
  public init(reduction: Reduction = .mean) { self.init(reducing: reduction) }

  fileprivate init(reducing reduction: Reduction) { self.reduction = reduction }

  /// The loss of logits `[n, classes]` against the right classes `[n]`.
  ///
  /// A label outside of 0 ..< classes is an error. Derivative: `dx = (softmax(x) − onehot(label)) · g`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func callAsFunction(
    _ logits: Tensor<Element>, _ labels: Tensor<Int>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Element> {
    logits.crossEntropy(labels, reduction: reduction, file: file, line: line)
  }

  /// The loss H(P, Q) of logits `[n, classes]` against distributions of the same shape; another is an error.
  ///
  /// Derivatives: `dx = (Σp · softmax(x) − p) · g`, `dp = −g · log softmax(x)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func callAsFunction(
    _ logits: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Element> {
    logits.crossEntropy(target, reduction: reduction, file: file, line: line)
  }
}

extension MSELoss where Element == Float {
  /// A loss for `Float`, whose default reduction is the mean over all elements.
  public init(reduction: Reduction = .mean) { self.init(reducing: reduction) }
}

extension CrossEntropyLoss where Element == Float {
  /// A loss for `Float`, whose default reduction is the mean over the rows.
  public init(reduction: Reduction = .mean) { self.init(reducing: reduction) }
}
