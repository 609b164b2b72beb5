public import MartletCore

/// The share of samples whose label is among the k classes of the largest scores, over all batches so far.
///
/// ```swift
/// var accuracy = Accuracy(), topFive = Accuracy(top: 5)
/// let logits = Tensor<Float>.normal([8, 10]), labels = Tensor<Int>.zeros([8])
/// accuracy.update(logits, labels: labels)
/// topFive.update(logits, labels: labels)
/// print(accuracy.value, topFive.value)
/// ```
public struct Accuracy: Sendable, Equatable {
  /// k, the number of classes of the largest scores.
  public let top: Int
  /// The number of samples.
  public private(set) var count = 0
  private var right = 0

  /// Makes a metric without samples. A `top` below 1 is an error.
  public init(top: Int = 1, file: StaticString = #fileID, line: UInt = #line) {
    if top < 1 { programError("Accuracy", "top must be at least 1, not \(top)", file, line) }
    self.top = top
  }

  /// Adds a batch of scores, such as logits or probabilities, `[n, classes]` and labels `[n]`.
  ///
  /// Among equal scores the class of the larger number counts as the better one, as in scikit-learn, but with
  /// `top: 1` that of the smaller number, as `argmax` chooses. Shapes that do not fit, and a label that is out of
  /// range, are errors.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func update<Element: DifferentiableScalar>(
    _ scores: Tensor<Element>, labels: Tensor<Int>, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard let rows = ScoreRows("Accuracy", scores, labels, reading: top != 1, file, line) else { return }
    let best = top == 1 ? scores.argmax(axis: 1).scalars : []
    for (row, label) in rows.labels.enumerated() {
      count += 1
      if top == 1 {
        right += best[row] == label ? 1 : 0
      } else {
        let scores = rows[row], own = scores[scores.startIndex + label]
        // Without NaN, this is the number of classes before the label; a NaN is never right.
        let before = scores.indices.count {
          scores[$0] > own || scores[$0] == own && $0 > scores.startIndex + label
        }
        right += before < top && !own.isNaN ? 1 : 0
      }
    }
  }

  /// The share that is right; NaN without samples.
  public var value: Double { Double(right) / Double(count) }
}

/// The scores of a batch, row by row, with the labels.
struct ScoreRows {
  let labels: [Int]
  let classes: Int
  private let scalars: [Double]

  /// Reads scores `[n, classes]`, unless `reading` is false, and labels `[n]`. Reports shapes that do not fit,
  /// and labels out of range.
  init?<Element: DifferentiableScalar>(
    _ metric: String, _ scores: Tensor<Element>, _ labels: Tensor<Int>, reading: Bool = true,
    _ file: StaticString, _ line: UInt
  ) {
    if scores.isFailed || labels.isFailed { return nil }
    guard scores.rank == 2, labels.shape == [scores.shape[0]] else {
      programError(
        metric,
        "scores of shape \(scores.shape) do not match labels of shape \(labels.shape); they must be [n, classes] and [n]",
        file, line)
      return nil
    }
    classes = scores.shape[1]
    self.labels = labels.scalars
    scalars = reading ? scores.scalars.map { Double($0) } : []
    if let wrong = self.labels.first(where: { !(0..<scores.shape[1]).contains($0) }) {
      programError(metric, "label \(wrong) is out of range for \(classes) classes", file, line)
      return nil
    }
  }

  subscript(row: Int) -> ArraySlice<Double> { scalars[row * classes..<(row + 1) * classes] }
}
