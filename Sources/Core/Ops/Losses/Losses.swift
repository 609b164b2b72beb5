// Losses that compare predictions with targets of the same shape.

/// The reduction of the losses of a batch.
///
/// ```swift
/// let prediction = Tensor<Float>([1, 2]), target = Tensor<Float>([1, 4])
/// prediction.squaredError(target)                    // 2
/// prediction.squaredError(target, reduction: .sum)   // 4
/// prediction.squaredError(target, reduction: .none)  // [0, 4]
/// ```
public enum Reduction: Sendable {
  /// No reduction: one loss for each element, row or pair.
  case none
  /// The sum of the losses.
  case sum
  /// The mean of the losses.
  case mean
}

extension Tensor where Element: DifferentiableScalar {
  /// The squared error `Σ (x − t)²`, reduced; the mean divides it by the count. A target of another shape is
  /// an error.
  ///
  /// Derivatives: `dx = 2 (x − t) · g`, divided by the count for a mean; `dt = −dx`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func squaredError(
    _ target: Tensor, reduction: Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = misfit("squaredError", target, file, line) { return .failed(by: failure) }
    if reduction == .none {
      let difference = self - target
      return difference * difference
    }
    let n = reduction == .mean ? Element(count) : 1
    let value = noGrad {
      let difference = self - target
      if difference.isFailed { return difference }
      difference.combine(.multiply, with: difference)
      let total = difference.sum()
      return reduction == .mean ? total / n : total
    }
    return value.recorded(
      "SquaredError",
      edge(saving: self, target) { g, x, t in
        isRecording ? (x - t) * (2 / n * g) : x.difference(t, times: 2 / n, g)
      },
      target.edge(saving: self, target) { g, x, t in
        isRecording ? (t - x) * (2 / n * g) : t.difference(x, times: 2 / n, g)
      })
  }

  /// Returns `(this − other) · factor · gradient`, where the gradient is a scalar. Nothing is recorded.
  private func difference(_ other: Tensor, times factor: Element, _ gradient: Tensor) -> Tensor {
    let difference = self - other
    if !difference.isFailed {
      difference.combine(.multiply, with: Tensor(single: factor * gradient.firstScalar))
    }
    return difference
  }

  /// The failure if a target, or another tensor that belongs to it, does not have this shape; otherwise nil.
  /// With `broadcasts` it is enough that the shapes broadcast.
  func misfit(
    _ operation: String, _ target: Tensor, _ file: StaticString, _ line: UInt, name: String = "target",
    broadcasts: Bool = false
  ) -> Failure? {
    if let failure = failure ?? target.failure { return failure }
    if target.shape == shape { return nil }
    if broadcasts, TensorShape.broadcast(shape, target.shape) != nil { return nil }
    let wanted = broadcasts ? "broadcast" : "be equal"
    return mistake(
      operation,
      "a prediction of shape \(shape) does not fit a \(name) of shape \(target.shape); the shapes must \(wanted)",
      file, line)
  }

  /// The absolute error `|x − t|`, reduced. A target of another shape is an error.
  ///
  /// Derivatives: `dx = sign(x − t) · g`, `dt = −dx`.
  public func absoluteError(
    _ target: Tensor, reduction: Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = misfit("absoluteError", target, file, line) { return .failed(by: failure) }
    return (self - target).abs().reduced(reduction)
  }

  /// The Huber loss (1964, DOI 10.1214/aoms/1177703732), reduced. For a difference `d = x − t` up to delta
  /// the loss is `d² / 2`, beyond delta it is `delta · (|d| − delta / 2)`.
  ///
  /// A target of another shape is an error, and so is a delta that is not above 0. Derivatives: `dx = d · g`
  /// up to delta, `delta · sign(d) · g` beyond; `dt = −dx`.
  ///
  /// ```swift
  /// let prediction = Tensor<Float>([1, 5]), target = Tensor<Float>([2, 1])
  /// let loss = prediction.huberLoss(target, delta: 2)  // (0.5 + 6) / 2 = 3.25
  /// ```
  public func huberLoss(
    _ target: Tensor, delta: Element = 1, reduction: Reduction = .mean, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    if let failure = misfit("huberLoss", target, file, line) { return .failed(by: failure) }
    guard delta > 0 else {
      return .failed("huberLoss", "delta must be above 0, not \(delta)", file, line)
    }
    let size = (self - target).abs(), near = size.clamped(0...delta)
    return (near * (size - near / 2)).reduced(reduction)
  }

  /// The smooth L1 loss (Girshick 2015, arXiv:1504.08083), reduced. For a difference `d = x − t` below beta
  /// the loss is `d² / (2 beta)`, beyond beta it is `|d| − beta / 2`; with beta 0 it is `|d|`.
  ///
  /// A target of another shape is an error, and so is a beta below 0. Derivatives: `dx = d / beta · g` below
  /// beta, `sign(d) · g` beyond; `dt = −dx`.
  ///
  /// ```swift
  /// let prediction = Tensor<Float>([1, 5]), target = Tensor<Float>([2, 1])
  /// let loss = prediction.smoothL1Loss(target, beta: 2)  // (0.25 + 3) / 2 = 1.625
  /// ```
  public func smoothL1Loss(
    _ target: Tensor, beta: Element = 1, reduction: Reduction = .mean, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    if let failure = misfit("smoothL1Loss", target, file, line) { return .failed(by: failure) }
    guard beta >= 0 else {
      return .failed("smoothL1Loss", "beta must be at least 0, not \(beta)", file, line)
    }
    if beta == 0 { return absoluteError(target, reduction: reduction, file: file, line: line) }
    return huberLoss(target, delta: beta, reduction: reduction, file: file, line: line) / beta
  }

  /// The Kullback–Leibler divergence between target distributions and the distributions whose logarithms this
  /// tensor contains (Kullback & Leibler 1951, DOI 10.1214/aoms/1177729694), reduced. The loss of an element
  /// is `t · (log t − x)`, or 0 if t is 0.
  ///
  /// With `logTarget` the target contains logarithms too, and the loss of an element is `exp(t) · (t − x)`. A
  /// target of another shape is an error. The mean is over all elements. The mean over n rows is
  /// `klDivergence(target, reduction: .sum) / n`. Derivatives for a target of probabilities: `dx = −t · g`,
  /// `dt = (log t + 1 − x) · g`.
  ///
  /// ```swift
  /// let logits = Tensor<Float>.normal([8, 10]), target = Tensor<Float>.normal([8, 10]).softmax(axis: 1)
  /// let loss = logits.logSoftmax(axis: 1).klDivergence(target, reduction: .sum) / 8
  /// ```
  public func klDivergence(
    _ target: Tensor, logTarget: Bool = false, reduction: Reduction = .mean, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    if let failure = misfit("klDivergence", target, file, line) { return .failed(by: failure) }
    if logTarget { return (target.exp() * (target - self)).reduced(reduction) }
    let known = target.where(target .!= 0, else: 1)
    return (target * (known.log() - self)).reduced(reduction)
  }

  /// The negative log-likelihood of counts under Poisson distributions, reduced.
  ///
  /// This tensor contains the logarithms of the rates, and the loss is `exp(x) − t · x`. With `logInput`
  /// false it contains the rates, and the loss is `x − t · log(x + epsilon)`. `isFull` adds Stirling's
  /// approximation of `log t!`, `t log t − t + log(2πt) / 2`, where t is above 1. A target of another shape
  /// is an error.
  ///
  /// Derivatives: `dx = (exp(x) − t) · g`, or `(1 − t / (x + epsilon)) · g`.
  ///
  /// ```swift
  /// let logRates = Tensor<Float>.normal([4]), counts = Tensor<Float>([0, 3, 1, 7])
  /// let loss = logRates.poissonNegativeLogLikelihood(counts)
  /// ```
  public func poissonNegativeLogLikelihood(
    _ target: Tensor, logInput: Bool = true, isFull: Bool = false, epsilon: Element = 1e-8,
    reduction: Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = misfit("poissonNegativeLogLikelihood", target, file, line) {
      return .failed(by: failure)
    }
    var loss = logInput ? exp() - target * self : self - target * (self + epsilon).log()
    if isFull {
      let isLarge = target > 1, t = target.where(isLarge, else: 1)
      loss = loss + (t * t.log() - t + (t * (2 * .pi)).log() / 2).where(isLarge, else: 0)
    }
    return loss.reduced(reduction)
  }

  /// The negative log-likelihood of targets under normal distributions whose means this tensor contains (Nix
  /// & Weigend 1994, DOI 10.1109/ICNN.1994.374138), reduced. The loss is `(log v + (x − t)² / v) / 2`, where
  /// v is the variance, at least `epsilon`. `isFull` adds `log(2π) / 2`.
  ///
  /// The variance has this shape, 1 in place of its last extent, or this shape without the last axis. The
  /// target broadcasts. Other shapes are an error, and so is a variance below 0. Derivatives:
  /// `dx = (x − t) / v · g`, `dv = (1 − (x − t)² / v) / (2v) · g`.
  ///
  /// ```swift
  /// let mean = Tensor<Float>.normal([32, 1]), variance = Tensor<Float>.normal([32, 1]).exp()
  /// let target = Tensor<Float>.normal([32, 1])
  /// let loss = mean.gaussianNegativeLogLikelihood(target, variance: variance)
  /// ```
  public func gaussianNegativeLogLikelihood(
    _ target: Tensor, variance: Tensor, isFull: Bool = false, epsilon: Element = 1e-6,
    reduction: Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let operation = "gaussianNegativeLogLikelihood"
    if let failure = misfit(operation, target, file, line, broadcasts: true) ?? variance.failure {
      return .failed(by: failure)
    }
    let isShared = rank > 0 && variance.shape == TensorShape(shape.dropLast())
    let spread = isShared ? variance.expandedDims(axis: -1) : variance
    guard spread.rank == rank, spread.shape.dropLast().elementsEqual(shape.dropLast()),
      rank == 0 || spread.shape[-1] == shape[-1] || spread.shape[-1] == 1
    else {
      return .failed(
        operation,
        "a prediction of shape \(shape) and a variance of shape \(variance.shape) do not match; the variance must have the same shape, 1 along the last axis, or no last axis",
        file, line)
    }
    if let place = (variance .< 0).firstPosition {
      return .failed(
        operation, "the variance at \(place.index) must be at least 0, not \(variance.scalars[place.number])",
        file, line)
    }
    // The gradient passes through the bound, as in PyTorch.
    let v = spread + (Tensor.maximum(spread, .full([], epsilon)) - spread).detached(), d = self - target
    let loss = (v.log() + d * d / v) / 2
    return (isFull ? loss + 0.918938533204672742 : loss).reduced(reduction)
  }

  /// Returns the losses of a batch, their sum or their mean, as the reduction says.
  public func reduced(_ reduction: Reduction) -> Tensor {
    switch reduction {
    case .none: self
    case .sum: sum()
    case .mean: mean()
    }
  }
}
