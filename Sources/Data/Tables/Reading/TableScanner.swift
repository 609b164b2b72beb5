/// Steps through the fields of a piece of a table's text, without storing any. A copy can read ahead.
///
/// The piece must end in a line feed, so that a loop over plain bytes needs no other bound.
struct TableScanner {
  /// The content of a field, without its quotes and without the blanks around it.
  struct Field {
    var content: UnsafeBufferPointer<UInt8>
    var isLastInRow = false
    /// True if the quoted field contains quotes, which are written twice.
    var hasDoubledQuotes = false
  }

  let syntax: TableSyntax
  var position: UnsafePointer<UInt8>
  let end: UnsafePointer<UInt8>
  /// The number of line ends before the position.
  private(set) var line = 0

  init(_ piece: UnsafeBufferPointer<UInt8>, _ syntax: TableSyntax) {
    self.syntax = syntax
    position = piece.baseAddress!
    end = position + piece.count
  }

  /// Steps over empty lines and comments to the next row. Returns false if there is none.
  mutating func findRow() -> Bool {
    while position < end {
      if position.pointee == UInt8(ascii: "\n") {
        position += 1
      } else if position.pointee == UInt8(ascii: "\r"), position[1] == UInt8(ascii: "\n") {
        position += 2
      } else if position.pointee == syntax.comment {
        while position.pointee != UInt8(ascii: "\n") { position += 1 }
        position += 1
      } else {
        return true
      }
      line += 1
    }
    return false
  }

  /// Steps over the separator or the line end after a field. Returns true after a line end, and nil if
  /// something else stands here.
  @inline(__always)
  mutating func endField() -> Bool? {
    if position.pointee == syntax.separator {
      position += 1
      return false
    }
    if position.pointee == UInt8(ascii: "\r"), position[1] == UInt8(ascii: "\n") { position += 1 }
    guard position.pointee == UInt8(ascii: "\n") else { return nil }
    position += 1
    line += 1
    return true
  }

  /// Returns the next field of this row.
  mutating func next() throws(TableFault) -> Field {
    skipBlanks()
    var field = position.pointee == UInt8(ascii: "\"") ? try quotedField() : plainField()
    guard let isLast = endField() else {
      throw TableFault(
        line: line,
        message: "\"\(syntax.quote(field.content))\" has text beside quotes;"
          + " the quotes must enclose the whole field")
    }
    field.isLastInRow = isLast
    return field
  }

  /// Steps over the rest of this row, and returns the number of fields in it.
  mutating func countRow() throws(TableFault) -> Int {
    var count = 1
    while !(try next().isLastInRow) { count += 1 }
    return count
  }

  private mutating func skipBlanks() { while syntax.isBlank(position.pointee) { position += 1 } }

  /// Steps to the separator after an unquoted field, or to a quote, which an unquoted field cannot contain.
  private mutating func plainField() -> Field {
    let first = position
    while position.pointee != syntax.separator, position.pointee != UInt8(ascii: "\n"),
      position.pointee != UInt8(ascii: "\"")
    {
      position += 1
    }
    // The line end is CR and LF.
    if position.pointee == UInt8(ascii: "\n"), position > first, position[-1] == UInt8(ascii: "\r") {
      position -= 1
    }
    var last = position
    while last > first, syntax.isBlank(last[-1]) { last -= 1 }
    return Field(content: UnsafeBufferPointer(start: first, count: last - first))
  }

  /// Reads a quoted field, and steps over its closing quote and the blanks after it.
  private mutating func quotedField() throws(TableFault) -> Field {
    let openingLine = line
    position += 1
    let first = position
    var hasDoubledQuotes = false
    while position < end {
      if position.pointee == UInt8(ascii: "\n") { line += 1 }
      guard position.pointee == UInt8(ascii: "\"") else {
        position += 1
        continue
      }
      // A quote is never the last byte of the piece.
      if position[1] == UInt8(ascii: "\"") {
        hasDoubledQuotes = true
        position += 2
        continue
      }
      let content = UnsafeBufferPointer(start: first, count: position - first)
      position += 1
      skipBlanks()
      return Field(content: content, hasDoubledQuotes: hasDoubledQuotes)
    }
    throw TableFault(line: openingLine, message: "a quote is never closed")
  }
}

extension TableScanner.Field {
  /// Calls `body` with the content, in which doubled quotes are single.
  @inline(__always)
  func withContent<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    hasDoubledQuotes ? undoubled.withUnsafeBufferPointer(body) : body(content)
  }

  private var undoubled: [UInt8] {
    var isFirst = false
    return content.filter { byte in
      isFirst = byte == UInt8(ascii: "\"") && !isFirst
      return byte != UInt8(ascii: "\"") || isFirst
    }
  }
}
