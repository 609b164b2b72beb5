public import MartletCore

/// Stochastic gradient descent, with PyTorch's momentum and weight decay.
///
/// The update is `g += λw`, `v = μv + (1 − τ)g` (`v = g` in the first step) and `w −= ηv`. With Nesterov's
/// momentum it is `w −= η(g + μv)` (Sutskever, Martens, Dahl & Hinton 2013, PMLR 28(3):1139–1147). Elements
/// of v that would be subnormal become 0, because CPUs compute slowly with subnormal numbers.
///
/// ```swift
/// let model = Linear<Float>(4, 3)
/// let optimizer = SGD(model.parameters, learningRate: 0.1, momentum: 0.9, nesterov: true)
/// let x = Tensor<Float>.normal([2, 4]), labels = Tensor<Int>([0, 2])
/// model(x).crossEntropy(labels).backward()
/// optimizer.step()
/// ```
public final class SGD<Element: DifferentiableScalar>: ElementwiseOptimizer<Element> {
  /// Makes an optimizer of parameters, or of groups of parameters.
  ///
  /// A learning rate, momentum or weight decay below 0 is an error. Nesterov's momentum without momentum or
  /// with dampening is an error too. With `maximize` the parameters move along the gradient, so that the loss
  /// grows.
  public init<Part: Optimizable>(
    _ parameters: [Part], learningRate: Double, momentum: Double = 0, dampening: Double = 0,
    weightDecay: Double = 0, nesterov: Bool = false, maximize: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) where Part.Scalar == Element {
    var settings = UpdateSettings(learningRate: learningRate, weightDecay: weightDecay)
    (settings.momentum, settings.dampening) = (momentum, dampening)
    (settings.nesterov, settings.maximize) = (nesterov, maximize)
    let kept = Kept(
      first: Kept.velocity, momentum: .velocity,
      numbers: [("momentum", \.momentum), ("dampening", \.dampening)])
    super.init("SGD", parameters, .sgd, settings, keeping: kept, file, line)
  }

  /// μ, the momentum of the first group: the share of the velocity that a step keeps.
  public var momentum: Double { current.momentum }
  /// τ, the dampening: the share of the gradient that does not enter the velocity.
  public var dampening: Double { current.dampening }
  /// λ, the weight decay of the first group. It is added to the gradient as λw.
  public var weightDecay: Double { current.weightDecay }
  /// A Boolean value that tells whether the momentum is Nesterov's.
  public var nesterov: Bool { current.nesterov }
}
