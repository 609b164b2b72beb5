public import MartletCore

/// The cross-entropy of logits, reduced: `log Σ exp(x) − x[label]`. Softmax and logarithm are computed in one
/// step.
///
/// ```swift
/// let criterion = CrossEntropyLoss()
/// let logits = Linear(8, 3)(Tensor<Float>.normal([4, 8]))
/// let loss = criterion(logits, Tensor<Int>([0, 2, 1, 1]))
/// loss.backward()
/// ```
public struct CrossEntropyLoss<Element: DifferentiableScalar>: Sendable {
  /// The weight of each class in the loss, or nil.
  public let weight: [Element]?
  /// The label of the rows that do not count, or nil.
  public let ignoredIndex: Int?
  /// The share of the label that is spread over all classes.
  public let labelSmoothing: Element
  /// The reduction of the rows' losses: mean, sum or none.
  public let reduction: Reduction

  /// Creates a loss. The default reduction is the mean over the rows.
  @_disfavoredOverload
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

  /// Returns the loss of logits `[n, classes, …]` or `[classes]` against the right classes `[n, …]` or `[]`.
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

  /// Returns the loss H(P, Q) of logits `[n, classes, …]` or `[classes]` against distributions of the same
  /// shape. Another shape is an error.
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
  /// Creates a loss for `Float`. The default reduction is the mean over the rows.
  public init(
    weight: [Float]? = nil, ignoredIndex: Int? = nil, labelSmoothing: Float = 0, reduction: Reduction = .mean
  ) {
    self.init(weight, ignoredIndex, labelSmoothing, reduction)
  }
}

/// The negative log-likelihood of classes under log-probabilities, reduced, as
/// ``Tensor/negativeLogLikelihood(_:weight:ignoredIndex:reduction:file:line:)`` computes it.
///
/// ```swift
/// let logProbabilities = Tensor<Float>.normal([4, 3]).logSoftmax(axis: -1)
/// let loss = NLLLoss(ignoredIndex: -1)(logProbabilities, Tensor<Int>([0, 2, -1, 1]))
/// ```
public struct NLLLoss: Sendable {
  /// The weight of each class in the loss, or nil.
  public let weight: [Double]?
  /// The label of the rows that do not count, or nil.
  public let ignoredIndex: Int?
  /// The reduction of the losses: mean, sum or none.
  public let reduction: Reduction

  /// Creates a loss. The default reduction is the mean.
  public init(weight: [Double]? = nil, ignoredIndex: Int? = nil, reduction: Reduction = .mean) {
    self.weight = weight
    self.ignoredIndex = ignoredIndex
    self.reduction = reduction
  }

  /// Returns the loss of log-probabilities against labels, for `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ scores: Tensor<Element>, _ labels: Tensor<Int>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    scores.negativeLogLikelihood(
      labels, weight: weight.map { Tensor($0.map { Element($0) }) }, ignoredIndex: ignoredIndex,
      reduction: reduction, file: file, line: line)
  }
}

/// The multi-class margin loss, reduced, as
/// ``Tensor/multiMarginLoss(_:power:margin:weight:reduction:file:line:)`` computes it. The label's score
/// should exceed the scores of the other classes by a margin.
///
/// ```swift
/// let scores = Tensor<Float>([[2, 1.5, 0], [0, 3, 1]])
/// let loss = MultiMarginLoss(margin: 1)(scores, Tensor<Int>([0, 1]))
/// ```
public struct MultiMarginLoss: Sendable {
  /// The power of each class's loss, 1 or 2.
  public let power: Int
  /// The margin by which the label's score should exceed the score of another class.
  public let margin: Double
  /// The weight of each class in the loss, or nil.
  public let weight: [Double]?
  /// The reduction of the losses: mean, sum or none.
  public let reduction: Reduction

  /// Creates a loss. The default reduction is the mean.
  public init(power: Int = 1, margin: Double = 1, weight: [Double]? = nil, reduction: Reduction = .mean) {
    self.power = power
    self.margin = margin
    self.weight = weight
    self.reduction = reduction
  }

  /// Returns the loss of scores against labels, for `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ scores: Tensor<Element>, _ labels: Tensor<Int>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    scores.multiMarginLoss(
      labels, power: power, margin: Element(margin), weight: weight.map { Tensor($0.map { Element($0) }) },
      reduction: reduction, file: file, line: line)
  }
}

/// The multi-label margin loss, reduced, as ``Tensor/multiLabelMarginLoss(_:reduction:file:line:)`` computes it.
/// Each row of labels lists the classes of a sample and ends with −1.
///
/// ```swift
/// let scores = Tensor<Float>([[0.1, 0.2, 0.4, 0.8]])
/// let loss = MultiLabelMarginLoss()(scores, Tensor<Int>([[3, 0, -1, 1]]))  // 0.85
/// ```
public struct MultiLabelMarginLoss: Sendable {
  /// The reduction of the losses: mean, sum or none.
  public let reduction: Reduction

  /// Creates a loss. The default reduction is the mean.
  public init(reduction: Reduction = .mean) { self.reduction = reduction }

  /// Returns the loss of scores against labels, for `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ scores: Tensor<Element>, _ labels: Tensor<Int>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    scores.multiLabelMarginLoss(labels, reduction: reduction, file: file, line: line)
  }
}

/// The loss of connectionist temporal classification (CTC), reduced, as
/// ``Tensor/ctcLoss(_:inputLengths:labelLengths:blank:zeroInfinity:reduction:file:line:)`` computes it.
///
/// ```swift
/// let scores = Tensor<Float>.normal([10, 1, 4]).logSoftmax(axis: -1)  // 10 steps, 1 sequence, 4 classes
/// let loss = CTCLoss()(
///   scores, Tensor<Int>([[1, 3, 2]]), inputLengths: Tensor<Int>([10]), labelLengths: Tensor<Int>([3]))
/// ```
public struct CTCLoss: Sendable {
  /// The class of the blank, which stands between labels.
  public let blank: Int
  /// True if the loss of impossible labels is 0 instead of infinite. Labels are impossible if they do not fit
  /// into the steps.
  public let zeroInfinity: Bool
  /// The reduction of the losses: mean, sum or none.
  public let reduction: Reduction

  /// Creates a loss. The default reduction is the mean.
  public init(blank: Int = 0, reduction: Reduction = .mean, zeroInfinity: Bool = false) {
    (self.blank, self.zeroInfinity, self.reduction) = (blank, zeroInfinity, reduction)
  }

  /// Returns the loss of log-probabilities `[steps, n, classes]`, for `Float` or `Double`.
  ///
  /// ```swift
  /// let scores = Tensor<Float>.normal([10, 2, 4]).logSoftmax(axis: -1)
  /// let labels = Tensor<Int>([[1, 3, 2], [2, 1, 0]])
  /// let loss = CTCLoss(zeroInfinity: true)(
  ///   scores, labels, inputLengths: Tensor<Int>([10, 7]), labelLengths: Tensor<Int>([3, 2]))
  /// ```
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
