public import MartletCore

/// The named tensors of a file of any format. Their elements are read on request.
///
/// ``namedTensors(of:)`` opens a file of any known format. Wrappers choose and rename tensors, and a model loads
/// from the result.
///
/// ```swift
/// let model = Linear(3, 4)
/// let file = try namedTensors(of: "checkpoint.pt")
/// print(file.names)
/// try model.load(from: file.droppingPrefix("state_dict.head."))
/// ```
public protocol NamedTensors: Sendable {
  /// The path of the file, for errors.
  var path: String { get }

  /// The names of the tensors, in the order of the file.
  var names: [String] { get }

  /// The tensor of a name, or nil if the file does not have the name. Names are equal only if their bytes are.
  subscript(name: String) -> StoredTensor? { get }
}

extension NamedTensors {
  /// Returns the tensor of a name. Its elements must be stored as `Element`, or in half precision.
  ///
  /// ```swift
  /// let file = try namedTensors(of: "weights.npz")
  /// let weight = try file.tensor("weight", as: Float.self, converting: true)
  /// ```
  ///
  /// - Parameters:
  ///   - name: The name in the file.
  ///   - type: The element type of the result.
  ///   - converting: True if elements of other types are converted, as by
  ///     ``StoredTensor/tensor(as:converting:)``.
  /// - Throws: ``DataError`` if there is no such tensor of that type, or reading fails.
  public func tensor<Element: TensorScalar>(
    _ name: String, as type: Element.Type = Element.self, converting: Bool = false
  ) throws(DataError) -> Tensor<Element> {
    guard let stored = self[name] else {
      throw DataError(path: path, entry: name, message: "is not in the file")
    }
    return try stored.tensor(as: type, converting: converting)
  }

  /// Returns the tensor of integers of a name. Its elements must be stored as integers of 64 bits.
  ///
  /// - Throws: ``DataError`` if there is no such tensor of that type, or reading fails.
  public func integers(_ name: String) throws(DataError) -> Tensor<Int> { try tensor(name) }

  /// Returns the same tensors under other names. A tensor whose new name is nil is left out.
  ///
  /// - Throws: ``DataError`` if two tensors get one name.
  public func renamed(_ rename: (_ name: String) -> String?) throws(DataError) -> RenamedTensors {
    try RenamedTensors(of: self, rename)
  }

  /// Returns the same tensors, those of the dictionary's keys under the names of its values.
  ///
  /// - Throws: ``DataError`` if two tensors get one name.
  public func renamed(_ names: [String: String]) throws(DataError) -> RenamedTensors {
    let names = Dictionary(uniqueKeysWithValues: names.map { (ByteName($0), $1) })
    return try renamed { names[ByteName($0)] ?? $0 }
  }

  /// Returns the tensors whose names begin with a prefix, without it.
  ///
  /// - Throws: ``DataError`` if no name begins with the prefix.
  public func droppingPrefix(_ prefix: String) throws(DataError) -> RenamedTensors {
    let rest = try renamed { name in
      name.utf8.starts(with: prefix.utf8)
        ? String(decoding: name.utf8.dropFirst(prefix.utf8.count), as: UTF8.self) : nil
    }
    guard !rest.names.isEmpty else {
      throw DataError(path: path, message: "no name begins with \"\(excerpt(prefix))\"")
    }
    return rest
  }
}

/// Tensors of a file under other names.
///
/// ```swift
/// let file = try namedTensors(of: "pytorch_model.bin")
/// let renamed = try file.renamed { $0 == "gamma" ? "weight" : $0 }
/// print(renamed.names)
/// ```
public struct RenamedTensors: NamedTensors {
  /// The new names, in the order of the file.
  public let names: [String]

  private let file: any NamedTensors
  private let oldNames: [ByteName: String]

  /// The path of the file.
  public var path: String { file.path }

  /// The tensor of a new name, or nil.
  public subscript(name: String) -> StoredTensor? { oldNames[ByteName(name)].flatMap { file[$0] } }

  fileprivate init(
    of file: any NamedTensors, _ rename: (String) -> String?
  ) throws(DataError) {
    var oldNames: [ByteName: String] = [:], names: [String] = []
    for old in file.names {
      guard let name = rename(old) else { continue }
      guard oldNames.updateValue(old, forKey: ByteName(name)) == nil else {
        throw DataError(
          path: file.path, entry: old,
          message: "gets the new name \"\(excerpt(name))\", which another tensor has")
      }
      names.append(name)
    }
    self.file = file
    self.oldNames = oldNames
    self.names = names
  }
}

/// Opens a file of tensors. Its first bytes tell the format, whatever its name.
///
/// The formats are safetensors, the JSON index of a model in several safetensors files, NumPy's `.npz` and
/// `.npy`, PyTorch's state dictionaries (`.pt`, `.pth`, `.bin`) and IDX, gzipped or not. No code in a file is
/// ever run.
///
/// ```swift
/// let file = try namedTensors(of: "model.pt")
/// for name in file.names { print(name, file[name]?.dtypeName ?? "", file[name]?.shape ?? []) }
/// ```
///
/// - Throws: ``DataError`` if the file is of none of these formats, or is damaged.
public func namedTensors(of path: String) throws(DataError) -> any NamedTensors {
  let file = try InputFile(path: path, allowsStreams: false)
  let start = try file.bytes(at: 0, count: min(file.byteCount, 9))
  if start.starts(with: [0x50, 0x4B, 3, 4]) || start.starts(with: [0x50, 0x4B, 5, 6]) {
    let archive = try ZipArchive(file)
    return archive.entries.contains(where: PyTorchFile.isState)
      ? try PyTorchFile(archive) : try NpzFile(archive)
  }
  if start.starts(with: NpyHeader.magic) { return try NpyFile(file) }
  // A vector in IDX may have this byte too, but begins with zeros, which no header of less than 4 GB has.
  let isVector = start.starts(with: [0, 0]) && start.dropFirst(4).prefix(4) != [0, 0, 0, 0]
  if start.count == 9, start[8] == UInt8(ascii: "{"), !isVector { return try SafetensorsFile(file) }
  if start.starts(with: [0x1F, 0x8B]) || start.starts(with: [0, 0]) { return try IDXFile(file) }
  if start.first == UInt8(ascii: "{") { return try SafetensorsIndex(file) }
  if start.first == 0x80 { throw PyTorchFile.oldFormat(path) }
  throw DataError(
    path: path,
    message: "begins with \(excerpt(start.map(Int.init))); a file of tensors (safetensors or its index, "
      + "npz, npy, PyTorch's zip format, IDX) must begin otherwise")
}
