// The verbs: methods that change a tensor in place. A change is seen through every view. If the tensor has
// history, or the new elements have, the change is recorded: the elements get the history of what was assigned.

extension Tensor {
  /// True if a change of this tensor in place, by `source`, must be recorded.
  func records(_ source: Tensor? = nil) -> Bool {
    isRecording && (isTracked || base?.isTracked == true || source?.isTracked == true)
  }

  /// Returns true if the tensor may be changed in place, else reports an error. A failed tensor may be
  /// neither the target nor the source. Elements of the target may not share memory.
  func mayChange(
    _ operation: StaticString, with source: Tensor? = nil, _ cure: String, _ file: StaticString, _ line: UInt
  ) -> Bool {
    if let failure = failure ?? source?.failure {
      _ = settle(failure)
      return false
    }
    let isRecorded = records(source)
    if isRecorded, let subject = unrecordable {
      mistake(
        "\(operation)",
        "\(subject), so the in-place change cannot be recorded; use \(cure) or noGrad { }", file, line)
      return false
    }
    if layout.mayOverlap || isRecorded && base?.layout.mayOverlap == true {
      mistake(
        "\(operation)", "the elements of a view of shape \(shape) share memory; change a copy", file, line)
      return false
    }
    Profiler.begin()
    return true
  }

  /// The reason why a change in place cannot be recorded, or nil.
  private var unrecordable: String? {
    if isTracked, isLeaf { return "the tensor is a leaf that requires a gradient" }
    if (base ?? self).recordedChanges == Tensor.withoutBase {
      return "the tensor is a view of elements of another type"
    }
    guard let base else { return nil }
    if base.isTracked, base.isLeaf { return "the tensor is a view of a leaf that requires a gradient" }
    if recordedChanges == Tensor.withoutBase { return "the tensor is a view made in noGrad" }
    // Such a tensor is a part of the memory of an operation that records its outputs one by one.
    if isTracked, !base.isTracked { return "the tensor shares memory with other results of its operation" }
    return nil
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
  /// A change of a tensor with history is recorded, also through a view. The tensor's other views have the new
  /// history from then on. If the tape saved the old elements for a rule, the backward pass reports the change.
  /// While recording, it is an error to change a leaf that requires a gradient, a view of such a leaf, or a view
  /// that was made in ``noGrad(_:)``: change it in `noGrad`, or change a copy. A broadcast view, whose elements
  /// share memory, cannot be changed at all. These rules hold for every verb. Derivative: 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func fill(_ value: Element, file: StaticString = #fileID, line: UInt = #line) {
    guard mayChange("fill", "full(_:_:)", file, line) else { return }
    if records() { return assignRecorded(Tensor(single: value)) }
    overwrite(withAll: value)
    named("Fill")
  }

  /// Sets the elements to the elements of another tensor, broadcast to this shape, in place.
  ///
  /// A shape that does not broadcast is an error. The other rules are those of ``fill(_:file:line:)``.
  /// Derivatives: 0 for the old elements, and g for the other tensor.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func assign(_ other: Tensor, file: StaticString = #fileID, line: UInt = #line) {
    guard mayChange("assign", by: other, "the other tensor itself", file, line) else { return }
    if records(other) { return assignRecorded(other) }
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
    if records(other) { return assignRecorded(self + other * Tensor(single: scale)) }
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
    if records(other) { return assignRecorded(self - other) }
    combine(.subtract, with: other)
    named("SubInPlace")
  }

  /// Multiplies by `factor`, broadcast to this shape, in place.
  ///
  /// A shape that does not broadcast is an error. The other rules are those of ``fill(_:file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func multiply(by factor: Tensor, file: StaticString = #fileID, line: UInt = #line) {
    guard mayChange("multiply(by:)", by: factor, "x * y", file, line) else { return }
    // The rule of the factor needs the old elements.
    if records(factor) { return assignRecorded((factor.isTracked ? cloned() : self) * factor) }
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
    if records(divisor) { return assignRecorded(self / divisor) }
    combine(.divide, with: divisor)
    named("DivInPlace")
  }
}

// Recorded changes. The base of the changed tensor gets a new history: its gradient is 0 where it was changed, and
// goes on to the assigned tensor there. Views of the base follow when they are used next.
extension Tensor {
  /// Assigns a tensor that broadcasts to this shape, and records it.
  func assignRecorded(_ other: Tensor) {
    if other.isFailed { return }
    let root = base ?? self, part = layout, whole = root.layout
    overwrite(with: other)
    _ = root.recorded(
      "Assign", root.edge { g in g.cleared(part, of: whole) }, other.edge { g in g.strided(part, of: whole) })
    root.recordedChanges += 1
  }

  /// Gives a view the history of its base, which was changed since the view's own history was recorded.
  @inline(never)
  func followBase() {
    guard let base, recordedChanges != Tensor.withoutBase else { return }
    recordedChanges = base.recordedChanges
    let view = recording(true) { base.strided(layout, of: base.layout) }
    (node, isTracked) = (view.node, view.isTracked)
  }
}
