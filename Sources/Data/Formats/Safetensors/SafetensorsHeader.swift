/// The header of a safetensors file, before its entries are checked against the data.
struct SafetensorsHeader {
  /// The header's entry of one tensor, before any check.
  struct Tensor {
    let dtype: String
    let shape: [Int]
    let offsets: [Int]
  }

  /// The tensors in the order of the header.
  private(set) var tensors: [(name: String, tensor: Tensor)] = []
  private(set) var metadata: [String: String] = [:]

  /// Parses a header.
  ///
  /// - Throws: `DataError`, with the entry at fault.
  init(_ bytes: [UInt8], path: String) throws(DataError) {
    var text = try JSONText(bytes, as: "the header", path: path)
    var tensors: [(String, Tensor)] = [], metadata: [String: String] = [:]
    try text.readMembers { text, name throws(DataError) in
      text.entry = name
      if ByteName(name) == ByteName(SafetensorsFile.metadataKey) {
        metadata = try Self.texts(&text)
      } else {
        tensors.append((name, try Tensor(&text)))
      }
    }
    text.entry = nil
    try text.finish()
    self.tensors = tensors
    self.metadata = metadata
  }

  private static func texts(_ text: inout JSONText) throws(DataError) -> [String: String] {
    var texts: [String: String] = [:]
    try text.readMembers { text, key throws(DataError) in
      guard texts[key] == nil else {
        throw text.error(
          "the keys \"\(excerpt(key))\" differ only in their bytes, which Swift's strings cannot tell apart")
      }
      texts[key] = try text.readString()
    }
    return texts
  }
}

extension SafetensorsHeader.Tensor {
  fileprivate init(_ text: inout JSONText) throws(DataError) {
    var dtype: String?
    var shape: [Int]?
    var offsets: [Int]?
    try text.readMembers { text, key throws(DataError) in
      switch ByteName(key) {
      case ByteName("dtype"): dtype = try text.readString()
      case ByteName("shape"): shape = try text.readIntegers(key)
      case ByteName("data_offsets"): offsets = try text.readIntegers(key)
      default: try text.skipValue()
      }
    }
    guard let dtype else { throw text.error("has no dtype") }
    guard let shape else { throw text.error("has no shape") }
    guard let offsets else { throw text.error("has no data_offsets") }
    self.init(dtype: dtype, shape: shape, offsets: offsets)
  }
}
