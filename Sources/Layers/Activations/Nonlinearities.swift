public import MartletCore

/// What the activations without options share: a function of each element, `ReLU()`. Of itself it passes the input on.
public class Nonlinearity<Element: DifferentiableScalar>: Layer {
  fileprivate init(stateless: Void) {}

  /// The layer, for the element type that is named.
  public convenience init() { self.init(stateless: ()) }

  /// The function of each element: any shape to the same.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x }
}

extension Nonlinearity where Element == Float {
  /// The layer, for `Float`.
  public convenience init() { self.init(stateless: ()) }
}

/// The hyperbolic tangent as a layer: `tanh(x)`.
public final class Tanh<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// `tanh(x)` of each element. Derivative: `dx = g (1 − y²)`.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.tanh() }
}

/// The logistic function as a layer: `1 / (1 + exp(−x))`.
public final class Sigmoid<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// `1 / (1 + exp(−x))` of each element. Derivative: `dx = g · y (1 − y)`.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.sigmoid() }
}

/// The positive part as a layer: `max(x, 0)`.
public final class ReLU<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// `max(x, 0)` of each element. Derivative: `dx = g` where x > 0, else 0.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.relu() }
}

/// The positive part up to 6 as a layer, ``Tensor/relu6()``.
public final class ReLU6<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// `min(max(x, 0), 6)` of each element. Derivative: `dx = g` where 0 < x < 6, else 0.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.relu6() }
}

/// The scaled exponential linear unit as a layer, ``Tensor/selu()``.
public final class SELU<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// `1.0507 x` above 0, else `1.0507 · 1.67326 (exp(x) − 1)`.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.selu() }
}

/// The sigmoid linear unit as a layer, ``Tensor/silu()``.
public final class SiLU<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// `x σ(x)` of each element. Derivative: `dx = g σ(x) (1 + x (1 − σ(x)))`.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.silu() }
}

/// Mish as a layer, ``Tensor/mish()``.
public final class Mish<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// `x tanh(log(1 + exp(x)))` of each element.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.mish() }
}

/// The logarithm of the logistic function as a layer, ``Tensor/logSigmoid()``.
public final class LogSigmoid<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// `−log(1 + exp(−x))` of each element. Derivative: `dx = g σ(−x)`.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.logSigmoid() }
}

/// A logistic function in three straight lines as a layer, ``Tensor/hardsigmoid()``.
public final class Hardsigmoid<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// `x / 6 + ½` from 0 to 1. Derivative: `dx = g / 6` where −3 < x < 3, else 0.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.hardsigmoid() }
}

/// The sigmoid linear unit in pieces as a layer, ``Tensor/hardswish()``.
public final class Hardswish<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// `x (x + 3) / 6` from −3 to 3, 0 below, x above.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.hardswish() }
}

/// `x / (1 + |x|)` as a layer.
public final class Softsign<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// `x / (1 + |x|)` of each element. Derivative: `dx = g / (1 + |x|)²`.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.softsign() }
}

/// `x − tanh(x)` as a layer.
public final class Tanhshrink<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// `x − tanh(x)` of each element. Derivative: `dx = g tanh²(x)`.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.tanhshrink() }
}
