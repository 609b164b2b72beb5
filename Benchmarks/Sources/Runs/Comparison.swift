/// Two runs side by side, row by row.
public struct Comparison {
  /// The change of one row.
  public struct Change: Equatable {
    /// The kind of a change.
    public enum Verdict: String {
      /// The times differ by more than both spreads.
      case faster, slower
      /// The times differ by at most the larger spread.
      case same = ""
      /// At least one of the two rows is noisy.
      case noisy
    }

    /// The rows of the same name in both runs.
    public let old: Row, new: Row

    /// The speed of the new run relative to the old one.
    public var speed: Double { old.median / new.median }

    /// The kind of the change. A row whose spread is unknown counts as spreading as far as a row that is just
    /// not noisy.
    public var verdict: Verdict {
      if old.isNoisy || new.isNoisy { return .noisy }
      let spread = max(old.spread ?? Statistics.largestSpread, new.spread ?? Statistics.largestSpread)
      guard max(speed, 1 / speed) - 1 > spread else { return .same }
      return speed > 1 ? .faster : .slower
    }
  }

  /// The rows that both runs have, in the order of the new one.
  public let changes: [Change]
  /// Differences that make the runs hard to compare: another machine, other threads, rows that only one of
  /// them has.
  public let remarks: [String]

  /// Matches the rows of two runs by name. Throws if the runs have no row in common.
  public init(_ old: Run, _ new: Run) throws(RunError) {
    let before = Dictionary(old.rows.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    changes = new.rows.compactMap { row in before[row.name].map { Change(old: $0, new: row) } }
    if changes.isEmpty { throw RunError("the two runs have no row in common") }
    let a = old.conditions, b = new.conditions
    var remarks = [
      ("CPU", a.cpu, b.cpu), ("threads", "\(a.threads)", "\(b.threads)"), ("BLAS", a.blas, b.blas),
      ("instruction set", a.instructionSet, b.instructionSet), ("Swift", a.swift, b.swift),
    ].filter { $0.1 != $0.2 }.map { "\($0.0) differs: \($0.1) → \($0.2)" }
    if old.rows.count > changes.count {
      remarks.append("\(old.rows.count - changes.count) rows only in the old run")
    }
    if new.rows.count > changes.count {
      remarks.append("\(new.rows.count - changes.count) rows only in the new run")
    }
    self.remarks = remarks
  }

  /// The table: the name, the old and the new time, the relative speed and the kind of the change.
  public var table: String {
    let rows = changes.map { change in
      [
        change.old.name, figure(change.old.median, change.old.unit),
        figure(change.new.median, change.new.unit),
        "\(fixed(change.speed, 2))×", change.verdict.rawValue,
      ]
    }
    let counts = [Change.Verdict.faster, .slower, .noisy].map { verdict in
      "\(changes.count { $0.verdict == verdict }) \(verdict.rawValue)"
    }
    return
      ([aligned([["", "old", "new", "speed", ""]] + rows)] + remarks
      + ["\(changes.count) rows: \(counts.joined(separator: ", "))"]).joined(separator: "\n")
  }
}
