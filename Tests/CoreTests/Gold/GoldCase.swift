import Foundation
import MartletCore
import TestSupport
import Testing

/// A case of a fixture that make_operations.py writes: an expression of PyTorch, its inputs and its results.
struct GoldCase: Decodable, Sendable, CustomTestStringConvertible {
  struct Numbers: Decodable, Sendable {
    let shape: [Int]
    let values: [Double]

    func tensor<Scalar: TensorScalar>(_ convert: (Double) -> Scalar) -> Tensor<Scalar> {
      Tensor(values.map(convert), shape: TensorShape(shape))
    }
  }

  /// PyTorch's results in one precision, by the names of the inputs.
  struct Results: Decodable, Sendable {
    let output: [Double]
    let gradients: [String: [Double]]?
    /// The gradients of Σ g² / 2 over those gradients g, for those that are finite and not 0.
    let second: [String: [Double]]?
  }

  let family: String
  let name: String
  let expression: String
  let inputs: [String: Numbers]
  /// The other inputs: indices i, a mask m.
  let others: [String: Numbers]?
  let shape: [Int]
  /// The gradient of the output, or nil if the output has no history.
  let seed: [Double]?
  let float32: Results
  let float64: Results

  var testDescription: String { name }

  private static let fixtures = [
    "operations", "attention", "complex_numbers", "convolutions", "linear_algebra", "losses", "normalizing",
    "resampling", "sampling",
  ]

  static func load() throws -> [GoldCase] {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try fixtures.flatMap { try decoder.decode([GoldCase].self, from: Golden.data($0 + ".json")) }
  }

  func results<Element>(in type: Element.Type) -> Results { type == Float.self ? float32 : float64 }
}

/// The inputs of a case: leaves that require gradients, indices and a mask.
struct GoldInputs<Element: DifferentiableScalar> {
  let leaves: [String: Tensor<Element>]
  private let others: [String: GoldCase.Numbers]

  init(of one: GoldCase) {
    leaves = one.inputs.mapValues { numbers in
      let leaf = numbers.tensor { Element($0) }
      leaf.requiresGrad = true
      return leaf
    }
    others = one.others ?? [:]
  }

  var a: Tensor<Element> { leaves["a"]! }
  var b: Tensor<Element> { leaves["b"]! }
  var c: Tensor<Element> { leaves["c"]! }
  var i: Tensor<Int> { others["i"]!.tensor { Int($0) } }
  var m: Tensor<Bool> { others["m"]!.tensor { $0 != 0 } }
}

/// Martlet's equivalents of PyTorch's expressions, one table per family.
enum Gold<Element: DifferentiableScalar> {
  typealias Table = [String: (GoldInputs<Element>) throws -> Tensor<Element>]

  static var tables: [String: Table] {
    [
      "arithmetic": arithmetic, "exponentials": exponentials, "activations": activations,
      "normalizing": normalizing, "batch norm": batchNorm, "group norm": groupNorm, "rms norm": rmsNorm,
      "padding": padding, "resampling": resampling,
      "grid sampling": gridSampling, "fractional pools": fractionalPools,
      "reductions": reductions, "products": products, "losses": losses, "class losses": classLosses,
      "number losses": numberLosses, "probability losses": probabilityLosses, "pair losses": pairLosses,
      "temporal classification": temporalClassification,
      "reshaping": reshaping,
      "slicing": slicing, "gathering": gathering, "choosing": choosing, "joining": joining,
      "casting": casting, "views": views, "convolutions": convolutions,
      "transposed convolutions": transposedConvolutions, "linear algebra": linearAlgebra,
      "triangles": triangles, "attention": attention, "complex algebra": complexAlgebra,
      "complex functions": complexFunctions,
    ]
  }
}
