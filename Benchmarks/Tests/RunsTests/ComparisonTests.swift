import Testing

@testable import Runs

@Suite struct ComparisonTests {
  @Test func changesBeyondBothSpreadsAreMarked() throws {
    let old = run([
      ("faster", 2, 0.02), ("slower", 1, 0.02), ("within old", 1, 0.09), ("within new", 1, 0),
      ("noisy", 1, 0),
    ])
    let new = run([
      ("noisy", 2, 0.2), ("within new", 1.05, 0.08), ("within old", 1.05, 0), ("slower", 1.05, 0.02),
      ("faster", 1, 0.02),
    ])
    let changes = try Comparison(old, new).changes
    #expect(changes.map(\.old.name) == ["noisy", "within new", "within old", "slower", "faster"])
    #expect(changes.map(\.verdict) == [.noisy, .same, .same, .slower, .faster])
    #expect(changes.last?.speed == 2)
  }

  @Test func aSingleSampleCountsAsSpreadingAsFarAsAFigureMay() throws {
    func single(_ seconds: Double) -> Run {
      var run = run([])
      run.rows = [Row("a", section: "steps", Row.Parameters(), Statistics([seconds]))]
      return run
    }
    #expect(try Comparison(single(1), single(1.09)).changes[0].verdict == .same)
    #expect(try Comparison(single(1), single(1.11)).changes[0].verdict == .slower)
  }

  @Test func otherMachinesAndMissingRowsAreRemarked() throws {
    let comparison = try Comparison(
      run([("a", 1, 0), ("b", 1, 0)]), run([("a", 1, 0), ("c", 1, 0), ("d", 1, 0)], cpu: "another"))
    #expect(
      comparison.remarks == [
        "CPU differs: a CPU → another", "1 rows only in the old run", "2 rows only in the new run",
      ])
    #expect(comparison.table.contains("1 rows: 0 faster, 0 slower, 0 noisy"))
  }

  @Test func runsWithNothingInCommonAreRefused() {
    #expect(throws: RunError("the two runs have no row in common")) {
      try Comparison(run([("a", 1, 0)]), run([("b", 1, 0)]))
    }
  }
}
