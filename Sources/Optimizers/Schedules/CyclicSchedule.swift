/// Learning rates that rise and fall along straight lines, again and again, while the momentum falls and rises
/// (Smith 2017, arXiv:1506.01186; `CyclicLR`).
///
/// The learning rates are the same for all groups, and the initial rates of the optimizer are not used. The
/// momentum, or β₁ if the optimizer has betas, starts at the upper bound of `momenta`. It is lowest when the
/// learning rate is largest.
///
/// ```swift
/// let optimizer = SGD(Linear<Float>(4, 3).parameters, learningRate: 0.1, momentum: 0.9)
/// let schedule = CyclicSchedule(optimizer, from: 0.01, to: 0.1, rising: 200, amplitude: .halving)
/// optimizer.step()
/// schedule.step()
/// ```
public final class CyclicSchedule: RateSchedule {
  /// The change of the amplitude from cycle to cycle.
  ///
  /// ```swift
  /// let optimizer = Adam(Linear<Float>(4, 3).parameters)
  /// let schedule = CyclicSchedule(optimizer, from: 1e-4, to: 1e-2, amplitude: .exponential(0.999))
  /// ```
  public enum Amplitude: Sendable {
    /// All cycles are alike (`triangular`).
    case constant
    /// Each cycle has half the amplitude of the one before it (`triangular2`).
    case halving
    /// Each step multiplies the amplitude by γ (`exp_range`).
    case exponential(Double)
  }

  private let low: Double, high: Double, rising: Int, falling: Int
  private let amplitude: Amplitude, momenta: ClosedRange<Double>?

  /// Makes cycles from `low` to `high` in `rising` steps and back in `falling` steps, by default as many.
  ///
  /// A number of steps below 1 is an error. It is also an error if the optimizer has no momentum; then pass
  /// `momenta: nil`.
  public init(
    _ optimizer: any Schedulable, from low: Double, to high: Double, rising: Int = 2000,
    falling: Int? = nil, amplitude: Amplitude = .constant, momenta: ClosedRange<Double>? = 0.8...0.9,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let falling = falling ?? rising
    check(
      rising > 0 && falling > 0, "CyclicSchedule",
      "\(rising) rising and \(falling) falling steps must each be at least 1", file, line)
    check(
      momenta == nil || !optimizer.momenta.isEmpty, "CyclicSchedule",
      "the optimizer has no momentum; pass momenta: nil", file, line)
    (self.low, self.high, self.rising, self.falling) = (low, high, max(rising, 1), max(falling, 1))
    (self.amplitude, self.momenta) = (amplitude, momenta)
    super.init(optimizer)
  }

  /// Returns the share of the distance from the lower to the upper bound after `step` steps.
  private func height(_ step: Int) -> Double {
    let period = Double(rising) + Double(falling), cycle = (Double(step) / period).rounded(.down)
    let place = Double(step) - cycle * period
    let share =
      place <= Double(rising) ? place / Double(rising) : (period - place) / Double(falling)
    switch amplitude {
    case .constant: return share
    case .halving: return share / power(2, cycle)
    case .exponential(let gamma): return share * power(gamma, Double(step))
    }
  }

  /// Returns `low + (high − low) h`, where h is the share of the amplitude.
  public override func learningRate(from initial: Double, at step: Int) -> Double {
    low + (high - low) * height(step)
  }

  /// Returns the momentum after `step` steps, or nil if `momenta` was nil.
  public override func momentum(at step: Int) -> Double? {
    momenta.map { $0.upperBound - ($0.upperBound - $0.lowerBound) * height(step) }
  }
}
