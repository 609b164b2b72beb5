public import MartletCore

/// The cross-entropy of probabilities that something holds, reduced, as ``Tensor/binaryCrossEntropy(_:weight:reduction:file:line:)``.
public struct BCELoss: Sendable {
  /// What scales the losses along the last axis, or nil.
  public let weight: [Double]?
  /// What is done with the losses.
  public let reduction: Reduction

  /// A loss whose default reduction is the mean.
  public init(weight: [Double]? = nil, reduction: Reduction = .mean) {
    self.weight = weight
    self.reduction = reduction
  }

  /// The loss, of `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    prediction.binaryCrossEntropy(
      target, weight: weight.map { Tensor($0.map { Element($0) }) }, reduction: reduction, file: file,
      line: line)
  }
}

/// The cross-entropy of logits of what holds, reduced, as ``Tensor/binaryCrossEntropyWithLogits(_:weight:positiveWeight:reduction:file:line:)``.
public struct BCEWithLogitsLoss: Sendable {
  /// What scales the losses along the last axis, or nil.
  public let weight: [Double]?
  /// What scales those of what holds along the last axis, or nil.
  public let positiveWeight: [Double]?
  /// What is done with the losses.
  public let reduction: Reduction

  /// A loss whose default reduction is the mean.
  public init(weight: [Double]? = nil, positiveWeight: [Double]? = nil, reduction: Reduction = .mean) {
    self.weight = weight
    self.positiveWeight = positiveWeight
    self.reduction = reduction
  }

  /// The loss, of `Float` or `Double`.
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

/// Whether something holds, by a score, reduced, as ``Tensor/softMarginLoss(_:reduction:file:line:)``.
public struct SoftMarginLoss: Sendable {
  /// What is done with the losses.
  public let reduction: Reduction

  /// A loss whose default reduction is the mean.
  public init(reduction: Reduction = .mean) {
    self.reduction = reduction
  }

  /// The loss, of `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    prediction.softMarginLoss(target, reduction: reduction, file: file, line: line)
  }
}

/// Which of several classes hold, by logits, reduced, as ``Tensor/multiLabelSoftMarginLoss(_:weight:reduction:file:line:)``.
public struct MultiLabelSoftMarginLoss: Sendable {
  /// What scales the loss of each class, or nil.
  public let weight: [Double]?
  /// What is done with the losses.
  public let reduction: Reduction

  /// A loss whose default reduction is the mean.
  public init(weight: [Double]? = nil, reduction: Reduction = .mean) {
    self.weight = weight
    self.reduction = reduction
  }

  /// The loss, of `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    prediction.multiLabelSoftMarginLoss(
      target, weight: weight.map { Tensor($0.map { Element($0) }) }, reduction: reduction, file: file,
      line: line)
  }
}
