import MartletCore

/// The header of an array in NumPy's format: a Python dictionary of its element type, order and shape.
///
/// Source: NumPy's `numpy.lib.format`, versions 1.0 to 3.0.
struct NpyHeader {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// The length of the longest header that is read. One of 64 axes has about 1,400 bytes.
  private static let longest = 1 << 16

  /// NumPy's name for the element type, such as `<f4`.
  let descr: String
  let isFortran: Bool
  let shape: [Int]
  /// The number of bytes before the first element.
  let byteCount: Int

  /// Reads a header from the start of an array.
  init(_ reader: ByteReader, path: String, entry: String?) throws(DataError) {
    let start = try reader.next(8)
    guard start.starts(with: Self.magic), 1...3 ~= start[6] else {
      throw DataError(
        path: path, entry: entry,
        message: "is not a NumPy array: \\x93NUMPY and a version of 1 to 3 must be first")
    }
    let lengthCount = start[6] == 1 ? 2 : 4
    let length = try reader.next(lengthCount).number(at: 0, lengthCount)
    guard length <= Self.longest else {
      throw DataError(
        path: path, entry: entry,
        message: "the header has \(length) bytes; it must have at most \(Self.longest)")
    }
    byteCount = 8 + lengthCount + length
    var dictionary = PythonLiteral(try reader.next(length))
    do throws(Flaw) {
      (descr, isFortran, shape) = try dictionary.arrayDescription()
    } catch {
      throw DataError(path: path, entry: entry, message: error.message)
    }
  }

  /// The number of bytes of the elements, or nil if their type is unknown. `Int.max` stands for too many.
  var dataCount: Int? { (dtype?.byteCount).map { shape.reduce($0) { $0.times($1) } } }

  var dtype: StoredType? {
    descr.utf8.first.map { "<>=|".utf8.contains($0) } == true ? Self.dtypes[descr.dropFirst()] : nil
  }

  /// The element types by their names after the mark of the byte order.
  private static let dtypes: [Substring: StoredType] = [
    "b1": .bool, "u1": .u8, "i1": .i8, "i2": .i16, "u2": .u16, "f2": .f16, "i4": .i32, "u4": .u32,
    "f4": .f32, "c8": .c64, "f8": .f64, "i8": .i64, "u8": .u64, "c16": .c128,
  ]

  /// Returns the array that the header describes.
  func tensor(_ name: String, in bytes: StoredBytes) -> StoredTensor {
    var tensor = StoredTensor(
      name: name, dtypeName: descr, dtype: dtype, shape: shape, isBigEndian: descr.hasPrefix(">"),
      bytes: bytes,
      start: byteCount)
    if isFortran && shape.count > 1 {
      var stride = 1
      tensor.strides = shape.map { extent in
        defer { stride = stride.times(extent) }
        return stride
      }
    }
    return tensor
  }

  /// Returns the start of an array as NumPy writes it, or nil if the elements are of a type that NumPy does not
  /// have.
  static func bytes(_ dtype: StoredType, _ shape: [Int]) -> [UInt8]? {
    guard dtype != .bf16 else { return nil }
    let kind = dtype == .bool ? "b" : dtype.rawValue.first!.lowercased()
    let axes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text =
      "{'descr': '\(dtype.byteCount == 1 ? "|" : "<")\(kind)\(dtype.byteCount)', "
      + "'fortran_order': False, 'shape': (\(axes)), }"
    // NumPy leaves room for the first extent to grow to 21 digits, and ends the header at a multiple of 64.
    if let first = shape.first { text += String(repeating: " ", count: 21 - String(first).count) }
    let isLong = 10 + text.utf8.count + 64 > 0xFFFF
    let before = isLong ? 12 : 10
    text += String(repeating: " ", count: 64 - (before + text.utf8.count + 1) % 64) + "\n"
    return magic + [isLong ? 2 : 1, 0] + littleEndian((text.utf8.count, before - 8)) + Array(text.utf8)
  }
}

/// The part of Python's literals that headers of arrays use.
private struct PythonLiteral {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

  private func flaw(_ expected: String) -> Flaw {
    let rest = String(decoding: bytes[position...].prefix(80), as: UTF8.self)
    return Flaw(
      message:
        "\(expected) must be at byte \(position) of the header's text, not \(excerpt(rest.debugDescription))")
  }

  mutating func arrayDescription() throws(Flaw) -> (String, Bool, [Int]) {
    var descr: String?, isFortran: Bool?, shape: [Int]?
    guard skip("{") else { throw flaw("{") }
    while !skip("}") {
      let key = try readString()
      guard skip(":") else { throw flaw(":") }
      switch key {
      case "descr" where descr == nil: descr = try readType()
      case "fortran_order" where isFortran == nil: isFortran = try readBool()
      case "shape" where shape == nil: shape = try readTuple()
      default:
        throw Flaw(message: "the header has the key \"\(excerpt(key))\", which is unknown or twice there")
      }
      guard skip(",") || byte == UInt8(ascii: "}") else { throw flaw("a comma or }") }
    }
    skipSpace()
    guard position == bytes.count else { throw flaw("the end") }
    guard let descr, let isFortran, let shape else {
      throw Flaw(message: "the header lacks one of descr, fortran_order and shape")
    }
    return (descr, isFortran, shape)
  }

  private mutating func skipSpace() {
    while let byte, byte == 0x20 || byte == 0x0A { position += 1 }
  }

  private mutating func skip(_ text: String) -> Bool {
    skipSpace()
    guard bytes[position...].starts(with: text.utf8) else { return false }
    position += text.utf8.count
    return true
  }

  private mutating func readString() throws(Flaw) -> String {
    skipSpace()
    guard let quote = byte, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\""),
      let end = bytes[(position + 1)...].firstIndex(of: quote)
    else { throw flaw("a string") }
    defer { position = end + 1 }
    return String(decoding: bytes[position + 1..<end], as: UTF8.self)
  }

  /// Reads the name of a type, or steps over the list of a structured type's fields and returns it as text.
  private mutating func readType() throws(Flaw) -> String {
    skipSpace()
    guard byte == UInt8(ascii: "[") else { return try readString() }
    let start = position
    var depth = 0
    repeat {
      switch byte {
      case UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "]"): depth -= 1
      case nil: throw flaw("]")
      default: break
      }
      position += 1
    } while depth > 0
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func readBool() throws(Flaw) -> Bool {
    if skip("True") { return true }
    if skip("False") { return false }
    throw flaw("True or False")
  }

  private mutating func readTuple() throws(Flaw) -> [Int] {
    guard skip("(") else { throw flaw("(") }
    var numbers: [Int] = []
    while !skip(")") {
      skipSpace()
      let digits = bytes[position...].prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      guard let number = Int(String(decoding: digits, as: UTF8.self)) else {
        throw flaw("an extent from 0 to 2^63 - 1")
      }
      numbers.append(number)
      position += digits.count
      // Python 2 wrote long integers with an L.
      _ = skip("L")
      skipSpace()
      guard skip(",") || byte == UInt8(ascii: ")") else { throw flaw("a comma or )") }
    }
    return numbers
  }
}
