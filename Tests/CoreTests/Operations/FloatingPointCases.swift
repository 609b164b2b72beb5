import Foundation
import MartletCore
import TestSupport
import Testing

struct FloatingPointCases {
  static let cases: [OpCase] = [
    OpCase(
      "CopySign", "−1.5", kinks: [0], f32: { $0.copySign(-1.5) }, f64: { $0.copySign(-1.5) },
      reference: { -abs($0) }),
    OpCase(
      "CopySign", "2", kinks: [0], f32: { $0.copySign(2) }, f64: { $0.copySign(2) }, reference: { abs($0) }),
    OpCase(
      "CopySign", "of a tensor", inputs: SampleShapes.pairs, kinks: [0], constants: 1,
      f32: { $0[0].copySign(-$0[1] * $0[1] - 1) }, f64: { $0[0].copySign(-$0[1] * $0[1] - 1) },
      reference: { grids in
        grids[0].broadcast(to: Grid.broadcastShape(grids.map(\.shape))).map { -abs($0) }
      }),
    // The partner lies beyond the element, which is moved by one unit of its last place.
    OpCase(
      "NextAfter", domain: 0.5...3, bound: .ulps(2), f32: { $0.nextAfter($0 * 2) },
      f64: { $0.nextAfter($0 * 2) }, reference: { $0 }),
    OpCase("Ldexp", "3", f32: { $0.ldexp(3) }, f64: { $0.ldexp(3) }, reference: { $0 * 8 }),
    OpCase("Ldexp", "−40", f32: { $0.ldexp(-40) }, f64: { $0.ldexp(-40) }, reference: { $0 * 0x1p-40 }),
    OpCase(
      "Ldexp", "the mantissa of frexp", domain: 1.1...1.9, f32: { $0.frexp().mantissa },
      f64: { $0.frexp().mantissa }, reference: { $0 == 0 || !$0.isFinite ? $0 : $0 / 2 }),
    OpCase(
      "Fmax", f32: { .fmax($0, $1) }, f64: { .fmax($0, $1) },
      reference: { $0.isNaN ? $1 : $1.isNaN ? $0 : max($0, $1) }),
    OpCase(
      "Fmin", f32: { .fmin($0, $1) }, f64: { .fmin($0, $1) },
      reference: { $0.isNaN ? $1 : $1.isNaN ? $0 : min($0, $1) }),
  ]

  @Test(arguments: cases)
  func behaves(_ op: OpCase) { verify(op) }

  private static let ends: [Double] = [
    0, -0.0, 1, -1, 2.5, .infinity, -.infinity, .nan, 5e-324, -5e-324, 0x1p-1022, -0x1p-1022,
    .greatestFiniteMagnitude, -.greatestFiniteMagnitude, 0.75,
  ]

  private func expectEqual<Element: BinaryFloatingPoint>(
    _ found: [Element], _ expected: [Element], _ comment: Comment = ""
  ) {
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) {
      #expect(a == b && a.sign == b.sign || a.isNaN && b.isNaN, comment)
    }
  }

  /// Compares every pair of ends with the C library, contiguous and strided.
  @Test func pairsAreCs() {
    let a = Self.ends.flatMap { x in Self.ends.map { _ in x } }, b = Self.ends.flatMap { _ in Self.ends }
    let x = Tensor(a), y = Tensor(b)
    let wide = Tensor(zip(a, b).flatMap { [$0, $1] }, shape: [a.count, 2])
    for (x, y) in [(x, y), (wide[0..., 0], wide[0..., 1])] {
      expectEqual(x.nextAfter(y).scalars, zip(a, b).map { nextafter($0, $1) })
      expectEqual(x.copySign(y).scalars.map(\.magnitude), a.map(\.magnitude))
      #expect(x.copySign(y).signBit.scalars == b.map { $0.sign == .minus })
    }
    let f = a.map { Float($0) }, g = b.map { Float($0) }
    expectEqual(Tensor(f).nextAfter(Tensor(g)).scalars, zip(f, g).map { nextafterf($0, $1) })
    #expect(Tensor<Float>([0, 1]).nextAfter(-1).scalars == [-.leastNonzeroMagnitude, 1 - 0x1p-24])
  }

  /// A product that is subnormal is rounded once, and the power alone may overflow.
  @Test func powersOfTwoScale() {
    let exponents = [0, 1, -1, 52, -1022, -1074, -1075, -2000, 1023, 1024, 2098, 5000, .min, .max]
    let x = Self.ends + [0x1.fffffffffffffp-1, 0x1.0000000000001p0]
    for n in exponents {
      let clamped = Int32(clamping: n)
      expectEqual(Tensor(x).ldexp(n).scalars, x.map { scalbn($0, Int(clamped)) }, "\(n)")
      let f = x.map { Float($0) }
      expectEqual(Tensor(f).ldexp(n).scalars, f.map { scalbnf($0, clamped) }, "\(n)")
    }
    let column = Tensor<Float>([[1], [3]])
    #expect(column.ldexp(Tensor<Int>([0, 2, -1])).scalars == [1, 4, 0.5, 3, 12, 1.5])
    let leaf = Tensor<Float>([1, 3], requiresGrad: true)
    let gradient = leaf.ldexp(Tensor<Int>([2, -1])).gradient(of: leaf, seed: Tensor([1, 10]))
    #expect(gradient.scalars == [4, 5])
  }

  @Test func numbersSplit() {
    let x: [Double] = [8, -0.75, 0, -0.0, 5e-324, 0x1.8p-1030, 3e300, .infinity, .nan]
    let (mantissa, exponent) = Tensor(x).frexp()
    #expect(exponent.scalars == [4, 0, 0, 0, -1073, -1029, 999, 0, 0])
    expectEqual(mantissa.scalars, [0.5, -0.75, 0, -0.0, 0.5, 0.75, 3e300 * 0x1p-999, .infinity, .nan])
    expectEqual(mantissa.ldexp(exponent).scalars, x)
    let f: [Float] = [1, -6, 0x1p-149, .greatestFiniteMagnitude]
    let single = Tensor(f)[.stride(by: -1)].frexp()
    #expect(
      single.exponent.scalars == [128, -148, 3, 1] && single.mantissa.scalars[1...] == [0.5, -0.75, 0.5])
    #expect(Tensor<Float>([Float]()).frexp().exponent.shape == [0])
  }

  /// The gradients are PyTorch's: of two equal elements or two NaN the first gets it.
  @Test func tiesGoToTheFirst() {
    let a = Tensor<Float>([1, 2, .nan, 1, .nan], requiresGrad: true)
    let b = Tensor<Float>([1, .nan, 3, 2, .nan], requiresGrad: true)
    let most = Tensor.fmax(a, b), least = Tensor.fmin(a, b)
    expectEqual(most.scalars, [1, 2, 3, 2, .nan])
    expectEqual(least.scalars, [1, 2, 3, 1, .nan])
    #expect(most.sum().gradients(of: [a, b]).map(\.scalars) == [[1, 1, 0, 0, 1], [0, 0, 1, 1, 0]])
    #expect(least.sum().gradients(of: [a, b]).map(\.scalars) == [[1, 1, 0, 1, 1], [0, 0, 1, 0, 0]])
  }

  @Test func slopesOfSignsAndNeighbours() {
    let x = Tensor<Double>([0, -0.0, 2, -3, .infinity], requiresGrad: true)
    #expect(x.copySign(-1).sum().gradient(of: x).scalars == [0, 0, -1, 1, -1])
    #expect(x.nextAfter(2).sum().gradient(of: x).scalars == [1, 1, 0, 1, 1])
    let sign = Tensor<Double>([1], requiresGrad: true)
    #expect(!Tensor<Double>([2]).copySign(sign).requiresGrad)
  }
}
