import CKernels
import CSweep
import Foundation
import MartletCore
import Testing

/// Compares the elementary functions over the whole range of their arguments with the C library's in a wider
/// type.
///
/// Tests every 97th `Float`. `make accuracy` tests every one and reports the largest error.
struct AccuracyTests {
  /// The largest error in units of the last place.
  struct Limit: Sendable, CustomTestStringConvertible {
    let name: String
    let kernel: MTUnary
    let ulps: Double

    var testDescription: String { name }
  }

  static let limits = [
    Limit(name: "exp", kernel: .exp, ulps: 2), Limit(name: "log", kernel: .log, ulps: 2),
    // Half a unit is correct rounding. The wider type is uncertain to a 2048th of a unit.
    Limit(name: "sqrt", kernel: .squareRoot, ulps: 0.5005), Limit(name: "tanh", kernel: .tanh, ulps: 2),
    Limit(name: "sigmoid", kernel: .sigmoid, ulps: 2), Limit(name: "erf", kernel: .erf, ulps: 2),
    Limit(name: "sin", kernel: .sin, ulps: 2), Limit(name: "cos", kernel: .cos, ulps: 2),
    Limit(name: "gelu", kernel: .gelu, ulps: 4), Limit(name: "gelu, tanh", kernel: .geluTanh, ulps: 4),
    Limit(name: "log1p", kernel: .log1p, ulps: 2), Limit(name: "expm1", kernel: .expm1, ulps: 2),
    Limit(name: "exp2", kernel: .exp2, ulps: 2), Limit(name: "log2", kernel: .log2, ulps: 2),
    Limit(name: "log10", kernel: .log10, ulps: 2), Limit(name: "tan", kernel: .tan, ulps: 2),
    Limit(name: "asin", kernel: .asin, ulps: 2), Limit(name: "acos", kernel: .acos, ulps: 2),
    Limit(name: "atan", kernel: .atan, ulps: 2), Limit(name: "sinh", kernel: .sinh, ulps: 2),
    Limit(name: "cosh", kernel: .cosh, ulps: 2), Limit(name: "asinh", kernel: .asinh, ulps: 2),
    Limit(name: "acosh", kernel: .acosh, ulps: 2), Limit(name: "atanh", kernel: .atanh, ulps: 2),
    Limit(name: "rsqrt", kernel: .rsqrt, ulps: 2), Limit(name: "logit", kernel: .logit, ulps: 2),
    Limit(name: "sinc", kernel: .sinc, ulps: 2), Limit(name: "erfc", kernel: .erfc, ulps: 5),
    Limit(name: "logGamma", kernel: .logGamma, ulps: 5), Limit(name: "erfinv", kernel: .erfinv, ulps: 5),
    Limit(name: "normalCDF", kernel: .normalCDF, ulps: 5),
  ]

  /// The step over the bits of `Float`s, from the environment.
  static let step = ProcessInfo.processInfo.environment["MARTLET_SWEEP"].flatMap(UInt32.init)

  @Test(arguments: limits)
  func floatsOverTheWholeRange(_ limit: Limit) {
    judge(martlet_sweep_f32(limit.kernel, Self.step ?? 97), "Float", limit)
  }

  @Test(.enabled(if: martlet_sweep_judges_f64() != 0), arguments: limits)
  func doublesOfEveryKind(_ limit: Limit) {
    judge(martlet_sweep_f64(limit.kernel, Self.step == nil ? 20_000 : 4_000_000), "Double", limit)
  }

  private func judge(_ worst: MTWorst, _ element: String, _ limit: Limit) {
    if Self.step != nil { print("accuracy:", limit.name, element, worst.error, "ulp at", worst.at) }
    #expect(worst.error <= limit.ulps, "\(limit.name) of \(element) \(worst.at), \(instructionSet)")
  }
}
