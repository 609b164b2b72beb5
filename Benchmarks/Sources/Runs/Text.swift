/// Returns a number with fixed decimals, whatever the locale: `fixed(3.14159, 2)` is "3.14".
public func fixed(_ value: Double, _ digits: Int) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
  var scale = 1
  for _ in 0..<digits { scale *= 10 }
  let rounded = Int((abs(value) * Double(scale)).rounded())
  let fraction = String(rounded % scale)
  let sign = value < 0 && rounded > 0 ? "-" : ""
  let padding = String(repeating: "0", count: max(0, digits - fraction.count))
  return sign + String(rounded / scale) + (digits > 0 ? "." + padding + fraction : "")
}

/// Returns a number with at least three digits: "0.123", "12.3", "1234".
public func digits(_ value: Double) -> String {
  fixed(value, value < 1 ? 3 : value < 10 ? 2 : value < 100 ? 1 : 0)
}

/// Returns a number with its unit. Seconds become ns, µs, ms or s.
public func figure(_ value: Double, _ unit: String) -> String {
  guard unit == "s" else { return "\(digits(value)) \(unit)" }
  if value < 1e-6 { return "\(digits(value * 1e9)) ns" }
  if value < 1e-3 { return "\(digits(value * 1e6)) µs" }
  return value < 1 ? "\(digits(value * 1e3)) ms" : "\(digits(value)) s"
}

/// Returns a text padded with spaces, on the left or, with `right: false`, on the right.
public func padded(_ text: String, _ width: Int, right: Bool = true) -> String {
  let space = String(repeating: " ", count: max(0, width - text.count))
  return right ? space + text : text + space
}

/// Returns the lines of a table. The first and the last column are aligned to the left, the others to the
/// right.
func aligned(_ rows: [[String]]) -> String {
  let columns = rows.map(\.count).max() ?? 0
  let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
  return rows.map { row in
    let cells = row.indices.map { padded(row[$0], widths[$0], right: $0 > 0 && $0 < columns - 1) }
    return cells.joined(separator: "  ").trimmedRight
  }.joined(separator: "\n")
}

extension String {
  fileprivate var trimmedRight: String {
    String(self[..<(lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex)])
  }
}
