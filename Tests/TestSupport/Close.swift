import Foundation
import MartletCore
import Testing

/// An element type of the checker. Each type has its own conversions of whole arrays, because generic code is
/// slow without optimisation.
public protocol CheckedScalar: DifferentiableScalar {
  /// The nearest scalars.
  static func nearest(_ numbers: [Double]) -> [Self]
  /// The same numbers in the type of the references.
  static func widened(_ scalars: [Self]) -> [Extended]
  /// The number format that ``ulps(_:from:scale:)`` measures in.
  static var format: FloatFormat { get }
  /// The operation for this element type.
  static func body(of op: OpCase) -> @Sendable ([Tensor<Self>]) -> Tensor<Self>
}

extension Float: CheckedScalar {
  /// The nearest scalars.
  public static func nearest(_ numbers: [Double]) -> [Float] { numbers.map { Float($0) } }
  /// The same numbers in the type of the references.
  public static func widened(_ scalars: [Float]) -> [Extended] { scalars.map { Extended($0) } }
  /// The format of IEEE 754 binary32.
  public static let format = FloatFormat(
    fractionBits: 23, leastExponent: -126, largest: 0x1.fffffep127)
  /// The operation for `Float`.
  public static func body(of op: OpCase) -> @Sendable ([Tensor<Float>]) -> Tensor<Float> { op.f32 }
}

extension Double: CheckedScalar {
  /// The nearest scalars.
  public static func nearest(_ numbers: [Double]) -> [Double] { numbers }
  /// The same numbers in the type of the references.
  public static func widened(_ scalars: [Double]) -> [Extended] { scalars.map { Extended($0) } }
  /// The format of IEEE 754 binary64.
  public static let format = FloatFormat(
    fractionBits: 52, leastExponent: -1022, largest: 0x1.fffffffffffffp1023)
  /// The operation for `Double`.
  public static func body(of op: OpCase) -> @Sendable ([Tensor<Double>]) -> Tensor<Double> { op.f64 }
}

/// The spacing of the numbers of a floating-point type.
public struct FloatFormat: Sendable {
  let fractionBits: Int, leastExponent: Int
  let largest: Extended

  /// The distance between two neighbours of the magnitude of `x`.
  func unit(_ x: Extended) -> Extended {
    let exponent = x == 0 ? leastExponent : Swift.max(Swift.min(x.exponent, largest.exponent), leastExponent)
    return Extended(sign: .plus, exponent: exponent - fractionBits, significand: 1)
  }

  /// The error of a value of this type, in units of the last place of the expected number, or of `scale` if
  /// that is larger. It is 0 for two NaN or two equal infinities, and infinite if only one of the two is
  /// finite.
  ///
  /// Correct rounding has an error of at most half a unit.
  public func ulps(_ value: Extended, from expected: Extended, scale: Extended = 0) -> Extended {
    if value == expected || (value.isNaN && expected.isNaN) { return 0 }
    if value.isNaN || expected.isNaN || expected.isInfinite { return .infinity }
    if value.isInfinite {
      // Infinity is right for numbers that round to a value beyond the largest.
      return abs(expected) >= largest + unit(largest) / 2 && (value > 0) == (expected > 0) ? 0 : .infinity
    }
    return abs(value - expected) / unit(Swift.max(abs(expected), scale))
  }
}

/// The values that exceed their bound. They are reported as one issue with the largest error.
final class Distances: @unchecked Sendable {
  /// The collection for the checks of one operation. Without it, each check is an issue of its own.
  @TaskLocal static var gathered: Distances?

  private var count = 0, largest = -Extended.infinity, text = "", location: SourceLocation?

  func add(_ distance: Extended, _ text: String, _ location: SourceLocation) {
    count += 1
    if self.location != nil && distance <= largest { return }
    (largest, self.text, self.location) = (distance, text, location)
  }

  func record() {
    guard let location else { return }
    Issue.record("\(text)\(count > 1 ? "; the furthest of \(count) results" : "")", sourceLocation: location)
  }
}

/// Records an issue unless the values lie within `limit` units of the last place of the expected ones.
public func expectClose<Element: CheckedScalar>(
  _ values: [Element], _ expected: [Extended], within limit: Double, scales: [Extended]? = nil,
  _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  if values.count != expected.count {
    Issue.record(
      "\(values.count) elements, \(expected.count) expected; \(comment())", sourceLocation: sourceLocation)
    return
  }
  let wide = Element.widened(values)
  guard let (i, error) = furthest(wide, expected, Extended(limit), scales, Element.format) else { return }
  let what =
    "element \(i): \(values[i]), expected \(expected[i]): \(error) ulp, at most \(limit); \(comment())"
  guard let gathered = Distances.gathered else {
    Issue.record("\(what)", sourceLocation: sourceLocation)
    return
  }
  gathered.add(error, what, sourceLocation)
}

/// The value with the largest error and that error, or nil if no error exceeds the limit.
private func furthest(
  _ values: [Extended], _ expected: [Extended], _ limit: Extended, _ scales: [Extended]?,
  _ format: FloatFormat
) -> (Int, Extended)? {
  // References are rounded too: Float80 to a 2048th of a unit.
  var worst = limit * 1.001, at: Int?
  for i in 0..<values.count where values[i] != expected[i] {
    let error = format.ulps(values[i], from: expected[i], scale: scales?[i] ?? 0)
    if !(error <= worst) { (worst, at) = (error, i) }
  }
  return at.map { ($0, worst) }
}

/// Records an issue unless two results have the same bits. All NaNs count as equal.
public func expectSameBits<Element: CheckedScalar>(
  _ a: [Element], _ b: [Element], _ comment: @autoclosure () -> String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let areSame = a.withUnsafeBytes { x in
    b.withUnsafeBytes { y in
      x.count == y.count && (x.isEmpty || memcmp(x.baseAddress!, y.baseAddress!, x.count) == 0)
    }
  }
  if areSame { return }
  let x = Element.widened(a), y = Element.widened(b)
  func same(_ i: Int) -> Bool { x[i] == y[i] ? x[i].sign == y[i].sign : x[i].isNaN && y[i].isNaN }
  if x.count == y.count, x.indices.allSatisfy(same) { return }
  let i = zip(x.indices, y.indices).first { !same($0.0) }?.0
  let difference = i.map { "element \($0): \(a[$0]) and \(b[$0])" } ?? "no difference in what both have"
  Issue.record(
    "\(a.count) and \(b.count) elements, \(difference); \(comment())", sourceLocation: sourceLocation)
}
