public import MartletCore

/// Running means of parameters. A model often classifies better with them than with its last parameters
/// (Polyak & Juditsky 1992, DOI 10.1137/0330046; Izmailov et al. 2018, arXiv:1803.05407).
///
/// Each update computes `a = d·a + (1 − d)·w` with the decay d. The first update copies the parameters
/// instead. PyTorch's counterpart is `AveragedModel` with `get_ema_multi_avg_fn`; this class averages only
/// the parameters and needs no second model.
///
/// ```swift
/// let model = Linear<Float>(4, 3), x = Tensor<Float>.normal([2, 4])
/// let optimizer = Adam(model.parameters), average = ExponentialMovingAverage(of: model.parameters)
/// model(x).crossEntropy(Tensor<Int>([0, 2])).backward()
/// optimizer.step()
/// average.update()
/// let logits = average.withAverages { model(x) }
/// ```
public final class ExponentialMovingAverage<Element: DifferentiableScalar>: Stateful {
  /// The tensors whose running means are computed.
  public let parameters: [Tensor<Element>]
  /// The means, in the order of the parameters.
  public let averages: [Tensor<Element>]
  /// d, the share of the mean that an update keeps.
  public let decay: Double
  /// The number of updates.
  public private(set) var updateCount = 0
  @exclusivity(unchecked) private var updates: ParameterUpdates<Element>

  /// Makes running means of these parameters, which start as copies. A decay outside of 0 ... 1 is an error.
  public init(
    of parameters: [Tensor<Element>], decay: Double = 0.999, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      (0...1).contains(decay), "ExponentialMovingAverage", "the decay must be in 0...1, not \(decay)", file,
      line)
    self.parameters = parameters
    self.decay = decay
    averages = parameters.map { $0.detached().cloned() }
    updates = ParameterUpdates(of: averages, by: .average, named: "ExponentialMovingAverage")
  }

  /// Moves the means towards the parameters, in one pass over memory. Call it after each step of the
  /// optimizer.
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

  /// Runs `body` while the parameters hold the means, and restores the parameters afterwards, even if `body`
  /// throws.
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

  /// A copy of the means, such as `"0.average"`, and the number of updates, `"n_averaged"`.
  public var state: OptimizerState<Element> {
    var result = OptimizerState<Element>(numbers: ["n_averaged": Double(updateCount)])
    for (index, average) in averages.enumerated() { result.tensors["\(index).average"] = average.cloned() }
    return result
  }

  /// Restores the means of parameters of the same shapes. All is compared before anything is changed.
  ///
  /// - Throws: ``OptimizerStateMismatch``, which lists the names that do not fit.
  public func load(_ state: OptimizerState<Element>) throws(OptimizerStateMismatch) {
    var reading = StateReading(state)
    let count = reading.count("n_averaged")
    let found = averages.enumerated().map { reading.tensor("\($0).average", $1.shape) }
    try reading.end()
    noGrad {
      for (average, tensor) in zip(averages, found) { average.assign(tensor!) }
    }
    updateCount = count
  }
}
