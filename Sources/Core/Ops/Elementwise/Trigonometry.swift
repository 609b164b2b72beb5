// Circular and hyperbolic functions beyond sin, cos and tanh, and their inverses. Angles are in radians.

extension Tensor where Element: FieldScalar {
  /// The tangent of each element, an angle in radians, within 2 ulp at any magnitude. An infinity gives NaN.
  ///
  /// Derivative: `dx = g (1 + y²)`, with the conjugate of a complex factor.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func tan() -> Tensor {
    mapped(.tan).recorded("Tan", edge(output: { g, y in g * (y * y + 1).conjugate() }))
  }

  /// The hyperbolic sine of each element, within 2 ulp. Derivative: `dx = g cosh(x)`, with the
  /// conjugate of a complex factor.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func sinh() -> Tensor {
    mapped(.sinh).recorded("Sinh", edge(saving: self) { g, x in g * x.cosh().conjugate() })
  }

  /// The hyperbolic cosine of each element, within 2 ulp. Derivative: `dx = g sinh(x)`, with the
  /// conjugate of a complex factor.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func cosh() -> Tensor {
    mapped(.cosh).recorded("Cosh", edge(saving: self) { g, x in g * x.sinh().conjugate() })
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// The angle in −π/2...π/2 whose sine is each element, within 2 ulp; NaN outside −1...1.
  ///
  /// Derivative: `dx = g / √(1 − x²)`, infinite at ±1.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func asin() -> Tensor {
    mapped(.asin).recorded("Asin", edge(saving: self) { g, x in g / ((1 - x) * (1 + x)).sqrt() })
  }

  /// The angle in 0...π whose cosine is each element, within 2 ulp; NaN outside −1...1.
  ///
  /// Derivative: `dx = −g / √(1 − x²)`, infinite at ±1.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func acos() -> Tensor {
    mapped(.acos).recorded("Acos", edge(saving: self) { g, x in -(g / ((1 - x) * (1 + x)).sqrt()) })
  }

  /// The angle in −π/2...π/2 whose tangent is each element, within 2 ulp. Derivative: `dx = g / (1 + x²)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func atan() -> Tensor {
    mapped(.atan).recorded("Atan", edge(saving: self) { g, x in g / (x * x + 1) })
  }

  /// The angle in −π...π of the point with each element as y and its partner as x, broadcast, within 2 ulp.
  ///
  /// Zeros and infinities have the angles of C's `atan2`. Shapes that do not broadcast are an error.
  /// Derivatives: `dy = g x / (x² + y²)`, `dx = −g y / (x² + y²)`. As in PyTorch, they are NaN where both
  /// are 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func atan2(_ x: Tensor) -> Tensor {
    Tensor.combined(.atan2, self, x, name: "atan2").recorded(
      "Atan2", edge(saving: self, x) { g, y, x in g * (x / (x * x + y * y)) },
      x.edge(saving: self, x) { g, y, x in -(g * (y / (x * x + y * y))) })
  }

  /// The inverse hyperbolic sine of each element, within 2 ulp. Derivative: `dx = g / √(x² + 1)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func asinh() -> Tensor {
    mapped(.asinh).recorded("Asinh", edge(saving: self) { g, x in g / (x * x + 1).sqrt() })
  }

  /// The inverse hyperbolic cosine of each element, within 2 ulp; NaN below 1.
  ///
  /// Derivative: `dx = g / √(x² − 1)`, infinite at 1.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func acosh() -> Tensor {
    mapped(.acosh).recorded("Acosh", edge(saving: self) { g, x in g / ((x - 1) * (x + 1)).sqrt() })
  }

  /// The inverse hyperbolic tangent of each element, within 2 ulp: ±∞ at ±1, NaN outside −1...1.
  ///
  /// Derivative: `dx = g / (1 − x²)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func atanh() -> Tensor {
    mapped(.atanh).recorded("Atanh", edge(saving: self) { g, x in g / ((1 - x) * (1 + x)) })
  }

  /// The normalised sine cardinal of each element, `sin(πx) / (πx)`, 1 at 0, within 2 ulp. It is exactly 0 at
  /// the other integers. An infinity gives NaN, as in PyTorch.
  ///
  /// Derivative: `dx = g (cos(πx) − y) / x`, 0 at 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func sinc() -> Tensor {
    mapped(.sinc).recorded("Sinc", edge(saving: self) { g, x in g * x.sincSlope() })
  }

  /// The spherical Bessel function of order 0, the unnormalised sine cardinal `sin(x) / x` of each element, 1 at 0
  /// and 0 at ±∞, within 3 ulp. PyTorch names it `special.spherical_bessel_j0`.
  ///
  /// Derivative: `dx = g (cos(x) − y) / x`, 0 at 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func sphericalBesselJ0() -> Tensor {
    let value = noGrad {
      Tensor(single: 0).where(isInfinite, else: (sin() / self).where(self .!= 0, else: 1))
    }
    let scale = Element(1 / Double.pi)
    return value.recorded(
      "SphericalBesselJ0", edge(saving: self) { g, x in g * ((x * scale).sincSlope() * scale) })
  }

  /// The slope of ``sinc()``. Near 0 the difference in its formula cancels, so there it is the Taylor series.
  ///
  /// Each form gets arguments for which it and its derivatives are finite: a NaN would outlive the selection.
  private func sincSlope() -> Tensor {
    let isNear = abs() < Self.leastSincDistance
    let near = self.where(isNear, else: 0), far = Tensor(single: 1).where(isNear, else: self)
    let z = near * near, coefficients = Self.sincCoefficients
    let series = coefficients.dropLast().reversed().reduce(z * 0 + coefficients.last!) { $0 * z + $1 }
    let difference = ((far * Element(Double.pi)).cos() - far.sinc()) / far
    return (near * series).where(isNear, else: difference)
  }

  private static var leastSincDistance: Element { 0.25 }

  /// The coefficients (−1)ᵏ 2k π²ᵏ / (2k + 1)! of x²ᵏ⁻¹, from k = 1 on.
  private static var sincCoefficients: [Element] {
    var power = 1.0, coefficients = [Element]()
    for k in 1...9 {
      power *= -Double.pi * Double.pi / Double(2 * k * (2 * k + 1))
      coefficients.append(Element(power * Double(2 * k)))
    }
    return coefficients
  }
}
