import MartletCore

/// The tensors in a file of PyTorch's `torch.save`: a state dictionary, or lists and dictionaries that contain
/// some.
///
/// The name of a tensor joins the keys on its way by dots: that of `{"model": {"0.weight": …}}` is
/// `model.0.weight`. Other values are left out. The file is a zip archive with a pickle; only the part of pickle
/// that state dictionaries need is understood, and no code of a file is ever run.
///
/// ```swift
/// let file = try PyTorchFile(path: "checkpoint.pt")
/// print(file.names)
/// let weight: Tensor<Float> = try file.tensor("model.0.weight")
/// ```
public struct PyTorchFile: NamedTensors {
  /// The path of the file.
  public let path: String

  /// The names of the tensors, in the order of the file.
  public let names: [String]

  private let tensors: [ByteName: StoredTensor]

  /// The most bytes of a pickle. One of a model of 10,000 tensors has about 2 million.
  private static let longestPickle = 1 << 26

  /// The tensor of a name, or nil if the file does not have the name.
  public subscript(name: String) -> StoredTensor? { tensors[ByteName(name)] }

  /// Opens a file, and checks its archive, its pickle and the places of all tensors.
  ///
  /// - Throws: ``DataError``: a file that is not of `torch.save`, or of the format before PyTorch 1.6; a pickle
  ///   that asks for another function or type, which the error names; a tensor outside its storage.
  public init(path: String) throws(DataError) {
    let file = try InputFile(path: path, allowsStreams: false)
    if try file.bytes(at: 0, count: min(file.byteCount, 1)) == [0x80] { throw Self.oldFormat(path) }
    try self.init(ZipArchive(file))
  }

  init(_ archive: ZipArchive) throws(DataError) {
    path = archive.file.path
    guard let data = archive.entries.first(where: Self.isState) else {
      throw DataError(path: path, message: "is not a file of torch.save: it has no data.pkl")
    }
    let root = String(decoding: data.name.utf8.dropLast("data.pkl".utf8.count), as: UTF8.self)
    let entries = Dictionary(uniqueKeysWithValues: archive.entries.map { (ByteName($0.name), $0) })
    let order = try entries[ByteName(root + "byteorder")]?.contents(atMost: 16)
    let bytes = try data.contents(atMost: Self.longestPickle)
    var machine = PickleMachine(bytes, path: path)
    let value = try machine.run()
    var walk = Walk(pickle: machine.pickle, path: path, byteCount: bytes.count)
    try walk.visit(value, name: "", depth: 0)
    var tensors: [ByteName: StoredTensor] = [:]
    for (name, tensor) in walk.found {
      let key = root + "data/" + tensor.storage.key
      guard let storage = entries[ByteName(key)]?.bytes, storage.count == tensor.storageByteCount else {
        throw DataError(
          path: path, entry: name,
          message:
            "needs \(tensor.storageByteCount) bytes in \"\(excerpt(key))\", which are not in the archive")
      }
      let stored = tensor.stored(name, in: storage, isBigEndian: order?.starts(with: "big".utf8) == true)
      guard tensors.updateValue(stored, forKey: ByteName(name)) == nil else {
        throw DataError(path: path, entry: name, message: "is twice in the file")
      }
    }
    names = walk.found.map(\.name)
    self.tensors = tensors
  }

  /// True if an entry of an archive is the pickle of `torch.save`.
  static func isState(_ entry: ZipArchive.Entry) -> Bool {
    entry.name == "data.pkl" || entry.name.utf8.suffix(9).elementsEqual("/data.pkl".utf8)
  }

  static func oldFormat(_ path: String) -> DataError {
    DataError(
      path: path,
      message: "is a bare pickle, as torch.save wrote before PyTorch 1.6; it must be a zip archive: "
        + "in Python, torch.save(torch.load(path, weights_only=True), path) writes one")
  }
}

extension Pickle.Tensor {
  fileprivate func stored(_ name: String, in storage: StoredBytes, isBigEndian: Bool) -> StoredTensor {
    StoredTensor(
      name: name, dtypeName: dtype.rawValue, dtype: dtype, shape: shape, strides: isRowMajor ? nil : strides,
      isBigEndian: isBigEndian, bytes: storage, start: start.times(dtype.byteCount))
  }
}

/// A walk through the values of a pickle, which collects the tensors with their names.
private struct Walk {
  let pickle: Pickle
  let path: String
  var found: [(name: String, tensor: Pickle.Tensor)] = []
  /// The bytes of names, and the keys without one, that may still be visited. Values that contain others twice
  /// could make any number.
  private var budget: Int

  init(pickle: Pickle, path: String, byteCount: Int) {
    self.pickle = pickle
    self.path = path
    budget = 4 * byteCount + 1024
  }

  mutating func visit(_ value: Pickle.Value, name: String, depth: Int) throws(DataError) {
    budget -= name.utf8.count + 1
    guard budget >= 0, depth <= 64, found.count < Pickle.most else {
      throw DataError(
        path: path, entry: name,
        message: "is nested more than 64 deep, or the pickle refers to the same values too often")
    }
    switch value {
    case .tensor(let index): found.append((name, pickle.tensors[index]))
    case .compound(let index):
      let compound = pickle.compounds[index], isDictionary = compound.kind == .dictionary
      for position in stride(from: 0, to: compound.items.count, by: isDictionary ? 2 : 1) {
        let key: String
        switch compound.items[position] {
        case _ where !isDictionary: key = String(position)
        case .text(let text): key = text
        case .int(let number): key = String(number)
        default:
          budget -= 1
          continue
        }
        try visit(
          compound.items[isDictionary ? position + 1 : position], name: name.isEmpty ? key : name + "." + key,
          depth: depth + 1)
      }
    default: break
    }
  }
}
