/// The first row of a CSV text, which may be a header.
struct CSVFirstRow {
  /// The scanners at the first row and at the second row.
  let start: CSVScanner
  let next: CSVScanner
  let columnCount: Int
  let labelColumn: Int
  private let label: CSV.LabelColumn

  init(_ start: CSVScanner, label: CSV.LabelColumn, hasHeader: Bool?) throws(DataError) {
    var scanner = start
    columnCount = try scanner.countRow()
    self.start = start
    self.label = label
    next = scanner
    labelColumn = try Self.labelColumn(label, of: columnCount, start, hasHeader: hasHeader)
  }

  private static func labelColumn(
    _ label: CSV.LabelColumn, of count: Int, _ start: CSVScanner, hasHeader: Bool?
  ) throws(DataError) -> Int {
    func error(_ message: String) -> DataError {
      DataError(path: start.path, line: start.line, message: message)
    }
    guard count > 1 else {
      throw error("the row has 1 field; it must have features and a label, separated by commas")
    }
    switch label {
    case .first: return 0
    case .last: return count - 1
    case .index(let index):
      guard (0..<count).contains(index) else {
        throw error("there is no label column \(index); the \(count) columns are numbered from 0")
      }
      return index
    case .named(let name):
      guard hasHeader != false else {
        throw error("the label column \"\(excerpt(name))\" cannot be found without a header")
      }
      var scanner = start
      var found: [Int] = []
      var listed: [String] = []
      for index in 0..<count {
        let field = try scanner.next()
        if try ByteName(scanner.text(field)) == ByteName(name) { found.append(index) }
        if index < 20 { listed.append(scanner.quote(field)) }
      }
      if found.count == 1 { return found[0] }
      let fault = found.isEmpty ? "there is no label column" : "there is more than one label column"
      let names = listed.joined(separator: ", ") + (count > listed.count ? ", …" : "")
      throw error("\(fault) \"\(excerpt(name))\"; the columns are \(names)")
    }
  }

  /// Returns the name of a column, or its index if the first row is not a header.
  func name(_ column: Int, isHeader: Bool) throws(DataError) -> String {
    if !isHeader { return String(column) }
    var scanner = start
    for _ in 0..<column { _ = try scanner.next() }
    return try scanner.text(scanner.next())
  }

  /// Returns the names of the feature columns.
  func columns(isHeader: Bool) throws(DataError) -> [String] {
    var scanner = start
    var columns: [String] = []
    columns.reserveCapacity(columnCount - 1)
    for index in 0..<columnCount {
      let field = try scanner.next()
      if index != labelColumn { columns.append(isHeader ? try scanner.text(field) : String(index)) }
    }
    return columns
  }

  /// Returns true if the first row is a header.
  func isHeader() throws(DataError) -> Bool {
    if case .named = label { return true }
    var scanner = start
    // The label column may be counted or left out: follow both ways of numbering the columns.
    var countsAll = true, countsFeatures = true
    var expected = 0
    for index in 0..<columnCount {
      let field = try scanner.next()
      if index == labelColumn {
        if scanner.isName(field), try secondLabelIsNumber() { return true }
        continue
      }
      if scanner.isName(field) { return true }
      // pandas writes a column of row numbers first, with an empty name.
      if index == 0, field.range.isEmpty { continue }
      let number = scanner.number(field)
      countsFeatures = countsFeatures && number == Float(expected)
      countsAll = countsAll && number == Float(expected + (index > labelColumn ? 1 : 0))
      expected += 1
    }
    guard countsAll || countsFeatures, expected > 0 else { return false }
    return try labelStandsAlone()
  }

  private func secondLabelIsNumber() throws(DataError) -> Bool {
    var scanner = next
    guard !scanner.isAtEnd else { return false }
    var field = try scanner.next()
    for _ in 0..<labelColumn {
      if field.isLastInRow { return false }
      field = try scanner.next()
    }
    return scanner.number(field) != nil
  }

  /// Returns true if all other labels are texts that differ from the first row's, and there are enough
  /// columns or repeated labels to be sure.
  private func labelStandsAlone() throws(DataError) -> Bool {
    let own = try ByteName(name(labelColumn, isHeader: true))
    var scanner = next
    var seen: Set<ByteName> = []
    var hasTwice = false
    while !scanner.isAtEnd {
      var index = 0
      var field = try scanner.next()
      while index < labelColumn, !field.isLastInRow {
        field = try scanner.next()
        index += 1
      }
      guard index == labelColumn, scanner.number(field) == nil else { return false }
      let label = try ByteName(scanner.text(field))
      if label == own { return false }
      if !seen.insert(label).inserted { hasTwice = true }
      if !field.isLastInRow { _ = try scanner.countRow() }
    }
    return !seen.isEmpty && (hasTwice || columnCount > 3)
  }
}
