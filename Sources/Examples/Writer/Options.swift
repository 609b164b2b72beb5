/// The options of the command line.
struct Options {
  enum Model: String { case gpt, lstm }

  var text = "README.md"
  var model = Model.gpt
  var seed: UInt64 = 0
  var steps = 300
  var length = 400
  var temperature = 0.8
  var learningRate = 2e-3
  /// The number of characters in a sequence, and the number of sequences in a batch.
  let context = 64, batchSize = 12

  static let usage = """
    usage: writer [text.txt] [--model gpt|lstm] [--seed n] [--steps n] [--length n]
                  [--temperature x] [--rate x]
    Without a text it learns from README.md.
    """

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    var isNamed = false
    while let argument = rest.popFirst() {
      switch argument {
      case "--model":
        guard let name = rest.popFirst(), let named = Model(rawValue: name) else {
          throw Misuse(what: "--model: gpt or lstm is expected")
        }
        model = named
      case "--seed": seed = try Options.number(of: argument, &rest) { UInt64($0) }
      case "--steps": steps = try Options.number(of: argument, &rest, Options.positive)
      case "--length": length = try Options.number(of: argument, &rest, Options.positive)
      case "--temperature": temperature = try Options.number(of: argument, &rest, Options.positive)
      case "--rate": learningRate = try Options.number(of: argument, &rest, Options.positive)
      default:
        guard !argument.hasPrefix("-"), !isNamed else {
          throw Misuse(what: "unknown argument \(argument)")
        }
        text = argument
        isNamed = true
      }
    }
  }

  private static func positive<Number: LosslessStringConvertible & Numeric & Comparable>(
    _ text: String
  ) -> Number? {
    Number(text).flatMap { $0 > 0 ? $0 : nil }
  }

  private static func number<Number>(
    of option: String, _ rest: inout ArraySlice<String>, _ parse: (String) -> Number?
  ) throws -> Number {
    guard let text = rest.popFirst(), let number = parse(text) else {
      throw Misuse(what: "\(option): a number is expected")
    }
    return number
  }
}

/// The error of a command line that cannot be followed, or of a text that is too short or cannot be read.
struct Misuse: Error, CustomStringConvertible {
  let what: String
  var description: String { what + "\n" + Options.usage }
}
