public import MartletCore

// Activations of all elements along an axis.

/// The gated linear unit as a layer, ``Tensor/glu(axis:file:line:)``.
///
/// ```swift
/// let model = Sequential { Linear(8, 32); GLU() }
/// let y = model(Tensor<Float>.normal([4, 8]))  // [4, 16]
/// ```
public final class GLU<Element: DifferentiableScalar>: Layer {
  /// The axis that is split into two halves.
  public let axis: Int

  fileprivate init(options axis: Int, stateless: Void) { self.axis = axis }

  /// Creates the layer for the element type that is written, as in `GLU<Double>(…)`.
  public convenience init(axis: Int = -1) { self.init(options: axis, stateless: ()) }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "axis: \(axis)" }

  /// Multiplies the first half of the axis by the logistic function of the second half. An axis out of range
  /// is an error, and so is an axis of odd extent.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.glu(axis: axis) }
}

extension GLU where Element == Float {
  /// Creates the layer for `Float`.
  public convenience init(axis: Int = -1) { self.init(options: axis, stateless: ()) }
}

/// The softmax along an axis as a layer, ``Tensor/softmax(axis:file:line:)``.
///
/// ```swift
/// let model = Sequential { Linear(8, 3); Softmax(axis: -1) }
/// let probabilities = model(Tensor<Float>.normal([4, 8]))  // [4, 3]
/// ```
public final class Softmax<Element: DifferentiableScalar>: Layer {
  /// The axis along which the probabilities sum to 1.
  public let axis: Int

  fileprivate init(options axis: Int, stateless: Void) { self.axis = axis }

  /// Creates the layer for the element type that is written, as in `Softmax<Double>(…)`.
  public convenience init(axis: Int) { self.init(options: axis, stateless: ()) }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "axis: \(axis)" }

  /// Computes `exp(x) / Σ exp(x)` along the axis. An axis out of range is an error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.softmax(axis: axis) }
}

extension Softmax where Element == Float {
  /// Creates the layer for `Float`.
  public convenience init(axis: Int) { self.init(options: axis, stateless: ()) }
}

/// The logarithm of the softmax along an axis as a layer, ``Tensor/logSoftmax(axis:file:line:)``.
///
/// ```swift
/// let model = Sequential { Linear(8, 3); LogSoftmax(axis: -1) }
/// let scores = model(Tensor<Float>.normal([4, 8]))
/// let loss = NLLLoss()(scores, Tensor<Int>([0, 2, 1, 1]))
/// ```
public final class LogSoftmax<Element: DifferentiableScalar>: Layer {
  /// The axis along which the probabilities sum to 1.
  public let axis: Int

  fileprivate init(options axis: Int, stateless: Void) { self.axis = axis }

  /// Creates the layer for the element type that is written, as in `LogSoftmax<Double>(…)`.
  public convenience init(axis: Int) { self.init(options: axis, stateless: ()) }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "axis: \(axis)" }

  /// Computes `x − log Σ exp(x)` along the axis. An axis out of range is an error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.logSoftmax(axis: axis) }
}

extension LogSoftmax where Element == Float {
  /// Creates the layer for `Float`.
  public convenience init(axis: Int) { self.init(options: axis, stateless: ()) }
}

/// The softmax of the negated elements along an axis as a layer.
///
/// ```swift
/// let distances = Tensor<Float>([[1, 2, 4], [3, 0, 1]])
/// let weights = Softmin(axis: -1)(distances)  // the nearest has the largest weight
/// ```
public final class Softmin<Element: DifferentiableScalar>: Layer {
  /// The axis along which the probabilities sum to 1.
  public let axis: Int

  fileprivate init(options axis: Int, stateless: Void) { self.axis = axis }

  /// Creates the layer for the element type that is written, as in `Softmin<Double>(…)`.
  public convenience init(axis: Int) { self.init(options: axis, stateless: ()) }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "axis: \(axis)" }

  /// Computes `exp(−x) / Σ exp(−x)` along the axis. An axis out of range is an error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { (-x).softmax(axis: axis) }
}

extension Softmin where Element == Float {
  /// Creates the layer for `Float`.
  public convenience init(axis: Int) { self.init(options: axis, stateless: ()) }
}
