public import MartletCore

/// The per-parameter state of an update rule, under PyTorch's names, and the settings that are saved.
struct Kept {
  var first: String?, second: String?, third: String?
  /// The name of the velocity. A slot of this name is kept only if the momentum is above 0.
  static let velocity = "momentum_buffer"
  /// The value that the elements of `first` start from.
  var start = 0.0
  /// The setting that a schedule of the momentum changes.
  var momentum = Momentum.none
  /// The saved settings besides the learning rate and the weight decay, under PyTorch's names.
  var numbers: [SavedSetting] = []
  var hasProduct = false
}

/// The setting that is an optimizer's momentum, if it has one.
enum Momentum {
  case none, velocity, beta1

  var path: WritableKeyPath<UpdateSettings, Double>? {
    switch self {
    case .none: nil
    case .velocity: \.momentum
    case .beta1: \.beta1
    }
  }
}

/// The base of all optimizers that change each element by itself.
///
/// It keeps the groups of parameters and the state of each parameter, and changes all parameters in one pass
/// over memory. A subclass supplies an update rule, its settings and the names of its state. The state of a
/// parameter is made at its first gradient.
///
/// ```swift
/// let model = Linear<Float>(4, 3)
/// let optimizer: ElementwiseOptimizer<Float> = SGD(model.parameters, learningRate: 0.1)
/// for group in optimizer.groups { print(group.parameters.count, group.learningRate ?? 0) }
/// ```
public class ElementwiseOptimizer<Element: DifferentiableScalar>: Optimizer {
  /// The tensors that a step changes, in the order of the groups.
  public final let parameters: [Tensor<Element>]
  /// η, the learning rate of each group.
  public final var learningRates: [Double] {
    get { settings[each: \.learningRate] }
    set { settings[each: \.learningRate] = newValue }
  }
  /// The learning rates that schedules start from; empty until the first schedule sets them.
  public final var initialLearningRates: [Double] = []
  /// The momentum of each group, or β₁ if the optimizer has betas. Empty if the optimizer has neither.
  public final var momenta: [Double] {
    get { kept.momentum.path.map { settings[each: $0] } ?? [] }
    set { if let path = kept.momentum.path { settings[each: path] = newValue } }
  }

  /// The current settings of each group.
  private final var settings: [UpdateSettings]
  private final let grouped: GroupedParameters<Element>
  private final let kept: Kept
  @exclusivity(unchecked) private final var states: [UpdateState<Element>]
  @exclusivity(unchecked) private final var updates: ParameterUpdates<Element>

  init<Part: Optimizable>(
    _ name: StaticString, _ list: [Part], _ rule: UpdateRule, _ defaults: UpdateSettings, keeping kept: Kept,
    _ file: StaticString, _ line: UInt
  ) where Part.Scalar == Element {
    let groups = Part.groups(list), name = name
    settings = groups.map { $0.settings(defaults, hasBetas: kept.momentum == .beta1) }
    grouped = GroupedParameters(groups, of: name, file, line)
    parameters = grouped.parameters
    self.kept = kept
    states = Array(repeating: UpdateState(), count: parameters.count)
    updates = ParameterUpdates(of: parameters, by: rule, named: name)
    for settings in settings { settings.verify("\(name)", kept.momentum == .beta1, file, line) }
  }

  /// η, the learning rate of the first group. Setting it sets the learning rate of every group.
  public final var learningRate: Double {
    get { current.learningRate }
    set { settings.set(\.learningRate, to: newValue) }
  }

  /// The groups, with all their current settings.
  public final var groups: [ParameterGroup<Element>] {
    grouped.lists.enumerated().map { group, parameters in
      let all = settings[group]
      return ParameterGroup(
        parameters, learningRate: all.learningRate, weightDecay: all.weightDecay,
        momentum: all.momentum, betas: kept.momentum == .beta1 ? (all.beta1, all.beta2) : nil,
        epsilon: all.epsilon)
    }
  }

  /// The current settings of the first group.
  final var current: UpdateSettings { settings.first ?? UpdateSettings(learningRate: 0) }

  /// Does nothing: these optimizers need no preparation before a step.
  public final func beginStep() {}

  /// Changes one parameter and its state, in one pass over memory.
  ///
  /// A gradient whose shape differs from the parameter's is an error. A failed gradient changes nothing.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public final func update(_ index: Int, gradient: Tensor<Element>) {
    list(index, gradient)
    updates.change()
  }

  /// Changes all parameters that have a gradient, and their state, in one pass over memory.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public final func updateAll() {
    for (index, parameter) in parameters.enumerated() {
      guard let gradient = parameter.grad else { continue }
      list(index, gradient)
      if !updates.areSeparate { updates.change() }
    }
    updates.change()
  }

  @inline(__always)
  private final func list(_ index: Int, _ gradient: Tensor<Element>) {
    guard accepts(gradient, for: index) else { return }
    let settings = settings[grouped.groupOf[index]]
    prepare(index, gradient.shape, hasMomentum: settings.momentum > 0)
    updates.append(parameters[index], gradient, &states[index], settings)
  }

  /// Allocates the state of a parameter that is not there yet.
  @inline(__always)
  private final func prepare(_ index: Int, _ shape: TensorShape, hasMomentum: Bool) {
    func isMissing(_ name: String?, _ tensor: Tensor<Element>?) -> Bool {
      tensor == nil && name != nil && (hasMomentum || name != Kept.velocity)
    }
    if isMissing(kept.first, states[index].first) {
      states[index].first = .full(shape, Element(kept.start))
      states[index].steps = 0
    }
    if isMissing(kept.second, states[index].second) { states[index].second = .zeros(shape) }
    if isMissing(kept.third, states[index].third) { states[index].third = .zeros(shape) }
  }

  // MARK: State

  private typealias Slot = WritableKeyPath<UpdateState<Element>, Tensor<Element>?>

  private final var slots: [(name: String, slot: Slot)] {
    [(kept.first, \.first), (kept.second, \.second), (kept.third, \.third)].compactMap { name, slot in
      name.map { ($0, slot) }
    }
  }

  /// A copy of the state of each parameter, such as `"0.exp_avg"` and `"0.step"`, and of the settings of each
  /// group, such as `"groups.0.lr"`. The names are PyTorch's.
  public final var state: OptimizerState<Element> {
    var result = OptimizerState<Element>()
    for (index, state) in states.enumerated() where state.steps > 0 {
      for (name, slot) in slots {
        if let tensor = state[keyPath: slot] { result.tensors["\(index).\(name)"] = tensor.cloned() }
      }
      result.numbers["\(index).step"] = Double(state.steps)
      if kept.hasProduct { result.numbers["\(index).mu_product"] = state.product }
    }
    result.setSettings(settings, UpdateSettings.saved + kept.numbers)
    result.setInitialRates(initialLearningRates)
    return result
  }

  /// Restores the state of an optimizer of the same kind, whose parameters have the same shapes and groups.
  /// All is compared before anything is changed.
  ///
  /// - Throws: ``OptimizerStateMismatch``, which lists the names that do not fit.
  public final func load(_ state: OptimizerState<Element>) throws(OptimizerStateMismatch) {
    var reading = StateReading(state)
    let newSettings = reading.settings(over: settings, UpdateSettings.saved + kept.numbers)
    let newInitial = reading.initialRates(settings.count)
    var newStates = Array(repeating: UpdateState<Element>(), count: parameters.count)
    for (index, parameter) in parameters.enumerated() where reading.has("\(index).step") {
      newStates[index].steps = reading.count("\(index).step")
      if kept.hasProduct { newStates[index].product = reading.number("\(index).mu_product") }
      let hasMomentum = newSettings[grouped.groupOf[index]].momentum > 0
      for (name, slot) in slots where name != Kept.velocity || hasMomentum || reading.has("\(index).\(name)")
      {
        newStates[index][keyPath: slot] = reading.tensor("\(index).\(name)", parameter.shape)
      }
    }
    try reading.end()
    (settings, states, initialLearningRates) = (newSettings, newStates, newInitial)
  }
}

extension UpdateSettings {
  /// Reports settings that are out of range.
  func verify(_ optimizer: String, _ hasBetas: Bool, _ file: StaticString, _ line: UInt) {
    let betas = (beta1, beta2)
    check(
      learningRate >= 0, "\(optimizer)", "the learning rate must be at least 0, not \(learningRate)", file,
      line)
    check(momentum >= 0, "\(optimizer)", "the momentum must be at least 0, not \(momentum)", file, line)
    check(
      !hasBetas || ((0..<1).contains(betas.0) && (0..<1).contains(betas.1)), "\(optimizer)",
      "the betas must be in 0..<1, not \(betas)", file, line)
    check(epsilon >= 0, "\(optimizer)", "epsilon must be at least 0, not \(epsilon)", file, line)
    check(
      weightDecay >= 0, "\(optimizer)", "the weight decay must be at least 0, not \(weightDecay)", file, line)
    check(
      !nesterov || (momentum > 0 && dampening == 0), "\(optimizer)",
      "Nesterov momentum needs a momentum above 0 and no dampening", file, line)
  }
}
