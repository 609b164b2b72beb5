// Comparisons, which return masks, and the operations on masks.

infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence
infix operator .& : LogicalConjunctionPrecedence
infix operator .| : LogicalDisjunctionPrecedence
prefix operator .!

extension Tensor {
  /// Returns true where a pair of elements, broadcast, is equal. NaN is not equal to anything.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func .== (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(.equal, a, b, name: ".==") }
  /// Returns true where an element equals the scalar.
  public static func .== (a: Tensor, b: Element) -> Tensor<Bool> { a .== Tensor(single: b) }
  /// Returns true where a pair of elements, broadcast, differs. NaN differs from everything.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func .!= (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(.notEqual, a, b, name: ".!=") }
  /// Returns true where an element differs from the scalar.
  public static func .!= (a: Tensor, b: Element) -> Tensor<Bool> { a .!= Tensor(single: b) }

  /// Selects the elements of this tensor where the mask is true and those of `other` elsewhere. All three are
  /// broadcast. Shapes that do not broadcast are an error.
  ///
  /// Derivatives: for this tensor g where the mask is true, else 0; for `other` g where the mask is false,
  /// else 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func `where`(_ mask: Tensor<Bool>, else other: Tensor) -> Tensor {
    Tensor.selected(mask, self, other, name: "where").recorded(
      "Where", edge(saving: mask) { g, mask in g.where(mask, else: .zeroed([])) },
      other.edge(saving: mask) { g, mask in Tensor.zeroed([]).where(mask, else: g) })
  }

  /// Selects the elements of this tensor where the mask is true and a scalar elsewhere.
  ///
  /// Derivative: `dx = g` where the mask is true, else 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func `where`(_ mask: Tensor<Bool>, else other: Element) -> Tensor {
    self.where(mask, else: Tensor(single: other))
  }
}

extension Tensor where Element: NumericScalar {
  /// Returns true where an element of `a` is less than its partner in `b`, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func < (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(.less, a, b, name: "<") }
  /// Returns true where an element is less than the scalar.
  public static func < (a: Tensor, b: Element) -> Tensor<Bool> { a < Tensor(single: b) }
  /// Returns true where the scalar is less than an element.
  public static func < (a: Element, b: Tensor) -> Tensor<Bool> { Tensor(single: a) < b }
  /// Returns true where an element of `a` is less than its partner in `b`, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func .< (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(.less, a, b, name: "<") }
  /// Returns true where an element is less than the scalar.
  public static func .< (a: Tensor, b: Element) -> Tensor<Bool> { a .< Tensor(single: b) }
  /// Returns true where an element of `a` is at most its partner in `b`, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func <= (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(.lessEqual, a, b, name: "<=") }
  /// Returns true where an element is at most the scalar.
  public static func <= (a: Tensor, b: Element) -> Tensor<Bool> { a <= Tensor(single: b) }
  /// Returns true where the scalar is at most an element.
  public static func <= (a: Element, b: Tensor) -> Tensor<Bool> { Tensor(single: a) <= b }
  /// Returns true where an element of `a` is at most its partner in `b`, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func .<= (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(.lessEqual, a, b, name: "<=") }
  /// Returns true where an element is at most the scalar.
  public static func .<= (a: Tensor, b: Element) -> Tensor<Bool> { a .<= Tensor(single: b) }
  /// Returns true where an element of `a` is greater than its partner in `b`, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func > (a: Tensor, b: Tensor) -> Tensor<Bool> {
    compared(.less, b, a, name: ">", isTurned: true)
  }
  /// Returns true where an element is greater than the scalar.
  public static func > (a: Tensor, b: Element) -> Tensor<Bool> { a > Tensor(single: b) }
  /// Returns true where the scalar is greater than an element.
  public static func > (a: Element, b: Tensor) -> Tensor<Bool> { Tensor(single: a) > b }
  /// Returns true where an element of `a` is greater than its partner in `b`, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func .> (a: Tensor, b: Tensor) -> Tensor<Bool> {
    compared(.less, b, a, name: ">", isTurned: true)
  }
  /// Returns true where an element is greater than the scalar.
  public static func .> (a: Tensor, b: Element) -> Tensor<Bool> { a .> Tensor(single: b) }
  /// Returns true where an element of `a` is at least its partner in `b`, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func >= (a: Tensor, b: Tensor) -> Tensor<Bool> {
    compared(.lessEqual, b, a, name: ">=", isTurned: true)
  }
  /// Returns true where an element is at least the scalar.
  public static func >= (a: Tensor, b: Element) -> Tensor<Bool> { a >= Tensor(single: b) }
  /// Returns true where the scalar is at least an element.
  public static func >= (a: Element, b: Tensor) -> Tensor<Bool> { Tensor(single: a) >= b }
  /// Returns true where an element of `a` is at least its partner in `b`, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func .>= (a: Tensor, b: Tensor) -> Tensor<Bool> {
    compared(.lessEqual, b, a, name: ">=", isTurned: true)
  }
  /// Returns true where an element is at least the scalar.
  public static func .>= (a: Tensor, b: Element) -> Tensor<Bool> { a .>= Tensor(single: b) }
}

extension Tensor where Element == Bool {
  /// Returns true where both elements of a pair, broadcast, are true.
  public static func .& (a: Tensor, b: Tensor) -> Tensor { combined(.minimum, a, b, name: ".&").named(".&") }
  /// Returns true where one or both elements of a pair, broadcast, are true.
  public static func .| (a: Tensor, b: Tensor) -> Tensor { combined(.maximum, a, b, name: ".|").named(".|") }
  /// Returns true where an element is false.
  public static prefix func .! (a: Tensor) -> Tensor { a .== Tensor(single: false) }

  /// Returns true where both elements of a pair, broadcast, are true; the same as `.&`.
  ///
  /// It binds as tightly as `*`, so comparisons beside it are put in parentheses, as in Python:
  /// `(x > 0) & (x < 1)`. `x > 0 .& x < 1` needs none.
  public static func & (a: Tensor, b: Tensor) -> Tensor { combined(.bitAnd, a, b, name: "&").named("&") }
  /// Returns true where one or both elements of a pair, broadcast, are true; the same as `.|`. It binds as
  /// tightly as `+`.
  public static func | (a: Tensor, b: Tensor) -> Tensor { combined(.bitOr, a, b, name: "|").named("|") }
  /// Returns true where exactly one element of a pair, broadcast, is true. It binds as tightly as `+`.
  public static func ^ (a: Tensor, b: Tensor) -> Tensor { combined(.bitXor, a, b, name: "^").named("^") }
  /// Returns true where an element is false; the same as `.!`.
  public static prefix func ~ (a: Tensor) -> Tensor { .!a }
  /// Returns true where an element is false; the same as `.!`.
  public static prefix func ! (a: Tensor) -> Tensor { .!a }
  /// Sets the variable `a` to `a & b`, a new tensor.
  public static func &= (a: inout Tensor, b: Tensor) { a = a & b }
  /// Sets the variable `a` to `a | b`, a new tensor.
  public static func |= (a: inout Tensor, b: Tensor) { a = a | b }
  /// Sets the variable `a` to `a ^ b`, a new tensor.
  public static func ^= (a: inout Tensor, b: Tensor) { a = a ^ b }

  /// Returns true if any element is true. Returns false for a tensor without elements.
  public func any() -> Bool {
    count > 0 && reduced(.maximum, .all(rank), keepDims: false, to: Bool.self).named("Any").item
  }
  /// Returns true if every element is true, and for a tensor without elements.
  public func all() -> Bool { !isFailed && !(.!self).any() }
}
