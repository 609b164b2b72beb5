import Foundation
import MartletCore
import TestSupport
import Testing

/// A case of Fixtures/indexing.json: an input, steps, optionally a value to assign, and NumPy's result.
struct IndexingCase: Decodable, Sendable, CustomTestStringConvertible {
  let topic: String
  let input: Integers
  let steps: [Step]
  let value: Integers?
  let expected: Integers
  /// The gradients of the result's sum by the weights.
  let gradient: [Int]?, valueGradient: [Int]?

  var testDescription: String { "\(topic) \(input.shape) \(steps.map(\.testDescription))" }

  static func load() throws -> [IndexingCase] {
    try JSONDecoder().decode([IndexingCase].self, from: Golden.data("indexing.json"))
  }

  /// Martlet's result with elements of a type.
  func result<Element: TensorScalar>(_ convert: (Int) -> Element) throws -> Tensor<Element> {
    let x = input.tensor(convert)
    return try result(of: x, value?.tensor(convert))
  }

  /// Martlet's result for an input, and for a value to assign to it.
  func result<Element: TensorScalar>(
    of x: Tensor<Element>, _ value: Tensor<Element>?
  ) throws -> Tensor<Element> {
    guard let value else { return try steps.reduce(x) { try $1.applied(to: $0) } }
    let target = try steps.dropLast().reduce(x) { try $1.applied(to: $0) }
    try steps.last!.assign(value, in: target)
    return x
  }
}

/// An array of small integers.
struct Integers: Decodable, Sendable {
  let shape: [Int]
  let values: [Int]

  func tensor<Element: TensorScalar>(_ convert: (Int) -> Element) -> Tensor<Element> {
    Tensor(values.map(convert), shape: TensorShape(shape))
  }
}

/// One operation on a tensor; exactly one of the properties is set.
struct Step: Decodable, Sendable, CustomTestStringConvertible {
  struct Join: Decodable, Sendable {
    let axis: Int
    let parts: [[Step]]
  }
  struct Split: Decodable, Sendable {
    let sizes: [Int]
    let axis: Int
    let part: Int
  }
  struct Unknown: Error {}

  let index: [Selection]?
  let mask: Integers?
  let rows: Integers?
  let reshape: [Int]?
  let transpose: [Int]?
  let permute: [Int]?
  let expand: Int?
  let squeeze: [Int]?
  let broadcast: [Int]?
  let `repeat`: [Int]?
  let concatenate: Join?
  let stack: Join?
  let split: Split?

  var testDescription: String {
    let parts = Mirror(reflecting: self).children.compactMap { child in
      (child.value as Any?).flatMap { "\($0)" == "nil" ? nil : "\(child.label!): \($0)" }
    }
    return parts.joined()
  }

  func applied<Element: TensorScalar>(to x: Tensor<Element>) throws -> Tensor<Element> {
    if let index { return try read(x, index.map(\.index)) }
    if let mask { return x[mask.tensor { $0 != 0 }] }
    if let rows { return rows.shape.count == 1 ? x[rows.values] : x[rows.tensor { $0 }] }
    if let split { return x.split(sizes: split.sizes, axis: split.axis)[split.part] }
    if let concatenate { return try Tensor.concatenated(parts(concatenate, of: x), axis: concatenate.axis) }
    if let stack { return try Tensor.stacked(parts(stack, of: x), axis: stack.axis) }
    return try reshaped(x)
  }

  private func reshaped<Element: TensorScalar>(_ x: Tensor<Element>) throws -> Tensor<Element> {
    if let reshape { return x.reshaped(TensorShape(reshape)) }
    if let transpose { return x.transposed(transpose[0], transpose[1]) }
    if let permute { return x.permuted(permute) }
    if let expand { return x.expandedDims(axis: expand) }
    if let squeeze { return squeeze.isEmpty ? x.squeezed() : x.squeezed(axis: squeeze[0]) }
    if let broadcast { return x.broadcast(to: TensorShape(broadcast)) }
    if let `repeat` { return x.repeated(`repeat`[0], insertingAxisAt: `repeat`[1]) }
    throw Unknown()
  }

  private func parts<Element: TensorScalar>(_ join: Join, of x: Tensor<Element>) throws -> [Tensor<Element>] {
    try join.parts.map { try $0.reduce(x) { try $1.applied(to: $0) } }
  }

  private func read<Element: TensorScalar>(
    _ x: Tensor<Element>, _ i: [any TensorIndex]
  ) throws -> Tensor<Element> {
    switch i.count {
    case 1: (i[0] as? Int).map { x[$0] } ?? x[i[0]]
    case 2: x[i[0], i[1]]
    case 3: x[i[0], i[1], i[2]]
    case 4: x[i[0], i[1], i[2], i[3]]
    case 5: x[i[0], i[1], i[2], i[3], i[4]]
    default: throw Unknown()
    }
  }

  func assign<Element: TensorScalar>(_ value: Tensor<Element>, in target: Tensor<Element>) throws {
    if let mask {
      target[mask.tensor { $0 != 0 }] = value
    } else if let rows {
      if rows.shape.count == 1 { target[rows.values] = value } else { target[rows.tensor { $0 }] = value }
    } else if let i = index?.map(\.index) {
      switch i.count {
      case 1: if let row = i[0] as? Int { target[row] = value } else { target[i[0]] = value }
      case 2: target[i[0], i[1]] = value
      case 3: target[i[0], i[1], i[2]] = value
      default: throw Unknown()
      }
    } else {
      throw Unknown()
    }
  }
}

/// The selection along an axis: `["at", 2]`, `["range", 1, null]`, `["stride", null, null, -1]`, ….
struct Selection: Decodable, Sendable, CustomStringConvertible {
  let kind: String
  let bounds: [Int?]
  /// Indices or the elements of a mask.
  let picks: Integers?

  init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    kind = try container.decode(String.self)
    if kind == "indices" || kind == "mask" {
      picks = Integers(shape: try container.decode([Int].self), values: try container.decode([Int].self))
      bounds = []
      return
    }
    var bounds = [Int?]()
    while !container.isAtEnd { bounds.append(try container.decode(Int?.self)) }
    self.bounds = bounds
    picks = nil
  }

  var description: String {
    kind + (picks.map { " \($0.shape) \($0.values)" } ?? "")
      + bounds.map { " " + ($0.map(String.init) ?? "_") }.joined()
  }

  /// The index in a subscript. A selection that no Swift range can express, such as 2 up to −1, is a stride.
  var index: any TensorIndex {
    if let picks { return kind == "mask" ? picks.tensor { $0 != 0 } : picks.tensor { $0 } }
    return switch (kind, bounds.first ?? nil, bounds.dropFirst().first ?? nil) {
    case ("at", let i?, _): i
    case ("newAxis", _, _): .newAxis
    case ("ellipsis", _, _): .ellipsis
    case ("range", let from?, let to?) where from <= to: from..<to
    case ("range", let from?, nil): from...
    case ("range", nil, let to?): ..<to
    case ("range", nil, nil): 0...
    case ("through", let from?, let last?): from...last
    case ("through", nil, let last?): ...last
    case (_, let from, let to): .stride(from: from, to: to, by: bounds.count > 2 ? bounds[2]! : 1)
    }
  }
}
