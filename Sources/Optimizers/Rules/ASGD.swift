public import MartletCore

/// Averaged stochastic gradient descent (Polyak & Juditsky 1992, DOI 10.1137/0330046), with PyTorch's defaults.
///
/// The update is `g += λw`, `w = (1 − δηₜ)w − ηₜg` with `ηₜ = η / (1 + δη(t − 1))^α`. ``averages`` are the
/// means of the parameters over the steps after `averagingStart`, and until then the parameters themselves.
/// PyTorch computes `ηₜ` one step ahead, so a learning rate that changes takes effect there a step later.
///
/// ```swift
/// let model = Linear<Float>(4, 3)
/// let optimizer = ASGD(model.parameters, averagingStart: 100)
/// let x = Tensor<Float>.normal([2, 4]), labels = Tensor<Int>([0, 2])
/// model(x).crossEntropy(labels).backward()
/// optimizer.step()
/// let weight = optimizer.averages[0]
/// ```
public final class ASGD<Element: DifferentiableScalar>: ElementwiseOptimizer<Element> {
  /// Makes an optimizer of parameters, or of groups of parameters. δ is the `decay`, α the `power`.
  ///
  /// A learning rate, decay or weight decay below 0 is an error. With `maximize` the parameters move along the
  /// gradient, so that the loss grows.
  public init<Part: Optimizable>(
    _ parameters: [Part], learningRate: Double = 1e-2, decay: Double = 1e-4, power: Double = 0.75,
    averagingStart: Double = 1e6, weightDecay: Double = 0, maximize: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) where Part.Scalar == Element {
    check(decay >= 0, "ASGD", "the decay must be at least 0, not \(decay)", file, line)
    var settings = UpdateSettings(learningRate: learningRate, weightDecay: weightDecay)
    (settings.rateDecay, settings.beta2, settings.least) = (decay, power, averagingStart)
    settings.maximize = maximize
    let kept = Kept(
      first: "ax", numbers: [("lambd", \.rateDecay), ("alpha", \.beta2), ("t0", \.least)])
    super.init("ASGD", parameters, .asgd, settings, keeping: kept, file, line)
  }

  /// Copies of the mean of each parameter; nil for a parameter without a step.
  public var averages: [Tensor<Element>?] {
    let tensors = state.tensors
    return parameters.indices.map { tensors["\($0).ax"] }
  }
  /// λ, the weight decay of the first group.
  public var weightDecay: Double { current.weightDecay }
}
