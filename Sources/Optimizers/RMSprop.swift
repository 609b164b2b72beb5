public import MartletCore

/// RMSprop (Hinton, lecture 6e of Neural Networks for Machine Learning, 2012), with PyTorch's defaults.
///
/// `g += λw`, `u = αu + (1 − α)g²`, `w −= ηe` with `e = g / (√u + ε)`; with momentum `v = μv + e`, `w −= ηv`. `centered`
/// takes the square of the running mean of g from u (Graves 2013, arXiv:1308.0850); a difference that rounding has made
/// negative counts as 0, where PyTorch's root is NaN.
public final class RMSprop<Element: DifferentiableScalar>: ElementwiseOptimizer<Element> {
  /// An optimizer of parameters, or of groups of them.
  ///
  /// A rate, ε, momentum or weight decay below 0 is an error, and so is an α outside of 0 ... 1. With `maximize` the
  /// parameters go along the gradient.
  public init<Part: Optimizable>(
    _ parameters: [Part], learningRate: Double = 1e-2, alpha: Double = 0.99, epsilon: Double = 1e-8,
    weightDecay: Double = 0, momentum: Double = 0, centered: Bool = false, maximize: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) where Part.Scalar == Element {
    var settings = UpdateSettings(learningRate: learningRate, weightDecay: weightDecay)
    (settings.beta2, settings.epsilon, settings.momentum) = (alpha, epsilon, momentum)
    settings.maximize = maximize
    check((0...1).contains(alpha), "RMSprop", "alpha \(alpha); in 0...1", file, line)
    let kept = Kept(
      first: "square_avg", second: centered ? "grad_avg" : nil, third: Kept.velocity, momentum: .velocity,
      numbers: [("alpha", \.beta2), ("eps", \.epsilon), ("momentum", \.momentum)])
    super.init("RMSprop", parameters, .rmsProp, settings, keeping: kept, file, line)
  }

  /// α, how much of the mean of squares a step keeps.
  public var alpha: Double { current.beta2 }
  /// ε, added to the root so that nothing is divided by 0; the first group's.
  public var epsilon: Double { current.epsilon }
  /// μ, how much of the velocity a step keeps; the first group's.
  public var momentum: Double { current.momentum }
  /// λ, the pull of the parameters towards 0; the first group's.
  public var weightDecay: Double { current.weightDecay }
}
