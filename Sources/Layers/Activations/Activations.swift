public import MartletCore

// Activations with options.

/// The Gaussian error linear unit as a layer: `x Φ(x)`.
public final class GELU<Element: DifferentiableScalar>: Layer {
  private let approximation: GELUApproximation

  fileprivate init(_ approximation: GELUApproximation, stateless: Void) { self.approximation = approximation }

  /// The layer, for the element type that is named.
  public convenience init(approximation: GELUApproximation = .none) {
    self.init(approximation, stateless: ())
  }

  /// How it was made.
  public var configuration: String { "approximation: \(approximation)" }

  /// `x Φ(x)` of each element, Φ the normal distribution's function. Derivative: `dx = g (Φ(x) + x Φ′(x))`.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.gelu(approximation: approximation) }
}

extension GELU where Element == Float {
  /// The layer, for `Float`.
  public convenience init(approximation: GELUApproximation = .none) {
    self.init(approximation, stateless: ())
  }
}

/// The leaky positive part as a layer, ``Tensor/leakyRelu(slope:)``.
public final class LeakyReLU<Element: DifferentiableScalar>: Layer {
  /// The slope below 0.
  public let slope: Double

  fileprivate init(options slope: Double, stateless: Void) { self.slope = slope }

  /// The layer, for the element type that is named.
  public convenience init(_ slope: Double = 0.01) { self.init(options: slope, stateless: ()) }

  /// How it was made.
  public var configuration: String { "\(slope)" }

  /// `x` above 0, else `slope · x`.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.leakyRelu(slope: Element(slope)) }
}

extension LeakyReLU where Element == Float {
  /// The layer, for `Float`.
  public convenience init(_ slope: Double = 0.01) { self.init(options: slope, stateless: ()) }
}

/// The exponential linear unit as a layer, ``Tensor/elu(alpha:)``.
public final class ELU<Element: DifferentiableScalar>: Layer {
  /// The bound below, but for its sign.
  public let alpha: Double

  fileprivate init(options alpha: Double, stateless: Void) { self.alpha = alpha }

  /// The layer, for the element type that is named.
  public convenience init(alpha: Double = 1) { self.init(options: alpha, stateless: ()) }

  /// How it was made.
  public var configuration: String { "alpha: \(alpha)" }

  /// `x` above 0, else `alpha (exp(x) − 1)`.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.elu(alpha: Element(alpha)) }
}

extension ELU where Element == Float {
  /// The layer, for `Float`.
  public convenience init(alpha: Double = 1) { self.init(options: alpha, stateless: ()) }
}

/// The continuously differentiable exponential linear unit as a layer, ``Tensor/celu(alpha:file:line:)``.
public final class CELU<Element: DifferentiableScalar>: Layer {
  /// The bound below, but for its sign.
  public let alpha: Double

  fileprivate init(options alpha: Double, stateless: Void) { self.alpha = alpha }

  /// The layer, for the element type that is named.
  public convenience init(alpha: Double = 1) { self.init(options: alpha, stateless: ()) }

  /// How it was made.
  public var configuration: String { "alpha: \(alpha)" }

  /// `x` above 0, else `alpha (exp(x / alpha) − 1)`. An alpha that is not above 0 is an error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.celu(alpha: Element(alpha)) }
}

extension CELU where Element == Float {
  /// The layer, for `Float`.
  public convenience init(alpha: Double = 1) { self.init(options: alpha, stateless: ()) }
}

/// The smooth positive part as a layer, ``Tensor/softplus(beta:file:line:)``.
public final class Softplus<Element: DifferentiableScalar>: Layer {
  /// The sharpness.
  public let beta: Double

  fileprivate init(options beta: Double, stateless: Void) { self.beta = beta }

  /// The layer, for the element type that is named.
  public convenience init(beta: Double = 1) { self.init(options: beta, stateless: ()) }

  /// How it was made.
  public var configuration: String { "beta: \(beta)" }

  /// `log(1 + exp(beta x)) / beta`. A beta that is not above 0 is an error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.softplus(beta: Element(beta)) }
}

extension Softplus where Element == Float {
  /// The layer, for `Float`.
  public convenience init(beta: Double = 1) { self.init(options: beta, stateless: ()) }
}

/// Each element moved towards 0 as a layer, ``Tensor/softshrink(_:file:line:)``.
public final class Softshrink<Element: DifferentiableScalar>: Layer {
  /// By how much.
  public let bound: Double

  fileprivate init(options bound: Double, stateless: Void) { self.bound = bound }

  /// The layer, for the element type that is named.
  public convenience init(_ bound: Double = 0.5) { self.init(options: bound, stateless: ()) }

  /// How it was made.
  public var configuration: String { "\(bound)" }

  /// Each element moved towards 0, and 0 where it is nearer. A bound below 0 is an error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.softshrink(Element(bound)) }
}

extension Softshrink where Element == Float {
  /// The layer, for `Float`.
  public convenience init(_ bound: Double = 0.5) { self.init(options: bound, stateless: ()) }
}

/// Elements near 0 set to 0 as a layer, ``Tensor/hardshrink(_:)``.
public final class Hardshrink<Element: DifferentiableScalar>: Layer {
  /// How near.
  public let bound: Double

  fileprivate init(options bound: Double, stateless: Void) { self.bound = bound }

  /// The layer, for the element type that is named.
  public convenience init(_ bound: Double = 0.5) { self.init(options: bound, stateless: ()) }

  /// How it was made.
  public var configuration: String { "\(bound)" }

  /// Each element, and 0 where it is no further than the bound from there.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.hardshrink(Element(bound)) }
}

extension Hardshrink where Element == Float {
  /// The layer, for `Float`.
  public convenience init(_ bound: Double = 0.5) { self.init(options: bound, stateless: ()) }
}

/// Elements up to a bound replaced as a layer, ``Tensor/thresholded(above:else:)``.
public final class Threshold<Element: DifferentiableScalar>: Layer {
  /// What elements have to be above.
  public let bound: Double
  /// What the others become.
  public let value: Double

  fileprivate init(options bound: Double, _ value: Double, stateless: Void) {
    (self.bound, self.value) = (bound, value)
  }

  /// The layer, for the element type that is named.
  public convenience init(_ bound: Double, _ value: Double) {
    self.init(options: bound, value, stateless: ())
  }

  /// How it was made.
  public var configuration: String { "\(bound), \(value)" }

  /// Each element above the bound, and the value for the others.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    x.thresholded(above: Element(bound), else: Element(value))
  }
}

extension Threshold where Element == Float {
  /// The layer, for `Float`.
  public convenience init(_ bound: Double, _ value: Double) {
    self.init(options: bound, value, stateless: ())
  }
}

/// The gated linear unit as a layer, ``Tensor/glu(axis:file:line:)``.
public final class GLU<Element: DifferentiableScalar>: Layer {
  /// The axis that is halved.
  public let axis: Int

  fileprivate init(options axis: Int, stateless: Void) { self.axis = axis }

  /// The layer, for the element type that is named.
  public convenience init(axis: Int = -1) { self.init(options: axis, stateless: ()) }

  /// How it was made.
  public var configuration: String { "axis: \(axis)" }

  /// The first half of the axis times the logistic function of the second. An axis that is not there or odd is an error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.glu(axis: axis) }
}

extension GLU where Element == Float {
  /// The layer, for `Float`.
  public convenience init(axis: Int = -1) { self.init(options: axis, stateless: ()) }
}

/// The softmax along an axis as a layer, ``Tensor/softmax(axis:file:line:)``.
public final class Softmax<Element: DifferentiableScalar>: Layer {
  /// The axis along which the sums are 1.
  public let axis: Int

  fileprivate init(options axis: Int, stateless: Void) { self.axis = axis }

  /// The layer, for the element type that is named.
  public convenience init(axis: Int) { self.init(options: axis, stateless: ()) }

  /// How it was made.
  public var configuration: String { "axis: \(axis)" }

  /// `exp(x) / Σ exp(x)` along the axis. One that is not there is an error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.softmax(axis: axis) }
}

extension Softmax where Element == Float {
  /// The layer, for `Float`.
  public convenience init(axis: Int) { self.init(options: axis, stateless: ()) }
}

/// The logarithm of the softmax along an axis as a layer, ``Tensor/logSoftmax(axis:file:line:)``.
public final class LogSoftmax<Element: DifferentiableScalar>: Layer {
  /// The axis along which the sums are 1.
  public let axis: Int

  fileprivate init(options axis: Int, stateless: Void) { self.axis = axis }

  /// The layer, for the element type that is named.
  public convenience init(axis: Int) { self.init(options: axis, stateless: ()) }

  /// How it was made.
  public var configuration: String { "axis: \(axis)" }

  /// `x − log Σ exp(x)` along the axis. One that is not there is an error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.logSoftmax(axis: axis) }
}

extension LogSoftmax where Element == Float {
  /// The layer, for `Float`.
  public convenience init(axis: Int) { self.init(options: axis, stateless: ()) }
}

/// The softmax of the opposites along an axis as a layer.
public final class Softmin<Element: DifferentiableScalar>: Layer {
  /// The axis along which the sums are 1.
  public let axis: Int

  fileprivate init(options axis: Int, stateless: Void) { self.axis = axis }

  /// The layer, for the element type that is named.
  public convenience init(axis: Int) { self.init(options: axis, stateless: ()) }

  /// How it was made.
  public var configuration: String { "axis: \(axis)" }

  /// `exp(−x) / Σ exp(−x)` along the axis. One that is not there is an error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { (-x).softmax(axis: axis) }
}

extension Softmin where Element == Float {
  /// The layer, for `Float`.
  public convenience init(axis: Int) { self.init(options: axis, stateless: ()) }
}

/// Each element bounded as a layer, ``Tensor/hardtanh(_:)``.
public final class Hardtanh<Element: DifferentiableScalar>: Layer {
  /// The least and the largest result.
  public let bounds: ClosedRange<Double>

  fileprivate init(_ bounds: ClosedRange<Double>, stateless: Void) { self.bounds = bounds }

  /// The layer, for the element type that is named.
  public convenience init(_ bounds: ClosedRange<Double> = -1...1) { self.init(bounds, stateless: ()) }

  /// How it was made.
  public var configuration: String { "\(bounds)" }

  /// Each element, within the bounds. Derivative: `dx = g` between them, else 0.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    x.hardtanh(Element(bounds.lowerBound)...Element(bounds.upperBound))
  }
}

extension Hardtanh where Element == Float {
  /// The layer, for `Float`.
  public convenience init(_ bounds: ClosedRange<Double> = -1...1) { self.init(bounds, stateless: ()) }
}

/// The leaky positive part with learnt slopes as a layer, ``Tensor/prelu(weight:file:line:)``.
public final class PReLU<Element: DifferentiableScalar>: Layer {
  /// The slopes below 0, one or one for each channel.
  public let weight: Tensor<Element>

  fileprivate init(_ channels: Int, _ start: Double, _ file: StaticString, _ line: UInt) {
    if channels < 1 { programError("PReLU", "\(channels) channels; 1 at least", file, line) }
    weight = .full([max(channels, 1)], Element(start), requiresGrad: true)
  }

  /// One slope for all, or one for each of so many channels, starting as PyTorch's do; fewer than 1 is an error.
  public convenience init(
    channels: Int = 1, start: Double = 0.25, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(channels, start, file, line)
  }

  /// How it was made.
  public var configuration: String { "channels: \(weight.count)" }

  /// `x` above 0, else `weight · x`. Inputs whose axis 1 has another extent than the slopes are an error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.prelu(weight: weight) }
}

extension PReLU where Element == Float {
  /// One slope for all, or one for each of so many channels, starting as PyTorch's do; fewer than 1 is an error.
  public convenience init(
    channels: Int = 1, start: Double = 0.25, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(channels, start, file, line)
  }
}
