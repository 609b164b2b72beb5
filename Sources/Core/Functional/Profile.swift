/// What a stretch of a program computed, operation by operation, and how long it took: what ``profile(_:)`` returns.
///
/// Printed, it is a table with the longest first. ``trace`` shows the same in time.
public struct Profile: Sendable {
  /// Runs of an operation.
  public struct Work: Sendable, Equatable {
    /// How many.
    public var count = 0
    /// The time that all took.
    public var duration = Duration.zero
    /// The memory that they took, in bytes, also what was given back at once.
    public var bytes = 0
  }

  /// An operation within a layer, forward and backward.
  public struct Row: Sendable {
    /// The name that it is recorded under, as in ``GradFunction/name`` without `Backward`.
    public let operation: String
    /// The path of the layer that ran it, `"Classifier.hidden"`, beginning with the type of the outermost one; empty
    /// outside of layers.
    public let layer: String
    /// The operation itself.
    public internal(set) var forward = Work()
    /// Its rules, with all that they computed.
    public internal(set) var backward = Work()

    /// Both ways.
    public var duration: Duration { forward.duration + backward.duration }
  }

  /// The rows, the one that took longest first.
  public let rows: [Row]
  /// The time from the beginning to the end.
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

  /// The part of the whole time that a row took, 0 to 1. What is missing to 1 passed between operations.
  public func share(of row: Row) -> Double { duration == .zero ? 0 : row.duration / duration }
}

/// Runs `body` and returns what the calling thread computed in it.
///
/// ```swift
/// print(profile { model(x).crossEntropy(labels).backward() })
/// ```
/// An operation counts from when it takes its first memory to its end; one that is made of others counts as those,
/// and so does a view, which takes no time. Operations inside of a rule of the backward pass count as part of the rule.
/// A scope within another is part of both. It is a synchronous scope of one thread: tasks that `body` starts are not
/// seen. A module that is no `Layer` has a path of its own where it runs in its `scoped { … }`.
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
  /// A table: each operation and its layer, how often it ran, how long and in how much memory, forward and backward,
  /// and its share of the whole time.
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

/// The lines of a table; so many columns are aligned at their beginning, the others at their end.
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

/// A time in µs, ms or s.
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

/// A number with so many digits behind the point.
private func fixed(_ number: Double, _ digits: Int) -> String {
  let scale = (0..<digits).reduce(1) { scale, _ in scale * 10 }
  let units = Int((Swift.abs(number) * Double(scale)).rounded())
  let fraction = String(units % scale)
  let sign = number < 0 && units > 0 ? "-" : ""
  return "\(sign)\(units / scale).\(String(repeating: "0", count: digits - fraction.count))\(fraction)"
}

extension Profile {
  /// The operations, the rules of the backward pass with what they computed, and the layers, as a Chrome trace: JSON
  /// for `chrome://tracing` or Perfetto.
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

/// A text as JSON has it.
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
