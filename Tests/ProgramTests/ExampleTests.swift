import Foundation
import TestSupport
import Testing

/// The examples of linear algebra print what NumPy computes by other ways (Tests/Golden/make_examples.py).
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
