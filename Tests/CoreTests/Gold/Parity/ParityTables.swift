import MartletCore
import TestSupport

/// The results of an operation by the types of their elements.
struct ParityOutputs<Element: CheckedScalar> {
  var values: [Tensor<Element>] = []
  var integers: [Tensor<Int>] = []
  var masks: [Tensor<Bool>] = []
}

/// Martlet's side of the entries of parity.txt, by their names. Each table has another type of results.
enum Parity<Element: CheckedScalar> {
  typealias Inputs = ParityInputs<Element>
  typealias Body = (Inputs) throws -> ParityOutputs<Element>
  typealias Table<Output> = [String: (Inputs) throws -> Output]

  private static var singles: [Table<Tensor<Element>>] {
    [
      functions, activations, pairs, reductions, scans, shapes, indexing, constants, products, matrices,
      windows,
      resampling, normalizing, losses, pairLosses,
    ]
  }
  private static var integerTables: [Table<Tensor<Int>>] { [places, bits] }
  private static var severalTables: [Table<ParityOutputs<Element>>] { [several, chosen] }

  /// Returns the operation of an entry.
  static func body(of name: String) -> Body? {
    for table in singles {
      if let body = table[name] { return { ParityOutputs(values: [try body($0)]) } }
    }
    for table in integerTables {
      if let body = table[name] { return { ParityOutputs(integers: [try body($0)]) } }
    }
    for table in severalTables {
      if let body = table[name] { return body }
    }
    if let body = parts[name] { return { ParityOutputs(values: try body($0)) } }
    if let body = masks[name] { return { ParityOutputs(masks: [try body($0)]) } }
    return nil
  }

  /// The names of all lines.
  static var names: [String] {
    singles.flatMap(\.keys) + integerTables.flatMap(\.keys) + severalTables.flatMap(\.keys) + parts.keys
      + masks.keys
  }
}
