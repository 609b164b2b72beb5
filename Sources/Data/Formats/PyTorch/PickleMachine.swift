/// Runs the operations of a pickle that PyTorch's state dictionaries use. Every other operation and every other
/// global is refused. No code of a file is ever run: the only functions are those of `Pickle.call`.
///
/// Source: the table of operations in Python's `pickletools`; the choice of globals follows PyTorch's
/// `weights_only` loading.
struct PickleMachine {
  private(set) var pickle = Pickle()

  private let bytes: [UInt8]
  private var position = 0
  private var stack: [Pickle.Value] = []
  private var memo: [Int: Pickle.Value] = [:]
  private let path: String

  init(_ bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// Runs the pickle, and returns its value.
  mutating func run() throws(DataError) -> Pickle.Value {
    while true {
      let start = position
      do throws(Flaw) {
        let operation = try byte()
        if operation == UInt8(ascii: ".") {
          guard stack.count == 1 else { throw Flaw(message: "ends with \(stack.count) values, not one") }
          return try pop()
        }
        try run(operation)
        guard stack.count < Pickle.most, memo.count < Pickle.most else {
          throw Flaw(message: "has more than \(Pickle.most) values at a time")
        }
      } catch {
        throw DataError(
          path: path, entry: "data.pkl", message: "the pickle, at byte \(start), \(error.message)")
      }
    }
  }

  private mutating func run(_ operation: UInt8) throws(Flaw) {
    switch operation {
    case 0x80:
      let version = try byte()
      guard 2...5 ~= version else { throw Flaw(message: "is of protocol \(version); it must be 2 to 5") }
    case 0x95: _ = try take(8)
    case UInt8(ascii: "("): stack.append(.mark)
    case UInt8(ascii: "0"): _ = try pop()
    case UInt8(ascii: "q"): memo[try number(1)] = try top()
    case UInt8(ascii: "r"): memo[try number(4)] = try top()
    case 0x94: memo[memo.count] = try top()
    case UInt8(ascii: "h"): try recall(try number(1))
    case UInt8(ascii: "j"): try recall(try number(4))
    case UInt8(ascii: "c"): stack.append(try global(try line(), try line()))
    case 0x93:
      guard case .text(let name) = try pop(), case .text(let module) = try pop() else {
        throw Flaw(message: "names a global by values that are not texts")
      }
      stack.append(try global(module, name))
    case UInt8(ascii: "Q"): stack.append(try pickle.makeStorage(try pop()))
    case UInt8(ascii: "R"), 0x81:
      let arguments = try pop()
      stack.append(try pickle.call(try pop(), arguments))
    case UInt8(ascii: "b"):
      // The state of a dictionary holds the versions of modules, which are not needed.
      _ = try pop()
      guard case .compound = try top() else { throw Flaw(message: "sets the state of a value that has none") }
    default:
      if try runScalar(operation) { return }
      if try runCompound(operation) { return }
      throw Flaw(message: "has the operation \(operation), which state dictionaries do not need")
    }
  }

  /// Runs an operation that pushes a scalar. Returns false if it is another one.
  private mutating func runScalar(_ operation: UInt8) throws(Flaw) -> Bool {
    switch operation {
    case UInt8(ascii: "N"), 0x88, 0x89: stack.append(.opaque)
    case UInt8(ascii: "G"): try skip(8)
    case UInt8(ascii: "J"): stack.append(.int(Int(Int32(truncatingIfNeeded: try number(4)))))
    case UInt8(ascii: "K"): stack.append(.int(try number(1)))
    case UInt8(ascii: "M"): stack.append(.int(try number(2)))
    case 0x8A: stack.append(Self.integer(try take(try number(1))))
    case 0x8C: stack.append(try text(try number(1)))
    case UInt8(ascii: "X"): stack.append(try text(try number(4)))
    case 0x8D: stack.append(try text(try number(8)))
    case UInt8(ascii: "U"): stack.append(try text(try number(1)))
    case UInt8(ascii: "T"): stack.append(try text(try number(4)))
    case UInt8(ascii: "C"): try skip(try number(1))
    case UInt8(ascii: "B"): try skip(try number(4))
    case 0x8E: try skip(try number(8))
    default: return false
    }
    return true
  }

  /// Runs an operation on a list, a tuple or a dictionary. Returns false if it is another one.
  private mutating func runCompound(_ operation: UInt8) throws(Flaw) -> Bool {
    switch operation {
    case UInt8(ascii: "}"): stack.append(try pickle.make(.dictionary, []))
    case UInt8(ascii: "]"): stack.append(try pickle.make(.list, []))
    case UInt8(ascii: ")"): stack.append(try pickle.make(.tuple, []))
    case UInt8(ascii: "t"): stack.append(try pickle.make(.tuple, try popToMark()))
    case UInt8(ascii: "l"): stack.append(try pickle.make(.list, try popToMark()))
    case UInt8(ascii: "d"):
      let items = try popToMark(), dictionary = try pickle.make(.dictionary, [])
      try pickle.append(items, to: dictionary, .dictionary)
      stack.append(dictionary)
    case 0x85...0x87: stack.append(try pickle.make(.tuple, try pop(Int(operation) - 0x84)))
    case UInt8(ascii: "a"):
      let items = try pop(1)
      try pickle.append(items, to: try top(), .list)
    case UInt8(ascii: "e"):
      let items = try popToMark()
      try pickle.append(items, to: try top(), .list)
    case UInt8(ascii: "s"):
      let items = try pop(2)
      try pickle.append(items, to: try top(), .dictionary)
    case UInt8(ascii: "u"):
      let items = try popToMark()
      try pickle.append(items, to: try top(), .dictionary)
    default: return false
    }
    return true
  }
}

// MARK: - Stack and bytes

extension PickleMachine {
  private func top() throws(Flaw) -> Pickle.Value {
    guard let value = stack.last else { throw Flaw(message: "needs a value where there is none") }
    return value
  }

  private mutating func pop() throws(Flaw) -> Pickle.Value {
    guard let value = stack.popLast() else { throw Flaw(message: "needs a value where there is none") }
    return value
  }

  private mutating func pop(_ count: Int) throws(Flaw) -> [Pickle.Value] {
    guard stack.count >= count else { throw Flaw(message: "needs \(count) values where there are fewer") }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws(Flaw) -> [Pickle.Value] {
    guard let mark = stack.lastIndex(where: { if case .mark = $0 { true } else { false } }) else {
      throw Flaw(message: "needs a mark where there is none")
    }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[(mark + 1)...])
  }

  private mutating func recall(_ index: Int) throws(Flaw) {
    guard let value = memo[index] else { throw Flaw(message: "recalls value \(index), which was not stored") }
    stack.append(value)
  }

  private func global(_ module: String, _ name: String) throws(Flaw) -> Pickle.Value {
    guard let global = Pickle.Global(module, name) else {
      throw Flaw(
        message: "asks for \(excerpt("\(module).\(name)")), which state dictionaries do not need; "
          + "no code of a file is ever run")
    }
    return .global(global)
  }

  private mutating func take(_ count: Int) throws(Flaw) -> ArraySlice<UInt8> {
    guard count <= bytes.count - position else {
      throw Flaw(message: "needs \(count) bytes; \(bytes.count - position) are left")
    }
    defer { position += count }
    return bytes[position..<position + count]
  }

  private mutating func byte() throws(Flaw) -> UInt8 { try take(1).first! }

  private mutating func number(_ count: Int) throws(Flaw) -> Int {
    let bytes = try take(count)
    return bytes.number(at: bytes.startIndex, count)
  }

  private mutating func skip(_ count: Int) throws(Flaw) {
    _ = try take(count)
    stack.append(.opaque)
  }

  private mutating func text(_ count: Int) throws(Flaw) -> Pickle.Value {
    guard let text = String(validating: try take(count), as: UTF8.self) else {
      throw Flaw(message: "has a text that is not UTF-8")
    }
    return .text(text)
  }

  private mutating func line() throws(Flaw) -> String {
    guard let end = bytes[position...].firstIndex(of: 0x0A) else {
      throw Flaw(message: "lacks the end of a line")
    }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }

  /// The value of an integer of any length in two's complement; opaque if it needs more than 64 bits.
  private static func integer(_ bytes: ArraySlice<UInt8>) -> Pickle.Value {
    guard bytes.count <= 8 else { return .opaque }
    let fill: UInt64 = (bytes.last ?? 0) < 0x80 ? 0 : .max
    return .int(Int(Int64(bitPattern: bytes.reversed().reduce(fill) { $0 << 8 | UInt64($1) })))
  }
}
