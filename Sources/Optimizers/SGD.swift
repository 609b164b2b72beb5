public import MartletCore

/// Stochastic gradient descent, with momentum and weight decay as PyTorch has them.
///
/// `g += λw`, `v = μv + (1 − τ)g` (`v = g` in the first step), `w −= ηv`, or `w −= η(g + μv)` with Nesterov's
/// momentum (Sutskever, Martens, Dahl & Hinton 2013, PMLR 28(3):1139–1147). v is 0 where it would be
/// smaller than the smallest normal number, which CPUs are slow with.
public final class SGD<Element: DifferentiableScalar>: Optimizer {
  /// The tensors that a step changes.
  public let parameters: [Tensor<Element>]
  /// η, the size of a step.
  public var learningRate: Double
  /// μ, how much of the velocity a step keeps.
  public let momentum: Double
  /// τ, how much of the gradient is kept from the velocity.
  public let dampening: Double
  /// λ, the pull of the parameters towards 0 that is added to the gradient.
  public let weightDecay: Double
  /// Whether the step looks ahead, to where the velocity leads.
  public let nesterov: Bool
  @exclusivity(unchecked) private var velocities: [Tensor<Element>?]
  @exclusivity(unchecked) private var updates: ParameterUpdates<Element>

  /// An optimizer of these parameters.
  ///
  /// A rate, momentum or weight decay below 0 is an error, and so is Nesterov's momentum without momentum or with
  /// dampening.
  public init(
    _ parameters: [Tensor<Element>], learningRate: Double, momentum: Double = 0, dampening: Double = 0,
    weightDecay: Double = 0, nesterov: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(learningRate >= 0, "SGD", "learning rate \(learningRate); at least 0", file, line)
    check(momentum >= 0, "SGD", "momentum \(momentum); at least 0", file, line)
    check(weightDecay >= 0, "SGD", "weight decay \(weightDecay); at least 0", file, line)
    check(
      !nesterov || (momentum > 0 && dampening == 0), "SGD",
      "Nesterov wants momentum above 0 and no dampening", file,
      line)
    self.parameters = parameters
    self.learningRate = learningRate
    self.momentum = momentum
    self.dampening = dampening
    self.weightDecay = weightDecay
    self.nesterov = nesterov
    velocities = Array(repeating: nil, count: parameters.count)
    updates = ParameterUpdates(of: parameters)
  }

  /// Nothing is common to the parameters of a step.
  public func beginStep() {}

  /// Changes one parameter and its velocity in one pass over memory.
  ///
  /// A gradient of another shape than the parameter's is an error; a failed one changes nothing.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func update(_ index: Int, gradient: Tensor<Element>) {
    list(index, gradient)
    changeListed()
  }

  /// Changes all parameters that have a gradient, and their velocities, in one pass over memory.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func updateAll() {
    for (index, parameter) in parameters.enumerated() {
      guard let gradient = parameter.grad else { continue }
      list(index, gradient)
      if !updates.areSeparate { changeListed() }
    }
    changeListed()
  }

  private func list(_ index: Int, _ gradient: Tensor<Element>) {
    guard accepts(gradient, for: index) else { return }
    let isFirst = velocities[index] == nil
    if momentum > 0, isFirst { velocities[index] = .zeros(gradient.shape) }
    updates.append(parameters[index], gradient, first: velocities[index], steps: isFirst ? 0 : 1)
  }

  private func changeListed() {
    updates.descend(
      learningRate: learningRate, momentum: momentum, dampening: dampening, weightDecay: weightDecay,
      nesterov: nesterov)
  }
}
