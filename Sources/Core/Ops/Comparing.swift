// Comparisons give masks; masks choose.

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
  /// Where a pair of elements, broadcast, is equal. A NaN equals nothing.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func .== (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(.equal, a, b, name: ".==") }
  /// Where an element equals a scalar.
  public static func .== (a: Tensor, b: Element) -> Tensor<Bool> { a .== Tensor(single: b) }
  /// Where a pair of elements, broadcast, differs.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func .!= (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(.notEqual, a, b, name: ".!=") }
  /// Where an element differs from a scalar.
  public static func .!= (a: Tensor, b: Element) -> Tensor<Bool> { a .!= Tensor(single: b) }

  /// This where the mask holds, else `other`, all broadcast. Shapes that do not broadcast are an error.
  ///
  /// Derivatives: `dx = g` where the mask holds, else 0, and the other way round for `other`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func `where`(_ mask: Tensor<Bool>, else other: Tensor) -> Tensor {
    Tensor.selected(mask, self, other, name: "where").recorded(
      "Where", saving: mask, self, { g, mask in g.where(mask, else: .zeroed([])) },
      other, { g, mask in Tensor.zeroed([]).where(mask, else: g) })
  }

  /// This where the mask holds, else a scalar. Derivative: `dx = g` where the mask holds, else 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func `where`(_ mask: Tensor<Bool>, else other: Element) -> Tensor {
    self.where(mask, else: Tensor(single: other))
  }
}

extension Tensor where Element: NumericScalar {
  /// Where an element is less than the other of its pair, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func < (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(.less, a, b, name: "<") }
  /// Where an element is less than a scalar.
  public static func < (a: Tensor, b: Element) -> Tensor<Bool> { a < Tensor(single: b) }
  /// Where a scalar is less than an element.
  public static func < (a: Element, b: Tensor) -> Tensor<Bool> { Tensor(single: a) < b }
  /// Where an element is less than the other of its pair, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func .< (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(.less, a, b, name: "<") }
  /// Where an element is less than a scalar.
  public static func .< (a: Tensor, b: Element) -> Tensor<Bool> { a .< Tensor(single: b) }
  /// Where an element is at most the other of its pair, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func <= (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(.lessEqual, a, b, name: "<=") }
  /// Where an element is at most a scalar.
  public static func <= (a: Tensor, b: Element) -> Tensor<Bool> { a <= Tensor(single: b) }
  /// Where a scalar is at most an element.
  public static func <= (a: Element, b: Tensor) -> Tensor<Bool> { Tensor(single: a) <= b }
  /// Where an element is at most the other of its pair, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func .<= (a: Tensor, b: Tensor) -> Tensor<Bool> { compared(.lessEqual, a, b, name: "<=") }
  /// Where an element is at most a scalar.
  public static func .<= (a: Tensor, b: Element) -> Tensor<Bool> { a .<= Tensor(single: b) }
  /// Where an element is greater than the other of its pair, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func > (a: Tensor, b: Tensor) -> Tensor<Bool> {
    compared(.less, b, a, name: ">", isTurned: true)
  }
  /// Where an element is greater than a scalar.
  public static func > (a: Tensor, b: Element) -> Tensor<Bool> { a > Tensor(single: b) }
  /// Where a scalar is greater than an element.
  public static func > (a: Element, b: Tensor) -> Tensor<Bool> { Tensor(single: a) > b }
  /// Where an element is greater than the other of its pair, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func .> (a: Tensor, b: Tensor) -> Tensor<Bool> {
    compared(.less, b, a, name: ">", isTurned: true)
  }
  /// Where an element is greater than a scalar.
  public static func .> (a: Tensor, b: Element) -> Tensor<Bool> { a .> Tensor(single: b) }
  /// Where an element is at least the other of its pair, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func >= (a: Tensor, b: Tensor) -> Tensor<Bool> {
    compared(.lessEqual, b, a, name: ">=", isTurned: true)
  }
  /// Where an element is at least a scalar.
  public static func >= (a: Tensor, b: Element) -> Tensor<Bool> { a >= Tensor(single: b) }
  /// Where a scalar is at least an element.
  public static func >= (a: Element, b: Tensor) -> Tensor<Bool> { Tensor(single: a) >= b }
  /// Where an element is at least the other of its pair, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func .>= (a: Tensor, b: Tensor) -> Tensor<Bool> {
    compared(.lessEqual, b, a, name: ">=", isTurned: true)
  }
  /// Where an element is at least a scalar.
  public static func .>= (a: Tensor, b: Element) -> Tensor<Bool> { a .>= Tensor(single: b) }
}

extension Tensor where Element == Bool {
  /// Where both of a pair hold, broadcast.
  public static func .& (a: Tensor, b: Tensor) -> Tensor { combined(.minimum, a, b, name: ".&").named(".&") }
  /// Where either of a pair holds, broadcast.
  public static func .| (a: Tensor, b: Tensor) -> Tensor { combined(.maximum, a, b, name: ".|").named(".|") }
  /// Where an element does not hold.
  public static prefix func .! (a: Tensor) -> Tensor { a .== Tensor(single: false) }

  /// Whether any element holds; false for none.
  public func any() -> Bool {
    count > 0 && reduced(.maximum, .all(rank), keepDims: false, to: Bool.self).named("Any").item
  }
  /// Whether every element holds; true for none.
  public func all() -> Bool { !isFailed && !(.!self).any() }
}
