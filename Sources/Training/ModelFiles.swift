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
  /// ```swift
  /// let model = Linear(4, 3)
  /// try model.save(to: "model.safetensors", metadata: ["epoch": "3"], as: .bf16)
  /// ```
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - metadata: Texts that are stored beside the tensors.
  ///   - dtype: The precision to which parameters and buffers are rounded (`f16`, `bf16`, `f32` or `f64`), or nil
  ///     to store them as they are. Integer buffers keep their type.
  /// - Throws: ``DataError`` if writing fails. A file that was at `path` before is then unchanged.
  public func save(
    to path: String, metadata: [String: String] = [:], as dtype: StoredType? = nil
  ) throws(DataError) {
    var sources: [TensorSource] = []
    for (name, tensor) in namedState {
      guard let dtype else {
        sources.append(TensorSource(name: name, lending: tensor))
        continue
      }
      do throws(DataError) {
        sources.append(try TensorSource(name: name, tensor: tensor, as: dtype))
      } catch {
        throw DataError(path: path, entry: name, message: error.message)
      }
    }
    sources += namedCounts.map { TensorSource(name: $0.name, lending: $0.tensor) }
    try SafetensorsFile.write(sources, metadata: metadata, to: path)
  }

  /// Reads parameters and saved buffers from a file of any format of ``namedTensors(of:)``, such as safetensors,
  /// `.npz` or PyTorch's `.pt`. Everything is read and compared before anything is changed.
  ///
  /// ```swift
  /// let model = Linear(4, 3)
  /// let mismatch = try model.load(from: "model.pt", strict: false, converting: true)
  /// print(mismatch.missing)
  /// ```
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - strict: True if missing and unexpected names are an error. Shapes that differ always are, and a file
  ///     that has none of the model's names.
  ///   - converting: True if elements of other types are rounded to the model's. Half precision always becomes
  ///     `Float` or `Double`.
  /// - Returns: The names that differ.
  /// - Throws: ``ModelMismatch`` if the names or shapes do not fit, ``DataError`` if the file cannot be read.
  @discardableResult
  public func load(
    from path: String, strict: Bool = true, converting: Bool = false
  ) throws -> ModelMismatch {
    try load(from: namedTensors(of: path), strict: strict, converting: converting)
  }

  /// Reads parameters and saved buffers from the tensors of an open file, of which some may be left out or
  /// renamed. Everything is read and compared before anything is changed.
  ///
  /// ```swift
  /// let model = Linear(4, 3)
  /// let file = try namedTensors(of: "whole.safetensors")
  /// try model.load(from: file.droppingPrefix("head."))
  /// ```
  ///
  /// - Parameters:
  ///   - file: The tensors.
  ///   - strict: True if missing and unexpected names are an error. Shapes that differ always are, and a file
  ///     that has none of the model's names.
  ///   - converting: True if elements of other types are rounded to the model's.
  /// - Returns: The names that differ.
  /// - Throws: ``ModelMismatch`` if the names or shapes do not fit, ``DataError`` if the file cannot be read.
  @discardableResult
  public func load(
    from file: some NamedTensors, strict: Bool = true, converting: Bool = false
  ) throws -> ModelMismatch {
    let state = namedState, counts = namedCounts
    let mismatch = mismatch(with: file)
    let isForeign = !state.isEmpty && mismatch.missing.count == state.count + counts.count
    if strict ? !mismatch.isEmpty : !mismatch.misshapen.isEmpty || isForeign { throw mismatch }
    let found = try state.compactMap { name, target in
      try file[name].map { (target, try $0.tensor(as: Element.self, converting: converting)) }
    }
    let counted = try counts.compactMap { name, target in
      try file[name].map { (target, try $0.tensor(as: Int.self, converting: converting)) }
    }
    noGrad {
      for (target, source) in found { target.assign(source) }
      for (target, source) in counted { target.assign(source) }
    }
    return mismatch
  }

  /// Returns all names and shapes that differ between the model and a file.
  private func mismatch(with file: some NamedTensors) -> ModelMismatch {
    let shapes =
      namedState.map { ($0.name, $0.tensor.shape) } + namedCounts.map { ($0.name, $0.tensor.shape) }
    var mismatch = ModelMismatch(path: file.path)
    for (name, shape) in shapes {
      guard let stored = file[name] else {
        mismatch.missing.append(name)
        continue
      }
      if stored.shape != Array(shape) { mismatch.misshapen.append("\(name) \(shape) ≠ \(stored.shape)") }
    }
    let known = Set(shapes.map { ByteName($0.0) })
    mismatch.unexpected = file.names.filter { !known.contains(ByteName($0)) }
    return mismatch
  }
}
