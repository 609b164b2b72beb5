// Creates views by integers, ranges, strides and new axes, as NumPy's basic indexing does. Negative positions
// count from the end.

/// An index in a tensor's subscript: an integer, a range, `.newAxis`, `.ellipsis` or `.stride(…)`.
///
/// ```swift
/// let x = Tensor<Float>.normal([4, 5, 6])
/// let row = x[0]  // [5, 6]
/// let part = x[1..<3, .ellipsis, -1]  // [2, 5]
/// let deeper = x[.newAxis, 0...]  // [1, 4, 5, 6]
/// ```
public protocol TensorIndex {
  /// The elements that the index selects along an axis.
  var selection: AxisSelection { get }
}

/// The elements selected along one axis.
///
/// ```swift
/// let everySecond: AxisSelection = .stride(by: 2)
/// let x = Tensor<Float>([1, 2, 3, 4, 5])
/// print(x[everySecond])  // [1. 3. 5.]
/// ```
public struct AxisSelection: TensorIndex, Sendable {
  enum Kind: Sendable {
    case at(Int)
    /// The positions from `start` up to, not including, `end`; nil stands for the end of the axis on that
    /// side.
    case range(start: Int?, end: Int?, step: Int)
    case newAxis
    case ellipsis
  }

  let kind: Kind

  /// The selection itself.
  public var selection: AxisSelection { self }
}

extension TensorIndex where Self == AxisSelection {
  /// A new axis of extent 1.
  public static var newAxis: AxisSelection { AxisSelection(kind: .newAxis) }

  /// All axes that the other indices do not name, each as a whole.
  public static var ellipsis: AxisSelection { AxisSelection(kind: .ellipsis) }

  /// Every `step`-th element from `from` up to, not including, `to`. With a negative step the order is
  /// reversed. A bound that is left out is the end of the axis.
  ///
  /// ```swift
  /// let x = Tensor<Float>([1, 2, 3, 4, 5])
  /// print(x[.stride(by: -1)], x[.stride(from: 1, to: 4, by: 2)])  // [5. 4. 3. 2. 1.] [2. 4.]
  /// ```
  public static func stride(from: Int? = nil, to: Int? = nil, by step: Int) -> AxisSelection {
    AxisSelection(kind: .range(start: from, end: to, step: step))
  }
}

extension Int: TensorIndex {
  /// The element at this position. The axis is removed.
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
  /// The elements up to and including the bound.
  public var selection: AxisSelection {
    AxisSelection(kind: .range(start: nil, end: upperBound == -1 ? nil : upperBound &+ 1, step: 1))
  }
}

extension Layout {
  /// Returns the layout of a view, or the text of what is wrong with the indices.
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
      case .ellipsis:
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
  /// A view by integers, ranges, `.newAxis`, `.ellipsis` and `.stride(…)`. Assignment changes it in place.
  ///
  /// Negative positions count from the end. A position out of range is an error, and so are more indices than
  /// axes. Derivative: `dx` is g in the view and zero elsewhere.
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
