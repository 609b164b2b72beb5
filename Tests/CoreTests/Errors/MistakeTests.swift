import Foundation
import Martlet
import TestSupport
import Testing

/// Every kind of mistake stops the program, in this configuration, with the operation, what is wrong and the
/// place; inside a scope the same is thrown. Scripts/check-mistakes.sh finds the ones that are not made here.
@Suite struct MistakeTests {
  struct Mistake: Sendable, CustomStringConvertible {
    let operation: String
    let reason: String
    /// The layer that it is made in, its path unless that is its type alone, and its configuration.
    let layer: String?
    /// Where it is made, `"file:line"`.
    let location: String
    let make: @Sendable () -> Any

    init(
      _ operation: String, _ reason: String, in layer: String? = nil, line: Int, file: String = #fileID,
      make: @escaping @Sendable () -> Any
    ) {
      self.operation = operation
      self.reason = reason
      self.layer = layer
      location = "\(file.split(separator: "/").last!):\(line)"
      self.make = make
    }

    var description: String { "\(operation): \(reason)\(layer.map { "; in \($0)" } ?? "") (\(location))" }
  }

  static func ones(_ shape: TensorShape) -> Tensor<Float> { .ones(shape) }
  static func leaf() -> Tensor<Float> { .ones([3], requiresGrad: true) }

  static let mistakes =
    shapes + products + joins + axes + indices + assignments + elements + sampling + history + changes
    + normalizing + convolutions + recurrences + losses + activations + initializers + pooling + resampling
    + smallLayers
    + layers
    + parameters
    + optimizers
    + schedules
    + data
    + linearAlgebra + attention + attentionLayers

  /// A few processes at a time: hundreds of them, with a sanitizer's memory each, are more than a machine has.
  private static let lanes = 4

  @Test(arguments: 0..<lanes) func stopTheProgram(_ lane: Int) async throws {
    for index in stride(from: lane, to: Self.mistakes.count, by: Self.lanes) {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        [index = index as Int] in
        _ = MistakeTests.mistakes[index].make()
      }
      let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
      let mistake = Self.mistakes[index]
      #expect(message.contains("Fatal error: \(mistake)\n"), "\(mistake)\n\(message)")
    }
  }

  @Test(arguments: mistakes.indices) func isThrownInAScope(_ index: Int) throws {
    let mistake = Self.mistakes[index]
    let error = try #require(refusal { _ = mistake.make() }, "\(mistake)")
    #expect(error.operation == mistake.operation)
    #expect(error.reason == mistake.reason)
    #expect(error.location == mistake.location)
    #expect("\(error)" == "\(mistake)")
  }
}
