public import MartletCore

/// Running means of parameters, which often classify better than the parameters at the end of a run (Polyak & Juditsky
/// 1992, DOI 10.1137/0330046; Izmailov et al. 2018, arXiv:1803.05407).
///
/// `a = d·a + (1 − d)·w` at each update, d the decay, but for the first update, which copies the
/// parameters. As `AveragedModel` with `get_ema_multi_avg_fn`, but of the parameters alone, without a second model.
public final class ExponentialMovingAverage<Element: DifferentiableScalar> {
  /// The tensors whose means are kept.
  public let parameters: [Tensor<Element>]
  /// The means, in the parameters' order.
  public let averages: [Tensor<Element>]
  /// d, how much of the mean an update keeps.
  public let decay: Double
  /// The number of updates.
  public private(set) var updateCount = 0
  @exclusivity(unchecked) private var updates: ParameterUpdates<Element>

  /// Means of these parameters, which begin as copies of them. A decay outside of 0 ... 1 is an error.
  public init(
    of parameters: [Tensor<Element>], decay: Double = 0.999, file: StaticString = #fileID, line: UInt = #line
  ) {
    check((0...1).contains(decay), "ExponentialMovingAverage", "decay \(decay); in 0...1", file, line)
    self.parameters = parameters
    self.decay = decay
    averages = parameters.map { $0.detached().cloned() }
    updates = ParameterUpdates(of: averages, by: .average, named: "ExponentialMovingAverage")
  }

  /// Moves the means towards the parameters, in one pass over memory: to be called after each step of an optimizer.
  public func update() {
    var none = UpdateState<Element>()
    let share = UpdateSettings(learningRate: updateCount == 0 ? 1 : 1 - decay)
    noGrad {
      for (average, parameter) in zip(averages, parameters) where !parameter.isFailed {
        updates.append(average, parameter, &none, share)
      }
      updates.change()
    }
    updateCount += 1
  }

  /// Runs `body` with the means in the parameters' place, and puts the parameters back after it, also when it throws.
  public func withAverages<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    swap()
    defer { swap() }
    return try body()
  }

  /// Exchanges the parameters and the means.
  public func swap() {
    noGrad {
      for (average, parameter) in zip(averages, parameters) {
        let before = parameter.detached().cloned()
        parameter.assign(average)
        average.assign(before)
      }
    }
  }

  /// A copy of the means, `"0.average"`, and the number of updates.
  public var state: OptimizerState<Element> {
    var result = OptimizerState<Element>(numbers: ["n_averaged": Double(updateCount)])
    for (index, average) in averages.enumerated() { result.tensors["\(index).average"] = average.cloned() }
    return result
  }

  /// Takes over the means of parameters of the same shapes. All is compared before anything is changed.
  ///
  /// - Throws: ``OptimizerStateMismatch``, which names what does not fit.
  public func load(_ state: OptimizerState<Element>) throws(OptimizerStateMismatch) {
    var reading = StateReading(state)
    let count = reading.number("n_averaged")
    let found = averages.enumerated().map { reading.tensor("\($0).average", $1.shape) }
    try reading.end()
    noGrad {
      for (average, tensor) in zip(averages, found) { average.assign(tensor!) }
    }
    updateCount = Int(count)
  }
}
