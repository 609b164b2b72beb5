// Sums, differences, products and quotients, element by element with NumPy's broadcasting.

extension Tensor {
  /// The sum of tensors of any element type. The tape needs it to add up gradients.
  func added(_ b: Tensor) -> Tensor {
    Tensor.combined(.add, self, b, name: "+").recorded("Add", edge { g in g }, b.edge { g in g })
  }
}

extension Tensor where Element: ArithmeticScalar {
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
    combined(.subtract, a, b, name: "-").recorded("Sub", a.edge { g in g }, b.edge { g in -g })
  }
  /// The difference of each element and a scalar. Derivative: `da = g`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func - (a: Tensor, b: Element) -> Tensor { a - Tensor(single: b) }
  /// The difference of a scalar and each element. Derivative: `db = −g`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func - (a: Element, b: Tensor) -> Tensor { Tensor(single: a) - b }

  /// The product of each pair of elements, broadcast. Shapes that do not broadcast are an error.
  ///
  /// Derivatives: `da = g · b`, `db = g · a`, with the conjugates of complex factors.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    combined(.multiply, a, b, name: "*")
      .recorded(
        "Mul", a.edge(saving: b) { g, b in g * b.conjugate() },
        b.edge(saving: a) { g, a in g * a.conjugate() })
  }
  /// The product of each element and a scalar. Derivative: `da = g · b`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func * (a: Tensor, b: Element) -> Tensor { a * Tensor(single: b) }
  /// The product of a scalar and each element. Derivative: `db = g · a`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func * (a: Element, b: Tensor) -> Tensor { Tensor(single: a) * b }

  /// The quotient of each pair of elements, broadcast. Quotients of integers are truncated towards zero.
  ///
  /// Shapes that do not broadcast are an error, and so is a zero among integer divisors.
  /// Derivatives: `da = g / b`, `db = −g · y / b`, with the conjugates of complex y and b.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    if b.hasIntegerZero { return .failed("/", Tensor.divisionByZero) }
    return combined(.divide, a, b, name: "/")
      .recorded(
        "Div", a.edge(saving: b) { g, b in g / b.conjugate() },
        b.edge(outputSaving: b) { g, y, b in -(g * y.conjugate() / b.conjugate()) })
  }
  /// True if the elements are integers and one is 0, by which nothing can be divided.
  var hasIntegerZero: Bool {
    !Element.element.hasDerivatives && failure == nil && (self .== Tensor(single: 0)).any()
  }
  static var divisionByZero: String { "division by zero: a divisor of integer elements is 0" }

  /// The quotient of each element and a scalar. An integer divisor of 0 is an error. Derivative:
  /// `da = g / b`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func / (a: Tensor, b: Element) -> Tensor { a / Tensor(single: b) }
  /// The quotient of a scalar and each element. An integer divisor of 0 is an error. Derivative:
  /// `db = −g · y / b`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func / (a: Element, b: Tensor) -> Tensor { Tensor(single: a) / b }

  /// The negative of each element. Derivative: `dx = −g`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static prefix func - (x: Tensor) -> Tensor {
    x.mapped(.negate).recorded("Neg", x.edge { g in -g })
  }

  /// Sets the variable `a` to the sum, a new tensor. Other variables that refer to the old tensor do not
  /// change.
  public static func += (a: inout Tensor, b: Tensor) { a = a + b }
  /// Sets the variable `a` to the difference, a new tensor.
  public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
  /// Sets the variable `a` to the product, a new tensor.
  public static func *= (a: inout Tensor, b: Tensor) { a = a * b }
  /// Sets the variable `a` to the quotient, a new tensor.
  public static func /= (a: inout Tensor, b: Tensor) { a = a / b }
}

extension Tensor where Element: NumericScalar {
  /// The larger of each pair of elements, broadcast. If one of them is NaN, the result is NaN.
  ///
  /// Derivatives: the larger element gets the gradient. Two equal elements get half of it each. If one
  /// element is NaN, both get the whole gradient.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
    combined(.maximum, a, b, name: "maximum").recorded(
      "Maximum", a.edge(saving: a, b) { g, a, b in g.shared(a .== b, lost: a .< b) },
      b.edge(saving: a, b) { g, a, b in g.shared(a .== b, lost: b .< a) })
  }

  /// The smaller of each pair of elements, broadcast. If one of them is NaN, the result is NaN.
  ///
  /// Derivatives: the smaller element gets the gradient. Two equal elements get half of it each. If one
  /// element is NaN, both get the whole gradient.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
    combined(.minimum, a, b, name: "minimum").recorded(
      "Minimum", a.edge(saving: a, b) { g, a, b in g.shared(a .== b, lost: a .> b) },
      b.edge(saving: a, b) { g, a, b in g.shared(a .== b, lost: b .> a) })
  }

  /// The share of this gradient that one operand gets: half of it at a tie, 0 where the other operand won,
  /// else all.
  private func shared(_ ties: Tensor<Bool>, lost: Tensor<Bool>) -> Tensor {
    Tensor(single: 0).where(lost, else: (self / 2).where(ties, else: self))
  }
}
