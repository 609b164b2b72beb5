// Exponentials, logarithms, roots, powers, angles and magnitudes.

extension Tensor where Element: FieldScalar {
  /// eˣ of each element, within 2 ulp. Derivative: `dx = g · y`, with the conjugate of a complex y.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func exp() -> Tensor {
    mapped(.exp).recorded("Exp", edge(output: { g, y in g * y.conjugate() }))
  }

  /// The natural logarithm of each element, within 2 ulp.
  ///
  /// It is −∞ at 0, and NaN for a real element below 0. A complex result has an imaginary part in −π...π. Derivative:
  /// `dx = g / x`, with the conjugate of a complex x.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func log() -> Tensor {
    mapped(.log).recorded("Log", edge(saving: self) { g, x in g / x.conjugate() })
  }

  /// The square root of each element, NaN for a real element below 0. A complex root has a real part of at least 0.
  ///
  /// Derivative: `dx = g / 2y`, infinite at 0, with the conjugate of a complex y.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func sqrt() -> Tensor {
    mapped(.squareRoot).recorded("Sqrt", edge(output: { g, y in g / (y.conjugate() * 2) }))
  }

  /// Each element raised to the power of a number. Powers of complex numbers are `exp(p log x)`, with the
  /// logarithm of ``log()``.
  ///
  /// Derivative: `dx = g · p · xᵖ⁻¹`, 0 for p = 0, with the conjugate of a complex factor.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func pow(_ exponent: Element) -> Tensor {
    Tensor.combined(.power, self, Tensor(single: exponent), name: "pow").recorded(
      "Pow",
      edge(saving: self) { g, x in
        exponent == 0 ? g * 0 : g * (x.pow(exponent - 1) * exponent).conjugate()
      })
  }

  /// Each element raised to the power of its partner, broadcast.
  ///
  /// Derivatives: `da = g · b · aᵇ⁻¹` (0 where b = 0), `db = g · y · log a` (0 where a = 0 and b ≥ 0), with
  /// the conjugates of complex factors. A complex b has its real part compared.
  @_disfavoredOverload
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func pow(_ exponent: Tensor) -> Tensor {
    Tensor.combined(.power, self, exponent, name: "pow").recorded(
      "Pow",
      edge(saving: self, exponent) { g, a, b in
        (g * (b * a.pow(b - 1)).conjugate()).where(b .!= 0, else: 0)
      },
      exponent.edge(saving: self, exponent) { g, a, b in
        (g * (a.pow(b) * a.log()).conjugate()).where((a .!= 0) .| (b.realPart .< 0), else: 0)
      })
  }

  /// The sine of each element, an angle in radians, within 2 ulp at any magnitude. An infinity gives NaN.
  ///
  /// Derivative: `dx = g · cos(x)`, with the conjugate of a complex cosine.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func sin() -> Tensor {
    mapped(.sin).recorded("Sin", edge(saving: self) { g, x in g * x.cos().conjugate() })
  }

  /// The cosine of each element, an angle in radians, within 2 ulp at any magnitude. An infinity gives NaN.
  ///
  /// Derivative: `dx = −g · sin(x)`, with the conjugate of a complex sine.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func cos() -> Tensor {
    mapped(.cos).recorded("Cos", edge(saving: self) { g, x in -(g * x.sin().conjugate()) })
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// The error function of each element, `2/√π ∫₀ˣ exp(−t²) dt`, within 2 ulp.
  ///
  /// Derivative: `dx = g · 2/√π exp(−x²)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func erf() -> Tensor {
    mapped(.erf).recorded(
      "Erf", edge(saving: self) { g, x in g * ((-(x * x)).exp() * Element(2 / Double.pi.squareRoot())) })
  }

  /// The magnitude of each element. Derivative: `dx = g · sign(x)`, 0 at 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func abs() -> Tensor {
    mapped(.absolute).recorded("Abs", edge(saving: self) { g, x in g * x.sign() })
  }

  /// The sign of each element: −1 if it is negative, 0 if it is 0, 1 if it is positive; NaN stays NaN. Its
  /// derivative is 0.
  public func sign() -> Tensor { mapped(.sign).recorded("Sign", edge { g in .zeroed(g.layout.shape) }) }

  /// Limits each element to a range: an element outside becomes the nearer bound.
  ///
  /// Derivative: `dx = g` within the range and at its bounds, else 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func clamped(_ bounds: ClosedRange<Element>) -> Tensor {
    let least = bounds.lowerBound, most = bounds.upperBound
    return mapped(.clamp, least.doubleValue, most.doubleValue).recorded(
      "Clamp", edge(saving: self) { g, x in g.where((x >= least) .& (x <= most), else: 0) })
  }

  /// Limits each element from below: an element that is less becomes the bound. NaN stays NaN.
  ///
  /// Derivative: `dx = g` at the bound and above, else 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func clamped(_ bound: PartialRangeFrom<Element>) -> Tensor {
    let least = bound.lowerBound
    return mapped(.clamp, least.doubleValue, .infinity).recorded(
      "Clamp", edge(saving: self) { g, x in g.where(x >= least, else: 0) })
  }

  /// Limits each element from above: an element that is greater becomes the bound. NaN stays NaN.
  ///
  /// Derivative: `dx = g` at the bound and below, else 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func clamped(_ bound: PartialRangeThrough<Element>) -> Tensor {
    let most = bound.upperBound
    return mapped(.clamp, -.infinity, most.doubleValue).recorded(
      "Clamp", edge(saving: self) { g, x in g.where(x <= most, else: 0) })
  }
}

extension Tensor where Element: NumericScalar {
  /// Limits each element to its own bounds, broadcast: `minimum(maximum(x, min), max)`. A bound that is nil
  /// does not limit.
  ///
  /// The upper bound wins where the lower one is greater, as in PyTorch, and the result is NaN if the element
  /// or a bound is NaN. Without any bound it is an error, and so are shapes that do not broadcast.
  ///
  /// Derivatives: the element gets g within the bounds and at them, and a bound gets g where it replaces an
  /// element; else 0.
  ///
  /// ```swift
  /// let x = Tensor<Int>([-5, 5, 500])
  /// let y = x.clamped(min: Tensor<Int>([0, 0, 0]), max: Tensor<Int>([1, 10, 100]))  // [0, 5, 100]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func clamped(
    min: Tensor? = nil, max: Tensor? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard min != nil || max != nil else {
      return .failed("clamped", "there is no bound; min or max must be given", file, line)
    }
    let raised = min.map { limited(from: $0) } ?? self
    return max.map { raised.limited(through: $0) } ?? raised
  }

  private func limited(from least: Tensor) -> Tensor {
    Tensor.combined(.maximum, self, least, name: "clamped").recorded(
      "ClampMin", edge(saving: self, least) { g, x, least in g.where(x >= least, else: 0) },
      least.edge(saving: self, least) { g, x, least in g.where(x < least, else: 0) })
  }

  private func limited(through most: Tensor) -> Tensor {
    Tensor.combined(.minimum, self, most, name: "clamped").recorded(
      "ClampMax", edge(saving: self, most) { g, x, most in g.where(x <= most, else: 0) },
      most.edge(saving: self, most) { g, x, most in g.where(x > most, else: 0) })
  }
}
