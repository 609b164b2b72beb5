import Foundation
import Martlet
import TestSupport

/// An observed result of PyTorch or Martlet: a flag, a word or numbers in row-major order.
enum Observation: Decodable, Sendable, CustomStringConvertible, ExpressibleByBooleanLiteral {
  case flag(Bool)
  case count(Int)
  case word(String)
  case numbers([Double])

  init(booleanLiteral value: Bool) { self = .flag(value) }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else if let count = try? container.decode(Int.self) {
      self = .count(count)
    } else if let word = try? container.decode(String.self) {
      self = .word(word)
    } else {
      self = .numbers(try container.decode([Double].self))
    }
  }

  var description: String {
    switch self {
    case .flag(let flag): "\(flag)"
    case .count(let count): "\(count)"
    case .word(let word): word
    case .numbers(let numbers): "\(numbers)"
    }
  }

  /// Compares for equality, numbers to 1e-15: softmax and log round differently in the last place.
  func agrees(with other: Observation) -> Bool {
    switch (self, other) {
    case (.flag(let a), .flag(let b)): a == b
    case (.count(let a), .count(let b)): a == b
    case (.word(let a), .word(let b)): a == b
    case (.numbers(let a), .numbers(let b)):
      a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-15 * abs($1) }
    default: false
    }
  }
}

extension Tensor<Double> {
  /// The elements, as an observation.
  var seen: Observation { .numbers(scalars) }

  /// The name of the tensor's gradient function in PyTorch's form, which numbers the overloads.
  var functionName: Observation { .word(gradFunction.map { $0.name + "0" } ?? "none") }
}

/// The flag that tells whether `body` makes a mistake.
func isRefused(_ body: () -> Void) -> Observation { .flag(refusal(body) != nil) }
