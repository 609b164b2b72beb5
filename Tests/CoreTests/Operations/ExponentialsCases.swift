import Foundation
import MartletCore
import TestSupport
import Testing

struct ExponentialsCases {
  static let unary: [OpCase] = [
    OpCase(
      "Exp", domain: -3...3, bound: .ulps(2), f32: { $0.exp() }, f64: { $0.exp() }, reference: { exp($0) }),
    OpCase(
      "Log", domain: 0.1...5, bound: .ulps(2), f32: { $0.log() }, f64: { $0.log() }, reference: { log($0) }),
    OpCase("Sqrt", domain: 0.2...9, f32: { $0.sqrt() }, f64: { $0.sqrt() }, reference: { $0.squareRoot() }),
    OpCase(
      "Sin", domain: -7...7, bound: .ulps(2), f32: { $0.sin() }, f64: { $0.sin() }, reference: { sin($0) }),
    OpCase(
      "Cos", domain: -7...7, bound: .ulps(2), f32: { $0.cos() }, f64: { $0.cos() }, reference: { cos($0) }),
    OpCase("Erf", bound: .ulps(2), f32: { $0.erf() }, f64: { $0.erf() }, reference: { erf($0) }),
    OpCase("Abs", kinks: [0], f32: { $0.abs() }, f64: { $0.abs() }, reference: { abs($0) }),
    OpCase(
      "Clamp", kinks: [-1, 1.5], f32: { $0.clamped(-1...1.5) }, f64: { $0.clamped(-1...1.5) },
      reference: { $0 < -1 ? -1 : $0 > 1.5 ? 1.5 : $0 }),
  ]

  static let powers: [OpCase] = [
    OpCase("Pow", "2", bound: .ulps(1), f32: { $0.pow(2) }, f64: { $0.pow(2) }, reference: { pow($0, 2) }),
    OpCase("Pow", "3", bound: .ulps(2), f32: { $0.pow(3) }, f64: { $0.pow(3) }, reference: { pow($0, 3) }),
    OpCase(
      "Pow", "-1", domain: 0.5...3, bound: .ulps(1), f32: { $0.pow(-1) }, f64: { $0.pow(-1) },
      reference: { pow($0, -1) }),
    OpCase(
      "Pow", "0.5", domain: 0.5...3, bound: .ulps(1), f32: { $0.pow(0.5) }, f64: { $0.pow(0.5) },
      reference: { pow($0, 0.5) }),
    OpCase(
      "Pow", "-1.5", domain: 0.5...3, bound: .ulps(1), f32: { $0.pow(-1.5) }, f64: { $0.pow(-1.5) },
      reference: { pow($0, -1.5) }),
    OpCase("Pow", "4", bound: .ulps(1), f32: { $0.pow(4) }, f64: { $0.pow(4) }, reference: { pow($0, 4) }),
    OpCase("Pow", "1", bound: .ulps(1), f32: { $0.pow(1) }, f64: { $0.pow(1) }, reference: { $0 }),
    OpCase("Pow", "0", bound: .ulps(1), f32: { $0.pow(0) }, f64: { $0.pow(0) }, reference: { _ in 1 }),
    OpCase(
      "Pow", "two tensors", domains: (0.3...3, -2...2), bound: .ulps(1), f32: { $0.pow($1) },
      f64: { $0.pow($1) },
      reference: { pow($0, $1) },
      misuse: [
        Misuse("shapes", "pow: shapes [2] and [3] do not broadcast") {
          _ = Tensor<Float>.ones([2]).pow(Tensor<Float>.ones([3]))
        }
      ]),
  ]

  @Test(arguments: unary + powers)
  func behaves(_ op: OpCase) { verify(op) }

  /// The exponents with loops of their own have the special values of the C library's pow.
  @Test(arguments: [0, 0.5, 1, 2, 3, -1])
  func specialPowers(_ exponent: Double) {
    let numbers = [0, -0.0, 1, -1, 4, -4, .infinity, -.infinity, .nan, .leastNonzeroMagnitude]
    let found = Tensor(numbers).pow(exponent).scalars
    for (number, power) in zip(numbers, found) {
      let expected = pow(number, exponent)
      #expect(
        power.isNaN && expected.isNaN || power == expected && power.sign == expected.sign,
        "\(number) to \(exponent): \(power), not \(expected)")
    }
  }

  private func slope(_ x: Double, _ f: (Tensor<Double>) -> Tensor<Double>) -> Double {
    let leaf = Tensor(x, requiresGrad: true)
    return f(leaf).gradient(of: leaf).item
  }

  /// Zeros keep their sign, and a huge angle among ordinary ones affects only its own element.
  @Test func zerosAndHugeAngles() {
    for f in [{ $0.sin() }, { $0.erf() }] as [(Tensor<Double>) -> Tensor<Double>] {
      let y = f(Tensor([0, -0.0, -.leastNonzeroMagnitude])).scalars
      #expect(
        y.map(\.sign) == [.plus, .minus, .minus] && y[..<2] == [0, 0] && y[2] == -.leastNonzeroMagnitude)
    }
    let usual = (0..<600).map { Double($0) / 50 }
    for f in [{ $0.sin() }, { $0.cos() }] as [(Tensor<Double>) -> Tensor<Double>] {
      var mixed = usual
      mixed[300] = 1e300
      var expected = f(Tensor(usual)).scalars
      expected[300] = f(Tensor(1e300)).item
      expectSameBits(f(Tensor(mixed)).scalars, expected)
      let strided = Tensor(mixed.flatMap { [$0, .nan] }, shape: [600, 2])[0..., 0]
      expectSameBits(f(strided).scalars, expected)
    }
    // The values of mpmath with 700 digits.
    let sines: [Extended] = [-0.817881912115908597, 0.563127779850884013]
    expectClose(Tensor<Double>([1e300, 0x1p1023]).sin().scalars, sines, within: 2)
  }

  @Test func magnitudesHaveNoSlopeAtZero() {
    #expect(slope(0) { $0.abs() } == 0)
    #expect(slope(-2) { $0.abs() } == -1)
  }

  @Test func clampPassesTheGradientAtItsBounds() {
    #expect(slope(-1) { $0.clamped(-1...2) } == 1)
    #expect(slope(2) { $0.clamped(-1...2) } == 1)
    #expect(slope(2.5) { $0.clamped(-1...2) } == 0)
    #expect(slope(-1.5) { $0.clamped(-1...2) } == 0)
  }

  @Test func rootsAreInfinitelySteepAtZero() {
    #expect(slope(0) { $0.sqrt() } == .infinity)
    #expect(slope(0) { $0.pow(0.5) } == .infinity)
  }

  @Test func powersAtZero() {
    #expect(slope(0) { $0.pow(0) } == 0)
    #expect(slope(0) { $0.pow(1) } == 1)
    #expect(slope(0) { $0.pow(2) } == 0)
    let base = Tensor<Double>([0, 0, 2, 0], requiresGrad: true)
    let exponent = Tensor<Double>([0, 2, 0, 1], requiresGrad: true)
    let y = base.pow(exponent)
    #expect(y.scalars == [1, 0, 1, 1 - 1])
    let gradients = y.sum().gradients(of: [base, exponent])
    #expect(gradients[0].scalars == [0, 0, 0, 1])
    #expect(gradients[1].scalars == [0, 0, log(2.0), 0])
  }

  @Test func signs() {
    let x = Tensor<Double>([-2, -0.0, 0, 3, .infinity, -.infinity])
    #expect(x.sign().scalars == [-1, 0, 0, 1, 1, -1])
    #expect(Tensor<Float>([.nan]).sign().item.isNaN)
  }

  /// d²/dx² of xᵖ by its formula. The derivative of the rule does not divide by x.
  @Test func secondDerivativesOfPowersAtZero() {
    let x = Tensor<Double>(0, requiresGrad: true)
    let first = x.pow(2).gradient(of: x, createGraph: true)
    #expect(first.item == 0)
    #expect(first.gradient(of: x).item == 2)
  }
}
