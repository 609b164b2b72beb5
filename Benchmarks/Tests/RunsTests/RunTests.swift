import Foundation
import Testing

@testable import Runs

/// A run with rows of five samples: name, seconds, and how far they spread.
func run(_ rows: [(String, Double, Double)], cpu: String = "a CPU") -> Run {
  Run(
    conditions: Run.Conditions(
      date: "2025-01-01T00:00:00Z", revision: "abc", isDirty: false, cpu: cpu, threads: 2,
      instructionSet: "v4", blas: "OpenBLAS 0.3", swift: "Swift 6.3"),
    seconds: 1,
    rows: rows.map { name, median, spread in
      let low = median * (1 - spread / 2), high = median * (1 + spread / 2)
      return Row(name, section: "steps", Row.Parameters(), Statistics([low, low, median, high, high]))
    })
}

/// Calls `body` with the path of a file of this content, or of none.
func withFile(_ content: String?, _ body: (String) throws -> Void) throws {
  let path = NSTemporaryDirectory() + "/runs-\(UUID().uuidString)"
  if let content { try content.write(toFile: path, atomically: true, encoding: .utf8) }
  defer { try? FileManager.default.removeItem(atPath: path) }
  try body(path)
}

@Suite struct RunTests {
  @Test func aFileGivesBackTheRun() throws {
    let written = run([("a", 1e-3, 0.01), ("b", 2, 0.3)])
    #expect(written.rows.map(\.isNoisy) == [false, true])
    try withFile(nil) { path in
      try written.write(to: path)
      #expect(try Run(from: path) == written)
    }
  }

  @Test(arguments: [
    (nil, "no such file"), ("", "not JSON"), ("{", "not JSON"), ("[1]", "the file is of another type"),
    ("{}", "conditions is missing"), (#"{"conditions": 3}"#, "conditions is of another type"),
  ]) func badFilesSayWhatIsWrong(_ content: String?, _ message: String) throws {
    try withFile(content) { path in
      let error = #expect(throws: RunError.self) { try Run(from: path) }
      #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
      #expect(error?.description.hasPrefix(path) == true)
    }
  }

  @Test func aMedianOfZeroIsRefused() throws {
    try withFile(nil) { path in
      try run([("a", 0, 0)]).write(to: path)
      #expect(throws: RunError("\(path): a: the median is 0.0, not above 0")) { try Run(from: path) }
    }
  }

  @Test func aPlaceThatCannotBeWrittenIsKnownBefore() {
    #expect(throws: RunError.self) { try Run.checkWritable("/no/such/folder/run.json") }
  }
}
