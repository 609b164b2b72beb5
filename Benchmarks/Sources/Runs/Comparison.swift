/// Two runs side by side, row by row.
public struct Comparison {
  /// What became of one row.
  public struct Change: Equatable {
    /// How it differs.
    public enum Verdict: String {
      /// By more than both runs' spreads.
      case faster, slower
      /// Within them.
      case same = ""
      /// One of the two is no figure.
      case noisy
    }

    /// The rows that carry the same name.
    public let old: Row, new: Row

    /// How many times as fast the new run is.
    public var speed: Double { old.median / new.median }

    /// A row that cannot tell its spread counts as one that spreads as far as a figure may.
    public var verdict: Verdict {
      if old.isNoisy || new.isNoisy { return .noisy }
      let spread = max(old.spread ?? Statistics.largestSpread, new.spread ?? Statistics.largestSpread)
      guard max(speed, 1 / speed) - 1 > spread else { return .same }
      return speed > 1 ? .faster : .slower
    }
  }

  /// The rows that both runs have, in the order of the new one.
  public let changes: [Change]
  /// What makes the two hard to compare: another machine, other threads, rows that one of them lacks.
  public let remarks: [String]

  /// Matches rows by name; two runs without a common row are an error.
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

  /// The table: name, old, new, how many times as fast, and what to make of it.
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
