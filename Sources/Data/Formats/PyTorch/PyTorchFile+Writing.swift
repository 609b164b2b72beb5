import MartletCore

extension PyTorchFile {
  /// Writes a state dictionary that `torch.load` reads, whole or not at all. After a failure the old file is
  /// unchanged.
  ///
  /// ```swift
  /// let weight = TensorSource(name: "weight", tensor: Tensor<Float>.normal([3, 4]))
  /// let bias = TensorSource(name: "bias", tensor: Tensor<Float>.zeros([3]))
  /// try PyTorchFile.write([weight, bias], to: "linear.pt")  // module.load_state_dict(torch.load("linear.pt"))
  /// ```
  ///
  /// - Throws: ``DataError``, with the entry at fault: a name that occurs twice, unsigned integers of 16 to 64
  ///   bits, which state dictionaries do not have, or a failure of the file system.
  public static func write(_ sources: [TensorSource], to path: String) throws(DataError) {
    try sources.checkNames(path: path)
    var state = PickleWriter()
    var counts: [Int] = []
    for (key, source) in sources.enumerated() {
      do throws(Flaw) {
        counts.append(try source.dtype.byteCount(of: source.shape))
        try state.add(source, key: String(key), byteCount: counts[key])
      } catch {
        throw DataError(path: path, entry: source.name, message: error.message)
      }
    }
    let pickle = state.finished
    try writeAtomically(to: path) { output throws(DataError) in
      var archive = ZipWriter(output)
      for (name, bytes) in [
        ("data.pkl", pickle), ("byteorder", Array("little".utf8)), ("version", [0x33, 0x0A]),
      ] {
        try archive.add("archive/" + name) { append throws(DataError) in
          try bytes.span.withUnsafeBytes { bytes throws(DataError) in try append(bytes) }
        }
      }
      for (key, (source, count)) in zip(sources, counts).enumerated() {
        try archive.add("archive/data/\(key)") { append throws(DataError) in
          try source.append(to: path, expecting: count, append)
        }
      }
      try archive.finish()
    }
  }
}

/// Writes the pickle of a state dictionary in protocol 2.
private struct PickleWriter {
  private static let dictionary = Array("ccollections\nOrderedDict\n)R".utf8)
  private var bytes: [UInt8] = [0x80, 2] + dictionary + [UInt8(ascii: "(")]

  var finished: [UInt8] { bytes + Array("u.".utf8) }

  /// Adds a name and a call of PyTorch's function that makes a tensor of a storage.
  mutating func add(_ source: TensorSource, key: String, byteCount: Int) throws(Flaw) {
    guard let storage = Pickle.Global.storageName(of: source.dtype) else {
      throw Flaw(message: "PyTorch's state dictionaries have no type \(source.dtype.rawValue)")
    }
    var strides: [Int] = [], next = 1
    for extent in source.shape.reversed() {
      strides.insert(next, at: 0)
      next = next.times(max(extent, 1))
    }
    try add(source.name)
    bytes += "ctorch._utils\n_rebuild_tensor_v2\n((".utf8
    try add("storage")
    bytes += "ctorch\n\(storage)\n".utf8
    try add(key)
    try add("cpu")
    add(byteCount / source.dtype.byteCount)
    bytes += "tQ".utf8
    add(0)
    for numbers in [source.shape, strides] {
      bytes += "(".utf8
      for number in numbers { add(number) }
      bytes += "t".utf8
    }
    bytes += [0x89] + Self.dictionary + Array("tR".utf8)
  }

  private mutating func add(_ text: String) throws(Flaw) {
    guard text.utf8.count <= UInt32.max else { throw Flaw(message: "the name is too long") }
    bytes += [UInt8(ascii: "X")] + littleEndian((text.utf8.count, 4)) + text.utf8
  }

  private mutating func add(_ number: Int) {
    bytes += [0x8A, 8] + littleEndian((number, 8))
  }
}
