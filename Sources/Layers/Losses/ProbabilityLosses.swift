public import MartletCore

/// The binary cross-entropy of probabilities, reduced, as
/// ``Tensor/binaryCrossEntropy(_:weight:reduction:file:line:)`` computes it.
///
/// ```swift
/// let probabilities = Tensor<Float>([0.9, 0.2, 0.6])
/// let loss = BCELoss()(probabilities, Tensor<Float>([1, 0, 1]))
/// ```
public struct BCELoss: Sendable {
  /// The weights of the losses along the last axis, or nil.
  public let weight: [Double]?
  /// The reduction of the losses: mean, sum or none.
  public let reduction: Reduction

  /// Creates a loss. The default reduction is the mean.
  public init(weight: [Double]? = nil, reduction: Reduction = .mean) {
    self.weight = weight
    self.reduction = reduction
  }

  /// Returns the loss of a prediction against a target, for `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    prediction.binaryCrossEntropy(
      target, weight: weight.map { Tensor($0.map { Element($0) }) }, reduction: reduction, file: file,
      line: line)
  }
}

/// The binary cross-entropy of logits, reduced, as
/// ``Tensor/binaryCrossEntropyWithLogits(_:weight:positiveWeight:reduction:file:line:)`` computes it.
///
/// ```swift
/// let logits = Linear(8, 2)(Tensor<Float>.normal([3, 8]))
/// let target = Tensor<Float>([[1, 0], [0, 1], [1, 1]])
/// let loss = BCEWithLogitsLoss(positiveWeight: [1, 5])(logits, target)
/// ```
public struct BCEWithLogitsLoss: Sendable {
  /// The weights of the losses along the last axis, or nil.
  public let weight: [Double]?
  /// The weights of the positive class along the last axis, or nil.
  public let positiveWeight: [Double]?
  /// The reduction of the losses: mean, sum or none.
  public let reduction: Reduction

  /// Creates a loss. The default reduction is the mean.
  public init(weight: [Double]? = nil, positiveWeight: [Double]? = nil, reduction: Reduction = .mean) {
    self.weight = weight
    self.positiveWeight = positiveWeight
    self.reduction = reduction
  }

  /// Returns the loss of a prediction against a target, for `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    prediction.binaryCrossEntropyWithLogits(
      target, weight: weight.map { Tensor($0.map { Element($0) }) },
      positiveWeight: positiveWeight.map { Tensor($0.map { Element($0) }) }, reduction: reduction, file: file,
      line: line)
  }
}

/// The logistic loss of scores, reduced, as ``Tensor/softMarginLoss(_:reduction:file:line:)`` computes it.
/// The target is 1 for the positive class and −1 for the negative class.
///
/// ```swift
/// let scores = Tensor<Float>([2, -1, 0.5])
/// let loss = SoftMarginLoss()(scores, Tensor<Float>([1, -1, -1]))
/// ```
public struct SoftMarginLoss: Sendable {
  /// The reduction of the losses: mean, sum or none.
  public let reduction: Reduction

  /// Creates a loss. The default reduction is the mean.
  public init(reduction: Reduction = .mean) {
    self.reduction = reduction
  }

  /// Returns the loss of a prediction against a target, for `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    prediction.softMarginLoss(target, reduction: reduction, file: file, line: line)
  }
}

/// The binary cross-entropy of several classes by their logits, reduced, as
/// ``Tensor/multiLabelSoftMarginLoss(_:weight:reduction:file:line:)`` computes it. Each sample can belong to
/// any number of the classes.
///
/// ```swift
/// let logits = Linear(8, 3)(Tensor<Float>.normal([2, 8]))
/// let loss = MultiLabelSoftMarginLoss()(logits, Tensor<Float>([[1, 0, 1], [0, 0, 0]]))
/// ```
public struct MultiLabelSoftMarginLoss: Sendable {
  /// The weight of each class in the loss, or nil.
  public let weight: [Double]?
  /// The reduction of the losses: mean, sum or none.
  public let reduction: Reduction

  /// Creates a loss. The default reduction is the mean.
  public init(weight: [Double]? = nil, reduction: Reduction = .mean) {
    self.weight = weight
    self.reduction = reduction
  }

  /// Returns the loss of a prediction against a target, for `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    prediction.multiLabelSoftMarginLoss(
      target, weight: weight.map { Tensor($0.map { Element($0) }) }, reduction: reduction, file: file,
      line: line)
  }
}
