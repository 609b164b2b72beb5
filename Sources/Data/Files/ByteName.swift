/// A text that equals another only if their bytes are equal. Names in files are compared in this way.
///
/// Swift compares strings by their canonical form: "é" equals "e" with a combining accent. With such a
/// comparison one of two names would be lost. Its time also grows with the square of the number of combining
/// marks.
package struct ByteName: Hashable, Comparable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  package static func == (a: ByteName, b: ByteName) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  /// Orders texts by their bytes in UTF-8.
  package static func < (a: ByteName, b: ByteName) -> Bool {
    a.text.utf8.lexicographicallyPrecedes(b.text.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

/// Returns a text from a file as error messages quote it: at most 80 characters.
package func excerpt(_ text: String) -> String {
  // Count Unicode scalars, because one character may have any number of combining marks.
  let scalars = text.unicodeScalars
  guard scalars.dropFirst(80).first != nil else { return text }
  return String(String.UnicodeScalarView(scalars.prefix(79))) + "…"
}

/// Returns numbers from a file as error messages quote them: `[2, 3]`, at most nine of them.
func excerpt(_ numbers: [Int]) -> String {
  "[" + (numbers.prefix(9).map(String.init) + (numbers.count > 9 ? ["…"] : [])).joined(separator: ", ") + "]"
}
