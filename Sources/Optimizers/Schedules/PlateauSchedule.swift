/// A learning rate that is scaled down when a metric no longer improves, for example the validation loss
/// (`ReduceLROnPlateau`).
///
/// ```swift
/// let model = Linear<Float>(4, 3), x = Tensor<Float>.normal([8, 4])
/// let optimizer = SGD(model.parameters, learningRate: 0.1)
/// let schedule = PlateauSchedule(optimizer, patience: 3)
/// let validationLoss = model(x).squaredError(.zeros([8, 3]))
/// schedule.step(Double(validationLoss.item))
/// ```
public final class PlateauSchedule: Schedule {
  /// The direction in which a metric improves.
  ///
  /// ```swift
  /// let optimizer = SGD(Linear<Float>(4, 3).parameters, learningRate: 0.1)
  /// let schedule = PlateauSchedule(optimizer, mode: .max)
  /// schedule.step(0.93)  // an accuracy
  /// ```
  public enum Mode: Sendable {
    /// A smaller metric is better.
    case min
    /// A larger metric is better.
    case max
  }
  /// The amount by which a metric must be better than the best so far.
  ///
  /// ```swift
  /// let optimizer = SGD(Linear<Float>(4, 3).parameters, learningRate: 0.1)
  /// let schedule = PlateauSchedule(optimizer, threshold: .absolute(0.01))
  /// schedule.step(0.8)
  /// ```
  public enum Threshold: Sendable {
    /// A share of the best metric so far.
    case relative(Double)
    /// An absolute difference.
    case absolute(Double)
  }

  /// The optimizer whose learning rates the schedule sets.
  public let optimizer: any Schedulable
  /// The best metric so far.
  public private(set) var best: Double
  private let mode: Mode, factor: Double, patience: Int, threshold: Threshold, cooldown: Int
  private let minimum: Double, epsilon: Double
  private var badCount = 0, cooldownLeft = 0, stepCount = 0

  /// Makes a schedule that multiplies the learning rates by `factor` when more than `patience` metrics in a
  /// row are not better.
  ///
  /// In the `cooldown` steps after that, it counts no worse metrics. No learning rate falls below `minimum`,
  /// and changes of at most `epsilon` are left out. A factor outside of 0 ..< 1 is an error.
  public init(
    _ optimizer: any Schedulable, mode: Mode = .min, factor: Double = 0.1, patience: Int = 10,
    threshold: Threshold = .relative(1e-4), cooldown: Int = 0, minimum: Double = 0, epsilon: Double = 1e-8,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      (0..<1).contains(factor), "PlateauSchedule", "the factor must be in 0..<1, not \(factor)", file, line)
    self.optimizer = optimizer
    self.mode = mode
    self.factor = factor
    self.patience = patience
    self.threshold = threshold
    self.cooldown = cooldown
    self.minimum = minimum
    self.epsilon = epsilon
    best = mode == .min ? .infinity : -.infinity
  }

  private func isBetter(_ metric: Double) -> Bool {
    switch (mode, threshold) {
    case (.min, .relative(let share)): metric < best * (1 - share)
    case (.min, .absolute(let least)): metric < best - least
    case (.max, .relative(let share)): metric > best * (1 + share)
    case (.max, .absolute(let least)): metric > best + least
    }
  }

  /// Compares a metric with the best so far, and scales the learning rates down if it is time. A NaN is never
  /// better.
  public func step(_ metric: Double) {
    stepCount += 1
    if isBetter(metric) {
      best = metric
      badCount = 0
    } else {
      badCount += 1
    }
    if cooldownLeft > 0 {
      cooldownLeft -= 1
      badCount = 0
    }
    guard badCount > patience else { return }
    for (group, rate) in optimizer.learningRates.enumerated() {
      let next = Swift.max(rate * factor, minimum)
      if rate - next > epsilon { optimizer.learningRates[group] = next }
    }
    (cooldownLeft, badCount) = (cooldown, 0)
  }

  /// The best metric, the counts and the learning rates of the groups. The rates are saved because they do
  /// not follow from the number of steps.
  public var state: [String: Double] {
    var result = [
      "step": Double(stepCount), "best": best, "num_bad_epochs": Double(badCount),
      "cooldown_counter": Double(cooldownLeft),
    ]
    for (group, rate) in optimizer.learningRates.enumerated() { result["lr.\(group)"] = rate }
    return result
  }

  /// Restores the state, and sets the learning rates.
  ///
  /// - Throws: ``OptimizerStateMismatch``, which lists names that are missing or unexpected.
  public func load(_ state: [String: Double]) throws(OptimizerStateMismatch) {
    var reading = StateReading(OptimizerState<Double>(numbers: state))
    let counts = ["step", "num_bad_epochs", "cooldown_counter"].map { reading.count($0) }
    let best = reading.number("best")
    let rates = optimizer.learningRates.indices.map { reading.number("lr.\($0)") }
    try reading.end()
    (stepCount, badCount, cooldownLeft) = (counts[0], counts[1], counts[2])
    self.best = best
    optimizer.learningRates = rates
  }
}
