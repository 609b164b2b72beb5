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
  /// μ, the momentum of SGD and RMSprop; nil stands for the optimizer's.
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
