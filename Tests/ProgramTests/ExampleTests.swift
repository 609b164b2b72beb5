import Foundation
import TestSupport
import Testing

/// The examples of linear algebra print what NumPy computes by other ways (Tests/Golden/make_examples.py); networks
/// that write, see and compress learn.
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

  /// Both writers learn a text that repeats itself, and write on, the GPT beyond what its cache holds.
  @Test(arguments: ["gpt", "lstm"]) func writer(_ model: String) throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: url) }
    let period = "a pattern, "
    try String(repeating: period, count: 200).write(to: url, atomically: true, encoding: .utf8)
    let run = try Run(
      "writer",
      [
        url.path, "--model", model, "--steps", "40", "--length", "100", "--temperature", "0.01", "--rate",
        "0.004",
      ])
    #expect(run.status == 0 && run.errors == "" && run.files.isEmpty)
    let expected = String(repeating: period, count: 11).prefix(116)
    #expect(run.output.contains(expected.prefix(16) + "│" + expected.dropFirst(16) + "\n"), "\(run.output)")
    let missing = try Run("writer", ["missing.txt"])
    #expect(missing.status == 1 && missing.output.hasPrefix("missing.txt: No such file"))
  }

  /// Four epochs of one seed: more than nine digits in ten.
  @Test func cnn() throws {
    let run = try Run("cnn", ["--seeds", "1", "--epochs", "4"])
    #expect(run.status == 0 && run.errors == "" && run.files.isEmpty)
    let last = try #require(lines(run.output).last { !$0.isEmpty }?.split(separator: " ").last)
    #expect(Double(last).map { $0 > 0.9 } == true, "\(run.output)")
    #expect(try Run("cnn", ["--seeds"]).status == 1)
  }

  /// Less than half of what the mean digit leaves, after a few epochs.
  @Test func autoencoder() throws {
    let run = try Run("autoencoder", ["12"])
    #expect(run.status == 0 && run.errors == "" && run.files.isEmpty)
    func number(_ line: Substring?, _ i: Int) -> Double? {
      line.flatMap { Double($0.split(separator: " ")[i]) }
    }
    let all = lines(run.output)
    let plain = try #require(number(all.first, 7)),
      reached = try #require(number(all.last { $0.hasPrefix("epoch") }, 2))
    #expect(reached < plain / 2, "\(run.output)")
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
