public import MartletCore

/// Adam with Nesterov's momentum (Dozat 2016, openreview OM0jvwB8jIp57ZJjtNEZ), with PyTorch's defaults.
///
/// The update is that of ``Adam``, but with
/// `w −= η((1 − μₜ) / (1 − Πₜ) · g + μₜ₊₁ / (1 − Πₜμₜ₊₁) · m) / (√û + ε)`. The momentum is
/// `μₜ = β₁(1 − ½ · 0.96^(tψ))`, its product is `Πₜ = μ₁ ⋯ μₜ`, and ψ is the `momentumDecay`. With
/// `decoupledWeightDecay` the weight decay is that of ``AdamW``.
///
/// ```swift
/// let model = Linear<Float>(4, 3)
/// let optimizer = NAdam(model.parameters, weightDecay: 0.01, decoupledWeightDecay: true)
/// let x = Tensor<Float>.normal([2, 4]), labels = Tensor<Int>([0, 2])
/// model(x).crossEntropy(labels).backward()
/// optimizer.step()
/// ```
public final class NAdam<Element: DifferentiableScalar>: ElementwiseOptimizer<Element> {
  /// Makes an optimizer of parameters, or of groups of parameters.
  ///
  /// A learning rate, ε, momentum decay or weight decay below 0 is an error. A β outside of 0 ..< 1 is an
  /// error too. With `maximize` the parameters move along the gradient, so that the loss grows.
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
    check(
      momentumDecay >= 0, "NAdam", "the momentum decay must be at least 0, not \(momentumDecay)", file, line)
    let kept = Kept(
      first: "exp_avg", second: "exp_avg_sq", momentum: .beta1,
      numbers: Self.betasAndEpsilon + [("momentum_decay", \.rateDecay)], hasProduct: true)
    super.init("NAdam", parameters, .nadam, settings, keeping: kept, file, line)
  }

  /// β₁ and β₂ of the first group, the decay factors of the running means.
  public var betas: (Double, Double) { (current.beta1, current.beta2) }
  /// ε of the first group. It is added to the root, to keep the divisor above 0.
  public var epsilon: Double { current.epsilon }
  /// λ, the weight decay of the first group.
  public var weightDecay: Double { current.weightDecay }
}
