public import MartletCore

/// What the padding layers share: elements added at the ends of the last axes, as
/// ``Tensor/padded(_:mode:value:file:line:)`` does; of itself zeros.
public class Padding<Element: DifferentiableScalar>: Layer {
  private let amounts: [(before: Int, after: Int)], value: Element

  /// For messages.
  class var name: String { "Padding" }
  class var mode: PaddingMode { .constant }

  /// For each of the last axes, in their order, how many elements before and after; a number below 0 is an error.
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
      programError(Self.name, "amounts \(amounts.map { [$0.before, $0.after] }); none below 0", file, line)
    }
  }

  /// How it was made.
  public var configuration: String {
    amounts.map { "(\($0.before), \($0.after))" }.joined(separator: ", ")
      + (value == 0 ? "" : ", value: \(value)")
  }

  /// The input with the elements added. Axes that are not there, or too short for what is to be taken from them, are
  /// an error.
  public final func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    x.padded(amounts, mode: Self.mode, value: value)
  }
}

extension Padding where Element == Float {
  /// For each of the last axes, in their order, how many elements before and after; a number below 0 is an error.
  public convenience init(
    _ amounts: (before: Int, after: Int)..., file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(amounts, 0, file, line)
  }
}

/// Elements of one value at the ends of the last axes: `ConstantPad((1, 1), (2, 2), value: 3)` for two axes.
public final class ConstantPad<Element: DifferentiableScalar>: Padding<Element> {
  override class var name: String { "ConstantPad" }

  /// For each of the last axes, in their order, how many elements before and after; a number below 0 is an error.
  public convenience init(
    _ amounts: (before: Int, after: Int)..., value: Element, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(amounts, value, file, line)
  }
}

extension ConstantPad where Element == Float {
  /// For each of the last axes, in their order, how many elements before and after; a number below 0 is an error.
  public convenience init(
    _ amounts: (before: Int, after: Int)..., value: Float, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(amounts, value, file, line)
  }
}

/// Zeros at the ends of the last axes: `ZeroPad((1, 1), (2, 2))` for two axes.
public final class ZeroPad<Element: DifferentiableScalar>: Padding<Element> {
  override class var name: String { "ZeroPad" }
}

/// The elements mirrored at the ends of the last axes: `ReflectionPad((1, 1), (2, 2))` for two axes.
public final class ReflectionPad<Element: DifferentiableScalar>: Padding<Element> {
  override class var name: String { "ReflectionPad" }
  override class var mode: PaddingMode { .reflect }
}

/// The end elements again at the ends of the last axes: `ReplicationPad((1, 1), (2, 2))` for two axes.
public final class ReplicationPad<Element: DifferentiableScalar>: Padding<Element> {
  override class var name: String { "ReplicationPad" }
  override class var mode: PaddingMode { .replicate }
}

/// The elements from the other end at the ends of the last axes: `CircularPad((1, 1), (2, 2))` for two axes.
public final class CircularPad<Element: DifferentiableScalar>: Padding<Element> {
  override class var name: String { "CircularPad" }
  override class var mode: PaddingMode { .circular }
}
