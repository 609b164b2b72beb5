/// A rate that is scaled down when a metric, such as the loss on data kept back, gets no better
/// (`ReduceLROnPlateau`).
public final class PlateauSchedule: Schedule {
  /// Which metric is better.
  public enum Mode: Sendable {
    /// A smaller one.
    case min
    /// A larger one.
    case max
  }
  /// What a metric has to be better by.
  public enum Threshold: Sendable {
    /// This share of the best so far.
    case relative(Double)
    /// This much.
    case absolute(Double)
  }

  /// Whose rates are set.
  public let optimizer: any Schedulable
  /// The best metric so far.
  public private(set) var best: Double
  private let mode: Mode, factor: Double, patience: Int, threshold: Threshold, cooldown: Int
  private let minimum: Double, epsilon: Double
  private var badCount = 0, cooldownLeft = 0, stepCount = 0

  /// A schedule that scales by `factor` when more than `patience` metrics in a row are no better, and then waits
  /// `cooldown` steps; no rate goes below `minimum`, or changes by `epsilon` or less.
  ///
  /// A factor outside of 0 ..< 1 is an error.
  public init(
    _ optimizer: any Schedulable, mode: Mode = .min, factor: Double = 0.1, patience: Int = 10,
    threshold: Threshold = .relative(1e-4), cooldown: Int = 0, minimum: Double = 0, epsilon: Double = 1e-8,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check((0..<1).contains(factor), "PlateauSchedule", "a factor of \(factor); in 0..<1", file, line)
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

  /// Takes note of a metric, and scales the rates if it is time. A NaN is no better than anything.
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

  /// The best metric, the counts, and the rates of the groups, which do not follow from them.
  public var state: [String: Double] {
    var result = [
      "step": Double(stepCount), "best": best, "num_bad_epochs": Double(badCount),
      "cooldown_counter": Double(cooldownLeft),
    ]
    for (group, rate) in optimizer.learningRates.enumerated() { result["lr.\(group)"] = rate }
    return result
  }

  /// Takes over the state, and sets the rates.
  ///
  /// - Throws: ``OptimizerStateMismatch``, which names what is missing or not known.
  public func load(_ state: [String: Double]) throws(OptimizerStateMismatch) {
    var reading = StateReading(OptimizerState<Double>(numbers: state))
    let counts = ["step", "num_bad_epochs", "cooldown_counter"].map { Int(reading.number($0)) }
    let best = reading.number("best")
    let rates = optimizer.learningRates.indices.map { reading.number("lr.\($0)") }
    try reading.end()
    (stepCount, badCount, cooldownLeft) = (counts[0], counts[1], counts[2])
    self.best = best
    optimizer.learningRates = rates
  }
}
