public import MartletCore

/// The base class of the padding layers, which add elements at the ends of the last axes, as
/// ``Tensor/padded(_:mode:value:file:line:)`` does. This class itself adds zeros.
///
/// ```swift
/// let layers: [Padding<Float>] = [ZeroPad((1, 1), (2, 2)), ReflectionPad((1, 1), (2, 2))]
/// let images = Tensor<Float>.normal([8, 3, 32, 32])
/// for layer in layers { print(layer(images).shape) }  // [8, 3, 34, 36]
/// ```
public class Padding<Element: DifferentiableScalar>: Layer {
  private let amounts: [(before: Int, after: Int)], value: Element

  /// The name of the layer in error messages.
  class var name: String { "Padding" }
  class var mode: PaddingMode { .constant }

  /// Creates a layer that adds `before` and `after` elements to each of the last axes, in their order. A
  /// number below 0 is an error.
  public convenience init(
    _ amounts: (before: Int, after: Int)..., file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(amounts, 0, file, line)
  }

  fileprivate init(
    _ amounts: [(before: Int, after: Int)], _ value: Element, _ file: StaticString, _ line: UInt
  ) {
    (self.amounts, self.value) = (amounts, value)
    if amounts.contains(where: { $0.before < 0 || $0.after < 0 }) {
      programError(
        Self.name, "the amounts must be at least 0, not \(amounts.map { [$0.before, $0.after] })", file, line)
    }
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String {
    amounts.map { "(\($0.before), \($0.after))" }.joined(separator: ", ")
      + (value == 0 ? "" : ", value: \(value)")
  }

  /// Returns the input with the elements added. More pairs than axes are an error, and so is an axis that is
  /// too short for the elements that are copied from it.
  public final func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    x.padded(amounts, mode: Self.mode, value: value)
  }
}

extension Padding where Element == Float {
  /// Creates a layer that adds `before` and `after` elements to each of the last axes, in their order. A
  /// number below 0 is an error.
  public convenience init(
    _ amounts: (before: Int, after: Int)..., file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(amounts, 0, file, line)
  }
}

/// A layer that adds elements of one value at the ends of the last axes.
///
/// ```swift
/// let pad = ConstantPad((1, 1), (2, 2), value: 3)
/// let images = Tensor<Float>.normal([8, 3, 32, 32])
/// let y = pad(images)  // [8, 3, 34, 36]
/// ```
public final class ConstantPad<Element: DifferentiableScalar>: Padding<Element> {
  override class var name: String { "ConstantPad" }

  /// Creates a layer that adds `before` and `after` elements to each of the last axes, in their order. A
  /// number below 0 is an error.
  @_disfavoredOverload
  public convenience init(
    _ amounts: (before: Int, after: Int)..., value: Element, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(amounts, value, file, line)
  }
}

extension ConstantPad where Element == Float {
  /// Creates a layer that adds `before` and `after` elements to each of the last axes, in their order. A
  /// number below 0 is an error.
  public convenience init(
    _ amounts: (before: Int, after: Int)..., value: Float, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(amounts, value, file, line)
  }
}

/// A layer that adds zeros at the ends of the last axes.
///
/// ```swift
/// let pad = ZeroPad((1, 1), (2, 2))
/// let images = Tensor<Float>.normal([8, 3, 32, 32])
/// let y = pad(images)  // [8, 3, 34, 36]
/// ```
public final class ZeroPad<Element: DifferentiableScalar>: Padding<Element> {
  override class var name: String { "ZeroPad" }
}

/// A layer that adds the mirrored elements at the ends of the last axes.
///
/// ```swift
/// let pad = ReflectionPad((2, 1))
/// let y = pad(Tensor<Float>([1, 2, 3]))  // [3, 2, 1, 2, 3, 2]
/// ```
public final class ReflectionPad<Element: DifferentiableScalar>: Padding<Element> {
  override class var name: String { "ReflectionPad" }
  override class var mode: PaddingMode { .reflect }
}

/// A layer that repeats the end elements at the ends of the last axes.
///
/// ```swift
/// let pad = ReplicationPad((2, 1))
/// let y = pad(Tensor<Float>([1, 2, 3]))  // [1, 1, 1, 2, 3, 3]
/// ```
public final class ReplicationPad<Element: DifferentiableScalar>: Padding<Element> {
  override class var name: String { "ReplicationPad" }
  override class var mode: PaddingMode { .replicate }
}

/// A layer that adds the elements of the other end at the ends of the last axes.
///
/// ```swift
/// let pad = CircularPad((2, 1))
/// let y = pad(Tensor<Float>([1, 2, 3]))  // [2, 3, 1, 2, 3, 1]
/// ```
public final class CircularPad<Element: DifferentiableScalar>: Padding<Element> {
  override class var name: String { "CircularPad" }
  override class var mode: PaddingMode { .circular }
}
