import Foundation
import TestSupport
import Testing

@testable import MartletCore

// The operations that the guide "Adding an operation" adds.

extension Tensor where Element: DifferentiableScalar {
  /// The square of the positive part of each element.
  public func squaredRelu() -> Tensor {
    let positive = relu()
    return positive * positive
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// exp(−alpha x²) of each element. An alpha below 0 is an error. Derivative: `dx = −2 alpha g x exp(−alpha x²)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func gaussian(
    alpha: Element = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard alpha >= 0 else {
      return .failed("gaussian", "alpha must be at least 0, not \(alpha)", file, line)
    }
    let value = noGrad { (self * self * -alpha).exp() }
    return value.recorded(
      "Gaussian", edge(saving: self) { g, x in g * x * (-2 * alpha) * x.gaussian(alpha: alpha) })
  }
}

struct GuideTests {
  typealias Mistake = MistakeTests.Mistake

  static let cases: [OpCase] = [
    OpCase(
      "Mul", "squared relu", kinks: [0], f32: { $0.squaredRelu() }, f64: { $0.squaredRelu() },
      reference: { max($0, 0) * max($0, 0) }),
    OpCase(
      "Gaussian", bound: .ulps(10), f32: { $0.gaussian(alpha: 0.75) }, f64: { $0.gaussian(alpha: 0.75) },
      reference: { exp(-0.75 * $0 * $0) }),
  ]

  static let mistakes: [Mistake] = [
    Mistake("gaussian", "alpha must be at least 0, not -1.0", line: #line + 1) {
      ones([2]).gaussian(alpha: -1)
    }
  ]

  @Test(arguments: cases)
  func behaves(_ op: OpCase) { verify(op) }

  @Test(arguments: mistakes)
  func isRefused(_ mistake: Mistake) throws {
    let error = try #require(refusal { _ = mistake.make() })
    #expect("\(error)" == "\(mistake)")
  }

  private static func ones(_ shape: TensorShape) -> Tensor<Float> { .ones(shape) }

  @Test func theGuideShowsThisCode() throws {
    func trimmed(_ text: some StringProtocol) -> String {
      text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
    }
    let guide = try Checkout.text("Sources/Martlet/Martlet.docc/Guides/AddingAnOperation.md")
    let shown = guide.components(separatedBy: "```swift\n").dropFirst().map {
      $0.components(separatedBy: "```")[0]
    }
    .filter { !$0.contains("CustomFunction") }
    let code =
      trimmed(try String(contentsOfFile: #filePath, encoding: .utf8))
      + trimmed(try Checkout.text("Sources/Core/Ops/Reductions/ReductionLaunches.swift"))
    #expect(shown.count == 5 && shown.allSatisfy { code.contains(trimmed($0)) })
  }
}
