public import MartletCore

/// The base class of the activations without options, such as ``ReLU``. Each applies a function to every
/// element. The base class itself returns its input.
///
/// ```swift
/// let activations: [Nonlinearity<Float>] = [ReLU(), Tanh(), SiLU()]
/// let x = Tensor<Float>.normal([4, 8])
/// let outputs = activations.map { $0(x) }
/// ```
public class Nonlinearity<Element: DifferentiableScalar>: Layer {
  fileprivate init(stateless: Void) {}

  /// Creates the layer for the element type that is written, as in `ReLU<Double>()`.
  public convenience init() { self.init(stateless: ()) }

  /// Applies the function to each element. The output has the input's shape.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x }
}

extension Nonlinearity where Element == Float {
  /// Creates the layer for `Float`.
  public convenience init() { self.init(stateless: ()) }
}

/// The hyperbolic tangent as a layer: `tanh(x)`.
///
/// ```swift
/// let model = Sequential { Linear(8, 16); Tanh(); Linear(16, 1) }
/// let y = model(Tensor<Float>.normal([4, 8]))  // [4, 1]
/// ```
public final class Tanh<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// Computes `tanh(x)` of each element. Derivative: `dx = g (1 − y²)`.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.tanh() }
}

/// The logistic function as a layer: `1 / (1 + exp(−x))`.
///
/// ```swift
/// let model = Sequential { Linear(8, 1); Sigmoid() }
/// let probability = model(Tensor<Float>.normal([4, 8]))  // [4, 1]
/// ```
public final class Sigmoid<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// Computes `1 / (1 + exp(−x))` of each element. Derivative: `dx = g · y (1 − y)`.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.sigmoid() }
}

/// The rectified linear unit as a layer: `max(x, 0)`.
///
/// ```swift
/// let model = Sequential { Linear(8, 16); ReLU(); Linear(16, 1) }
/// let y = model(Tensor<Float>.normal([4, 8]))  // [4, 1]
/// ```
public final class ReLU<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// Computes `max(x, 0)` of each element. Derivative: `dx = g` where x > 0, else 0.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.relu() }
}

/// The rectified linear unit with an upper limit of 6 as a layer, ``Tensor/relu6()``.
///
/// ```swift
/// let model = Sequential { Linear(8, 16); ReLU6(); Linear(16, 1) }
/// let y = model(Tensor<Float>.normal([4, 8]))  // [4, 1]
/// ```
public final class ReLU6<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// Computes `min(max(x, 0), 6)` of each element. Derivative: `dx = g` where 0 < x < 6, else 0.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.relu6() }
}

/// The scaled exponential linear unit as a layer, ``Tensor/selu()``.
///
/// ```swift
/// let model = Sequential { Linear(8, 16); SELU(); Linear(16, 1) }
/// let y = model(Tensor<Float>.normal([4, 8]))  // [4, 1]
/// ```
public final class SELU<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// Computes `1.0507 x` above 0, else `1.0507 · 1.67326 (exp(x) − 1)`.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.selu() }
}

/// The sigmoid linear unit as a layer, ``Tensor/silu()``.
///
/// ```swift
/// let model = Sequential { Linear(8, 16); SiLU(); Linear(16, 1) }
/// let y = model(Tensor<Float>.normal([4, 8]))  // [4, 1]
/// ```
public final class SiLU<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// Computes `x σ(x)` of each element. Derivative: `dx = g σ(x) (1 + x (1 − σ(x)))`.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.silu() }
}

/// The Mish activation as a layer, ``Tensor/mish()``.
///
/// ```swift
/// let model = Sequential { Linear(8, 16); Mish(); Linear(16, 1) }
/// let y = model(Tensor<Float>.normal([4, 8]))  // [4, 1]
/// ```
public final class Mish<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// Computes `x tanh(log(1 + exp(x)))` of each element.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.mish() }
}

/// The logarithm of the logistic function as a layer, ``Tensor/logSigmoid()``.
///
/// ```swift
/// let model = Sequential { Linear(8, 1); LogSigmoid() }
/// let logProbability = model(Tensor<Float>.normal([4, 8]))  // [4, 1]
/// ```
public final class LogSigmoid<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// Computes `−log(1 + exp(−x))` of each element. Derivative: `dx = g σ(−x)`.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.logSigmoid() }
}

/// A piecewise linear approximation of the logistic function as a layer, ``Tensor/hardsigmoid()``.
///
/// ```swift
/// let x = Tensor<Float>([-4, 0, 4])
/// let y = Hardsigmoid()(x)  // [0, 0.5, 1]
/// ```
public final class Hardsigmoid<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// Computes `x / 6 + ½`, limited to 0...1. Derivative: `dx = g / 6` where −3 < x < 3, else 0.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.hardsigmoid() }
}

/// A piecewise approximation of the sigmoid linear unit as a layer, ``Tensor/hardswish()``.
///
/// ```swift
/// let model = Sequential { Linear(8, 16); Hardswish(); Linear(16, 1) }
/// let y = model(Tensor<Float>.normal([4, 8]))  // [4, 1]
/// ```
public final class Hardswish<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// Computes `x (x + 3) / 6` for x from −3 to 3, 0 for x below −3, and x for x above 3.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.hardswish() }
}

/// The softsign function as a layer: `x / (1 + |x|)`.
///
/// ```swift
/// let x = Tensor<Float>([-3, 0, 1])
/// let y = Softsign()(x)  // [-0.75, 0, 0.5]
/// ```
public final class Softsign<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// Computes `x / (1 + |x|)` of each element. Derivative: `dx = g / (1 + |x|)²`.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.softsign() }
}

/// The tanhshrink function as a layer: `x − tanh(x)`.
///
/// ```swift
/// let model = Sequential { Linear(8, 16); Tanhshrink(); Linear(16, 1) }
/// let y = model(Tensor<Float>.normal([4, 8]))  // [4, 1]
/// ```
public final class Tanhshrink<Element: DifferentiableScalar>: Nonlinearity<Element> {
  /// Computes `x − tanh(x)` of each element. Derivative: `dx = g tanh²(x)`.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.tanhshrink() }
}
