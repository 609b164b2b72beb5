public import MartletCore

// Activations of single elements, with options.

/// The Gaussian error linear unit as a layer: `x Φ(x)`.
///
/// ```swift
/// let model = Sequential { Linear(8, 16); GELU(approximation: .tanh); Linear(16, 1) }
/// let y = model(Tensor<Float>.normal([4, 8]))  // [4, 1]
/// ```
public final class GELU<Element: DifferentiableScalar>: Layer {
  private let approximation: GELUApproximation

  fileprivate init(_ approximation: GELUApproximation, stateless: Void) { self.approximation = approximation }

  /// Creates the layer for the element type that is written, as in `GELU<Double>(…)`.
  public convenience init(approximation: GELUApproximation = .none) {
    self.init(approximation, stateless: ())
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "approximation: \(approximation)" }

  /// Computes `x Φ(x)` of each element, where Φ is the distribution function of the normal distribution.
  /// Derivative: `dx = g (Φ(x) + x Φ′(x))`.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.gelu(approximation: approximation) }
}

extension GELU where Element == Float {
  /// Creates the layer for `Float`.
  public convenience init(approximation: GELUApproximation = .none) {
    self.init(approximation, stateless: ())
  }
}

/// The leaky rectified linear unit as a layer, ``Tensor/leakyRelu(slope:)``.
///
/// ```swift
/// let model = Sequential { Linear(8, 16); LeakyReLU(0.1); Linear(16, 1) }
/// let y = model(Tensor<Float>.normal([4, 8]))  // [4, 1]
/// ```
public final class LeakyReLU<Element: DifferentiableScalar>: Layer {
  /// The slope below 0.
  public let slope: Double

  fileprivate init(options slope: Double, stateless: Void) { self.slope = slope }

  /// Creates the layer for the element type that is written, as in `LeakyReLU<Double>(…)`.
  @_disfavoredOverload
  public convenience init(_ slope: Double = 0.01) { self.init(options: slope, stateless: ()) }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "\(slope)" }

  /// Computes `x` above 0, else `slope · x`.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.leakyRelu(slope: Element(slope)) }
}

extension LeakyReLU where Element == Float {
  /// Creates the layer for `Float`.
  public convenience init(_ slope: Double = 0.01) { self.init(options: slope, stateless: ()) }
}

/// The exponential linear unit as a layer, ``Tensor/elu(alpha:)``.
///
/// ```swift
/// let model = Sequential { Linear(8, 16); ELU(); Linear(16, 1) }
/// let y = model(Tensor<Float>.normal([4, 8]))  // [4, 1]
/// ```
public final class ELU<Element: DifferentiableScalar>: Layer {
  /// The scale below 0. The output approaches −alpha for large negative inputs.
  public let alpha: Double

  fileprivate init(options alpha: Double, stateless: Void) { self.alpha = alpha }

  /// Creates the layer for the element type that is written, as in `ELU<Double>(…)`.
  @_disfavoredOverload
  public convenience init(alpha: Double = 1) { self.init(options: alpha, stateless: ()) }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "alpha: \(alpha)" }

  /// Computes `x` above 0, else `alpha (exp(x) − 1)`.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.elu(alpha: Element(alpha)) }
}

extension ELU where Element == Float {
  /// Creates the layer for `Float`.
  public convenience init(alpha: Double = 1) { self.init(options: alpha, stateless: ()) }
}

/// The continuously differentiable exponential linear unit as a layer, ``Tensor/celu(alpha:file:line:)``.
///
/// ```swift
/// let model = Sequential { Linear(8, 16); CELU(alpha: 0.5); Linear(16, 1) }
/// let y = model(Tensor<Float>.normal([4, 8]))  // [4, 1]
/// ```
public final class CELU<Element: DifferentiableScalar>: Layer {
  /// The scale below 0. The output approaches −alpha for large negative inputs.
  public let alpha: Double

  fileprivate init(options alpha: Double, stateless: Void) { self.alpha = alpha }

  /// Creates the layer for the element type that is written, as in `CELU<Double>(…)`.
  @_disfavoredOverload
  public convenience init(alpha: Double = 1) { self.init(options: alpha, stateless: ()) }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "alpha: \(alpha)" }

  /// Computes `x` above 0, else `alpha (exp(x / alpha) − 1)`. An alpha that is not above 0 is an error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.celu(alpha: Element(alpha)) }
}

extension CELU where Element == Float {
  /// Creates the layer for `Float`.
  public convenience init(alpha: Double = 1) { self.init(options: alpha, stateless: ()) }
}

/// A smooth approximation of `max(x, 0)` as a layer, ``Tensor/softplus(beta:file:line:)``.
///
/// ```swift
/// let model = Sequential { Linear(8, 1); Softplus() }
/// let variance = model(Tensor<Float>.normal([4, 8]))  // [4, 1]
/// ```
public final class Softplus<Element: DifferentiableScalar>: Layer {
  /// The sharpness. A larger beta brings the output closer to `max(x, 0)`.
  public let beta: Double

  fileprivate init(options beta: Double, stateless: Void) { self.beta = beta }

  /// Creates the layer for the element type that is written, as in `Softplus<Double>(…)`.
  @_disfavoredOverload
  public convenience init(beta: Double = 1) { self.init(options: beta, stateless: ()) }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "beta: \(beta)" }

  /// Computes `log(1 + exp(beta x)) / beta`. A beta that is not above 0 is an error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.softplus(beta: Element(beta)) }
}

extension Softplus where Element == Float {
  /// Creates the layer for `Float`.
  public convenience init(beta: Double = 1) { self.init(options: beta, stateless: ()) }
}

/// A layer that moves each element towards 0, ``Tensor/softshrink(_:file:line:)``.
///
/// ```swift
/// let x = Tensor<Float>([-2, -0.5, 0, 0.5, 2])
/// let y = Softshrink(1)(x)  // [-1, 0, 0, 0, 1]
/// ```
public final class Softshrink<Element: DifferentiableScalar>: Layer {
  /// The distance by which elements move towards 0.
  public let bound: Double

  fileprivate init(options bound: Double, stateless: Void) { self.bound = bound }

  /// Creates the layer for the element type that is written, as in `Softshrink<Double>(…)`.
  public convenience init(_ bound: Double = 0.5) { self.init(options: bound, stateless: ()) }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "\(bound)" }

  /// Moves each element towards 0. An element whose distance from 0 is at most the bound becomes 0. A bound
  /// below 0 is an error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.softshrink(Element(bound)) }
}

extension Softshrink where Element == Float {
  /// Creates the layer for `Float`.
  public convenience init(_ bound: Double = 0.5) { self.init(options: bound, stateless: ()) }
}

/// A layer that sets elements near 0 to 0, ``Tensor/hardshrink(_:)``.
///
/// ```swift
/// let x = Tensor<Float>([-2, -0.5, 0, 0.5, 2])
/// let y = Hardshrink(1)(x)  // [-2, 0, 0, 0, 2]
/// ```
public final class Hardshrink<Element: DifferentiableScalar>: Layer {
  /// The distance from 0 up to which elements become 0.
  public let bound: Double

  fileprivate init(options bound: Double, stateless: Void) { self.bound = bound }

  /// Creates the layer for the element type that is written, as in `Hardshrink<Double>(…)`.
  public convenience init(_ bound: Double = 0.5) { self.init(options: bound, stateless: ()) }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "\(bound)" }

  /// Sets an element to 0 if its distance from 0 is at most the bound. Other elements do not change.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.hardshrink(Element(bound)) }
}

extension Hardshrink where Element == Float {
  /// Creates the layer for `Float`.
  public convenience init(_ bound: Double = 0.5) { self.init(options: bound, stateless: ()) }
}

/// A layer that replaces elements up to a bound, ``Tensor/thresholded(above:else:)``.
///
/// ```swift
/// let x = Tensor<Float>([-2, -0.5, 0, 0.5, 2])
/// let y = Threshold(0.1, 20)(x)  // [20, 20, 20, 0.5, 2]
/// ```
public final class Threshold<Element: DifferentiableScalar>: Layer {
  /// The bound. Elements at or below this bound are replaced.
  public let bound: Double
  /// The value that replaces elements at or below the bound.
  public let value: Double

  fileprivate init(options bound: Double, _ value: Double, stateless: Void) {
    (self.bound, self.value) = (bound, value)
  }

  /// Creates the layer for the element type that is written, as in `Threshold<Double>(…)`.
  public convenience init(_ bound: Double, _ value: Double) {
    self.init(options: bound, value, stateless: ())
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "\(bound), \(value)" }

  /// Returns the elements above the bound, and the value in place of the others.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    x.thresholded(above: Element(bound), else: Element(value))
  }
}

extension Threshold where Element == Float {
  /// Creates the layer for `Float`.
  public convenience init(_ bound: Double, _ value: Double) {
    self.init(options: bound, value, stateless: ())
  }
}

/// A layer that limits each element to a range, ``Tensor/hardtanh(_:)``.
///
/// ```swift
/// let x = Tensor<Float>([-2, -0.5, 0, 0.5, 2])
/// let y = Hardtanh()(x)  // [-1, -0.5, 0, 0.5, 1]
/// ```
public final class Hardtanh<Element: DifferentiableScalar>: Layer {
  /// The smallest and the largest output.
  public let bounds: ClosedRange<Double>

  fileprivate init(_ bounds: ClosedRange<Double>, stateless: Void) { self.bounds = bounds }

  /// Creates the layer for the element type that is written, as in `Hardtanh<Double>(…)`.
  public convenience init(_ bounds: ClosedRange<Double> = -1...1) { self.init(bounds, stateless: ()) }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "\(bounds)" }

  /// Limits each element to the bounds. Derivative: `dx = g` between the bounds, else 0.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    x.hardtanh(Element(bounds.lowerBound)...Element(bounds.upperBound))
  }
}

extension Hardtanh where Element == Float {
  /// Creates the layer for `Float`.
  public convenience init(_ bounds: ClosedRange<Double> = -1...1) { self.init(bounds, stateless: ()) }
}

/// The leaky rectified linear unit with learnt slopes as a layer, ``Tensor/prelu(weight:file:line:)``.
///
/// ```swift
/// let model = Sequential { Conv2d(3, 16, kernelSize: 3); PReLU(channels: 16) }
/// let y = model(Tensor<Float>.normal([1, 3, 8, 8]))  // [1, 16, 6, 6]
/// ```
public final class PReLU<Element: DifferentiableScalar>: Layer {
  /// The slopes below 0: a single one, or one for each channel.
  public let weight: Tensor<Element>

  fileprivate init(_ channels: Int, _ start: Double, _ file: StaticString, _ line: UInt) {
    if channels < 1 {
      programError("PReLU", "the number of channels must be at least 1, not \(channels)", file, line)
    }
    weight = .full([max(channels, 1)], Element(start), requiresGrad: true)
  }

  /// Creates a layer with one slope for all channels, or with one slope for each of several `channels`. Every
  /// slope starts at `start`, by default at PyTorch's 0.25. Fewer than 1 channel is an error.
  public convenience init(
    channels: Int = 1, start: Double = 0.25, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(channels, start, file, line)
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "channels: \(weight.count)" }

  /// Computes `x` above 0, else `weight · x`. With several slopes, axis 1 of the input must have one element
  /// for each slope, else it is an error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.prelu(weight: weight) }
}

extension PReLU where Element == Float {
  /// Creates a layer with one slope for all channels, or with one slope for each of several `channels`. Every
  /// slope starts at `start`, by default at PyTorch's 0.25. Fewer than 1 channel is an error.
  public convenience init(
    channels: Int = 1, start: Double = 0.25, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(channels, start, file, line)
  }
}
