// Formats an array as text, character by character as NumPy 2 prints it with its default options.
//
// The elements to show are chosen first. They are then formatted together, because all of them share one
// format and one width. At last the texts are laid out in brackets and lines.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An element type whose arrays can be printed.
///
/// ```swift
/// print(Float.formatted([1, 2.5]))  // ["1. ", "2.5"]
/// ```
public protocol PrintableScalar {
  /// Returns the texts of the values of one array, padded so that they align.
  static func formatted(_ values: [Self]) -> [String]

  /// The text of an array of rank 0 that holds this value.
  var formattedAlone: String { get }
}

/// NumPy's default print options.
private enum PrintOptions {
  /// The largest number of elements that is printed in full; a larger array is summarised.
  static let threshold = 1000
  /// The number of entries that a summary shows at either end of an axis.
  static let edgeItems = 3
  static let lineWidth = 75
  /// The largest number of digits after the decimal point.
  static let precision = 8
}

/// Returns the text of an array, as NumPy's `str` returns it.
///
/// `element(index)` returns the element at a row-major index. It is called once for each shown element.
func formattedArray<Element: PrintableScalar>(shape: [Int], at element: (Int) -> Element) -> String {
  guard !shape.isEmpty else { return element(0).formattedAlone }
  guard !shape.contains(0) else { return "[]" }
  let layout = ArrayLayout(shape: shape, isSummarised: shape.reduce(1, *) > PrintOptions.threshold)
  return layout.block(Element.formatted(layout.shownIndices.map(element))[...], axis: 0)
}

// MARK: - Layout

/// The elements of an array that are shown, and the places of its brackets, dots and line breaks.
private struct ArrayLayout {
  let shape: [Int]
  let isSummarised: Bool

  func isElided(_ axis: Int) -> Bool { isSummarised && shape[axis] > 2 * PrintOptions.edgeItems }

  func shownPositions(_ axis: Int) -> [Int] {
    let length = shape[axis]
    guard isElided(axis) else { return Array(0..<length) }
    return Array(0..<PrintOptions.edgeItems) + Array(length - PrintOptions.edgeItems..<length)
  }

  /// The row-major indices of the shown elements, in order.
  var shownIndices: [Int] {
    shape.indices.reduce([0]) { indices, axis in
      let positions = shownPositions(axis)
      return indices.flatMap { index in positions.map { index * shape[axis] + $0 } }
    }
  }

  /// Joins the texts of a sub-array's shown elements to its text. The sub-array begins at `axis`.
  func block(_ words: ArraySlice<String>, axis: Int) -> String {
    let axesLeft = shape.count - axis
    let size = words.count / shownPositions(axis).count
    var parts = stride(from: words.startIndex, to: words.endIndex, by: size).map { start in
      axesLeft == 1 ? words[start] : block(words[start..<start + size], axis: axis + 1)
    }
    if isElided(axis) { parts.insert("...", at: PrintOptions.edgeItems) }
    let indent = blanks(axis + 1)
    guard axesLeft > 1 else { return "[" + wrapped(parts, indent: indent) + "]" }
    return "[" + parts.joined(separator: String(repeating: "\n", count: axesLeft - 1) + indent) + "]"
  }

  /// Breaks the words of one row into indented lines, with room for the closing brackets at the end.
  func wrapped(_ words: [String], indent: String) -> String {
    let width = PrintOptions.lineWidth - indent.count
    var text = ""
    var line = indent
    for word in words {
      if line.utf8.count + word.utf8.count > width {
        while line.last == " " { line.removeLast() }
        text += line + "\n"
        line = indent
      }
      line += word + " "
    }
    return String((text + line).dropFirst(indent.count).dropLast())
  }
}

// MARK: - Integers and masks

extension PrintableScalar where Self: FixedWidthInteger {
  /// Returns the values in decimal, padded on the left to the width of the longest.
  public static func formatted(_ values: [Self]) -> [String] {
    let texts = values.map(\.formattedAlone)
    let width = texts.map(\.utf8.count).max() ?? 0
    return texts.map { $0.paddedLeft(to: width) }
  }

  /// The value in decimal.
  public var formattedAlone: String { String(self) }
}

extension Int: PrintableScalar {}
extension Int32: PrintableScalar {}
extension Int16: PrintableScalar {}
extension Int8: PrintableScalar {}
extension UInt64: PrintableScalar {}
extension UInt32: PrintableScalar {}
extension UInt16: PrintableScalar {}
extension UInt8: PrintableScalar {}

extension Bool: PrintableScalar {
  /// Returns `True` or `False` for each value, padded to the width of `False` even if every value is `True`.
  public static func formatted(_ values: [Bool]) -> [String] { values.map { $0 ? " True" : "False" } }

  /// `True` or `False`.
  public var formattedAlone: String { self ? "True" : "False" }
}

// MARK: - Floating point

extension PrintableScalar where Self: BinaryFloatingPoint & CustomStringConvertible {
  /// Returns the values with at most eight decimals, aligned at the decimal point. All of them have an
  /// exponent if the largest or the smallest needs one.
  public static func formatted(_ values: [Self]) -> [String] {
    let format = FloatFormat(for: values)
    return values.map(format.text)
  }

  /// The shortest text that reads back as this value, with an exponent where it is very large or small.
  public var formattedAlone: String {
    guard isFinite else { return nonFiniteText }
    let decimal = DecimalDigits(shortest: self)
    let limit = Self.significandBitCount < Double.significandBitCount ? 1e6 : 1e16
    if isZero || (1e-4..<limit).contains(Double(magnitude)) {
      let (whole, fraction) = decimal.positional
      return minus + whole + "." + (fraction.isEmpty ? "0" : fraction)
    }
    let (whole, fraction) = decimal.scientific
    return minus + whole + (fraction.isEmpty ? "" : "." + fraction) + decimal.exponentText(minimumDigits: 2)
  }

  fileprivate var minus: String { sign == .minus ? "-" : "" }

  fileprivate var nonFiniteText: String { isNaN ? "nan" : minus + "inf" }
}

extension Float: PrintableScalar {}
extension Double: PrintableScalar {}

/// The format that the numbers of one array share.
private struct FloatFormat<Value: BinaryFloatingPoint & CustomStringConvertible & PrintableScalar> {
  /// The number of significant digits of every value if all are written with an exponent, else nil.
  private let significantDigits: Int?
  private var exponentDigits = 2
  /// The widths before and after the decimal point; an exponent counts as part of the fraction.
  private var left = 0
  private var right = 0

  init(for values: [Value]) {
    let finite = values.filter(\.isFinite)
    if Self.needsExponent(finite) {
      let decimals = finite.map { DecimalDigits($0, atMost: PrintOptions.precision + 1) }
      significantDigits = decimals.map(\.digits.count).max()
      exponentDigits = decimals.map { String($0.exponent.magnitude).count }.reduce(2, max)
    } else {
      significantDigits = nil
    }
    let parts = finite.map(split)
    right = parts.map(\.fraction.utf8.count).max() ?? 0
    let nonFiniteWidth = values.filter { !$0.isFinite }.map(\.nonFiniteText.utf8.count).max() ?? 0
    left = parts.map(\.whole.utf8.count).reduce(nonFiniteWidth - 1 - right, max)
  }

  /// Returns true if a value is too large or too small to be written without an exponent, or if the values
  /// are too far apart.
  private static func needsExponent(_ values: [Value]) -> Bool {
    let magnitudes = values.filter { !$0.isZero }.map(\.magnitude)
    guard let largest = magnitudes.max(), let smallest = magnitudes.min() else { return false }
    // NumPy's limit: 10 to the number of decimal digits that the type always holds, at most 10 to the eighth.
    let limit: Value = Value.significandBitCount < Double.significandBitCount ? 1e6 : 1e8
    return largest >= limit || smallest < Value(1e-4) || largest / smallest > 1000
  }

  func text(_ value: Value) -> String {
    guard value.isFinite else { return value.nonFiniteText.paddedLeft(to: left + 1 + right) }
    let (whole, fraction) = split(value)
    return whole.paddedLeft(to: left) + "." + fraction + blanks(right - fraction.utf8.count)
  }

  /// The texts before and after the decimal point.
  private func split(_ value: Value) -> (whole: String, fraction: String) {
    guard let significantDigits else {
      let (whole, fraction) = DecimalDigits(value, fractionDigits: PrintOptions.precision).positional
      return (value.minus + whole, fraction)
    }
    let decimal = DecimalDigits(value, exactly: significantDigits)
    let (whole, fraction) = decimal.scientific
    let padding = zeros(significantDigits - 1 - fraction.utf8.count)
    return (value.minus + whole, fraction + padding + decimal.exponentText(minimumDigits: exponentDigits))
  }
}

// MARK: - Complex numbers

extension Complex: PrintableScalar where Real: DifferentiableScalar {
  /// Returns the texts of the numbers. Real parts share one format, and imaginary parts another.
  public static func formatted(_ values: [Complex]) -> [String] {
    let imaginary = Real.formatted(values.map(\.imaginary.magnitude))
    return zip(zip(values, Real.formatted(values.map(\.real))), imaginary).map { pair, text in
      let digits = text.filter { $0 != " " }, before = text.prefix { $0 == " " }
      let after = blanks(text.utf8.count - before.utf8.count - digits.utf8.count)
      return pair.1 + before + pair.0.imaginarySign + digits + "j" + after
    }
  }

  /// The number in parentheses, `(1+2j)`; without a real part, `2j`.
  public var formattedAlone: String {
    let part = Complex.short(imaginary.magnitude) + "j"
    if real == 0, real.sign == .plus { return (imaginarySign == "-" ? "-" : "") + part }
    return "(" + Complex.short(real) + imaginarySign + part + ")"
  }

  /// The number in parentheses, `(1+2j)`; without a real part, `2j`.
  public var description: String { formattedAlone }

  private var imaginarySign: String { imaginary.sign == .minus && !imaginary.isNaN ? "-" : "+" }

  /// A part as text, without a fraction of 0.
  private static func short(_ part: Real) -> String {
    let text = part.formattedAlone
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

/// The magnitude of a finite number in decimal: `d.ddd… · 10^exponent`.
private struct DecimalDigits {
  /// The digits from the first to the last that is not 0; empty for zero.
  let digits: String
  let exponent: Int

  /// Creates the shortest digits that read back as the value; of several, the nearest to the value.
  init<Value: BinaryFloatingPoint & CustomStringConvertible>(shortest value: Value) {
    // The standard library's description has these digits.
    self.init(parsing: value.magnitude.description)
  }

  /// Creates the shortest digits, or the value rounded to `limit` digits if they are more than that.
  init<Value: BinaryFloatingPoint & CustomStringConvertible>(_ value: Value, atMost limit: Int) {
    let shortest = DecimalDigits(shortest: value)
    self = shortest.digits.count <= limit ? shortest : DecimalDigits(rounding: value, to: limit)
  }

  /// Creates the shortest digits, or the value rounded to `limit` digits after the point if they have more.
  init<Value: BinaryFloatingPoint & CustomStringConvertible>(_ value: Value, fractionDigits limit: Int) {
    self.init(value, atMost: DecimalDigits(shortest: value).exponent + 1 + limit)
  }

  /// Creates `count` digits as NumPy prints them.
  ///
  /// The shortest digits are used if there are exactly `count` of them; at a power of two they need not be
  /// the nearest. Otherwise the exact value is rounded: 0.1 in single precision has the nine digits
  /// 0.100000001.
  init<Value: BinaryFloatingPoint & CustomStringConvertible>(_ value: Value, exactly count: Int) {
    let shortest = DecimalDigits(shortest: value)
    self = shortest.digits.count == count ? shortest : DecimalDigits(rounding: value, to: count)
  }

  /// Rounds the exact value of the number to `count` digits, ties to even.
  private init(rounding value: some BinaryFloatingPoint, to count: Int) {
    let capacity = 64
    let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { buffer in
      withVaList([CInt(count - 1), Double(value.magnitude)]) { arguments in
        _ = vsnprintf(buffer.baseAddress, capacity, "%.*e", arguments)
      }
      return String(cString: buffer.baseAddress!)
    }
    self.init(parsing: text)
  }

  /// Reads texts like `12.5` and `1.25e+01`. The decimal point may be any character: C's locale sets it.
  private init(parsing text: String) {
    let parts = text.split(separator: "e")
    let wholeCount = parts[0].prefix(while: \.isNumber).count
    let written = parts[0].filter(\.isNumber)
    var significant = written.drop { $0 == "0" }
    let leadingZeros = written.count - significant.count
    while significant.last == "0" { significant.removeLast() }
    digits = String(significant)
    let power = parts.count > 1 ? Int(parts[1])! : 0
    exponent = significant.isEmpty ? 0 : power + wholeCount - 1 - leadingZeros
  }

  /// The digits before and after the point of `ddd.ddd`.
  var positional: (whole: String, fraction: String) {
    guard exponent >= 0 else { return ("0", zeros(-exponent - 1) + digits) }
    let whole = digits.prefix(exponent + 1)
    return (whole + zeros(exponent + 1 - whole.count), String(digits.dropFirst(exponent + 1)))
  }

  /// The digits before and after the point of the `d.ddd…` in `d.ddd… · 10^exponent`.
  var scientific: (whole: String, fraction: String) {
    (digits.isEmpty ? "0" : String(digits.prefix(1)), String(digits.dropFirst()))
  }

  func exponentText(minimumDigits: Int) -> String {
    let magnitude = String(exponent.magnitude)
    return (exponent < 0 ? "e-" : "e+") + zeros(minimumDigits - magnitude.count) + magnitude
  }
}

// MARK: - Padding

extension String {
  fileprivate func paddedLeft(to width: Int) -> String { blanks(width - utf8.count) + self }
}

private func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

private func zeros(_ count: Int) -> String { String(repeating: "0", count: max(0, count)) }
