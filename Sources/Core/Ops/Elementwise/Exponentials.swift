// Exponentials, logarithms, roots and quotients beyond those of ElementaryFunctions.swift, and functions of two
// operands that are made of them.

extension Tensor where Element: DifferentiableScalar {
  /// log(1 + x) of each element, within 2 ulp, near 0 too: −∞ at −1, NaN below. Derivative: `dx = g / (1 + x)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func log1p() -> Tensor {
    mapped(.log1p).recorded("Log1p", edge(saving: self) { g, x in g / (x + 1) })
  }

  /// eˣ − 1 of each element, within 2 ulp, near 0 too. Derivative: `dx = g (y + 1)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func expm1() -> Tensor {
    mapped(.expm1).recorded("Expm1", edge(output: { g, y in g * (y + 1) }))
  }

  /// 2ˣ of each element, within 2 ulp. Powers with an integer exponent are exact. Derivative: `dx = g y ln 2`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func exp2() -> Tensor {
    mapped(.exp2).recorded("Exp2", edge(output: { g, y in g * (y * 0.693147180559945309417) }))
  }

  /// The binary logarithm of each element, within 2 ulp: −∞ at 0, NaN below. It is exact for powers of two.
  ///
  /// Derivative: `dx = g / (x ln 2)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func log2() -> Tensor {
    mapped(.log2).recorded("Log2", edge(saving: self) { g, x in g / (x * 0.693147180559945309417) })
  }

  /// The decimal logarithm of each element, within 2 ulp: −∞ at 0, NaN below. It is exact for powers of ten.
  ///
  /// Derivative: `dx = g / (x ln 10)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func log10() -> Tensor {
    mapped(.log10).recorded("Log10", edge(saving: self) { g, x in g / (x * 2.30258509299404568402) })
  }

  /// The reciprocal of each element, `1 / x`; an infinity at 0. Derivative: `dx = −g y²`.
  public func reciprocal() -> Tensor { 1 / self }

  /// The reciprocal of the square root of each element, `1 / √x`, within 2 ulp: an infinity at 0, NaN below.
  ///
  /// Derivative: `dx = −g y³ / 2`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func rsqrt() -> Tensor {
    mapped(.rsqrt).recorded("Rsqrt", edge(output: { g, y in g * (y * y * y) * -0.5 }))
  }

  /// The complementary error function of each element, `1 − erf(x)`, without cancellation, within 5 ulp.
  ///
  /// Derivative: `dx = −g · 2/√π exp(−x²)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func erfc() -> Tensor {
    mapped(.erfc).recorded(
      "Erfc", edge(saving: self) { g, x in g * ((-(x * x)).exp() * Element(-2 / Double.pi.squareRoot())) })
  }

  /// The logit of each element, `log(x / (1 − x))`, the inverse of ``sigmoid()``, within 2 ulp, near ½ too.
  ///
  /// It is −∞ at 0, ∞ at 1 and NaN outside 0...1. With `epsilon`, elements are first limited to
  /// `epsilon ... 1 − epsilon`. An epsilon outside 0...½ is an error.
  ///
  /// Derivative: `dx = g / (x (1 − x))`, 0 for elements that are limited.
  ///
  /// ```swift
  /// let p = Tensor<Float>([0, 0.5, 0.75])
  /// let scores = p.logit(epsilon: 1e-6)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func logit(
    epsilon: Element? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard let epsilon else {
      return mapped(.logit).recorded("Logit", edge(saving: self) { g, x in g / (x * (1 - x)) })
    }
    guard epsilon >= 0, epsilon <= 0.5 else {
      return .failed("logit", "epsilon must be in 0...0.5, not \(epsilon)", file, line)
    }
    return clamped(epsilon...(1 - epsilon)).logit()
  }

  /// log(eᵃ + eᵇ) of each pair of elements, broadcast, without overflow. Shapes that do not broadcast are an
  /// error.
  ///
  /// The error is at most 2 ulp of the result, or of 1 where that is larger. Derivatives: `da = g σ(a − b)`,
  /// `db = g σ(b − a)`. As in PyTorch, they are NaN where both elements are the same infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func logAddExp(_ other: Tensor) -> Tensor {
    Tensor.combined(.logAddExp, self, other, name: "logAddExp").recorded(
      "LogAddExp", edge(saving: self, other) { g, a, b in g * (a - b).sigmoid() },
      other.edge(saving: self, other) { g, a, b in g * (b - a).sigmoid() })
  }

  /// log₂(2ᵃ + 2ᵇ) of each pair of elements, broadcast, without overflow. Shapes that do not broadcast are an
  /// error.
  ///
  /// The error is at most 4 ulp of the largest of the result, the elements and 1. Derivatives:
  /// `da = g 2ᵃ / (2ᵃ + 2ᵇ)`, `db = g 2ᵇ / (2ᵃ + 2ᵇ)`, as precise as those of ``logAddExp(_:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func logAddExp2(_ other: Tensor) -> Tensor {
    let log2 = Element(0.693147180559945309417)
    return (self * log2).logAddExp(other * log2) / log2
  }

  /// The product `x log y` of each element x and its partner y, broadcast, within 3 ulp. Where x is 0 it is 0,
  /// unless y is NaN. Shapes that do not broadcast are an error.
  ///
  /// Derivatives: `dx = g log y` (0 where x = 0 and y ≤ 0), `dy = g x / y`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func xlogy(_ other: Tensor) -> Tensor {
    Tensor.combined(.xlogy, self, other, name: "xlogy").recorded(
      "Xlogy",
      edge(saving: self, other) { g, x, y in
        Tensor(single: 0).where((x .== 0) .& (y <= 0), else: g.xlogy(y))
      },
      other.edge(saving: self, other) { g, x, y in g * (x / y) })
  }

  /// The product `x log y` of each element x and a number y, within 3 ulp. Where x is 0 it is 0, unless y is
  /// NaN.
  ///
  /// Derivative: `dx = g log y` (0 where x = 0 and y ≤ 0).
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func xlogy(_ other: Element) -> Tensor { xlogy(Tensor(single: other)) }

  /// The length `√(a² + b²)` of each pair of elements, broadcast, without overflow, within 1 ulp. As in C, it
  /// is infinite if either is. Shapes that do not broadcast are an error.
  ///
  /// Derivatives: `da = g a / y`, `db = g b / y`. As in PyTorch, they are NaN where both elements are 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func hypot(_ other: Tensor) -> Tensor {
    Tensor.combined(.hypot, self, other, name: "hypot").recorded(
      "Hypot", edge(outputSaving: self) { g, y, a in g * (a / y) },
      other.edge(outputSaving: other) { g, y, b in g * (b / y) })
  }

  /// The linear interpolation from each element to its partner in `end`, broadcast: `a + weight (b − a)`.
  ///
  /// It is exactly a for a weight of 0, and b for a weight of 1, where b − a is finite. Other weights than 0...1 extrapolate. Shapes
  /// that do not broadcast are an error. Derivatives: `da = g (1 − weight)`, `db = g weight`.
  ///
  /// ```swift
  /// let old = Tensor<Float>.zeros([3]), new = Tensor<Float>.ones([3])
  /// let average = old.lerp(new, weight: 0.1)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func lerp(_ end: Tensor, weight: Element) -> Tensor {
    Tensor.combined(.lerp, self, end, name: "lerp", p: weight.doubleValue).recorded(
      "Lerp", edge { g in g * (1 - weight) }, end.edge { g in g * weight })
  }

  /// The linear interpolation from each element to its partner in `end` with a tensor of weights, all
  /// broadcast: `a + weight (b − a)`.
  ///
  /// Shapes that do not broadcast are an error. Derivatives: `da = g (1 − weight)`, `db = g weight`,
  /// `dweight = g (b − a)`.
  ///
  /// ```swift
  /// let from = Tensor<Float>([0, 10]), to = Tensor<Float>([1, 20])
  /// let between = from.lerp(to, weight: Tensor<Float>([0.5, 0.1]))  // [0.5, 11]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func lerp(_ end: Tensor, weight: Tensor) -> Tensor { self + weight * (end - self) }
}

extension Tensor where Element: NumericScalar {
  /// The square of each element. Derivative: `dx = 2 g x`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func square() -> Tensor {
    Tensor.combined(.multiply, self, self, name: "square").recorded(
      "Square", edge(saving: self) { g, x in g * (x * 2) })
  }

  /// The Heaviside step of each element: 0 below 0, 1 above 0, and at 0 the partner in `value`, broadcast.
  ///
  /// NaN stays NaN, as in NumPy. Shapes that do not broadcast are an error. There is no derivative: a
  /// backward pass through the step fails, as in PyTorch.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func heaviside(_ value: Tensor) -> Tensor {
    func refuse(_ gradient: Tensor) -> Tensor {
      .failed("backward", "heaviside has no derivative; use detached() before it")
    }
    return Tensor.combined(.heaviside, self, value, name: "heaviside").recorded(
      "Heaviside", edge(refuse), value.edge(refuse))
  }

  /// The Heaviside step of each element: 0 below 0, 1 above 0, and `value` at 0. NaN stays NaN. A backward
  /// pass through the step fails.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func heaviside(_ value: Element) -> Tensor { heaviside(Tensor(single: value)) }
}
