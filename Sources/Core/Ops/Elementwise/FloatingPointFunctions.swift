// The parts of floating-point numbers, their neighbours, and extremes that ignore NaN.

extension Tensor where Element: DifferentiableScalar {
  /// The magnitude of each element with the sign of its partner, broadcast. The signs of zeros and NaN count.
  ///
  /// Shapes that do not broadcast are an error. Derivative: `dx = g` where both have the same sign, −g where
  /// they differ, 0 where x is 0. The partner gets no gradient.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func copySign(_ other: Tensor) -> Tensor {
    Tensor.combined(.copySign, self, other, name: "copySign").recorded(
      "CopySign",
      edge(saving: self, other) { g, x, sign in g * (x.sign() * Tensor(single: 1).copySign(sign)) })
  }

  /// The magnitude of each element with the sign of a number.
  ///
  /// Derivative: `dx = g` where both have the same sign, −g where they differ, 0 where x is 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func copySign(_ other: Element) -> Tensor { copySign(Tensor(single: other)) }

  /// The neighbour of each element in the direction of its partner, broadcast: the next number that the
  /// element type can represent.
  ///
  /// Equal elements give the partner, and NaN gives NaN. Shapes that do not broadcast are an error.
  /// Derivative: `dx = g`, as in PyTorch 0 where both are equal. The partner gets no gradient.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func nextAfter(_ other: Tensor) -> Tensor {
    Tensor.combined(.nextAfter, self, other, name: "nextAfter").recorded(
      "NextAfter", edge(saving: self, other) { g, x, other in g.where(x .!= other, else: 0) })
  }

  /// The neighbour of each element in the direction of a number. Derivative: `dx = g`, 0 where both are equal.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func nextAfter(_ other: Element) -> Tensor { nextAfter(Tensor(single: other)) }

  /// The product `x · 2ⁿ` of each element x and its partner n, broadcast, rounded once.
  ///
  /// The power alone may overflow. Shapes that do not broadcast are an error. Derivative: `dx = g · 2ⁿ`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func ldexp(_ exponent: Tensor<Int>) -> Tensor {
    Tensor.combined(.scaleByPower, self, Tensor(exponent), name: "ldexp").recorded(
      "Ldexp", edge(saving: exponent) { g, exponent in g.ldexp(exponent) })
  }

  /// The product `x · 2ⁿ` of each element x and a number n, rounded once. Derivative: `dx = g · 2ⁿ`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func ldexp(_ exponent: Int) -> Tensor { ldexp(Tensor<Int>(single: exponent)) }

  /// Splits each element into a mantissa m with ½ ≤ |m| < 1 and a power of two: `x = m · 2ⁿ`.
  ///
  /// The exponent n is an `Int`, where PyTorch and NumPy have 32 bits. Zeros, infinities and NaN are their own
  /// mantissas, with the exponent 0. Derivative of the mantissa: `dx = g · 2⁻ⁿ`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func frexp() -> (mantissa: Tensor, exponent: Tensor<Int>) {
    let exponent = Tensor<Int>(mapped(.exponent))
    return (ldexp(-exponent), exponent)
  }

  /// The larger of each pair of elements, broadcast. Unlike `maximum`, it ignores a NaN beside a
  /// number.
  ///
  /// Shapes that do not broadcast are an error. Derivatives: the element that is returned gets the gradient,
  /// of two equal elements or two NaN the first.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func fmax(_ a: Tensor, _ b: Tensor) -> Tensor {
    combined(.fmax, a, b, name: "fmax").recorded(
      "Fmax", a.edge(saving: a, b) { g, a, b in g.where((a .>= b) .| b.isNaN, else: 0) },
      b.edge(saving: a, b) { g, a, b in Tensor(single: 0).where((a .>= b) .| b.isNaN, else: g) })
  }

  /// The smaller of each pair of elements, broadcast. Unlike `minimum`, it ignores a NaN beside a
  /// number.
  ///
  /// Shapes that do not broadcast are an error. Derivatives: the element that is returned gets the gradient,
  /// of two equal elements or two NaN the first.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func fmin(_ a: Tensor, _ b: Tensor) -> Tensor {
    combined(.fmin, a, b, name: "fmin").recorded(
      "Fmin", a.edge(saving: a, b) { g, a, b in g.where((a .<= b) .| b.isNaN, else: 0) },
      b.edge(saving: a, b) { g, a, b in Tensor(single: 0).where((a .<= b) .| b.isNaN, else: g) })
  }
}
