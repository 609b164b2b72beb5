import MartletCore
import TestSupport
import Testing

/// The polynomial with these coefficients, from the highest power on.
private func polynomial(_ coefficients: Extended...) -> @Sendable (Extended) -> Extended {
  { x in coefficients.dropFirst().reduce(coefficients[0]) { $0 * x + $1 } }
}

private func of(
  _ family: OrthogonalPolynomial, _ degree: Int, _ reference: @escaping @Sendable (Extended) -> Extended
) -> OpCase {
  OpCase(
    "OrthogonalPolynomial", "\(family) of degree \(degree)", domain: -1.5...1.5,
    bound: .ulps(8, floor: 16), f32: { $0.orthogonalPolynomial(family, degree: degree) },
    f64: { $0.orthogonalPolynomial(family, degree: degree) }, reference: reference)
}

/// Orthogonal polynomials against their coefficients, which are those of Abramowitz and Stegun's tables.
struct OrthogonalPolynomialCases {
  static let cases: [OpCase] = [
    of(.chebyshevT, 4, polynomial(8, 0, -8, 0, 1)),
    of(.chebyshevT, 1, polynomial(1, 0)),
    of(.chebyshevU, 3, polynomial(8, 0, -4, 0)),
    of(.chebyshevV, 3, polynomial(8, -4, -4, 1)),
    of(.chebyshevW, 3, polynomial(8, 4, -4, -1)),
    of(.hermite, 4, polynomial(16, 0, -48, 0, 12)),
    of(.probabilistHermite, 4, polynomial(1, 0, -6, 0, 3)),
    of(.laguerre, 3, { polynomial(-1, 9, -18, 6)($0) / 6 }),
    of(.legendre, 4, { polynomial(35, 0, -30, 0, 3)($0) / 8 }),
  ]

  @Test(arguments: cases)
  func behaves(_ op: OpCase) { verify(op) }

  /// The values are PyTorch's, but for overflows, of which PyTorch makes NaN.
  @Test func values() {
    let x = Tensor<Double>([-1, 1, 2.5])
    let expected: [(OrthogonalPolynomial, [Double])] = [
      (.chebyshevT, [-1, 1, 55]), (.chebyshevU, [-4, 4, 115]), (.chebyshevV, [-7, 1, 91]),
      (.chebyshevW, [-1, 7, 139]), (.hermite, [4, -4, 95]), (.probabilistHermite, [2, -2, 8.125]),
      (.legendre, [-1, 1, 35.3125]),
    ]
    for (family, numbers) in expected {
      #expect(x.orthogonalPolynomial(family, degree: 3).scalars == numbers, "\(family)")
      #expect(x.orthogonalPolynomial(family, degree: 0).scalars == [1, 1, 1], "\(family)")
      let huge = Tensor<Double>([-1e200, 1e200, -.infinity, .infinity])
      let limits = huge.orthogonalPolynomial(family, degree: 7).scalars
      #expect(limits == [-.infinity, .infinity, -.infinity, .infinity], "\(family)")
    }
    #expect(
      Tensor<Double>([0, .infinity]).orthogonalPolynomial(.laguerre, degree: 3).scalars == [1, -.infinity])
    #expect(
      abs(Tensor<Double>(0.3).orthogonalPolynomial(.chebyshevT, degree: 1000).item + 0.9991251116426071)
        < 1e-11)
  }
}
