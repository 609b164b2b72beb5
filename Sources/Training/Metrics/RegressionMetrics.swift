public import MartletCore

/// The errors of predicted numbers over all batches so far: mean absolute error, root mean squared error and R².
///
/// Predictions of shape `[n]` are one output; those of shape `[n, outputs]` are several, and each metric is the
/// mean of the outputs' metrics.
///
/// ```swift
/// var errors = RegressionMetrics()
/// errors.update(Tensor<Float>([2.5, 0, 2, 8]), targets: Tensor<Float>([3, -0.5, 2, 7]))
/// print(errors.meanAbsoluteError, errors.rootMeanSquaredError, errors.r2)  // 0.5 0.612… 0.948…
/// ```
public struct RegressionMetrics: Sendable, Equatable {
  /// The sums of one output. The mean and the squared deviations of the targets are kept up to date by Welford's
  /// method (1962, DOI 10.1080/00401706.1962.10490022), because a difference of sums of squares would lose all
  /// digits of targets that are far from 0.
  private struct Output: Equatable {
    var absolute = 0.0, squared = 0.0, mean = 0.0, deviations = 0.0
  }

  /// The number of samples.
  public private(set) var count = 0
  private var outputs: [Output] = []

  /// Makes metrics without samples.
  public init() {}

  /// Adds a batch of predictions and targets, `[n]` or `[n, outputs]` each.
  ///
  /// Different shapes, other shapes, and another number of outputs than in the batches before are errors.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func update<Element: DifferentiableScalar>(
    _ predictions: Tensor<Element>, targets: Tensor<Element>, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    guard accepts("RegressionMetrics", predictions, targets, file, line) else { return }
    let shape = targets.shape, width = shape.count == 2 ? shape[1] : 1
    guard shape.count == 1 || shape.count == 2, outputs.isEmpty || outputs.count == width else {
      return programError(
        "RegressionMetrics",
        "targets of shape \(shape) must be [n] or [n, outputs], with \(outputs.isEmpty ? "any number of" : "\(outputs.count)") outputs",
        file, line)
    }
    if outputs.isEmpty { outputs = Array(repeating: Output(), count: width) }
    let found = predictions.scalars, wanted = targets.scalars
    for row in 0..<shape[0] {
      count += 1
      for output in 0..<width {
        let target = Double(wanted[row * width + output])
        let error = Double(found[row * width + output]) - target
        outputs[output].absolute += abs(error)
        outputs[output].squared += error * error
        let change = target - outputs[output].mean
        outputs[output].mean += change / Double(count)
        outputs[output].deviations += change * (target - outputs[output].mean)
      }
    }
  }

  private func mean(_ metric: (Output) -> Double) -> Double {
    outputs.reduce(0) { $0 + metric($1) } / Double(outputs.count)
  }

  /// The mean of |prediction − target|; NaN without samples.
  public var meanAbsoluteError: Double { mean { $0.absolute / Double(count) } }

  /// The mean of (prediction − target)²; NaN without samples.
  public var meanSquaredError: Double { mean { $0.squared / Double(count) } }

  /// The square root of the mean squared error; NaN without samples.
  public var rootMeanSquaredError: Double { mean { ($0.squared / Double(count)).squareRoot() } }

  /// The coefficient of determination, 1 − Σ(prediction − target)² / Σ(target − mean)²: 1 for exact
  /// predictions, 0 if they are no better than the mean of the targets.
  ///
  /// For targets that are all equal it is 1 if the predictions are exact and 0 otherwise, as in scikit-learn. It
  /// is NaN for fewer than two samples.
  public var r2: Double {
    count < 2
      ? .nan : mean { $0.deviations == 0 ? ($0.squared == 0 ? 1 : 0) : 1 - $0.squared / $0.deviations }
  }
}
