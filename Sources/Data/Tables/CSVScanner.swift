/// Steps through the fields of a CSV text, without storing any. A copy of the scanner can read ahead.
struct CSVScanner {
  /// The place of a field, without its quotes and without the blanks around it.
  struct Field {
    var range: Range<Int>
    var line: Int
    var isLastInRow = false
    /// True if the quoted field contains quotes, which are written twice.
    var hasDoubledQuotes = false
  }

  let bytes: [UInt8]
  let path: String
  private let end: Int
  private var position: Int
  private(set) var line = 1
  /// The number of fields of this row that were already read.
  private var column = 0

  init(_ bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
    let lineEnds = [UInt8(ascii: "\n"), UInt8(ascii: "\r")]
    end = bytes.lastIndex { !lineEnds.contains($0) }.map { $0 + 1 } ?? 0
    position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  /// True if no row follows.
  var isAtEnd: Bool { position >= end }

  /// Returns the next field of this row, or the first field of the next row.
  mutating func next() throws(DataError) -> Field {
    skipBlanks()
    column += 1
    let isQuoted = position < end && bytes[position] == UInt8(ascii: "\"")
    var field = isQuoted ? try quotedField() : plainField()
    if position < end, bytes[position] == UInt8(ascii: "\r"), position + 1 < end,
      bytes[position + 1] == UInt8(ascii: "\n")
    {
      position += 1
    }
    guard position < end else {
      field.isLastInRow = true
      return field
    }
    let separator = bytes[position]
    guard separator == UInt8(ascii: ",") || separator == UInt8(ascii: "\n") else {
      throw DataError(
        path: path, line: line,
        message: "field \(column) has text beside quotes; the quotes must enclose the whole field")
    }
    position += 1
    if separator == UInt8(ascii: "\n") {
      line += 1
      column = 0
      field.isLastInRow = true
    }
    return field
  }

  /// Returns the number of fields from here to the end of the row.
  mutating func countRow() throws(DataError) -> Int {
    var count = 1
    while !(try next().isLastInRow) { count += 1 }
    return count
  }

  private func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

  private mutating func skipBlanks() { while position < end, isBlank(bytes[position]) { position += 1 } }

  /// Steps to the separator after an unquoted field, or to a quote, which an unquoted field cannot contain.
  private mutating func plainField() -> Field {
    let first = position
    while position < end, bytes[position] != UInt8(ascii: ","), bytes[position] != UInt8(ascii: "\n"),
      bytes[position] != UInt8(ascii: "\"")
    {
      position += 1
    }
    var last = position
    if position < end, bytes[position] == UInt8(ascii: "\n"), last > first,
      bytes[last - 1] == UInt8(ascii: "\r")
    {
      last -= 1
    }
    while last > first, isBlank(bytes[last - 1]) { last -= 1 }
    return Field(range: first..<last, line: line)
  }

  /// Reads a quoted field, and steps over its closing quote and the blanks after it.
  private mutating func quotedField() throws(DataError) -> Field {
    let openingLine = line
    position += 1
    var field = Field(range: position..<position, line: line)
    while position < end {
      if bytes[position] == UInt8(ascii: "\n") { line += 1 }
      guard bytes[position] == UInt8(ascii: "\"") else {
        position += 1
        continue
      }
      if position + 1 < end, bytes[position + 1] == UInt8(ascii: "\"") {
        field.hasDoubledQuotes = true
        position += 2
        continue
      }
      field.range = field.range.lowerBound..<position
      position += 1
      skipBlanks()
      return field
    }
    throw DataError(path: path, line: openingLine, message: "a quote is never closed")
  }
}

// MARK: - Fields

extension CSVScanner {
  func error(_ field: Field, _ message: String) -> DataError {
    DataError(path: path, line: field.line, message: message)
  }

  /// Returns the text of a field, without its quotes.
  func text(_ field: Field) throws(DataError) -> String {
    guard let text = String(validating: content(field, field.range), as: UTF8.self) else {
      throw error(field, "the text is not UTF-8")
    }
    return text
  }

  /// Returns the text of a field as error messages quote it.
  func quote(_ field: Field) -> String {
    // A character has at most four bytes.
    let start = field.range.prefix(4 * 81)
    return excerpt(String(decoding: content(field, start), as: UTF8.self))
  }

  private func content(_ field: Field, _ range: Range<Int>) -> [UInt8] {
    var content = Array(bytes[range])
    if field.hasDoubledQuotes {
      var isFirst = false
      content.removeAll { byte in
        isFirst = byte == UInt8(ascii: "\"") && !isFirst
        return isFirst
      }
    }
    return content
  }

  /// Returns the number in a field, which may be NaN or infinite, or nil if the field is not spelled as a
  /// number.
  func number(_ field: Field) -> Float? {
    let text = bytes[field.range].trimmingBlanks
    return isNumber(text) ? Float(String(decoding: text, as: UTF8.self)) : nil
  }

  /// Returns true if a field is empty or a text that pandas' `read_csv` reads as a missing value.
  func isMissing(_ field: Field) -> Bool {
    let text = bytes[field.range].trimmingBlanks
    return text.isEmpty || (text.count < 10 && missingTexts.contains(String(decoding: text, as: UTF8.self)))
  }

  /// Returns true if a field can name a column: it is not a number, not a missing value, and not a number in
  /// another spelling, such as `1_000`, `1,5`, `0x1F` and `50%`.
  func isName(_ field: Field) -> Bool {
    if number(field) != nil || isMissing(field) { return false }
    let text = bytes[field.range].trimmingBlanks
    let isLetter = { (byte: UInt8) in byte >= 0x80 || Unicode.Scalar(byte).properties.isAlphabetic }
    guard text.contains(where: isDigit) else { return true }
    let start = text.drop { !isDigit($0) && !isLetter($0) && $0 != UInt8(ascii: "_") }
    return text.contains(where: isLetter) && !isDigit(start.first!)
  }
}

private let missingTexts: Set<String> = [
  "#N/A", "#NA", "-NaN", "-nan", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
]

private func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }

/// Returns true if pandas' `read_csv` reads a text as a number: decimal digits with a point and an exponent,
/// or infinity or NaN. Hexadecimal numbers, grouped digits and decimal commas are texts.
func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
  var rest = text
  if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
  guard let first = rest.first else { return false }
  if !isDigit(first), first != UInt8(ascii: ".") {
    return rest.count < 9
      && ["inf", "infinity", "nan"].contains(String(decoding: rest, as: UTF8.self).lowercased())
  }
  let whole = rest.prefix(while: isDigit)
  rest = rest.dropFirst(whole.count)
  var digits = whole.count
  if rest.first == UInt8(ascii: ".") {
    let fraction = rest.dropFirst().prefix(while: isDigit)
    digits += fraction.count
    rest = rest.dropFirst(1 + fraction.count)
  }
  if digits > 0, rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
    rest.removeFirst()
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    return !rest.isEmpty && rest.allSatisfy(isDigit)
  }
  return digits > 0 && rest.isEmpty
}

extension ArraySlice<UInt8> {
  /// The bytes without blanks at both ends. Quoted numbers may have such blanks.
  fileprivate var trimmingBlanks: ArraySlice<UInt8> {
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    var text = drop(while: isBlank)
    while let byte = text.last, isBlank(byte) { text.removeLast() }
    return text
  }
}
