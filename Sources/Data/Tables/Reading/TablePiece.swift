/// The storage of a column while it is read.
///
/// The order is that of widening: a column that does not fit one storage is read again as the next that fits.
enum TableStorage: UInt8, Comparable {
  /// The column is not wanted.
  case skipped
  /// Numbers of which a `Float` keeps every digit.
  case float
  case double
  case date
  case text

  static func < (a: TableStorage, b: TableStorage) -> Bool { a.rawValue < b.rawValue }
}

/// The values of some successive rows of a table.
struct TablePiece {
  /// The values row by row: numbers, seconds of dates, and codes of texts. NaN is a missing value.
  private(set) var values: [Double] = []
  private(set) var rowCount = 0
  private(set) var lineCount = 0
  /// The texts of each column of the file, nil for columns that are not texts.
  private(set) var levels: [TableLevels?]
  /// The first value in each column that does not fit its storage.
  private(set) var misfits: [Int: Misfit] = [:]
  /// A fault that ends the table.
  private(set) var fault: TableFault?

  struct Misfit {
    let line: Int
    let quote: String
    /// The narrowest storage that fits the value.
    let needed: TableStorage
  }

  /// Reads all rows of a piece of text, which ends in a line feed.
  ///
  /// - Parameter storages: The storage of each column of the file.
  init(_ bytes: UnsafeBufferPointer<UInt8>, _ syntax: TableSyntax, _ storages: [TableStorage]) {
    let lines = bytes.reduce(0) { $0 &+ ($1 == UInt8(ascii: "\n") ? 1 : 0) }
    // A row has a separator or a line end for each field.
    let rows = min(lines, bytes.count / storages.count)
    let width = storages.count { $0 != .skipped }
    levels = storages.map { $0 == .text ? TableLevels() : nil }
    values = [Double](unsafeUninitializedCapacity: rows * width) { buffer, initialized in
      var parser = RowParser(scanner: TableScanner(bytes, syntax), storages: storages)
      swap(&parser.levels, &levels)
      do throws(TableFault) {
        while parser.scanner.findRow() {
          let row = UnsafeMutableBufferPointer(rebasing: buffer[initialized..<rows * width])
          try parser.readRow(into: row, width)
          initialized += width
          rowCount += 1
        }
      } catch { fault = error }
      swap(&parser.levels, &levels)
      misfits = parser.misfits
      lineCount = parser.scanner.line
    }
  }
}

/// Reads the rows of a piece.
private struct RowParser {
  var scanner: TableScanner
  var storages: [TableStorage]
  var levels: [TableLevels?] = []
  var misfits: [Int: TablePiece.Misfit] = [:]

  /// Reads a row. If it is wrong, explains why: a wrong number of fields is the better explanation of any
  /// other fault, except for a quote without its end.
  mutating func readRow(into row: UnsafeMutableBufferPointer<Double>, _ width: Int) throws(TableFault) {
    var start = scanner
    do throws(TableFault) {
      guard try readFields(into: row, width) else {
        throw TableFault(line: start.line, message: "")
      }
    } catch {
      let line = start.line, count = try start.countRow()
      guard count != storages.count else { throw error }
      throw TableFault(
        line: line,
        message: "the row has \(count) \(count == 1 ? "field" : "fields"); it must have \(storages.count)")
    }
  }

  /// Returns false if the row has another number of fields.
  @inline(__always)
  private mutating func readFields(
    into row: UnsafeMutableBufferPointer<Double>, _ width: Int
  ) throws(TableFault) -> Bool {
    let count = storages.count
    var place = 0
    for column in 0..<count {
      let storage = storages[column]
      let field: (value: Double, isLast: Bool)
      if storage <= .double, storage != .skipped, let number = plainNumber(storage) {
        field = number
      } else {
        field = try general(column, storage)
      }
      if storage != .skipped {
        // A row of too many fields may be longer than the rest of the buffer.
        guard place < row.count else { return false }
        row[place] = field.value
        place += 1
      }
      if field.isLast != (column == count - 1) { return false }
    }
    return true
  }

  /// Reads a field that is a number without blanks, quotes or marks, and steps over it.
  @inline(__always)
  private mutating func plainNumber(_ storage: TableStorage) -> (value: Double, isLast: Bool)? {
    let start = scanner.position
    var isShort = false
    guard
      let number = TableNumbers.plain(
        &scanner.position, decimalPoint: scanner.syntax.decimalPoint, isShort: &isShort),
      !(scanner.syntax.hasMissingNumber && isMissing(from: start)),
      storage == .double || fitsFloat(number, isShort), let isLast = scanner.endField()
    else {
      scanner.position = start
      return nil
    }
    return (number, isLast)
  }

  private func isMissing(from start: UnsafePointer<UInt8>) -> Bool {
    scanner.syntax.isMissing(UnsafeBufferPointer(start: start, count: scanner.position - start))
  }

  /// Returns true if the nearest `Float` keeps all digits, and does not depend on the rounding to `Double`.
  @inline(__always)
  private func fitsFloat(_ number: Double, _ isShort: Bool) -> Bool {
    let short = Float(number)
    if Double(short) == number { return true }
    // Between two floats, the number that was rounded to Double may lie on the other side of the middle.
    let isMiddle = number.bitPattern & 0x1FFF_FFFF == 0x1000_0000
    return isShort && !isMiddle && short.isFinite && abs(short) >= Float.leastNormalMagnitude
  }

  /// Reads a field of any kind.
  @inline(never)
  private mutating func general(
    _ column: Int, _ storage: TableStorage
  ) throws(TableFault) -> (value: Double, isLast: Bool) {
    let line = scanner.line
    let field = try scanner.next()
    let syntax = scanner.syntax
    switch storage {
    case .skipped: return (0, field.isLastInRow)
    case .text:
      return (field.withContent { Double(levels[column]!.code(of: $0)) }, field.isLastInRow)
    default: break
    }
    if let value = field.withContent({ syntax.value($0, storage) }) { return (value, field.isLastInRow) }
    misfits[column] = field.withContent {
      .init(line: line, quote: syntax.quote($0), needed: syntax.storage($0) ?? .text)
    }
    // The column is read again, or is an error.
    storages[column] = .text
    levels[column] = TableLevels()
    return (.nan, field.isLastInRow)
  }
}

extension TableSyntax {
  /// Returns the value of a number or a date, NaN if it is missing, or nil if it does not fit the storage.
  func value(_ content: UnsafeBufferPointer<UInt8>, _ storage: TableStorage) -> Double? {
    if isMissing(content) { return .nan }
    if storage == .date { return TableDates.seconds(content) }
    let found = TableNumbers.general(content, self)
    return storage == .double ? found?.number : found?.short.map(Double.init)
  }

  /// Returns the narrowest storage of a value, or nil if it is missing.
  func storage(_ content: UnsafeBufferPointer<UInt8>) -> TableStorage? {
    if isMissing(content) { return nil }
    if let found = TableNumbers.general(content, self) { return found.short == nil ? .double : .float }
    return TableDates.seconds(content) != nil ? .date : .text
  }
}
