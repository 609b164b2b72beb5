/// A linear warm-up, followed by half a cosine wave (Loshchilov & Hutter 2017, arXiv:1608.03983).
///
/// During the warm-up the learning rate is `η = η₀ (a + (1 − a) t / warmup)`, where a is the `startFactor`.
/// Then it is `m + (η₀ − m)(1 + cos πs) / 2` with `s = (t − warmup) / (total − warmup)`, where m is the
/// `minimum`. After `total` steps it stays at the minimum. The schedule is PyTorch's `LinearLR` followed by
/// `CosineAnnealingLR`. With a warm-up from the default 0, the first step of an optimizer changes no
/// parameter.
///
/// ```swift
/// let model = Linear<Float>(4, 3)
/// let optimizer = AdamW(model.parameters, learningRate: 2e-3)
/// let schedule = CosineSchedule(optimizer, warmup: 20, total: 300, minimum: 1e-5)
/// optimizer.step()
/// schedule.step()
/// ```
public final class CosineSchedule: RateSchedule {
  private let warmup: Int, total: Int, minimum: Double, startFactor: Double

  /// Makes a schedule of `total` steps, with a warm-up in the first `warmup` of them.
  ///
  /// A warm-up below 0, or as long as the total or longer, is an error. A start factor outside of 0 ... 1 is
  /// an error too.
  public init(
    _ optimizer: any Schedulable, warmup: Int = 0, total: Int, minimum: Double = 0, startFactor: Double = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      warmup >= 0 && warmup < total, "CosineSchedule",
      "the warm-up must be at least 0 and less than the \(total) steps, not \(warmup)", file, line)
    check(
      (0...1).contains(startFactor), "CosineSchedule",
      "the start factor must be in 0...1, not \(startFactor)", file, line)
    self.warmup = warmup
    self.total = total
    self.minimum = minimum
    self.startFactor = startFactor
    super.init(optimizer)
  }

  /// Returns the learning rate after `step` steps.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    if step < warmup {
      return initial * (startFactor + (1 - startFactor) * Double(step) / Double(warmup))
    }
    if step >= total { return minimum }
    return alongCosine(initial, minimum, Double(step - warmup) / Double(total - warmup))
  }
}

/// Half cosine waves, each of which starts at the full learning rate (`CosineAnnealingWarmRestarts`,
/// arXiv:1608.03983).
///
/// ```swift
/// let optimizer = SGD(Linear<Float>(4, 3).parameters, learningRate: 0.1)
/// let schedule = CosineRestartSchedule(optimizer, period: 10, multiplier: 2)
/// optimizer.step()
/// schedule.step()
/// ```
public final class CosineRestartSchedule: RateSchedule {
  private let period: Int, multiplier: Int, minimum: Double

  /// Makes a schedule whose first wave has `period` steps. Each later wave has `multiplier` times as many
  /// steps as the wave before it.
  ///
  /// A period or multiplier below 1 is an error.
  public init(
    _ optimizer: any Schedulable, period: Int, multiplier: Int = 1, minimum: Double = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      period > 0 && multiplier > 0, "CosineRestartSchedule",
      "the period \(period) and the multiplier \(multiplier) must each be at least 1", file, line)
    self.period = max(1, period)
    self.multiplier = max(1, multiplier)
    self.minimum = minimum
    super.init(optimizer)
  }

  /// Returns `m + (η₀ − m)(1 + cos πs) / 2`, where s is the share of the wave that is over and m is the
  /// minimum.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    var length = period, rest = step
    if multiplier == 1 { rest %= length }
    while rest >= length {
      rest -= length
      length *= multiplier
    }
    return alongCosine(initial, minimum, Double(rest) / Double(length))
  }
}

/// A rise to a large learning rate and a fall to a very small one, while the momentum falls and rises (Smith
/// & Topin 2018, arXiv:1708.07120; `OneCycleLR`).
///
/// The learning rates are the same for all groups: `maximum / divisor` at first, then `maximum`, and
/// `maximum / (divisor · finalDivisor)` in the end. After `total` steps they stay there. The momentum, or β₁
/// if the optimizer has betas, starts at the upper bound of `momenta`. It reaches the lower bound when the
/// learning rate is largest, and then goes back.
///
/// ```swift
/// let optimizer = SGD(Linear<Float>(4, 3).parameters, learningRate: 0.1, momentum: 0.9)
/// let schedule = OneCycleSchedule(optimizer, maximum: 0.5, total: 1000)
/// optimizer.step()
/// schedule.step()
/// ```
public final class OneCycleSchedule: RateSchedule {
  /// The curve from one value to the next.
  ///
  /// ```swift
  /// let optimizer = Adam(Linear<Float>(4, 3).parameters)
  /// let schedule = OneCycleSchedule(optimizer, maximum: 1e-2, total: 500, annealing: .linear)
  /// ```
  public enum Annealing: Sendable {
    /// Half a cosine wave.
    case cosine
    /// A straight line.
    case linear
  }

  private typealias Phase = (end: Double, from: Double, to: Double, momentumFrom: Double, momentumTo: Double)
  private let phases: [Phase]
  private let annealing: Annealing, total: Int, cyclesMomentum: Bool

  /// Makes a cycle of `total` steps. The learning rate rises in the share `rising` of the steps.
  ///
  /// With `threePhases` it falls back to the first rate in as many steps, and falls further in the rest. A
  /// total below 2 is an error, and so is a `rising` outside of 0 ... 1. It is also an error if the optimizer
  /// has no momentum; then pass `momenta: nil`.
  public init(
    _ optimizer: any Schedulable, maximum: Double, total: Int, rising: Double = 0.3,
    annealing: Annealing = .cosine, momenta: ClosedRange<Double>? = 0.85...0.95, divisor: Double = 25,
    finalDivisor: Double = 1e4, threePhases: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      total > 1 && (0...1).contains(rising), "OneCycleSchedule",
      "a total of \(total) steps with a rising part of \(rising) is not valid; there must be at least 2 steps, and a part in 0...1",
      file, line)
    check(
      momenta == nil || !optimizer.momenta.isEmpty, "OneCycleSchedule",
      "the optimizer has no momentum; pass momenta: nil", file, line)
    let first = maximum / divisor, last = first / finalDivisor, top = rising * Double(total) - 1
    let low = momenta?.lowerBound ?? 0, high = momenta?.upperBound ?? 0, end = Double(total - 1)
    phases =
      threePhases
      ? [
        (top, first, maximum, high, low), (2 * top, maximum, first, low, high),
        (end, first, last, high, high),
      ]
      : [(top, first, maximum, high, low), (end, maximum, last, low, high)]
    self.annealing = annealing
    self.total = total
    cyclesMomentum = momenta != nil
    super.init(optimizer)
  }

  private func position(_ step: Int) -> (phase: Phase, share: Double) {
    let step = Double(min(step, total - 1))
    let number = phases.firstIndex { step <= $0.end } ?? phases.count - 1
    let start = number == 0 ? 0 : phases[number - 1].end, length = phases[number].end - start
    // A phase of one step is at its end at once.
    return (phases[number], length == 0 ? 1 : (step - start) / length)
  }

  private func between(_ start: Double, _ end: Double, _ share: Double) -> Double {
    annealing == .cosine ? alongCosine(start, end, share) : (end - start) * share + start
  }

  /// Returns the learning rate after `step` steps.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    let (phase, share) = position(step)
    return between(phase.from, phase.to, share)
  }

  /// Returns the momentum after `step` steps, or nil if `momenta` was nil.
  public override func momentum(at step: Int) -> Double? {
    if !cyclesMomentum { return nil }
    let (phase, share) = position(step)
    return between(phase.momentumFrom, phase.momentumTo, share)
  }
}
