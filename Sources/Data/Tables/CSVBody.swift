import MartletCore

/// The features and labels of the rows of a CSV text.
struct CSVBody {
  private(set) var features: [Float] = []
  /// The class of each row. Classes are numbered in the order of their first appearance.
  private var labels: [Int] = []
  private var classes: [ByteName: Int] = [:]
  private let first: CSVFirstRow
  private let isHeader: Bool
  /// True if the caller told whether there is a header.
  private let isStated: Bool

  init(_ first: CSVFirstRow, isHeader: Bool, isStated: Bool) {
    self.first = first
    self.isHeader = isHeader
    self.isStated = isStated
  }

  mutating func read() throws(DataError) {
    var scanner = isHeader ? first.next : first.start
    guard !scanner.isAtEnd else {
      throw DataError(path: scanner.path, message: "has no rows below the header")
    }
    try reserve(scanner)
    while !scanner.isAtEnd {
      let row = scanner
      do throws(DataError) {
        for column in 0..<first.columnCount {
          let field = try scanner.next()
          if field.isLastInRow != (column == first.columnCount - 1), let error = try wrongCount(row) {
            throw error
          }
          try add(field, column, scanner)
        }
      } catch {
        // A wrong number of fields is the better explanation of any other error, except for a quote without
        // its end: then counting the fields fails with the same error.
        throw try wrongCount(row) ?? error
      }
    }
  }

  /// Allocates the memory of all rows at once, because growing would need twice as much.
  private mutating func reserve(_ scanner: CSVScanner) throws(DataError) {
    let newline = UInt8(ascii: "\n")
    let lines = 1 + scanner.bytes.reduce(0) { $0 + ($1 == newline ? 1 : 0) }
    // A number and its separator have at least two bytes.
    let perRow = first.columnCount - 1
    let count = min(lines.times(perRow), scanner.bytes.count / 2 + 1)
    try requireMemory(
      count.times(MemoryLayout<Float>.stride), beside: scanner.bytes.count, path: scanner.path)
    features.reserveCapacity(count)
    labels.reserveCapacity(min(lines, scanner.bytes.count / 4 + 1))
  }

  private mutating func add(_ field: CSVScanner.Field, _ column: Int, _ scanner: CSVScanner) throws(DataError)
  {
    guard column == first.labelColumn else {
      features.append(try feature(field, column, scanner))
      return
    }
    guard !field.range.isEmpty else { throw scanner.error(field, "the label is empty") }
    let label = ByteName(try scanner.text(field))
    if let known = classes[label] {
      labels.append(known)
    } else {
      labels.append(classes.count)
      classes[label] = classes.count
    }
  }

  private func feature(_ field: CSVScanner.Field, _ column: Int, _ scanner: CSVScanner) throws(DataError)
    -> Float
  {
    let number = scanner.number(field)
    if let number, number.isFinite { return number }
    let name = excerpt(try first.name(column, isHeader: isHeader))
    let fault = number == nil ? "is not a number" : "is not finite as a Float"
    let mayBeName = !isStated && !isHeader && field.line == first.start.line && !scanner.isMissing(field)
    let cure = number == nil && mayBeName ? "; if this row names the columns, give hasHeader: true" : ""
    throw scanner.error(field, "column \"\(name)\": \"\(scanner.quote(field))\" \(fault)\(cure)")
  }

  /// Returns the error of a row that has more or fewer fields than the first row, or nil if it has as many.
  private func wrongCount(_ row: CSVScanner) throws(DataError) -> DataError? {
    var row = row
    let line = row.line
    let count = try row.countRow()
    if count == first.columnCount { return nil }
    let noun = count == 1 ? "field" : "fields"
    return DataError(
      path: row.path, line: line, message: "the row has \(count) \(noun); it must have \(first.columnCount)")
  }

  /// Returns the class of each row, and the labels of the classes in order.
  func sortedLabels() -> (labels: [Int], classes: [String]) {
    let found = classes.keys.map { (label: $0, number: finite($0.text)) }
    let areNumbers = found.allSatisfy { $0.number != nil }
    let areIntegers = found.allSatisfy { Int($0.label.text) != nil }
    let sorted = found.sorted { a, b in
      if areIntegers, let x = Int(a.label.text), let y = Int(b.label.text), x != y { return x < y }
      if areNumbers, let x = a.number, let y = b.number, x != y { return x < y }
      return a.label < b.label
    }
    var places = [Int](repeating: 0, count: sorted.count)
    for (place, item) in sorted.enumerated() { places[classes[item.label]!] = place }
    return (labels.map { places[$0] }, sorted.map(\.label.text))
  }

  private func finite(_ label: String) -> Double? {
    guard isNumber(Array(label.utf8)[...]), let number = Double(label), number.isFinite else { return nil }
    return number
  }
}
