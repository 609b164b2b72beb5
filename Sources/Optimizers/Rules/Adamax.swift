public import MartletCore

/// Adamax (Kingma & Ba 2015, arXiv:1412.6980, section 7.1), with PyTorch's defaults.
///
/// The update is `g += λw`, `m = β₁m + (1 − β₁)g`, `u = max(β₂u, |g| + ε)`, `w −= η / (1 − β₁ᵗ) · m / u`.
///
/// ```swift
/// let model = Linear<Float>(4, 3)
/// let optimizer = Adamax(model.parameters, betas: (0.9, 0.99))
/// let x = Tensor<Float>.normal([2, 4]), labels = Tensor<Int>([0, 2])
/// model(x).crossEntropy(labels).backward()
/// optimizer.step()
/// ```
public final class Adamax<Element: DifferentiableScalar>: ElementwiseOptimizer<Element> {
  /// Makes an optimizer of parameters, or of groups of parameters.
  ///
  /// A learning rate, ε or weight decay below 0 is an error. A β outside of 0 ..< 1 is an error too. With
  /// `maximize` the parameters move along the gradient, so that the loss grows.
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

  /// β₁ and β₂ of the first group, the decay factors of m and u.
  public var betas: (Double, Double) { (current.beta1, current.beta2) }
  /// ε of the first group. It is added to |g|, to keep the divisor u above 0.
  public var epsilon: Double { current.epsilon }
  /// λ, the weight decay of the first group.
  public var weightDecay: Double { current.weightDecay }
}
