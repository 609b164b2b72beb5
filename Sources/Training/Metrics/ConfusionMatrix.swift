public import MartletCore
public import MartletData

/// The counts of how often each class was predicted for each class, and the metrics that follow from them.
///
/// Batches are added one after the other; the metrics are those of all samples so far. A metric whose
/// denominator is 0, such as the precision of a class that was never predicted, is 0, as scikit-learn's is.
///
/// ```swift
/// var confusion = ConfusionMatrix(classes: 3)
/// confusion.update(Tensor<Int>([0, 2, 1, 1]), labels: Tensor<Int>([0, 1, 1, 2]))
/// print(confusion.counts)  // [[1, 0, 0], [0, 1, 1], [0, 1, 0]]
/// print(confusion.accuracy, confusion.f1(.macro))
/// ```
public struct ConfusionMatrix: Sendable, Equatable {
  /// The way in which the metrics of the classes become one number.
  ///
  /// ```swift
  /// var confusion = ConfusionMatrix(classes: 2)
  /// confusion.update(Tensor<Int>([0, 1]), labels: Tensor<Int>([0, 0]))
  /// print(confusion.precision(.micro), confusion.recall(.weighted))
  /// ```
  public enum Average: Sendable {
    /// The metric of the sums over all classes. It is equal to the accuracy.
    case micro
    /// The mean over the classes that occur as a label or as a prediction.
    case macro
    /// The mean over the classes, each weighted by its share of the labels.
    case weighted
  }

  /// The number of samples of class `i` for which class `j` was predicted, at `[i][j]`.
  public private(set) var counts: [[Int]]

  /// Makes a matrix without samples. A number of classes outside of 1 ... 10,000 is an error.
  public init(classes: Int, file: StaticString = #fileID, line: UInt = #line) {
    let fits = (1...10_000).contains(classes)
    if !fits {
      programError(
        "ConfusionMatrix", "the number of classes must be in 1...10000, not \(classes)", file, line)
    }
    counts = fits ? Array(repeating: Array(repeating: 0, count: classes), count: classes) : []
  }

  /// Adds a batch of predicted classes `[n]` and labels `[n]`.
  ///
  /// Different shapes, and a class that is out of range, are errors.
  public mutating func update(
    _ predictions: Tensor<Int>, labels: Tensor<Int>, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard accepts("ConfusionMatrix", predictions, labels, file, line) else { return }
    let classes = counts.indices, pairs = Array(zip(predictions.scalars, labels.scalars))
    if let wrong = pairs.lazy.flatMap({ [$0, $1] }).first(where: { !classes.contains($0) }) {
      return programError(
        "ConfusionMatrix", "class \(wrong) is out of range for \(counts.count) classes", file, line)
    }
    for (prediction, label) in pairs { counts[label][prediction] += 1 }
  }

  /// Adds a batch of scores, such as logits or probabilities, `[n, classes]` and labels `[n]`. The prediction is
  /// the class of the largest score.
  ///
  /// Shapes that do not fit, and a label that is out of range, are errors.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func update<Element: DifferentiableScalar>(
    scores: Tensor<Element>, labels: Tensor<Int>, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard scores.rank == 2, scores.shape[1] == counts.count else {
      if scores.isFailed { return }
      return programError(
        "ConfusionMatrix", "scores of shape \(scores.shape) must be [n, \(counts.count)]", file, line)
    }
    update(scores.argmax(axis: 1), labels: labels, file: file, line: line)
  }

  /// The number of samples.
  public var count: Int { counts.joined().reduce(0, +) }

  /// The share of the samples whose class was predicted; NaN without samples.
  public var accuracy: Double { Double(counts.indices.reduce(0) { $0 + counts[$1][$1] }) / Double(count) }

  /// The number of samples of each class.
  private var supports: [Int] { counts.map { $0.reduce(0, +) } }

  /// The number of predictions of each class.
  private var predicted: [Int] { counts.indices.map { column in counts.reduce(0) { $0 + $1[column] } } }

  /// The share of the predictions of each class that are right.
  public var precisions: [Double] { ratios(predicted) }

  /// The share of the samples of each class that were found.
  public var recalls: [Double] { ratios(supports) }

  /// The harmonic mean of precision and recall of each class.
  public var f1s: [Double] { ratios(zip(predicted, supports).map(+), times: 2) }

  /// Returns the precision over all classes.
  public func precision(_ average: Average) -> Double { averaged(precisions, average) }

  /// Returns the recall over all classes.
  public func recall(_ average: Average) -> Double { averaged(recalls, average) }

  /// Returns the harmonic mean of precision and recall over all classes.
  public func f1(_ average: Average) -> Double { averaged(f1s, average) }

  private func ratios(_ totals: [Int], times factor: Int = 1) -> [Double] {
    totals.enumerated().map { index, total in
      total == 0 ? 0 : Double(factor * counts[index][index]) / Double(total)
    }
  }

  private func averaged(_ values: [Double], _ average: Average) -> Double {
    switch average {
    case .micro: return accuracy
    case .macro:
      let present = zip(values, zip(supports, predicted)).filter { $1.0 + $1.1 > 0 }.map(\.0)
      return present.reduce(0, +) / Double(present.count)
    case .weighted:
      return zip(values, supports).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(count)
    }
  }
}

/// Returns true if a metric can count these: they did not fail, and are as many as the labels `[n]`. Reports
/// the mistake otherwise.
func accepts<A, B>(
  _ metric: String, _ predictions: Tensor<A>, _ labels: Tensor<B>, _ file: StaticString, _ line: UInt
) -> Bool {
  if predictions.isFailed || labels.isFailed { return false }
  if predictions.shape == labels.shape { return true }
  programError(
    metric, "predictions of shape \(predictions.shape) and targets of shape \(labels.shape) must be alike",
    file, line)
  return false
}

extension ConfusionMatrix {
  /// Returns a drawing of the counts: a row for each class, a column for each prediction.
  ///
  /// ```swift
  /// var confusion = ConfusionMatrix(classes: 2)
  /// confusion.update(Tensor<Int>([0, 1, 1]), labels: Tensor<Int>([0, 1, 0]))
  /// try confusion.heatMap(names: ["cat", "dog"]).write(to: "confusion.svg")
  /// ```
  public func heatMap(names: [String] = [], title: String = "") -> HeatMap {
    HeatMap(counts.map { $0.map(Double.init) }, rows: names, columns: names, title: title)
  }
}
