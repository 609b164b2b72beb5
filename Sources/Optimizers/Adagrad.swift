public import MartletCore

/// Adagrad (Duchi, Hazan & Singer 2011, JMLR 12:2121–2159), with PyTorch's defaults.
///
/// `g += λw`, `u += g²`, `w −= η / (1 + (t − 1)δ) · g / (√u + ε)`, δ the `learningRateDecay`.
public final class Adagrad<Element: DifferentiableScalar>: ElementwiseOptimizer<Element> {
  /// An optimizer of parameters, or of groups of them; u begins with `initialAccumulator`.
  ///
  /// A figure below 0 is an error. With `maximize` the parameters go along the gradient.
  public init<Part: Optimizable>(
    _ parameters: [Part], learningRate: Double = 1e-2, learningRateDecay: Double = 0, weightDecay: Double = 0,
    initialAccumulator: Double = 0, epsilon: Double = 1e-10, maximize: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) where Part.Scalar == Element {
    var settings = UpdateSettings(learningRate: learningRate, weightDecay: weightDecay)
    (settings.rateDecay, settings.epsilon, settings.maximize) = (learningRateDecay, epsilon, maximize)
    check(
      learningRateDecay >= 0, "Adagrad", "learning rate decay \(learningRateDecay); at least 0", file, line)
    check(
      initialAccumulator >= 0, "Adagrad", "initial accumulator \(initialAccumulator); at least 0", file, line)
    let kept = Kept(
      first: "sum", start: initialAccumulator, numbers: [("lr_decay", \.rateDecay), ("eps", \.epsilon)])
    super.init("Adagrad", parameters, .adagrad, settings, keeping: kept, file, line)
  }

  /// δ, how fast the rate falls.
  public var learningRateDecay: Double { current.rateDecay }
  /// ε, added to the root so that nothing is divided by 0; the first group's.
  public var epsilon: Double { current.epsilon }
  /// λ, the pull of the parameters towards 0; the first group's.
  public var weightDecay: Double { current.weightDecay }
}

/// Adadelta (Zeiler 2012, arXiv:1212.5701), with PyTorch's defaults.
///
/// `g += λw`, `u = ρu + (1 − ρ)g²`, `Δ = √(a + ε) / √(u + ε) · g`, `a = ρa + (1 − ρ)Δ²`, `w −= ηΔ`.
public final class Adadelta<Element: DifferentiableScalar>: ElementwiseOptimizer<Element> {
  /// An optimizer of parameters, or of groups of them.
  ///
  /// A rate, ε or weight decay below 0 is an error, and so is a ρ outside of 0 ... 1. With `maximize` the parameters go
  /// along the gradient.
  public init<Part: Optimizable>(
    _ parameters: [Part], learningRate: Double = 1, rho: Double = 0.9, epsilon: Double = 1e-6,
    weightDecay: Double = 0, maximize: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) where Part.Scalar == Element {
    var settings = UpdateSettings(learningRate: learningRate, weightDecay: weightDecay)
    (settings.beta2, settings.epsilon, settings.maximize) = (rho, epsilon, maximize)
    check((0...1).contains(rho), "Adadelta", "rho \(rho); in 0...1", file, line)
    let kept = Kept(
      first: "square_avg", second: "acc_delta", numbers: [("rho", \.beta2), ("eps", \.epsilon)])
    super.init("Adadelta", parameters, .adadelta, settings, keeping: kept, file, line)
  }

  /// ρ, how much of the means a step keeps.
  public var rho: Double { current.beta2 }
  /// ε, added under the roots so that nothing is divided by 0; the first group's.
  public var epsilon: Double { current.epsilon }
  /// λ, the pull of the parameters towards 0; the first group's.
  public var weightDecay: Double { current.weightDecay }
}
