// Equations of Einstein's summation convention, read and compared with the shapes of their operands.

/// A set of labels, which are numbers below 64, in ascending order.
struct LabelSet: Sequence {
  private let bits: UInt64

  private init(bits: UInt64) { self.bits = bits }

  init(_ labels: some Sequence<Int>) { bits = labels.reduce(0) { $0 | 1 << UInt64($1) } }

  static let none = LabelSet(bits: 0)
  var isEmpty: Bool { bits == 0 }
  var count: Int { bits.nonzeroBitCount }
  func contains(_ label: Int) -> Bool { bits >> UInt64(label) & 1 == 1 }

  static func | (a: LabelSet, b: LabelSet) -> LabelSet { LabelSet(bits: a.bits | b.bits) }
  static func & (a: LabelSet, b: LabelSet) -> LabelSet { LabelSet(bits: a.bits & b.bits) }
  static func - (a: LabelSet, b: LabelSet) -> LabelSet { LabelSet(bits: a.bits & ~b.bits) }

  func makeIterator() -> Iterator { Iterator(rest: bits) }

  struct Iterator: IteratorProtocol {
    fileprivate var rest: UInt64

    mutating func next() -> Int? {
      if rest == 0 { return nil }
      defer { rest &= rest - 1 }
      return rest.trailingZeroBitCount
    }
  }
}

/// The text of what is wrong with an equation or its operands.
struct EquationFault: Error {
  let text: String
}

/// The labels of the axes of each operand and of the output, with their extents.
///
/// Labels 0 to 51 are the letters A–Z and a–z, in the order of an implicit output. Labels from 52 on are the
/// axes of `...`; 52 is its first axis in the operand that has most of them.
struct EinsumEquation {
  private(set) var operands: [[Int]], output: [Int]
  /// The extent of each label, 1 for a label that is not used.
  private(set) var extents = [Int](repeating: 1, count: 64)

  private static let firstOfEllipsis = 52

  /// Reads an equation for operands of these shapes.
  init(_ equation: String, _ shapes: [TensorShape]) throws(EquationFault) {
    let text = try EinsumText(equation)
    guard text.operands.count == shapes.count else {
      throw EquationFault(
        text: "\"\(equation)\" names \(text.operands.count) operands, but there are \(shapes.count)")
    }
    var hidden: [Int] = []
    for (term, shape) in zip(text.operands, shapes) {
      let rest = shape.rank - term.letterCount
      guard term.hasEllipsis ? rest >= 0 : rest == 0 else {
        let least = term.hasEllipsis ? "at least " : ""
        throw EquationFault(
          text:
            "\"\(term.written)\" in \"\(equation)\" needs \(least)\(term.letterCount) axes, not shape \(shape)"
        )
      }
      hidden.append(term.hasEllipsis ? rest : 0)
    }
    let width = hidden.max() ?? 0
    func labels(_ term: EinsumText.Term, _ count: Int) -> [Int] {
      term.symbols.flatMap { symbol in
        symbol.map { [$0] }
          ?? Array(Self.firstOfEllipsis + width - count..<Self.firstOfEllipsis + width)
      }
    }
    operands = zip(text.operands, hidden).map(labels)
    output = []
    if let term = text.output {
      output = labels(term, width)
    } else {
      let letters = text.operands.flatMap { $0.symbols.compactMap { $0 } }
      let single = Set(letters).filter { letter in letters.count { $0 == letter } == 1 }
      output = Array(Self.firstOfEllipsis..<Self.firstOfEllipsis + width) + single.sorted()
    }
    try check(equation, shapes)
  }

  private mutating func check(_ equation: String, _ shapes: [TensorShape]) throws(EquationFault) {
    for (labels, shape) in zip(operands, shapes) {
      for (axis, label) in labels.enumerated() {
        let extent = shape[axis], twin = shape[labels.firstIndex(of: label)!]
        let known = extent == twin ? extents[label] : twin
        guard extent == known || extent == twin && (extent == 1 || known == 1) else {
          throw EquationFault(
            text:
              "\(Self.name(label)) in \"\(equation)\" has the extents \(known) and \(extent); they must be equal or 1"
          )
        }
        if extent != 1 { extents[label] = extent }
      }
    }
    let given = LabelSet(operands.joined())
    if let label = output.first(where: { !given.contains($0) }) {
      throw EquationFault(text: "\(Self.name(label)) in the output of \"\(equation)\" is not in an operand")
    }
    if let place = output.indices.first(where: { output[..<$0].contains(output[$0]) }) {
      throw EquationFault(
        text: "\(Self.name(output[place])) appears more than once in the output of \"\(equation)\"")
    }
    guard output.count <= TensorShape.maximumRank else {
      throw EquationFault(text: "the output of \"\(equation)\" has \(output.count) axes; the limit is 8")
    }
  }

  private static func name(_ label: Int) -> String {
    label < firstOfEllipsis ? "\"\(EinsumText.letters[label])\"" : "\"...\""
  }
}

/// An equation as it is written: the symbols of its terms.
private struct EinsumText {
  struct Term {
    /// The letters by their numbers, and nil for the ellipsis.
    var symbols: [Int?] = []
    var written = ""
    var hasEllipsis: Bool { symbols.contains(nil) }
    var letterCount: Int { symbols.count - (hasEllipsis ? 1 : 0) }
  }

  static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

  private(set) var operands = [Term()]
  private(set) var output: Term?

  /// Reads an equation character by character. Spaces are skipped.
  init(_ equation: String) throws(EquationFault) {
    let characters = Array(equation)
    var place = 0
    func follows(_ text: String) -> Bool { characters[place...].starts(with: text) }
    while place < characters.count {
      let character = characters[place]
      if let letter = Self.number(of: character) {
        append(letter, "\(character)")
        place += 1
      } else if follows("..."), !last.hasEllipsis {
        append(nil, "...")
        place += 3
      } else if follows("->"), output == nil {
        output = Term()
        place += 2
      } else if character == ",", output == nil {
        operands.append(Term())
        place += 1
      } else if character == " " {
        place += 1
      } else {
        throw EquationFault(
          text:
            "\"\(character)\" at offset \(place) of \"\(equation)\" is not expected; an equation has letters, at most one ... in each term, commas and one ->"
        )
      }
    }
  }

  private static func number(of character: Character) -> Int? {
    guard let code = character.asciiValue else { return nil }
    switch character {
    case "A"..."Z": return Int(code) - 65
    case "a"..."z": return Int(code) - 71
    default: return nil
    }
  }

  private var last: Term { output ?? operands[operands.count - 1] }

  private mutating func append(_ symbol: Int?, _ written: String) {
    var term = last
    term.symbols.append(symbol)
    term.written += written
    if output == nil { operands[operands.count - 1] = term } else { output = term }
  }
}
