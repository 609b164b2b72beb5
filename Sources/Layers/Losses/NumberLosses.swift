public import MartletCore

// Losses as values: what they are made with, to be called with a prediction and a target. The operations of
// their names say formulas, shapes, errors and derivatives.

/// The magnitudes of differences, reduced, as ``Tensor/absoluteError(_:reduction:file:line:)``.
public struct L1Loss: Sendable {
  /// What is done with the losses.
  public let reduction: Reduction

  /// A loss whose default reduction is the mean.
  public init(reduction: Reduction = .mean) {
    self.reduction = reduction
  }

  /// The loss, of `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    prediction.absoluteError(target, reduction: reduction, file: file, line: line)
  }
}

/// Huber's loss, reduced, as ``Tensor/huberLoss(_:delta:reduction:file:line:)``.
public struct HuberLoss: Sendable {
  /// Where squares end.
  public let delta: Double
  /// What is done with the losses.
  public let reduction: Reduction

  /// A loss whose default reduction is the mean.
  public init(delta: Double = 1, reduction: Reduction = .mean) {
    self.delta = delta
    self.reduction = reduction
  }

  /// The loss, of `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    prediction.huberLoss(target, delta: Element(delta), reduction: reduction, file: file, line: line)
  }
}

/// The smooth L1 loss, reduced, as ``Tensor/smoothL1Loss(_:beta:reduction:file:line:)``.
public struct SmoothL1Loss: Sendable {
  /// Where squares end.
  public let beta: Double
  /// What is done with the losses.
  public let reduction: Reduction

  /// A loss whose default reduction is the mean.
  public init(beta: Double = 1, reduction: Reduction = .mean) {
    self.beta = beta
    self.reduction = reduction
  }

  /// The loss, of `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    prediction.smoothL1Loss(target, beta: Element(beta), reduction: reduction, file: file, line: line)
  }
}

/// The divergence of log-probabilities from distributions, reduced, as ``Tensor/klDivergence(_:logTarget:reduction:file:line:)``.
public struct KLDivLoss: Sendable {
  /// Whether targets are logarithms too.
  public let logTarget: Bool
  /// What is done with the losses.
  public let reduction: Reduction

  /// A loss whose default reduction is the mean.
  public init(logTarget: Bool = false, reduction: Reduction = .mean) {
    self.logTarget = logTarget
    self.reduction = reduction
  }

  /// The loss, of `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    prediction.klDivergence(target, logTarget: logTarget, reduction: reduction, file: file, line: line)
  }
}

/// The negative log-likelihood of counts, reduced, as ``Tensor/poissonNegativeLogLikelihood(_:logInput:isFull:epsilon:reduction:file:line:)``.
public struct PoissonNLLLoss: Sendable {
  /// Whether rates are given by their logarithms.
  public let logInput: Bool
  /// Whether Stirling's term is added.
  public let isFull: Bool
  /// What is added to a rate below the logarithm.
  public let epsilon: Double
  /// What is done with the losses.
  public let reduction: Reduction

  /// A loss whose default reduction is the mean.
  public init(
    logInput: Bool = true, isFull: Bool = false, epsilon: Double = 1e-8, reduction: Reduction = .mean
  ) {
    self.logInput = logInput
    self.isFull = isFull
    self.epsilon = epsilon
    self.reduction = reduction
  }

  /// The loss, of `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    prediction.poissonNegativeLogLikelihood(
      target, logInput: logInput, isFull: isFull, epsilon: Element(epsilon), reduction: reduction, file: file,
      line: line)
  }
}

/// The negative log-likelihood of numbers under normal distributions, reduced, as ``Tensor/gaussianNegativeLogLikelihood(_:variance:isFull:epsilon:reduction:file:line:)``.
public struct GaussianNLLLoss: Sendable {
  /// Whether the constant is added.
  public let isFull: Bool
  /// The least variance.
  public let epsilon: Double
  /// What is done with the losses.
  public let reduction: Reduction

  /// A loss whose default reduction is the mean.
  public init(isFull: Bool = false, epsilon: Double = 1e-6, reduction: Reduction = .mean) {
    self.isFull = isFull
    self.epsilon = epsilon
    self.reduction = reduction
  }

  /// The loss, of `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ mean: Tensor<Element>, _ target: Tensor<Element>, variance: Tensor<Element>,
    file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    mean.gaussianNegativeLogLikelihood(
      target, variance: variance, isFull: isFull, epsilon: Element(epsilon), reduction: reduction, file: file,
      line: line)
  }
}
