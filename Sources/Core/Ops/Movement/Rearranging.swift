// Moves elements along axes: rolls, reversals, quarter turns and axes in other places.

extension Tensor {
  /// The elements moved along an axis by `shift` positions. Elements that leave one end come back at the other.
  ///
  /// A negative shift moves them towards the start. Without an axis the elements are rolled in row-major order,
  /// as if they lay along one axis. An axis out of range is an error. Derivative: `dx = g`, rolled back.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func rolled(
    by shift: Int, axis: Int? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let axis { return rolled(by: [shift], axes: [axis], file: file, line: line) }
    return flattened().rolled(by: [shift], axes: [0], file: file, line: line).reshapedView(shape)
  }

  /// The elements moved along several axes, each by its own number of positions. Elements that leave one end
  /// of an axis come back at the other.
  ///
  /// Shifts of an axis that is named twice are added. An axis out of range is an error, and so is another
  /// number of shifts than of axes. Derivative: `dx = g`, rolled back.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func rolled(
    by shifts: [Int], axes: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard shifts.count == axes.count else {
      return .failed(
        "rolled", "there are \(shifts.count) shifts for \(axes.count) axes; each axis needs one", file, line)
    }
    var total = Dimensions()
    for (shift, given) in zip(shifts, axes) {
      guard let axis = shape.axis(given) else {
        return .failed(
          "rolled", shape.fault(ofAxis: given), file, line)
      }
      let extent = layout.shape.extents[axis]
      if extent > 0 { total[axis] = (total[axis] + shift % extent + extent) % extent }
    }
    return rolled(total)
  }

  /// Returns the elements moved by shifts that are at least 0 and below the extents.
  private func rolled(_ shifts: Dimensions) -> Tensor {
    if let failure { return .failed(by: failure) }
    let shape = layout.shape
    let result = Tensor(uninitialized: shape)
    if result.isFailed { return result }
    if shape.elementCount > 0 { result.overwrite(withRolled: self, shifts, from: 0) }
    return result.recorded(
      "Roll",
      edge { g in
        var back = Dimensions()
        for axis in 0..<shape.rank where shifts[axis] > 0 { back[axis] = shape.extents[axis] - shifts[axis] }
        return g.rolled(back)
      })
  }

  /// Copies the two parts of `source` along the first axis that is rolled, and so on along the axes after it.
  private func overwrite(withRolled source: Tensor, _ shifts: Dimensions, from first: Int) {
    guard let axis = (first..<Swift.max(layout.rank, first)).first(where: { shifts[$0] > 0 }) else {
      overwrite(with: source)
      return
    }
    let shift = shifts[axis], rest = layout.shape.extents[axis] - shift
    view(axis, shift, rest).overwrite(withRolled: source.view(axis, 0, rest), shifts, from: axis + 1)
    view(axis, 0, shift).overwrite(withRolled: source.view(axis, rest, shift), shifts, from: axis + 1)
  }
}

extension Tensor {
  /// A view with the elements in reverse order along an axis. An axis out of range is an error.
  ///
  /// Derivative: `dx = g`, flipped.
  ///
  /// - Complexity: O(1).
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func flipped(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    flipped(axes: [axis], file: file, line: line)
  }

  /// A view with the elements in reverse order along each of some axes. PyTorch's `flip` copies.
  ///
  /// An axis out of range is an error, and so is an axis that is named twice. Derivative: `dx = g`, flipped.
  ///
  /// - Complexity: O(1).
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func flipped(axes: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure { return .failed(by: failure) }
    let (set, fault) = shape.axisSet(axes)
    if let fault { return .failed("flipped", fault, file, line) }
    return flippedView(set)
  }

  private func flippedView(_ axes: AxisSet) -> Tensor {
    if let failure { return .failed(by: failure) }
    var strides = layout.strides, offset = layout.offset
    for axis in 0..<layout.rank where axes.contains(axis) && layout.count > 0 {
      offset += (layout.shape.extents[axis] - 1) * strides[axis]
      strides[axis] = -strides[axis]
    }
    return viewed(Layout(layout.shape, strides: strides, offset: offset)).recorded(
      "Flip", edge { g in g.flippedView(axes) })
  }

  /// A view turned by quarter turns in the plane of two axes. A positive number turns from the first axis
  /// towards the second.
  ///
  /// Axes that are equal or out of range are an error. Derivative: `dx = g`, turned back.
  ///
  /// - Complexity: O(1).
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func rotated90(
    _ turns: Int = 1, axes: (Int, Int) = (0, 1), file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    if let fault = shape.axisSet([axes.0, axes.1]).fault { return .failed("rotated90", fault, file, line) }
    switch turns & 3 {
    case 1: return flipped(axis: axes.1).transposed(axes.0, axes.1)
    case 2: return flipped(axes: [axes.0, axes.1])
    case 3: return flipped(axis: axes.0).transposed(axes.0, axes.1)
    default: return self
    }
  }
}

extension Tensor {
  /// A view with an axis moved to another place. The other axes keep their order.
  ///
  /// An axis or a place out of range is an error. Derivative: `dx = g`, moved back.
  ///
  /// - Complexity: O(1).
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func movedAxis(
    from axis: Int, to place: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard let axis = shape.axis(axis), let place = shape.axis(place) else {
      return .failed(
        "movedAxis", "axis \(axis) or place \(place) is out of range for shape \(shape); \(shape.axisRange)",
        file, line)
    }
    return moving(axis, to: place)
  }

  /// A view with some axes moved to other places. The other axes keep their order.
  ///
  /// An axis or a place that is out of range or named twice is an error, and so is another number of places
  /// than of axes. Derivative: `dx = g`, moved back.
  ///
  /// - Complexity: O(1).
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func movedAxes(
    from axes: [Int], to places: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard axes.count == places.count else {
      return .failed(
        "movedAxes", "there are \(places.count) places for \(axes.count) axes; each axis needs one", file,
        line)
    }
    let (moved, fault) = shape.axisSet(axes)
    if let fault = fault ?? shape.axisSet(places).fault { return .failed("movedAxes", fault, file, line) }
    var order = (0..<rank).filter { !moved.contains($0) }
    let pairs = zip(places, axes).map { (place: shape.axis($0)!, axis: shape.axis($1)!) }
    for pair in pairs.sorted(by: { $0.place < $1.place }) { order.insert(pair.axis, at: pair.place) }
    var counted = Dimensions()
    for (i, axis) in order.enumerated() { counted[i] = axis }
    return permutedView(counted)
  }

  /// Returns a view with an axis moved to another place, both counted from the front.
  func moving(_ axis: Int, to place: Int) -> Tensor {
    if let failure { return .failed(by: failure) }
    if axis == place { return self }
    var order = Dimensions()
    for i in 0..<layout.rank {
      let isBetween = axis < place ? i >= axis && i < place : i > place && i <= axis
      order[i] = i == place ? axis : isBetween ? i + (axis < place ? 1 : -1) : i
    }
    return permutedView(order)
  }
}
