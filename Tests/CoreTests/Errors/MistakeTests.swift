import Foundation
import Martlet
import TestSupport
import Testing

/// Mistakes stop the program with the operation, the reason and the line; inside a scope the same is thrown.
///
/// Every mistake is made in a scope. All of them end in the same few lines where the program stops, so that a process of
/// its own is given to one of each way there. Scripts/check-mistakes.sh finds the mistakes that are not made here.
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

    var description: String { "\(withoutLine) (\(location))" }
    var withoutLine: String { "\(operation): \(reason)\(layer.map { "; in \($0)" } ?? "")" }
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

  /// A mistake of each way to the end of the program: an operator and a property, whose line is found by the frames of
  /// its callers; a function, a subscript and its setter, an initialiser and a module's, which are told their line; a
  /// layer; the backward pass; a change in place; other modules.
  static let stopping = [
    shapes, elements, products, indices, assignments, convolutions, layers, parameters, history, changes,
    optimizers,
    data,
  ].map { $0[0] }

  @Test func stopTheProgram() async throws {
    for (index, mistake) in Self.stopping.enumerated() {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        [index = index as Int] in
        _ = MistakeTests.stopping[index].make()
      }
      let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
      #expect(message.contains("Fatal error: \(mistake)\n"), "\(mistake)\n\(message)")
    }
  }

  @Test(arguments: mistakes.indices) func isThrownInAScope(_ index: Int) throws {
    let mistake = Self.mistakes[index]
    let error = try #require(refusal { _ = mistake.make() }, "\(mistake)")
    #expect(error.operation == mistake.operation)
    #expect(error.reason == mistake.reason)
    #expect(error.location == mistake.location)
    // That of an operator or a property is looked up only when `location` asks.
    #expect("\(error)" == "\(mistake)" || "\(error)" == mistake.withoutLine)
    #expect(error.clientMessage == "\(mistake.operation): \(mistake.reason)")
  }
}
