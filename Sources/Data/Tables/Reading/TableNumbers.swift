/// The numbers of a table: correctly rounded, as `Double(_: String)` reads them, and fast for the spellings
/// that occur in tables.
enum TableNumbers {
  /// Reads a number of at most 19 digits, and moves `position` to the byte after it. Returns nil for other
  /// spellings, which ``general(_:_:)`` reads. The bytes must end in one that is no digit.
  ///
  /// - Parameter isShort: True if the number has at most six digits, zeros in front not counted. A `Float`
  ///   keeps them all.
  @inline(__always)
  static func plain(
    _ position: inout UnsafePointer<UInt8>, decimalPoint: UInt8, isShort: inout Bool
  ) -> Double? {
    var p = position
    let isNegative = p.pointee == UInt8(ascii: "-")
    if isNegative { p += 1 }
    var mantissa: UInt64 = 0
    var digits = addDigits(&p, to: &mantissa)
    var exponent = 0
    if p.pointee == decimalPoint {
      p += 1
      exponent = -addDigits(&p, to: &mantissa)
      digits -= exponent
    }
    guard digits > 0, digits <= 19 else { return nil }
    if p.pointee | 0x20 == UInt8(ascii: "e") {
      p += 1
      let isBelow = p.pointee == UInt8(ascii: "-")
      if isBelow || p.pointee == UInt8(ascii: "+") { p += 1 }
      var power: UInt64 = 0
      guard 1...4 ~= addDigits(&p, to: &power) else { return nil }
      exponent += isBelow ? -Int(power) : Int(power)
    }
    guard let size = scaled(mantissa, exponent) else { return nil }
    position = p
    isShort = mantissa < 1_000_000
    return isNegative ? -size : size
  }

  /// Adds the digits at a position to a number, which may overflow, and returns how many there were.
  @inline(__always)
  private static func addDigits(_ p: inout UnsafePointer<UInt8>, to number: inout UInt64) -> Int {
    let start = p
    while isDigit(p.pointee) {
      number = number &* 10 &+ UInt64(p.pointee &- UInt8(ascii: "0"))
      p += 1
    }
    return p - start
  }

  /// Returns mantissa · 10^exponent, correctly rounded, or nil if it is far from 1.
  @inline(__always)
  static func scaled(_ mantissa: UInt64, _ exponent: Int) -> Double? {
    // Both operands are exact (10²² has 52 bits beside its factors 2), so that only the result is rounded.
    if mantissa <= 1 << 53, -22...22 ~= exponent {
      return exponent < 0
        ? Double(mantissa) / powersOfTen[-exponent] : Double(mantissa) * powersOfTen[exponent]
    }
    return longScaled(mantissa, exponent)
  }

  /// Multiplies or divides by a power of five that has 64 bits, and rounds once. The lowest bit of the
  /// integer that is rounded tells if anything follows it.
  @inline(never)
  private static func longScaled(_ mantissa: UInt64, _ exponent: Int) -> Double? {
    guard -27...27 ~= exponent else { return nil }
    guard mantissa > 0 else { return 0 }
    var power: UInt64 = 1
    for _ in 0..<abs(exponent) { power *= 5 }
    var bits: UInt64
    var shift = exponent
    if exponent < 0 {
      let up = mantissa.leadingZeroBitCount, down = power.leadingZeroBitCount
      // The high half is below the divisor, whose highest bit is set.
      let top = mantissa << up
      let (quotient, remainder) = (power << down).dividingFullWidth((top >> 1, top << 63))
      bits = quotient | (remainder == 0 ? 0 : 1)
      shift += down - up - 63
    } else {
      let (high, low) = mantissa.multipliedFullWidth(by: power)
      let spare = high.leadingZeroBitCount
      if spare == 64 {
        bits = low
      } else {
        bits = spare == 0 ? high : high << spare | low >> (64 - spare)
        if low << spare != 0 { bits |= 1 }
        shift += 64 - spare
      }
    }
    return Double(sign: .plus, exponent: shift, significand: Double(bits))
  }

  /// Returns the number in the content of a field, which may be NaN or infinite, or nil if the field is not
  /// spelled as a number. `short` is the number as a `Float`, or nil if that does not keep all the digits.
  static func general(
    _ content: UnsafeBufferPointer<UInt8>, _ syntax: TableSyntax
  ) -> (number: Double, short: Float?)? {
    var text = content[...]
    while let byte = text.first, syntax.isBlank(byte) { text.removeFirst() }
    while let byte = text.last, syntax.isBlank(byte) { text.removeLast() }
    var bytes = Array(text.prefix(1000))
    guard bytes.count == text.count else { return nil }
    if let mark = syntax.thousands, !removeThousands(mark, from: &bytes, syntax.decimalPoint) { return nil }
    if syntax.decimalPoint != UInt8(ascii: ".") {
      if bytes.contains(UInt8(ascii: ".")) { return nil }
      for i in bytes.indices where bytes[i] == syntax.decimalPoint { bytes[i] = UInt8(ascii: ".") }
    }
    guard isNumber(bytes[...]) else { return nil }
    let spelling = String(decoding: bytes, as: UTF8.self)
    guard let number = Double(spelling), let short = Float(spelling) else { return nil }
    let keepsAll = !number.isFinite || Double(short.description) == number
    return (number, keepsAll ? short : nil)
  }

  /// Removes the marks between groups of three digits. Returns false if the marks stand elsewhere.
  private static func removeThousands(_ mark: UInt8, from bytes: inout [UInt8], _ point: UInt8) -> Bool {
    guard bytes.contains(mark) else { return true }
    let whole = bytes.prefix { $0 != point && $0 | 0x20 != UInt8(ascii: "e") }
    var groups = whole.split(separator: mark, omittingEmptySubsequences: false)
    if let sign = groups[0].first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
      groups[0].removeFirst()
    }
    guard 1...3 ~= groups[0].count, groups.dropFirst().allSatisfy({ $0.count == 3 }),
      !bytes[whole.count...].contains(mark)
    else { return false }
    bytes.removeAll { $0 == mark }
    return true
  }

  /// Returns the nearest `Double` to the decimal number of at most six digits from which a `Float` was read.
  static func widened(_ number: Float) -> Double {
    let exact = Double(number)
    if abs(exact) < 1e6, exact.rounded() == exact { return exact }
    return Double(number.description) ?? exact
  }

  private static let powersOfTen: [Double] = (0...22).map { Double("1e\($0)")! }
}

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
