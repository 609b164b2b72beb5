/// The spelling of a table's text, in bytes.
struct TableSyntax: Sendable {
  let path: String
  let separator: UInt8
  let decimalPoint: UInt8
  let thousands: UInt8?
  let comment: UInt8?
  let encoding: TextEncoding
  let missing: [[UInt8]]
  /// True if a number, such as -999 or -9,5, stands for a missing value.
  let hasMissingNumber: Bool

  init(_ options: CSVOptions, path: String) throws(DataError) {
    self.path = path
    let isTabbed = path.hasSuffix(".tsv")
    separator = try Self.byte(options.separator ?? (isTabbed ? "\t" : ","), "separator", path)
    decimalPoint = try Self.byte(options.decimalPoint, "decimal point", path)
    thousands = try options.thousands.map { mark throws(DataError) in try Self.byte(mark, "thousands", path) }
    comment = try options.comment.map { mark throws(DataError) in try Self.byte(mark, "comment", path) }
    encoding = options.encoding
    let marks = [separator, decimalPoint, comment, thousands].compactMap { $0 }
    let needsSeparator = options.separator == nil && decimalPoint == separator
    guard Set(marks).count == marks.count else {
      throw DataError(
        path: path,
        message: needsSeparator
          ? "the decimal point is the separator; give separator: \";\" or the one that the file has"
          : "separator, decimal point, comment and thousands must be different characters")
    }
    missing = options.missing.map { Array($0.utf8) }
    hasMissingNumber = missing.contains { [decimalPoint] text in
      let number = text.map { $0 == decimalPoint ? UInt8(ascii: ".") : $0 }
      return isNumber(number[...]) && number.contains(where: isDigit)
    }
  }

  private static func byte(_ character: Character, _ role: String, _ path: String) throws(DataError) -> UInt8
  {
    guard let byte = character.asciiValue, !"\"\r\n\0+-eE".utf8.contains(byte), !isDigit(byte) else {
      throw DataError(
        path: path,
        message: "the \(role) cannot be \"\(excerpt(String(character)))\"; it must be one ASCII character"
          + " that is no digit, sign, quote or line end")
    }
    return byte
  }

  /// Returns true if a byte is a blank that does not belong to the fields.
  @inline(__always)
  func isBlank(_ byte: UInt8) -> Bool {
    (byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")) && byte != separator
  }

  /// Returns true if a field's content stands for a missing value.
  func isMissing(_ content: UnsafeBufferPointer<UInt8>) -> Bool {
    missing.contains { $0.count == content.count && $0.elementsEqual(content) }
  }

  /// Returns the text of bytes, or nil if they are not in the encoding.
  func text(_ bytes: some Collection<UInt8>) -> String? {
    switch encoding {
    case .utf8: String(validating: bytes, as: UTF8.self)
    case .latin1: String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
  }

  /// Returns bytes as error messages quote them.
  func quote(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    // A character has at most four bytes.
    let start = bytes.prefix(4 * 81)
    return excerpt(text(start) ?? String(decoding: start, as: UTF8.self))
  }
}

/// A fault on a line of a piece of the text; lines are counted from the start of the piece.
struct TableFault: Error {
  let line: Int
  let message: String
}

@inline(__always)
func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
