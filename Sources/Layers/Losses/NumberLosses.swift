public import MartletCore

// Losses as structs. Each stores the loss's options and is called with a prediction and a target. The
// operation that a struct's comment links to documents formulas, shapes, errors and derivatives.

/// The absolute difference as a loss, reduced, as ``Tensor/absoluteError(_:reduction:file:line:)`` computes
/// it.
///
/// ```swift
/// let prediction = Tensor<Float>([0.5, 2, -1]), target = Tensor<Float>([0, 2, 3])
/// let loss = L1Loss()(prediction, target)  // 1.5
/// ```
public struct L1Loss: Sendable {
  /// The reduction of the losses: mean, sum or none.
  public let reduction: Reduction

  /// Creates a loss. The default reduction is the mean.
  public init(reduction: Reduction = .mean) {
    self.reduction = reduction
  }

  /// Returns the loss of a prediction against a target, for `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    prediction.absoluteError(target, reduction: reduction, file: file, line: line)
  }
}

/// Huber's loss, reduced, as ``Tensor/huberLoss(_:delta:reduction:file:line:)`` computes it.
///
/// ```swift
/// let prediction = Tensor<Float>([0.5, 2, -1]), target = Tensor<Float>([0, 2, 3])
/// let loss = HuberLoss(delta: 1)(prediction, target)
/// ```
public struct HuberLoss: Sendable {
  /// The difference at which the loss turns from quadratic to linear.
  public let delta: Double
  /// The reduction of the losses: mean, sum or none.
  public let reduction: Reduction

  /// Creates a loss. The default reduction is the mean.
  public init(delta: Double = 1, reduction: Reduction = .mean) {
    self.delta = delta
    self.reduction = reduction
  }

  /// Returns the loss of a prediction against a target, for `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    prediction.huberLoss(target, delta: Element(delta), reduction: reduction, file: file, line: line)
  }
}

/// The smooth L1 loss, reduced, as ``Tensor/smoothL1Loss(_:beta:reduction:file:line:)`` computes it.
///
/// ```swift
/// let prediction = Tensor<Float>([0.5, 2, -1]), target = Tensor<Float>([0, 2, 3])
/// let loss = SmoothL1Loss(beta: 0.5)(prediction, target)
/// ```
public struct SmoothL1Loss: Sendable {
  /// The difference at which the loss turns from quadratic to linear.
  public let beta: Double
  /// The reduction of the losses: mean, sum or none.
  public let reduction: Reduction

  /// Creates a loss. The default reduction is the mean.
  public init(beta: Double = 1, reduction: Reduction = .mean) {
    self.beta = beta
    self.reduction = reduction
  }

  /// Returns the loss of a prediction against a target, for `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    prediction.smoothL1Loss(target, beta: Element(beta), reduction: reduction, file: file, line: line)
  }
}

/// The Kullback–Leibler divergence of log-probabilities from target distributions, reduced, as
/// ``Tensor/klDivergence(_:logTarget:reduction:file:line:)`` computes it.
///
/// ```swift
/// let student = Tensor<Float>.normal([4, 3]).logSoftmax(axis: -1)
/// let teacher = Tensor<Float>.normal([4, 3]).softmax(axis: -1)
/// let loss = KLDivLoss(reduction: .sum)(student, teacher) / 4
/// ```
public struct KLDivLoss: Sendable {
  /// True if the targets are logarithms too.
  public let logTarget: Bool
  /// The reduction of the losses: mean, sum or none.
  public let reduction: Reduction

  /// Creates a loss. The default reduction is the mean.
  public init(logTarget: Bool = false, reduction: Reduction = .mean) {
    self.logTarget = logTarget
    self.reduction = reduction
  }

  /// Returns the loss of a prediction against a target, for `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    prediction.klDivergence(target, logTarget: logTarget, reduction: reduction, file: file, line: line)
  }
}

/// The negative log-likelihood of counts under Poisson distributions, reduced, as
/// ``Tensor/poissonNegativeLogLikelihood(_:logInput:isFull:epsilon:reduction:file:line:)`` computes it.
///
/// ```swift
/// let logRates = Tensor<Float>.normal([4])
/// let loss = PoissonNLLLoss()(logRates, Tensor<Float>([2, 0, 1, 5]))
/// ```
public struct PoissonNLLLoss: Sendable {
  /// True if the predictions are logarithms of rates.
  public let logInput: Bool
  /// True if Stirling's approximation of `log t!` is added.
  public let isFull: Bool
  /// The number that is added to a rate before its logarithm is taken.
  public let epsilon: Double
  /// The reduction of the losses: mean, sum or none.
  public let reduction: Reduction

  /// Creates a loss. The default reduction is the mean.
  public init(
    logInput: Bool = true, isFull: Bool = false, epsilon: Double = 1e-8, reduction: Reduction = .mean
  ) {
    self.logInput = logInput
    self.isFull = isFull
    self.epsilon = epsilon
    self.reduction = reduction
  }

  /// Returns the loss of a prediction against a target, for `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    prediction.poissonNegativeLogLikelihood(
      target, logInput: logInput, isFull: isFull, epsilon: Element(epsilon), reduction: reduction, file: file,
      line: line)
  }
}

/// The negative log-likelihood of numbers under normal distributions, reduced, as
/// ``Tensor/gaussianNegativeLogLikelihood(_:variance:isFull:epsilon:reduction:file:line:)`` computes it.
///
/// ```swift
/// let mean = Tensor<Float>.normal([4, 2]), target = Tensor<Float>.normal([4, 2])
/// let loss = GaussianNLLLoss(isFull: true)(mean, target, variance: .ones([4, 2]))
/// ```
public struct GaussianNLLLoss: Sendable {
  /// True if the constant `log(2π) / 2` is added.
  public let isFull: Bool
  /// The lower limit of the variance.
  public let epsilon: Double
  /// The reduction of the losses: mean, sum or none.
  public let reduction: Reduction

  /// Creates a loss. The default reduction is the mean.
  public init(isFull: Bool = false, epsilon: Double = 1e-6, reduction: Reduction = .mean) {
    self.isFull = isFull
    self.epsilon = epsilon
    self.reduction = reduction
  }

  /// Returns the loss of a predicted mean and variance against a target, for `Float` or `Double`.
  ///
  /// ```swift
  /// let hidden = Tensor<Float>.normal([4, 8]), target = Tensor<Float>.normal([4, 2])
  /// let mean = Linear(8, 2)(hidden), variance = Linear(8, 2)(hidden).exp()
  /// let loss = GaussianNLLLoss()(mean, target, variance: variance)
  /// ```
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
