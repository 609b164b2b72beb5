/// A warm-up along a line, and then down along half a wave of the cosine (Loshchilov & Hutter 2017, arXiv:1608.03983).
///
/// `η = η₀ (a + (1 − a) t / warmup)` at first, a the `startFactor`, and then `m + (η₀ − m)(1 + cos πs) / 2` with
/// `s = (t − warmup) / (total − warmup)`, m the `minimum`, where it stays after `total` steps. It is `LinearLR` and
/// `CosineAnnealingLR` in sequence; from 0, the default, the first step of an optimizer changes no parameter.
public final class CosineSchedule: RateSchedule {
  private let warmup: Int, total: Int, minimum: Double, startFactor: Double

  /// A schedule of `total` steps, the first `warmup` of them rising.
  ///
  /// A warm-up below 0 or not below the total is an error, and so is a start outside of 0 ... 1.
  public init(
    _ optimizer: any Schedulable, warmup: Int = 0, total: Int, minimum: Double = 0, startFactor: Double = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      warmup >= 0 && warmup < total, "CosineSchedule",
      "a warm-up of \(warmup) in \(total) steps; at least 0, and fewer", file, line)
    check((0...1).contains(startFactor), "CosineSchedule", "a start of \(startFactor); in 0...1", file, line)
    self.warmup = warmup
    self.total = total
    self.minimum = minimum
    self.startFactor = startFactor
    super.init(optimizer)
  }

  /// The rate after so many steps.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    if step < warmup {
      return initial * (startFactor + (1 - startFactor) * Double(step) / Double(warmup))
    }
    if step >= total { return minimum }
    return alongCosine(initial, minimum, Double(step - warmup) / Double(total - warmup))
  }
}

/// Half waves of the cosine, each beginning at the full rate (`CosineAnnealingWarmRestarts`, arXiv:1608.03983).
public final class CosineRestartSchedule: RateSchedule {
  private let period: Int, multiplier: Int, minimum: Double

  /// A schedule whose first wave has `period` steps, and each other `multiplier` times those of the one before.
  ///
  /// A figure below 1 is an error.
  public init(
    _ optimizer: any Schedulable, period: Int, multiplier: Int = 1, minimum: Double = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      period > 0 && multiplier > 0, "CosineRestartSchedule",
      "a period of \(period), times \(multiplier); at least 1 each", file, line)
    self.period = max(1, period)
    self.multiplier = max(1, multiplier)
    self.minimum = minimum
    super.init(optimizer)
  }

  /// `m + (η₀ − m)(1 + cos πs) / 2`, s the share of the wave that is over.
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

/// Up to a large rate and down to a very small one, while the momentum goes down and up (Smith & Topin 2018,
/// arXiv:1708.07120; `OneCycleLR`).
///
/// The rates are the same for all groups: `maximum / divisor`, `maximum`, and `maximum / (divisor · finalDivisor)` in
/// the end, where they stay after `total` steps. The momentum, β₁ where the optimizer has one, goes from `momenta`'s
/// larger to its smaller figure where the rate is largest, and back.
public final class OneCycleSchedule: RateSchedule {
  /// How a rate goes from one figure to the next.
  public enum Annealing: Sendable {
    /// Along half a wave.
    case cosine
    /// Along a line.
    case linear
  }

  private typealias Phase = (end: Double, from: Double, to: Double, momentumFrom: Double, momentumTo: Double)
  private let phases: [Phase]
  private let annealing: Annealing, total: Int, cyclesMomentum: Bool

  /// A cycle of `total` steps, a share of `rising` of them rising; with `threePhases` as many come back to the first
  /// rate, and the rest goes further down.
  ///
  /// A total below 2 is an error, a `rising` outside of 0 ... 1, and momenta that the optimizer does not have: then
  /// pass `momenta: nil`.
  public init(
    _ optimizer: any Schedulable, maximum: Double, total: Int, rising: Double = 0.3,
    annealing: Annealing = .cosine, momenta: ClosedRange<Double>? = 0.85...0.95, divisor: Double = 25,
    finalDivisor: Double = 1e4, threePhases: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      total > 1 && (0...1).contains(rising), "OneCycleSchedule",
      "\(total) steps, \(rising) of them rising; at least 2, and in 0...1", file, line)
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
    let start = number == 0 ? 0 : phases[number - 1].end
    return (phases[number], (step - start) / (phases[number].end - start))
  }

  private func between(_ start: Double, _ end: Double, _ share: Double) -> Double {
    annealing == .cosine ? alongCosine(start, end, share) : (end - start) * share + start
  }

  /// The rate after so many steps.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    let (phase, share) = position(step)
    return between(phase.from, phase.to, share)
  }

  /// The momentum after so many steps.
  public override func momentum(at step: Int) -> Double? {
    if !cyclesMomentum { return nil }
    let (phase, share) = position(step)
    return between(phase.momentumFrom, phase.momentumTo, share)
  }
}
