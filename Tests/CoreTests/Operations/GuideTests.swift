import Foundation
import TestSupport
import Testing

@testable import MartletCore

// The operations that the guide "Adding an operation" adds.

extension Tensor where Element: DifferentiableScalar {
  /// x · sigmoid(x) of each element.
  public func swish() -> Tensor { self * sigmoid() }
}

extension Tensor where Element: DifferentiableScalar {
  /// x / (1 + |x|) of each element. Derivative: `dx = g / (1 + |x|)²`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func softsign() -> Tensor {
    let value = noGrad { self / (abs() + 1) }
    return value.recorded("Softsign", self, saving: self, { g, x in g / (x.abs() + 1).pow(2) })
  }
}

struct GuideTests {
  static let cases: [OpCase] = [
    OpCase(
      "Mul", "swish", domain: -6...6, bound: .ulps(3), f32: { $0.swish() }, f64: { $0.swish() },
      reference: { $0 / (1 + exp(-$0)) }),
    OpCase(
      "Softsign", kinks: [0], bound: .ulps(2), f32: { $0.softsign() }, f64: { $0.softsign() },
      reference: { $0 / (1 + abs($0)) }),
  ]

  @Test(arguments: cases)
  func behaves(_ op: OpCase) { verify(op) }

  @Test func theGuideShowsThisCode() throws {
    func trimmed(_ text: some StringProtocol) -> String {
      text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
    }
    let root = Golden.folder.deletingLastPathComponent().deletingLastPathComponent()
    let guide = root.appendingPathComponent("Sources/Martlet/Martlet.docc/Guides/AddingAnOperation.md")
    let blocks = try String(contentsOf: guide, encoding: .utf8).components(separatedBy: "```swift\n")
      .dropFirst().map { $0.components(separatedBy: "```")[0] }
    let code = trimmed(try String(contentsOfFile: #filePath, encoding: .utf8))
    #expect(blocks.count == 3 && blocks.allSatisfy { code.contains(trimmed($0)) })
  }
}
