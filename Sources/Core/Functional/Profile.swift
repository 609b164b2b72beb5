/// The operations that a part of a program ran and the time that each took, as ``profile(_:)`` returns them.
///
/// A profile prints as a table, with the operation that took longest first. ``trace`` shows the same
/// operations over time.
///
/// ```swift
/// let record = profile { _ = Tensor<Float>.normal([100, 100]).exp().sum() }
/// print(record)
/// ```
public struct Profile: Sendable {
  /// The runs of an operation in one direction.
  ///
  /// ```swift
  /// let work = profile { _ = Tensor<Float>.normal([100, 100]).exp() }.rows[0].forward
  /// print("\(work.count) runs, \(work.duration), \(work.bytes) bytes")
  /// ```
  public struct Work: Sendable, Equatable {
    /// The number of runs.
    public var count = 0
    /// The time that all runs took together.
    public var duration = Duration.zero
    /// The memory that the runs allocated, in bytes, including memory that they released again.
    public var bytes = 0
  }

  /// An operation within a layer, in the forward and the backward pass.
  ///
  /// ```swift
  /// let model = Linear(4, 3), x = Tensor<Float>.normal([8, 4])
  /// for row in profile({ model(x).mean().backward() }).rows {
  ///   print(row.layer, row.operation, row.forward.duration, row.backward.duration)
  /// }
  /// ```
  public struct Row: Sendable {
    /// The name of the operation, as in ``GradFunction/name`` without `Backward`.
    public let operation: String
    /// The path of the layer that ran the operation, `"Classifier.hidden"`; empty outside layers. It begins
    /// with the type of the outermost layer.
    public let layer: String
    /// The runs of the operation itself.
    public internal(set) var forward = Work()
    /// The runs of the operation's gradient rules, including the operations within them.
    public internal(set) var backward = Work()

    /// The time of the forward and the backward pass together.
    public var duration: Duration { forward.duration + backward.duration }
  }

  /// The rows; the one that took longest is first.
  public let rows: [Row]
  /// The time from the beginning of the scope to its end.
  public let duration: Duration
  private let events: ArraySlice<Profiler.Event>
  private let paths: [String]
  private let start: Int64

  init(events: ArraySlice<Profiler.Event>, paths: [String], start: Int64, end: Int64) {
    var rows: [Row] = [], places: [[String]: Int] = [:]
    for event in events where event.kind == .operation || event.kind == .rule {
      let key = ["\(event.name)", paths[event.path]]
      let place = places[key] ?? rows.count
      if place == rows.count {
        places[key] = place
        rows.append(Row(operation: key[0], layer: key[1]))
      }
      if event.kind == .operation { rows[place].forward.add(event) } else { rows[place].backward.add(event) }
    }
    self.rows = rows.sorted { $0.duration > $1.duration }
    duration = .nanoseconds(end - start)
    (self.events, self.paths, self.start) = (events, paths, start)
  }

  /// Returns the share of the whole time that a row took, from 0 to 1. The shares of all rows and the time
  /// between operations add up to 1.
  public func share(of row: Row) -> Double { duration == .zero ? 0 : row.duration / duration }
}

/// Runs `body` and returns a profile of the operations that the calling thread ran in it.
///
/// ```swift
/// let model = Linear(4, 3), x = Tensor<Float>.normal([2, 4]), labels = Tensor<Int>([0, 2])
/// print(profile { model(x).crossEntropy(labels).backward() })
/// ```
///
/// The time of an operation begins when it allocates its first memory. An operation that is composed of
/// others is counted as those. A view takes no time. Operations inside a rule of the backward pass count as
/// part of the rule.
///
/// A nested scope counts in both profiles. The scope is synchronous and covers one thread: operations of
/// tasks that `body` starts are not recorded. A module that is not a `Layer` has a path of its own if it runs
/// in its `scoped { … }`.
public func profile<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Profile {
  let record = try Profiler.record { () throws(Failure) in _ = try body() }
  return Profile(events: record.events, paths: record.paths, start: record.start, end: record.end)
}

extension Profile.Work {
  fileprivate mutating func add(_ event: Profiler.Event) {
    count += 1
    duration += .nanoseconds(event.end - event.start)
    bytes += event.bytes
  }
}

extension Profile: CustomStringConvertible {
  /// A table with a row for each operation and layer: the number of runs, the time and the memory, forward
  /// and backward, and the share of the whole time.
  public var description: String {
    let header = ["operation", "layer", "forward", "", "", "backward", "", "", "share"]
    var table = [header]
    for row in rows {
      table.append(
        [row.operation, row.layer] + cells(row.forward) + cells(row.backward) + [percent(share(of: row))])
    }
    let between = duration - rows.reduce(.zero) { $0 + $1.duration }
    table.append(["between operations", "", "", time(between), "", "", "", "", percent(between / duration)])
    table.append(["total", "", "", time(duration), "", "", "", "", percent(1)])
    return aligned(table, leading: 2)
  }

  private func cells(_ work: Work) -> [String] {
    work.count == 0 ? ["", "", ""] : ["\(work.count)×", time(work.duration), memory(work.bytes)]
  }
}

/// Returns the lines of a table. The first `leading` columns are aligned on the left, the others on the
/// right.
package func aligned(_ table: [[String]], leading: Int) -> String {
  let widths = table[0].indices.map { column in table.map { $0[column].count }.max()! }
  return table.map { line in
    let cells = line.indices.map { column in
      let blanks = String(repeating: " ", count: widths[column] - line[column].count)
      return column < leading ? line[column] + blanks : blanks + line[column]
    }
    return cells.joined(separator: "  ")
  }.joined(separator: "\n")
}

/// Returns a time in µs, ms or s.
private func time(_ duration: Duration) -> String {
  let microseconds = duration / .microseconds(1)
  if microseconds < 1e4 { return "\(fixed(microseconds, 1)) µs" }
  return microseconds < 1e7 ? "\(fixed(microseconds / 1e3, 1)) ms" : "\(fixed(microseconds / 1e6, 1)) s"
}

private func memory(_ bytes: Int) -> String {
  if bytes < 10_000 { return "\(bytes) B" }
  return bytes < 10_000_000 ? "\(bytes / 1000) kB" : "\(bytes / 1_000_000) MB"
}

private func percent(_ share: Double) -> String { "\(fixed(share * 100, 1)) %" }

/// Returns a number with `digits` digits after the point.
private func fixed(_ number: Double, _ digits: Int) -> String {
  let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
  let units = Int((Swift.abs(number) * Double(scale)).rounded())
  let fraction = String(units % scale)
  let sign = number < 0 && units > 0 ? "-" : ""
  return "\(sign)\(units / scale).\(String(repeating: "0", count: digits - fraction.count))\(fraction)"
}

extension Profile {
  /// A Chrome trace of the operations, the rules of the backward pass, the operations within the rules, and
  /// the layers. It is JSON for `chrome://tracing` or Perfetto.
  public var trace: String {
    let lines = events.map { event in
      let path = paths[event.path], name = event.kind == .layer ? path : "\(event.name)"
      return """
        {"name": \(quoted(event.kind == .rule ? name + "Backward" : name)), "cat": "\(event.kind.rawValue)", \
        "ph": "X", "ts": \(microseconds(event.start - start)), "dur": \(microseconds(event.end - event.start)), \
        "pid": 1, "tid": 1, "args": {"layer": \(quoted(path)), "bytes": \(event.bytes)}}
        """
    }
    return "{\"displayTimeUnit\": \"ns\", \"traceEvents\": [\n" + lines.joined(separator: ",\n") + "\n]}\n"
  }
}

private func microseconds(_ nanoseconds: Int64) -> String { fixed(Double(nanoseconds) / 1000, 3) }

/// Returns a text as a JSON string.
private func quoted(_ text: String) -> String {
  let escaped = text.unicodeScalars.map { scalar in
    switch scalar {
    case "\"", "\\": "\\\(scalar)"
    case "\0"..<" ": "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
    default: "\(scalar)"
    }
  }
  return "\"" + escaped.joined() + "\""
}
