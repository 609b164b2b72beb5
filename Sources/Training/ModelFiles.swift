import MartletCore
public import MartletData
public import MartletLayers

/// The error of a file whose names or shapes differ from those of a model.
///
/// ```swift
/// let model = Linear<Float>(4, 3)
/// let mismatch = try model.load(from: "model.safetensors", strict: false)
/// if !mismatch.isEmpty { print(mismatch.missing, mismatch.unexpected) }
/// ```
public struct ModelMismatch: Error, Equatable, Sendable, CustomStringConvertible {
  /// The path of the file.
  public let path: String
  /// Names of the model that the file does not have.
  public var missing: [String] = []
  /// Names of the file that the model does not have.
  public var unexpected: [String] = []
  /// Names whose shapes differ, each with the shape in the model and the shape in the file.
  public var misshapen: [String] = []

  /// True if nothing differs.
  public var isEmpty: Bool { missing.isEmpty && unexpected.isEmpty && misshapen.isEmpty }

  /// The file and every name that differs. Each name is shortened to 80 characters.
  public var description: String {
    let parts = [("missing", missing), ("unexpected", unexpected), ("of another shape", misshapen)]
      .filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1.map(excerpt).joined(separator: ", "))" }
    return parts.isEmpty
      ? "\(path): fits the model" : "\(path): does not fit the model; " + parts.joined(separator: "; ")
  }
}

extension Module {
  /// Writes parameters and saved buffers in the safetensors format, under PyTorch's names.
  ///
  /// The data goes to a temporary file, which is synced and then renamed. A failure therefore never leaves
  /// half a file.
  ///
  /// - Throws: ``DataError`` if writing fails. A file that was at `path` before is then unchanged.
  public func save(to path: String, metadata: [String: String] = [:]) throws(DataError) {
    let sources =
      namedState.map { SafetensorsFile.Source(name: $0.name, lending: $0.tensor) }
      + namedCounts.map { SafetensorsFile.Source(name: $0.name, tensor: $0.tensor) }
    try SafetensorsFile.write(sources, metadata: metadata, to: path)
  }

  /// Reads parameters and saved buffers. Everything is read and compared before anything is changed.
  ///
  /// - Parameter strict: True if missing and unexpected names are an error. Shapes that differ always are.
  /// - Returns: The names that differ.
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
