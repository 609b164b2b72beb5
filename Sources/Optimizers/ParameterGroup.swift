public import MartletCore

/// Parameters of an optimizer that have settings of their own: `Adam([ParameterGroup(body), ParameterGroup(head,
/// learningRate: 1e-2)])`.
public struct ParameterGroup<Element: DifferentiableScalar> {
  /// The tensors.
  public let parameters: [Tensor<Element>]
  /// η, the size of a step; nil: the optimizer's.
  public var learningRate: Double?
  /// λ, the pull of the parameters towards 0; nil: the optimizer's.
  public var weightDecay: Double?
  /// μ, of SGD and RMSprop; nil: the optimizer's.
  public var momentum: Double?
  /// β₁ and β₂, where the optimizer has them; nil: the optimizer's.
  public var betas: (Double, Double)?
  /// ε, where the optimizer has one; nil: the optimizer's.
  public var epsilon: Double?

  /// A group with these settings; what is not given is the optimizer's.
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

  /// The optimizer's settings with those of the group put in.
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

/// What an optimizer is made of: a list of tensors, or of groups of them.
public protocol Optimizable {
  /// The type of the parameters' elements.
  associatedtype Scalar: DifferentiableScalar

  /// The groups that a list makes up.
  static func groups(_ list: [Self]) -> [ParameterGroup<Scalar>]
}

extension Tensor: Optimizable where Element: DifferentiableScalar {
  /// One group of all tensors.
  public static func groups(_ list: [Tensor]) -> [ParameterGroup<Element>] { [ParameterGroup(list)] }
}

extension ParameterGroup: Optimizable {
  /// The groups themselves.
  public static func groups(_ list: [ParameterGroup]) -> [ParameterGroup] { list }
}
