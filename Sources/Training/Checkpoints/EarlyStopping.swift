public import MartletCore
public import MartletLayers
public import MartletOptimizers

/// Ends a training whose metric no longer improves, and gives the best weights back.
///
/// ```swift
/// let model = Linear<Float>(4, 3), x = Tensor<Float>.normal([8, 4])
/// let stopping = EarlyStopping(model, patience: 3)
/// for _ in 1...100 {
///   // … an epoch of training …
///   let validationLoss = model(x).squaredError(.zeros([8, 3])).item
///   if stopping.shouldStop(after: Double(validationLoss)) { break }
/// }
/// stopping.restoreBest()
/// ```
public final class EarlyStopping<Element: DifferentiableScalar>: Stateful {
  /// The number of metrics in a row without an improvement that end the training.
  public let patience: Int
  /// The best metric so far, or nil before the first that is a number.
  public private(set) var best: Double?
  /// The number of metrics since the best one.
  public private(set) var badCount = 0
  /// True if it is time to stop: a resumed run asks before it trains on.
  public var isOver: Bool { badCount >= patience }

  private let direction: PlateauSchedule.Mode, leastChange: Double
  private let tensors: [(name: String, tensor: Tensor<Element>)]
  private let counts: [(name: String, tensor: Tensor<Int>)]
  /// Copies at the time of the best metric, in the order of `tensors` and `counts`; empty before.
  private var bestTensors: [Tensor<Element>] = [], bestCounts: [Tensor<Int>] = []

  /// Makes a watch over the parameters and saved buffers of a model.
  ///
  /// A metric is better if it is below the best one, or above it with the mode `.max`, by more than
  /// `leastChange`. A NaN is never better. A patience below 1 is an error.
  public init<Model: Module>(
    _ model: Model, patience: Int = 10, mode: PlateauSchedule.Mode = .min, leastChange: Double = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) where Model.Element == Element {
    if patience < 1 {
      programError("EarlyStopping", "the patience must be at least 1, not \(patience)", file, line)
    }
    self.patience = patience
    direction = mode
    self.leastChange = leastChange
    (tensors, counts) = (model.namedState, model.namedCounts)
  }

  /// Notes a metric, copies the weights if it is the best so far, and returns ``isOver``.
  @discardableResult
  public func shouldStop(after metric: Double) -> Bool {
    if isBetter(metric) {
      (best, badCount) = (metric, 0)
      bestTensors = tensors.map { $0.tensor.detached().cloned() }
      bestCounts = counts.map { $0.tensor.cloned() }
    } else {
      badCount += 1
    }
    return isOver
  }

  private func isBetter(_ metric: Double) -> Bool {
    guard let best else { return !metric.isNaN }
    return direction == .min ? metric < best - leastChange : metric > best + leastChange
  }

  /// Gives the model the parameters and buffers that it had at the best metric. Before the first metric, it
  /// changes nothing.
  public func restoreBest() {
    noGrad {
      for (target, source) in zip(tensors, bestTensors) { target.tensor.assign(source) }
      for (target, source) in zip(counts, bestCounts) { target.tensor.assign(source) }
    }
  }

  /// A copy of the best weights, the best metric and the number of metrics since.
  ///
  /// Integer buffers are saved as numbers, which are exact below 2⁵³.
  public var state: OptimizerState<Element> {
    var result = OptimizerState<Element>(numbers: ["bad_count": Double(badCount)])
    result.numbers["best"] = best
    for ((name, _), tensor) in zip(tensors, bestTensors) {
      result.tensors["weights.\(name)"] = tensor.cloned()
    }
    for ((name, _), tensor) in zip(counts, bestCounts) {
      for (index, count) in tensor.scalars.enumerated() {
        result.numbers["counts.\(name).\(index)"] = Double(count)
      }
    }
    return result
  }

  /// Restores the state of a watch over a model of the same shapes. All is compared before anything is
  /// changed.
  ///
  /// - Throws: ``OptimizerStateMismatch``, which lists the names that do not fit.
  public func load(_ state: OptimizerState<Element>) throws(OptimizerStateMismatch) {
    var reading = StateReading(state)
    let badCount = reading.count("bad_count")
    var best: Double?, newTensors: [Tensor<Element>] = [], newCounts: [Tensor<Int>] = []
    if reading.has("best") {
      best = reading.number("best")
      newTensors = tensors.compactMap { reading.tensor("weights.\($0.name)", $0.tensor.shape) }
      newCounts = counts.map { name, tensor in
        let numbers = (0..<tensor.count).map { reading.integer("counts.\(name).\($0)") }
        return Tensor(numbers, shape: tensor.shape)
      }
    }
    try reading.end()
    (self.best, self.badCount, bestTensors, bestCounts) = (best, badCount, newTensors, newCounts)
  }
}
