/// The metrics of a run, step by step, in a file of CSV or of JSON lines, and as curves.
///
/// Each row is in the file as soon as ``append(step:_:)`` returns. A file that exists is continued, so a resumed
/// run has one log; a last line that a killed process left unfinished is removed.
///
/// ```swift
/// let log = try MetricsLog("run.jsonl")
/// for step in 1...100 { try log.append(step: step, ["loss": 1 / Double(step)]) }
/// try log.curve("loss").write(to: "loss.svg")
/// ```
public final class MetricsLog {
  /// The metrics of one step.
  ///
  /// ```swift
  /// let log = try MetricsLog("run.csv")
  /// if let row = log.rows.last { print(row.step, row.values["loss"] ?? .nan) }
  /// ```
  public struct Row: Sendable, Equatable {
    /// The number of the step.
    public let step: Int
    /// The metrics by name.
    public let values: [String: Double]
  }

  /// The path of the file.
  public let path: String
  /// All rows, those of the continued file too.
  public private(set) var rows: [Row] = []
  /// The names of the metrics, in the order in which they appeared.
  public private(set) var names: [String] = []
  private let format: LogFormat

  /// Opens a log, and creates the folders of its path. The end of the name decides the format: `.csv` or `.jsonl`.
  ///
  /// - Parameter last: The step of the checkpoint from which the run continues. Rows of later steps are removed
  ///   from the file, because the run makes them again.
  /// - Throws: ``DataError`` if the name has another end, or the file is no log or cannot be read or written.
  public init(_ path: String, upTo last: Int = .max) throws(DataError) {
    guard let format = [LogFormat.csv, .jsonLines].first(where: { path.hasSuffix($0.rawValue) }) else {
      throw DataError(path: path, message: "the name of a log must end with .csv or .jsonl")
    }
    self.path = path
    self.format = format
    if isMissing(path) {
      try makeFolders(for: path)
      return
    }
    let text = String(
      decoding: try InputFile(path: path, allowsStreams: false).readAll { _ in }, as: UTF8.self)
    var lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    let unfinished = lines.popLast() ?? ""
    guard format.begins(lines.first ?? unfinished) else {
      throw DataError(
        path: path, line: 1, message: "is no log of metrics: \(excerpt(String(lines.first ?? unfinished)))")
    }
    var isShorter = !unfinished.isEmpty
    if format == .csv, !lines.isEmpty {
      names = lines.removeFirst().split(separator: ",", omittingEmptySubsequences: false).dropFirst().map(
        String.init)
    }
    for (number, line) in lines.enumerated() {
      guard let (step, values) = format.read(line, names) else {
        throw DataError(
          path: path, line: number + (format == .csv ? 2 : 1),
          message: "is no row of a log: \(excerpt(String(line)))")
      }
      if step > last { isShorter = true } else { note(step, values) }
    }
    if isShorter { try rewrite() }
  }

  /// Adds the metrics of a step to the file.
  ///
  /// ```swift
  /// let log = try MetricsLog("run.csv")
  /// try log.append(step: 1, ["loss": 0.31, "accuracy": 0.9])
  /// ```
  ///
  /// - Throws: ``DataError`` if a name has a comma, a colon, a quote, a backslash or a control character, or is
  ///   empty or `step`, or if writing fails.
  public func append(
    step: Int, _ values: KeyValuePairs<String, any BinaryFloatingPoint>
  ) throws(DataError) {
    func double(_ value: some BinaryFloatingPoint) -> Double { Double(value) }
    if let wrong = values.first(where: { !LogFormat.isName($0.key) })?.key {
      throw DataError(
        path: path, entry: wrong,
        message: "is no name of a metric, which has none of , : \" \\ and is not step")
    }
    let known = names.count
    note(step, values.map { ($0, double($1)) })
    // The first row needs the header, even if it has no metrics.
    if format == .csv, names.count > known || rows.count == 1 { return try rewrite() }
    try appendToFile(format.line(rows[rows.count - 1], names), path: path)
  }

  private func note(_ step: Int, _ values: [(String, Double)]) {
    for (name, _) in values where !names.contains(name) { names.append(name) }
    rows.append(Row(step: step, values: Dictionary(values) { _, last in last }))
  }

  /// Writes the whole file, whole or not at all.
  private func rewrite() throws(DataError) {
    let lines = (format == .csv ? [format.header(names)] : []) + rows.map { format.line($0, names) }
    let bytes = Array(lines.joined().utf8)
    try writeAtomically(to: path) { file throws(DataError) in try file.append(bytes) }
  }

  /// Returns the curves of these metrics over the steps.
  public func curve(_ names: String...) -> Curves {
    var curves = Curves(title: names.count == 1 ? names[0] : "")
    for name in names {
      curves.add(name, rows.compactMap { row in row.values[name].map { (Double(row.step), $0) } })
    }
    return curves
  }
}

/// The form of a row in a file. The values are the ends of the files' names.
enum LogFormat: String {
  case csv = ".csv"
  case jsonLines = ".jsonl"

  /// Returns true if a metric can have this name. The characters that are left out would need an escape.
  static func isName(_ name: String) -> Bool {
    !name.isEmpty && name != "step"
      && name.unicodeScalars.allSatisfy { $0.value >= 32 && !",:\"\\\u{7F}".unicodeScalars.contains($0) }
  }

  /// Returns true if a file with this first line may be a log. Another file is left as it is.
  func begins(_ line: Substring) -> Bool {
    let start = self == .csv ? "step," : "{"
    return line.hasPrefix(start) || start.hasPrefix(line)
  }

  func header(_ names: [String]) -> String { (["step"] + names).joined(separator: ",") + "\n" }

  func line(_ row: MetricsLog.Row, _ names: [String]) -> String {
    switch self {
    case .csv:
      return ([String(row.step)] + names.map { row.values[$0].map { "\($0)" } ?? "" }).joined(separator: ",")
        + "\n"
    case .jsonLines:
      let pairs = names.compactMap { name in row.values[name].map { "\"\(name)\": \(Self.json($0))" } }
      return "{" + (["\"step\": \(row.step)"] + pairs).joined(separator: ", ") + "}\n"
    }
  }

  /// JSON has no NaN and no infinity. Parsers read 1e999 as infinity.
  private static func json(_ value: Double) -> String {
    value.isFinite ? "\(value)" : value.isNaN ? "null" : value < 0 ? "-1e999" : "1e999"
  }

  /// Reads a row that `line` wrote, or returns nil.
  func read(_ line: Substring, _ names: [String]) -> (step: Int, values: [(String, Double)])? {
    var pairs: [(String, Substring)] = []
    switch self {
    case .csv:
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      guard fields.count == names.count + 1 else { return nil }
      pairs = Array(zip(["step"] + names, fields)).filter { !$1.isEmpty }
    case .jsonLines:
      guard line.hasPrefix("{"), line.hasSuffix("}") else { return nil }
      for field in line.dropFirst().dropLast().split(separator: ",") {
        let parts = field.split(separator: ":", omittingEmptySubsequences: false).map {
          $0.drop { $0 == " " }
        }
        guard parts.count == 2, parts[0].hasPrefix("\""), parts[0].hasSuffix("\"") else { return nil }
        pairs.append((String(parts[0].dropFirst().dropLast()), parts[1]))
      }
    }
    guard let first = pairs.first, first.0 == "step", let step = Int(first.1) else { return nil }
    var values: [(String, Double)] = []
    for (name, text) in pairs.dropFirst() {
      guard Self.isName(name), let value = text == "null" ? .nan : Double(text) else { return nil }
      values.append((name, value))
    }
    return (step, values)
  }
}
