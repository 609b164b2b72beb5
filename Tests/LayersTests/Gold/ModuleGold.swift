import Foundation
import Martlet
import TestSupport
import Testing

/// A case of modules.json or rarer_modules.json: a module of PyTorch, its initial state and the results of
/// a call.
struct ModuleCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Numbers: Decodable, Sendable {
    let kind: String
    let shape: [Int]
    let values: [Double]

    func tensor<Scalar: TensorScalar>(_ convert: (Double) -> Scalar) -> Tensor<Scalar> {
      Tensor(values.map(convert), shape: TensorShape(shape))
    }
  }

  /// PyTorch's results in one precision. A gradient is nil if nothing depends on the input.
  struct Results: Decodable, Sendable {
    let outputs: [[Double]]
    /// The gradients of the floating-point inputs, in their order.
    let inputGradients: [[Double]?]
    let gradients: [String: [Double]?]
    /// The entries of the state that the call changed.
    let after: [String: [Double]]
  }

  let family: String
  let name: String
  let expression: String
  let isTraining: Bool
  let state: [String: Numbers]
  let inputs: [Numbers]
  let shapes: [[Int]]
  /// The gradients of the outputs, or nil for an output without history.
  let seeds: [[Double]?]
  let float32: Results
  let float64: Results

  var testDescription: String { name }

  static func load() throws -> [ModuleCase] {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try ["modules.json", "rarer_modules.json"].flatMap {
      try decoder.decode([ModuleCase].self, from: Golden.data($0))
    }
  }

  func results<Element>(in type: Element.Type) -> Results { type == Float.self ? float32 : float64 }
}

/// The inputs of a case by position. Floating-point inputs are leaves that require gradients.
struct ModuleInputs<Element: DifferentiableScalar> {
  let leaves: [Tensor<Element>]
  private let given: [ModuleCase.Numbers]
  private let positions: [Int: Int]

  init(of one: ModuleCase) {
    given = one.inputs
    let numbers = given.indices.filter { one.inputs[$0].kind == "number" }
    positions = Dictionary(uniqueKeysWithValues: zip(numbers, 0...))
    leaves = numbers.map { position in
      let leaf = one.inputs[position].tensor { Element($0) }
      leaf.requiresGrad = true
      return leaf
    }
  }

  subscript(position: Int) -> Tensor<Element> { leaves[positions[position]!] }
  func indices(_ position: Int) -> Tensor<Int> { given[position].tensor { Int($0) } }
  func mask(_ position: Int) -> Tensor<Bool> { given[position].tensor { $0 != 0 } }
}

/// Martlet's equivalent of a PyTorch module and of its call: a line of the tables.
struct ModuleGold<Element: DifferentiableScalar> {
  typealias Table = [String: () -> ModuleGold]
  typealias Inputs = ModuleInputs<Element>

  let state: [(name: String, tensor: Tensor<Element>)]
  let counts: [(name: String, tensor: Tensor<Int>)]
  let parameters: [(name: String, parameter: Tensor<Element>)]
  let call: (Inputs) -> [Tensor<Element>]
  let setTraining: (Bool) -> Void

  /// Any module and its call, which returns the outputs in order.
  init<M: Module>(_ module: M, _ call: @escaping (M, Inputs) -> [Tensor<Element>])
  where M.Element == Element {
    state = module.namedState
    counts = module.namedCounts
    parameters = module.namedParameters
    self.call = { call(module, $0) }
    setTraining = { $0 ? module.train() : module.eval() }
  }

  /// A layer that is called with the first input.
  init<L: Layer>(_ layer: L) where L.Input == Tensor<Element>, L.Output == Tensor<Element> {
    self.init(layer) { layer, x in [layer(x[0])] }
  }

  /// A layer that is called with indices.
  init<L: Layer>(_ layer: L) where L.Input == Tensor<Int>, L.Output == Tensor<Element> {
    self.init(layer) { layer, x in [layer(x.indices(0))] }
  }

  static var tables: [String: Table] {
    [
      "simple": simple, "shaping": shaping, "recurrent": recurrent, "normalization": normalization,
      "convolutions": convolutions, "recurrences": recurrences, "activations": activations,
      "pooling": pooling, "unfolding": unfolding,
      "attention": attention,
      "transformers": transformers, "further": further, "windows": windows, "projections": projections,
      "adaptive": adaptive,
      "distances": distances, "lazy": lazy,
    ]
  }
}
