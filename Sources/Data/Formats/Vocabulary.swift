/// The tokens of texts, and their numbers: characters, bytes or words.
///
/// ```swift
/// let text = "to be or not to be"
/// let characters = Vocabulary(of: text, by: .characters)
/// let numbers = Tensor<Int>(try characters.encode(text))
/// print(characters.count, characters.decode(numbers.scalars))  // 7 to be or not to be
/// let words = Vocabulary(of: text, by: .words, atMost: 3)
/// print(words.tokens, try words.encode("be quick"))  // ["<unk>", "be", "to"] [1, 0]
/// ```
public struct Vocabulary: Sendable, Equatable {
  /// The unit of a token.
  ///
  /// ```swift
  /// let bytes = Vocabulary(of: "", by: .bytes)
  /// print(bytes.count)  // 256
  /// ```
  public enum Unit: String, Sendable, CaseIterable {
    /// Unicode scalars, which Python calls characters.
    case characters
    /// The bytes of the text in UTF-8. Every text can be encoded.
    case bytes
    /// Words: runs of letters, digits and apostrophes. Every other character but white space is a word too.
    case words
  }

  /// The token that stands for all words that are not in the vocabulary.
  public static let unknown = "<unk>"

  /// The unit of a token.
  public let unit: Unit

  /// The tokens, in the order of their numbers. A byte is written as two hexadecimal digits.
  public let tokens: [String]

  /// The number of tokens.
  public var count: Int { tokens.count }

  private let numbers: [ByteName: Int]

  /// Makes a vocabulary from its tokens, such as those of another vocabulary. A token that occurs twice has the
  /// first of its numbers.
  public init(tokens: [String], unit: Unit) {
    self.tokens = tokens
    self.unit = unit
    numbers = Dictionary(zip(tokens.map { ByteName($0) }, 0...)) { first, _ in first }
  }

  /// Makes the vocabulary of a text.
  ///
  /// Characters are ordered by their code points. Words are ordered by falling frequency, and equally frequent
  /// ones by their bytes; the first is ``unknown``. The vocabulary of bytes is always that of all 256.
  ///
  /// ```swift
  /// let words = Vocabulary(of: "a rose is a rose", by: .words)
  /// print(words.tokens)  // ["<unk>", "a", "rose", "is"]
  /// ```
  ///
  /// - Parameters:
  ///   - text: The text.
  ///   - unit: The unit of a token.
  ///   - limit: The most tokens of a vocabulary of words, ``unknown`` included, or nil for all words.
  public init(of text: String, by unit: Unit, atMost limit: Int? = nil) {
    switch unit {
    case .characters:
      self.init(tokens: Set(text.unicodeScalars).sorted().map { String($0) }, unit: unit)
    case .bytes:
      self.init(tokens: (0..<256).map { padded($0, 2, radix: 16) }, unit: unit)
    case .words:
      let counts = Dictionary(Self.words(text).map { (ByteName($0), 1) }, uniquingKeysWith: +)
      let words = counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
      let kept = words.prefix(max(limit ?? .max, 1) - 1).map(\.key.text)
      self.init(tokens: [Self.unknown] + kept, unit: unit)
    }
  }

  /// Returns the numbers of a text's tokens.
  ///
  /// - Throws: ``DataError`` if a token is not in the vocabulary, and ``unknown`` is not either.
  public func encode(_ text: String) throws(DataError) -> [Int] {
    let parts: [String]
    switch unit {
    case .bytes: return text.utf8.map { Int($0) }
    case .characters: parts = text.unicodeScalars.map { String($0) }
    case .words: parts = Self.words(text)
    }
    var encoded: [Int] = []
    encoded.reserveCapacity(parts.count)
    for part in parts {
      guard let number = numbers[ByteName(part)] ?? numbers[ByteName(Self.unknown)] else {
        throw DataError(
          path: "Vocabulary", message: "has no token \(excerpt(part).debugDescription), which the text needs")
      }
      encoded.append(number)
    }
    return encoded
  }

  /// Returns the text of tokens; words are joined by spaces. Numbers that are not of the vocabulary are left
  /// out.
  public func decode(_ numbers: some Sequence<Int>) -> String {
    if unit == .bytes { return String(decoding: numbers.compactMap { UInt8(exactly: $0) }, as: UTF8.self) }
    let parts = numbers.filter { tokens.indices.contains($0) }.map { tokens[$0] }
    return parts.joined(separator: unit == .words ? " " : "")
  }

  private static func words(_ text: String) -> [String] {
    var words: [String] = [], word = String.UnicodeScalarView()
    func end() {
      if !word.isEmpty { words.append(String(word)) }
      word.removeAll()
    }
    for scalar in text.unicodeScalars {
      let properties = scalar.properties
      if properties.isWhitespace {
        end()
      } else if properties.isAlphabetic || properties.numericType != nil || scalar == "'"
        || properties.canonicalCombiningClass != .notReordered
      {
        word.append(scalar)
      } else {
        end()
        words.append(String(scalar))
      }
    }
    end()
    return words
  }
}
