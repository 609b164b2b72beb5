public import MartletCore

/// Lion (Chen et al. 2023, arXiv:2302.06675): steps of one size in every direction.
///
/// `c = β₁m + (1 − β₁)g`, `w −= η(sign c + λw)`, `m = β₂m + (1 − β₂)g`; the sign of 0 is 0. Its authors take a rate three
/// to ten times smaller than ``AdamW``'s and a weight decay as many times larger.
public final class Lion<Element: DifferentiableScalar>: ElementwiseOptimizer<Element> {
  /// An optimizer of parameters, or of groups of them.
  ///
  /// A rate or weight decay below 0 is an error, and so is a β outside of 0 ..< 1. With `maximize` the parameters
  /// go along the gradient.
  public init<Part: Optimizable>(
    _ parameters: [Part], learningRate: Double = 1e-4, betas: (Double, Double) = (0.9, 0.99),
    weightDecay: Double = 0, maximize: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) where Part.Scalar == Element {
    var settings = UpdateSettings(
      learningRate: learningRate, weightDecay: weightDecay, betas: betas, maximize: maximize)
    settings.decoupled = true
    let kept = Kept(
      first: "exp_avg", momentum: .beta1, numbers: [("betas.0", \.beta1), ("betas.1", \.beta2)])
    super.init("Lion", parameters, .lion, settings, keeping: kept, file, line)
  }

  /// β₁ and β₂: how much of the running means a step keeps; the first group's.
  public var betas: (Double, Double) { (current.beta1, current.beta2) }
  /// λ, the pull of the parameters towards 0; the first group's.
  public var weightDecay: Double { current.weightDecay }
}
