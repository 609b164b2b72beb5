import Foundation
import Testing

@testable import MartletData

/// Logs of metrics, and curves of them.
@Suite struct MetricsLogTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

  private func inFolder(_ body: (String) throws -> Void) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path + "/")
  }

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  private func fill(_ log: MetricsLog) throws {
    try log.append(step: 1, ["loss": 0.5])
    try log.append(step: 2, ["loss": Float.nan, "acc": 0.25])
    try log.append(step: 3, ["acc": -Double.infinity, "loss": 1e-300])
  }

  @Test("CSV has a column for each metric, JSON lines an object for each row") func written() throws {
    try inFolder { folder in
      try fill(MetricsLog(folder + "a.csv"))
      #expect(try text(folder + "a.csv") == "step,loss,acc\n1,0.5,\n2,nan,0.25\n3,1e-300,-inf\n")
      try fill(MetricsLog(folder + "a.jsonl"))
      #expect(
        try text(folder + "a.jsonl") == """
          {"step": 1, "loss": 0.5}
          {"step": 2, "loss": null, "acc": 0.25}
          {"step": 3, "loss": 1e-300, "acc": -1e999}

          """)
    }
  }

  @Test(
    "A log goes on after an unfinished line, and without the rows that are made again",
    arguments: ["csv", "jsonl"])
  func continued(_ end: String) throws {
    try inFolder { folder in
      let path = folder + "run." + end
      try fill(MetricsLog(path))
      let whole = try text(path)
      for cut in [1, 4, 9] {
        try String(whole.dropLast(cut)).write(toFile: path, atomically: true, encoding: .utf8)
        let log = try MetricsLog(path)
        #expect(log.rows.map(\.step) == [1, 2] && log.names == ["loss", "acc"])
        #expect(log.rows[0].values == ["loss": 0.5] && log.rows[1].values["loss"]?.isNaN == true)
        try log.append(step: 3, ["acc": -Double.infinity, "loss": 1e-300])
        #expect(try text(path) == whole)
      }
      let resumed = try MetricsLog(path, upTo: 1)
      try resumed.append(step: 2, ["loss": 7])
      #expect(try MetricsLog(path).rows.map { $0.values["loss"] } == [0.5, 7])
    }
  }

  @Test("A log whose first row has no metrics can be continued", arguments: ["csv", "jsonl"])
  func withoutMetrics(_ end: String) throws {
    try inFolder { folder in
      let path = folder + "run." + end
      try MetricsLog(path).append(step: 1, [:])
      #expect(try MetricsLog(path).rows == [.init(step: 1, values: [:])])
    }
  }

  @Test("Another file is refused and left as it is, with the line at fault") func foreign() throws {
    try inFolder { folder in
      let foreign = [
        ("a.csv", "1,2,3\n4,5,6\n", 1), ("b.csv", "step,a\n1,2\nx,3\n", 3), ("c.csv", "step,a\n1,2,3\n", 2),
        ("d.jsonl", "[1]\n", 1), ("e.jsonl", "{\"step\": 1}\n{\"loss\": 2}\n", 2),
        ("f.jsonl", "{\"step\"}\n", 1),
        ("g.csv", "no end", 1), ("h.jsonl", "{\"step\": 1, \"a\": true}\n", 1),
      ]
      for (name, content, line) in foreign {
        try content.write(toFile: folder + name, atomically: true, encoding: .utf8)
        let error = #expect(throws: DataError.self) { try MetricsLog(folder + name) }
        #expect(error?.line == line, "\(name)")
        #expect(try text(folder + name) == content)
      }
      #expect(throws: DataError.self) { try MetricsLog(folder + "run.txt") }
      let log = try MetricsLog(folder + "names.csv")
      for name in ["a,b", "a\"", "a:b", "a\nb", "", "step"] {
        #expect(throws: DataError.self) { try log.append(step: 1, [name: 1.0]) }
      }
      #expect(log.rows.isEmpty)
    }
  }

  @Test("A curve is drawn through the steps that have the metric, within the axes") func curve() throws {
    try inFolder { folder in
      let log = try MetricsLog(folder + "run.csv")
      for step in 0..<5 { try log.append(step: step, ["loss": Double(step)]) }
      try log.append(step: 9, ["acc": 1.0])
      let svg = log.curve("loss").drawing.svg
      // Value 0 lies a twentieth of half the range above the axis, value 4 as far below the top.
      let line = try #require(
        svg.firstMatch(of: #/points="([^"]*)" fill="none" stroke="#1f77c8" stroke-width="2"/#))
      let points = line.1.split(separator: " ").map { $0.split(separator: ",").map { Double($0)! } }
      #expect(points.count == 5 && points[0][1] > points[4][1] && points[0][0] < points[4][0])
      #expect(points.allSatisfy { 64...624 ~= $0[0] && 40...356 ~= $0[1] })
      #expect(abs(points[2][0] - 344) < 0.1 && abs(points[2][1] - 198) < 0.1, "the middle is in the middle")
      try log.curve("loss", "acc").write(to: folder + "loss.png")
      #expect(throws: DataError.self) { try log.curve("loss").write(to: folder + "loss.gif") }
    }
  }

  @Test(
    "Short numbers",
    arguments: [
      (0, "0"), (1, "1"), (-1.5, "-1.5"), (0.312749, "0.3127"), (1.2e-5, "1.2e-05"), (9.99996, "10"),
      (1_234_567, "1234567"), (12_345_678, "1.235e+07"), (5e-324, "4.941e-324"), (.infinity, "inf"),
      (.nan, "nan"),
      (0.0001, "0.0001"), (1.7976931348623157e308, "1.798e+308"), (999.99, "1000"),
    ] as [(Double, String)]) func numbers(_ number: Double, _ text: String)
  { #expect(short(number) == text) }

  @Test("Axes have ticks within their range, for any numbers") func axes() {
    for values in [
      [0], [5, 5], [1e300, -1e300], [1.7e308, -1.7e308], [1.7e308], [-1.7e308], [1e-310, 3e-310], [],
      [1e15, 1e15 + 1], [-3, 17],
    ] as [[Double]] {
      let axis = Axis(values, from: 0, to: 100)
      #expect((1...8).contains(axis.ticks.count), "\(values)")
      #expect(
        (axis.ticks + values).allSatisfy { (-0.001...100.001).contains(axis[$0]) }, "\(values): \(axis)")
    }
    #expect(Axis([0, 10], from: 0, to: 1).ticks == [0, 2, 4, 6, 8, 10])
    #expect(Axis([0, 1], from: 0, to: 1)[.nan].isNaN && Axis([0, 1], from: 0, to: 1)[.infinity].isNaN)
  }
}
