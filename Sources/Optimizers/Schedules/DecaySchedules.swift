/// The rate times γ every so many steps (PyTorch's `StepLR`): `η₀ γ^⌊t / size⌋`.
public final class StepSchedule: RateSchedule {
  private let stepSize: Int, gamma: Double

  /// A schedule that scales by `gamma` every `stepSize` steps; a size below 1 is an error.
  public init(
    _ optimizer: any Schedulable, stepSize: Int, gamma: Double = 0.1, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    check(stepSize > 0, "StepSchedule", "a step size of \(stepSize); at least 1", file, line)
    self.stepSize = max(1, stepSize)
    self.gamma = gamma
    super.init(optimizer)
  }

  /// `η₀ γ^⌊t / size⌋`.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    initial * power(gamma, Double(step / stepSize))
  }
}

/// The rate times γ at each milestone (`MultiStepLR`); one that is given twice scales twice.
public final class MultiStepSchedule: RateSchedule {
  private let milestones: [Int], gamma: Double

  /// A schedule that scales by `gamma` at these steps.
  public init(_ optimizer: any Schedulable, milestones: [Int], gamma: Double = 0.1) {
    self.milestones = milestones
    self.gamma = gamma
    super.init(optimizer)
  }

  /// `η₀ γⁿ`, n the milestones that are reached.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    initial * power(gamma, Double(milestones.count { $0 <= step }))
  }
}

/// The rate times γ at each step (`ExponentialLR`): `η₀ γᵗ`.
public final class ExponentialSchedule: RateSchedule {
  private let gamma: Double

  /// A schedule that scales by `gamma` at each step.
  public init(_ optimizer: any Schedulable, gamma: Double) {
    self.gamma = gamma
    super.init(optimizer)
  }

  /// `η₀ γᵗ`.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    initial * power(gamma, Double(step))
  }
}

/// A smaller rate for the first steps (`ConstantLR`).
public final class ConstantSchedule: RateSchedule {
  private let factor: Double, total: Int

  /// A schedule that scales the first `total` steps by `factor`, in 0 ... 1, else an error.
  public init(
    _ optimizer: any Schedulable, factor: Double = 1.0 / 3, total: Int = 5, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    check((0...1).contains(factor), "ConstantSchedule", "a factor of \(factor); in 0...1", file, line)
    self.factor = factor
    self.total = total
    super.init(optimizer)
  }

  /// `η₀` times the factor, and `η₀` in the end.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    step < total ? initial * factor : initial
  }
}

/// A rate along a straight line, such as a warm-up (`LinearLR`).
public final class LinearSchedule: RateSchedule {
  private let startFactor: Double, endFactor: Double, total: Int

  /// A schedule from `startFactor` to `endFactor` times the rate in `total` steps, and there from then on.
  ///
  /// A factor outside of 0 ... 1 is an error, and so is a total below 1.
  public init(
    _ optimizer: any Schedulable, startFactor: Double = 1.0 / 3, endFactor: Double = 1, total: Int = 5,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      (0...1).contains(startFactor) && (0...1).contains(endFactor) && total > 0, "LinearSchedule",
      "factors \(startFactor) and \(endFactor) in \(total) steps; in 0...1, and at least 1", file, line)
    self.startFactor = startFactor
    self.endFactor = endFactor
    self.total = max(1, total)
    super.init(optimizer)
  }

  /// `η₀ (a + (b − a) min(t, total) / total)`.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    initial * (startFactor + (endFactor - startFactor) * Double(min(total, step)) / Double(total))
  }
}

/// A rate that falls to 0 by a power (`PolynomialLR`).
public final class PolynomialSchedule: RateSchedule {
  private let total: Int, exponent: Double

  /// A schedule that is at 0 after `total` steps; fewer than 1 is an error.
  public init(
    _ optimizer: any Schedulable, total: Int = 5, power: Double = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    check(total > 0, "PolynomialSchedule", "\(total) steps; at least 1", file, line)
    self.total = max(1, total)
    exponent = power
    super.init(optimizer)
  }

  /// `η₀ (1 − min(t, total) / total)ᵖ`.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    initial * power(1 - Double(min(total, step)) / Double(total), exponent)
  }
}
