import Foundation
import MartletCore
import TestSupport
import Testing

/// An entry of PyTorch's operation database, and what PyTorch computes for samples of its inputs. The fixture
/// is written by make_parity.py.
struct ParityEntry: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let samples: [ParitySample]

  var testDescription: String { name }

  static func load() throws -> [ParityEntry] {
    try JSONDecoder().decode([ParityEntry].self, from: Golden.data("parity.json"))
  }
}

/// Inputs, other arguments and PyTorch's results in double precision.
struct ParitySample: Decodable, Sendable {
  let inputs: [String: ParityNumbers]
  let arguments: [String: ParityArgument]?
  let outputs: [ParityNumbers]
  /// The gradients of Σ output · seed, by the names of the inputs.
  let gradients: [String: ParityNumbers]?
  /// The gradients of Σ g² / 2 over those gradients g.
  let second: [String: ParityNumbers]?
  /// True if the rows of each differentiable input are equal.
  let rows: Bool?
  /// True if PyTorch's own single precision has another result.
  let double: Bool?
}

/// A tensor of the fixture.
struct ParityNumbers: Decodable, Sendable {
  enum Kind: String, Decodable {
    case single = "f4"
    case double = "f8"
    case integer = "i8"
    case mask = "b1"
  }

  let type: Kind
  let shape: [Int]
  let values: Data
  /// The largest error of PyTorch's single precision, if it has one.
  let error: Double?
  /// True for the pairs of an input of complex numbers.
  let complex: Bool?

  var isFloating: Bool { type == .single || type == .double }

  var doubles: [Double] {
    type == .single ? numbers(Float.self).map { Double($0) } : numbers(Double.self)
  }
  var integers: [Int] { numbers(Int64.self).map { Int($0) } }
  var flags: [Bool] { values.map { $0 != 0 } }

  private func numbers<Number>(_ type: Number.Type) -> [Number] {
    values.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: MemoryLayout<Number>.size).map {
        bytes.loadUnaligned(fromByteOffset: $0, as: type)
      }
    }
  }
}

/// An argument that is not a tensor.
enum ParityArgument: Decodable, Sendable {
  case flag(Bool)
  case number(Double)
  case text(String)
  case list([ParityArgument])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else {
      self = .list(try container.decode([ParityArgument].self))
    }
  }

  /// The number; infinities are texts.
  var number: Double? {
    switch self {
    case .number(let number): number
    case .text(let text): Double(text)
    case .flag(let flag): flag ? 1 : 0
    case .list: nil
    }
  }
}

/// The inputs and arguments of a sample, as the tables use them.
struct ParityInputs<Element: CheckedScalar> {
  let floats: [String: Tensor<Element>]
  /// Inputs of complex numbers. `floats` has the pairs of their parts.
  let complexes: [String: Tensor<Complex<Element>>]
  /// The largest magnitude of the finite inputs.
  let largest: Double
  private let sample: ParitySample

  /// Creates the inputs in a layout of memory. Inputs with a gradient require it.
  init(of sample: ParitySample, as view: ViewKind?) {
    self.sample = sample
    var floats: [String: Tensor<Element>] = [:], largest = 0.0
    var complexes: [String: Tensor<Complex<Element>>] = [:]
    for (name, numbers) in sample.inputs where numbers.isFloating {
      let values = numbers.doubles, isLeaf = sample.gradients?[name] != nil
      let plain = Tensor(Element.nearest(values), shape: TensorShape(numbers.shape))
      let isComplex = numbers.complex == true
      let kind = isComplex || view == .broadcast && !isLeaf ? nil : view
      let leaf = kind?.view(of: plain) ?? plain
      leaf.requiresGrad = isLeaf
      floats[name] = leaf
      if isComplex { complexes[name] = leaf.viewAsComplex().laid(as: view) }
      largest = values.filter(\.isFinite).reduce(largest) { Swift.max($0, $1.magnitude) }
    }
    self.floats = floats
    self.complexes = complexes
    self.largest = largest
  }

  /// The first input.
  var x: Tensor<Element> { self["input"] }
  /// The second operand.
  var y: Tensor<Element> { self["other"] }
  subscript(name: String) -> Tensor<Element> { floats[name]! }
  /// The tensors of a list.
  var list: [Tensor<Element>] { floats.keys.sorted().map { floats[$0]! } }
  /// The first input and the operands that are named by letters.
  var operands: [Tensor<Element>] { ["input", "a", "b", "c"].compactMap { floats[$0] } }
  /// The first input and the second operand of complex numbers.
  var z: Tensor<Complex<Element>> { complexes["input"]! }
  var w: Tensor<Complex<Element>> { complexes["other"]! }
  var complexList: [Tensor<Complex<Element>>] { complexes.keys.sorted().map { complexes[$0]! } }

  func integers(_ name: String) -> Tensor<Int> {
    Tensor(sample.inputs[name]!.integers, shape: TensorShape(sample.inputs[name]!.shape))
  }
  func mask(_ name: String) -> Tensor<Bool> {
    Tensor(sample.inputs[name]!.flags, shape: TensorShape(sample.inputs[name]!.shape))
  }
  /// The kind of an input, or nil if it is not given.
  func kind(_ name: String) -> ParityNumbers.Kind? { sample.inputs[name]?.type }

  func has(_ name: String) -> Bool { sample.arguments?[name] != nil }
  func number(_ name: String, or preset: Double = 0) -> Element {
    Element(sample.arguments?[name]?.number ?? preset)
  }
  func double(_ name: String, or preset: Double) -> Double { sample.arguments?[name]?.number ?? preset }
  func int(_ name: String, or preset: Int = 0) -> Int {
    sample.arguments?[name]?.number.flatMap { Int(exactly: $0) } ?? preset
  }
  func flag(_ name: String, or preset: Bool = false) -> Bool { int(name, or: preset ? 1 : 0) != 0 }
  func text(_ name: String) -> String? {
    if case .text(let text) = sample.arguments?[name] { text } else { nil }
  }
  func isList(_ name: String) -> Bool {
    if case .list = sample.arguments?[name] { true } else { false }
  }
  /// The numbers of a list; a number is a list of one.
  func ints(_ name: String) -> [Int] {
    switch sample.arguments?[name] {
    case .list(let list): list.compactMap { $0.number.flatMap { Int(exactly: $0) } }
    case let one?: one.number.flatMap { Int(exactly: $0) }.map { [$0] } ?? []
    case nil: []
    }
  }
  func doubles(_ name: String) -> [Double] {
    if case .list(let list) = sample.arguments?[name] { list.compactMap(\.number) } else { [] }
  }
  /// A list of lists of integers.
  func intLists(_ name: String) -> [[Int]] {
    guard case .list(let lists) = sample.arguments?[name] else { return [] }
    return lists.map { list in
      if case .list(let numbers) = list {
        numbers.compactMap { $0.number.flatMap { Int(exactly: $0) } }
      } else {
        []
      }
    }
  }
  /// The numbers for each of some axes; a number counts for all.
  func extents(_ name: String, _ axes: Int, or preset: Int) -> [Int] {
    let given = ints(name)
    return given.count == axes ? given : Array(repeating: given.first ?? preset, count: axes)
  }

  var axis: Int { int("dim") }
  /// The axes of a reduction: all if none is named.
  var axes: [Int] { has("dim") ? ints("dim") : Array(0..<x.rank) }
  var keeps: Bool { flag("keepdim") }
  var reduction: Reduction {
    switch text("reduction") {
    case "sum": .sum
    case "none": .none
    default: .mean
    }
  }
}

extension Tensor {
  /// The same elements in another layout of memory, as a recorded function of them.
  fileprivate func laid(as kind: ViewKind?) -> Tensor {
    let axes = Array((0..<rank).reversed())
    return switch kind {
    case nil: self
    case .transposed: permuted(axes).cloned().permuted(axes)
    case .strided: Tensor.stacked([self, detached()], axis: -1)[.ellipsis, 0]
    case .reversed, .broadcast: flipped(axes: axes).cloned().flipped(axes: axes)
    }
  }
}
