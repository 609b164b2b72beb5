public import MartletCore

/// The mean of −log p over the samples of all batches so far, where p is the probability of a sample's label.
///
/// ```swift
/// var loss = LogLoss()
/// loss.update(logits: Tensor<Float>.normal([8, 10]), labels: Tensor<Int>.zeros([8]))
/// print(loss.value, loss.perplexity)
/// ```
public struct LogLoss: Sendable, Equatable {
  /// The number of samples.
  public private(set) var count = 0
  private var sum = 0.0

  /// Makes a metric without samples.
  public init() {}

  /// Adds a batch of logits `[n, classes]` and labels `[n]`.
  ///
  /// Shapes that do not fit, and a label that is out of range, are errors.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func update<Element: DifferentiableScalar>(
    logits: Tensor<Element>, labels: Tensor<Int>, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard let rows = ScoreRows("LogLoss", logits, labels, reading: false, file, line) else { return }
    let logarithms = noGrad { Tensor<Double>(logits).logSoftmax(axis: -1).scalars }
    for (row, label) in rows.labels.enumerated() { add(-logarithms[row * rows.classes + label]) }
  }

  /// Adds a batch of probabilities `[n, classes]` and labels `[n]`.
  ///
  /// A probability counts as at least ε and at most 1 − ε, where ε is the `ulpOfOne` of the elements, as in
  /// scikit-learn. Shapes that do not fit, and a label that is out of range, are errors.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func update<Element: DifferentiableScalar>(
    probabilities: Tensor<Element>, labels: Tensor<Int>, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard let rows = ScoreRows("LogLoss", probabilities, labels, file, line) else { return }
    let least = Double(Element.ulpOfOne)
    let chosen = rows.labels.enumerated().map { row, label in
      let probability = rows[row][rows[row].startIndex + label]
      // Written so that a NaN remains one.
      return probability < least ? least : probability > 1 - least ? 1 - least : probability
    }
    for logarithm in noGrad({ Tensor<Double>(chosen).log().scalars }) { add(-logarithm) }
  }

  private mutating func add(_ loss: Double) {
    sum += loss
    count += 1
  }

  /// The mean loss, in nats; NaN without samples.
  public var value: Double { sum / Double(count) }

  /// e to the power of the mean loss: the number of classes among which a uniform guess would be as good.
  public var perplexity: Double { Tensor<Double>(value).exp().item }
}
