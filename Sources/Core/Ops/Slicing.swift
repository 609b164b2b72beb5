// Views by integers, ranges, strides and new axes, as NumPy's basic indexing; negative positions count from the end.

/// What may stand in a tensor's subscript: an integer, a range, `.newAxis`, `.ellipsis` or `.stride(…)`.
public protocol TensorIndex {
  /// What it asks for along an axis.
  var selection: AxisSelection { get }
}

/// What is taken along one axis.
public struct AxisSelection: TensorIndex, Sendable {
  enum Kind: Sendable {
    case at(Int)
    /// Up to, not including, `end`; nil for as far as the axis goes.
    case range(start: Int?, end: Int?, step: Int)
    case newAxis
    case ellipsis
  }

  let kind: Kind

  /// The selection itself.
  public var selection: AxisSelection { self }
}

extension TensorIndex where Self == AxisSelection {
  /// An axis of extent 1.
  public static var newAxis: AxisSelection { AxisSelection(kind: .newAxis) }

  /// As many whole axes as the other indices leave.
  public static var ellipsis: AxisSelection { AxisSelection(kind: .ellipsis) }

  /// Every `step`-th element from `from` up to, not including, `to`; a negative step walks backwards. Bounds
  /// that are left out are the ends of the axis.
  public static func stride(from: Int? = nil, to: Int? = nil, by step: Int) -> AxisSelection {
    AxisSelection(kind: .range(start: from, end: to, step: step))
  }
}

extension Int: TensorIndex {
  /// One element along the axis, which vanishes.
  public var selection: AxisSelection { AxisSelection(kind: .at(self)) }
}
extension Range<Int>: TensorIndex {
  /// The elements in the range.
  public var selection: AxisSelection {
    AxisSelection(kind: .range(start: lowerBound, end: upperBound, step: 1))
  }
}
extension ClosedRange<Int>: TensorIndex {
  /// The elements in the range.
  public var selection: AxisSelection {
    AxisSelection(kind: .range(start: lowerBound, end: upperBound == -1 ? nil : upperBound &+ 1, step: 1))
  }
}
extension PartialRangeFrom<Int>: TensorIndex {
  /// The elements from the bound to the end.
  public var selection: AxisSelection { AxisSelection(kind: .range(start: lowerBound, end: nil, step: 1)) }
}
extension PartialRangeUpTo<Int>: TensorIndex {
  /// The elements before the bound.
  public var selection: AxisSelection { AxisSelection(kind: .range(start: nil, end: upperBound, step: 1)) }
}
extension PartialRangeThrough<Int>: TensorIndex {
  /// The elements up to the bound and with it.
  public var selection: AxisSelection {
    AxisSelection(kind: .range(start: nil, end: upperBound == -1 ? nil : upperBound &+ 1, step: 1))
  }
}

extension Layout {
  /// The layout of a view, or what is wrong with the indices.
  func selecting(_ selections: [AxisSelection]) -> (layout: Layout?, fault: String) {
    var taken = 0, ellipses = 0
    for selection in selections {
      switch selection.kind {
      case .at, .range: taken += 1
      case .ellipsis: ellipses += 1
      case .newAxis: break
      }
    }
    guard taken <= rank, ellipses <= 1 else {
      return (nil, "\(taken) indices and \(ellipses) ellipses for shape \(shape); at most \(rank) and 1")
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
    guard view.newRank <= TensorShape.maximumRank else { return (nil, "\(view.newRank) axes; at most 8") }
    return (Layout(view.shape, strides: view.strides, offset: view.offset), "")
  }

  /// A view in the making, axis by axis.
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
      case .ellipsis:
        break
      case .at(let index):
        let extent = source.shape.extents[axis], counted = index < 0 ? index + extent : index
        guard counted >= 0, counted < extent else {
          return "index \(index) out of range for axis \(axis) of shape \(source.shape)"
        }
        offset += counted * source.strides[axis]
        axis += 1
      case .range(let start, let end, let step):
        let extent = source.shape.extents[axis]
        guard let (first, count) = resolve(start, end, step, extent) else {
          return "range \(start.map(String.init) ?? "")..<\(end.map(String.init) ?? "") by \(step) "
            + "out of range for axis \(axis) of shape \(source.shape)"
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
  /// A view by integers, ranges, `.newAxis`, `.ellipsis` and `.stride(…)`; assignment changes it in place.
  ///
  /// Negative positions count from the end; one out of range is an error, and so are more indices than axes.
  /// Derivative: `dx` is zero but for the view, where it is g.
  public subscript(_ indices: any TensorIndex..., file file: StaticString = #fileID, line line: UInt = #line)
    -> Tensor
  {
    @specialized(where Element == Float) @specialized(where Element == Double)
    get { sliced(indices.map(\.selection), file, line) }
    @specialized(where Element == Float) @specialized(where Element == Double)
    set {
      sliced(indices.map(\.selection), file, line, isTarget: true).assign(newValue, file: file, line: line)
    }
  }

  /// Row `i` of axis 0, counted from the end if negative: a view; assignment changes it in place.
  ///
  /// An index out of range is an error. Derivative: `dx` is zero but for the row, where it is g.
  public subscript(_ i: Int, file file: StaticString = #fileID, line line: UInt = #line) -> Tensor {
    @specialized(where Element == Float) @specialized(where Element == Double)
    get { row(i, file, line) ?? sliced([i.selection], file, line) }
    @specialized(where Element == Float) @specialized(where Element == Double)
    set {
      (row(i, file, line, isTarget: true) ?? sliced([i.selection], file, line, isTarget: true))
        .assign(newValue, file: file, line: line)
    }
  }

  /// Row `i`, without an array of selections; nil when there is none.
  private func row(_ i: Int, _ file: StaticString, _ line: UInt, isTarget: Bool = false) -> Tensor? {
    guard layout.rank > 0 else { return nil }
    let extent = layout.shape.extents[0], counted = i < 0 ? i + extent : i
    guard counted >= 0, counted < extent else { return nil }
    let result = view(of: counted)
    if isTarget { return result }
    let shape = layout.shape
    return result.recorded("Slice", self) { g in g.embedded(in: shape, [i.selection]) }
  }

  /// A view. A target of an assignment is not recorded: writing to it is checked instead.
  func sliced(
    _ selections: [AxisSelection], _ file: StaticString, _ line: UInt, isTarget: Bool = false
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    let (selected, fault) = layout.selecting(selections)
    guard let selected else { return .failed("subscript", fault, file, line) }
    let shape = layout.shape
    if isTarget { return viewed(selected) }
    return viewed(selected).recorded("Slice", self) { g in g.embedded(in: shape, selections) }
  }

  /// Zeros of `shape` with this where the selections point. Derivative: g at the selections.
  private func embedded(in shape: TensorShape, _ selections: [AxisSelection]) -> Tensor {
    if let failure { return .failed(by: failure) }
    let result = Tensor.zeroed(shape)
    if result.isFailed { return result }
    result.viewed(result.layout.selecting(selections).layout!).overwrite(with: self)
    return result.recorded("Embed", self) { g in g.sliced(selections, #fileID, #line) }
  }
}
