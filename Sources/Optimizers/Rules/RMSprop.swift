public import MartletCore

/// RMSprop (Hinton, lecture 6e of Neural Networks for Machine Learning, 2012), with PyTorch's defaults.
///
/// The update is `g += λw`, `u = αu + (1 − α)g²`, `w −= ηe` with `e = g / (√u + ε)`. With momentum it is
/// `v = μv + e`, `w −= ηv`. `centered` subtracts the square of the running mean of g from u (Graves 2013,
/// arXiv:1308.0850). If rounding makes that difference negative, it counts as 0; PyTorch takes the root of
/// it, which is NaN.
///
/// ```swift
/// let model = Linear<Float>(4, 3)
/// let optimizer = RMSprop(model.parameters, momentum: 0.9, centered: true)
/// let x = Tensor<Float>.normal([2, 4]), labels = Tensor<Int>([0, 2])
/// model(x).crossEntropy(labels).backward()
/// optimizer.step()
/// ```
public final class RMSprop<Element: DifferentiableScalar>: ElementwiseOptimizer<Element> {
  /// Makes an optimizer of parameters, or of groups of parameters.
  ///
  /// A learning rate, ε, momentum or weight decay below 0 is an error. An α outside of 0 ... 1 is an error
  /// too. With `maximize` the parameters move along the gradient, so that the loss grows.
  public init<Part: Optimizable>(
    _ parameters: [Part], learningRate: Double = 1e-2, alpha: Double = 0.99, epsilon: Double = 1e-8,
    weightDecay: Double = 0, momentum: Double = 0, centered: Bool = false, maximize: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) where Part.Scalar == Element {
    var settings = UpdateSettings(learningRate: learningRate, weightDecay: weightDecay)
    (settings.beta2, settings.epsilon, settings.momentum) = (alpha, epsilon, momentum)
    settings.maximize = maximize
    check((0...1).contains(alpha), "RMSprop", "alpha must be in 0...1, not \(alpha)", file, line)
    let kept = Kept(
      first: "square_avg", second: centered ? "grad_avg" : nil, third: Kept.velocity, momentum: .velocity,
      numbers: [("alpha", \.beta2), ("eps", \.epsilon), ("momentum", \.momentum)])
    super.init("RMSprop", parameters, .rmsProp, settings, keeping: kept, file, line)
  }

  /// α, the decay factor of the mean of squares.
  public var alpha: Double { current.beta2 }
  /// ε of the first group. It is added to the root, to keep the divisor above 0.
  public var epsilon: Double { current.epsilon }
  /// μ, the momentum of the first group: the share of the velocity that a step keeps.
  public var momentum: Double { current.momentum }
  /// λ, the weight decay of the first group.
  public var weightDecay: Double { current.weightDecay }
}
