public import MartletCore

/// Adam (Kingma & Ba 2015, arXiv:1412.6980), with PyTorch's defaults.
///
/// `g += λw`, `m = β₁m + (1 − β₁)g`, `u = β₂u + (1 − β₂)g²`, `w −= η m̂ / (√û + ε)`, `m̂ = m / (1 − β₁ᵗ)`,
/// `û = u / (1 − β₂ᵗ)`, t counting a parameter's own steps.
/// m is 0 where it would be smaller than the smallest normal number, which CPUs are slow with.
public class Adam<Element: DifferentiableScalar>: Optimizer {
  /// The tensors that a step changes.
  public final let parameters: [Tensor<Element>]
  /// η, the size of a step.
  public final var learningRate: Double
  /// β₁ and β₂: how much of the running means a step keeps.
  public final let betas: (Double, Double)
  /// ε, added to the root so that nothing is divided by 0.
  public final let epsilon: Double
  /// λ, the pull of the parameters towards 0.
  public final let weightDecay: Double
  private let isDecoupled: Bool
  @exclusivity(unchecked) private final var moments:
    [(first: Tensor<Element>, second: Tensor<Element>, steps: Int)?]
  @exclusivity(unchecked) private final var updates: ParameterUpdates<Element>

  /// An optimizer of these parameters.
  ///
  /// A rate, ε or weight decay below 0 is an error, and so is a β outside of 0 ..< 1.
  public convenience init(
    _ parameters: [Tensor<Element>], learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, weightDecay: Double = 0, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      "Adam", parameters, learningRate, betas, epsilon, weightDecay, isDecoupled: false, file, line)
  }

  fileprivate init(
    _ name: String, _ parameters: [Tensor<Element>], _ learningRate: Double, _ betas: (Double, Double),
    _ epsilon: Double, _ weightDecay: Double, isDecoupled: Bool, _ file: StaticString, _ line: UInt
  ) {
    check(learningRate >= 0, "\(name)", "learning rate \(learningRate); at least 0", file, line)
    check(
      (0..<1).contains(betas.0) && (0..<1).contains(betas.1), "\(name)", "betas \(betas); each in 0..<1",
      file,
      line)
    check(epsilon >= 0, "\(name)", "epsilon \(epsilon); at least 0", file, line)
    check(weightDecay >= 0, "\(name)", "weight decay \(weightDecay); at least 0", file, line)
    self.parameters = parameters
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.isDecoupled = isDecoupled
    moments = Array(repeating: nil, count: parameters.count)
    updates = ParameterUpdates(of: parameters)
  }

  /// Nothing is common to the parameters of a step.
  public final func beginStep() {}

  /// Changes one parameter and its two running means in one pass over memory.
  ///
  /// A gradient of another shape than the parameter's is an error; a failed one changes nothing.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public final func update(_ index: Int, gradient: Tensor<Element>) {
    list(index, gradient)
    changeListed()
  }

  /// Changes all parameters that have a gradient, and their running means, in one pass over memory.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public final func updateAll() {
    for (index, parameter) in parameters.enumerated() {
      guard let gradient = parameter.grad else { continue }
      list(index, gradient)
      if !updates.areSeparate { changeListed() }
    }
    changeListed()
  }

  private final func list(_ index: Int, _ gradient: Tensor<Element>) {
    guard accepts(gradient, for: index) else { return }
    let state = moments[index] ?? (.zeros(gradient.shape), .zeros(gradient.shape), 0)
    updates.append(
      parameters[index], gradient, first: state.first, second: state.second, steps: state.steps)
    moments[index] = (state.first, state.second, state.steps + 1)
  }

  private final func changeListed() {
    updates.adapt(
      learningRate: learningRate, betas: betas, epsilon: epsilon, weightDecay: weightDecay,
      isDecoupled: isDecoupled)
  }
}

/// Adam with decoupled weight decay (Loshchilov & Hutter 2019, arXiv:1711.05101), with PyTorch's defaults.
///
/// As ``Adam``, but the pull towards 0 goes past the running means: `w −= ηλw` instead of `g += λw`.
public final class AdamW<Element: DifferentiableScalar>: Adam<Element> {
  /// An optimizer of these parameters.
  ///
  /// A rate, ε or weight decay below 0 is an error, and so is a β outside of 0 ..< 1.
  public init(
    _ parameters: [Tensor<Element>], learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, weightDecay: Double = 1e-2, file: StaticString = #fileID, line: UInt = #line
  ) {
    super.init(
      "AdamW", parameters, learningRate, betas, epsilon, weightDecay, isDecoupled: true, file, line)
  }
}
