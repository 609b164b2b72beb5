public import MartletCore

/// Adam (Kingma & Ba 2015, arXiv:1412.6980), with PyTorch's defaults.
///
/// `g += λw`, `m = β₁m + (1 − β₁)g`, `u = β₂u + (1 − β₂)g²`, `w −= η m̂ / (√û + ε)`, `m̂ = m / (1 − β₁ᵗ)`,
/// `û = u / (1 − β₂ᵗ)`, t counting a parameter's own steps. With `amsgrad` the largest u so far stands for u (Reddi,
/// Kale & Kumar 2018, arXiv:1904.09237).
/// m is 0 where it would be smaller than the smallest normal number, which CPUs are slow with.
public class Adam<Element: DifferentiableScalar>: ElementwiseOptimizer<Element> {
  /// An optimizer of parameters, or of groups of them.
  ///
  /// A rate, ε or weight decay below 0 is an error, and so is a β outside of 0 ..< 1. With `maximize` the parameters
  /// go along the gradient.
  public convenience init<Part: Optimizable>(
    _ parameters: [Part], learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, weightDecay: Double = 0, amsgrad: Bool = false, maximize: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) where Part.Scalar == Element {
    let settings = UpdateSettings(
      learningRate: learningRate, weightDecay: weightDecay, betas: betas, epsilon: epsilon, maximize: maximize
    )
    self.init("Adam", parameters, settings, amsgrad, file, line)
  }

  fileprivate init<Part: Optimizable>(
    _ name: StaticString, _ parameters: [Part], _ settings: UpdateSettings, _ amsgrad: Bool,
    _ file: StaticString, _ line: UInt
  ) where Part.Scalar == Element {
    let kept = Kept(
      first: "exp_avg", second: "exp_avg_sq", third: amsgrad ? "max_exp_avg_sq" : nil, momentum: .beta1,
      numbers: Self.betasAndEpsilon)
    super.init(name, parameters, .adam, settings, keeping: kept, file, line)
  }

  /// β₁ and β₂: how much of the running means a step keeps; the first group's.
  public final var betas: (Double, Double) { (current.beta1, current.beta2) }
  /// ε, added to the root so that nothing is divided by 0; the first group's.
  public final var epsilon: Double { current.epsilon }
  /// λ, the pull of the parameters towards 0; the first group's.
  public final var weightDecay: Double { current.weightDecay }
}

/// Adam with decoupled weight decay (Loshchilov & Hutter 2019, arXiv:1711.05101), with PyTorch's defaults.
///
/// As ``Adam``, but the pull towards 0 goes past the running means: `w −= ηλw` instead of `g += λw`.
public final class AdamW<Element: DifferentiableScalar>: Adam<Element> {
  /// An optimizer of parameters, or of groups of them.
  ///
  /// A rate, ε or weight decay below 0 is an error, and so is a β outside of 0 ..< 1. With `maximize` the parameters
  /// go along the gradient.
  public init<Part: Optimizable>(
    _ parameters: [Part], learningRate: Double = 1e-3, betas: (Double, Double) = (0.9, 0.999),
    epsilon: Double = 1e-8, weightDecay: Double = 1e-2, amsgrad: Bool = false, maximize: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) where Part.Scalar == Element {
    var settings = UpdateSettings(
      learningRate: learningRate, weightDecay: weightDecay, betas: betas, epsilon: epsilon, maximize: maximize
    )
    settings.decoupled = true
    super.init("AdamW", parameters, settings, amsgrad, file, line)
  }
}

extension UpdateSettings {
  /// Those of Adam and its kin.
  init(
    learningRate: Double, weightDecay: Double, betas: (Double, Double), epsilon: Double = 0, maximize: Bool
  ) {
    self.init(learningRate: learningRate, weightDecay: weightDecay)
    (beta1, beta2) = betas
    self.epsilon = epsilon
    self.maximize = maximize
  }
}

extension ElementwiseOptimizer {
  /// The settings of Adam and its kin, by PyTorch's names.
  static var betasAndEpsilon: [(name: String, path: WritableKeyPath<UpdateSettings, Double>)] {
    [("betas.0", \.beta1), ("betas.1", \.beta2), ("eps", \.epsilon)]
  }
}
