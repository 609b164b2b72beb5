import MartletCore
public import MartletData
public import MartletLayers

/// How the names in a file differ from a model's.
public struct ModelMismatch: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file.
  public let path: String
  /// Names of the model that the file does not have.
  public var missing: [String] = []
  /// Names of the file that the model does not have.
  public var unexpected: [String] = []
  /// Names whose shapes differ: the model's and the file's.
  public var misshapen: [String] = []

  /// Whether nothing differs.
  public var isEmpty: Bool { missing.isEmpty && unexpected.isEmpty && misshapen.isEmpty }

  /// The file and every name that differs, each shortened to 80 characters.
  public var description: String {
    let parts = [("missing", missing), ("unexpected", unexpected), ("of another shape", misshapen)]
      .filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1.map(excerpt).joined(separator: ", "))" }
    return parts.isEmpty
      ? "\(path): fits the model" : "\(path): does not fit the model; " + parts.joined(separator: "; ")
  }
}

extension Module {
  /// Writes parameters and saved buffers as safetensors, under PyTorch's names: to a temporary name, which is
  /// synced and then renamed, so that the file is whole or not there.
  ///
  /// - Throws: ``DataError`` if writing fails; what the path held before is then still there.
  public func save(to path: String, metadata: [String: String] = [:]) throws(DataError) {
    let sources =
      namedState.map { SafetensorsFile.Source(name: $0.name, lending: $0.tensor) }
      + namedCounts.map { SafetensorsFile.Source(name: $0.name, tensor: $0.tensor) }
    try SafetensorsFile.write(sources, metadata: metadata, to: path)
  }

  /// Reads parameters and saved buffers. Everything is read and compared before anything is changed.
  ///
  /// - Parameter strict: whether names that are missing or unexpected are refused; shapes that differ always are.
  /// - Returns: what differed.
  /// - Throws: ``ModelMismatch`` if the names or shapes do not fit, ``DataError`` if the file cannot be read.
  @discardableResult
  public func load(from path: String, strict: Bool = true) throws -> ModelMismatch {
    let file = try SafetensorsFile(path: path)
    let state = namedState, counts = namedCounts
    let shapes = state.map { ($0.name, $0.tensor.shape) } + counts.map { ($0.name, $0.tensor.shape) }
    var mismatch = ModelMismatch(path: path)
    for (name, shape) in shapes {
      guard let entry = file.entries[name] else {
        mismatch.missing.append(name)
        continue
      }
      if entry.shape != Array(shape) {
        mismatch.misshapen.append("\(name) \(shape) ≠ \(entry.shape)")
      }
    }
    let known = Set(shapes.map { ByteName($0.0) })
    mismatch.unexpected = file.names.filter { !known.contains(ByteName($0)) }
    if strict ? !mismatch.isEmpty : !mismatch.misshapen.isEmpty { throw mismatch }
    let found = try state.filter { file.entries[$0.name] != nil }
      .map { ($0.tensor, try file.tensor($0.name, as: Element.self)) }
    let counted = try counts.filter { file.entries[$0.name] != nil }
      .map { ($0.tensor, try file.integers($0.name)) }
    noGrad {
      for (target, source) in found { target.assign(source) }
      for (target, source) in counted { target.assign(source) }
    }
    return mismatch
  }
}
