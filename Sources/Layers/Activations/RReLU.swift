public import MartletCore

/// The randomised leaky rectified linear unit (Xu et al. 2015, arXiv:1505.00853): in training each element
/// that is not above 0 is multiplied by a slope drawn from an interval, in evaluation by its centre.
///
/// ```swift
/// let model = Sequential { Linear(8, 16); RReLU(0.1...0.3); Linear(16, 1) }
/// let y = model(Tensor<Float>.normal([4, 8]))  // [4, 1]
/// ```
public final class RReLU<Element: DifferentiableScalar>: Layer {
  /// The interval of the slopes.
  public let slopes: ClosedRange<Double>
  /// A Boolean value that tells whether slopes are drawn; true until ``Module/eval()``.
  @TrainingMode public var isTraining = true

  fileprivate init(options slopes: ClosedRange<Double>, stateless: Void) { self.slopes = slopes }

  /// Creates the layer for the element type that is written, as in `RReLU<Double>()`.
  @_disfavoredOverload
  public convenience init(_ slopes: ClosedRange<Double> = 1.0 / 8...1.0 / 3) {
    self.init(options: slopes, stateless: ())
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "\(slopes)" }

  /// Computes `x` above 0, else `slope · x`. Derivative: g above 0, else `slope · g`.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    let (least, most) = (Element(slopes.lowerBound), Element(slopes.upperBound))
    if !isTraining { return x.leakyRelu(slope: (least + most) / 2) }
    if x.isFailed { return x }
    return x.where(x .> 0, else: x * .uniform(x.shape, in: least...most))
  }
}

extension RReLU where Element == Float {
  /// Creates the layer for `Float`.
  public convenience init(_ slopes: ClosedRange<Double> = 1.0 / 8...1.0 / 3) {
    self.init(options: slopes, stateless: ())
  }
}
