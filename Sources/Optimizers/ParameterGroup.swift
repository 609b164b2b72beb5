public import MartletCore

/// A group of parameters with its own settings.
///
/// ```swift
/// let body = Linear<Float>(8, 16), head = Linear<Float>(16, 2)
/// let optimizer = Adam([
///   ParameterGroup(body.parameters), ParameterGroup(head.parameters, learningRate: 1e-2),
/// ])
/// ```
public struct ParameterGroup<Element: DifferentiableScalar> {
  /// The parameters of the group.
  public let parameters: [Tensor<Element>]
  /// η, the learning rate; nil stands for the optimizer's.
  public var learningRate: Double?
  /// λ, the weight decay; nil stands for the optimizer's.
  public var weightDecay: Double?
  /// μ, the momentum of SGD, RMSprop and Muon; nil stands for the optimizer's.
  public var momentum: Double?
  /// β₁ and β₂, for optimizers that have betas; nil stands for the optimizer's.
  public var betas: (Double, Double)?
  /// ε, for optimizers that have it; nil stands for the optimizer's.
  public var epsilon: Double?

  /// Makes a group with these settings. The optimizer supplies the others.
  public init(
    _ parameters: [Tensor<Element>], learningRate: Double? = nil, weightDecay: Double? = nil,
    momentum: Double? = nil, betas: (Double, Double)? = nil, epsilon: Double? = nil
  ) {
    self.parameters = parameters
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.momentum = momentum
    self.betas = betas
    self.epsilon = epsilon
  }

  /// Returns the optimizer's settings, overridden by those of the group.
  func settings(_ defaults: UpdateSettings, hasBetas: Bool) -> UpdateSettings {
    var settings = defaults
    settings.learningRate = learningRate ?? settings.learningRate
    settings.weightDecay = weightDecay ?? settings.weightDecay
    settings.momentum = momentum ?? settings.momentum
    if hasBetas, let betas { (settings.beta1, settings.beta2) = betas }
    settings.epsilon = epsilon ?? settings.epsilon
    return settings
  }
}

extension [UpdateSettings] {
  /// One setting of all groups.
  subscript(each path: WritableKeyPath<UpdateSettings, Double>) -> [Double] {
    get { map { $0[keyPath: path] } }
    set { for (group, value) in zip(indices, newValue) { self[group][keyPath: path] = value } }
  }

  /// Sets one setting of every group.
  mutating func set(_ path: WritableKeyPath<UpdateSettings, Double>, to value: Double) {
    for group in indices { self[group][keyPath: path] = value }
  }
}

/// An element of the list that an optimizer is made of: a tensor, or a group of tensors.
///
/// ```swift
/// let model = Linear<Float>(4, 3)
/// let ofTensors = SGD(model.parameters, learningRate: 0.1)
/// let ofGroups = SGD([ParameterGroup(model.parameters, weightDecay: 1e-4)], learningRate: 0.1)
/// ```
public protocol Optimizable {
  /// The type of the parameters' elements.
  associatedtype Scalar: DifferentiableScalar

  /// Returns the groups that a list stands for.
  static func groups(_ list: [Self]) -> [ParameterGroup<Scalar>]
}

extension Tensor: Optimizable where Element: DifferentiableScalar {
  /// Returns one group of all tensors.
  public static func groups(_ list: [Tensor]) -> [ParameterGroup<Element>] { [ParameterGroup(list)] }
}

extension ParameterGroup: Optimizable {
  /// Returns the list itself.
  public static func groups(_ list: [ParameterGroup]) -> [ParameterGroup] { list }
}

/// The parameters of an optimizer, in the order of its groups.
struct GroupedParameters<Element: DifferentiableScalar> {
  let parameters: [Tensor<Element>]
  /// The position of each parameter's group.
  let groupOf: [Int]
  private let sizes: [Int]

  /// Lists the parameters. One that has history, or is in two groups, is an error.
  init(
    _ groups: [ParameterGroup<Element>], of optimizer: StaticString, _ file: StaticString, _ line: UInt
  ) {
    parameters = groups.flatMap(\.parameters)
    sizes = groups.map(\.parameters.count)
    groupOf = groups.enumerated().flatMap { number, group in group.parameters.map { _ in number } }
    var earlier: [ObjectIdentifier: Int] = [:]
    for (number, parameter) in zip(groupOf, parameters) {
      check(
        parameter.isLeaf, "\(optimizer)",
        "a parameter has history (\(parameter.gradFunction?.name ?? "")); all must be leaves", file, line)
      let other = earlier.updateValue(number, forKey: ObjectIdentifier(parameter))
      check(
        other ?? number == number, "\(optimizer)",
        "a parameter of shape \(parameter.shape) is in more than one group", file, line)
    }
  }

  /// The parameters of each group.
  var lists: [[Tensor<Element>]] {
    var rest = parameters[...]
    return sizes.map { size in
      defer { rest = rest.dropFirst(size) }
      return Array(rest.prefix(size))
    }
  }
}
