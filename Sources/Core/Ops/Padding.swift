// Elements added at the ends of axes.

/// What stands beyond the ends of an axis.
public enum PaddingMode: Sendable {
  /// One value: `0 0 | a b c | 0`.
  case constant
  /// The elements mirrored at the end one, which is not repeated: `c b | a b c | b`.
  case reflect
  /// The end element again: `a a | a b c | c`.
  case replicate
  /// The elements from the other end: `b c | a b c | a`.
  case circular
}

extension Tensor where Element: NumericScalar {
  /// Adds elements at the ends of the last axes: for each of them, in their order, how many before and after.
  ///
  /// `x.padded([(1, 1), (0, 2)])` gives the last axis but one an element at both ends, and the last two after its end.
  /// `value` is for `.constant`. Amounts below 0, more of them than axes, and more than there are to mirror (the
  /// extent less 1), to repeat (an axis that is empty) or to take from the other end (the extent) are an error.
  ///
  /// Derivative: each gradient is added to the element it came from.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func padded(
    _ amounts: [(before: Int, after: Int)], mode: PaddingMode = .constant, value: Element = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    let first = rank - amounts.count
    guard first >= 0, amounts.allSatisfy({ $0.before >= 0 && $0.after >= 0 }) else {
      return .failed(
        "padded",
        "shape \(shape) by \(amounts.map { [$0.before, $0.after] }); at most \(rank) pairs, none below 0",
        file, line)
    }
    if mode == .constant { return filled(amounts, first, value) }
    var result = self
    for (i, (before, after)) in amounts.enumerated() where before + after > 0 {
      let extent = shape[first + i]
      let most = mode == .reflect ? extent - 1 : mode == .circular ? extent : extent > 0 ? Int.max : 0
      guard before <= most, after <= most else {
        return .failed(
          "padded",
          "axis \(first + i) of shape \(shape) by [\(before), \(after)] in mode \(mode); at most \(Swift.max(most, 0))",
          file, line)
      }
      result = result.extended(first + i, before, after, mode)
    }
    return result
  }

  /// One axis with elements of its own at both ends.
  private func extended(_ axis: Int, _ before: Int, _ after: Int, _ mode: PaddingMode) -> Tensor {
    let extent = shape[axis]
    var ends: (Tensor, Tensor)
    switch mode {
    case .circular: ends = (part(axis, extent - before, before), part(axis, 0, after))
    case .reflect:
      ends = (part(axis, 1, before).reversed(axis), part(axis, extent - 1 - after, after).reversed(axis))
    case .replicate, .constant:
      var left = shape, right = shape
      (left.extents[axis], right.extents[axis]) = (before, after)
      ends = (part(axis, 0, 1).broadcastView(to: left), part(axis, extent - 1, 1).broadcastView(to: right))
    }
    return .concatenated([ends.0, self, ends.1], axis: axis)
  }

  private func reversed(_ axis: Int) -> Tensor {
    let whole = Array(repeating: AxisSelection(kind: .range(start: nil, end: nil, step: 1)), count: axis)
    return sliced(whole + [.stride(by: -1)], #fileID, #line)
  }

  private func filled(_ amounts: [(before: Int, after: Int)], _ first: Int, _ value: Element) -> Tensor {
    var target = shape
    var inside = Array(repeating: AxisSelection(kind: .range(start: nil, end: nil, step: 1)), count: first)
    for (i, (before, after)) in amounts.enumerated() {
      let extent = shape[first + i]
      target.extents[first + i] = extent + before + after
      inside.append(AxisSelection(kind: .range(start: before, end: before + extent, step: 1)))
    }
    let result = Tensor(uninitialized: target)
    if result.isFailed { return result }
    result.overwrite(withAll: value)
    result.viewed(result.layout.selecting(inside).layout!).overwrite(with: self)
    return result.recorded("Pad", self) { [inside] g in g.sliced(inside, #fileID, #line) }
  }
}
