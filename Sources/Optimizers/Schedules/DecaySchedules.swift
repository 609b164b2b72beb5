/// A learning rate that is multiplied by γ every `stepSize` steps (PyTorch's `StepLR`): `η₀ γ^⌊t / size⌋`.
///
/// ```swift
/// let optimizer = SGD(Linear<Float>(4, 3).parameters, learningRate: 0.1)
/// let schedule = StepSchedule(optimizer, stepSize: 30)
/// schedule.step()
/// print(optimizer.learningRate)  // 0.1, and 0.01 from step 30 on
/// ```
public final class StepSchedule: RateSchedule {
  private let stepSize: Int, gamma: Double

  /// Makes a schedule that multiplies by `gamma` every `stepSize` steps. A step size below 1 is an error.
  public init(
    _ optimizer: any Schedulable, stepSize: Int, gamma: Double = 0.1, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    check(stepSize > 0, "StepSchedule", "the step size must be at least 1, not \(stepSize)", file, line)
    self.stepSize = max(1, stepSize)
    self.gamma = gamma
    super.init(optimizer)
  }

  /// Returns `η₀ γ^⌊t / size⌋`.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    initial * power(gamma, Double(step / stepSize))
  }
}

/// A learning rate that is multiplied by γ at each milestone (`MultiStepLR`). A milestone that is given twice
/// multiplies twice.
///
/// ```swift
/// let optimizer = SGD(Linear<Float>(4, 3).parameters, learningRate: 0.1)
/// let schedule = MultiStepSchedule(optimizer, milestones: [30, 60, 80])
/// schedule.step()
/// ```
public final class MultiStepSchedule: RateSchedule {
  private let milestones: [Int], gamma: Double

  /// Makes a schedule that multiplies by `gamma` at these steps.
  public init(_ optimizer: any Schedulable, milestones: [Int], gamma: Double = 0.1) {
    self.milestones = milestones
    self.gamma = gamma
    super.init(optimizer)
  }

  /// Returns `η₀ γⁿ`, where n is the number of milestones reached.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    initial * power(gamma, Double(milestones.count { $0 <= step }))
  }
}

/// A learning rate that is multiplied by γ at each step (`ExponentialLR`): `η₀ γᵗ`.
///
/// ```swift
/// let optimizer = SGD(Linear<Float>(4, 3).parameters, learningRate: 0.1)
/// let schedule = ExponentialSchedule(optimizer, gamma: 0.95)
/// schedule.step()
/// ```
public final class ExponentialSchedule: RateSchedule {
  private let gamma: Double

  /// Makes a schedule that multiplies by `gamma` at each step.
  public init(_ optimizer: any Schedulable, gamma: Double) {
    self.gamma = gamma
    super.init(optimizer)
  }

  /// Returns `η₀ γᵗ`.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    initial * power(gamma, Double(step))
  }
}

/// A smaller learning rate for the first steps (`ConstantLR`).
///
/// ```swift
/// let optimizer = SGD(Linear<Float>(4, 3).parameters, learningRate: 0.1)
/// let schedule = ConstantSchedule(optimizer, factor: 0.1, total: 5)
/// schedule.step()
/// ```
public final class ConstantSchedule: RateSchedule {
  private let factor: Double, total: Int

  /// Makes a schedule that multiplies the first `total` steps by `factor`. A factor outside of 0 ... 1 is an
  /// error.
  public init(
    _ optimizer: any Schedulable, factor: Double = 1.0 / 3, total: Int = 5, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    check(
      (0...1).contains(factor), "ConstantSchedule", "the factor must be in 0...1, not \(factor)", file, line)
    self.factor = factor
    self.total = total
    super.init(optimizer)
  }

  /// Returns `η₀` times the factor during the first steps, and `η₀` afterwards.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    step < total ? initial * factor : initial
  }
}

/// A learning rate along a straight line, for example a warm-up (`LinearLR`).
///
/// ```swift
/// let optimizer = SGD(Linear<Float>(4, 3).parameters, learningRate: 0.1)
/// let warmup = LinearSchedule(optimizer, startFactor: 0.1, total: 10)
/// warmup.step()
/// ```
public final class LinearSchedule: RateSchedule {
  private let startFactor: Double, endFactor: Double, total: Int

  /// Makes a schedule from `startFactor` to `endFactor` times the initial learning rate. After `total` steps
  /// it stays at the end.
  ///
  /// A factor outside of 0 ... 1 is an error, and so is a total below 1.
  public init(
    _ optimizer: any Schedulable, startFactor: Double = 1.0 / 3, endFactor: Double = 1, total: Int = 5,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      (0...1).contains(startFactor) && (0...1).contains(endFactor) && total > 0, "LinearSchedule",
      "factors \(startFactor) and \(endFactor) in \(total) steps are not valid; the factors must be in 0...1, and the steps at least 1",
      file, line)
    self.startFactor = startFactor
    self.endFactor = endFactor
    self.total = max(1, total)
    super.init(optimizer)
  }

  /// Returns `η₀ (a + (b − a) min(t, total) / total)`, where a and b are the factors.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    initial * (startFactor + (endFactor - startFactor) * Double(min(total, step)) / Double(total))
  }
}

/// A learning rate that falls to 0 along a power function (`PolynomialLR`).
///
/// ```swift
/// let optimizer = SGD(Linear<Float>(4, 3).parameters, learningRate: 0.1)
/// let schedule = PolynomialSchedule(optimizer, total: 100, power: 2)
/// schedule.step()
/// ```
public final class PolynomialSchedule: RateSchedule {
  private let total: Int, exponent: Double

  /// Makes a schedule that reaches 0 after `total` steps. A total below 1 is an error.
  public init(
    _ optimizer: any Schedulable, total: Int = 5, power: Double = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    check(total > 0, "PolynomialSchedule", "the number of steps must be at least 1, not \(total)", file, line)
    self.total = max(1, total)
    exponent = power
    super.init(optimizer)
  }

  /// Returns `η₀ (1 − min(t, total) / total)ᵖ`, where p is the power.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    initial * power(1 - Double(min(total, step)) / Double(total), exponent)
  }
}
