import Runs

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A run in progress: the requested rows, the clock, and the rows measured so far.
final class Session {
  let isQuick: Bool
  private let filter: String?
  private let start = ContinuousClock.now
  private let othersBefore = secondsOfOthers()
  private(set) var rows = [Row]()
  /// The seconds left for repeated measurements, so that the run ends within three minutes.
  private var secondsForRetries = 30.0
  private let isTerminal = isatty(STDERR_FILENO) == 1

  init(filter: String?, quick: Bool) {
    self.filter = filter
    isQuick = quick
  }

  /// The seconds since the start.
  var elapsed: Double { (ContinuousClock.now - start) / .seconds(1) }

  /// The number of processors that other programs kept busy during this run. If all samples were slowed
  /// alike, the spread is small and only this number shows it.
  var others: Double? {
    guard let before = othersBefore, let now = secondsOfOthers() else { return nil }
    return max(0, (now - before) / elapsed)
  }

  /// Returns true if a row of this name was requested.
  func wants(_ name: String) -> Bool { filter.map { name.contains($0) } ?? true }

  func record(_ row: Row) { rows.append(row) }

  /// Shows on a terminal which row is being measured. The next line overwrites it.
  func announce(_ what: String) {
    if isTerminal { writeError("\r\u{1B}[K\(Int(elapsed)) s  \(what)") }
  }

  /// Prints a line of a table immediately, even into a pipe.
  func show(_ line: String) {
    if isTerminal { writeError("\r\u{1B}[K") }
    print(line)
    fflush(nil)
  }

  /// Returns the seconds that a call of each body takes. The bodies are sampled in turn, so that a drift of
  /// the machine affects all alike.
  ///
  /// A noisy measurement is repeated, at most twice, and the quieter result counts.
  func measure(budget: Double = 0.15, _ bodies: [() -> Void]) -> [Statistics] {
    let budget = isQuick ? budget / 4 : budget
    let before = elapsed
    var best = sample(bodies, budget)
    let cost = elapsed - before
    for _ in 0..<2 where best.contains(where: \.isNoisy) && cost < secondsForRetries {
      secondsForRetries -= cost
      best = zip(best, sample(bodies, budget)).map { ($1.spread ?? 1) < ($0.spread ?? 0) ? $1 : $0 }
    }
    return best
  }

  func measure(budget: Double = 0.15, _ body: () -> Void) -> Statistics {
    withoutActuallyEscaping(body) { measure(budget: budget, [$0])[0] }
  }
}

extension Session {
  /// Prints the last lines: the duration, and the number of noisy rows.
  func finish() {
    if let others, others > 0.05 {
      show("busy: other programs took \(fixed(others * 100, 0)) % of a processor; the figures may be too low")
    }
    let noisy = rows.count(where: \.isNoisy)
    show("\n\(rows.count) rows in \(fixed(elapsed, 0)) s")
    if noisy > 0 {
      show("\(noisy) noisy: the machine was busy with something else; run again when it is quiet")
    }
  }
}

extension Row {
  /// The time as a table shows it.
  var cell: String {
    isNoisy ? noise : figure(median, unit) + (samples < 5 ? " (\(samples))" : "")
  }

  /// The text that a table shows instead of a noisy figure.
  var noise: String { "noisy \(fixed((spread ?? 0) * 100, 0)) %" }
}

private func writeError(_ text: String) {
  _ = text.utf8.withContiguousStorageIfAvailable { write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
