public import MartletCore

/// Elements of one value at the ends of the last axes: `ConstantPad((1, 1), (2, 2), value: 3)` for two axes.
public final class ConstantPad<Element: DifferentiableScalar>: Layer {
  private let amounts: [(before: Int, after: Int)], value: Element

  /// For each of the last axes, in their order, how many elements before and after; a number below 0 is an error.
  public convenience init(
    _ amounts: (before: Int, after: Int)..., value: Element, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(amounts, value, file, line)
  }

  fileprivate init(
    _ amounts: [(before: Int, after: Int)], _ value: Element, _ file: StaticString, _ line: UInt
  ) {
    checkPadding("ConstantPad", amounts, file, line)
    self.amounts = amounts
    self.value = value
  }

  /// The input with the elements added, as ``Tensor/padded(_:mode:value:file:line:)`` does. Axes that are not there are an
  /// error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    x.padded(amounts, mode: .constant, value: value)
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
public final class ZeroPad<Element: DifferentiableScalar>: Layer {
  private let amounts: [(before: Int, after: Int)]

  /// For each of the last axes, in their order, how many elements before and after; a number below 0 is an error.
  public convenience init(
    _ amounts: (before: Int, after: Int)..., file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(amounts, file, line)
  }

  fileprivate init(
    _ amounts: [(before: Int, after: Int)], _ file: StaticString, _ line: UInt
  ) {
    checkPadding("ZeroPad", amounts, file, line)
    self.amounts = amounts
  }

  /// The input with the elements added, as ``Tensor/padded(_:mode:value:file:line:)`` does. Axes that are not there are an
  /// error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    x.padded(amounts, mode: .constant)
  }
}

extension ZeroPad where Element == Float {
  /// For each of the last axes, in their order, how many elements before and after; a number below 0 is an error.
  public convenience init(
    _ amounts: (before: Int, after: Int)..., file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(amounts, file, line)
  }
}

/// The elements mirrored at the ends of the last axes: `ReflectionPad((1, 1), (2, 2))` for two axes.
public final class ReflectionPad<Element: DifferentiableScalar>: Layer {
  private let amounts: [(before: Int, after: Int)]

  /// For each of the last axes, in their order, how many elements before and after; a number below 0 is an error.
  public convenience init(
    _ amounts: (before: Int, after: Int)..., file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(amounts, file, line)
  }

  fileprivate init(
    _ amounts: [(before: Int, after: Int)], _ file: StaticString, _ line: UInt
  ) {
    checkPadding("ReflectionPad", amounts, file, line)
    self.amounts = amounts
  }

  /// The input with the elements added, as ``Tensor/padded(_:mode:value:file:line:)`` does. Axes that are not there, or
  /// shorter than the amounts ask for, are an error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    x.padded(amounts, mode: .reflect)
  }
}

extension ReflectionPad where Element == Float {
  /// For each of the last axes, in their order, how many elements before and after; a number below 0 is an error.
  public convenience init(
    _ amounts: (before: Int, after: Int)..., file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(amounts, file, line)
  }
}

/// The end elements again at the ends of the last axes: `ReplicationPad((1, 1), (2, 2))` for two axes.
public final class ReplicationPad<Element: DifferentiableScalar>: Layer {
  private let amounts: [(before: Int, after: Int)]

  /// For each of the last axes, in their order, how many elements before and after; a number below 0 is an error.
  public convenience init(
    _ amounts: (before: Int, after: Int)..., file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(amounts, file, line)
  }

  fileprivate init(
    _ amounts: [(before: Int, after: Int)], _ file: StaticString, _ line: UInt
  ) {
    checkPadding("ReplicationPad", amounts, file, line)
    self.amounts = amounts
  }

  /// The input with the elements added, as ``Tensor/padded(_:mode:value:file:line:)`` does. Axes that are not there, or
  /// shorter than the amounts ask for, are an error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    x.padded(amounts, mode: .replicate)
  }
}

extension ReplicationPad where Element == Float {
  /// For each of the last axes, in their order, how many elements before and after; a number below 0 is an error.
  public convenience init(
    _ amounts: (before: Int, after: Int)..., file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(amounts, file, line)
  }
}

/// The elements from the other end at the ends of the last axes: `CircularPad((1, 1), (2, 2))` for two axes.
public final class CircularPad<Element: DifferentiableScalar>: Layer {
  private let amounts: [(before: Int, after: Int)]

  /// For each of the last axes, in their order, how many elements before and after; a number below 0 is an error.
  public convenience init(
    _ amounts: (before: Int, after: Int)..., file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(amounts, file, line)
  }

  fileprivate init(
    _ amounts: [(before: Int, after: Int)], _ file: StaticString, _ line: UInt
  ) {
    checkPadding("CircularPad", amounts, file, line)
    self.amounts = amounts
  }

  /// The input with the elements added, as ``Tensor/padded(_:mode:value:file:line:)`` does. Axes that are not there, or
  /// shorter than the amounts ask for, are an error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    x.padded(amounts, mode: .circular)
  }
}

extension CircularPad where Element == Float {
  /// For each of the last axes, in their order, how many elements before and after; a number below 0 is an error.
  public convenience init(
    _ amounts: (before: Int, after: Int)..., file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(amounts, file, line)
  }
}

/// Refuses amounts below 0.
private func checkPadding(
  _ layer: String, _ amounts: [(before: Int, after: Int)], _ file: StaticString, _ line: UInt
) {
  if amounts.contains(where: { $0.before < 0 || $0.after < 0 }) {
    programError(layer, "amounts \(amounts.map { [$0.before, $0.after] }); none below 0", file, line)
  }
}
