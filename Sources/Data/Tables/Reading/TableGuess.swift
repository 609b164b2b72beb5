/// The names and the storages of the columns of a table, as its first rows show them.
struct TableGuess {
  let names: [String]
  private(set) var storages: [TableStorage]
  /// The bytes and the lines before the first row of values.
  let headerBytes: Int
  let headerLines: Int

  /// The largest number of columns. Each takes some hundred bytes while it is read.
  static let mostColumns = 1 << 16

  /// Reads the first rows of a text. Returns nil if there is none.
  init?(_ text: UnsafeBufferPointer<UInt8>, _ syntax: TableSyntax, hasHeader: Bool?) throws(DataError) {
    var scanner = TableScanner(text, syntax)
    guard scanner.findRow() else { return nil }
    let start = scanner
    do throws(TableFault) {
      let count = try scanner.countRow()
      guard count <= Self.mostColumns else {
        throw TableFault(
          line: start.line, message: "the row has \(count) fields; at most \(Self.mostColumns) are allowed")
      }
      let sample = Self.rows(start, count, syntax)
      let isHeader = hasHeader ?? HeaderRule(sample).isHeader
      var names: [String] = []
      for (column, cell) in sample[0].enumerated() {
        guard let name = cell.name else {
          throw TableFault(
            line: start.line, message: "the text is not \(syntax.encoding.name); try encoding: .latin1")
        }
        names.append(isHeader ? name : String(column))
      }
      self.names = names
      headerBytes = (isHeader ? scanner.position : start.position) - text.baseAddress!
      headerLines = isHeader ? scanner.line : start.line
      storages = (0..<count).map { column in
        sample.dropFirst(isHeader ? 1 : 0).reduce(nil) { $1[column].storage.combined(with: $0) } ?? .float
      }
    } catch {
      throw DataError(path: syntax.path, line: error.line + 1, message: error.message)
    }
  }

  /// Returns the first rows, up to one that is wrong: reading the table reports it.
  private static func rows(_ start: TableScanner, _ count: Int, _ syntax: TableSyntax) -> [[HeaderRule.Cell]]
  {
    var scanner = start
    var rows: [[HeaderRule.Cell]] = []
    while rows.count < max(8, min(1000, 100_000 / count)), scanner.findRow() {
      var row: [HeaderRule.Cell] = []
      while let field = try? scanner.next() {
        row.append(field.withContent { HeaderRule.Cell($0, syntax) })
        if field.isLastInRow || row.count > count { break }
      }
      guard row.count == count || rows.isEmpty else { break }
      rows.append(row)
    }
    return rows
  }
}

/// Decides if the first row of a table names the columns.
struct HeaderRule {
  /// A field of the first rows.
  struct Cell {
    let text: ByteName
    /// The text, or nil if it is not in the table's encoding.
    let name: String?
    /// The narrowest storage of the value, or nil if it is missing.
    let storage: TableStorage?
    /// The number, if the field is one.
    let number: Double?

    init(_ content: UnsafeBufferPointer<UInt8>, _ syntax: TableSyntax) {
      name = syntax.text(content)
      text = ByteName(name ?? String(decoding: content, as: UTF8.self))
      storage = syntax.storage(content)
      number = TableNumbers.general(content, syntax)?.number
    }

    /// True if the field can name a column: it has a letter, is not a missing value, and is not a number or a
    /// date in another spelling, such as `1_000`, `0x1F`, `50%` and `3 May`.
    var isName: Bool {
      guard storage == .text else { return false }
      let start = text.text.unicodeScalars.first { isDigit($0) || $0.properties.isAlphabetic }
      return start.map { !isDigit($0) } ?? false
    }

    private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
  }

  private let first: [Cell]
  private let below: ArraySlice<[Cell]>
  /// The columns that have mostly numbers or dates below the first row, and those that have mostly texts.
  private var numeric: [Int] = [], texts: [Int] = []

  init(_ rows: [[Cell]]) {
    first = rows[0]
    below = rows.dropFirst()
    for column in first.indices {
      let storages = below.compactMap { $0[column].storage }
      if storages.isEmpty { continue }
      if 2 * storages.count(where: { $0 == .text }) < storages.count {
        numeric.append(column)
      } else {
        texts.append(column)
      }
    }
  }

  /// True if the first row is a header.
  ///
  /// It is one if a name stands above numbers or dates. Above texts only, it is one if all its fields are
  /// different names that do not occur below. It also is one if it counts the columns, as pandas names the
  /// columns of an array, above some texts; there must be evidence that the first row's texts are not values.
  var isHeader: Bool {
    guard !below.isEmpty else { return first.allSatisfy(\.isName) }
    if numeric.contains(where: { first[$0].isName }) { return true }
    guard standsAlone else { return false }
    if numeric.isEmpty { return first.allSatisfy(\.isName) && Set(first.map(\.text)).count == first.count }
    return countsColumns && (first.count > 3 || hasRepeatedText)
  }

  /// True if there are columns of texts, and no text of the first row occurs below it.
  private var standsAlone: Bool {
    !texts.isEmpty
      && texts.allSatisfy { column in below.allSatisfy { $0[column].text != first[column].text } }
  }

  private var hasRepeatedText: Bool {
    texts.contains { column in Set(below.map { $0[column].text }).count < below.count }
  }

  /// True if the fields above numbers are 0, 1, 2, … The columns of texts may be counted or left out, and
  /// pandas writes a column of row numbers first, with an empty name.
  private var countsColumns: Bool {
    let hasIndex = first[0].text.text.isEmpty
    let counted = numeric.drop { $0 == 0 && hasIndex }
    let numbers = counted.map { first[$0].number ?? -1 }
    return !counted.isEmpty
      && (numbers == counted.indices.map { Double($0 - counted.startIndex) }
        || numbers == counted.map { Double($0 - (hasIndex ? 1 : 0)) })
  }
}

extension TableStorage? {
  /// Returns the storage that both of two values fit; nil stands for a missing value.
  func combined(with other: TableStorage?) -> TableStorage? {
    guard let self, let other, self != other else { return self ?? other }
    return max(self, other) <= .double ? .double : .text
  }
}
