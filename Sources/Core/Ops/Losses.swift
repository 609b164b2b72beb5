// Losses whose forward and backward are one loop each.

/// What a loss does with the losses of a batch.
public enum Reduction: Sendable {
  /// One loss for each row.
  case none
  /// Their sum.
  case sum
  /// Their mean over the rows.
  case mean
}

extension Tensor where Element: DifferentiableScalar {
  /// The cross-entropy of logits `[n, classes]` against the classes `[n]` that are right: for each row
  /// `log Σ exp(x) − x[label]`, finite for any finite logits.
  ///
  /// Shapes that do not fit are an error, and so is a label outside of 0 ..< classes.
  /// Derivative: `dx = (softmax(x) − onehot(label)) · g`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func crossEntropy(
    _ labels: Tensor<Int>, reduction: Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? labels.failure { return .failed(by: failure) }
    guard rank == 2, labels.rank == 1, shape[0] == labels.shape[0], shape[1] > 0 else {
      return .failed(
        "crossEntropy", "logits \(shape) and labels \(labels.shape); [n, classes] and [n] are expected", file,
        line)
    }
    let classes = shape[1]
    if let (least, most) = Tensor.bounds(labels), least < 0 || most >= classes {
      return .failed(
        "crossEntropy", "label \(least < 0 ? least : most) outside the \(classes) classes 0 ..< \(classes)",
        file, line)
    }
    let (losses, statistics) = crossEntropyRows(labels)
    let each = losses.recorded("CrossEntropy", self, saving: self, statistics) {
      [labels = Saved(labels)] g, x, statistics in
      guard labels.isIntact else {
        return .failed(
          "backward", "the labels of crossEntropy were changed in place afterwards; change a copy")
      }
      if !isRecording { return x.crossEntropyGradient(labels.tensor, statistics, g) }
      let right = labels.tensor.oneHot(classes, as: Element.self)
      return (x.softmax(axis: 1) - right) * g.expandedDims(axis: 1)
    }
    return each.reduced(reduction)
  }

  /// The cross-entropy H(P, Q) of the distributions Q that logits `[n, classes]` stand for against the
  /// distributions P of the same shape: for each row `−Σ p · log softmax(x)`. Another shape is an error.
  ///
  /// Derivatives: `dx = (Σp · softmax(x) − p) · g`, `dp = −g · log softmax(x)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func crossEntropy(
    _ target: Tensor, reduction: Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? target.failure { return .failed(by: failure) }
    guard rank == 2, target.shape == shape else {
      return .failed(
        "crossEntropy", "logits \(shape) and distributions \(target.shape); both [n, classes] are expected",
        file, line)
    }
    return (-(target * logSoftmax(axis: 1)).sum(axis: 1)).reduced(reduction)
  }

  /// The squared differences from a target of the same shape, reduced: `Σ (x − t)²`, over the count for a mean.
  ///
  /// Derivatives: `dx = 2 (x − t) · g`, over the count for a mean; `dt = −dx`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package func squaredError(_ target: Tensor, _ reduction: Reduction) -> Tensor {
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

  /// The losses of a batch themselves, their sum or their mean, as a reduction asks.
  public func reduced(_ reduction: Reduction) -> Tensor {
    switch reduction {
    case .none: self
    case .sum: sum()
    case .mean: mean()
    }
  }
}

extension Tensor where Element == Int {
  /// Rows that are 1 at the class named here and 0 elsewhere: `[n] → [n, classes]`.
  func oneHot<Target: NumericScalar>(_ classes: Int, as: Target.Type) -> Tensor<Target> {
    let columns = Tensor.ramp(classes, start: 0, step: 1).named("Arange")
    return Tensor<Target>(single: 1).where(columns .== expandedDims(axis: -1), else: 0)
  }
}
