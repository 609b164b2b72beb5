// Losses that compare scores of classes with the right classes.

extension Tensor where Element: DifferentiableScalar {
  /// The cross-entropy of logits `[n, classes]` and the right classes `[n]`. The loss of each row is
  /// `log Σ exp(x) − x[label]`, which is finite for finite logits.
  ///
  /// Logits `[n, classes, …]` with labels `[n, …]`, and `[classes]` with `[]`, are possible too. `weight`
  /// `[classes]` scales the loss of each class. A label equal to `ignoredIndex` has the loss 0; its logits
  /// have no effect, even if they are NaN, and their gradient is 0. `labelSmoothing` ε takes a share ε from
  /// the label and spreads it evenly over all classes (Szegedy et al. 2016, arXiv:1512.00567). The mean is
  /// the sum of the losses, divided by the sum of the weights of the labels that are not ignored. It is NaN
  /// if all labels are ignored.
  ///
  /// Shapes that do not fit are an error, and so are a label outside 0 ..< classes and a smoothing outside
  /// 0...1.
  /// Derivative: `dx = (softmax(x) − onehot(label)) · g`.
  ///
  /// ```swift
  /// let logits = Tensor<Float>.normal([3, 10])
  /// let labels = Tensor<Int>([7, 0, 2])
  /// let loss = logits.crossEntropy(labels, labelSmoothing: 0.1)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func crossEntropy(
    _ labels: Tensor<Int>, weight: Tensor? = nil, ignoredIndex: Int? = nil, labelSmoothing: Element = 0,
    reduction: Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if rank == 2, weight == nil, ignoredIndex == nil, labelSmoothing == 0 {
      if let failure = misfit("crossEntropy", labels, nil, nil, file, line) { return .failed(by: failure) }
      return rowCrossEntropy(labels).reduced(reduction)
    }
    if let failure = misfit("crossEntropy", labels, weight, ignoredIndex, file, line)
      ?? smoothingFault(labelSmoothing, file, line)
    {
      return .failed(by: failure)
    }
    let rows = classRows, picks = ClassLabels(labels, weight, ignoredIndex, as: Element.self)
    var losses = rows.rowCrossEntropy(picks.labels) * picks.weights
    if labelSmoothing > 0 {
      // Ignored rows are replaced before the computation, because 0 times NaN is NaN.
      let counted = rows.where(picks.count.expandedDims(axis: 1), else: 0)
      let scores = counted.logSoftmax(axis: 1), all = weight.map { scores * $0.detached() } ?? scores
      let spread = (-all.mean(axis: 1)).where(picks.count, else: 0)
      losses = losses * (1 - labelSmoothing) + spread * labelSmoothing
    }
    return picks.reduced(losses, reduction, labels.shape)
  }

  /// The negative log-likelihood of the right classes `[n]` under log-probabilities `[n, classes]`. The loss
  /// of each row is `−x[label]`.
  ///
  /// Log-probabilities `[n, classes, …]` with labels `[n, …]`, and `[classes]` with `[]`, are possible too.
  /// Weights and ignored labels are those of
  /// ``crossEntropy(_:weight:ignoredIndex:labelSmoothing:reduction:file:line:)``, which equals this loss of
  /// `logSoftmax`. Shapes that do not fit are an error, and so is a label outside 0 ..< classes.
  /// Derivative: `dx = −g` at the labels, else 0.
  ///
  /// ```swift
  /// let scores = Tensor<Float>.normal([3, 10]).logSoftmax(axis: 1)
  /// let labels = Tensor<Int>([7, 0, 2])
  /// let loss = scores.negativeLogLikelihood(labels, ignoredIndex: 0)
  /// ```
  public func negativeLogLikelihood(
    _ labels: Tensor<Int>, weight: Tensor? = nil, ignoredIndex: Int? = nil, reduction: Reduction = .mean,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = misfit("negativeLogLikelihood", labels, weight, ignoredIndex, file, line) {
      return .failed(by: failure)
    }
    let rows = classRows, picks = ClassLabels(labels, weight, ignoredIndex, as: Element.self)
    return picks.reduced(-rows.chosen(picks.labels) * picks.weights, reduction, labels.shape)
  }

  /// The cross-entropy H(P, Q) of logits `[n, classes]`, whose softmax is Q, and distributions P of the same
  /// shape. The loss of each row is `−Σ p · log softmax(x)`.
  ///
  /// Shapes `[n, classes, …]` and `[classes]` are possible too. `weight` and `labelSmoothing` are those of
  /// ``crossEntropy(_:weight:ignoredIndex:labelSmoothing:reduction:file:line:)``. The mean is over the rows.
  /// Different shapes are an error, and so are weights that are not `[classes]` and a smoothing outside
  /// 0...1.
  ///
  /// Derivatives: `dx = (Σp · softmax(x) − p) · g`, `dp = −g · log softmax(x)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func crossEntropy(
    _ target: Tensor, weight: Tensor? = nil, labelSmoothing: Element = 0, reduction: Reduction = .mean,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? target.failure ?? weight?.failure { return .failed(by: failure) }
    guard rank > 0, target.shape == shape else {
      return .failed(
        "crossEntropy",
        "logits \(shape) and distributions \(target.shape) do not match; both must be [n, classes]",
        file, line)
    }
    let axis = rank == 1 ? 0 : 1, classes = shape[axis]
    if let failure = weightFault("crossEntropy", weight, classes, file, line)
      ?? smoothingFault(labelSmoothing, file, line)
    {
      return .failed(by: failure)
    }
    var p = target, scores = logSoftmax(axis: axis)
    if labelSmoothing > 0 { p = p * (1 - labelSmoothing) + labelSmoothing / Element(Swift.max(classes, 1)) }
    if let weight {
      scores =
        scores
        * weight.detached().reshaped(TensorShape([classes] + Array(repeating: 1, count: rank - axis - 1)))
    }
    return (-(p * scores).sum(axis: axis)).reduced(reduction)
  }

  /// The multi-class margin loss of scores `[n, classes]` and labels `[n]` (Crammer & Singer 2001, JMLR
  /// 2:265–292). It penalises other classes whose scores come within the margin of the label's score. The
  /// loss of each row is `Σ max(margin − x[label] + x[i], 0)ᵖ / classes` over the other classes i.
  ///
  /// Scores `[classes]` with a label `[]` are possible too. `weight` `[classes]` scales the losses of each
  /// label. Shapes that do not fit are an error, and so are a label outside 0 ..< classes and a power that is
  /// not 1 or 2.
  /// Derivative: `dx[i] = p · max(…)ᵖ⁻¹ / classes · g` for the other classes; at the label it is minus their
  /// sum.
  ///
  /// ```swift
  /// let scores = Tensor<Float>.normal([3, 10])
  /// let loss = scores.multiMarginLoss(Tensor<Int>([7, 0, 2]), power: 2)
  /// ```
  public func multiMarginLoss(
    _ labels: Tensor<Int>, power: Int = 1, margin: Element = 1, weight: Tensor? = nil,
    reduction: Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = misfit("multiMarginLoss", labels, weight, nil, file, line) {
      return .failed(by: failure)
    }
    guard rank <= 2, power == 1 || power == 2 else {
      return .failed(
        "multiMarginLoss",
        "scores \(shape) and power \(power) do not fit; they must be [n, classes] and 1 or 2",
        file, line)
    }
    let rows = classRows, picks = ClassLabels(labels, weight, nil, as: Element.self)
    let others = (rows - rows.chosen(picks.labels).expandedDims(axis: 1) + margin).relu()
      .where(.!picks.labels.isClass(of: rows.shape[1]), else: 0)
    let losses = (power == 1 ? others : others * others).mean(axis: 1) * picks.weights
    return losses.reshaped(labels.shape).reduced(reduction)
  }

  /// The multi-label margin loss of scores `[n, classes]` and labels of the same shape, reduced. Each row of
  /// labels lists the classes of a sample and ends with −1, or is full. The loss of a row is
  /// `Σ max(1 − x[label] + x[i], 0) / classes` over its labels and all classes i that are not listed.
  ///
  /// Scores `[classes]` with labels `[classes]` are possible too. Other shapes are an error, and so is a label
  /// at or above the number of classes. Derivative: `dx[i] = g / classes` for each label within the margin of
  /// class i, and at the label minus their sum.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func multiLabelMarginLoss(
    _ labels: Tensor<Int>, reduction: Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let operation = "multiLabelMarginLoss"
    if let failure = failure ?? labels.failure { return .failed(by: failure) }
    guard rank == 1 || rank == 2, labels.shape == shape, let classes = shape.last, classes > 0 else {
      return .failed(
        operation,
        "scores \(shape) and labels \(labels.shape) do not match; both must be [n, classes] or [classes]",
        file,
        line)
    }
    let rows = rank == 1 ? expandedDims(axis: 0) : self, all = labels.scalars
    let lists = (0..<rows.shape[0]).map { row in
      all[row * classes..<(row + 1) * classes].prefix { $0 >= 0 }
    }
    if let wrong = lists.joined().first(where: { $0 >= classes }) {
      return .failed(
        operation, "label \(wrong) is outside the \(classes) classes 0 ..< \(classes)", file, line)
    }
    let most = lists.map(\.count).max() ?? 0, shape: TensorShape = [lists.count, most]
    let picks = Tensor<Int>(
      lists.flatMap { $0 + Array(repeating: -1, count: most - $0.count) }, shape: shape)
    let listed = picks.isClass(of: classes).any(axis: 1)
    let chosen = rows.gathered(picks, axis: 1).expandedDims(axis: 2)
    let counted = (picks .>= 0).expandedDims(axis: 2) .& (.!listed).expandedDims(axis: 1)
    let hinges = (1 - chosen + rows.expandedDims(axis: 1)).relu().where(counted, else: 0)
    let losses = hinges.sum(axes: [1, 2]) / Element(classes)
    return (rank == 1 ? losses.squeezed(axis: 0) : losses).reduced(reduction)
  }

  /// The losses of the rows. Forward and backward are one loop each. A label below 0 gives a loss and a
  /// gradient of 0.
  private func rowCrossEntropy(_ labels: Tensor<Int>) -> Tensor {
    let classes = shape[1]
    let (losses, statistics) = launch(
      self, labels, into: Tensor(uninitialized: labels.layout.shape), Tensor(uninitialized: [shape[0], 2])
    ) { CrossEntropyKernels.losses($0, $1, into: $2, statistics: $3) }
    return losses.recorded(
      "CrossEntropy",
      edge(saving: self, statistics) {
        [labels = Saved(labels)] g, x, statistics in
        guard labels.isIntact else {
          return .failed(
            "backward", "the labels of crossEntropy were changed in place afterwards; change a copy")
        }
        if !isRecording {
          return launch(x, labels.tensor, g, into: Tensor(uninitialized: x.layout.shape)) {
            x, labels, g, dx in
            CrossEntropyKernels.gradient(x, labels, statistics.operand, g, into: dx)
          }
        }
        let right = labels.tensor.oneHot(classes, as: Element.self)
        let counts = (labels.tensor .>= 0).expandedDims(axis: 1)
        let slopes = x.where(counts, else: 0).softmax(axis: 1) - right
        return (slopes * g.expandedDims(axis: 1)).where(counts, else: 0)
      })
  }

  /// The tensor `[n, classes, …]` or `[classes]` as a matrix whose rows hold the classes.
  private var classRows: Tensor {
    if rank < 3 { return rank == 2 ? self : expandedDims(axis: 0) }
    return permuted([0] + (2..<rank) + [1]).reshaped([-1, shape[1]])
  }

  /// The element of each row at its label.
  private func chosen(_ labels: Tensor<Int>) -> Tensor {
    self.where(labels.isClass(of: shape[1]), else: 0).sum(axis: 1)
  }

  private func smoothingFault(_ smoothing: Element, _ file: StaticString, _ line: UInt) -> Failure? {
    if smoothing >= 0, smoothing <= 1 { return nil }
    return mistake("crossEntropy", "the label smoothing must be in 0...1, not \(smoothing)", file, line)
  }

  private func weightFault(
    _ operation: String, _ weight: Tensor?, _ classes: Int, _ file: StaticString, _ line: UInt
  ) -> Failure? {
    guard let weight, weight.shape != [classes] else { return nil }
    return mistake(
      operation,
      "weights of shape \(weight.shape) do not match \(classes) classes; there must be one for each", file,
      line)
  }

  /// Returns an error if labels or weights do not fit these scores, else nil.
  private func misfit(
    _ operation: String, _ labels: Tensor<Int>, _ weight: Tensor?, _ ignored: Int?, _ file: StaticString,
    _ line: UInt
  ) -> Failure? {
    if let failure = failure ?? labels.failure ?? weight?.failure { return failure }
    let wanted = rank > 1 ? [shape[0]] + shape.dropFirst(2) : []
    let classes = rank > 0 ? shape[Swift.min(rank - 1, 1)] : 0
    guard rank > 0, classes > 0, labels.shape == TensorShape(wanted) else {
      return mistake(
        operation,
        "logits \(shape) and labels \(labels.shape) do not match; they must be [n, classes] and [n]", file,
        line
      )
    }
    if let failure = weightFault(operation, weight, classes, file, line) { return failure }
    let bounds: (least: Int, most: Int)?
    do throws(Failure) { bounds = try labels.bounds() } catch { return error }
    guard let (least, most) = bounds, least < 0 || most >= classes else { return nil }
    let all = labels.scalars
    guard let number = all.firstIndex(where: { ($0 < 0 || $0 >= classes) && $0 != ignored }) else {
      return nil
    }
    return mistake(
      operation,
      "label \(all[number]) at \(EntryPosition(number, in: labels.shape).index) is outside the \(classes) classes 0 ..< \(classes)",
      file, line)
  }
}

/// The labels of the rows and the weight of each row.
private struct ClassLabels<Element: DifferentiableScalar> {
  /// The label of each row; −1 if it is ignored.
  let labels: Tensor<Int>
  /// The mask of the rows that are not ignored.
  let count: Tensor<Bool>
  let weights: Tensor<Element>

  init(_ given: Tensor<Int>, _ weight: Tensor<Element>?, _ ignored: Int?, as: Element.Type) {
    let all = given.reshaped([-1])
    let counted = ignored.map { all .!= $0 } ?? (all .== all)
    let each = weight.map { $0.detached()[all.where(counted, else: 0)] } ?? .full(all.shape, 1)
    (labels, count, weights) = (all.where(counted, else: -1), counted, each.where(counted, else: 0))
  }

  /// Reduces the losses of the rows. The mean is weighted.
  func reduced(_ losses: Tensor<Element>, _ reduction: Reduction, _ shape: TensorShape) -> Tensor<Element> {
    switch reduction {
    case .none: losses.reshaped(shape)
    case .sum: losses.sum()
    case .mean: losses.sum() / weights.sum()
    }
  }
}

extension Tensor where Element == Int {
  /// Returns one row for each label, 1 at that class and 0 elsewhere: `[n] → [n, classes]`.
  func oneHot<Target: NumericScalar>(_ classes: Int, as: Target.Type) -> Tensor<Target> {
    Tensor<Target>(single: 1).where(isClass(of: classes), else: 0)
  }

  /// Returns one row for each label, true at that class and false elsewhere: `[n] → [n, classes]`.
  fileprivate func isClass(of classes: Int) -> Tensor<Bool> {
    Tensor.ramp(classes, start: 0, step: 1).named("Arange") .== expandedDims(axis: -1)
  }
}
