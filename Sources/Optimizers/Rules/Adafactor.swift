public import MartletCore

/// Adafactor (Shazeer & Stern 2018, arXiv:1804.04235), with PyTorch's defaults. Its state of an `[m, n]`
/// matrix has m + n numbers.
///
/// The mean square u of the gradients is kept as the means r of its rows and c of its columns, with the share
/// `tᵟ` of the newest: `u = r c / mean(r)`. A vector keeps u itself. The update is
/// `w = (1 − ηλ)w − α v / max(1, rms(v) / d)` with `v = g / √u` and `α = max(ε₂, rms(w)) · min(η, 1 / √t)`.
/// More axes than two are a batch of matrices.
///
/// ```swift
/// let model = Linear<Float>(4, 3)
/// let optimizer = Adafactor(model.parameters, learningRate: 0.05)
/// let x = Tensor<Float>.normal([2, 4]), labels = Tensor<Int>([0, 2])
/// model(x).crossEntropy(labels).backward()
/// optimizer.step()
/// ```
public final class Adafactor<Element: DifferentiableScalar>: Optimizer {
  private typealias Moments = (steps: Int, row: Tensor<Element>, column: Tensor<Element>?)

  /// The tensors that a step changes, in the order of the groups.
  public let parameters: [Tensor<Element>]
  /// η, the largest learning rate, of each group.
  public var learningRates: [Double] {
    get { settings[each: \.learningRate] }
    set { settings[each: \.learningRate] = newValue }
  }
  /// The learning rates that schedules start from; empty until the first schedule sets them.
  public var initialLearningRates: [Double] = []
  /// λ, the weight decay of each group.
  public var weightDecays: [Double] {
    get { settings[each: \.weightDecay] }
    set { settings[each: \.weightDecay] = newValue }
  }
  private let grouped: GroupedParameters<Element>
  /// The current settings of each group.
  private var settings: [UpdateSettings]
  private let decay: Double, epsilons: (Double, Double), threshold: Double, maximize: Bool
  private var moments: [Moments?]

  /// Makes an optimizer of parameters, or of groups of parameters with their own learning rate and weight
  /// decay. δ is the `decay`, d the `threshold`. The first ε is the least root of a mean square; nil stands
  /// for the relative precision of the elements.
  ///
  /// A learning rate, ε or weight decay below 0 is an error. So are a decay above 0 and a threshold below 1.
  /// With `maximize` the parameters move along the gradient, so that the loss grows.
  public init<Part: Optimizable>(
    _ parameters: [Part], learningRate: Double = 1e-2, decay: Double = -0.8,
    epsilons: (Double?, Double) = (nil, 1e-3), threshold: Double = 1, weightDecay: Double = 0,
    maximize: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) where Part.Scalar == Element {
    let first = epsilons.0 ?? Element.ulpOfOne.doubleValue
    let defaults = UpdateSettings(learningRate: learningRate, weightDecay: weightDecay)
    let groups = Part.groups(parameters)
    settings = groups.map { $0.settings(defaults, hasBetas: false) }
    for group in settings {
      check(
        group.learningRate >= 0 && group.weightDecay >= 0 && first >= 0 && epsilons.1 >= 0, "Adafactor",
        "learning rate \(group.learningRate), weight decay \(group.weightDecay) and epsilons \((first, epsilons.1)) must be at least 0",
        file, line)
    }
    check(
      decay <= 0 && threshold >= 1, "Adafactor",
      "the decay \(decay) must be at most 0, and the threshold \(threshold) at least 1", file, line)
    grouped = GroupedParameters(groups, of: "Adafactor", file, line)
    self.parameters = grouped.parameters
    (self.decay, self.epsilons, self.threshold) = (decay, (first, epsilons.1), threshold)
    self.maximize = maximize
    moments = grouped.parameters.map { _ in nil }
  }

  /// η, the largest learning rate of the first group. Setting it sets the learning rate of every group.
  public var learningRate: Double {
    get { settings.first?.learningRate ?? 0 }
    set { settings.set(\.learningRate, to: newValue) }
  }

  /// λ, the weight decay of the first group. Setting it sets the weight decay of every group.
  public var weightDecay: Double {
    get { settings.first?.weightDecay ?? 0 }
    set { settings.set(\.weightDecay, to: newValue) }
  }

  /// The groups, with their current learning rates and weight decays.
  public var groups: [ParameterGroup<Element>] {
    zip(grouped.lists, settings).map { parameters, all in
      ParameterGroup(parameters, learningRate: all.learningRate, weightDecay: all.weightDecay)
    }
  }

  /// Does nothing: this optimizer needs no preparation before a step.
  public func beginStep() {}

  /// Changes one parameter and its state. A gradient whose shape differs from the parameter's is an error.
  public func update(_ index: Int, gradient: Tensor<Element>) {
    let w = parameters[index]
    guard accepts(gradient, for: index), w.count > 0 else { return }
    let g = maximize ? -gradient : gradient
    let steps = 1 + (moments[index]?.steps ?? 0), count = Double(steps)
    let settings = settings[grouped.groupOf[index]], learningRate = settings.learningRate
    let share = Element(power(count, decay))
    let rate = max(epsilons.1, rootMeanSquare(w)) * min(learningRate, 1 / count.squareRoot())
    let variance: Tensor<Element>
    if w.rank > 1 {
      let row = newMean(moments[index]?.row, g.meanSquares(axis: -1), share)
      let column = newMean(moments[index]?.column, g.meanSquares(axis: -2), share)
      moments[index] = (steps, row, column)
      variance = row / row.mean(axis: -2, keepDims: true).clamped(Element(epsilons.0)...(.infinity)) * column
    } else {
      variance = newMean(moments[index]?.row, g * g, share)
      moments[index] = (steps, variance, nil)
    }
    let least = Element(epsilons.0 * epsilons.0)
    let step = g * variance.clamped(least...(.infinity)).rsqrt()
    w.multiply(by: Tensor(Element(1 - learningRate * settings.weightDecay)))
    w.add(step, scaledBy: Element(-rate / max(1, rootMeanSquare(step) / threshold)))
  }

  private func newMean(
    _ mean: Tensor<Element>?, _ newest: Tensor<Element>, _ share: Element
  ) -> Tensor<Element> { (mean ?? .zeros(newest.shape)).lerp(newest, weight: share) }

  private func rootMeanSquare(_ x: Tensor<Element>) -> Double { root(x.powerSum(2) / Double(x.count), 2) }

  /// A copy of the state of each parameter, such as `"0.row_var"` and `"0.step"`, and of the settings of
  /// each group. The names are PyTorch's.
  public var state: OptimizerState<Element> {
    var result = OptimizerState<Element>()
    result.setSettings(settings, UpdateSettings.saved)
    result.setInitialRates(initialLearningRates)
    for (index, moments) in moments.enumerated() {
      guard let moments else { continue }
      result.numbers["\(index).step"] = Double(moments.steps)
      let name = moments.column == nil ? "variance" : "row_var"
      result.tensors["\(index).\(name)"] = moments.row.cloned()
      result.tensors["\(index).col_var"] = moments.column?.cloned()
    }
    return result
  }

  /// Restores the state of an optimizer whose parameters have the same shapes and groups. All is compared
  /// before anything is changed.
  ///
  /// - Throws: ``OptimizerStateMismatch``, which lists the names that do not fit.
  public func load(_ state: OptimizerState<Element>) throws(OptimizerStateMismatch) {
    var reading = StateReading(state)
    let newSettings = reading.settings(over: settings, UpdateSettings.saved)
    let initial = reading.initialRates(settings.count)
    let loaded = parameters.enumerated().map { index, parameter -> Moments? in
      guard reading.has("\(index).step") else { return nil }
      let steps = reading.count("\(index).step"), shape = Array(parameter.shape), rank = shape.count
      func tensor(_ name: String, without axis: Int?) -> Tensor<Element>? {
        reading.tensor(
          "\(index).\(name)", TensorShape(shape.enumerated().map { $0.offset == axis ? 1 : $0.element }))
      }
      if rank < 2 { return tensor("variance", without: nil).map { (steps, $0, nil) } }
      let row = tensor("row_var", without: rank - 1), column = tensor("col_var", without: rank - 2)
      return row.map { (steps, $0, column) }
    }
    try reading.end()
    (settings, initialLearningRates, moments) = (newSettings, initial, loaded)
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Returns the means of the squares along an axis, which stays with one element.
  fileprivate func meanSquares(axis: Int) -> Tensor { (self * self).mean(axis: axis, keepDims: true) }
}
