import MartletCore
import TestSupport
import Testing

struct ComparingCases {
  static let cases: [OpCase] = [
    OpCase(
      "Where", f32: { a, b, c in a.where(c > 0, else: b) }, f64: { a, b, c in a.where(c > 0, else: b) },
      reference: { a, b, c in c > 0 ? a : b },
      misuse: [
        Misuse(
          "a mask that does not broadcast", "where: the mask [4] and shapes [2, 3] and [] do not broadcast"
        ) {
          _ = Tensor<Float>.ones([2, 3]).where(Tensor<Bool>.full([4], true), else: 0)
        }
      ])
  ]

  @Test(arguments: cases)
  func behaves(_ op: OpCase) { verify(op) }

  /// Compares with Swift's comparisons, for NaN, infinities and both zeros, broadcast both ways.
  @Test func comparisonsAreSwifts() {
    let numbers: [Double] = [.nan, .infinity, -.infinity, 0, -0.0, 1, -1, 2.5, .leastNonzeroMagnitude]
    let a = Tensor(numbers), column = a.reshaped([9, 1])
    func expect(
      _ mask: Tensor<Bool>, _ holds: (Double, Double) -> Bool,
      sourceLocation: SourceLocation = #_sourceLocation
    ) {
      let expected = numbers.flatMap { y in numbers.map { x in holds(y, x) } }
      #expect(mask.shape == [9, 9] && mask.scalars == expected, sourceLocation: sourceLocation)
    }
    expect(column .== a, ==)
    expect(column .!= a, !=)
    expect(column < a, <)
    expect(column .< a, <)
    expect(column <= a, <=)
    expect(column .<= a, <=)
    expect(column > a, >)
    expect(column .> a, >)
    expect(column >= a, >=)
    expect(column .>= a, >=)
  }

  @Test func scalarsStandOnEitherSide() {
    let a = Tensor<Float>([1, 2, 3])
    #expect((a .== 2).scalars == [false, true, false])
    #expect((a .!= 2).scalars == [true, false, true])
    #expect((a < 2).scalars == [true, false, false])
    #expect((2 < a).scalars == [false, false, true])
    #expect((a <= 2).scalars == [true, true, false])
    #expect((2 <= a).scalars == [false, true, true])
    #expect((a > 2).scalars == [false, false, true])
    #expect((2 > a).scalars == [true, false, false])
    #expect((a >= 2).scalars == [false, true, true])
    #expect((2 >= a).scalars == [true, true, false])
  }

  /// Tests every length, so that the tails of the loops are covered.
  @Test func comparisonsOfEveryLength() {
    var random = SampleRandom(seed: 11)
    for count in 1...67 {
      let x = (0..<count).map { _ in Int32.random(in: -3...3, using: &random) }
      let y = (0..<count).map { _ in Int32.random(in: -3...3, using: &random) }
      #expect((Tensor(x) < Tensor(y)).scalars == zip(x, y).map { $0 < $1 })
      #expect((Tensor(x) .== Tensor(y)).scalars == zip(x, y).map { $0 == $1 })
      let bytes = x.map { UInt8(truncatingIfNeeded: $0) }, others = y.map { UInt8(truncatingIfNeeded: $0) }
      #expect((Tensor(bytes) <= Tensor(others)).scalars == zip(bytes, others).map { $0 <= $1 })
      #expect((Tensor(bytes) .!= Tensor(others)).scalars == zip(bytes, others).map { $0 != $1 })
    }
  }

  @Test func masksAreCombined() {
    let a = Tensor<Bool>([true, true, false, false]), b = Tensor<Bool>([true, false, true, false])
    #expect((a .& b).scalars == [true, false, false, false])
    #expect((a .| b).scalars == [true, true, true, false])
    #expect((.!a).scalars == [false, false, true, true])
    #expect(((.!a) .& Tensor<Bool>(true)).scalars == [false, false, true, true])
  }

  @Test func anyAndAll() {
    for count in 0...67 {
      #expect(!Tensor<Bool>.full([count], false).any())
      #expect(Tensor<Bool>.full([count], true).all())
      for place in 0..<count {
        let one = (0..<count).map { $0 == place }
        #expect(Tensor<Bool>(one).any())
        #expect(!(.!Tensor<Bool>(one)).all())
      }
    }
  }

  /// Elements that are not chosen get no gradient, even if they are NaN.
  @Test func gradientsGoToTheChosen() {
    let a = Tensor<Double>([1, .nan, 3], requiresGrad: true), b = Tensor<Double>(7, requiresGrad: true)
    let y = a.where(a < 2, else: b)
    #expect(y.scalars == [1, 7, 7])
    let gradients = y.gradients(of: [a, b], seed: Tensor([10, 20, 40]))
    #expect(gradients[0].scalars == [10, 0, 0])
    #expect(gradients[1].item == 60)
  }
}
