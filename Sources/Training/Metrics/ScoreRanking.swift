public import MartletCore

/// The order of samples by their scores over all batches so far, with the areas under the ROC curve and under the
/// precision-recall curve.
///
/// It keeps all scores, because the areas are computed exactly. With two classes, the scores are those of class
/// 1; with more, each class is compared with the rest, and each metric is the mean over the classes.
///
/// ```swift
/// var ranking = ScoreRanking()
/// ranking.update(Tensor<Float>([0.1, 0.4, 0.35, 0.8]), labels: Tensor<Int>([0, 0, 1, 1]))
/// print(ranking.rocAUC, ranking.averagePrecision)  // 0.75 0.8333333333333333
/// ```
public struct ScoreRanking: Sendable, Equatable {
  private var labels: [Int] = []
  /// The scores of each class, or of class 1 alone.
  private var scores: [[Double]] = []

  /// Makes a ranking without samples.
  public init() {}

  /// The number of samples.
  public var count: Int { labels.count }

  /// Adds a batch of scores of class 1, `[n]`, and labels `[n]` that are 0 or 1.
  ///
  /// Different shapes, other labels, and a ranking of more classes are errors.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func update<Element: DifferentiableScalar>(
    _ scores: Tensor<Element>, labels: Tensor<Int>, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard accepts("ScoreRanking", scores, labels, file, line) else { return }
    let all = labels.scalars
    if let wrong = all.first(where: { $0 != 0 && $0 != 1 }) {
      return programError(
        "ScoreRanking", "label \(wrong) must be 0 or 1; pass the scores of all classes", file, line)
    }
    append([scores.scalars.map { Double($0) }], all, file, line)
  }

  /// Adds a batch of scores of all classes, `[n, classes]`, and labels `[n]`.
  ///
  /// Shapes that do not fit, a label out of range, and a ranking of another number of classes are errors.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func update<Element: DifferentiableScalar>(
    all scores: Tensor<Element>, labels: Tensor<Int>, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard let rows = ScoreRows("ScoreRanking", scores, labels, file, line) else { return }
    let columns = (0..<rows.classes).map { column in
      rows.labels.indices.map { rows[$0][rows[$0].startIndex + column] }
    }
    append(columns, rows.labels, file, line)
  }

  private mutating func append(
    _ columns: [[Double]], _ labels: [Int], _ file: StaticString, _ line: UInt
  ) {
    guard scores.isEmpty || scores.count == columns.count else {
      return programError(
        "ScoreRanking", "scores of \(columns.count) classes follow scores of \(scores.count) classes", file,
        line)
    }
    if scores.isEmpty { scores = Array(repeating: [], count: columns.count) }
    for (index, column) in columns.enumerated() { scores[index] += column }
    self.labels += labels
  }

  /// The area under the ROC curve: the probability that a sample of the class has a higher score than one of
  /// another class, where a tie counts half.
  ///
  /// It is NaN if a class has no sample, or all of them, or if a score is NaN.
  public var rocAUC: Double {
    mean { steps, positives in
      let negatives = Double(count) - positives
      var (above, area) = (0.0, 0.0)
      for (own, others) in steps {
        area += others * (above + own / 2)
        above += own
      }
      return area / (positives * negatives)
    }
  }

  /// The area under the precision-recall curve, as a sum of steps: Σ (R_k − R_{k−1}) P_k over the thresholds k.
  ///
  /// It is NaN if a class has no sample, where scikit-learn's is 0, or if a score is NaN.
  public var averagePrecision: Double {
    mean { steps, positives in
      var (above, seen, sum) = (0.0, 0.0, 0.0)
      for (own, others) in steps {
        above += own
        seen += own + others
        sum += own * above / seen
      }
      return sum / positives
    }
  }

  /// Returns the mean over the classes of a metric, which gets, for each score from the highest down, the number
  /// of samples of the class and of the others, and the number of samples of the class.
  private func mean(_ metric: ([(Double, Double)], Double) -> Double) -> Double {
    if scores.joined().contains(where: \.isNaN) { return .nan }
    let values = scores.enumerated().map { index, column in
      let label = scores.count == 1 ? 1 : index
      var steps: [(Double, Double)] = [], last = Double.nan
      for sample in column.indices.sorted(by: { column[$0] > column[$1] }) {
        if column[sample] != last { steps.append((0, 0)) }
        last = column[sample]
        if labels[sample] == label { steps[steps.count - 1].0 += 1 } else { steps[steps.count - 1].1 += 1 }
      }
      return metric(steps, Double(labels.count { $0 == label }))
    }
    return values.reduce(0, +) / Double(values.count)
  }
}
