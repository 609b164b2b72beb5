import MartletCore
import MartletData
import MartletOptimizers

/// The error of a checkpoint that does not fit the objects of a run.
///
/// ```swift
/// let model = Linear<Float>(4, 3), checkpoint = Checkpoint(model: model)
/// do {
///   print(try checkpoint.resume(from: "last.safetensors"))
/// } catch let mismatch as CheckpointMismatch {
///   print(mismatch.missing, mismatch.unexpected, mismatch.unfit)
/// }
/// ```
public struct CheckpointMismatch: Error, Equatable, Sendable, CustomStringConvertible {
  /// The path of the file.
  public let path: String
  /// Names that the file lacks.
  public internal(set) var missing: [String] = []
  /// Names of the file that belong to nothing in this run.
  public internal(set) var unexpected: [String] = []
  /// Names whose shape, element type or value does not fit, each with the reason.
  public internal(set) var unfit: [String] = []

  var isEmpty: Bool { missing.isEmpty && unexpected.isEmpty && unfit.isEmpty }

  /// The file and every name that differs. Each name is shortened to 80 characters.
  public var description: String {
    let parts = [("missing", missing), ("unexpected", unexpected), ("unfit", unfit)]
      .filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1.map(excerpt).joined(separator: ", "))" }
    return "\(path): the checkpoint does not fit the run; " + parts.joined(separator: "; ")
  }
}

/// A reader that takes a checkpoint apart name by name, collects all that does not fit, and changes a run only
/// if all fits.
struct CheckpointReading {
  let file: SafetensorsFile
  private var mismatch: CheckpointMismatch
  private var taken: Set<ByteName> = []
  /// Changes that cannot fail, made at the end.
  private var changes: [() -> Void] = []
  /// Undoes the changes that were made while reading, in the order of the changes.
  private var undoing: [() -> Void] = []

  init(_ path: String) throws(DataError) {
    file = try SafetensorsFile(path: path)
    mismatch = CheckpointMismatch(path: path)
  }

  /// Returns the tensor of a name with these elements. It notes a tensor that is missing or of another shape or
  /// type, and returns nil.
  mutating func tensor<Element: NumericScalar>(
    _ name: String, _ shape: TensorShape
  ) throws(DataError) -> Tensor<Element>? {
    taken.insert(ByteName(name))
    guard let entry = file[name] else {
      mismatch.missing.append(name)
      return nil
    }
    guard entry.dtype == .init(of: Element.self) else {
      mismatch.unfit.append("\(name) \(excerpt(entry.dtypeName)) ≠ \(Element.self)")
      return nil
    }
    guard entry.shape == Array(shape) else {
      mismatch.unfit.append("\(name) \(TensorShape(entry.shape.prefix(8))) ≠ \(shape)")
      return nil
    }
    return try file.tensor(name)
  }

  /// Returns whole numbers of a name, or nil as `tensor` does.
  mutating func integers(_ name: String, _ count: Int) throws(DataError) -> [Int]? {
    let tensor: Tensor<Int>? = try tensor(name, [count])
    return tensor?.scalars
  }

  /// Returns counts of a name, or nil as `tensor` does, or if they are not in 0 ..< 2⁵³.
  mutating func counts(_ name: String, _ count: Int) throws(DataError) -> [Int]? {
    guard let counts = try integers(name, count) else { return nil }
    if counts.allSatisfy((0..<1 << 53).contains) { return counts }
    mismatch.unfit.append("\(name) \(counts)")
    return nil
  }

  /// Returns all numbers whose names begin with `prefix`, without it.
  mutating func numbers(_ prefix: String) throws(DataError) -> [String: Double] {
    var result: [String: Double] = [:]
    for name in names(after: prefix) where file[prefix + name]?.dtype == .f64 {
      guard file[prefix + name]?.shape == [] else { continue }
      taken.insert(ByteName(prefix + name))
      result[name] = try file.tensor(prefix + name, as: Double.self).item
    }
    return result
  }

  /// Returns all tensors and numbers whose names begin with `prefix`, without it.
  ///
  /// The numbers are tensors of `Double` without axes. If the elements are `Double`, such a tensor is returned as
  /// both, because only its reader knows what it is.
  mutating func state<Element: DifferentiableScalar>(
    _ prefix: String
  ) throws(DataError) -> OptimizerState<Element> {
    var result = OptimizerState<Element>(numbers: try numbers(prefix))
    for name in names(after: prefix) where file[prefix + name]?.dtype == .init(of: Element.self) {
      taken.insert(ByteName(prefix + name))
      result.tensors[name] = try file.tensor(prefix + name)
    }
    return result
  }

  private func names(after prefix: String) -> [String] {
    file.names.filter { $0.utf8.starts(with: prefix.utf8) }.map {
      String($0.utf8.dropFirst(prefix.utf8.count))!
    }
  }

  /// Makes a change of an object that refuses a state that does not fit, and remembers how to undo it.
  mutating func load<State>(
    _ prefix: String, _ state: State, over earlier: State,
    _ load: @escaping (State) throws(OptimizerStateMismatch) -> Void
  ) {
    do throws(OptimizerStateMismatch) {
      try load(state)
      undoing.append { try? load(earlier) }
    } catch {
      mismatch.missing += error.missing.map { prefix + $0 }
      mismatch.unexpected += error.unexpected.map { prefix + $0 }
      mismatch.unfit += (error.misshapen + error.malformed).map { prefix + $0 }
    }
  }

  mutating func atEnd(_ change: @escaping () -> Void) { changes.append(change) }

  /// Makes the changes that wait for the end, if all fits and no name of the file is left.
  mutating func end() throws(CheckpointMismatch) {
    mismatch.unexpected += file.names.filter { !taken.contains(ByteName($0)) }
    guard mismatch.isEmpty else { throw mismatch }
    noGrad { for change in changes { change() } }
  }

  func undo() { for step in undoing { step() } }
}
