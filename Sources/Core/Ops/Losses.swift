// Losses of predictions against numbers of the same shape.

/// What a loss does with the losses of a batch.
public enum Reduction: Sendable {
  /// A loss for each element, row or pair.
  case none
  /// Their sum.
  case sum
  /// Their mean.
  case mean
}

extension Tensor where Element: DifferentiableScalar {
  /// The squared differences from a target, reduced: `Σ (x − t)²`, over the count for a mean. Another shape is an error.
  ///
  /// Derivatives: `dx = 2 (x − t) · g`, over the count for a mean; `dt = −dx`.
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
      self, saving: self, target,
      { g, x, t in isRecording ? (x - t) * (2 / n * g) : x.difference(t, times: 2 / n, g) },
      target, saving: self, target,
      { g, x, t in isRecording ? (t - x) * (2 / n * g) : t.difference(x, times: 2 / n, g) })
  }

  /// (this − other) · factor · gradient for a gradient that is a scalar; unrecorded.
  private func difference(_ other: Tensor, times factor: Element, _ gradient: Tensor) -> Tensor {
    let difference = self - other
    if !difference.isFailed {
      difference.combine(.multiply, with: Tensor(single: factor * gradient.firstScalar))
    }
    return difference
  }

  /// The fault of a target, or of another tensor that belongs to it: each has this shape, or broadcasts to it.
  func misfit(
    _ operation: String, _ target: Tensor, _ file: StaticString, _ line: UInt, name: String = "target",
    broadcasts: Bool = false
  ) -> Failure? {
    if let failure = failure ?? target.failure { return failure }
    if target.shape == shape { return nil }
    if broadcasts, TensorShape.broadcast(shape, target.shape) != nil { return nil }
    let wanted = broadcasts ? "shapes that broadcast" : "equal shapes"
    return mistake(
      operation,
      "a prediction of shape \(shape) and a \(name) of shape \(target.shape); \(wanted) are expected",
      file, line)
  }

  /// The magnitudes of the differences from a target, `|x − t|`, reduced. Another shape is an error.
  ///
  /// Derivatives: `dx = sign(x − t) · g`, `dt = −dx`.
  public func absoluteError(
    _ target: Tensor, reduction: Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = misfit("absoluteError", target, file, line) { return .failed(by: failure) }
    return (self - target).abs().reduced(reduction)
  }

  /// Huber's loss (1964, DOI 10.1214/aoms/1177703732), reduced: `d² / 2` of a difference `d = x − t` up to delta,
  /// `delta · (|d| − delta / 2)` beyond. Another shape, and a delta that is not above 0, are an error.
  ///
  /// Derivatives: `dx = d · g` up to delta, `delta · sign(d) · g` beyond; `dt = −dx`.
  public func huberLoss(
    _ target: Tensor, delta: Element = 1, reduction: Reduction = .mean, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    if let failure = misfit("huberLoss", target, file, line) { return .failed(by: failure) }
    guard delta > 0 else {
      return .failed("huberLoss", "delta \(delta); a number above 0 is expected", file, line)
    }
    let size = (self - target).abs(), near = size.clamped(0...delta)
    return (near * (size - near / 2)).reduced(reduction)
  }

  /// The smooth L1 loss (Girshick 2015, arXiv:1504.08083), reduced: `d² / (2 beta)` of a difference `d = x − t` below
  /// beta, `|d| − beta / 2` beyond; with beta 0 `|d|`. Another shape, and a beta below 0, are an error.
  ///
  /// Derivatives: `dx = d / beta · g` below beta, `sign(d) · g` beyond; `dt = −dx`.
  public func smoothL1Loss(
    _ target: Tensor, beta: Element = 1, reduction: Reduction = .mean, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    if let failure = misfit("smoothL1Loss", target, file, line) { return .failed(by: failure) }
    guard beta >= 0 else {
      return .failed("smoothL1Loss", "beta \(beta); a number of at least 0 is expected", file, line)
    }
    if beta == 0 { return absoluteError(target, reduction: reduction, file: file, line: line) }
    return huberLoss(target, delta: beta, reduction: reduction, file: file, line: line) / beta
  }

  /// The divergence of the distributions whose logarithms this is from target distributions (Kullback & Leibler 1951,
  /// DOI 10.1214/aoms/1177729694), for each element `t · (log t − x)`, 0 where t is 0, reduced; `logTarget` says that
  /// the target is given by its logarithms too. Another shape is an error.
  ///
  /// The mean is over all elements; over n rows it is `klDivergence(target, reduction: .sum) / n`.
  /// Derivatives: `dx = −t · g`, `dt = (log t + 1 − x) · g`.
  public func klDivergence(
    _ target: Tensor, logTarget: Bool = false, reduction: Reduction = .mean, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    if let failure = misfit("klDivergence", target, file, line) { return .failed(by: failure) }
    if logTarget { return (target.exp() * (target - self)).reduced(reduction) }
    let known = target.where(target .!= 0, else: 1)
    return (target * (known.log() - self)).reduced(reduction)
  }

  /// The negative log-likelihood of counts under Poisson distributions, reduced: of rates given by their logarithms
  /// `exp(x) − t · x`, else `x − t · log(x + epsilon)`; `isFull` adds Stirling's approximation of `log t!`,
  /// `t log t − t + log(2πt) / 2`, where t is above 1. Another shape is an error.
  ///
  /// Derivatives: `dx = (exp(x) − t) · g`, or `(1 − t / (x + epsilon)) · g`.
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

  /// The negative log-likelihood of numbers under normal distributions with this mean (Nix & Weigend 1994,
  /// DOI 10.1109/ICNN.1994.374138), reduced: `(log v + (x − t)² / v) / 2` with the variance v, `epsilon` at least;
  /// `isFull` adds `log(2π) / 2`.
  ///
  /// The variance is of this shape, or 1 along the last axis or without it; the target broadcasts. Other shapes are an
  /// error, and so is a variance below 0. Derivatives: `dx = (x − t) / v · g`, `dv = (1 − (x − t)² / v) / (2v) · g`.
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
        "a prediction of shape \(shape) and a variance of shape \(variance.shape); the same, 1 along the last axis or without it",
        file, line)
    }
    if let place = (variance .< 0).firstPlace {
      return .failed(
        operation, "variance \(variance.scalars[place.number]) at \(place.index); at least 0 is expected",
        file, line)
    }
    // The gradient passes the bound, as PyTorch lets it.
    let v = spread + (Tensor.maximum(spread, .full([], epsilon)) - spread).detached(), d = self - target
    let loss = (v.log() + d * d / v) / 2
    return (isFull ? loss + 0.918938533204672742 : loss).reduced(reduction)
  }

  /// The losses of a batch themselves, their sum or their mean, as a reduction asks.
  public func reduced(_ reduction: Reduction) -> Tensor {
    switch reduction {
    case .none: self
    case .sum: sum()
    case .mean: mean()
    }
  }
}
