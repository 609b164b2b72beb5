import Foundation
import TestSupport
import Testing

/// A page of the tutorial: its Swift code, and what it says that the code prints.
private struct Page {
  let name: String
  private(set) var code: [Substring] = []
  private(set) var output: [Substring] = []

  init(_ name: String) throws {
    self.name = name
    let url = Checkout.root.appendingPathComponent("Sources/Martlet/Martlet.docc/Tutorial/\(name).md")
    var language: Substring?
    for line in lines(try String(contentsOf: url, encoding: .utf8)) {
      if line.hasPrefix("```") {
        if language == nil, line == "```swift", !code.isEmpty { code.append("") }
        language = language == nil ? line.dropFirst(3) : nil
      } else if language == "swift" {
        code.append(line)
      } else if language == "text" {
        output.append(line)
      }
    }
  }

  /// The page's code as a function of the program that runs it.
  var program: String {
    let body = code.map { $0.isEmpty ? "" : "  " + $0 }.joined(separator: "\n")
    return "import Martlet\n\nfunc \(name.prefix(1).lowercased() + name.dropFirst())() throws {\n\(body)\n}\n"
  }
}

private func lines(_ text: String) -> [Substring] {
  text.split(separator: "\n", omittingEmptySubsequences: false)
}

/// The pages of the tutorial, in the order of their files.
private let pages = try! FileManager.default.contentsOfDirectory(
  atPath: Checkout.root.appendingPathComponent("Sources/Martlet/Martlet.docc/Tutorial").path
).map { String($0.dropLast(".md".count)) }.sorted()

/// What the tutorial shows is what compiles, and what it says is printed is what is printed.
@Suite struct TutorialTests {
  @Test("Tests/Tutorial holds a page's code to the letter", arguments: pages)
  func code(_ name: String) throws {
    let page = try Page(name)
    let url = Checkout.root.appendingPathComponent("Tests/Tutorial/\(name).swift")
    #expect(lines(try String(contentsOf: url, encoding: .utf8)) == lines(page.program))
  }

  @Test("A page prints what it says, to the letter", arguments: pages)
  func output(_ name: String) throws {
    let page = try Page(name), run = try Run("TutorialProgram", [name])
    #expect(run.status == 0 && run.errors == "" && run.files.isEmpty)
    #expect(lines(run.output) == page.output + [""])
  }
}
