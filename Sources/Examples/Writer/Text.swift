import Martlet

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The characters of a file, as indices into its alphabet.
struct Text {
  let alphabet: [Character]
  let codes: [Int]

  init(path: String, context: Int) throws {
    guard let file = fopen(path, "r") else {
      throw Misuse(what: "\(path): \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let byte = getc(file), byte != EOF { bytes.append(UInt8(byte)) }
    let characters = Array(String(decoding: bytes, as: UTF8.self))
    guard characters.count > 20 * context else {
      throw Misuse(what: "\(path): \(characters.count) characters; more than \(20 * context) are needed")
    }
    alphabet = Set(characters).sorted()
    let numbers = Dictionary(uniqueKeysWithValues: zip(alphabet, 0...))
    codes = characters.map { numbers[$0]! }
  }

  /// The first nine tenths of the text for training, and the rest for testing.
  var parts: (train: Tensor<Int>, test: Tensor<Int>) {
    let count = codes.count * 9 / 10
    return (Tensor(Array(codes[..<count])), Tensor(Array(codes[count...])))
  }
}
