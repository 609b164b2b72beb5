import MartletCore
import TestSupport
import Testing

struct CastingCases {
  static let cases: [OpCase] = [
    OpCase(
      "Cast", "to the same type", f32: { Tensor<Float>($0) }, f64: { Tensor<Double>($0) }, reference: { $0 }),
    OpCase(
      "Cast", "to the wider type and back", f32: { Tensor<Float>(Tensor<Double>($0)) },
      f64: { Tensor<Double>($0) },
      reference: { $0 }),
  ]

  @Test(arguments: cases)
  func behaves(_ op: OpCase) { verify(op) }

  /// Gradients are cast from Float to Double and back, and so are gradients of gradients.
  @Test func gradientsAreCastBack() throws {
    let x = Tensor<Double>([1, 2, 3], requiresGrad: true)
    let y = Tensor<Float>(x)
    (y * y * y).sum().backward(createGraph: true)
    let first = try #require(x.grad)
    #expect(first.scalars == [3, 12, 27])
    let second = try catchingTensorErrors { first.sum().gradient(of: x).scalars }
    #expect(second == [6, 12, 18])
  }

  /// Rounds to the nearest number, ties to even, and to infinity beyond the range.
  @Test func doubleToFloatRounds() {
    let x: [Double] = [0.1, 1 + 0x1p-24, 1 + 0x1.8p-23, 1e-46, 1e39, -1e39, .nan, .infinity, -0.0]
    let y = Tensor<Float>(Tensor(x)).scalars
    #expect(zip(x, y).allSatisfy { Float($0) == $1 || ($0.isNaN && $1.isNaN) })
    #expect(y[8].sign == .minus)
  }

  @Test func fractionsAreCutOff() {
    let x = Tensor<Double>([2.9, -2.9, 0.5, -0.5, 0, 255.99])
    #expect(Tensor<Int>(x).scalars == [2, -2, 0, 0, 0, 255])
    #expect(Tensor<Int32>(x).scalars == [2, -2, 0, 0, 0, 255])
    #expect(Tensor<UInt8>(Tensor<Double>([2.9, -0.5, 255.99])).scalars == [2, 0, 255])
  }

  @Test func theEndsOfTheRanges() {
    #expect(
      Tensor<Int>(Tensor<Double>([-0x1p63, 0x1.fffffffffffffp62])).scalars == [
        Int.min, 0x7fff_ffff_ffff_fc00,
      ])
    #expect(
      Tensor<Int32>(Tensor<Double>([-2_147_483_648.9, 2_147_483_647.9])).scalars == [Int32.min, Int32.max])
    #expect(Tensor<Int32>(Tensor<Float>([-2_147_483_648])).scalars == [Int32.min])
    #expect(Tensor<Int32>(Tensor<Int>([-2_147_483_648, 2_147_483_647])).scalars == [Int32.min, Int32.max])
    #expect(Tensor<UInt8>(Tensor<Int>([0, 255])).scalars == [0, 255])
    #expect(Tensor<Double>(Tensor<Int>([Int.max, Int.min])).scalars == [0x1p63, -0x1p63])
    #expect(Tensor<Float>(Tensor<Int>([16_777_217])).scalars == [16_777_216])
  }

  @Test func toAndFromBool() {
    #expect(Tensor<Bool>(Tensor<Float>([0, -0.0, 1, .nan, -3])).scalars == [false, false, true, true, true])
    #expect(Tensor<Bool>(Tensor<Int>([0, 256, -1])).scalars == [false, true, true])
    #expect(Tensor<Int>(Tensor<Bool>([true, false])).scalars == [1, 0])
    #expect(Tensor<Float>(Tensor<Bool>([true, false])).scalars == [1, 0])
  }

  @Test func viewsAreCast() {
    let x = Tensor<Float>([[1, 2, 3], [4, 5, 6]])
    #expect(Tensor<Int>(x.transposed()).scalars == [1, 4, 2, 5, 3, 6])
    #expect(Tensor<Double>(x[0..., .stride(by: -2)]).scalars == [3, 1, 6, 4])
  }

  @Test func whatDoesNotFitIsAnError() {
    let wrong: [(@Sendable () -> Void, String)] = [
      (
        { _ = Tensor<Int>(Tensor<Float>([1, .nan, 2])) },
        "Tensor: 1 of 3 elements are NaN or out of range for Int"
      ),
      ({ _ = Tensor<Int>(Tensor<Double>([0x1p63])) }, "out of range for Int"),
      ({ _ = Tensor<Int>(Tensor<Float>([.infinity])) }, "out of range for Int"),
      ({ _ = Tensor<Int32>(Tensor<Float>([0x1p31])) }, "out of range for Int32"),
      ({ _ = Tensor<Int32>(Tensor<Double>([-2_147_483_649])) }, "out of range for Int32"),
      ({ _ = Tensor<Int32>(Tensor<Int>([2_147_483_648])) }, "out of range for Int32"),
      ({ _ = Tensor<UInt8>(Tensor<Int>([-1])) }, "out of range for UInt8"),
      ({ _ = Tensor<UInt8>(Tensor<Int32>([256])) }, "out of range for UInt8"),
      ({ _ = Tensor<UInt8>(Tensor<Float>([-1])) }, "out of range for UInt8"),
    ]
    for (body, message) in wrong {
      do {
        try catchingTensorErrors { body() }
        Issue.record("no error: \(message)")
      } catch {
        #expect("\(error)".contains(message))
      }
    }
  }
}
