// The gamma function's family, the normal distribution and related functions. Most loops compute `Float` in `Double`
// and round once. The stated errors hold for both.

extension Tensor where Element: DifferentiableScalar {
  /// The inverse error function of each element: the y with `erf(y) = x`, within 5 ulp. It is ±∞ at ±1, and NaN
  /// outside −1...1. PyTorch names it `erfinv`.
  ///
  /// Derivative: `dx = g √π/2 exp(y²)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func erfinv() -> Tensor {
    mapped(.erfinv).recorded(
      "Erfinv", edge(output: { g, y in g * ((y * y).exp() * Element(Double.pi.squareRoot() / 2)) }))
  }

  /// The scaled complementary error function of each element, `exp(x²) erfc(x)`, within 5 ulp. It is finite for
  /// large x, where `erfc` underflows. PyTorch names it `special.erfcx`.
  ///
  /// Derivative: `dx = g (2 x y − 2/√π)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func erfcx() -> Tensor {
    mapped(.erfcx).recorded(
      "Erfcx",
      edge(outputSaving: self) { g, y, x in g * (x * y * 2 - Element(2 / Double.pi.squareRoot())) })
  }

  /// The cumulative distribution function of the standard normal distribution at each element, `½ erfc(−x/√2)`,
  /// within 5 ulp. PyTorch names it `special.ndtr`.
  ///
  /// Derivative: `dx = g exp(−x²/2) / √(2π)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func normalCDF() -> Tensor {
    mapped(.normalCDF).recorded(
      "NormalCDF",
      edge(saving: self) { g, x in g * ((x * x * -0.5).exp() * Element(1 / (2 * Double.pi).squareRoot())) })
  }

  /// The logarithm of ``normalCDF()``, within 8 ulp. It is finite for x far below 0, where the function itself
  /// underflows. PyTorch names it `special.log_ndtr`.
  ///
  /// Derivative: `dx = g √(2/π) / erfcx(−x/√2)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func logNormalCDF() -> Tensor {
    mapped(.logNormalCDF).recorded(
      "LogNormalCDF",
      edge(saving: self) { g, x in
        g * (Element((2 / Double.pi).squareRoot()) / (x * Element(-0.5.squareRoot())).erfcx())
      })
  }

  /// The quantile of the standard normal distribution: the y with `normalCDF(y) = x`, within 4 ulp. It is −∞ at
  /// 0, ∞ at 1, and NaN outside 0...1. PyTorch names it `special.ndtri`.
  ///
  /// Derivative: `dx = g √(2π) exp(y²/2)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func normalQuantile() -> Tensor {
    mapped(.normalQuantile).recorded(
      "NormalQuantile",
      edge(output: { g, y in g * ((y * y * 0.5).exp() * Element((2 * Double.pi).squareRoot())) }))
  }

  /// The logarithm of the absolute value of the gamma function, `log |Γ(x)|`. It is ∞ at 0 and the negative
  /// integers. PyTorch names it `lgamma`.
  ///
  /// The error is at most 5 ulp, below 0 of the largest of the value, `log Γ(1 − x)` and 1. Derivative:
  /// `dx = g ψ(x)`; see ``digamma()``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func logGamma() -> Tensor {
    mapped(.logGamma).recorded("LogGamma", edge(saving: self) { g, x in g * x.digamma() })
  }

  /// The digamma function ψ of each element, the derivative of ``logGamma()``. It is −∞ at 0, ∞ at −0, and NaN at
  /// the negative integers, as in PyTorch.
  ///
  /// The error is at most 4 ulp, below 0 at most 8 ulp of the larger of the value and 1. Derivative:
  /// `dx = g ψ₁(x)`; see ``polygamma(_:file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func digamma() -> Tensor {
    mapped(.digamma).recorded("Digamma", edge(saving: self) { g, x in g * x.polygamma(1) })
  }

  /// The nth derivative of ``digamma()`` at each element, `(−1)ⁿ⁺¹ n! ζ(n + 1, x)`. The first one is the trigamma
  /// function.
  ///
  /// The error is at most 6 ulp, below 0 up to 64 ulp. An order outside 0...170 is an error. Derivative:
  /// `dx = g ψₙ₊₁(x)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func polygamma(_ order: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard (0...170).contains(order) else {
      return .failed("polygamma", "the order must be in 0...170, not \(order)", file, line)
    }
    if order == 0 { return digamma() }
    let factorial = (1...order).reduce(1.0) { $0 * Double($1) }
    return mapped(.polygamma, Double(order), factorial).recorded(
      "Polygamma", edge(saving: self) { g, x in g * x.polygamma(order + 1) })
  }

  /// The logarithm of the multivariate gamma function of dimension p at each element,
  /// `p (p − 1)/4 log π + Σ log Γ(x − j/2)` over j < p. Elements that are not above (p − 1)/2 give NaN. PyTorch
  /// names it `mvlgamma`.
  ///
  /// A dimension below 1 is an error. Derivative: `dx = g Σ ψ(x − j/2)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func multivariateLogGamma(
    dimension p: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard p >= 1 else {
      return .failed("multivariateLogGamma", "the dimension must be at least 1, not \(p)", file, line)
    }
    let constant = Element(Double(p) * Double(p - 1) / 4 * 1.14472988584940017414)
    let sum = (1..<p).reduce(logGamma() + constant) { $0 + (self - Element(Double($1) / 2)).logGamma() }
    return sum.where(self > Element(Double(p - 1) / 2), else: .nan)
  }

  /// The term `−x log x` of an entropy for each element: 0 at 0, and −∞ below. PyTorch names it `special.entr`.
  ///
  /// Derivative: `dx = −g (log x + 1)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func entropyTerm() -> Tensor {
    let value = noGrad { Tensor(single: -.infinity).where(self < 0, else: -xlogy(self)) }
    return value.recorded("EntropyTerm", edge(saving: self) { g, x in -(g * (x.log() + 1)) })
  }

  /// The product `x log(1 + y)` of each element x and its partner y, broadcast, within 3 ulp, for y near 0 too. Where
  /// x is 0 it is 0, unless y is NaN. Shapes that do not broadcast are an error.
  ///
  /// Derivatives: `dx = g log(1 + y)` (0 where x = 0 and y ≤ −1), `dy = g x / (1 + y)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func xlog1py(_ other: Tensor) -> Tensor {
    Tensor.combined(.xlog1py, self, other, name: "xlog1py").recorded(
      "Xlog1py",
      edge(saving: self, other) { g, x, y in
        Tensor(single: 0).where((x .== 0) .& (y <= -1), else: g.xlog1py(y))
      },
      other.edge(saving: self, other) { g, x, y in g * (x / (y + 1)) })
  }

  /// The Hurwitz zeta function `ζ(s, q) = Σ (q + k)⁻ˢ` over k ≥ 0, of each element s and its partner q, broadcast.
  /// PyTorch and SciPy name it `zeta`.
  ///
  /// It is ∞ for s = 1 and NaN for s < 1. At q = 0 and negative integers it is ∞, and for other q below 0 it is NaN
  /// unless s is an integer. The error is at most 4 ulp for q > 0, and up to 64 ulp below. Shapes that do not
  /// broadcast are an error, and so is an s that requires a gradient.
  ///
  /// Derivative: `dq = −g s ζ(s + 1, q)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func zeta(_ q: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure = constantFault("zeta", "s", file, line) { return .failed(by: failure) }
    return Tensor.combined(.zeta, self, q, name: "zeta").recorded(
      "Zeta", q.edge(saving: self, q) { g, s, q in -(g * (s * (s + 1).zeta(q))) })
  }

  /// The lower regularised incomplete gamma function of each element a and its partner x, broadcast:
  /// `P(a, x) = 1/Γ(a) ∫₀ˣ tᵃ⁻¹ e⁻ᵗ dt`. PyTorch and SciPy name it `gammainc`.
  ///
  /// It is NaN for negative a or x. The relative error is at most 2e-13. Shapes that do not broadcast are an error,
  /// and so is an a that requires a gradient: as in PyTorch, there is no derivative by it.
  ///
  /// Derivative: `dx = g xᵃ⁻¹ e⁻ˣ / Γ(a)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func regularizedGammaP(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure = constantFault("regularizedGammaP", "a", file, line) { return .failed(by: failure) }
    return Tensor.combined(.gammaP, self, x, name: "regularizedGammaP").recorded(
      "RegularizedGammaP", x.edge(saving: self, x) { g, a, x in g * Tensor.gammaDensity(a, x) })
  }

  /// The upper regularised incomplete gamma function of each element a and its partner x, broadcast:
  /// `Q(a, x) = 1 − P(a, x)`, without cancellation. PyTorch and SciPy name it `gammaincc`.
  ///
  /// The rest is as for ``regularizedGammaP(_:file:line:)``. Derivative: `dx = −g xᵃ⁻¹ e⁻ˣ / Γ(a)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func regularizedGammaQ(_ x: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure = constantFault("regularizedGammaQ", "a", file, line) { return .failed(by: failure) }
    return Tensor.combined(.gammaQ, self, x, name: "regularizedGammaQ").recorded(
      "RegularizedGammaQ", x.edge(saving: self, x) { g, a, x in -(g * Tensor.gammaDensity(a, x)) })
  }

  /// The density of the gamma distribution.
  private static func gammaDensity(_ a: Tensor, _ x: Tensor) -> Tensor {
    ((a - 1).xlogy(x) - x - a.logGamma()).exp()
  }

  /// Returns this tensor's failure, or the mistake of a parameter that requires a gradient.
  private func constantFault(
    _ operation: StaticString, _ parameter: StaticString, _ file: StaticString, _ line: UInt
  ) -> Failure? {
    if let failure { return failure }
    guard isTracked, isRecording else { return nil }
    return mistake(
      "\(operation)", "\(parameter) requires a gradient, but there is no derivative by it; detach it", file,
      line)
  }
}
