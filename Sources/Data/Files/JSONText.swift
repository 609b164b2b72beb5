/// Reads JSON strictly. Keys are compared by their bytes, no key may occur twice in an object, and the order of
/// the keys is kept.
///
/// General JSON decoders store keys in dictionaries of `String`, which treat some keys of different bytes as
/// equal.
struct JSONText {
  private let path: String
  /// The text's name in errors, such as "the header".
  private let subject: String
  private let bytes: [UInt8]
  private var position = 0
  /// The key of the outermost object's member that is being read. Errors name it.
  var entry: String?

  init(_ bytes: [UInt8], as subject: String, path: String) throws(DataError) {
    self.bytes = bytes
    self.subject = subject
    self.path = path
    guard bytes.first == UInt8(ascii: "{"), !bytes.contains(0),
      String(validating: bytes, as: UTF8.self) != nil
    else { throw error("\(subject) is not a JSON object in UTF-8") }
  }

  /// Throws if anything but blanks is left.
  mutating func finish() throws(DataError) {
    skipSpace()
    guard position == bytes.count else { throw notJSON() }
  }

  func error(_ message: String) -> DataError { DataError(path: path, entry: entry, message: message) }

  private func notJSON() -> DataError { error("\(subject) is not JSON at byte \(position)") }

  private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte, byte == 0x20 || 0x09...0x0A ~= byte || byte == 0x0D { position += 1 }
  }

  /// Skips blanks, and then the character if it is the next one. Returns true if it was.
  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard byte == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Reads an object. `read` is called at the value of each key.
  mutating func readMembers(
    _ read: (inout JSONText, _ key: String) throws(DataError) -> Void
  ) throws(DataError) {
    guard skip("{") else { throw error("is not a JSON object") }
    if skip("}") { return }
    var keys: Set<ByteName> = []
    repeat {
      let key = try readString()
      guard keys.insert(ByteName(key)).inserted else {
        throw DataError(
          path: path, entry: entry ?? key, message: "\(subject) has the key \"\(excerpt(key))\" twice")
      }
      guard skip(":") else { throw notJSON() }
      try read(&self, key)
    } while skip(",")
    guard skip("}") else { throw notJSON() }
  }

  mutating func readIntegers(_ key: String) throws(DataError) -> [Int] {
    guard skip("[") else { throw error("\(key) must be a list of whole numbers") }
    if skip("]") { return [] }
    var numbers: [Int] = []
    repeat {
      skipSpace()
      guard let number = Int(readWord()) else { throw error("\(key) must contain whole numbers below 2^63") }
      numbers.append(number)
    } while skip(",")
    guard skip("]") else { throw notJSON() }
    return numbers
  }

  /// Reads a number, or true, false or null, and steps over it. Returns an empty text if there is none.
  private mutating func readWord() -> String {
    let start = position
    while let byte, isWordByte(byte) { position += 1 }
    let word = bytes[start..<position]
    // JSON allows no plus sign before a number and no zeros before its digits.
    let digits = word.drop { $0 == UInt8(ascii: "-") }
    if word.first == UInt8(ascii: "+")
      || (digits.count > 1 && digits.starts(with: "0".utf8)
        && digits.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
    {
      return ""
    }
    return String(decoding: word, as: UTF8.self)
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "0"..."9", "a"..."z", "A"..."Z", "+", "-", ".": true
    default: false
    }
  }

  /// Skips a value that is not needed.
  mutating func skipValue(depth: Int = 0) throws(DataError) {
    guard depth < 128 else { throw error("\(subject) is nested more than 128 deep") }
    skipSpace()
    switch byte {
    case UInt8(ascii: "\""): _ = try readString()
    case UInt8(ascii: "{"):
      try readMembers { text, _ throws(DataError) in try text.skipValue(depth: depth + 1) }
    case UInt8(ascii: "["):
      position += 1
      if skip("]") { return }
      repeat { try skipValue(depth: depth + 1) } while skip(",")
      guard skip("]") else { throw notJSON() }
    default:
      let word = readWord()
      guard Double(word)?.isFinite == true || ["true", "false", "null"].contains(word) else {
        throw notJSON()
      }
    }
  }

  mutating func readString() throws(DataError) -> String {
    guard skip("\"") else { throw error("\(subject) must have a string at byte \(position)") }
    var text: [UInt8] = []
    var start = position
    while let byte, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw notJSON() }
      position += 1
      guard byte == UInt8(ascii: "\\") else { continue }
      text += bytes[start..<position - 1]
      text += String(try readEscape()).utf8
      start = position
    }
    guard byte != nil else { throw notJSON() }
    text += bytes[start..<position]
    position += 1
    return String(decoding: text, as: UTF8.self)
  }

  private mutating func readEscape() throws(DataError) -> Unicode.Scalar {
    guard let byte else { throw notJSON() }
    position += 1
    switch Unicode.Scalar(byte) {
    case "\"", "\\", "/": return Unicode.Scalar(byte)
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u": break
    default: throw notJSON()
    }
    let first = try readCodeUnit()
    guard 0xD800...0xDBFF ~= first else {
      guard let scalar = Unicode.Scalar(first) else { throw notJSON() }
      return scalar
    }
    guard bytes[position...].starts(with: "\\u".utf8) else { throw notJSON() }
    position += 2
    let second = try readCodeUnit()
    guard 0xDC00...0xDFFF ~= second,
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw notJSON() }
    return scalar
  }

  /// Reads four hexadecimal digits and returns their value.
  private mutating func readCodeUnit() throws(DataError) -> UInt32 {
    let digits = bytes[position...].prefix(4)
    guard digits.count == 4, digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-"),
      let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw notJSON() }
    position += 4
    return value
  }

  /// Returns a text as a JSON string, in quotes. It is escaped as by the format's own writer.
  static func quoted(_ text: String) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": json += "\\\""
      case "\\": json += "\\\\"
      case "\u{8}": json += "\\b"
      case "\u{C}": json += "\\f"
      case "\n": json += "\\n"
      case "\r": json += "\\r"
      case "\t": json += "\\t"
      case "\u{0}"..<"\u{20}": json += "\\u" + padded(scalar.value, 4, radix: 16)
      default: json.unicodeScalars.append(scalar)
      }
    }
    return json + "\""
  }
}
