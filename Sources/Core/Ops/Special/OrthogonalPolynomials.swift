// Classical orthogonal polynomials.

/// A family of orthogonal polynomials.
///
/// ```swift
/// let x = Tensor<Double>([-1, 0, 0.5])
/// print(x.orthogonalPolynomial(.legendre, degree: 2))  // [1. -0.5 -0.125]
/// ```
public enum OrthogonalPolynomial: Int, Sendable {
  /// The Chebyshev polynomials of the first kind, `T_n(cos t) = cos(n t)`.
  case chebyshevT
  /// The Chebyshev polynomials of the second kind, `U_n(cos t) = sin((n + 1) t) / sin(t)`.
  case chebyshevU
  /// The Chebyshev polynomials of the third kind, `V_n(cos t) = cos((n + ½) t) / cos(t / 2)`.
  case chebyshevV
  /// The Chebyshev polynomials of the fourth kind, `W_n(cos t) = sin((n + ½) t) / sin(t / 2)`.
  case chebyshevW
  /// The Hermite polynomials of physics, orthogonal for the weight `exp(−x²)`.
  case hermite
  /// The Hermite polynomials of probability, orthogonal for the weight `exp(−x²/2)`.
  case probabilistHermite
  /// The Laguerre polynomials, orthogonal for the weight `exp(−x)` above 0.
  case laguerre
  /// The Legendre polynomials, orthogonal on −1...1.
  case legendre

  /// The derivative of the polynomial of degree n, as a sum of polynomials.
  fileprivate func derivative(_ n: Int) -> [(family: OrthogonalPolynomial, degree: Int, factor: Double)] {
    guard n > 0 else { return [] }
    let everySecond = stride(from: n - 1, through: 0, by: -2)
    return switch self {
    case .chebyshevT: [(.chebyshevU, n - 1, Double(n))]
    case .chebyshevU: everySecond.map { (self, $0, Double(2 * $0 + 2)) }
    // V is the difference of two neighbours of U, and W is their sum.
    case .chebyshevV, .chebyshevW:
      Self.chebyshevU.derivative(n)
        + Self.chebyshevU.derivative(n - 1).map { ($0, $1, self == .chebyshevV ? -$2 : $2) }
    case .hermite: [(self, n - 1, Double(2 * n))]
    case .probabilistHermite: [(self, n - 1, Double(n))]
    case .laguerre: (0..<n).map { (self, $0, -1) }
    case .legendre: everySecond.map { (self, $0, Double(2 * $0 + 1)) }
    }
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// The orthogonal polynomial of a family and a degree at each element, by the recurrence of the family.
  ///
  /// Cancellation near a root costs digits of the result, but not of the largest term. A degree outside 0...1000 is an
  /// error. Derivative: a sum of polynomials of lower degrees, as `T′_n = n U_(n−1)`.
  ///
  /// ```swift
  /// let x = Tensor<Float>.linspace(-1, 1, count: 101)
  /// let y = x.orthogonalPolynomial(.chebyshevT, degree: 5)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func orthogonalPolynomial(
    _ family: OrthogonalPolynomial, degree: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard (0...1000).contains(degree) else {
      return .failed("orthogonalPolynomial", "the degree must be in 0...1000, not \(degree)", file, line)
    }
    return mapped(.orthogonalPolynomial, Double(family.rawValue), Double(degree)).recorded(
      "OrthogonalPolynomial",
      edge(saving: self) { g, x in
        let terms = family.derivative(degree).map { family, degree, factor in
          x.orthogonalPolynomial(family, degree: degree) * Element(factor)
        }
        guard let first = terms.first else { return .zeroed(g.layout.shape) }
        return g * terms.dropFirst().reduce(first, +)
      })
  }
}
