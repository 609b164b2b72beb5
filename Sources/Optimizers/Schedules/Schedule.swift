/// Sets the learning rates of an optimizer as a run goes on.
public protocol Schedule: AnyObject {
  /// Whose rates are set.
  var optimizer: any Schedulable { get }

  /// What a run needs to go on: of most schedules the number of steps.
  var state: [String: Double] { get }

  /// Takes over the state of a schedule of the same kind.
  ///
  /// - Throws: ``OptimizerStateMismatch``, which names what is missing or not known.
  func load(_ state: [String: Double]) throws(OptimizerStateMismatch)
}

/// A schedule whose rates follow from the number of steps alone: a closed form, so that a restored count gives the
/// same rates to the bit.
///
/// It sets the first rates when it is made, and the next ones at each ``step()``, which follows a step of the
/// optimizer. All groups are scaled alike, each from the rate that it had when the optimizer's first schedule was made;
/// what is set by hand in between is overwritten. A schedule of one's own is a ``LambdaSchedule``, or a subclass with
/// its own ``learningRate(from:at:)``.
open class RateSchedule: Schedule {
  /// Whose rates are set.
  public let optimizer: any Schedulable
  /// The rates that the schedule starts from, of each group.
  public let initialLearningRates: [Double]
  /// The number of steps.
  public private(set) var stepCount = 0

  /// A schedule of an optimizer's rates, which sets the first ones.
  public init(_ optimizer: any Schedulable) {
    self.optimizer = optimizer
    if optimizer.initialLearningRates.isEmpty { optimizer.initialLearningRates = optimizer.learningRates }
    let initial = optimizer.initialLearningRates
    initialLearningRates = initial.isEmpty ? optimizer.learningRates : initial
    set(at: 0)
  }

  /// The rate of a group after so many steps, given the one that it started from.
  open func learningRate(from initial: Double, at step: Int) -> Double { initial }

  /// The momentum of every group after so many steps; nil: it is left alone.
  open func momentum(at step: Int) -> Double? { nil }

  /// Counts a step, and sets the rates after it.
  public final func step() {
    stepCount += 1
    set(at: stepCount)
  }

  /// Sets the rates, and momenta, after so many steps.
  final func set(at step: Int) {
    for (group, initial) in initialLearningRates.enumerated() {
      optimizer.learningRates[group] = learningRate(from: initial, at: step)
    }
    guard let momentum = momentum(at: step) else { return }
    for group in optimizer.momenta.indices { optimizer.momenta[group] = momentum }
  }

  /// The number of steps, `"step"`.
  public final var state: [String: Double] { ["step": Double(stepCount)] }

  /// Takes over the number of steps, and sets the rates after them.
  ///
  /// - Throws: ``OptimizerStateMismatch``, which names what is missing or not known.
  public final func load(_ state: [String: Double]) throws(OptimizerStateMismatch) {
    var reading = StateReading(OptimizerState<Double>(numbers: state))
    let count = reading.number("step")
    try reading.end()
    stepCount = Int(count)
    set(at: stepCount)
  }
}

/// The initial rate times what a function makes of the number of steps.
public final class LambdaSchedule: RateSchedule {
  private let factor: (Int) -> Double

  /// A schedule by a function of the number of steps.
  public init(_ optimizer: any Schedulable, _ factor: @escaping (_ step: Int) -> Double) {
    self.factor = factor
    super.init(optimizer)
  }

  /// `η₀ f(t)`.
  public override func learningRate(from initial: Double, at step: Int) -> Double { initial * factor(step) }
}

/// One schedule after the other, each counting from its own beginning.
public final class SequentialSchedule: RateSchedule {
  private let schedules: [RateSchedule]
  private let milestones: [Int]

  /// Schedules of the same optimizer, and the steps at which the second, the third and so on begin.
  ///
  /// Milestones that are not one fewer than the schedules, or do not grow, are an error.
  public init(
    _ optimizer: any Schedulable, _ schedules: [RateSchedule], milestones: [Int],
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      milestones.count == schedules.count - 1 && zip(milestones, milestones.dropFirst()).allSatisfy(<)
        && milestones.first ?? 1 > 0, "SequentialSchedule",
      "milestones \(milestones) of \(schedules.count) schedules; one fewer, each later than the one before",
      file,
      line)
    check(
      schedules.allSatisfy { $0.optimizer === optimizer }, "SequentialSchedule",
      "a schedule of another optimizer", file, line)
    self.schedules = schedules
    self.milestones = milestones
    super.init(optimizer)
  }

  /// The schedule that has begun last, and the number of its own steps.
  private func current(_ step: Int) -> (schedule: RateSchedule, step: Int)? {
    let number = milestones.prefix { $0 <= step }.count
    guard number < schedules.count else { return nil }
    return (schedules[number], number == 0 ? step : step - milestones[number - 1])
  }

  /// The rate of the schedule that has begun last.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    guard let (schedule, step) = current(step) else { return initial }
    return schedule.learningRate(from: initial, at: step)
  }

  /// The momentum of the schedule that has begun last.
  public override func momentum(at step: Int) -> Double? {
    guard let (schedule, step) = current(step) else { return nil }
    return schedule.momentum(at: step)
  }
}
