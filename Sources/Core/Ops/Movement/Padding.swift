// Padding: adds elements at the ends of axes.

/// The elements that padding adds beyond the ends of an axis.
///
/// ```swift
/// let x = Tensor<Float>([1, 2, 3])
/// x.padded([(2, 1)])                     // [0, 0, 1, 2, 3, 0]
/// x.padded([(2, 1)], mode: .reflect)     // [3, 2, 1, 2, 3, 2]
/// x.padded([(2, 1)], mode: .replicate)   // [1, 1, 1, 2, 3, 3]
/// x.padded([(2, 1)], mode: .circular)    // [2, 3, 1, 2, 3, 1]
/// ```
public enum PaddingMode: Sendable {
  /// One value: `0 0 | a b c | 0`.
  case constant
  /// The elements mirrored at the last one, which is not repeated: `c b | a b c | b`.
  case reflect
  /// The last element repeated: `a a | a b c | c`.
  case replicate
  /// The elements from the other end: `b c | a b c | a`.
  case circular
}

extension Tensor where Element: ArithmeticScalar {
  /// Adds elements at the ends of the last axes. Each pair gives the numbers of elements before and after one
  /// axis. The pairs are in the order of the axes, and the last pair belongs to the last axis.
  ///
  /// A negative amount removes elements. `value` is used by `.constant`. It is an error to give more pairs
  /// than axes, and to remove more elements than there are. The largest amount is the extent less 1 for
  /// `.reflect` and the extent for `.circular`; `.replicate` needs an axis that is not empty.
  ///
  /// Derivative: each gradient is added to the element from which it was copied.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([8, 3, 30, 28])
  /// let y = images.padded([(1, 1), (0, 4)])  // [8, 3, 32, 32]
  /// let z = images.padded([(1, 1), (2, 2)], mode: .reflect)
  /// ```
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
        "shape \(shape) cannot be padded by \(amounts.map { [$0.before, $0.after] }); there must be at most \(rank) pairs that leave a valid shape",
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
          "axis \(first + i) of shape \(shape) cannot be padded by [\(before), \(after)] in mode \(mode); the limit is \(Swift.max(most, 0))",
          file, line)
      }
      result = result.extended(first + i, before, after, mode)
    }
    return result
  }

  /// Returns the elements from `starts` on along the last axes, as many as `target` has.
  private func cut(to target: TensorShape, _ starts: [Int], _ first: Int) -> Tensor {
    let kept = (0..<rank).map { axis in
      let start = axis < first ? 0 : starts[axis - first]
      return AxisSelection(kind: .range(start: start, end: start + target.extents[axis], step: 1))
    }
    return sliced(kept, #fileID, #line)
  }

  /// Extends one axis at both ends by its own elements.
  private func extended(_ axis: Int, _ before: Int, _ after: Int, _ mode: PaddingMode) -> Tensor {
    let extent = shape[axis]
    var ends: (Tensor, Tensor)
    switch mode {
    case .circular: ends = (part(axis, extent - before, before), part(axis, 0, after))
    case .reflect:
      ends = (
        part(axis, 1, before).flipped(axis: axis), part(axis, extent - 1 - after, after).flipped(axis: axis)
      )
    case .replicate, .constant:
      var left = shape, right = shape
      (left.extents[axis], right.extents[axis]) = (before, after)
      ends = (part(axis, 0, 1).broadcastView(to: left), part(axis, extent - 1, 1).broadcastView(to: right))
    }
    return .concatenated([ends.0, self, ends.1], axis: axis)
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
    return result.recorded("Pad", edge { [inside] g in g.sliced(inside, #fileID, #line) })
  }
}

extension TensorShape {
  /// Returns this shape with the amounts added to the extents from axis `first` on, or nil if the result is
  /// not a valid shape.
  fileprivate func padded(_ amounts: [(before: Int, after: Int)], _ first: Int) -> TensorShape? {
    var shape = self
    for (i, (before, after)) in amounts.enumerated() {
      shape.extents[first + i] = extents[first + i].plus(before).plus(after)
    }
    return shape.isValid ? shape : nil
  }
}
