import Foundation
import TestSupport
import Testing

@testable import MartletCore

/// The elementary functions over the whole range of their arguments, against the C library's in the widest float.
///
/// `MARTLET_SWEEP=97` tries every 97th `Float` and a million `Double`s instead of the few that time allows.
struct AccuracyTests {
  struct Function: Sendable, CustomTestStringConvertible {
    let name: String
    let limit: Extended
    let f32: @Sendable (Tensor<Float>) -> Tensor<Float>
    let f64: @Sendable (Tensor<Double>) -> Tensor<Double>
    let reference: @Sendable (Extended) -> Extended

    var testDescription: String { name }
  }

  static let functions: [Function] = [
    Function(name: "exp", limit: 2, f32: { $0.exp() }, f64: { $0.exp() }, reference: { exp($0) }),
    Function(name: "log", limit: 2, f32: { $0.log() }, f64: { $0.log() }, reference: { log($0) }),
    Function(name: "tanh", limit: 2, f32: { $0.tanh() }, f64: { $0.tanh() }, reference: { tanh($0) }),
    Function(
      name: "sigmoid", limit: 2, f32: { $0.sigmoid() }, f64: { $0.sigmoid() },
      reference: { 1 / (1 + exp(-$0)) }),
    Function(name: "sin", limit: 2, f32: { $0.sin() }, f64: { $0.sin() }, reference: { sin($0) }),
    Function(name: "cos", limit: 2, f32: { $0.cos() }, f64: { $0.cos() }, reference: { cos($0) }),
    Function(name: "erf", limit: 2, f32: { $0.erf() }, f64: { $0.erf() }, reference: { erf($0) }),
    // Half a unit is correct rounding; Float80 leaves a 2048th of doubt about it.
    Function(
      name: "sqrt", limit: 0.5005, f32: { $0.sqrt() }, f64: { $0.sqrt() }, reference: { $0.squareRoot() }),
  ]

  static let sweep = ProcessInfo.processInfo.environment["MARTLET_SWEEP"].flatMap(Int.init)

  @Test(arguments: functions)
  func floatsOverTheWholeRange(_ function: Function) {
    let step = Self.sweep ?? 199_999
    var worst: (error: Extended, at: Float) = (0, 0)
    for start in stride(from: 0, through: Int(UInt32.max), by: step * 4096) {
      let end = Swift.min(start + step * 4096, Int(UInt32.max) + 1)
      let x = stride(from: start, to: end, by: step).map { Float(bitPattern: UInt32($0)) }
      note(function, x, function.f32(Tensor(x)).scalars, &worst)
    }
    var random = SampleRandom(seed: 3_141_592_653)
    let moderate = Float.nearest(
      [1.0, 20].flatMap { bound in (0..<10_000).map { _ in random.number(in: -bound...bound) } })
    note(function, moderate, function.f32(Tensor(moderate)).scalars, &worst)
    report(function, "Float", worst.error, "\(worst.at)")
  }

  /// Bits at random, so that every exponent is as likely, and the range where the function is not flat.
  @Test(arguments: functions)
  func doublesAtRandom(_ function: Function) {
    let count = Self.sweep == nil ? 10_000 : 1_000_000
    var random = SampleRandom(seed: 2_718_281_828)
    var worst: (error: Extended, at: Double) = (0, 0)
    let bits = (0..<count).map { _ in Double(bitPattern: random.next()) }
    note(function, bits, function.f64(Tensor(bits)).scalars, &worst)
    let moderate = [1.0, 40, 750].flatMap { bound in
      (0..<count).map { _ in random.number(in: -bound...bound) }
    }
    note(function, moderate, function.f64(Tensor(moderate)).scalars, &worst)
    report(function, "Double", worst.error, "\(worst.at)")
  }

  private func note<Element: CheckedScalar>(
    _ function: Function, _ x: [Element], _ y: [Element], _ worst: inout (error: Extended, at: Element)
  ) {
    let numbers = Element.widened(x), values = Element.widened(y)
    for i in 0..<x.count {
      let error = Element.format.ulps(values[i], from: function.reference(numbers[i]))
      if error > worst.error { worst = (error, x[i]) }
    }
  }

  private func report(_ function: Function, _ element: String, _ error: Extended, _ place: String) {
    if Self.sweep != nil { print("accuracy:", function.name, element, error, "ulp at", place) }
    #expect(error <= function.limit, "\(function.name) of \(element) \(place), \(instructionSet)")
  }
}
