import Foundation
import MartletCore
import TestSupport
import Testing

private func rest(_ a: Extended, _ b: Extended) -> Extended { a.truncatingRemainder(dividingBy: b) }
private func wrapped(_ a: Extended, _ b: Extended) -> Extended {
  let rest = rest(a, b)
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest
}

struct RoundingCases {
  static let cases: [OpCase] = [
    OpCase(
      "Frac", kinks: [-3, -2, -1, 0, 1, 2, 3], f32: { $0.frac() }, f64: { $0.frac() },
      reference: { $0 - $0.rounded(.towardZero) }),
    // The quotients lie between 2 and 3 or −3 and −2, where the remainders have no jumps.
    OpCase(
      "Fmod", domains: (5.2...5.9, 2...2.5), f32: { $0.fmod($1) }, f64: { $0.fmod($1) },
      reference: { rest($0, $1) }),
    OpCase(
      "Fmod", "negative dividend", domains: (-5.9 ... -5.2, 2...2.5), f32: { $0.fmod($1) },
      f64: { $0.fmod($1) }, reference: { rest($0, $1) }),
    OpCase(
      "Remainder", domains: (5.2...5.9, 2...2.5), f32: { $0.remainder($1) }, f64: { $0.remainder($1) },
      reference: { wrapped($0, $1) }),
    OpCase(
      "Remainder", "negative dividend", domains: (-5.9 ... -5.2, 2...2.5), f32: { $0.remainder($1) },
      f64: { $0.remainder($1) }, reference: { wrapped($0, $1) }),
    OpCase(
      "Remainder", "negative divisor", domains: (5.2...5.9, -2.5 ... -2), f32: { $0.remainder($1) },
      f64: { $0.remainder($1) }, reference: { wrapped($0, $1) }),
    OpCase(
      "Remainder", "operator", domains: (5.2...5.9, -2.5 ... -2), f32: { $0 % $1 }, f64: { $0 % $1 },
      reference: { wrapped($0, $1) }),
    OpCase(
      "Remainder", "by a number", domain: -1.4 ... -0.1, f32: { $0.remainder(1.5) },
      f64: { $0.remainder(1.5) }, reference: { wrapped($0, 1.5) }),
  ]

  @Test(arguments: cases)
  func behaves(_ op: OpCase) { verify(op) }

  static let steps: [OpCase] = [
    OpCase(
      "Floor", kinks: [-3, -2, -1, 0, 1, 2, 3], f32: { $0.floor() }, f64: { $0.floor() },
      reference: { $0.rounded(.down) }),
    OpCase(
      "Ceil", kinks: [-3, -2, -1, 0, 1, 2, 3], f32: { $0.ceil() }, f64: { $0.ceil() },
      reference: { $0.rounded(.up) }),
    OpCase(
      "Round", kinks: [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5], f32: { $0.rounded() }, f64: { $0.rounded() },
      reference: { $0.rounded(.toNearestOrEven) }),
    OpCase(
      "Trunc", kinks: [-3, -2, -1, 0, 1, 2, 3], f32: { $0.trunc() }, f64: { $0.trunc() },
      reference: { $0.rounded(.towardZero) }),
    OpCase(
      "Sign", kinks: [0], f32: { $0.sign() }, f64: { $0.sign() },
      reference: { $0.isNaN ? $0 : $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }),
    OpCase(
      "FloorDivide", domains: (5.2...5.9, 2...2.5), f32: { $0.floorDivided(by: $1) },
      f64: { $0.floorDivided(by: $1) },
      reference: { a, b in
        if b == 0 { return a / b }
        let rest = rest(a, b), quotient = ((a - rest) / b).rounded()
        return rest != 0 && (rest < 0) != (b < 0) ? quotient - 1 : quotient
      }),
  ]

  /// The gradients of steps are zeros, as in PyTorch.
  @Test(arguments: steps)
  func haveNoSlope(_ op: OpCase) { verify(op) }

  private let numbers: [Double] = [
    0, -0.0, 0.5, -0.5, 1.5, -1.5, 2.5, 0.49999999999999994, 1, -3, 7.25, -7.25, 1e300, -0x1p52 - 0.5,
    5e-324, .infinity, -.infinity, .nan,
  ]

  /// Compares with Swift's rounding, with the signs of zeros, for every length and for strided views.
  @Test func roundingIsSwifts() {
    for count in [1, 3, 8, 18, 67] {
      let x = (0..<count).map { numbers[$0 % numbers.count] }
      for t in [Tensor(x), Tensor(x.flatMap { [$0, 9] }, shape: [count, 2])[0..., 0]] {
        expectSameBits(t.floor().scalars, x.map { $0.rounded(.down) })
        expectSameBits(t.ceil().scalars, x.map { $0.rounded(.up) })
        expectSameBits(t.rounded().scalars, x.map { $0.rounded(.toNearestOrEven) })
        expectSameBits(t.trunc().scalars, x.map { $0.rounded(.towardZero) })
      }
    }
    let ties = Tensor<Float>([-2.5, -1.5, -0.5, 0.5, 1.5, 2.5]).rounded()
    #expect(ties.scalars == [-2, -2, 0, 0, 2, 2])
    #expect(Tensor<Float>([Float]()).floor().count == 0)
    #expect(Tensor<Float>(2.5).rounded().shape == [])
  }

  /// The values are PyTorch's, but for numbers that overflow when they are scaled, of which PyTorch makes NaN.
  @Test func decimals() {
    let x = Tensor<Double>([1.005, -2.675, 123.456, 0.125, 1550, -0.375, .infinity, -0.001])
    expectSameBits(x.rounded(decimals: 2).scalars, [1, -2.68, 123.46, 0.12, 1550, -0.38, .infinity, -0.0])
    expectSameBits(x.rounded(decimals: -2).scalars, [0, -0.0, 100, 0, 1600, -0.0, .infinity, -0.0])
    expectSameBits(x.rounded(decimals: 1).scalars, [1, -2.7, 123.5, 0.1, 1550, -0.4, .infinity, -0.0])
    #expect(x.rounded(decimals: 0).scalars == x.rounded().scalars)
    for decimals in [400, Int.max] { #expect(x.rounded(decimals: decimals).scalars == x.scalars) }
    for decimals in [-307, -400, Int.min] {
      #expect(x.rounded(decimals: decimals).scalars == [0, 0, 0, 0, 0, 0, .infinity, 0])
    }
    #expect(Tensor<Float>([3e38, 1.26]).rounded(decimals: 1).scalars == [3e38, 1.3])
    let y = Tensor<Double>([1.25, -7], requiresGrad: true)
    #expect(y.rounded(decimals: 1).sum().gradient(of: y).scalars == [0, 0])
  }

  /// PyTorch's div with rounding_mode "floor" has a derivative of 0. Its heaviside is recorded, and refuses.
  @Test func quotientsAndStepsAreRecorded() {
    let x = Tensor<Float>([1.5], requiresGrad: true), divisor = Tensor<Float>([2], requiresGrad: true)
    let gradients = x.floorDivided(by: divisor).sum().gradients(of: [x, divisor])
    #expect(gradients.map(\.scalars) == [[0], [0]] && x.heaviside(0).requiresGrad)
  }

  /// Python's // and % of floats. Quotients by 0 are PyTorch's.
  @Test func floorQuotients() {
    let a: [Double] = [7, -7, 7, -7, 1, -1, -1, 1, 1, -1, 6, .infinity, .nan, 0]
    let b: [Double] = [2, 2, -2, -2, 0.1, 0.1, .infinity, .infinity, 0, 0, 0.1, 2, 1, -1]
    let expected: [Double] = [
      3, -4, -4, 3, 9, -10, -1, 0, .infinity, -.infinity, 59, .nan, .nan, -0.0,
    ]
    expectSameBits(Tensor(a).floorDivided(by: Tensor(b)).scalars, expected)
    let remainders: [Double] = [1, 1, -1, -1, 0.09999999999999995]
    expectSameBits(Tensor(Array(a[..<5])).remainder(Tensor(Array(b[..<5]))).scalars, remainders)
    #expect(Tensor<Float>([5.5, -5.5]).floorDivided(by: 2).scalars == [2, -3])
  }

  /// Compares with Swift's integer division, for every length, contiguous and reversed.
  private func expectSwifts<Element: NumericScalar & FixedWidthInteger>(_: Element.Type) {
    var random = SampleRandom(seed: 5)
    for count in 1...67 {
      let x = (0..<count).map { _ in Element.random(in: .min ... .max, using: &random) }
      let y = (0..<count).map { i -> Element in
        let small = Element(truncatingIfNeeded: Int.random(in: -3...3, using: &random))
        return small == 0 ? (i % 2 == 0 ? .max : .min.advanced(by: 1)) : small
      }
      let rests = zip(x, y).map { $0.remainderReportingOverflow(dividingBy: $1).partialValue }
      let quotients = zip(x, y).map { $0.dividedReportingOverflow(by: $1).partialValue }
      let isBelow = zip(rests, y).map { $0 != 0 && ($0 < 0) != ($1 < 0) }
      let a = Tensor(x), b = Tensor(y)
      #expect(a.fmod(b).scalars == rests)
      #expect(a.remainder(b).scalars == zip(zip(rests, y), isBelow).map { $1 ? $0.0 &+ $0.1 : $0.0 })
      #expect(a.floorDivided(by: b).scalars == zip(quotients, isBelow).map { $1 ? $0 &- 1 : $0 })
      let reversed = a[.stride(by: -1)].fmod(b[.stride(by: -1)]).scalars
      #expect(reversed == rests.reversed())
    }
  }

  @Test func int() { expectSwifts(Int.self) }
  @Test func int32() { expectSwifts(Int32.self) }
  @Test func int16() { expectSwifts(Int16.self) }
  @Test func int8() { expectSwifts(Int8.self) }
  @Test func uint64() { expectSwifts(UInt64.self) }
  @Test func uint32() { expectSwifts(UInt32.self) }
  @Test func uint16() { expectSwifts(UInt16.self) }
  @Test func uint8() { expectSwifts(UInt8.self) }

  /// Unlike Swift's `%`, the operator has the divisor's sign.
  @Test func theOperatorIsPythons() {
    let i = Tensor<Int>([-1, 25, -7])
    #expect((i % 24).scalars == [23, 1, 17] && (i % Tensor<Int>([-3, -3, 2])).scalars == [-1, -2, 1])
    #expect((10 % Tensor<Int8>([3, -3])).scalars == [1, -2])
    #expect((Tensor<Float>([-1.5, 7]) % 2).scalars == [0.5, 1] && (2 % Tensor<Double>([-1.5])).item == -1)
    var j = i
    j %= 10
    j %= Tensor<Int>([2, 3, 4])
    #expect(j.scalars == [1, 2, 3] && i.scalars == [-1, 25, -7])
  }

  @Test func integersAtTheEnds() {
    let least = Tensor<Int>([.min, .min, .min, .max])
    let rests = least.remainder(Tensor<Int>([-1, 3, .max, .min]))
    #expect(rests.scalars == [0, 1, .max - 1, -1])
    #expect(least.fmod(-1).scalars == [0, 0, 0, 0])
    let quotients = least.floorDivided(by: Tensor<Int>([-1, 3, .max, .min]))
    #expect(quotients.scalars == [.min, .min / 3 - 1, -2, -1])
    #expect(Tensor<UInt8>([255, 7]).remainder(255).scalars == [0, 7])
    #expect(Tensor<Int>([-7, 7]).remainder(3).scalars == [2, 1])
    #expect(Tensor<Int>([-7, 7]).fmod(3).scalars == [-1, 1])
    #expect(Tensor<Int>([Int]()).remainder(Tensor<Int>([Int]())).count == 0)
  }

  @Test func stepsAndSquares() {
    let x = Tensor<Double>([-2, -0.0, 0, 3, .infinity, -.infinity, .nan])
    expectSameBits(x.heaviside(0.5).scalars, [0, 0.5, 0.5, 1, 1, 0, .nan])
    #expect(Tensor<Int>([-2, 0, 2]).heaviside(Tensor<Int>([7, 8, 9])).scalars == [0, 8, 1])
    #expect(Tensor<UInt8>([0, 2]).heaviside(5).scalars == [5, 1])
    #expect(Tensor<Int>([-3, 4]).square().scalars == [9, 16])
  }
}
