import MartletCore
import TestSupport
import Testing

/// Bits, shifts and common divisors of integers, compared with Swift's operators and Euclid's algorithm.
struct BitsTests {
  /// Every length, contiguous and reversed, so that the fast loops, their tails and the strided loops run.
  private func expectSwifts<Element: NumericScalar & FixedWidthInteger>(_: Element.Type) {
    var random = SampleRandom(seed: 9)
    for count in 1...67 {
      let x = (0..<count).map { _ in Element.random(in: .min ... .max, using: &random) }
      let y = (0..<count).map { _ in Element.random(in: .min ... .max, using: &random) }
      let a = Tensor(x), b = Tensor(y), backwards = a[.stride(by: -1)]
      #expect((a & b).scalars == zip(x, y).map { $0 & $1 })
      #expect((a | b).scalars == zip(x, y).map { $0 | $1 })
      #expect((a ^ b).scalars == zip(x, y).map { $0 ^ $1 })
      #expect((~a).scalars == x.map { ~$0 })
      #expect((backwards & b).scalars == zip(x.reversed(), y).map { $0 & $1 })
      #expect((a & 6).scalars == x.map { $0 & 6 } && (6 & a).scalars == x.map { $0 & 6 })
      #expect((a | 6).scalars == x.map { $0 | 6 } && (6 | a).scalars == x.map { $0 | 6 })
      #expect((a ^ 6).scalars == x.map { $0 ^ 6 } && (6 ^ a).scalars == x.map { $0 ^ 6 })
    }
  }

  /// Amounts up to and beyond the width, and negative ones where the type has them.
  private func expectSwiftsShifts<Element: NumericScalar & FixedWidthInteger>(_: Element.Type) {
    var random = SampleRandom(seed: 10)
    let width = Element.bitWidth
    let whole = (Element.isSigned ? -width - 2 : 0)...(width + 2)
    let amounts =
      whole.map { Element(truncatingIfNeeded: $0) } + [.min, .max] + (0..<40).map { Element($0 % width) }
    let x = amounts.map { _ in Element.random(in: .min ... .max, using: &random) }
    let a = Tensor(x), n = Tensor(amounts)
    #expect((a << n).scalars == zip(x, amounts).map { $0 << $1 })
    #expect((a >> n).scalars == zip(x, amounts).map { $0 >> $1 })
    let backwards = a[.stride(by: -1)] >> n[.stride(by: -1)]
    #expect(backwards.scalars == zip(x, amounts).map { $0 >> $1 }.reversed())
    for amount in amounts {
      #expect((a << amount).scalars == x.map { $0 << amount })
      #expect((a >> amount).scalars == x.map { $0 >> amount })
    }
    #expect((1 << n).scalars == amounts.map { 1 << $0 })
    #expect((Element.min >> n).scalars == amounts.map { Element.min >> $0 })
  }

  private func divisor<Magnitude: FixedWidthInteger>(_ a: Magnitude, _ b: Magnitude) -> Magnitude {
    b == 0 ? a : divisor(b, a % b)
  }

  private func expectEuclids<Element: NumericScalar & FixedWidthInteger>(_: Element.Type) {
    var random = SampleRandom(seed: 11)
    let ends: [Element] = [.min, .max, 0, 1, 12, 18]
    let x =
      ends.flatMap { end in ends.map { _ in end } }
      + (0..<67).map { _ in .random(in: .min ... .max, using: &random) }
    let y = ends.flatMap { _ in ends } + (0..<67).map { _ in .random(in: .min ... .max, using: &random) }
    let divisors = zip(x, y).map { divisor($0.magnitude, $1.magnitude) }
    let multiples = zip(zip(x, y), divisors).map { pair, divisor in
      divisor == 0 ? 0 : Element(truncatingIfNeeded: pair.0.magnitude / divisor &* pair.1.magnitude)
    }
    #expect(Tensor(x).gcd(Tensor(y)).scalars == divisors.map { Element(truncatingIfNeeded: $0) })
    #expect(Tensor(x).lcm(Tensor(y)).scalars == multiples)
  }

  private func expectAll<Element: NumericScalar & FixedWidthInteger>(_ type: Element.Type) {
    expectSwifts(type)
    expectSwiftsShifts(type)
    expectEuclids(type)
  }

  @Test func int() { expectAll(Int.self) }
  @Test func int32() { expectAll(Int32.self) }
  @Test func int16() { expectAll(Int16.self) }
  @Test func int8() { expectAll(Int8.self) }
  @Test func uint64() { expectAll(UInt64.self) }
  @Test func uint32() { expectAll(UInt32.self) }
  @Test func uint16() { expectAll(UInt16.self) }
  @Test func uint8() { expectAll(UInt8.self) }

  @Test func divisorsAndMultiplesAreKnown() {
    let a = Tensor<Int>([12, -12, 0, 0, 7]), b = Tensor<Int>([18, 18, 5, 0, 1])
    #expect(a.gcd(b).scalars == [6, 6, 5, 0, 1] && a.lcm(b).scalars == [36, 36, 0, 0, 7])
    #expect(a.gcd(8).scalars == [4, 4, 8, 8, 1] && a.lcm(8).scalars == [24, 24, 0, 0, 56])
  }

  @Test func compoundFormsBindANewTensor() {
    let before = Tensor<UInt16>([0b1100, 0b1010])
    var a = before
    a &= 0b0111
    a |= Tensor<UInt16>([1, 0])
    a ^= 0b10
    a <<= 2
    a >>= Tensor<UInt16>([1, 2])
    a |= 0x100
    a &= Tensor<UInt16>([0xfff, 0xfff])
    a ^= Tensor<UInt16>([0, 1])
    a <<= Tensor<UInt16>([0, 1])
    a >>= 1
    #expect(a.scalars == [0b1000_0111, 0b1_0000_0001] && before.scalars == [0b1100, 0b1010])
    var mask = Tensor<Bool>([true, false, true])
    mask &= Tensor<Bool>([true, true, false])
    mask |= Tensor<Bool>([false, true, false])
    mask ^= Tensor<Bool>([true, true, true])
    #expect(mask.scalars == [false, false, true])
  }

  @Test func masksCombine() {
    let a = Tensor<Bool>([true, true, false, false]), b = Tensor<Bool>([true, false, true, false])
    #expect((a & b).scalars == [true, false, false, false] && (a | b).scalars == [true, true, true, false])
    #expect((a ^ b).scalars == [false, true, true, false])
    #expect((!a).scalars == [false, false, true, true] && (~a).scalars == [false, false, true, true])
    let x = Tensor<Float>([-1, 0.25, 2])
    #expect(((x > 0) & !(x > 1)).scalars == [false, true, false])
    #expect(((x < 0) | (x > 1)).scalars == (x < 0 .| x > 1).scalars)
    #expect((a.reshaped([4, 1]) ^ b).shape == [4, 4])
  }

  @Test func loopsRunOnSeveralThreads() {
    let x = (0..<300_001).map { Int32(truncatingIfNeeded: $0 &* 2_654_435_761) }
    let expected = x.map { ($0 ^ 0x55) >> 3 }
    for threads in [1, 3] {
      let found = withThreads(threads) { ((Tensor(x) ^ 0x55) >> 3).scalars }
      #expect(found == expected, "\(threads) threads")
    }
  }
}
