public import MartletCore

/// Lion (Chen et al. 2023, arXiv:2302.06675), whose steps have the same size in every element.
///
/// The update is `c = β₁m + (1 − β₁)g`, `w −= η(sign c + λw)`, `m = β₂m + (1 − β₂)g`. The sign of 0 is 0. The
/// authors recommend a learning rate three to ten times smaller than that of ``AdamW``, and a weight decay
/// larger by the same factor.
///
/// ```swift
/// let model = Linear<Float>(4, 3)
/// let optimizer = Lion(model.parameters, learningRate: 1e-4, weightDecay: 0.1)
/// let x = Tensor<Float>.normal([2, 4]), labels = Tensor<Int>([0, 2])
/// model(x).crossEntropy(labels).backward()
/// optimizer.step()
/// ```
public final class Lion<Element: DifferentiableScalar>: ElementwiseOptimizer<Element> {
  /// Makes an optimizer of parameters, or of groups of parameters.
  ///
  /// A learning rate or weight decay below 0 is an error. A β outside of 0 ..< 1 is an error too. With
  /// `maximize` the parameters move along the gradient, so that the loss grows.
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

  /// β₁ and β₂ of the first group: the shares of m in c and in the next m.
  public var betas: (Double, Double) { (current.beta1, current.beta2) }
  /// λ, the weight decay of the first group.
  public var weightDecay: Double { current.weightDecay }
}
