// The types of indices in a tensor's subscript, and the operators that make some.

/// An index in a tensor's subscript: an integer, a range, `.all`, `.newAxis`, `.ellipsis`, `.stride(…)`, an array
/// or a tensor of indices, or a mask.
///
/// ```swift
/// let x = Tensor<Float>.normal([4, 5, 6])
/// let row = x[0]  // [5, 6]
/// let part = x[1..<3, .ellipsis, -1]  // [2, 5]
/// let inner = x[1..<-1, .all, -3...]  // [2, 5, 3], as NumPy's x[1:-1, :, -3:]
/// let deeper = x[.newAxis, 0...]  // [1, 4, 5, 6]
/// let picked = x[.all, [0, 2], [1, 1]]  // [4, 2]
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
public struct AxisSelection: TensorIndex {
  enum Kind {
    case at(Int)
    /// The positions from `start` up to, not including, `end`; nil stands for the end of the axis on that
    /// side.
    case range(start: Int?, end: Int?, step: Int)
    case newAxis
    case ellipsis
    case indices(Tensor<Int>)
    case mask(Tensor<Bool>)
  }

  let kind: Kind

  /// The whole axis.
  static var whole: Kind { .range(start: nil, end: nil, step: 1) }

  /// The selection itself.
  public var selection: AxisSelection { self }
}

extension TensorIndex where Self == AxisSelection {
  /// The whole axis.
  public static var all: AxisSelection { AxisSelection(kind: AxisSelection.whole) }

  /// A new axis of extent 1.
  public static var newAxis: AxisSelection { AxisSelection(kind: .newAxis) }

  /// All axes that the other indices do not name, each as a whole.
  public static var ellipsis: AxisSelection { AxisSelection(kind: .ellipsis) }

  /// Every `step`-th element from `from` up to, not including, `to`. With a negative step the order is
  /// reversed. A bound that is left out is the end of the axis. Bounds may be of either sign, unlike those of a
  /// range.
  ///
  /// ```swift
  /// let x = Tensor<Float>([1, 2, 3, 4, 5])
  /// print(x[.stride(by: -1)], x[.stride(from: 1, to: 4, by: 2)])  // [5. 4. 3. 2. 1.] [2. 4.]
  /// ```
  public static func stride(from: Int? = nil, to: Int? = nil, by step: Int = 1) -> AxisSelection {
    AxisSelection(kind: .range(start: from, end: to, step: step))
  }
}

// Swift reads `1..<-1` as 1 and 1 with the operator `..<-` between them, and `-3...` as the negative of `3...`. With
// these operators both are selections as in NumPy. `1 ..< -1` is a range, which Swift refuses at run time.

infix operator ..<- : RangeFormationPrecedence
prefix operator ..<-

/// The elements from `start` up to, not including, the element `end` before the end: `x[1..<-1]` is NumPy's
/// `x[1:-1]`.
public func ..<- (start: Int, end: Int) -> AxisSelection { .stride(from: start, to: 0 &- end) }

/// The elements without the last `end` ones: `x[..<-1]` is NumPy's `x[:-1]`.
public prefix func ..<- (end: Int) -> AxisSelection { .stride(to: 0 &- end) }

/// The last elements: `x[-3...]` is NumPy's `x[-3:]`.
public prefix func - (range: PartialRangeFrom<Int>) -> AxisSelection { .stride(from: 0 &- range.lowerBound) }

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

/// An element type of indices: `Int` for positions, `Bool` for masks.
///
/// ```swift
/// func rows<Index: IndexScalar>(_ x: Tensor<Float>, _ index: Tensor<Index>) -> Tensor<Float> { x[index] }
/// let x = Tensor<Float>([1, 2, 3])
/// print(rows(x, Tensor<Int>([2, 0])), rows(x, Tensor<Bool>([true, false, true])))  // [3. 1.] [1. 3.]
/// ```
public protocol IndexScalar: TensorScalar {
  /// Returns the selection by a tensor of indices.
  static func selection(by indices: Tensor<Self>) -> AxisSelection
}

extension Int: IndexScalar {
  /// The elements at these positions.
  public static func selection(by indices: Tensor<Int>) -> AxisSelection {
    AxisSelection(kind: .indices(indices))
  }
}

extension Bool: IndexScalar {
  /// The elements where the mask is true.
  public static func selection(by mask: Tensor<Bool>) -> AxisSelection { AxisSelection(kind: .mask(mask)) }
}

extension Tensor: TensorIndex where Element: IndexScalar {
  /// The elements at these positions, or where the mask is true.
  public var selection: AxisSelection { Element.selection(by: self) }
}

extension Array: TensorIndex where Element: IndexScalar {
  /// The elements at these positions, or where the mask is true.
  public var selection: AxisSelection { Element.selection(by: Tensor(copying: self, shape: [count])) }
}

/// A type in whose extensions `stride(from:to:by:)` is the global function, although the type is a ``TensorIndex``
/// or may be one.
///
/// Swift looks for a function among the members of a type first, and would find only
/// ``TensorIndex/stride(from:to:by:)``, which makes a selection.
///
/// ```swift
/// extension Array {
///   func chunked(_ size: Int) -> [ArraySlice<Element>] {
///     stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
///   }
/// }
/// ```
public protocol GlobalStride {}

extension Int: GlobalStride {}
extension Array: GlobalStride {}
extension Tensor: GlobalStride {}

extension GlobalStride {
  /// The global function of this name.
  ///
  /// ```swift
  /// extension Array {
  ///   var everySecond: [Element] { stride(from: 0, to: count, by: 2).map { self[$0] } }
  /// }
  /// ```
  public func stride<T: Strideable>(from start: T, to end: T, by step: T.Stride) -> StrideTo<T> {
    Swift.stride(from: start, to: end, by: step)
  }

  /// The global function of this name.
  public func stride<T: Strideable>(from start: T, through end: T, by step: T.Stride) -> StrideThrough<T> {
    Swift.stride(from: start, through: end, by: step)
  }

  /// The global function of this name.
  public static func stride<T: Strideable>(from start: T, to end: T, by step: T.Stride) -> StrideTo<T> {
    Swift.stride(from: start, to: end, by: step)
  }

  /// The global function of this name.
  public static func stride<T: Strideable>(
    from start: T, through end: T, by step: T.Stride
  ) -> StrideThrough<T> {
    Swift.stride(from: start, through: end, by: step)
  }
}
