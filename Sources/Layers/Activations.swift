public import MartletCore

/// The hyperbolic tangent as a layer: `tanh(x)`.
public final class Tanh<Element: DifferentiableScalar>: Layer {
  fileprivate init(stateless: Void) {}

  /// The layer, for the element type that is named.
  public convenience init() { self.init(stateless: ()) }

  /// The hyperbolic tangent of each element, `tanh(x)`. Derivative: `dx = g (1 − y²)`.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.tanh() }
}

extension Tanh where Element == Float {
  /// The layer, for `Float`.
  public convenience init() { self.init(stateless: ()) }
}

/// The logistic function as a layer: `1 / (1 + exp(−x))`.
public final class Sigmoid<Element: DifferentiableScalar>: Layer {
  fileprivate init(stateless: Void) {}

  /// The layer, for the element type that is named.
  public convenience init() { self.init(stateless: ()) }

  /// The logistic function of each element, `1 / (1 + exp(−x))`. Derivative: `dx = g · y (1 − y)`.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.sigmoid() }
}

extension Sigmoid where Element == Float {
  /// The layer, for `Float`.
  public convenience init() { self.init(stateless: ()) }
}

/// The positive part as a layer: `max(x, 0)`.
public final class ReLU<Element: DifferentiableScalar>: Layer {
  fileprivate init(stateless: Void) {}

  /// The layer, for the element type that is named.
  public convenience init() { self.init(stateless: ()) }

  /// The positive part of each element, `max(x, 0)`. Derivative: `dx = g` where x > 0, else 0.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.relu() }
}

extension ReLU where Element == Float {
  /// The layer, for `Float`.
  public convenience init() { self.init(stateless: ()) }
}

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
