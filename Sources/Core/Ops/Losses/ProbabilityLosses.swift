// Binary cross-entropy and soft margin losses.

extension Tensor where Element: DifferentiableScalar {
  /// The cross-entropy of probabilities against targets of the same shape, from 0 to 1, reduced:
  /// `−w (t log x + (1 − t) log(1 − x))`. The logarithms are bounded below by −100.
  ///
  /// `weight` broadcasts to this shape. Another shape of the target is an error, and so are entries outside
  /// of 0...1. Derivatives: `dx = w (x − t) / max(x (1 − x), 10⁻¹²) · g`, `dt = w (log(1 − x) − log x) · g`.
  ///
  /// ```swift
  /// let probabilities = Tensor<Float>.normal([8]).sigmoid()
  /// let loss = probabilities.binaryCrossEntropy(Tensor<Float>([0, 1, 1, 0, 1, 0, 0, 1]))
  /// ```
  public func binaryCrossEntropy(
    _ target: Tensor, weight: Tensor? = nil, reduction: Reduction = .mean, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let operation = "binaryCrossEntropy"
    if let failure = misfit(operation, target, file, line) ?? weight?.failure { return .failed(by: failure) }
    for (name, x) in [("probability", self), ("target", target)] {
      if let place = (.!((x .>= 0) .& (x .<= 1))).firstPosition {
        return .failed(
          operation, "the \(name) at \(place.index) must be in 0...1, not \(x.scalars[place.number])", file,
          line)
      }
    }
    let value = noGrad {
      let hit = Tensor.maximum(log(), Tensor(single: -100)),
        miss = Tensor.maximum(logOfRest(), Tensor(single: -100))
      return (target - 1) * miss - target * hit
    }
    // PyTorch's bound 10⁻¹² is rounded to Float.
    let leastVariance = Element(1e-12 as Float)
    let losses = value.recorded(
      "BinaryCrossEntropy",
      edge(saving: self, target) { g, x, t in
        g * (x - t) / Tensor.maximum(x * (1 - x), Tensor(single: leastVariance))
      }, target.edge(saving: self, target) { g, x, _ in g * (x.logOfRest() - x.log()) })
    return weighted(losses, weight, operation, file, line).reduced(reduction)
  }

  /// The cross-entropy of the probabilities `σ(x)` of logits x against targets of the same shape, reduced:
  /// `w (q t log(1 + exp(−x)) + (1 − t) log(1 + exp(x)))`. The loss is finite for finite logits, and 0 for an
  /// infinite logit that is right. Its error is a few ulp, also where the loss is small.
  ///
  /// `weight` w and `positiveWeight` q, the weight of the positive class, broadcast to this shape. Another
  /// shape of the target is an error. Derivatives: `dx = w ((1 − t) σ(x) − q t (1 − σ(x))) · g`,
  /// `dt = w (q log(1 + exp(−x)) − log(1 + exp(x))) · g`.
  ///
  /// ```swift
  /// let logits = Tensor<Float>.normal([4]), target = Tensor<Float>([0, 1, 0, 0])
  /// let loss = logits.binaryCrossEntropyWithLogits(target, positiveWeight: Tensor<Float>([3]))
  /// ```
  public func binaryCrossEntropyWithLogits(
    _ target: Tensor, weight: Tensor? = nil, positiveWeight: Tensor? = nil, reduction: Reduction = .mean,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    logisticLosses("binaryCrossEntropyWithLogits", target, weight, positiveWeight, file, line)
      .reduced(reduction)
  }

  private func logisticLosses(
    _ operation: String, _ target: Tensor, _ weight: Tensor?, _ positiveWeight: Tensor?,
    _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if let failure = misfit(operation, target, file, line) ?? weight?.failure ?? positiveWeight?.failure {
      return .failed(by: failure)
    }
    var losses: Tensor
    if let positiveWeight {
      guard TensorShape.broadcast(positiveWeight.shape, shape) == shape else {
        return .failed(
          operation,
          "a positive weight of shape \(positiveWeight.shape) does not broadcast to logits of shape \(shape)",
          file, line)
      }
      losses = softplus(weighted: 1 - target) + (-self).softplus(weighted: target * positiveWeight.detached())
    } else {
      losses = Tensor.combined(.logisticLoss, self, target, name: "binaryCrossEntropyWithLogits").recorded(
        "BinaryCrossEntropyWithLogits", edge(saving: self, target) { g, x, t in g * x.logisticSlope(t) },
        target.edge(saving: self, target) { g, x, _ in -(g * x) })
    }
    return weighted(losses, weight, operation, file, line)
  }

  /// Returns `σ(x) − t` as `(1 − t) σ(x) − t σ(−x)`, in which nothing cancels where t is 0 or 1.
  private func logisticSlope(_ target: Tensor) -> Tensor {
    if !isRecording { return .combined(.logisticSlope, self, target, name: "binaryCrossEntropyWithLogits") }
    return (1 - target) * sigmoid() - target * (-self).sigmoid()
  }

  /// Returns `weight · log(1 + exp(x))`, also 0 at ∞ where the weight is 0.
  private func softplus(weighted weight: Tensor) -> Tensor {
    weight * softplus().where((self .!= .infinity) .| (weight .!= 0), else: 0)
  }

  /// Returns `log(1 − x)` without losing the digits of a small x. The quotient corrects the rounding of
  /// `u = 1 − x`.
  private func logOfRest() -> Tensor {
    let u = 1 - self, lost = 1 - u
    return (u.log() * (self / lost)).where(lost .!= 0, else: -self)
  }

  private func weighted(
    _ losses: Tensor, _ weight: Tensor?, _ operation: String, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    guard let weight else { return losses }
    guard TensorShape.broadcast(weight.shape, shape) == shape else {
      return .failed(
        operation,
        "weights of shape \(weight.shape) do not broadcast to a prediction of shape \(shape)", file,
        line)
    }
    return losses * weight.detached()
  }

  /// The soft margin loss of scores x against targets t, 1 or −1, of the same shape, reduced:
  /// `log(1 + exp(−t x))`. Another shape is an error. Derivative: `dx = −t σ(−t x) · g`.
  public func softMarginLoss(
    _ target: Tensor, reduction: Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = misfit("softMarginLoss", target, file, line) { return .failed(by: failure) }
    return (-(target * self)).softplus().reduced(reduction)
  }

  /// The multi-label loss of logits `[…, classes]` against targets of the same shape, 1 for the classes that
  /// apply and 0 for the others, reduced. The loss of a row is the mean of
  /// ``binaryCrossEntropyWithLogits(_:weight:positiveWeight:reduction:file:line:)`` over its classes.
  /// `weight` scales each class.
  ///
  /// Another shape is an error, and so are scalars. Derivative: `dx = w (σ(x) − t) / classes · g`.
  ///
  /// ```swift
  /// let logits = Tensor<Float>.normal([2, 3]), target = Tensor<Float>([[1, 0, 1], [0, 0, 1]])
  /// let loss = logits.multiLabelSoftMarginLoss(target, weight: Tensor<Float>([1, 1, 2]))
  /// ```
  public func multiLabelSoftMarginLoss(
    _ target: Tensor, weight: Tensor? = nil, reduction: Reduction = .mean, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    guard isFailed || rank > 0 else {
      return .failed(
        "multiLabelSoftMarginLoss", "scalars have no classes; the shape must be [n, classes]", file, line)
    }
    let losses = logisticLosses("multiLabelSoftMarginLoss", target, weight, nil, file, line)
    return losses.isFailed ? losses : losses.mean(axis: -1).reduced(reduction)
  }
}
