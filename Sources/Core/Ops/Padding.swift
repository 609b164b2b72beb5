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
  /// An amount below 0 takes as many elements away. `value` is for `.constant`. More pairs than axes are an error, and so
  /// are amounts that take away more than there is, or more than there are to mirror (the extent less 1), to repeat (an
  /// axis that is empty) or to take from the other end (the extent).
  ///
  /// Derivative: each gradient is added to the element it came from.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func padded(
    _ amounts: [(before: Int, after: Int)], mode: PaddingMode = .constant, value: Element = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    let first = rank - amounts.count
    let isCut = amounts.contains { $0.before < 0 || $0.after < 0 }
    let target = first >= 0 ? shape.padded(amounts, first) : nil
    guard let target,
      !isCut
        || shape.padded(
          amounts.map { (before: Swift.min($0.before, 0), after: Swift.min($0.after, 0)) }, first) != nil
    else {
      return .failed(
        "padded",
        "shape \(shape) by \(amounts.map { [$0.before, $0.after] }); at most \(rank) pairs that leave a valid shape",
        file, line)
    }
    if isCut {
      let grown = amounts.map { (before: Swift.max($0.before, 0), after: Swift.max($0.after, 0)) }
      let whole = padded(grown, mode: mode, value: value, file: file, line: line)
      return whole.isFailed ? whole : whole.cut(to: target, amounts.map { Swift.max(-$0.before, 0) }, first)
    }
    if mode == .constant { return filled(amounts, first, value) }
    var result = self
    for (i, (before, after)) in amounts.enumerated() where before > 0 || after > 0 {
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

  /// The elements from `starts` on along the last axes, as many as `target` has.
  private func cut(to target: TensorShape, _ starts: [Int], _ first: Int) -> Tensor {
    let kept = (0..<rank).map { axis in
      let start = axis < first ? 0 : starts[axis - first]
      return AxisSelection(kind: .range(start: start, end: start + target.extents[axis], step: 1))
    }
    return sliced(kept, #fileID, #line)
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

extension TensorShape {
  /// With so many more along the axes from `first` on; nil where that is no shape.
  fileprivate func padded(_ amounts: [(before: Int, after: Int)], _ first: Int) -> TensorShape? {
    var shape = self
    for (i, (before, after)) in amounts.enumerated() {
      shape.extents[first + i] = extents[first + i].plus(before).plus(after)
    }
    return shape.isValid ? shape : nil
  }
}
