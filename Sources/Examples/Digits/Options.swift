import Martlet

/// The options of the command line.
struct Options {
  var table: String?
  var label = "last"
  var seed: UInt64 = 0
  var epochs = 30
  var hidden = 128
  var learningRate = 5e-3
  var model = "digits.safetensors"
  var validates = false

  static let usage = """
    usage: digits [table.csv] [--label first|last|<name>] [--seed n] [--epochs n] [--hidden n] [--rate x]
                  [--model file] [--validate]
    Without a table it trains on the embedded 8 x 8 digits.
    """

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--label": label = try Options.value(of: argument, &rest)
      case "--seed": seed = try Options.number(of: argument, &rest) { UInt64($0) }
      case "--epochs":
        epochs = try Options.number(of: argument, &rest) { Int($0).flatMap { $0 > 0 ? $0 : nil } }
      case "--hidden":
        hidden = try Options.number(of: argument, &rest) { Int($0).flatMap { $0 > 0 ? $0 : nil } }
      case "--rate":
        learningRate = try Options.number(of: argument, &rest) { Double($0).flatMap { $0 > 0 ? $0 : nil } }
      case "--model": model = try Options.value(of: argument, &rest)
      case "--validate": validates = true
      default:
        guard !argument.hasPrefix("-"), table == nil else {
          throw Misuse(what: "unknown argument \(argument)")
        }
        table = argument
      }
    }
  }

  private static func value(of option: String, _ rest: inout ArraySlice<String>) throws -> String {
    guard let value = rest.popFirst() else { throw Misuse(what: "\(option) wants a value") }
    return value
  }

  private static func number<Number>(
    of option: String, _ rest: inout ArraySlice<String>, _ parse: (String) -> Number?
  ) throws -> Number {
    let text = try value(of: option, &rest)
    guard let number = parse(text) else { throw Misuse(what: "\(option) \(text): a number is expected") }
    return number
  }
}

/// The error of a command line that cannot be followed.
struct Misuse: Error, CustomStringConvertible {
  let what: String
  var description: String { what + "\n" + Options.usage }
}
