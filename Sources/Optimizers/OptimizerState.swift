public import MartletCore

/// What an optimizer keeps from step to step, as named tensors and numbers.
///
/// Names are a parameter's position and PyTorch's name for what is kept of it, `"0.exp_avg"`, `"0.step"`, and those of
/// the settings of groups: `"groups.0.lr"`.
public struct OptimizerState<Element: DifferentiableScalar> {
  /// The tensors by name.
  public var tensors: [String: Tensor<Element>]
  /// The numbers by name.
  public var numbers: [String: Double]

  /// A state of these tensors and numbers.
  public init(tensors: [String: Tensor<Element>] = [:], numbers: [String: Double] = [:]) {
    self.tensors = tensors
    self.numbers = numbers
  }
}

/// How the names in a state differ from those that an optimizer, an average or a schedule has.
public struct OptimizerStateMismatch: Error, Equatable, Sendable, CustomStringConvertible {
  /// Names that the state does not have.
  public var missing: [String] = []
  /// Names that only the state has.
  public var unexpected: [String] = []
  /// Tensors of another shape than the parameter's.
  public var misshapen: [String] = []

  /// Every name that differs.
  public var description: String {
    let parts = [("missing", missing), ("unexpected", unexpected), ("of another shape", misshapen)]
      .filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1.joined(separator: ", "))" }
    return "the state does not fit the optimizer; " + parts.joined(separator: "; ")
  }
}

/// Reads a state name by name, and notes what is missing, of another shape and left over.
struct StateReading<Element: DifferentiableScalar> {
  private let state: OptimizerState<Element>
  private var mismatch = OptimizerStateMismatch()
  private var left: Set<String>

  init(_ state: OptimizerState<Element>) {
    self.state = state
    left = Set(state.tensors.keys).union(state.numbers.keys)
  }

  func has(_ name: String) -> Bool { state.numbers[name] != nil || state.tensors[name] != nil }

  /// The number of a name; 0 where there is none.
  mutating func number(_ name: String) -> Double {
    left.remove(name)
    if let number = state.numbers[name] { return number }
    mismatch.missing.append(name)
    return 0
  }

  /// A copy of the tensor of a name, which has to have this shape; nil where there is none.
  mutating func tensor(_ name: String, _ shape: TensorShape) -> Tensor<Element>? {
    left.remove(name)
    guard let tensor = state.tensors[name] else {
      mismatch.missing.append(name)
      return nil
    }
    if tensor.shape == shape { return tensor.detached().cloned() }
    mismatch.misshapen.append("\(name) \(tensor.shape) ≠ \(shape)")
    return nil
  }

  /// Throws unless all that was asked for was there, and nothing else.
  func end() throws(OptimizerStateMismatch) {
    var mismatch = mismatch
    mismatch.unexpected = left.sorted()
    if mismatch != OptimizerStateMismatch() { throw mismatch }
  }
}
