// Joins several tensors into one, and splits one into several.

extension Tensor {
  /// Joins the tensors along an axis, one after the other: `[…, a, …]` and `[…, b, …]` give `[…, a + b, …]`.
  ///
  /// It is an error if the other extents differ or if there are no tensors. Derivatives: the parts of g.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func concatenated(
    _ tensors: [Tensor], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    for tensor in tensors {
      if let failure = tensor.failure { return .failed(by: failure) }
    }
    guard let first = tensors.first else {
      return .failed("concatenated", "there are no tensors; at least 1 is needed", file, line)
    }
    guard let axis = first.shape.axis(axis) else {
      return .failed(
        "concatenated", first.shape.fault(ofAxis: axis),
        file, line)
    }
    var shape = first.shape
    shape.extents[axis] = 0
    for tensor in tensors {
      var expected = shape
      expected.extents[axis] = tensor.rank == shape.rank ? tensor.layout.shape.extents[axis] : 0
      guard tensor.layout.shape == expected else {
        return .failed(
          "concatenated",
          "shapes \(first.shape) and \(tensor.shape) do not fit along axis \(axis); the other extents must be equal",
          file, line)
      }
      shape.extents[axis] = shape.extents[axis].plus(tensor.layout.shape.extents[axis])
    }
    let result = Tensor(uninitialized: shape)
    if result.isFailed { return result }
    var start = 0
    for tensor in tensors {
      let size = tensor.layout.shape.extents[axis]
      result.view(axis, start, size).overwrite(with: tensor)
      start += size
    }
    return result.recorded("Concatenate", tensors, readsOutputs: false) {
      [bounds = bounds(of: tensors, axis)] given in
      let g = given.gradients[0]!
      return given.isNeeded.enumerated().map { i, isNeeded in
        isNeeded ? g.part(axis, bounds[i], bounds[i + 1] - bounds[i]) : nil
      }
    }
  }

  /// Joins tensors of one shape along a new axis: n tensors of `[…]` give `[n, …]` for axis 0.
  ///
  /// It is an error if the shapes differ or if there are no tensors. Derivatives: the parts of g.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func stacked(
    _ tensors: [Tensor], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard let first = tensors.first else {
      return .failed("stacked", "there are no tensors; at least 1 is needed", file, line)
    }
    if let other = tensors.first(where: { $0.shape != first.shape && !$0.isFailed }) {
      return .failed(
        "stacked", "shapes \(first.shape) and \(other.shape) differ; all shapes must be equal", file, line)
    }
    return concatenated(
      tensors.map { $0.expandedDims(axis: axis, file: file, line: line) }, axis: axis, file: file, line: line)
  }

  /// Splits the tensor along an axis into views of these sizes. It is an error if the sizes do not add up to
  /// the extent of the axis.
  ///
  /// Derivative: `dx` is g at the positions of the view, else 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func split(
    sizes: [Int], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    if let failure { return sizes.map { _ in .failed(by: failure) } }
    guard let counted = shape.axis(axis), sizes.allSatisfy({ 0...shape[counted] ~= $0 }),
      sizes.reduce(0, &+) == shape[counted]
    else {
      let failed = Tensor.failed(
        "split", "sizes \(sizes) do not fit axis \(axis) of shape \(shape); they must add up to its extent",
        file,
        line)
      return sizes.map { _ in failed }
    }
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return part(counted, start, size)
    }
  }

  /// Splits the tensor along an axis into at most `count` views of equal size.
  ///
  /// Each view has ⌈extent / count⌉ positions, the last one the rest, so that there may be fewer views. An
  /// empty axis gives `count` empty views. An axis out of range and a count below 1 are errors.
  ///
  /// Derivative: `dx` is g at the positions of the view, else 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func split(
    into count: Int, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    if let failure { return [.failed(by: failure)] }
    guard count > 0 else {
      return [.failed("split", "the number of parts must be at least 1, not \(count)", file, line)]
    }
    guard let counted = shape.axis(axis) else {
      return [
        .failed("split", shape.fault(ofAxis: axis), file, line)
      ]
    }
    let extent = shape[counted]
    if extent == 0 { return (0..<count).map { _ in part(counted, 0, 0) } }
    let size = (extent - 1) / count + 1
    return stride(from: 0, to: extent, by: size).map { part(counted, $0, Swift.min(size, extent - $0)) }
  }

  /// Splits the tensor along an axis into `count` views whose sizes differ by 1 at most, the larger ones first, as
  /// NumPy's `array_split` does.
  ///
  /// If there are more parts than positions, the last ones are empty. An axis out of range is an error, and so is a
  /// count below 1, or above both the extent and 2²⁰. Derivative: `dx` is g at the positions of the view, else 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func split(
    evenlyInto count: Int, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    if let failure { return [.failed(by: failure)] }
    guard let counted = shape.axis(axis) else {
      return [.failed("split", shape.fault(ofAxis: axis), file, line)]
    }
    let limit = Swift.max(shape[counted], 1 << 20)
    guard (1...limit).contains(count) else {
      return [.failed("split", "the number of parts must be in 1...\(limit), not \(count)", file, line)]
    }
    let (size, larger) = shape[counted].quotientAndRemainder(dividingBy: count)
    return (0..<count).map {
      part(counted, $0 * size + Swift.min($0, larger), $0 < larger ? size + 1 : size)
    }
  }

  /// Splits the tensor along an axis before each of some positions into views, as NumPy's `split` does: `[2, 5]` gives
  /// the views `..<2`, `2..<5` and `5...`.
  ///
  /// A negative position counts from the end. Positions beyond the axis and positions that decrease give empty
  /// views. An axis out of range is an error. Derivative: `dx` is g at the positions of the view, else 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func split(
    at positions: [Int], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    if let failure { return positions.map { _ in .failed(by: failure) } + [.failed(by: failure)] }
    guard let counted = shape.axis(axis) else {
      return [.failed("split", shape.fault(ofAxis: axis), file, line)]
    }
    let extent = shape[counted]
    let places = positions.map { Swift.min(Swift.max($0 < 0 ? $0 + extent : $0, 0), extent) }
    return zip([0] + places, places + [extent]).map { part(counted, $0, Swift.max($1 - $0, 0)) }
  }

  /// Takes the tensor apart along an axis: views without that axis, one for each position.
  ///
  /// An axis out of range is an error. Derivative: `dx` is g at the position of the view, else 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func unstacked(axis: Int = 0, file: StaticString = #fileID, line: UInt = #line) -> [Tensor] {
    if let failure { return [.failed(by: failure)] }
    guard let counted = shape.axis(axis) else {
      return [
        .failed(
          "unstacked", shape.fault(ofAxis: axis), file, line)
      ]
    }
    let whole = Array(repeating: AxisSelection(kind: .range(start: nil, end: nil, step: 1)), count: counted)
    return (0..<shape[counted]).map { sliced(whole + [$0.selection], file, line) }
  }

  /// Joins tensors side by side: vectors along axis 0, others along axis 1. A scalar counts as a vector.
  ///
  /// It is an error if the other extents differ or if there are no tensors. Derivatives: the parts of g.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func hstacked(
    _ tensors: [Tensor], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let raised = tensors.map { $0.rank == 0 ? $0.reshapedView([1]) : $0 }
    return concatenated(
      raised, axis: (raised.first?.rank ?? 0) > 1 ? 1 : 0, file: file, line: line)
  }

  /// Joins tensors one below the other, along axis 0. A vector counts as a row, `[1, n]`, and a scalar as
  /// `[1, 1]`.
  ///
  /// It is an error if the other extents differ or if there are no tensors. Derivatives: the parts of g.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func vstacked(
    _ tensors: [Tensor], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let rows = tensors.map { $0.rank == 0 || $0.rank == 1 ? $0.reshapedView([1, $0.count]) : $0 }
    return concatenated(rows, file: file, line: line)
  }

  /// Joins tensors behind one another, along axis 2. A scalar counts as `[1, 1, 1]`, a vector as `[1, n, 1]` and a
  /// matrix as `[m, n, 1]`.
  ///
  /// It is an error if the other extents differ or if there are no tensors. Derivatives: the parts of g.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func dstacked(
    _ tensors: [Tensor], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let raised = tensors.map {
      $0.rank == 2 ? $0.expandedDims(axis: 2) : $0.rank < 2 ? $0.reshapedView([1, $0.count, 1]) : $0
    }
    return concatenated(raised, axis: raised.isEmpty ? 0 : 2, file: file, line: line)
  }

  /// The start of each tensor along an axis when they follow one another, and the end of the last one.
  private static func bounds(of tensors: [Tensor], _ axis: Int) -> [Int] {
    var bounds = [0]
    for tensor in tensors { bounds.append(bounds.last! + tensor.layout.shape.extents[axis]) }
    return bounds
  }

  /// Consecutive positions along an axis as a view, unchecked and not recorded.
  func view(_ axis: Int, _ start: Int, _ size: Int) -> Tensor {
    var shape = layout.shape
    shape.extents[axis] = size
    return viewed(
      Layout(shape, strides: layout.strides, offset: layout.offset + start * layout.strides[axis]))
  }

  /// Consecutive positions along an axis.
  func part(_ axis: Int, _ start: Int, _ size: Int) -> Tensor {
    let axis = axis < 0 ? axis + rank : axis
    if start == 0, size == shape[axis] { return self }
    let whole = Array(repeating: AxisSelection(kind: AxisSelection.whole), count: axis)
    return sliced(
      whole + [AxisSelection(kind: .range(start: start, end: start + size, step: 1))], #fileID, #line)
  }
}
