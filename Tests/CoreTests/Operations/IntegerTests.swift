import MartletCore
import TestSupport
import Testing

/// Arithmetic of integers and masks, compared with Swift's.
struct IntegerTests {
  private func samples<Element: FixedWidthInteger>(_ count: Int, _ seed: UInt64) -> [Element] {
    var random = SampleRandom(seed: seed)
    return (0..<count).map { _ in
      random.unit() < 0.2
        ? [.min, .max, 0, 1].randomElement(using: &random)! : .random(in: .min ... .max, using: &random)
    }
  }

  /// Tests every length, contiguous and reversed, so that the fast loops, their tails and the strided loops
  /// run.
  private func expectSwifts<Element: NumericScalar & FixedWidthInteger>(_: Element.Type) {
    for count in 1...67 {
      let x: [Element] = samples(count, 1), y: [Element] = samples(count, 2)
      let divisors = y.map { $0 == 0 ? 1 : $0 }
      let a = Tensor(x), b = Tensor(y), d = Tensor(divisors)
      #expect((a + b).scalars == zip(x, y).map { $0 &+ $1 })
      #expect((a - b).scalars == zip(x, y).map { $0 &- $1 })
      #expect((a * b).scalars == zip(x, y).map { $0 &* $1 })
      #expect((a / d).scalars == zip(x, divisors).map { $0.dividedReportingOverflow(by: $1).partialValue })
      #expect((-a).scalars == x.map { 0 &- $0 })
      #expect(Tensor.maximum(a, b).scalars == zip(x, y).map { max($0, $1) })
      #expect(Tensor.minimum(a, b).scalars == zip(x, y).map { min($0, $1) })
      let backwards = a[.stride(by: -1)]
      #expect((backwards * b).scalars == zip(x.reversed(), y).map { $0 &* $1 })
      #expect(
        (backwards / d).scalars
          == zip(x.reversed(), divisors).map { $0.dividedReportingOverflow(by: $1).partialValue })
      #expect((a + Element(100)).scalars == x.map { $0 &+ 100 })
      #expect((Element(100) - a).scalars == x.map { 100 &- $0 })
      #expect(a.max().item == x.max() && a.min().item == x.min())
      #expect(a.sum().item == x.reduce(0) { $0 &+ Int(truncatingIfNeeded: $1) })
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

  @Test func divisionTruncates() {
    #expect((Tensor<Int>([7, -7, 7, -7]) / Tensor<Int>([2, 2, -2, -2])).scalars == [3, -3, -3, 3])
    #expect((Tensor<Int>([Int.min]) / -1).scalars == [Int.min])
    #expect((Tensor<Int32>([Int32.min]) / -1).scalars == [Int32.min])
    #expect((1000 / Tensor<Int>([3])).scalars == [333])
  }

  @Test func divisionByZeroIsAnError() {
    let wrong: [@Sendable () -> Void] = [
      { _ = Tensor<Int>([1, 2]) / Tensor<Int>([1, 0]) }, { _ = Tensor<UInt8>([1]) / 0 },
      { _ = 1 / Tensor<Int32>([0]) }, { Tensor<Int>([1]).divide(by: 0) },
    ]
    for body in wrong {
      do {
        try catchingTensorErrors { body() }
        Issue.record("no error")
      } catch {
        #expect("\(error)".contains("division by zero"))
      }
    }
    #expect((Tensor<Int>([Int]()) / Tensor<Int>([Int]())).count == 0)
  }

  @Test func divisionByZeroStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Int>([1, 2]) / Tensor<Int>([1, 0])
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("/: division by zero: a divisor of integer elements is 0"))
  }

  /// Sums are Int, so that bytes and masks do not overflow.
  @Test func sumsAreOfInt() {
    let bytes = Tensor<UInt8>.full([3, 1000], 255)
    #expect(bytes.sum().item == 765_000)
    #expect(bytes.sum(axis: 0).scalars == Array(repeating: 765, count: 1000))
    #expect(bytes.sum(axis: 1, keepDims: true).scalars == [255_000, 255_000, 255_000])
    #expect(bytes.sum(axes: [0, 1]).item == 765_000)
    #expect(Tensor<Int32>([Int32.max, Int32.max]).sum().item == 2 * Int(Int32.max))
    #expect(Tensor<Int>([Int.max, 1]).sum().item == Int.min)
    #expect(Tensor<Int>([Int]()).sum().item == 0)
    let mask = Tensor<Bool>.full([2, 700], true)
    #expect(mask.sum().item == 1400)
    #expect(mask.sum(axis: 0).scalars == Array(repeating: 2, count: 700))
    #expect(mask.transposed().sum(axis: 0, keepDims: true).scalars == [700, 700])
  }

  @Test func sumsOfLargeTensorsOnSeveralThreads() {
    let x = (0..<300_001).map { Int32(truncatingIfNeeded: $0 &* 2_654_435_761) }
    let expected = x.reduce(0) { $0 + Int($1) }
    for threads in [1, 2, 3] {
      let total = withThreads(threads) { Tensor(x).sum().item }
      #expect(total == expected, "\(threads) threads")
    }
  }

  @Test func sumsRefuseWrongAxes() {
    #expect(throws: TensorError.self) { try catchingTensorErrors { Tensor<Int>([1]).sum(axis: 1) } }
    #expect(throws: TensorError.self) { try catchingTensorErrors { Tensor<Bool>([true]).sum(axis: 1) } }
  }
}
