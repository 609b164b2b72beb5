import MartletCore
import Testing

/// Comparisons, logic on masks, and `where`.
@Suite struct MaskTests {
  @Test func comparisonsAreSwifts() {
    compare([-1, 0, 2, 3, 3], [0, 0, 1, 3, -4], Double.self)
    compare([-1, 0, 2, 3, 3], [0, 0, 1, 3, -4], Float.self)
    compare([-1, 0, 2, 3, 3], [0, 0, 1, 3, -4], Int.self)
    compare([-1, 0, 2, 3, 3], [0, 0, 1, 3, -4], Int32.self)
    compare([1, 0, 2, 3, 200], [0, 0, 1, 3, 4], UInt8.self)
  }

  private func compare<Element: NumericScalar>(_ a: [Int], _ b: [Int], _ type: Element.Type) {
    let x = a.map { Element($0) }, y = b.map { Element($0) }
    let p = Tensor(x), q = Tensor(y), backwards = Tensor(Array(x.reversed()))[.stride(by: -1)]
    func expected(_ holds: (Element, Element) -> Bool) -> [Bool] { zip(x, y).map(holds) }
    #expect((p .== q).scalars == expected(==) && (p .!= q).scalars == expected(!=))
    #expect((p < q).scalars == expected(<) && (p .< q).scalars == expected(<))
    #expect((p <= q).scalars == expected(<=) && (p .<= q).scalars == expected(<=))
    #expect((p > q).scalars == expected(>) && (p .> q).scalars == expected(>))
    #expect((p >= q).scalars == expected(>=) && (p .>= q).scalars == expected(>=))
    #expect((backwards < q).scalars == expected(<) && (q >= backwards).scalars == zip(y, x).map(>=))
    let two = Element(2)
    #expect((p > two).scalars == x.map { $0 > two } && (two > p).scalars == x.map { two > $0 })
    #expect((p <= two).scalars == x.map { $0 <= two } && (two <= p).scalars == x.map { two <= $0 })
    #expect((p .== two).scalars == x.map { $0 == two } && (p .!= two).scalars == x.map { $0 != two })
    #expect((p < two).scalars == x.map { $0 < two } && (two < p).scalars == x.map { two < $0 })
    #expect((p >= two).scalars == x.map { $0 >= two } && (two >= p).scalars == x.map { two >= $0 })
  }

  @Test func aNaNEqualsNothing() {
    let x = Tensor<Float>([.nan, 1])
    #expect((x .== x).scalars == [false, true] && (x .!= x).scalars == [true, false])
    #expect((x < 2).scalars == [false, true] && (x >= 0).scalars == [false, true])
  }

  @Test func comparisonsBroadcast() {
    let column = Tensor<Int>([[1], [2]]), row = Tensor<Int>([0, 1, 2])
    #expect((column > row).shape == [2, 3])
    #expect((column > row).scalars == [true, false, false, true, true, false])
    #expect(throws: TensorError.self) { try catchingTensorErrors { (row .== Tensor([1, 2])).count } }
  }

  @Test func logicOnMasks() {
    let a = Tensor<Bool>([true, true, false, false]), b = Tensor<Bool>([true, false, true, false])
    #expect(
      (a .& b).scalars == [true, false, false, false] && (a .| b).scalars == [true, true, true, false])
    #expect((.!a).scalars == [false, false, true, true] && (a .== b).scalars == [true, false, false, true])
    #expect(
      (a .!= b).scalars == [false, true, true, false] && (.!a[.stride(by: 2)]).scalars == [false, true])
    #expect(a.any() && !a.all() && !(a .& .!a).any() && (a .| .!a).all())
    let none = Tensor<Bool>.full([0, 3], true)
    #expect(!none.any() && none.all() && Tensor<Bool>(true).all() && !Tensor<Bool>(false).any())
    #expect((a.reshaped([2, 2])[.newAxis] .& b.reshaped([2, 1, 2])).shape == [2, 2, 2])
  }

  @Test func whereChooses() {
    let a = Tensor<Float>([[1, 2, 3], [4, 5, 6]]), row = Tensor<Float>([-1, -2, -3])
    #expect(a.where(a > 2, else: 0).scalars == [0, 0, 3, 4, 5, 6])
    #expect(a.where(a > 2, else: row).scalars == [-1, -2, 3, 4, 5, 6])
    #expect(row.where(a > 2, else: a).scalars == [1, 2, -3, -1, -2, -3])
    #expect(a.where(Tensor([[true], [false]]), else: row).scalars == [1, 2, 3, -1, -2, -3])
    #expect(Tensor<Float>(9).where(a > 5, else: 0).scalars == [0, 0, 0, 0, 0, 9])
    #expect(
      a.transposed().where(Tensor([true, false]), else: a[.stride(by: -1)].transposed()).scalars == [
        1, 1, 2, 2, 3, 3,
      ])
    #expect(Tensor<Bool>([true, false]).where(Tensor([false, true]), else: true).scalars == [true, false])
    #expect(Tensor<UInt8>([1, 2]).where(Tensor(false), else: 7).scalars == [7, 7])
    #expect(Tensor<Float>(.nan).where(Tensor(false), else: 1).item == 1)
    for bad in [{ a.where(Tensor([true, false]), else: 0) }, { a.where(a > 1, else: Tensor([1, 2])) }] {
      #expect(throws: TensorError.self) { try catchingTensorErrors { _ = bad() } }
    }
  }
}
