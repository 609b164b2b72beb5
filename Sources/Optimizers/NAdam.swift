public import MartletCore

/// Adam with Nesterov's momentum (Dozat 2016, openreview OM0jvwB8jIp57ZJjtNEZ), with PyTorch's defaults.
///
/// As ``Adam``, but `w −= η((1 − μₜ) / (1 − Πₜ) · g + μₜ₊₁ / (1 − Πₜμₜ₊₁) · m) / (√û + ε)` with the momentum
/// `μₜ = β₁(1 − ½ · 0.96^(tψ))` and `Πₜ = μ₁ ⋯ μₜ`, ψ the `momentumDecay`. With `decoupledWeightDecay` the pull towards 0
/// is ``AdamW``'s.
public final class NAdam<Element: DifferentiableScalar>: ElementwiseOptimizer<Element> {
  /// An optimizer of parameters, or of groups of them.
  ///
  /// A rate, ε, momentum decay or weight decay below 0 is an error, and so is a β outside of 0 ..< 1. With `maximize` the parameters
  /// go along the gradient.
  public init<Part: Optimizable>(
    _ parameters: [Part], learningRate: Double = 2e-3, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8,
    weightDecay: Double = 0, momentumDecay: Double = 4e-3, decoupledWeightDecay: Bool = false,
    maximize: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) where Part.Scalar == Element {
    var settings = UpdateSettings(
      learningRate: learningRate, weightDecay: weightDecay, betas: betas, epsilon: epsilon, maximize: maximize
    )
    (settings.rateDecay, settings.decoupled) = (momentumDecay, decoupledWeightDecay)
    check(momentumDecay >= 0, "NAdam", "momentum decay \(momentumDecay); at least 0", file, line)
    let kept = Kept(
      first: "exp_avg", second: "exp_avg_sq", momentum: .beta1,
      numbers: Self.betasAndEpsilon + [("momentum_decay", \.rateDecay)], hasProduct: true)
    super.init("NAdam", parameters, .nadam, settings, keeping: kept, file, line)
  }

  /// β₁ and β₂: how much of the running means a step keeps; the first group's.
  public var betas: (Double, Double) { (current.beta1, current.beta2) }
  /// ε, added to the root so that nothing is divided by 0; the first group's.
  public var epsilon: Double { current.epsilon }
  /// λ, the pull of the parameters towards 0; the first group's.
  public var weightDecay: Double { current.weightDecay }
}
