public import MartletCore

/// Rectified Adam (Liu et al. 2020, arXiv:1908.03265), with PyTorch's defaults.
///
/// As ``Adam``, but while the mean of squares is of few of them (ρₜ ≤ 5) the step is `w −= η m̂`, and later it is
/// `w −= η r m̂ √(1 − β₂ᵗ) / (√u + ε)`: `ρ∞ = 2 / (1 − β₂) − 1`, `ρₜ = ρ∞ − 2tβ₂ᵗ / (1 − β₂ᵗ)`,
/// `r² = (ρₜ − 4)(ρₜ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρₜ)`. With `decoupledWeightDecay` the pull towards 0 is ``AdamW``'s.
public final class RAdam<Element: DifferentiableScalar>: ElementwiseOptimizer<Element> {
  /// An optimizer of parameters, or of groups of them.
  ///
  /// A rate, ε or weight decay below 0 is an error, and so is a β outside of 0 ..< 1. With `maximize` the parameters
  /// go along the gradient.
  public init<Part: Optimizable>(
    _ parameters: [Part], learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8,
    weightDecay: Double = 0, decoupledWeightDecay: Bool = false, maximize: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) where Part.Scalar == Element {
    var settings = UpdateSettings(
      learningRate: learningRate, weightDecay: weightDecay, betas: betas, epsilon: epsilon, maximize: maximize
    )
    settings.decoupled = decoupledWeightDecay
    let kept = Kept(
      first: "exp_avg", second: "exp_avg_sq", momentum: .beta1, numbers: Self.betasAndEpsilon)
    super.init("RAdam", parameters, .radam, settings, keeping: kept, file, line)
  }

  /// β₁ and β₂: how much of the running means a step keeps; the first group's.
  public var betas: (Double, Double) { (current.beta1, current.beta2) }
  /// ε, added to the root so that nothing is divided by 0; the first group's.
  public var epsilon: Double { current.epsilon }
  /// λ, the pull of the parameters towards 0; the first group's.
  public var weightDecay: Double { current.weightDecay }
}
