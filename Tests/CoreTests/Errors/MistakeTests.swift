import Foundation
import Martlet
import TestSupport
import Testing

/// Mistakes stop the program with the operation, the reason and the line. Inside a scope the same error is
/// thrown.
///
/// Every mistake is made in a scope. In all of them the program stops in the same few lines, so only one
/// mistake of each path there runs in a process of its own. Scripts/check-mistakes.sh finds the mistakes that
/// are missing here.
@Suite struct MistakeTests {
  struct Mistake: Sendable, CustomStringConvertible {
    let operation: String
    let reason: String
    /// The layer in which it is made: its path, unless that is only its type, and its configuration.
    let layer: String?
    /// The place where it is made, `"file:line"`.
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
    shapes + products + joins + axes + rearrangements + positions + indices + assignments + elements
    + sampling + history + changes
    + normalizing + convolutions + recurrences + losses + activations + initializers + pooling + resampling
    + smallLayers
    + layers
    + parameters
    + optimizers
    + schedules
    + data
    + linearAlgebra + attention + attentionLayers + functional
    + elementwise + reductions
    + sorting
    + indexing
    + functionDerivatives
    + furtherLayers
    + furtherOptimizers
    + operators
    + contractions
    + special
    + distributions
    + fourier
    + datasets
    + preprocessing
    + training
    + rarerLayers
    + complexAlgebra
    + parity

  /// One mistake for each path to the end of the program. The line of an operator or a property is found from
  /// the frames of its callers. A function, a subscript, its setter, an initialiser and a module's
  /// initialiser are passed their line. The other paths are a layer, the backward pass, a change in place and
  /// other modules.
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
    // The line of an operator or a property is looked up only when `location` is read.
    #expect("\(error)" == "\(mistake)" || "\(error)" == mistake.withoutLine)
    #expect(error.clientMessage == "\(mistake.operation): \(mistake.reason)")
  }
}
