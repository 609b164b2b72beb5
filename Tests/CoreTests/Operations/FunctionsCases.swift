import Foundation
import MartletCore
import TestSupport
import Testing

private func larger(_ a: Extended, _ b: Extended) -> Extended { a.isNaN || a > b ? a : b }
private func smaller(_ a: Extended, _ b: Extended) -> Extended { a.isNaN || a < b ? a : b }

/// sin(πx) / (πx), with the reduction of x to the nearest integer, where the sine is exactly 0.
private func sinc(_ x: Extended) -> Extended {
  if x == 0 || !x.isFinite { return x == 0 ? 1 : .nan }
  let whole = x.rounded(), isOdd = whole.truncatingRemainder(dividingBy: 2) != 0
  return (isOdd ? -1 : 1) * sin(.pi * (x - whole)) / (.pi * x)
}

private func logit(_ x: Extended) -> Extended {
  x > 0.25 && x < 0.75 ? log1p((2 * x - 1) / (1 - x)) : log(x / (1 - x))
}

private func logAddExp(_ a: Extended, _ b: Extended) -> Extended {
  if a.isNaN || b.isNaN { return .nan }
  return max(a, b) + (a == b ? log(2) : log1p(exp(-abs(a - b))))
}

struct FunctionsCases {
  static let exponentials: [OpCase] = [
    OpCase(
      "Log1p", domain: -0.7...4, bound: .ulps(2), f32: { $0.log1p() }, f64: { $0.log1p() },
      reference: { log1p($0) }),
    OpCase(
      "Log1p", "near 0", domain: -1e-5...1e-5, bound: .ulps(2), f32: { $0.log1p() }, f64: { $0.log1p() },
      reference: { log1p($0) }),
    OpCase(
      "Expm1", bound: .ulps(2), f32: { $0.expm1() }, f64: { $0.expm1() }, reference: { expm1($0) }),
    OpCase("Exp2", bound: .ulps(2), f32: { $0.exp2() }, f64: { $0.exp2() }, reference: { exp2($0) }),
    OpCase(
      "Log2", domain: 0.3...5, bound: .ulps(2), f32: { $0.log2() }, f64: { $0.log2() },
      reference: { log2($0) }),
    OpCase(
      "Log10", domain: 0.3...5, bound: .ulps(2), f32: { $0.log10() }, f64: { $0.log10() },
      reference: { log10($0) }),
    OpCase(
      "Rsqrt", domain: 0.5...9, bound: .ulps(2), f32: { $0.rsqrt() }, f64: { $0.rsqrt() },
      reference: { 1 / $0.squareRoot() }),
    OpCase(
      "Div", "reciprocal", domain: 0.5...3, f32: { $0.reciprocal() }, f64: { $0.reciprocal() },
      reference: { 1 / $0 }),
    OpCase("Square", f32: { $0.square() }, f64: { $0.square() }, reference: { $0 * $0 }),
    OpCase("Erfc", bound: .ulps(5), f32: { $0.erfc() }, f64: { $0.erfc() }, reference: { erfc($0) }),
    OpCase(
      "Logit", domain: 0.1...0.9, bound: .ulps(2), f32: { $0.logit() }, f64: { $0.logit() },
      reference: { logit($0) }),
    OpCase(
      "Logit", "limited", domain: -0.5...1.5, kinks: [0.125, 0.875], bound: .ulps(2),
      f32: { $0.logit(epsilon: 0.125) }, f64: { $0.logit(epsilon: 0.125) },
      reference: { logit($0 < 0.125 ? 0.125 : $0 > 0.875 ? 0.875 : $0) }),
    OpCase(
      "NanToNum", f32: { $0.nanToNum(nan: 7, positiveInfinity: 100, negativeInfinity: -50) },
      f64: { $0.nanToNum(nan: 7, positiveInfinity: 100, negativeInfinity: -50) },
      reference: { $0.isNaN ? 7 : $0 == .infinity ? 100 : $0 == -.infinity ? -50 : $0 }),
    OpCase(
      "Clamp", "from below", kinks: [-1], f32: { $0.clamped((-1)...) }, f64: { $0.clamped((-1)...) },
      reference: { $0 < -1 ? -1 : $0 }),
    OpCase(
      "Clamp", "from above", kinks: [1.5], f32: { $0.clamped(...1.5) }, f64: { $0.clamped(...1.5) },
      reference: { $0 > 1.5 ? 1.5 : $0 }),
  ]

  static let angles: [OpCase] = [
    OpCase(
      "Tan", domain: -1.2...1.2, bound: .ulps(2), f32: { $0.tan() }, f64: { $0.tan() },
      reference: { tan($0) }),
    OpCase(
      "Asin", domain: -0.8...0.8, bound: .ulps(2), f32: { $0.asin() }, f64: { $0.asin() },
      reference: { asin($0) }),
    OpCase(
      "Acos", domain: -0.8...0.8, bound: .ulps(2), f32: { $0.acos() }, f64: { $0.acos() },
      reference: { acos($0) }),
    OpCase("Atan", bound: .ulps(2), f32: { $0.atan() }, f64: { $0.atan() }, reference: { atan($0) }),
    OpCase("Sinh", bound: .ulps(2), f32: { $0.sinh() }, f64: { $0.sinh() }, reference: { sinh($0) }),
    OpCase("Cosh", bound: .ulps(2), f32: { $0.cosh() }, f64: { $0.cosh() }, reference: { cosh($0) }),
    OpCase("Asinh", bound: .ulps(2), f32: { $0.asinh() }, f64: { $0.asinh() }, reference: { asinh($0) }),
    OpCase(
      "Acosh", domain: 1.4...5, bound: .ulps(2), f32: { $0.acosh() }, f64: { $0.acosh() },
      reference: { acosh($0) }),
    OpCase(
      "Atanh", domain: -0.8...0.8, bound: .ulps(2), f32: { $0.atanh() }, f64: { $0.atanh() },
      reference: { atanh($0) }),
    OpCase("Sinc", bound: .ulps(2), f32: { $0.sinc() }, f64: { $0.sinc() }, reference: { sinc($0) }),
    OpCase(
      "Sinc", "near 0", domain: -1e-3...1e-3, bound: .ulps(2), f32: { $0.sinc() }, f64: { $0.sinc() },
      reference: { sinc($0) }),
  ]

  static let pairs: [OpCase] = [
    OpCase(
      "Atan2", domains: (0.5...3, -3...3), bound: .ulps(2), f32: { $0.atan2($1) }, f64: { $0.atan2($1) },
      reference: { atan2($0, $1) }),
    OpCase(
      "Hypot", domains: (0.5...3, -3...3), bound: .ulps(1), f32: { $0.hypot($1) }, f64: { $0.hypot($1) },
      reference: { hypot($0, $1) },
      misuse: [
        Misuse("shapes", "hypot: shapes [2] and [3] do not broadcast") {
          _ = Tensor<Float>.ones([2]).hypot(Tensor<Float>.ones([3]))
        }
      ]),
    OpCase(
      "LogAddExp", bound: .ulps(2, floor: 1), f32: { $0.logAddExp($1) }, f64: { $0.logAddExp($1) },
      reference: { logAddExp($0, $1) }),
    OpCase(
      "LogAddExp", "of powers of 2", bound: .ulps(4, floor: 4), f32: { $0.logAddExp2($1) },
      f64: { $0.logAddExp2($1) },
      reference: { logAddExp($0 * log(Extended(2)), $1 * log(Extended(2))) / log(Extended(2)) }),
    OpCase(
      "Xlogy", domains: (-3...3, 0.5...3), bound: .ulps(3), f32: { $0.xlogy($1) }, f64: { $0.xlogy($1) },
      reference: { $0 == 0 && !$1.isNaN ? 0 : $0 * log($1) }),
    OpCase(
      "Lerp", "0.25", bound: .ulps(2, floor: 3), f32: { $0.lerp($1, weight: 0.25) },
      f64: { $0.lerp($1, weight: 0.25) }, reference: { $0 + 0.25 * ($1 - $0) }),
    OpCase(
      "Lerp", "0.75", bound: .ulps(2, floor: 3), f32: { $0.lerp($1, weight: 0.75) },
      f64: { $0.lerp($1, weight: 0.75) }, reference: { $1 - ($1 - $0) * 0.25 }),
    OpCase(
      "ClampMin", f32: { $0.clamped(min: $1) }, f64: { $0.clamped(min: $1) },
      reference: { larger($0, $1) }),
    OpCase(
      "ClampMax", f32: { $0.clamped(max: $1) }, f64: { $0.clamped(max: $1) },
      reference: { smaller($0, $1) }),
  ]

  @Test(arguments: exponentials + angles + pairs)
  func behaves(_ op: OpCase) { verify(op) }

  private let special: [Double] = [0, -0.0, 1, -1, 0.5, .infinity, -.infinity, .nan, 5e-324, 1e300, -1e300]

  /// Special values, with the signs of zeros, are the C library's.
  @Test func specialValuesAreCs() {
    let functions: [((Tensor<Double>) -> Tensor<Double>, (Double) -> Double)] = [
      ({ $0.log1p() }, log1p), ({ $0.expm1() }, expm1), ({ $0.exp2() }, exp2), ({ $0.asin() }, asin),
      ({ $0.atan() }, atan), ({ $0.sinh() }, sinh), ({ $0.cosh() }, cosh), ({ $0.asinh() }, asinh),
      ({ $0.atanh() }, atanh), ({ $0.acosh() }, acosh), ({ $0.acos() }, acos),
    ]
    for (index, (found, expected)) in functions.enumerated() {
      let values = found(Tensor(special)).scalars
      for (x, y) in zip(special, values) where !(x.isFinite && abs(x) > 1e9) {
        let right = expected(x)
        let isSame = right.isNaN ? y.isNaN : y == right && y.sign == right.sign
        let isNear = right.isFinite && abs(y - right) <= abs(right) * 0x1p-50 && y.sign == right.sign
        #expect(isSame || isNear, "function \(index) of \(x): \(y), not \(right)")
      }
    }
    #expect(Tensor<Double>([0, -0.0]).tan().scalars.map(\.sign) == [.plus, .minus])
    #expect(Tensor<Double>([0, -0.0, 2, -5, 1e300]).sinc().scalars == [1, 1, 0, 0, 0])
    let corners = Tensor<Double>([0, 0, -0.0, -0.0]).atan2(Tensor<Double>([0, -0.0, 0, -0.0])).scalars
    #expect(corners == [0, .pi, 0, -.pi] && corners.map(\.sign) == [.plus, .plus, .minus, .minus])
  }

  /// Powers of two have exact logarithms, and integers exact powers, also among subnormal numbers.
  @Test func powersOfTwoAreExact() {
    let exponents = (-1074...1023).map { Double($0) }
    let powers = exponents.map { scalbn(1.0, Int($0)) }
    #expect(Tensor(exponents).exp2().scalars == powers)
    #expect(Tensor(powers).log2().scalars == exponents)
    let few = (-149...127).map { Float($0) }
    #expect(Tensor(few).exp2().scalars == few.map { scalbn(Float(1), Int($0)) })
    #expect(Tensor(few).exp2().log2().scalars == few)
    #expect(Tensor<Double>([1024, -1075, -1e300, 1e300]).exp2().scalars == [.infinity, 0, 0, .infinity])
    let ends = Tensor<Double>([0, -1, .infinity, .nan]).log2().scalars
    #expect(ends[0] == -.infinity && ends[1].isNaN && ends[2] == .infinity && ends[3].isNaN)
    let single = Tensor<Float>([0, -1, .infinity, .nan]).log2().scalars
    #expect(single[0] == -.infinity && single[1].isNaN && single[2] == .infinity && single[3].isNaN)
  }

  @Test func powersOfTenAreExact() {
    let exponents = (-307...308).map { Double($0) }
    #expect(Tensor(exponents.map { Double("1e\(Int($0))")! }).log10().scalars == exponents)
    let few = (-37...38).map { Float($0) }
    #expect(Tensor(few.map { Float("1e\(Int($0))")! }).log10().scalars == few)
  }

  /// Points whose coordinates are subnormal or would overflow in a sum.
  @Test func anglesOfExtremePoints() {
    let y = [5e-324, 1e-323, 1.5e-323, 1e308, 1.7e308, -1.7e308, 5e-324, 1e308, .infinity]
    let x = [5e-324, 1.5e-323, -2.5e-323, 1.7e308, 1e308, -1.6e308, 1e308, -5e-324, -.infinity]
    let expected = zip(y, x).map { atan2(Extended($0), Extended($1)) }
    expectClose(Tensor(y).atan2(Tensor(x)).scalars, expected, within: 2)
    let few: [Float] = [1e-45, 3e-45, 3e38, -3e38], others: [Float] = [3e-45, 4e-45, 2e38, -3.4e38]
    let angles = zip(few, others).map { atan2(Extended($0), Extended($1)) }
    expectClose(Tensor(few).atan2(Tensor(others)).scalars, angles, within: 2)
  }

  @Test func lengthsDoNotOverflow() {
    let short = Tensor<Double>([3e300, 3e-300]), long = Tensor<Double>([4e300, 4e-300])
    expectClose(short.hypot(long).scalars, [5e300, 5e-300], within: 4)
    let wide = Tensor<Float>([3e38, 0x3p-149]).hypot(Tensor<Float>([1e38, 0x4p-149]))
    #expect(wide.scalars[0].isFinite && wide.scalars[1] == 0x5p-149)
    let ends = Tensor<Float>([.nan, .infinity]).hypot(Tensor<Float>([-.infinity, .nan]))
    #expect(ends.scalars == [.infinity, .infinity])
  }

  @Test func sumsOfLogarithms() {
    let a = Tensor<Double>([-.infinity, .infinity, 1000, -1000, -.infinity])
    let b = Tensor<Double>([-.infinity, .infinity, 1000, 0, .infinity])
    #expect(a.logAddExp(b).scalars == [-.infinity, .infinity, 1000 + log(2.0), 0, .infinity])
  }

  @Test func productsWithALogarithmOfZero() {
    let x = Tensor<Double>([0, 0, 2], requiresGrad: true), y = Tensor<Double>([0, -1, 1], requiresGrad: true)
    let z = x.xlogy(y)
    #expect(z.scalars == [0, 0, 0])
    let slopes = z.sum().gradients(of: [x, y]).map(\.scalars)
    #expect(slopes[0] == [0, 0, 0] && slopes[1][1...] == [0, 2])
    #expect(Tensor<Float>([0]).xlogy(Float.nan).item.isNaN)
  }

  @Test func interpolationMeetsItsEnds() {
    let a = Tensor<Float>([0.1, 1e8, -3]), b = Tensor<Float>([0.7, 1, 5])
    #expect(a.lerp(b, weight: 0).scalars == a.scalars)
    #expect(a.lerp(b, weight: 1).scalars == b.scalars)
    let w = Tensor<Double>([0, 0.5, 2], requiresGrad: true)
    let y = Tensor<Double>([1]).lerp(Tensor<Double>([3]), weight: w)
    #expect(y.scalars == [1, 2, 5])
    #expect(y.sum().gradient(of: w).scalars == [2, 2, 2])
  }

  /// The slopes of sinc at 0 are those of its Taylor series.
  @Test func sincIsSmoothAtZero() {
    let x = Tensor<Double>(0, requiresGrad: true)
    let first = x.sinc().gradient(of: x, createGraph: true)
    #expect(first.item == 0)
    #expect(abs(first.gradient(of: x).item + Double.pi * Double.pi / 3) < 1e-14)
  }
}
