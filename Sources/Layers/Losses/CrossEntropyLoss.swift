public import MartletCore

/// The cross-entropy of logits, softmax and logarithm in one: `log Σ exp(x) − x[label]`, reduced.
public struct CrossEntropyLoss<Element: DifferentiableScalar>: Sendable {
  /// What scales the loss of each class, or nil.
  public let weight: [Element]?
  /// The label that has no loss, or nil.
  public let ignoredIndex: Int?
  /// The share of the label that is spread over all classes.
  public let labelSmoothing: Element
  /// What is done with the losses of the rows.
  public let reduction: Reduction

  /// A loss whose default reduction is the mean over the rows.
  public init(
    weight: [Element]? = nil, ignoredIndex: Int? = nil, labelSmoothing: Element = 0,
    reduction: Reduction = .mean
  ) {
    self.init(weight, ignoredIndex, labelSmoothing, reduction)
  }

  fileprivate init(
    _ weight: [Element]?, _ ignoredIndex: Int?, _ labelSmoothing: Element, _ reduction: Reduction
  ) {
    (self.weight, self.ignoredIndex) = (weight, ignoredIndex)
    (self.labelSmoothing, self.reduction) = (labelSmoothing, reduction)
  }

  /// The loss of logits `[n, classes, …]` or `[classes]` against the right classes `[n, …]` or `[]`.
  ///
  /// A label outside of 0 ..< classes is an error. Derivative: `dx = (softmax(x) − onehot(label)) · g`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func callAsFunction(
    _ logits: Tensor<Element>, _ labels: Tensor<Int>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Element> {
    logits.crossEntropy(
      labels, weight: weight.map { Tensor($0) }, ignoredIndex: ignoredIndex, labelSmoothing: labelSmoothing,
      reduction: reduction, file: file, line: line)
  }

  /// The loss H(P, Q) of logits `[n, classes, …]` or `[classes]` against distributions of the same shape; another is an
  /// error.
  ///
  /// Derivatives: `dx = (Σp · softmax(x) − p) · g`, `dp = −g · log softmax(x)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func callAsFunction(
    _ logits: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Element> {
    logits.crossEntropy(
      target, weight: weight.map { Tensor($0) }, labelSmoothing: labelSmoothing, reduction: reduction,
      file: file,
      line: line)
  }
}

extension CrossEntropyLoss where Element == Float {
  /// A loss for `Float`, whose default reduction is the mean over the rows.
  public init(
    weight: [Float]? = nil, ignoredIndex: Int? = nil, labelSmoothing: Float = 0, reduction: Reduction = .mean
  ) {
    self.init(weight, ignoredIndex, labelSmoothing, reduction)
  }
}

/// The negative log-likelihood of classes under log-probabilities, reduced, as ``Tensor/negativeLogLikelihood(_:weight:ignoredIndex:reduction:file:line:)``.
public struct NLLLoss: Sendable {
  /// What scales the loss of each class, or nil.
  public let weight: [Double]?
  /// The label that has no loss, or nil.
  public let ignoredIndex: Int?
  /// What is done with the losses.
  public let reduction: Reduction

  /// A loss whose default reduction is the mean.
  public init(weight: [Double]? = nil, ignoredIndex: Int? = nil, reduction: Reduction = .mean) {
    self.weight = weight
    self.ignoredIndex = ignoredIndex
    self.reduction = reduction
  }

  /// The loss, of `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ scores: Tensor<Element>, _ labels: Tensor<Int>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    scores.negativeLogLikelihood(
      labels, weight: weight.map { Tensor($0.map { Element($0) }) }, ignoredIndex: ignoredIndex,
      reduction: reduction, file: file, line: line)
  }
}

/// How near the scores of other classes come to those of the labels, reduced, as ``Tensor/multiMarginLoss(_:power:margin:weight:reduction:file:line:)``.
public struct MultiMarginLoss: Sendable {
  /// The power of each, 1 or 2.
  public let power: Int
  /// How far they are to be.
  public let margin: Double
  /// What scales the loss of each class, or nil.
  public let weight: [Double]?
  /// What is done with the losses.
  public let reduction: Reduction

  /// A loss whose default reduction is the mean.
  public init(power: Int = 1, margin: Double = 1, weight: [Double]? = nil, reduction: Reduction = .mean) {
    self.power = power
    self.margin = margin
    self.weight = weight
    self.reduction = reduction
  }

  /// The loss, of `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ scores: Tensor<Element>, _ labels: Tensor<Int>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    scores.multiMarginLoss(
      labels, power: power, margin: Element(margin), weight: weight.map { Tensor($0.map { Element($0) }) },
      reduction: reduction, file: file, line: line)
  }
}

/// Connectionist temporal classification, reduced, as
/// ``Tensor/ctcLoss(_:inputLengths:labelLengths:blank:zeroInfinity:reduction:file:line:)``.
public struct CTCLoss: Sendable {
  /// The class that stands between labels.
  public let blank: Int
  /// Whether the loss of labels that cannot be is 0.
  public let zeroInfinity: Bool
  /// What is done with the losses.
  public let reduction: Reduction

  /// A loss whose default reduction is the mean.
  public init(blank: Int = 0, reduction: Reduction = .mean, zeroInfinity: Bool = false) {
    (self.blank, self.zeroInfinity, self.reduction) = (blank, zeroInfinity, reduction)
  }

  /// The loss of log-probabilities `[steps, n, classes]`, of `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ logProbabilities: Tensor<Element>, _ labels: Tensor<Int>, inputLengths: Tensor<Int>,
    labelLengths: Tensor<Int>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Element> {
    logProbabilities.ctcLoss(
      labels, inputLengths: inputLengths, labelLengths: labelLengths, blank: blank,
      zeroInfinity: zeroInfinity,
      reduction: reduction, file: file, line: line)
  }
}
