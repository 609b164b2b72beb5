public import MartletCore

/// Stochastic gradient descent, with momentum and weight decay as PyTorch has them.
///
/// `g += λw`, `v = μv + (1 − τ)g` (`v = g` in the first step), `w −= ηv`, or `w −= η(g + μv)` with Nesterov's
/// momentum (Sutskever, Martens, Dahl & Hinton 2013, PMLR 28(3):1139–1147). v is 0 where it would be
/// smaller than the smallest normal number, which CPUs are slow with.
public final class SGD<Element: DifferentiableScalar>: ElementwiseOptimizer<Element> {
  /// An optimizer of parameters, or of groups of them.
  ///
  /// A rate, momentum or weight decay below 0 is an error, and so is Nesterov's momentum without momentum or with
  /// dampening. With `maximize` the parameters go along the gradient.
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

  /// μ, how much of the velocity a step keeps; the first group's.
  public var momentum: Double { current.momentum }
  /// τ, how much of the gradient is kept from the velocity.
  public var dampening: Double { current.dampening }
  /// λ, the pull of the parameters towards 0 that is added to the gradient; the first group's.
  public var weightDecay: Double { current.weightDecay }
  /// Whether the step looks ahead, to where the velocity leads.
  public var nesterov: Bool { current.nesterov }
}
