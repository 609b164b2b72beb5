public import MartletCore

/// The state of an optimizer, an average or a schedule, as named tensors and numbers.
///
/// The names are PyTorch's. State of a parameter begins with the parameter's position: `"0.exp_avg"`,
/// `"0.step"`. Settings begin with the position of their group: `"groups.0.lr"`.
///
/// ```swift
/// let model = Linear<Float>(4, 3)
/// let optimizer = Adam(model.parameters)
/// let state: OptimizerState<Float> = optimizer.state
/// try Adam(model.parameters).load(state)
/// ```
public struct OptimizerState<Element: DifferentiableScalar> {
  /// The tensors, by name.
  public var tensors: [String: Tensor<Element>]
  /// The numbers, by name.
  public var numbers: [String: Double]

  /// Makes a state of these tensors and numbers.
  public init(tensors: [String: Tensor<Element>] = [:], numbers: [String: Double] = [:]) {
    self.tensors = tensors
    self.numbers = numbers
  }
}

/// The error of a state that does not fit an optimizer, an average or a schedule.
///
/// ```swift
/// let model = Linear<Float>(4, 3)
/// do {
///   try Adam(model.parameters).load(SGD(model.parameters, learningRate: 0.1).state)
/// } catch {
///   print(error.missing, error.unexpected)
/// }
/// ```
public struct OptimizerStateMismatch: Error, Equatable, Sendable, CustomStringConvertible {
  /// Names that the state lacks.
  public var missing: [String] = []
  /// Names that only the state has.
  public var unexpected: [String] = []
  /// Tensors whose shape is not the parameter's, each with both shapes.
  public var misshapen: [String] = []
  /// Counts that are not whole numbers in 0 ..< 2⁵³, and integers that are not whole, each with its value.
  public var malformed: [String] = []

  /// The description, with every name that differs.
  public var description: String {
    let parts = [
      ("missing", missing), ("unexpected", unexpected), ("of another shape", misshapen),
      ("no count", malformed),
    ].filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1.joined(separator: ", "))" }
    return "the state does not fit the optimizer; " + parts.joined(separator: "; ")
  }
}

/// An object that keeps state from step to step, which a checkpoint saves and restores: an optimizer, running
/// means of parameters, early stopping.
///
/// ```swift
/// func copyState<Part: Stateful>(from source: Part, to target: Part) throws {
///   try target.load(source.state)
/// }
/// ```
public protocol Stateful<Element>: AnyObject {
  /// The type of the elements of the state's tensors.
  associatedtype Element: DifferentiableScalar

  /// A copy of the state. A run that restores it continues with the same bits.
  var state: OptimizerState<Element> { get }

  /// Restores the state of an object of the same kind, whose tensors have the same shapes. All is compared
  /// before anything is changed.
  ///
  /// - Throws: ``OptimizerStateMismatch``, which lists the names that do not fit.
  func load(_ state: OptimizerState<Element>) throws(OptimizerStateMismatch)
}

/// A setting that is saved, and its name in PyTorch.
typealias SavedSetting = (name: String, path: WritableKeyPath<UpdateSettings, Double>)

extension UpdateSettings {
  /// The settings that every optimizer of groups saves.
  static var saved: [SavedSetting] { [("lr", \.learningRate), ("weight_decay", \.weightDecay)] }
}

extension OptimizerState {
  /// Adds saved settings of each group.
  mutating func setSettings(_ settings: [UpdateSettings], _ saved: [SavedSetting]) {
    for (group, all) in settings.enumerated() {
      for (name, path) in saved { numbers["groups.\(group).\(name)"] = all[keyPath: path] }
    }
  }

  /// Adds the learning rates from which schedules start, one for each group, if there are any.
  mutating func setInitialRates(_ rates: [Double]) {
    for (group, rate) in rates.enumerated() { numbers["groups.\(group).initial_lr"] = rate }
  }
}

/// A reader that takes a state apart name by name, and collects the names that do not fit.
package struct StateReading<Element: DifferentiableScalar> {
  private let state: OptimizerState<Element>
  private var mismatch = OptimizerStateMismatch()
  private var left: Set<String>

  package init(_ state: OptimizerState<Element>) {
    self.state = state
    left = Set(state.tensors.keys).union(state.numbers.keys)
  }

  package func has(_ name: String) -> Bool { state.numbers[name] != nil || state.tensors[name] != nil }

  /// Returns the number of a name. If it is missing, the reader notes that and returns 0.
  package mutating func number(_ name: String) -> Double {
    left.remove(name)
    if let number = state.numbers[name] { return number }
    mismatch.missing.append(name)
    return 0
  }

  /// Returns the count of a name. The reader notes a number that is none, and returns 0.
  package mutating func count(_ name: String) -> Int {
    let number = number(name)
    if let count = Int(exactly: number), (0..<1 << 53).contains(count) { return count }
    mismatch.malformed.append("\(name) \(number)")
    return 0
  }

  /// Returns the integer of a name. The reader notes a number that is none, and returns 0.
  package mutating func integer(_ name: String) -> Int {
    let number = number(name)
    if let integer = Int(exactly: number) { return integer }
    mismatch.malformed.append("\(name) \(number)")
    return 0
  }

  /// Returns the settings of each group, with the saved ones replaced.
  mutating func settings(over settings: [UpdateSettings], _ saved: [SavedSetting]) -> [UpdateSettings] {
    var result = settings
    for group in settings.indices {
      for (name, path) in saved { result[group][keyPath: path] = number("groups.\(group).\(name)") }
    }
    return result
  }

  /// Returns the learning rates from which schedules start, one for each group, or none.
  mutating func initialRates(_ groups: Int) -> [Double] {
    (0..<groups).contains { has("groups.\($0).initial_lr") }
      ? (0..<groups).map { number("groups.\($0).initial_lr") } : []
  }

  /// Returns a copy of the tensor of a name, or nil if it is missing or does not have this shape.
  package mutating func tensor(_ name: String, _ shape: TensorShape) -> Tensor<Element>? {
    left.remove(name)
    guard let tensor = state.tensors[name] else {
      mismatch.missing.append(name)
      return nil
    }
    if tensor.shape == shape { return tensor.detached().cloned() }
    mismatch.misshapen.append("\(name) \(tensor.shape) ≠ \(shape)")
    return nil
  }

  /// Throws unless every requested name was there with its shape, and no other.
  package func end() throws(OptimizerStateMismatch) {
    var mismatch = mismatch
    mismatch.unexpected = left.sorted()
    if mismatch != OptimizerStateMismatch() { throw mismatch }
  }
}
