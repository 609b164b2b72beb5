import Foundation
import Martlet
import TestSupport
import Testing

/// A case of layers.json for losses and the saved model: PyTorch's inputs and results.
struct TorchCase<Element: DifferentiableScalar> {
  private struct Numbers: Decodable {
    let shape: [Int]
    let values: [Double]
  }

  private struct Listed: Decodable {
    let name: String
    let tensors: [String: Numbers]
  }

  private let name: String
  private let tensors: [String: Numbers]
  private let leaves: [String: Tensor<Element>]

  /// The case with a name. Its inputs are leaves that require gradients.
  init(_ name: String) throws {
    let listed = try JSONDecoder().decode([String: [Listed]].self, from: Golden.data("layers.json"))
    let precision = Element.self == Float.self ? "float32" : "float64"
    self.name = "\(name) in \(precision)"
    let tensors = try #require(listed[precision]?.first { $0.name == name }, "no \(name)").tensors
    self.tensors = tensors
    leaves = tensors.filter { tensors.keys.contains("d " + $0.key) }.mapValues { Self.tensor($0) }
    for leaf in leaves.values { leaf.requiresGrad = true }
  }

  private static func tensor(_ numbers: Numbers) -> Tensor<Element> {
    Tensor(numbers.values.map { Element($0) }, shape: TensorShape(numbers.shape))
  }

  /// An input, which is the same tensor each time.
  subscript(name: String) -> Tensor<Element> { leaves[name]! }

  /// An input of indices.
  func indices(_ name: String) -> Tensor<Int> {
    Tensor(tensors[name]!.values.map { Int($0) }, shape: TensorShape(tensors[name]!.shape))
  }

  /// Compares an output, and after its backward pass the gradients of all inputs.
  func check(_ output: Tensor<Element>, sourceLocation: SourceLocation = #_sourceLocation) {
    compare(output, "output", sourceLocation)
    output.backward(Self.tensor(tensors["seed"]!))
    for (input, leaf) in leaves {
      guard let gradient = leaf.grad else {
        Issue.record("\(name): no gradient of \(input)", sourceLocation: sourceLocation)
        continue
      }
      compare(gradient, "d " + input, sourceLocation)
    }
  }

  /// Doubles may differ by 1e-12 each, Floats by 1e-6 of the norm of the whole.
  private func compare(_ found: Tensor<Element>, _ key: String, _ sourceLocation: SourceLocation) {
    let expected = tensors[key]!
    #expect(Array(found.shape) == expected.shape, "\(name): \(key)", sourceLocation: sourceLocation)
    let pairs = zip(found.scalars.map(Double.init), expected.values)
    #expect(found.count == expected.values.count, "\(name): \(key)", sourceLocation: sourceLocation)
    if Element.self == Double.self {
      let worst = pairs.map { $0 == $1 ? 0 : abs($0 - $1) / abs($1) }.max() ?? 0
      #expect(worst <= 1e-12, "\(name): \(key)", sourceLocation: sourceLocation)
    } else {
      let difference = pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
      let norm = expected.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
      #expect(difference <= 1e-6 * norm, "\(name): \(key)", sourceLocation: sourceLocation)
    }
  }
}
