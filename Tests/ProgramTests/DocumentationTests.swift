import Foundation
import TestSupport
import Testing

/// The examples of documentation comments, of the guides and of the README compile, and nothing lacks one.
@Suite struct DocumentationTests {
  /// The modules of the library.
  static let modules = ["Core", "Layers", "Optimizers", "Data", "Training"]

  static let sources = modules.flatMap { Checkout.files(in: "Sources/" + $0, suffix: ".swift") }

  /// The pages with Swift code, without the tutorial, whose programs TutorialTests runs, and Design, which shows
  /// parts of the library itself.
  static let pages =
    ["README.md"]
    + Checkout.files(in: "Sources/Martlet/Martlet.docc", suffix: ".md").filter {
      !$0.contains("/Tutorial/") && !$0.hasSuffix("/Design.md")
    }

  @Test func examplesCompile() throws {
    // The operation and the launch that a guide shows need the library's internals: GuideTests has them.
    let examples = try (Self.sources + Self.pages).flatMap(Example.all(in:)).filter { example in
      ![".gaussian(alpha", "launch(self"].contains { example.code.joined().contains($0) }
    }
    #expect(examples.count > 100)
    let program =
      ["import Foundation", "import Martlet"]
      + examples.enumerated().flatMap { number, example in example.function(number) }
    let messages = try Compiler.messages(
      program.joined(separator: "\n") + "\n", flags: ["-suppress-warnings"])
    #expect(!messages.contains("error:"), "\(messages)")
  }

  @Test func publicTypesAndLongFunctionsHaveAnExample() throws {
    let symbols = try Self.sources.flatMap(PublicSymbol.all(in:))
    #expect(symbols.count > 500)
    let shown = Set(symbols.filter(\.hasExample).map(\.name))
    // An initialiser is shown by its type's example, an overload by that of another.
    let lacking = symbols.filter {
      $0.wantsExample && !shown.contains($0.name) && !($0.isInitialiser && shown.contains($0.owner))
    }
    #expect(lacking.isEmpty, "\(lacking.map { "\($0.place): \($0.name)" }.joined(separator: "\n"))")
  }
}

/// A fenced block of Swift code.
private struct Example {
  let file: String
  let line: Int
  let code: [String]

  /// The blocks of a page, or of the documentation comments of a source file.
  static func all(in file: String) throws -> [Example] {
    var examples: [Example] = [], start: Int?, code: [String] = []
    for (number, line) in try Checkout.text(file).components(separatedBy: "\n").enumerated() {
      guard let text = file.hasSuffix(".md") ? line : documentation(line) else {
        start = nil
        continue
      }
      if start == nil, text == "```swift" {
        (start, code) = (number + 2, [])
      } else if let first = start, text.hasPrefix("```") {
        start = nil
        // A package's manifest is no program.
        if code.first?.hasPrefix("// swift-tools-version") != true {
          examples.append(Example(file: file, line: first, code: code))
        }
      } else if start != nil {
        code.append(text)
      }
    }
    return examples
  }

  /// The code as a function of its own, with the lines of its file; extensions go before it, imports are left away.
  func function(_ number: Int) -> [String] {
    var body: [String] = [], extensions: [String] = [], isExtension = false
    for text in code {
      if text.hasPrefix("extension ") { isExtension = true }
      let kept = text.hasPrefix("import ") ? "" : text
      body.append(isExtension ? "" : kept)
      extensions.append(isExtension ? kept : "")
      if text.hasPrefix("}") { isExtension = false }
    }
    let place = "#sourceLocation(file: \"\(file)\", line: \(line))"
    return [place] + extensions + ["#sourceLocation()", "func example\(number)() async throws {", place]
      + body + ["#sourceLocation()", "}"]
  }
}

/// The text of a documentation comment's line.
private func documentation(_ line: String) -> String? {
  let text = line.drop { $0 == " " }
  guard text.hasPrefix("///") else { return nil }
  let rest = text.dropFirst(3)
  return String(rest.hasPrefix(" ") ? rest.dropFirst() : rest)
}

/// A public type, function or initialiser as its source file declares it.
private struct PublicSymbol {
  /// The type that it belongs to, and the whole name.
  let owner: String, name: String
  let place: String
  let hasExample: Bool
  let isInitialiser: Bool
  /// True for a type, and for a function of more than two parameters besides the caller's place.
  let wantsExample: Bool

  static func all(in file: String) throws -> [PublicSymbol] {
    let lines = try Checkout.text(file).components(separatedBy: "\n")
    var symbols: [PublicSymbol] = [], owner = "", hasExample = false
    for (number, line) in lines.enumerated() {
      if let text = documentation(line) {
        hasExample = hasExample || text == "```swift"
        continue
      }
      if line.drop(while: { $0 == " " }).hasPrefix("@"), !line.contains("func ") { continue }
      if let match = line.firstMatch(of: /^(?:[a-z]+ )*(?:extension|class|struct|enum|protocol) ([\w.]+)/) {
        owner = String(match.1)
      }
      let place = "\(file):\(number + 1)"
      if let match = line.firstMatch(of: /\bpublic (?:[a-z]+ )*(?:class|struct|enum|protocol) ([A-Z]\w*)/) {
        let name = String(match.1)
        symbols.append(
          PublicSymbol(
            owner: name, name: name, place: place, hasExample: hasExample, isInitialiser: false,
            wantsExample: true))
      } else if let match = line.firstMatch(of: /\b(?:public|open) [a-z ]*\b(?:func ([^(<]+)|init\b)/) {
        let signature = lines[number...].prefix(40).joined(separator: " ")
        let name = match.1.map(String.init) ?? "init"
        symbols.append(
          PublicSymbol(
            owner: owner, name: owner + "." + name, place: place, hasExample: hasExample,
            isInitialiser: match.1 == nil, wantsExample: parameters(signature) > 2))
      }
      hasExample = false
    }
    return symbols
  }

  /// The number of parameters of the declaration that a text begins with, without `file` and `line`.
  private static func parameters(_ text: String) -> Int {
    guard let keyword = text.firstMatch(of: /\bfunc |\binit\b/) else { return 0 }
    var depth = 0, names = [""], isArrow = false
    // The generic parameters stand before the parentheses.
    for character in text[keyword.range.upperBound...].drop(while: { $0 != "(" }) {
      if "([{<".contains(character) { depth += 1 }
      if ")]}>".contains(character), !(character == ">" && isArrow) { depth -= 1 }
      isArrow = character == "-"
      if depth == 0 { break }
      if character == ",", depth == 1 { names.append("") } else { names[names.count - 1].append(character) }
    }
    return names.filter { name in
      let plain = name.drop { "( ".contains($0) }
      return !plain.isEmpty && !plain.hasPrefix("file:") && !plain.hasPrefix("line:")
    }.count
  }
}
