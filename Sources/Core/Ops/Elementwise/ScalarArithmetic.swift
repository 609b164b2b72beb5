// Operators of a tensor and a scalar. The scalar is of the element type or an `Int`; with a `Float` tensor it
// may also be a `Double`.
//
// Each operator has few concrete overloads, and tensors are not literals. Therefore `a * x + (1 - a) * y` has
// one meaning and type-checks fast in every context (Tests/Expressions).

extension Tensor where Element: ArithmeticScalar {
  /// Binds `a` to a new tensor: the sum of each element and a scalar. Derivative: `da = g`.
  public static func += (a: inout Tensor, b: Element) { a = a + b }
  /// Binds `a` to a new tensor: the difference of each element and a scalar. Derivative: `da = g`.
  public static func -= (a: inout Tensor, b: Element) { a = a - b }
  /// Binds `a` to a new tensor: the product of each element and a scalar. Derivative: `da = g · b`.
  public static func *= (a: inout Tensor, b: Element) { a = a * b }
  /// Binds `a` to a new tensor: the quotient of each element and a scalar. Derivative: `da = g / b`.
  public static func /= (a: inout Tensor, b: Element) { a = a / b }
}

extension Tensor where Element: NumericScalar {
  /// The larger of each element and a scalar; NaN if either is NaN.
  ///
  /// Derivative: `da = g` where the element is larger, g / 2 where both are equal, else 0.
  @_disfavoredOverload
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func maximum(_ a: Tensor, _ b: Element) -> Tensor { maximum(a, Tensor(single: b)) }
  /// The larger of a scalar and each element; NaN if either is NaN.
  ///
  /// Derivative: `db = g` where the element is larger, g / 2 where both are equal, else 0.
  @_disfavoredOverload
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func maximum(_ a: Element, _ b: Tensor) -> Tensor { maximum(Tensor(single: a), b) }
  /// The smaller of each element and a scalar; NaN if either is NaN.
  ///
  /// Derivative: `da = g` where the element is smaller, g / 2 where both are equal, else 0.
  @_disfavoredOverload
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func minimum(_ a: Tensor, _ b: Element) -> Tensor { minimum(a, Tensor(single: b)) }
  /// The smaller of a scalar and each element; NaN if either is NaN.
  ///
  /// Derivative: `db = g` where the element is smaller, g / 2 where both are equal, else 0.
  @_disfavoredOverload
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func minimum(_ a: Element, _ b: Tensor) -> Tensor { minimum(Tensor(single: a), b) }

  /// Adds a scalar in place. The errors are those of ``fill(_:file:line:)``.
  public func add(_ scalar: Element, file: StaticString = #fileID, line: UInt = #line) {
    add(Tensor(single: scalar), file: file, line: line)
  }
  /// Subtracts a scalar in place. The errors are those of ``fill(_:file:line:)``.
  public func subtract(_ scalar: Element, file: StaticString = #fileID, line: UInt = #line) {
    subtract(Tensor(single: scalar), file: file, line: line)
  }
  /// Multiplies by a scalar in place. The errors are those of ``fill(_:file:line:)``.
  public func multiply(by factor: Element, file: StaticString = #fileID, line: UInt = #line) {
    multiply(by: Tensor(single: factor), file: file, line: line)
  }
  /// Divides by a scalar in place. An integer divisor of 0 is an error. The other errors are those of
  /// ``fill(_:file:line:)``.
  public func divide(by divisor: Element, file: StaticString = #fileID, line: UInt = #line) {
    divide(by: Tensor(single: divisor), file: file, line: line)
  }
}

// `Int` scalars, such as loop counters, with a tensor of real or complex elements.

extension Tensor where Element: FieldScalar {
  /// The sum of each element and an `Int`. Derivative: `da = g`.
  @_disfavoredOverload
  public static func + (a: Tensor, b: Int) -> Tensor { a + Element(b) }
  /// The sum of an `Int` and each element. Derivative: `db = g`.
  @_disfavoredOverload
  public static func + (a: Int, b: Tensor) -> Tensor { Element(a) + b }
  /// The difference of each element and an `Int`. Derivative: `da = g`.
  @_disfavoredOverload
  public static func - (a: Tensor, b: Int) -> Tensor { a - Element(b) }
  /// The difference of an `Int` and each element. Derivative: `db = −g`.
  @_disfavoredOverload
  public static func - (a: Int, b: Tensor) -> Tensor { Element(a) - b }
  /// The product of each element and an `Int`. Derivative: `da = g · b`.
  @_disfavoredOverload
  public static func * (a: Tensor, b: Int) -> Tensor { a * Element(b) }
  /// The product of an `Int` and each element. Derivative: `db = g · a`.
  @_disfavoredOverload
  public static func * (a: Int, b: Tensor) -> Tensor { Element(a) * b }
  /// The quotient of each element and an `Int`. Derivative: `da = g / b`.
  @_disfavoredOverload
  public static func / (a: Tensor, b: Int) -> Tensor { a / Element(b) }
  /// The quotient of an `Int` and each element. Derivative: `db = −g · y / b`.
  @_disfavoredOverload
  public static func / (a: Int, b: Tensor) -> Tensor { Element(a) / b }
  /// Binds `a` to a new tensor: the sum of each element and an `Int`. Derivative: `da = g`.
  @_disfavoredOverload
  public static func += (a: inout Tensor, b: Int) { a = a + Element(b) }
  /// Binds `a` to a new tensor: the difference of each element and an `Int`. Derivative: `da = g`.
  @_disfavoredOverload
  public static func -= (a: inout Tensor, b: Int) { a = a - Element(b) }
  /// Binds `a` to a new tensor: the product of each element and an `Int`. Derivative: `da = g · b`.
  @_disfavoredOverload
  public static func *= (a: inout Tensor, b: Int) { a = a * Element(b) }
  /// Binds `a` to a new tensor: the quotient of each element and an `Int`. Derivative: `da = g / b`.
  @_disfavoredOverload
  public static func /= (a: inout Tensor, b: Int) { a = a / Element(b) }
}

// `Double` scalars with a tensor of `Float`. With elements of type `Double`, these overloads would make every
// expression ambiguous.

extension Tensor where Element == Float {
  /// The sum of each element and a `Double`. Derivative: `da = g`.
  @_disfavoredOverload
  public static func + (a: Tensor, b: Double) -> Tensor { a + Element(b) }
  /// The sum of a `Double` and each element. Derivative: `db = g`.
  @_disfavoredOverload
  public static func + (a: Double, b: Tensor) -> Tensor { Element(a) + b }
  /// The difference of each element and a `Double`. Derivative: `da = g`.
  @_disfavoredOverload
  public static func - (a: Tensor, b: Double) -> Tensor { a - Element(b) }
  /// The difference of a `Double` and each element. Derivative: `db = −g`.
  @_disfavoredOverload
  public static func - (a: Double, b: Tensor) -> Tensor { Element(a) - b }
  /// The product of each element and a `Double`. Derivative: `da = g · b`.
  @_disfavoredOverload
  public static func * (a: Tensor, b: Double) -> Tensor { a * Element(b) }
  /// The product of a `Double` and each element. Derivative: `db = g · a`.
  @_disfavoredOverload
  public static func * (a: Double, b: Tensor) -> Tensor { Element(a) * b }
  /// The quotient of each element and a `Double`. Derivative: `da = g / b`.
  @_disfavoredOverload
  public static func / (a: Tensor, b: Double) -> Tensor { a / Element(b) }
  /// The quotient of a `Double` and each element. Derivative: `db = −g · y / b`.
  @_disfavoredOverload
  public static func / (a: Double, b: Tensor) -> Tensor { Element(a) / b }
  /// Binds `a` to a new tensor: the sum of each element and a `Double`. Derivative: `da = g`.
  @_disfavoredOverload
  public static func += (a: inout Tensor, b: Double) { a = a + Element(b) }
  /// Binds `a` to a new tensor: the difference of each element and a `Double`. Derivative: `da = g`.
  @_disfavoredOverload
  public static func -= (a: inout Tensor, b: Double) { a = a - Element(b) }
  /// Binds `a` to a new tensor: the product of each element and a `Double`. Derivative: `da = g · b`.
  @_disfavoredOverload
  public static func *= (a: inout Tensor, b: Double) { a = a * Element(b) }
  /// Binds `a` to a new tensor: the quotient of each element and a `Double`. Derivative: `da = g / b`.
  @_disfavoredOverload
  public static func /= (a: inout Tensor, b: Double) { a = a / Element(b) }
}
