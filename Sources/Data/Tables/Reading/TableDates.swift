/// Dates of ISO 8601 as seconds from 1970-01-01T00:00:00Z.
enum TableDates {
  /// Returns the seconds of `2024-05-17`, `2024-05-17T12:34`, `2024-05-17 12:34:56.5Z` or
  /// `2024-05-17T12:34:56+02:00`, or nil for another text. `2024/05/17` is a date too. Without a zone, a time
  /// is in UTC.
  static func seconds(_ content: UnsafeBufferPointer<UInt8>) -> Double? {
    var rest = content[...]
    let mark: Unicode.Scalar = content.count > 4 && content[4] == UInt8(ascii: "/") ? "/" : "-"
    guard let year = number(4, &rest), skip(mark, &rest), let month = number(2, &rest), 1...12 ~= month,
      skip(mark, &rest), let day = number(2, &rest), day >= 1, day <= length(ofMonth: month, year)
    else { return nil }
    let midnight = days(year, month, day) * 86_400
    if rest.isEmpty { return Double(midnight) }
    guard skip("T", &rest) || skip("t", &rest) || skip(" ", &rest),
      let time = time(&rest), let zone = zone(&rest), rest.isEmpty
    else { return nil }
    return Double(midnight - zone) + time
  }

  private static func number(_ digits: Int, _ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    let text = rest.prefix(digits)
    guard text.count == digits, text.allSatisfy(isDigit) else { return nil }
    rest = rest.dropFirst(digits)
    return text.reduce(0) { 10 * $0 + Int($1 - UInt8(ascii: "0")) }
  }

  private static func skip(_ mark: Unicode.Scalar, _ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard rest.first == UInt8(ascii: mark) else { return false }
    rest = rest.dropFirst()
    return true
  }

  /// Reads `12:34`, `12:34:56` or `12:34:56.789`.
  private static func time(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Double? {
    guard let hour = number(2, &rest), hour < 24, skip(":", &rest), let minute = number(2, &rest), minute < 60
    else { return nil }
    var seconds = Double(hour * 3600 + minute * 60)
    guard skip(":", &rest) else { return seconds }
    guard let second = number(2, &rest), second < 61 else { return nil }
    seconds += Double(second)
    guard skip(".", &rest) else { return seconds }
    let fraction = rest.prefix(while: isDigit)
    guard 1...9 ~= fraction.count, let count = number(fraction.count, &rest) else { return nil }
    return seconds + (TableNumbers.scaled(UInt64(count), -fraction.count) ?? 0)
  }

  /// Reads `Z`, `+02:00`, `+0200`, `+02` or nothing, and returns the seconds east of Greenwich.
  private static func zone(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    if rest.isEmpty || skip("Z", &rest) || skip("z", &rest) { return 0 }
    let isWest = skip("-", &rest)
    guard isWest || skip("+", &rest), let hours = number(2, &rest), hours < 24 else { return nil }
    var minutes = 0
    if skip(":", &rest) || !rest.isEmpty {
      guard let count = number(2, &rest), count < 60 else { return nil }
      minutes = count
    }
    return (isWest ? -60 : 60) * (60 * hours + minutes)
  }

  private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

  private static func length(ofMonth month: Int, _ year: Int) -> Int {
    month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// Returns the days from 1970-01-01 to a date. The year begins in March, so that a leap day is its last
  /// (Hinnant, "chrono-compatible low-level date algorithms").
  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    // Four hundred years more keep all numbers above 0.
    let year = year + 400 - (month <= 2 ? 1 : 0), month = (month + 9) % 12
    return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1
      - 719_468 - 146_097
  }

  /// Returns the date and, if it is not midnight, the time of an instant, in UTC.
  static func text(_ seconds: Double) -> String {
    guard seconds.isFinite, abs(seconds) < 1e12 else { return "" }
    let day = Int((seconds / 86_400).rounded(.down)), time = seconds - Double(day) * 86_400
    var year = 1970 + day / 366
    while days(year + 1, 1, 1) <= day { year += 1 }
    while days(year, 1, 1) > day { year -= 1 }
    var month = 1
    while month < 12, days(year, month + 1, 1) <= day { month += 1 }
    let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day - days(year, month, 1) + 1, 2))"
    if time == 0 { return date }
    let whole = Int(time)
    return "\(date)T\(padded(whole / 3600, 2)):\(padded(whole / 60 % 60, 2)):\(padded(whole % 60, 2))Z"
  }
}
