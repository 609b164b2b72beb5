public import MartletCore

/// Adagrad (Duchi, Hazan & Singer 2011, JMLR 12:2121–2159), with PyTorch's defaults.
///
/// The update is `g += λw`, `u += g²`, `w −= η / (1 + (t − 1)δ) · g / (√u + ε)`. δ is the
/// `learningRateDecay`.
///
/// ```swift
/// let model = Linear<Float>(4, 3)
/// let optimizer = Adagrad(model.parameters, learningRate: 0.05)
/// let x = Tensor<Float>.normal([2, 4]), labels = Tensor<Int>([0, 2])
/// model(x).crossEntropy(labels).backward()
/// optimizer.step()
/// ```
public final class Adagrad<Element: DifferentiableScalar>: ElementwiseOptimizer<Element> {
  /// Makes an optimizer of parameters, or of groups of parameters. u starts at `initialAccumulator`.
  ///
  /// A number below 0 is an error. With `maximize` the parameters move along the gradient, so that the loss
  /// grows.
  public init<Part: Optimizable>(
    _ parameters: [Part], learningRate: Double = 1e-2, learningRateDecay: Double = 0, weightDecay: Double = 0,
    initialAccumulator: Double = 0, epsilon: Double = 1e-10, maximize: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) where Part.Scalar == Element {
    var settings = UpdateSettings(learningRate: learningRate, weightDecay: weightDecay)
    (settings.rateDecay, settings.epsilon, settings.maximize) = (learningRateDecay, epsilon, maximize)
    check(
      learningRateDecay >= 0, "Adagrad",
      "the learning rate decay must be at least 0, not \(learningRateDecay)", file, line)
    check(
      initialAccumulator >= 0, "Adagrad",
      "the initial accumulator must be at least 0, not \(initialAccumulator)", file, line)
    let kept = Kept(
      first: "sum", start: initialAccumulator, numbers: [("lr_decay", \.rateDecay), ("eps", \.epsilon)])
    super.init("Adagrad", parameters, .adagrad, settings, keeping: kept, file, line)
  }

  /// δ, the decay of the learning rate.
  public var learningRateDecay: Double { current.rateDecay }
  /// ε of the first group. It is added to the root, to keep the divisor above 0.
  public var epsilon: Double { current.epsilon }
  /// λ, the weight decay of the first group.
  public var weightDecay: Double { current.weightDecay }
}

/// Adadelta (Zeiler 2012, arXiv:1212.5701), with PyTorch's defaults.
///
/// The update is `g += λw`, `u = ρu + (1 − ρ)g²`, `Δ = √(a + ε) / √(u + ε) · g`, `a = ρa + (1 − ρ)Δ²`,
/// `w −= ηΔ`.
///
/// ```swift
/// let model = Linear<Float>(4, 3)
/// let optimizer = Adadelta(model.parameters, rho: 0.95)
/// let x = Tensor<Float>.normal([2, 4]), labels = Tensor<Int>([0, 2])
/// model(x).crossEntropy(labels).backward()
/// optimizer.step()
/// ```
public final class Adadelta<Element: DifferentiableScalar>: ElementwiseOptimizer<Element> {
  /// Makes an optimizer of parameters, or of groups of parameters.
  ///
  /// A learning rate, ε or weight decay below 0 is an error. A ρ outside of 0 ... 1 is an error too. With
  /// `maximize` the parameters move along the gradient, so that the loss grows.
  public init<Part: Optimizable>(
    _ parameters: [Part], learningRate: Double = 1, rho: Double = 0.9, epsilon: Double = 1e-6,
    weightDecay: Double = 0, maximize: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) where Part.Scalar == Element {
    var settings = UpdateSettings(learningRate: learningRate, weightDecay: weightDecay)
    (settings.beta2, settings.epsilon, settings.maximize) = (rho, epsilon, maximize)
    check((0...1).contains(rho), "Adadelta", "rho must be in 0...1, not \(rho)", file, line)
    let kept = Kept(
      first: "square_avg", second: "acc_delta", numbers: [("rho", \.beta2), ("eps", \.epsilon)])
    super.init("Adadelta", parameters, .adadelta, settings, keeping: kept, file, line)
  }

  /// ρ, the decay factor of the running means.
  public var rho: Double { current.beta2 }
  /// ε of the first group. It is added under both roots, to keep the divisor above 0.
  public var epsilon: Double { current.epsilon }
  /// λ, the weight decay of the first group.
  public var weightDecay: Double { current.weightDecay }
}
