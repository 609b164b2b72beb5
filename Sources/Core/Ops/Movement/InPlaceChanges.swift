// The verbs: methods that change a tensor in place. A change is seen through every view and is never
// recorded.

extension Tensor {
  /// Returns true if the tensor may be changed in place, else reports an error. A failed tensor may be
  /// neither the target nor the source. Elements of the target may not share memory. While recording, neither
  /// the target nor its base nor the source may require a gradient, which would be lost.
  func mayChange(
    _ operation: StaticString, with source: Tensor? = nil, _ cure: String, _ file: StaticString, _ line: UInt
  ) -> Bool {
    if let failure = failure ?? source?.failure {
      _ = settle(failure)
      return false
    }
    if isRecording, isTracked || base?.isTracked == true || source?.isTracked == true {
      let subject =
        isTracked
        ? (isLeaf ? "the tensor is a leaf that requires a gradient" : "the tensor has history")
        : base?.isTracked == true
          ? "the tensor is a view of a tensor that requires a gradient" : "the source requires a gradient"
      mistake(
        "\(operation)",
        "\(subject), so the in-place change cannot be recorded; use \(cure) or noGrad { }",
        file, line)
      return false
    }
    for axis in 0..<rank where layout.strides[axis] == 0 && shape[axis] > 1 && count > 0 {
      mistake(
        "\(operation)", "the elements of a broadcast view of shape \(shape) share memory; change a copy",
        file, line
      )
      return false
    }
    Profiler.begin()
    return true
  }

  /// Checks that `source` broadcasts to this shape and that the tensor may be changed.
  private func mayChange(
    _ operation: StaticString, by source: Tensor, _ cure: String, _ file: StaticString, _ line: UInt
  ) -> Bool {
    guard mayChange(operation, with: source, cure, file, line) else { return false }
    if source.layout.broadcast(to: shape) != nil { return true }
    mistake("\(operation)", "shape \(source.shape) does not broadcast to \(shape)", file, line)
    return false
  }

  /// Sets every element to a value, in place. The change is seen through every view.
  ///
  /// While recording, it is an error if the tensor, or the tensor of which it is a view, requires a gradient:
  /// use ``full(_:_:requiresGrad:file:line:)`` or ``noGrad(_:)``. This holds for every verb. A broadcast
  /// view, whose elements share memory, cannot be changed at all.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func fill(_ value: Element, file: StaticString = #fileID, line: UInt = #line) {
    guard mayChange("fill", "full(_:_:)", file, line) else { return }
    overwrite(withAll: value)
    named("Fill")
  }

  /// Sets the elements to the elements of another tensor, broadcast to this shape, in place.
  ///
  /// A shape that does not broadcast is an error. The other rules are those of ``fill(_:file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func assign(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) {
    guard mayChange("assign", by: other, "the other tensor itself", file, line) else { return }
    overwrite(with: other)
    named("Assign")
  }
}

extension Tensor where Element: NumericScalar {
  /// Adds `scale` · `other`, broadcast to this shape, in place. The product and the sum are each rounded.
  ///
  /// A shape that does not broadcast is an error. The other rules are those of ``fill(_:file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func add(
    _ other: Tensor, scaledBy scale: Element = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    guard mayChange("add(_:scaledBy:)", by: other, "x + y * scale", file, line) else { return }
    // The loop takes the scale as a Double, which cannot represent every Int.
    if Element.element.isFloating {
      combine(.addScaled, with: other, p: scale.doubleValue)
    } else {
      combine(.add, with: other * Tensor(single: scale))
    }
    named("AddInPlace")
  }

  /// Subtracts `other`, broadcast to this shape, in place.
  ///
  /// A shape that does not broadcast is an error. The other rules are those of ``fill(_:file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func subtract(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) {
    guard mayChange("subtract(_:)", by: other, "x - y", file, line) else { return }
    combine(.subtract, with: other)
    named("SubInPlace")
  }

  /// Multiplies by `factor`, broadcast to this shape, in place.
  ///
  /// A shape that does not broadcast is an error. The other rules are those of ``fill(_:file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func multiply(by factor: Tensor, file: StaticString = #fileID, line: UInt = #line) {
    guard mayChange("multiply(by:)", by: factor, "x * y", file, line) else { return }
    combine(.multiply, with: factor)
    named("MulInPlace")
  }

  /// Divides by `divisor`, broadcast to this shape, in place. Quotients of integers are truncated towards
  /// zero.
  ///
  /// A shape that does not broadcast is an error, and so is an integer divisor of 0. The other rules are
  /// those of ``fill(_:file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func divide(by divisor: Tensor, file: StaticString = #fileID, line: UInt = #line) {
    guard mayChange("divide(by:)", by: divisor, "x / y", file, line) else { return }
    if divisor.hasIntegerZero {
      mistake("divide(by:)", Tensor.divisionByZero, file, line)
      return
    }
    combine(.divide, with: divisor)
    named("DivInPlace")
  }
}
