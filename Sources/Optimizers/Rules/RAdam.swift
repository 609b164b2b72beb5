public import MartletCore

/// Rectified Adam (Liu et al. 2020, arXiv:1908.03265), with PyTorch's defaults.
///
/// The running means are those of ``Adam``. In early steps the mean of squares is uncertain: as long as ρₜ ≤
/// 5, the update is `w −= η m̂`. Later it is `w −= η r m̂ √(1 − β₂ᵗ) / (√u + ε)`. Here
/// `ρ∞ = 2 / (1 − β₂) − 1`, `ρₜ = ρ∞ − 2tβ₂ᵗ / (1 − β₂ᵗ)` and
/// `r² = (ρₜ − 4)(ρₜ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρₜ)`. With `decoupledWeightDecay` the weight decay is that of
/// ``AdamW``.
///
/// ```swift
/// let model = Linear<Float>(4, 3)
/// let optimizer = RAdam(model.parameters, learningRate: 2e-3)
/// let x = Tensor<Float>.normal([2, 4]), labels = Tensor<Int>([0, 2])
/// model(x).crossEntropy(labels).backward()
/// optimizer.step()
/// ```
public final class RAdam<Element: DifferentiableScalar>: ElementwiseOptimizer<Element> {
  /// Makes an optimizer of parameters, or of groups of parameters.
  ///
  /// A learning rate, ε or weight decay below 0 is an error. A β outside of 0 ..< 1 is an error too. With
  /// `maximize` the parameters move along the gradient, so that the loss grows.
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

  /// β₁ and β₂ of the first group, the decay factors of the running means.
  public var betas: (Double, Double) { (current.beta1, current.beta2) }
  /// ε of the first group. It is added to the root, to keep the divisor above 0.
  public var epsilon: Double { current.epsilon }
  /// λ, the weight decay of the first group.
  public var weightDecay: Double { current.weightDecay }
}
