import Foundation
import TestSupport
import Testing

/// The text between the numbers, and the numbers.
private func parts(_ text: String) -> (words: [Substring], numbers: [Double]) {
  var words: [Substring] = [], numbers: [Double] = []
  var rest = text[...]
  while let match = rest.firstMatch(of: #/-?\d+(\.\d+)?(e[-+]?\d+)?/#) {
    words.append(rest[..<match.range.lowerBound])
    numbers.append(Double(match.0)!)
    rest = rest[match.range.upperBound...]
  }
  return (words + [rest], numbers)
}

private func isClose(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
  a == b || abs(a - b) <= tolerance * abs(b)
}

/// The whole programs of Tests/Programs.
@Suite struct ProgramTests {
  @Test(
    "Numbers are printed to 1e-12, all else to the letter",
    arguments: ["Semantics": [], "Errors": [], "Classifier": ["classifier.safetensors"]] as KeyValuePairs)
  func output(_ name: String, _ files: [String]) throws {
    let url = Golden.folder.appendingPathComponent("Programs/\(name.lowercased()).expected")
    let expected = String(decoding: try Data(contentsOf: url), as: UTF8.self)
    let run = try Run(name + "Program")
    #expect(run.status == 0 && run.errors == "")
    #expect(run.files == files)
    let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
    let expectedLines = expected.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == expectedLines.count)
    for (line, expectedLine) in zip(lines, expectedLines) {
      let found = parts(String(line)), wanted = parts(String(expectedLine))
      #expect(found.words == wanted.words, "\(line)")
      #expect(
        zip(found.numbers, wanted.numbers).allSatisfy { isClose($0, $1, 1e-12) }, "\(line); \(expectedLine)")
    }
  }

  @Test("The article's tables: 2 and 3 to the eight decimals that are printed, 1 and 4 to 1e-14")
  func article() throws {
    struct Tables: Decodable {
      struct Program: Decodable { let losses: [Double] }
      let programs: [Program]
    }
    let url = Golden.folder.appendingPathComponent("article.json")
    let tables = try JSONDecoder().decode(Tables.self, from: Data(contentsOf: url)).programs.map(\.losses)
    let run = try Run("ArticleProgram")
    #expect(run.status == 0 && run.errors == "" && run.files.isEmpty)
    let lines = run.output.split(separator: "\n").map { Double($0) }
    try #require(tables.map(\.count) == [10, 10, 10, 10] && lines.count == 40)
    for (index, expected) in tables.joined().enumerated() {
      let loss = try #require(lines[index], "line \(index + 1)")
      if (10..<30).contains(index) {
        #expect(String(format: "%.8f", loss) == String(format: "%.8f", expected), "line \(index + 1)")
      } else {
        #expect(isClose(loss, expected, 1e-14), "line \(index + 1): \(loss), \(expected)")
      }
    }
  }
}
