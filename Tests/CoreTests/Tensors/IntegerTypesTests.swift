import MartletCore
import TestSupport
import Testing

private typealias Integer = NumericScalar & FixedWidthInteger

/// Every integer type holds, moves, compares, reduces, converts and prints.
struct IntegerTypesTests {
  private static let types: [any Integer.Type] = [
    Int.self, Int32.self, Int16.self, Int8.self, UInt64.self, UInt32.self, UInt16.self, UInt8.self,
  ]

  private func expectMoves<Element: Integer>(_: Element.Type) {
    let x = Tensor<Element>([[1, 2, 3], [4, 5, 6]])
    #expect(x[1].scalars == [4, 5, 6] && x[0..., 1].scalars == [2, 5] && x[[1, 0, 1]].shape == [3, 3])
    #expect(x.transposed().scalars == [1, 4, 2, 5, 3, 6] && x[1, 2].item == 6)
    #expect(Tensor.concatenated([x, x], axis: 1)[0].scalars == [1, 2, 3, 1, 2, 3])
    #expect(
      Tensor.stacked([x, x]).shape == [2, 2, 3] && x.where(x > 2, else: 0).scalars == [0, 0, 3, 4, 5, 6])
    #expect((x .== 2).scalars == [false, true, false, false, false, false] && (x <= 1).sum().item == 1)
    #expect("\(x)" == "[[1 2 3]\n [4 5 6]]" && "\(Tensor<Element>([.max]))" == "[\(Element.max)]")
    let changed = Tensor<Element>([1, 2, 3])
    changed[0] = 9
    changed[changed .== 3] = 0
    changed.add(1)
    changed.multiply(by: 2)
    #expect(changed.scalars == [20, 6, 2])
    #expect(Tensor<Element>.zeros([2]).scalars == [0, 0] && Tensor<Element>.ones([]).item == 1)
    #expect(Tensor<Element>.full([3], .max).scalars == [.max, .max, .max])
    #expect(Tensor<Element>.identity(2).scalars == [1, 0, 0, 1])
    #expect(x.gathered(Tensor<Int>([[2], [0]]), axis: 1).scalars == [3, 4])
  }

  /// A transposed operand goes through tiles, whose copies depend on the size of an element.
  private func expectTiles<Element: Integer>(_: Element.Type) {
    let x = (0..<70 * 130).map { Element(truncatingIfNeeded: $0 &* 40_503) }
    let rows = (0..<130).flatMap { i in (0..<70).map { x[$0 * 130 + i] } }
    let t = Tensor(x, shape: [70, 130]).transposed(), ones = Tensor<Element>.ones([130, 70])
    #expect(t.scalars == rows && (t + ones).scalars == rows.map { $0 &+ 1 })
    #expect((t * t).scalars == rows.map { $0 &* $0 })
  }

  private func expectReductions<Element: Integer>(_: Element.Type) {
    let x = Tensor<Element>([[3, .max, 1], [.min, 5, .max]])
    #expect(x.argmax(axis: 1).scalars == [1, 2] && x.argmin(axis: 1).scalars == [2, 0])
    #expect(x.max(axis: 0).scalars == [3, .max, .max] && x.min().item == .min)
    let top = Int(truncatingIfNeeded: Element.max), bottom = Int(truncatingIfNeeded: Element.min)
    #expect(x.sum(axis: 1).scalars == [top &+ 4, top &+ bottom &+ 5])
    #expect(x.sum().item == 2 &* top &+ bottom &+ 9)
    let large = (0..<1000).map { Element(truncatingIfNeeded: $0 &* 7919) }
    #expect(Tensor(large).sum().item == large.reduce(0) { $0 &+ Int(truncatingIfNeeded: $1) })
    #expect(
      Tensor(large).max().item == large.max()
        && Tensor(large).argmin().item == large.firstIndex(of: large.min()!))
    #expect(Tensor<Element>([2, 3, 4]).product().item == 24)
    #expect(Tensor<Element>([100, 100, 100]).cumulativeSum(axis: 0).scalars == [100, 200, 300])
  }

  @Test(arguments: types.indices) func live(_ index: Int) {
    func expect<Element: Integer>(_ type: Element.Type) {
      expectMoves(type)
      expectTiles(type)
      expectReductions(type)
    }
    expect(Self.types[index])
  }

  private func expectCasts<From: Integer, To: Integer>(_: From.Type, _: To.Type) {
    for value in [From.min, .max, 0, 1, 100, ~0, From.max >> 1] {
      let place = "\(value) from \(From.self) to \(To.self)"
      if let expected = To(exactly: value) {
        #expect(Tensor<To>(Tensor<From>([1, value])).scalars == [1, expected], "\(place)")
      } else {
        let error = refusal { _ = Tensor<To>(Tensor<From>([1, value])) }
        #expect(error?.reason == "1 of 2 elements are NaN or out of range for \(To.self)", "\(place)")
      }
    }
  }

  @Test(arguments: types.indices) func castsAreExactOrRefused(_ index: Int) {
    func expect<From: Integer>(_ from: From.Type) {
      func expectTo<To: Integer>(_ to: To.Type) { expectCasts(from, to) }
      for to in Self.types { expectTo(to) }
      let ends: [From] = [.min, .max, 0, 1]
      #expect(Tensor<Double>(Tensor(ends)).scalars == ends.map { Double($0) })
      #expect(Tensor<Float>(Tensor(ends)).scalars == ends.map { Float($0) })
      #expect(Tensor<Bool>(Tensor(ends)).scalars == [From.min != 0, true, false, true])
      #expect(Tensor<From>(Tensor<Bool>([true, false])).scalars == [1, 0])
    }
    expect(Self.types[index])
  }

  /// Fractions are cut off before the range is checked.
  private func expectRange<To: Integer>(_: To.Type, _ inside: [Double], _ outside: [Double]) {
    #expect(Tensor<To>(Tensor(inside)).scalars == inside.map { To($0) })
    for x in outside + [.nan, .infinity, -.infinity] {
      #expect(refusal { _ = Tensor<To>(Tensor(x)) } != nil, "\(x) to \(To.self)")
    }
  }

  @Test func rangesOfFloatingPointNumbers() {
    expectRange(Int16.self, [-32_768.9, 32_767.9, -0.9], [-32_769, 32_768])
    expectRange(Int8.self, [-128.9, 127.9, -0.9], [-129, 128])
    expectRange(UInt64.self, [-0.9, 0x1.fffffffffffffp63], [-1, 0x1p64])
    expectRange(UInt32.self, [-0.9, 4_294_967_295.9], [-1, 0x1p32])
    expectRange(UInt16.self, [-0.9, 65_535.9], [-1, 65_536])
    #expect(Tensor<UInt32>(Tensor<Float>([0x1.fffffep31])).item == 4_294_967_040)
    #expect(refusal { _ = Tensor<UInt32>(Tensor<Float>([0x1p32])) } != nil)
  }

  @Test func rangesReachTheEnds() {
    #expect(Tensor<Int8>.arange(-128, 127, step: 100).scalars == [-128, -28, 72])
    #expect(Tensor<Int8>.arange(127, -128, step: -128).scalars == [127, -1])
    #expect(Tensor<UInt8>.arange(250, 255).scalars == [250, 251, 252, 253, 254])
    #expect(Tensor<UInt64>.arange(.max - 2, .max).scalars == [.max - 2, .max - 1])
    #expect(Tensor<UInt64>.arange(5, 5).count == 0 && Tensor<UInt16>.arange(7, 3).count == 0)
    #expect(Tensor<UInt64>.arange(0, .max, step: 1 << 63).scalars == [0, 1 << 63])
    #expect(Tensor<Int>.arange(.min, .max, step: .max).scalars == [.min, -1, .max - 1])
    #expect(refusal { _ = Tensor<UInt64>.arange(0, .max) }?.operation == "arange")
  }
}
