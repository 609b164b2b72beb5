import Foundation
import TestSupport
import Testing

/// The examples of linear algebra print what NumPy computes by other ways (Tests/Golden/make_examples.py); the small GPT
/// learns.
@Suite struct ExampleTests {
  @Test(
    "Numbers are printed to one in their last decimal, all words to the letter",
    arguments: ["regression", "pca", "gaussian-process", "kalman-filter"])
  func output(_ name: String) throws {
    let url = Golden.folder.appendingPathComponent("Programs/\(name).expected")
    let expected = try lines(String(contentsOf: url, encoding: .utf8)), run = try Run(name)
    #expect(run.status == 0 && run.errors == "" && run.files.isEmpty)
    let found = lines(run.output)
    #expect(found.count == expected.count)
    for (line, expectedLine) in zip(found, expected) {
      // A sign may widen a number that is 0 to the last decimal: spaces do not count.
      let words = line.split(separator: " "), expectedWords = expectedLine.split(separator: " ")
      #expect(words.count == expectedWords.count, "\(line)")
      #expect(zip(words, expectedWords).allSatisfy(isSame), "\(line); \(expectedLine)")
    }
  }

  /// The small GPT learns a text that repeats itself, and writes on beyond what its cache holds.
  @Test func gpt() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: url) }
    let period = "a pattern, "
    try String(repeating: period, count: 200).write(to: url, atomically: true, encoding: .utf8)
    let run = try Run("gpt", [url.path, "--steps", "40", "--length", "100", "--temperature", "0.01"])
    #expect(run.status == 0 && run.errors == "" && run.files.isEmpty)
    let expected = String(repeating: period, count: 11).prefix(116)
    #expect(run.output.contains(expected.prefix(16) + "│" + expected.dropFirst(16) + "\n"), "\(run.output)")
    let missing = try Run("gpt", ["missing.txt"])
    #expect(missing.status == 1 && missing.output.hasPrefix("missing.txt: No such file"))
  }

  private func lines(_ text: String) -> [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// BLAS of another machine may round a last decimal the other way.
  private func isSame(_ word: Substring, _ expected: Substring) -> Bool {
    guard let point = expected.firstIndex(of: "."), let a = Double(word), let b = Double(expected) else {
      return word == expected
    }
    let decimals = expected.distance(from: point, to: expected.endIndex) - 1
    return abs(a - b) < 1.5 * pow(10, -Double(decimals))
  }
}
