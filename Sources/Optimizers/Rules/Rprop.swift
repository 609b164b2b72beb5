public import MartletCore

/// Resilient backpropagation (Riedmiller & Braun 1993, DOI 10.1109/ICNN.1993.298623), with PyTorch's defaults.
/// It uses only the signs of gradients, which must come from all data and not from small batches.
///
/// Each element has a step size Δ, at first the learning rate. It is multiplied by the larger factor while
/// the sign of the gradient stays, and by the smaller one when the sign changes. The update is
/// `w −= Δ sign g`; an element whose sign has changed does not move. A NaN makes its element NaN, where
/// PyTorch leaves the element as it is.
///
/// ```swift
/// let model = Linear<Float>(4, 3)
/// let optimizer = Rprop(model.parameters, stepSizes: 1e-5...1)
/// let x = Tensor<Float>.normal([2, 4]), labels = Tensor<Int>([0, 2])
/// model(x).crossEntropy(labels).backward()
/// optimizer.step()
/// ```
public final class Rprop<Element: DifferentiableScalar>: ElementwiseOptimizer<Element> {
  /// Makes an optimizer of parameters, or of groups of parameters.
  ///
  /// A learning rate below 0 is an error. So are a smaller factor outside of 0 ..< 1, a larger factor that is
  /// not above 1, and step sizes below 0. With `maximize` the parameters move along the gradient, so that the
  /// loss grows.
  public init<Part: Optimizable>(
    _ parameters: [Part], learningRate: Double = 1e-2, factors: (Double, Double) = (0.5, 1.2),
    stepSizes: ClosedRange<Double> = 1e-6...50, maximize: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) where Part.Scalar == Element {
    check(
      0 < factors.0 && factors.0 < 1 && factors.1 > 1, "Rprop",
      "the factors must be in 0..<1 and above 1, not \(factors)", file, line)
    check(
      stepSizes.lowerBound >= 0, "Rprop", "the step sizes must be at least 0, not \(stepSizes)", file, line)
    var settings = UpdateSettings(learningRate: learningRate)
    (settings.beta1, settings.beta2) = factors
    (settings.least, settings.most) = (stepSizes.lowerBound, stepSizes.upperBound)
    settings.maximize = maximize
    let kept = Kept(
      first: "step_size", second: "prev",
      numbers: [
        ("etas.0", \.beta1), ("etas.1", \.beta2), ("step_sizes.0", \.least), ("step_sizes.1", \.most),
      ])
    super.init("Rprop", parameters, .rprop, settings, keeping: kept, file, line)
  }

  /// The factors by which a step size shrinks and grows.
  public var factors: (Double, Double) { (current.beta1, current.beta2) }
  /// The bounds of the step sizes.
  public var stepSizes: ClosedRange<Double> { current.least...max(current.least, current.most) }
}
