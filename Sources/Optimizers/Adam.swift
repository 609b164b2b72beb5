public import MartletCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Adam (Kingma & Ba 2015, arXiv:1412.6980), with PyTorch's defaults.
///
/// `g += λw`, `m = β₁m + (1 − β₁)g`, `u = β₂u + (1 − β₂)g²`, `w −= η m̂ / (√û + ε)`, `m̂ = m / (1 − β₁ᵗ)`,
/// `û = u / (1 − β₂ᵗ)`, t counting a parameter's own steps.
public final class Adam<Element: DifferentiableScalar>: Optimizer {
  /// The tensors that a step changes.
  public let parameters: [Tensor<Element>]
  /// η, the size of a step.
  public var learningRate: Double
  /// β₁ and β₂: how much of the running means a step keeps.
  public let betas: (Double, Double)
  /// ε, added to the root so that nothing is divided by 0.
  public let epsilon: Double
  /// λ, the pull of the parameters towards 0 that is added to the gradient.
  public let weightDecay: Double
  private var moments: [(first: Tensor<Element>, second: Tensor<Element>, steps: Int)?]

  /// An optimizer of these parameters.
  ///
  /// A rate, ε or weight decay below 0 is an error, and so is a β outside of 0 ..< 1.
  public init(
    _ parameters: [Tensor<Element>], learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, weightDecay: Double = 0, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(learningRate >= 0, "Adam", "learning rate \(learningRate); at least 0", file, line)
    check(
      (0..<1).contains(betas.0) && (0..<1).contains(betas.1), "Adam", "betas \(betas); each in 0..<1", file,
      line)
    check(epsilon >= 0, "Adam", "epsilon \(epsilon); at least 0", file, line)
    check(weightDecay >= 0, "Adam", "weight decay \(weightDecay); at least 0", file, line)
    self.parameters = parameters
    self.learningRate = learningRate
    self.betas = betas
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    moments = Array(repeating: nil, count: parameters.count)
  }

  /// Nothing is common to the parameters of a step.
  public func beginStep() {}

  /// Changes one parameter and its two running means in one pass over memory.
  ///
  /// A gradient of another shape than the parameter's is an error; a failed one changes nothing.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func update(_ index: Int, gradient: Tensor<Element>) {
    guard accepts(gradient, for: index) else { return }
    var state = moments[index] ?? (.zeros(gradient.shape), .zeros(gradient.shape), 0)
    state.steps += 1
    moments[index] = state
    parameters[index].adapt(
      gradient, first: state.first, second: state.second, learningRate: learningRate, beta1: betas.0,
      beta2: betas.1, epsilon: epsilon, weightDecay: weightDecay,
      correction1: 1 - pow(betas.0, Double(state.steps)),
      correction2: 1 - pow(betas.1, Double(state.steps)))
  }
}
