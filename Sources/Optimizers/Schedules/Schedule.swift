/// An object that changes the learning rates of an optimizer during a run.
///
/// ```swift
/// func printRates(of schedule: any Schedule) {
///   print(schedule.optimizer.learningRates, schedule.state)
/// }
/// ```
public protocol Schedule: AnyObject {
  /// The optimizer whose learning rates the schedule sets.
  var optimizer: any Schedulable { get }

  /// The state that a run needs to continue. For most schedules it is the number of steps.
  var state: [String: Double] { get }

  /// Restores the state of a schedule of the same kind.
  ///
  /// - Throws: ``OptimizerStateMismatch``, which lists names that are missing or unexpected.
  func load(_ state: [String: Double]) throws(OptimizerStateMismatch)
}

/// A schedule whose learning rates depend only on the number of steps.
///
/// The rates are computed in closed form, so a restored count gives the same rates to the bit. The
/// initialiser sets the first rates. Each ``step()``, called after a step of the optimizer, sets the next
/// ones. All groups are scaled alike, each from the rate that it had when the optimizer's first schedule was
/// made. A rate that is set by hand in between is overwritten. For a new schedule use ``LambdaSchedule``, or
/// override ``learningRate(from:at:)`` in a subclass.
///
/// ```swift
/// final class HalvingSchedule: RateSchedule {
///   override func learningRate(from initial: Double, at step: Int) -> Double {
///     initial / Double(1 << (step / 100))
///   }
/// }
/// ```
open class RateSchedule: Schedule {
  /// The optimizer whose learning rates the schedule sets.
  public let optimizer: any Schedulable
  /// The initial learning rate of each group, from which the schedule computes all others.
  public let initialLearningRates: [Double]
  /// The number of calls of ``step()``.
  public private(set) var stepCount = 0

  /// Makes a schedule of an optimizer's learning rates, and sets the first ones.
  public init(_ optimizer: any Schedulable) {
    self.optimizer = optimizer
    if optimizer.initialLearningRates.isEmpty { optimizer.initialLearningRates = optimizer.learningRates }
    let initial = optimizer.initialLearningRates
    initialLearningRates = initial.isEmpty ? optimizer.learningRates : initial
    set(at: 0)
  }

  /// Returns the learning rate of a group after `step` steps, given its initial rate.
  open func learningRate(from initial: Double, at step: Int) -> Double { initial }

  /// Returns the momentum of every group after `step` steps; nil leaves the momenta unchanged.
  open func momentum(at step: Int) -> Double? { nil }

  /// Counts a step, and sets the learning rates after it.
  public final func step() {
    stepCount += 1
    set(at: stepCount)
  }

  /// Sets the learning rates and momenta after `step` steps.
  final func set(at step: Int) {
    optimizer.learningRates = initialLearningRates.map { learningRate(from: $0, at: step) }
    guard let momentum = momentum(at: step) else { return }
    optimizer.momenta = optimizer.momenta.map { _ in momentum }
  }

  /// The number of steps, `"step"`.
  public final var state: [String: Double] { ["step": Double(stepCount)] }

  /// Restores the number of steps, and sets the learning rates after them.
  ///
  /// - Throws: ``OptimizerStateMismatch``, which lists names that are missing or unexpected.
  public final func load(_ state: [String: Double]) throws(OptimizerStateMismatch) {
    var reading = StateReading(OptimizerState<Double>(numbers: state))
    let count = reading.count("step")
    try reading.end()
    stepCount = count
    set(at: stepCount)
  }
}

/// The initial learning rate times a function of the number of steps.
///
/// ```swift
/// let optimizer = SGD(Linear<Float>(4, 3).parameters, learningRate: 0.1)
/// let schedule = LambdaSchedule(optimizer) { step in 1 / (1 + 0.01 * Double(step)) }
/// schedule.step()
/// ```
public final class LambdaSchedule: RateSchedule {
  private let factor: (Int) -> Double

  /// Makes a schedule from a function of the number of steps.
  public init(_ optimizer: any Schedulable, _ factor: @escaping (_ step: Int) -> Double) {
    self.factor = factor
    super.init(optimizer)
  }

  /// `η₀ f(t)`.
  public override func learningRate(from initial: Double, at step: Int) -> Double { initial * factor(step) }
}

/// A learning rate that each step multiplies by a function of the number of steps (`MultiplicativeLR`).
///
/// ```swift
/// let optimizer = SGD(Linear<Float>(4, 3).parameters, learningRate: 0.1)
/// let schedule = MultiplicativeSchedule(optimizer) { step in step < 100 ? 0.99 : 1 }
/// schedule.step()
/// ```
public final class MultiplicativeSchedule: RateSchedule {
  private let factor: (Int) -> Double
  /// The products of the factors of the first steps.
  private var products = [1.0]

  /// Makes a schedule from a function of the number of steps, which is 1 for the first call of `step()`.
  public init(_ optimizer: any Schedulable, _ factor: @escaping (_ step: Int) -> Double) {
    self.factor = factor
    super.init(optimizer)
  }

  /// Returns `η₀ f(1) ⋯ f(t)`.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    while products.count <= step { products.append(products.last! * factor(products.count)) }
    return initial * products[max(step, 0)]
  }
}

/// Several schedules at the same time: each starts from the learning rate that the one before it computes
/// (`ChainedScheduler`).
///
/// ```swift
/// let optimizer = SGD(Linear<Float>(4, 3).parameters, learningRate: 0.1)
/// let warmup = LinearSchedule(optimizer, startFactor: 0.1, total: 10)
/// let decay = ExponentialSchedule(optimizer, gamma: 0.99)
/// let schedule = ChainedSchedule(optimizer, [warmup, decay])
/// schedule.step()
/// ```
public final class ChainedSchedule: RateSchedule {
  private let schedules: [RateSchedule]

  /// Makes a chain of schedules of one optimizer. A schedule of another optimizer is an error.
  ///
  /// Factors multiply each other. A schedule that does not scale the learning rate, such as
  /// ``OneCycleSchedule``, hides those before it.
  public init(
    _ optimizer: any Schedulable, _ schedules: [RateSchedule], file: StaticString = #fileID,
    line: UInt = #line
  ) {
    check(
      schedules.allSatisfy { $0.optimizer === optimizer }, "ChainedSchedule",
      "a schedule belongs to another optimizer; all must belong to the same", file, line)
    self.schedules = schedules
    super.init(optimizer)
  }

  /// Returns the last schedule's learning rate.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    schedules.reduce(initial) { rate, schedule in schedule.learningRate(from: rate, at: step) }
  }

  /// Returns the momentum of the last schedule that has one.
  public override func momentum(at step: Int) -> Double? {
    schedules.lazy.reversed().compactMap { $0.momentum(at: step) }.first
  }
}

/// Several schedules in sequence. Each counts its steps from its own beginning.
///
/// ```swift
/// let optimizer = SGD(Linear<Float>(4, 3).parameters, learningRate: 0.1)
/// let warmup = LinearSchedule(optimizer, startFactor: 0.1, total: 10)
/// let decay = ExponentialSchedule(optimizer, gamma: 0.99)
/// let schedule = SequentialSchedule(optimizer, [warmup, decay], milestones: [10])
/// schedule.step()
/// ```
public final class SequentialSchedule: RateSchedule {
  private let schedules: [RateSchedule]
  private let milestones: [Int]

  /// Makes a sequence of schedules of one optimizer. The milestones are the steps at which the second, the
  /// third and further schedules start.
  ///
  /// There must be one milestone fewer than schedules. Each must be above 0 and above the milestone before
  /// it; else it is an error. A schedule of another optimizer is an error too.
  public init(
    _ optimizer: any Schedulable, _ schedules: [RateSchedule], milestones: [Int],
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      milestones.count == schedules.count - 1 && zip(milestones, milestones.dropFirst()).allSatisfy(<)
        && milestones.first ?? 1 > 0, "SequentialSchedule",
      "milestones \(milestones) do not fit \(schedules.count) schedules; there must be one fewer, each later than the one before",
      file,
      line)
    check(
      schedules.allSatisfy { $0.optimizer === optimizer }, "SequentialSchedule",
      "a schedule belongs to another optimizer; all must belong to the same", file, line)
    self.schedules = schedules
    self.milestones = milestones
    super.init(optimizer)
  }

  /// Returns the schedule that has started last, and the number of its own steps.
  private func current(_ step: Int) -> (schedule: RateSchedule, step: Int)? {
    let number = milestones.prefix { $0 <= step }.count
    guard number < schedules.count else { return nil }
    return (schedules[number], number == 0 ? step : step - milestones[number - 1])
  }

  /// Returns the learning rate of the schedule that has started last.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    guard let (schedule, step) = current(step) else { return initial }
    return schedule.learningRate(from: initial, at: step)
  }

  /// Returns the momentum of the schedule that has started last.
  public override func momentum(at step: Int) -> Double? {
    guard let (schedule, step) = current(step) else { return nil }
    return schedule.momentum(at: step)
  }
}
