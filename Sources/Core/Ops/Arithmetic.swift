// Sums, differences, products and quotients, element by element with NumPy's broadcasting.

extension Tensor {
  /// a + b for any element type, as the tape needs it.
  func added(_ b: Tensor) -> Tensor {
    Tensor.combined(.add, self, b, name: "+").recorded("Add", self, { g in g }, b, { g in g })
  }
}

extension Tensor where Element: NumericScalar {
  /// The sum of each pair of elements, broadcast. Shapes that do not broadcast are an error.
  ///
  /// Derivatives: `da = g`, `db = g`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    a.added(b)
  }
  /// The sum of each element and a scalar. Derivative: `da = g`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func + (a: Tensor, b: Element) -> Tensor { a + Tensor(single: b) }
  /// The sum of a scalar and each element. Derivative: `db = g`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func + (a: Element, b: Tensor) -> Tensor { Tensor(single: a) + b }

  /// The difference of each pair of elements, broadcast. Shapes that do not broadcast are an error.
  ///
  /// Derivatives: `da = g`, `db = −g`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    combined(.subtract, a, b, name: "-").recorded("Sub", a, { g in g }, b, { g in -g })
  }
  /// The difference of each element and a scalar. Derivative: `da = g`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func - (a: Tensor, b: Element) -> Tensor { a - Tensor(single: b) }
  /// The difference of a scalar and each element. Derivative: `db = −g`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func - (a: Element, b: Tensor) -> Tensor { Tensor(single: a) - b }

  /// The product of each pair of elements, broadcast. Shapes that do not broadcast are an error.
  ///
  /// Derivatives: `da = g · b`, `db = g · a`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    combined(.multiply, a, b, name: "*")
      .recorded("Mul", a, saving: b, { g, b in g * b }, b, saving: a, { g, a in g * a })
  }
  /// The product of each element and a scalar. Derivative: `da = g · b`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func * (a: Tensor, b: Element) -> Tensor { a * Tensor(single: b) }
  /// The product of a scalar and each element. Derivative: `db = g · a`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func * (a: Element, b: Tensor) -> Tensor { Tensor(single: a) * b }

  /// The quotient of each pair of elements, broadcast; that of integers is truncated towards zero.
  ///
  /// Shapes that do not broadcast are an error, and so is a zero among the divisors of integers.
  /// Derivatives: `da = g / b`, `db = −g · y / b`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    if !Element.kernels.isFloating, b.failure == nil, (b .== Tensor(single: 0)).any() {
      return .failed("/", "division by zero: a divisor of integer elements is 0")
    }
    return combined(.divide, a, b, name: "/")
      .recorded("Div", a, saving: b, { g, b in g / b }, b, outputSaving: b, { g, y, b in -(g * y / b) })
  }
  /// The quotient of each element and a scalar, which is an error for an integer 0. Derivative: `da = g / b`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func / (a: Tensor, b: Element) -> Tensor { a / Tensor(single: b) }
  /// The quotient of a scalar and each element, none of them an integer 0. Derivative: `db = −g · y / b`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func / (a: Element, b: Tensor) -> Tensor { Tensor(single: a) / b }

  /// The negative of each element. Derivative: `dx = −g`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static prefix func - (x: Tensor) -> Tensor {
    x.mapped(.negate).recorded("Neg", x) { g in -g }
  }

  /// Binds `a` to the sum, a new tensor: other names of the old one keep it.
  public static func += (a: inout Tensor, b: Tensor) { a = a + b }
  /// Binds `a` to the difference, a new tensor.
  public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
  /// Binds `a` to the product, a new tensor.
  public static func *= (a: inout Tensor, b: Tensor) { a = a * b }
  /// Binds `a` to the quotient, a new tensor.
  public static func /= (a: inout Tensor, b: Tensor) { a = a / b }

  /// The larger of each pair of elements, broadcast; a NaN wins.
  ///
  /// Derivatives: the gradient goes to the larger, half to each of two equal ones, and to both where one is NaN.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
    combined(.maximum, a, b, name: "maximum").recorded(
      "Maximum", a, saving: a, b, { g, a, b in g.shared(a .== b, lost: a .< b) },
      b, saving: a, b, { g, a, b in g.shared(a .== b, lost: b .< a) })
  }

  /// The smaller of each pair of elements, broadcast; a NaN wins.
  ///
  /// Derivatives: the gradient goes to the smaller, half to each of two equal ones, and to both where one is NaN.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
    combined(.minimum, a, b, name: "minimum").recorded(
      "Minimum", a, saving: a, b, { g, a, b in g.shared(a .== b, lost: a .> b) },
      b, saving: a, b, { g, a, b in g.shared(a .== b, lost: b .> a) })
  }

  /// Half of this where there is a tie, 0 where the other one won, else all of it.
  private func shared(_ ties: Tensor<Bool>, lost: Tensor<Bool>) -> Tensor {
    Tensor(single: 0).where(lost, else: (self / 2).where(ties, else: self))
  }
}
