// Creates views by integers, ranges, strides and new axes, as NumPy's basic indexing does. Negative positions
// count from the end.

extension Layout {
  /// Returns the layout of a view, or the text of what is wrong with the indices.
  func selecting(_ selections: [AxisSelection]) -> (layout: Layout?, fault: String) {
    var taken = 0, ellipses = 0
    for selection in selections {
      switch selection.kind {
      case .at, .range: taken += 1
      case .ellipsis: ellipses += 1
      // Gathering.swift has put whole axes in place of indices and masks.
      case .newAxis, .indices, .mask: break
      }
    }
    guard taken <= rank, ellipses <= 1 else {
      return (
        nil,
        "\(taken) indices and \(ellipses) ellipses do not fit shape \(shape); the limits are \(rank) and 1"
      )
    }
    var view = Selected(source: self)
    for selection in selections {
      if case .ellipsis = selection.kind {
        for _ in 0..<(rank - taken) { view.keep() }
      } else if let fault = view.take(selection) {
        return (nil, fault)
      }
    }
    while view.axis < rank { view.keep() }
    guard view.newRank <= TensorShape.maximumRank else {
      return (nil, "a view of \(view.newRank) axes has too many; the limit is 8")
    }
    return (Layout(view.shape, strides: view.strides, offset: view.offset), "")
  }

  /// A view that is built axis by axis.
  private struct Selected {
    let source: Layout
    var axis = 0, newRank = 0, offset: Int
    var shape = TensorShape(rank: 0), strides = Dimensions()

    init(source: Layout) {
      self.source = source
      offset = source.offset
    }

    mutating func append(_ extent: Int, _ stride: Int) {
      if newRank < TensorShape.maximumRank {
        strides[newRank] = stride
        shape.append(extent)
      }
      newRank += 1
    }

    mutating func keep() {
      append(source.shape.extents[axis], source.strides[axis])
      axis += 1
    }

    mutating func take(_ selection: AxisSelection) -> String? {
      switch selection.kind {
      case .newAxis:
        append(1, 0)
      case .ellipsis, .indices, .mask:
        break
      case .at(let index):
        let extent = source.shape.extents[axis], counted = index < 0 ? index + extent : index
        guard counted >= 0, counted < extent else {
          return "index \(index) is out of range for axis \(axis) of shape \(source.shape)"
        }
        offset += counted * source.strides[axis]
        axis += 1
      case .range(let start, let end, let step):
        let extent = source.shape.extents[axis]
        guard let (first, count) = resolve(start, end, step, extent) else {
          return "range \(start.map(String.init) ?? "")..<\(end.map(String.init) ?? "") by \(step) "
            + "is out of range for axis \(axis) of shape \(source.shape)"
        }
        offset += count > 0 ? first * source.strides[axis] : 0
        append(count, count > 1 ? step * source.strides[axis] : source.strides[axis])
        axis += 1
      }
      return nil
    }

    private func resolve(_ start: Int?, _ end: Int?, _ step: Int, _ extent: Int) -> (Int, Int)? {
      if step == 0 { return nil }
      let first = start.map { $0 < 0 ? $0 + extent : $0 } ?? (step > 0 ? 0 : extent - 1)
      let last = end.map { $0 < 0 ? $0 + extent : $0 } ?? (step > 0 ? extent : -1)
      let isInside =
        step > 0
        ? first >= 0 && first <= extent && last >= 0 && last <= extent
        : first >= -1 && first < Swift.max(extent, 1) && last >= -1 && last < Swift.max(extent, 1)
      guard isInside else { return nil }
      let span = step > 0 ? last - first : first - last
      return (first, span <= 0 ? 0 : Int(UInt(span - 1) / step.magnitude) + 1)
    }
  }
}

extension Tensor {
  /// The elements at the given indices along the axes, as NumPy selects them. Assignment changes them in place.
  ///
  /// Integers, ranges, `.all`, `.newAxis`, `.ellipsis` and `.stride(…)` make a view. Arrays and tensors of
  /// indices and masks make a copy. They are broadcast against one another: `x[rows, columns]` has an element for
  /// each pair. A mask stands for as many axes as it has, and selects where it is true. The axes of the indices
  /// take the place of the indexed axes if these are adjacent; else they come first. An integer beside indices
  /// counts as one of them.
  ///
  /// Negative positions count from the end. A position out of range is an error, unlike in NumPy also in a range.
  /// So are more indices than axes, indices whose shapes do not broadcast, and a mask of other extents than the
  /// axes have. An assignment is recorded if this tensor has history or the new elements have; see
  /// ``fill(_:file:line:)``. If indices name an element several times, the last value stays. Derivatives: each
  /// gradient is added to the element from which it was taken; an assigned value gets g at its places.
  public subscript(_ indices: any TensorIndex..., file file: StaticString = #fileID, line line: UInt = #line)
    -> Tensor
  {
    @specialized(where Element == Float) @specialized(where Element == Double)
    get {
      let selections = indices.map(\.selection)
      return selections.contains(where: \.gathers)
        ? picked(selections, file, line) : sliced(selections, file, line)
    }
    @specialized(where Element == Float) @specialized(where Element == Double)
    set { replace(indices.map(\.selection), with: newValue, file, line) }
  }

  /// A view of row `i` of axis 0. A negative index counts from the end. Assignment changes the row in place.
  ///
  /// An index out of range is an error. Derivative: `dx` is g in the row and zero elsewhere.
  public subscript(_ i: Int, file file: StaticString = #fileID, line line: UInt = #line) -> Tensor {
    @specialized(where Element == Float) @specialized(where Element == Double)
    get { row(i, file, line) ?? sliced([i.selection], file, line) }
    @specialized(where Element == Float) @specialized(where Element == Double)
    set {
      (row(i, file, line, isTarget: true) ?? sliced([i.selection], file, line, isTarget: true))
        .assign(newValue, file: file, line: line)
    }
  }

  /// Returns row `i` without allocating an array of selections; nil if there is no such row.
  private func row(_ i: Int, _ file: StaticString, _ line: UInt, isTarget: Bool = false) -> Tensor? {
    guard layout.rank > 0 else { return nil }
    let extent = layout.shape.extents[0], counted = i < 0 ? i + extent : i
    guard counted >= 0, counted < extent else { return nil }
    let result = view(of: counted)
    if isTarget { return result }
    let shape = layout.shape
    return result.recorded("Slice", edge { g in g.embedded(in: shape, [i.selection]) })
  }

  /// Assigns to the elements at the selections.
  func replace(
    _ selections: [AxisSelection], with value: Tensor, _ file: StaticString, _ line: UInt
  ) {
    if selections.contains(where: \.gathers) {
      put(value, at: selections, file, line)
    } else {
      sliced(selections, file, line, isTarget: true).assign(value, file: file, line: line)
    }
  }

  /// Returns a view. The target of an assignment is not recorded, because the assignment itself is checked.
  func sliced(
    _ selections: [AxisSelection], _ file: StaticString, _ line: UInt, isTarget: Bool = false
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    let (selected, fault) = layout.selecting(selections)
    guard let selected else { return .failed("subscript", fault, file, line) }
    let shape = layout.shape
    if isTarget { return viewed(selected) }
    return viewed(selected).recorded("Slice", edge { g in g.embedded(in: shape, selections) })
  }

  /// Returns zeros of `shape` with this tensor at the selections. Derivative: `dx` is g at the selections.
  private func embedded(in shape: TensorShape, _ selections: [AxisSelection]) -> Tensor {
    if let failure { return .failed(by: failure) }
    let result = Tensor.zeroed(shape)
    if result.isFailed { return result }
    result.viewed(result.layout.selecting(selections).layout!).overwrite(with: self)
    return result.recorded("Embed", edge { g in g.sliced(selections, #fileID, #line) })
  }
}
