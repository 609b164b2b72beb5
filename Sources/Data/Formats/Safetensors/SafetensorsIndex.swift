import MartletCore

/// The tensors of a model in several safetensors files, which an index in JSON lists.
///
/// The index is a file such as `model.safetensors.index.json`. Its files must be in the same folder. Opening
/// the index opens all files, and reads and checks their headers.
///
/// ```swift
/// let weight = TensorSource(name: "weight", tensor: Tensor<Float>.normal([3, 4]))
/// let bias = TensorSource(name: "bias", tensor: Tensor<Float>.zeros([3]))
/// try SafetensorsIndex.write([weight, bias], bytesPerFile: 48, to: "model.safetensors.index.json")
/// let model = try SafetensorsIndex(path: "model.safetensors.index.json")
/// print(model.names)
/// ```
public struct SafetensorsIndex: NamedTensors {
  /// The path of the index.
  public let path: String

  /// The names of the tensors, in the order of the index.
  public let names: [String]

  private let files: [ByteName: SafetensorsFile]
  private let fileNames: [ByteName: ByteName]
  private static let suffix = ".safetensors.index.json"

  /// The tensor of a name, or nil if the index does not have the name.
  public subscript(name: String) -> StoredTensor? {
    fileNames[ByteName(name)].flatMap { files[$0]?[name] }
  }

  /// Opens an index and its files.
  ///
  /// - Throws: ``DataError``: an index that is not JSON or has no `weight_map`, a file that is not in the same
  ///   folder, is damaged or lacks a tensor.
  public init(path: String) throws(DataError) {
    try self.init(InputFile(path: path, allowsStreams: false))
  }

  init(_ index: InputFile) throws(DataError) {
    let path = index.path
    self.path = path
    let bytes = try index.bytes(at: 0, count: index.byteCount)
    var text = try JSONText(bytes, as: "the index", path: path)
    var names: [String] = [], fileNames: [ByteName: ByteName] = [:]
    var isMapped = false
    try text.readMembers { text, key throws(DataError) in
      guard ByteName(key) == ByteName("weight_map") else { return try text.skipValue() }
      isMapped = true
      try text.readMembers { text, name throws(DataError) in
        names.append(name)
        fileNames[ByteName(name)] = ByteName(try text.readString())
      }
    }
    try text.finish()
    guard isMapped else { throw text.error("the index has no weight_map") }
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? ""
    var files: [ByteName: SafetensorsFile] = [:]
    for name in names {
      let file = fileNames[ByteName(name)]!
      // A path could lead to any file of the machine.
      guard !file.text.utf8.contains(UInt8(ascii: "/")), !file.text.isEmpty else {
        throw DataError(
          path: path, entry: name,
          message: "is in \"\(excerpt(file.text))\"; it must be in a file of the index's folder")
      }
      if files[file] == nil { files[file] = try SafetensorsFile(path: folder + file.text) }
      guard files[file]?.entries[name] != nil else {
        throw DataError(
          path: path, entry: name, message: "is not in \"\(excerpt(file.text))\", as the index says")
      }
    }
    self.names = names
    self.fileNames = fileNames
    self.files = files
  }

  /// Writes tensors to several files and an index, under the names that `transformers` gives them.
  ///
  /// The index is written last. Files of an earlier index with another number of files are not deleted.
  ///
  /// ```swift
  /// let layers = (0..<4).map { TensorSource(name: "\($0).weight", tensor: Tensor<Float>.normal([64, 64])) }
  /// try SafetensorsIndex.write(layers, bytesPerFile: 1 << 15, to: "model.safetensors.index.json")
  /// ```
  ///
  /// - Parameters:
  ///   - sources: The tensors with their names.
  ///   - bytesPerFile: The most bytes of data in a file. A larger tensor has a file of its own.
  ///   - path: The path of the index, which must end in `.safetensors.index.json`.
  /// - Throws: ``DataError`` for another path, and for the faults of ``SafetensorsFile/write(_:metadata:to:)``.
  public static func write(
    _ sources: [TensorSource], bytesPerFile: Int = 5_000_000_000, to path: String
  ) throws(DataError) {
    guard path.utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) else {
      throw DataError(path: path, message: "the path of an index must end in \(suffix)")
    }
    let (parts, total) = try parts(of: sources, bytesPerFile, path: path)
    let stem = String(decoding: path.utf8.dropLast(suffix.utf8.count), as: UTF8.self)
    let start =
      stem.utf8.lastIndex(of: UInt8(ascii: "/")).map { stem.utf8.index(after: $0) } ?? stem.startIndex
    var map: [String] = []
    for (number, part) in parts.enumerated() {
      let ending = "-\(padded(number + 1, 5))-of-\(padded(parts.count, 5)).safetensors"
      try SafetensorsFile.write(part, metadata: ["format": "pt"], to: stem + ending)
      let file = JSONText.quoted(String(stem[start...]) + ending)
      map += part.map { "    \(JSONText.quoted($0.name)): \(file)" }
    }
    let json =
      "{\n  \"metadata\": {\"total_size\": \(total)},\n  \"weight_map\": {\n"
      + map.joined(separator: ",\n") + "\n  }\n}\n"
    try writeAtomically(to: path) { output throws(DataError) in try output.append(Array(json.utf8)) }
  }

  /// Returns the tensors of each file, and the number of bytes of all.
  private static func parts(
    of sources: [TensorSource], _ bytesPerFile: Int, path: String
  ) throws(DataError) -> (parts: [[TensorSource]], total: Int) {
    var parts: [[TensorSource]] = [], filled = 0, total = 0
    try sources.checkNames(path: path)
    for source in sources {
      do throws(Flaw) {
        let count = try source.dtype.byteCount(of: source.shape)
        total = total.plus(count)
        if parts.isEmpty || filled.plus(count) > bytesPerFile {
          parts.append([])
          filled = 0
        }
        filled = filled.plus(count)
      } catch {
        throw DataError(path: path, entry: source.name, message: error.message)
      }
      parts[parts.count - 1].append(source)
    }
    return (parts, total)
  }
}
