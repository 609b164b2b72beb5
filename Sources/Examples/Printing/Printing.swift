// Functions with which the examples print tables.

/// Returns a number with a fixed number of decimals, padded with spaces on the left.
package func column(_ value: Double, _ width: Int = 9, decimals: Int = 3) -> String {
  guard value.isFinite, abs(value) < 1e12 else { return padded("\(value)", width) }
  let scale = (0..<decimals).reduce(1) { power, _ in power * 10 }
  let units = Int((abs(value) * Double(scale)).rounded()), fraction = String(units % scale)
  let sign = value < 0 && units > 0 ? "-" : "",
    zeros = String(repeating: "0", count: decimals - fraction.count)
  return padded("\(sign)\(units / scale).\(zeros)\(fraction)", width)
}

/// Returns a text padded with spaces on the left.
package func padded(_ text: String, _ width: Int = 9) -> String {
  String(repeating: " ", count: max(0, width - text.count)) + text
}
