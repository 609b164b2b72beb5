import MartletCore
import TestSupport
import Testing

private let misfits = "shapes [2, 3] and [4] do not broadcast"
private func addMisfits() { _ = Tensor<Float>.ones([2, 3]) + Tensor<Float>.ones([4]) }
private func matrix() -> Tensor<Float> { .ones([2, 3]) }
private func vector() -> Tensor<Float> { .ones([4]) }

/// The larger of two numbers. A NaN wins.
private func larger(_ a: Extended, _ b: Extended) -> Extended { a.isNaN || a > b ? a : b }
private func smaller(_ a: Extended, _ b: Extended) -> Extended { a.isNaN || a < b ? a : b }

struct ArithmeticCases {
  static let binary: [OpCase] = [
    OpCase(
      "Add", f32: { $0 + $1 }, f64: { $0 + $1 }, reference: { $0 + $1 },
      misuse: [Misuse("shapes", "+: " + misfits) { _ = matrix() + vector() }]),
    OpCase(
      "Sub", f32: { $0 - $1 }, f64: { $0 - $1 }, reference: { $0 - $1 },
      misuse: [Misuse("shapes", "-: " + misfits) { _ = matrix() - vector() }]),
    OpCase(
      "Mul", f32: { $0 * $1 }, f64: { $0 * $1 }, reference: { $0 * $1 },
      misuse: [Misuse("shapes", "*: " + misfits) { _ = matrix() * vector() }]),
    OpCase(
      "Div", domains: (-3...3, 0.5...3), f32: { $0 / $1 }, f64: { $0 / $1 }, reference: { $0 / $1 },
      misuse: [Misuse("shapes", "/: " + misfits) { _ = matrix() / vector() }]),
    OpCase(
      "Maximum", f32: { Tensor.maximum($0, $1) }, f64: { Tensor.maximum($0, $1) },
      reference: { larger($0, $1) },
      misuse: [Misuse("shapes", "maximum: " + misfits) { _ = Tensor.maximum(matrix(), vector()) }]),
    OpCase(
      "Minimum", f32: { Tensor.minimum($0, $1) }, f64: { Tensor.minimum($0, $1) },
      reference: { smaller($0, $1) },
      misuse: [Misuse("shapes", "minimum: " + misfits) { _ = Tensor.minimum(matrix(), vector()) }]),
  ]

  static let scalars: [OpCase] = [
    OpCase("Neg", f32: { -$0 }, f64: { -$0 }, reference: { -$0 }),
    OpCase("Add", "tensor + 1.5", f32: { $0 + 1.5 }, f64: { $0 + 1.5 }, reference: { $0 + 1.5 }),
    OpCase("Add", "2 + tensor", f32: { 2 + $0 }, f64: { 2 + $0 }, reference: { 2 + $0 }),
    OpCase("Sub", "tensor - 1.5", f32: { $0 - 1.5 }, f64: { $0 - 1.5 }, reference: { $0 - 1.5 }),
    OpCase("Sub", "2 - tensor", f32: { 2 - $0 }, f64: { 2 - $0 }, reference: { 2 - $0 }),
    OpCase("Mul", "tensor * 1.5", f32: { $0 * 1.5 }, f64: { $0 * 1.5 }, reference: { $0 * 1.5 }),
    OpCase("Mul", "3 * tensor", f32: { 3 * $0 }, f64: { 3 * $0 }, reference: { 3 * $0 }),
    OpCase("Div", "tensor / 3", f32: { $0 / 3 }, f64: { $0 / 3 }, reference: { $0 / 3 }),
    OpCase("Div", "2 / tensor", domain: 0.5...3, f32: { 2 / $0 }, f64: { 2 / $0 }, reference: { 2 / $0 }),
    OpCase("Mul", "by itself", f32: { $0 * $0 }, f64: { $0 * $0 }, reference: { $0 * $0 }),
  ]

  @Test(arguments: binary + scalars)
  func behaves(_ op: OpCase) { verify(op) }

  /// The elementwise maximum and minimum halve the gradient of equal elements.
  @Test func tiesAreHalved() {
    for pick in [Tensor<Double>.maximum, Tensor<Double>.minimum] {
      let a = Tensor<Double>([1, 2, -3], requiresGrad: true),
        b = Tensor<Double>([1, 2, -3], requiresGrad: true)
      let gradients = pick(a, b).gradients(of: [a, b], seed: Tensor([2, 4, 6]))
      #expect(gradients[0].scalars == [1, 2, 3])
      #expect(gradients[1].scalars == [1, 2, 3])
    }
  }

  /// A tie with a broadcast scalar: each element of the row is compared with the scalar.
  @Test func tiesOfABroadcastScalarAddUp() {
    let a = Tensor<Double>([0, 1, 2], requiresGrad: true), b = Tensor<Double>(1, requiresGrad: true)
    let gradients = Tensor.maximum(a, b).sum().gradients(of: [a, b])
    #expect(gradients[0].scalars == [0, 0.5, 1])
    #expect(gradients[1].item == 1.5)
  }

  @Test func bothOfAPairWithANaNGetTheGradient() {
    let a = Tensor<Double>([1, .nan, .nan], requiresGrad: true)
    let b = Tensor<Double>([.nan, 1, .nan], requiresGrad: true)
    for y in [Tensor.maximum(a, b), Tensor.minimum(a, b)] {
      #expect(y.sum().gradients(of: [a, b]).map(\.scalars) == [[1, 1, 1], [1, 1, 1]])
    }
  }

  @Test func compoundAssignmentBindsANewTensor() {
    var a = Tensor<Float>([6, 8])
    let before = a
    a += 2
    a *= 3
    a -= 4
    a /= 2
    #expect(a.scalars == [10, 13])
    #expect(before.scalars == [6, 8])
  }

  @Test func misfitStopsTheProgramWithTheCallersLine() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      addMisfits()
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains("+: shapes [2, 3] and [4] do not broadcast (ArithmeticCases.swift:"))
  }
}
