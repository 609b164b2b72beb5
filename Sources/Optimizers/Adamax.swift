public import MartletCore

/// Adamax (Kingma & Ba 2015, arXiv:1412.6980, section 7.1), with PyTorch's defaults.
///
/// `g += λw`, `m = β₁m + (1 − β₁)g`, `u = max(β₂u, |g| + ε)`, `w −= η / (1 − β₁ᵗ) · m / u`.
public final class Adamax<Element: DifferentiableScalar>: ElementwiseOptimizer<Element> {
  /// An optimizer of parameters, or of groups of them.
  ///
  /// A rate, ε or weight decay below 0 is an error, and so is a β outside of 0 ..< 1. With `maximize` the parameters
  /// go along the gradient.
  public init<Part: Optimizable>(
    _ parameters: [Part], learningRate: Double = 2e-3, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8,
    weightDecay: Double = 0, maximize: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) where Part.Scalar == Element {
    let settings = UpdateSettings(
      learningRate: learningRate, weightDecay: weightDecay, betas: betas, epsilon: epsilon, maximize: maximize
    )
    let kept = Kept(
      first: "exp_avg", second: "exp_inf", momentum: .beta1, numbers: Self.betasAndEpsilon)
    super.init("Adamax", parameters, .adamax, settings, keeping: kept, file, line)
  }

  /// β₁ and β₂: how much of the running means a step keeps; the first group's.
  public var betas: (Double, Double) { (current.beta1, current.beta2) }
  /// ε, added to the root so that nothing is divided by 0; the first group's.
  public var epsilon: Double { current.epsilon }
  /// λ, the pull of the parameters towards 0; the first group's.
  public var weightDecay: Double { current.weightDecay }
}
