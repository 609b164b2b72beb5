// Distances and angles between vectors, and losses of pairs and triplets.

extension Tensor where Element: DifferentiableScalar {
  /// Divides the vectors along an axis by their norms, `x / max(‖x‖ₚ, epsilon)`.
  ///
  /// An axis out of range is an error, and so is a p below 0.
  ///
  /// ```swift
  /// let embeddings = Tensor<Float>([[3, 4], [0, 2]])
  /// let units = embeddings.normalized()  // [[0.6, 0.8], [0, 1]]
  /// ```
  public func normalized(
    p: Element = 2, axis: Int = 1, epsilon: Element = 1e-12, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = axisFault("normalized", axis, p, file, line) { return .failed(by: failure) }
    let norm = vectorNorm("normalized", p, shape.reducedSet([axis]).set, keepDims: true, file, line)
    return self / Tensor.maximum(norm, Tensor(single: epsilon))
  }

  /// The cosines of the angles between the vectors along an axis of two tensors:
  /// `Σ x y / (max(‖x‖, epsilon) · max(‖y‖, epsilon))`. The shapes broadcast.
  ///
  /// Shapes that do not broadcast are an error, and so is an axis out of range.
  ///
  /// ```swift
  /// let queries = Tensor<Float>.normal([8, 64]), key = Tensor<Float>.normal([1, 64])
  /// let cosines = queries.cosineSimilarity(key)  // [8]
  /// ```
  public func cosineSimilarity(
    _ other: Tensor, axis: Int = 1, epsilon: Element = 1e-8, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = pairFault("cosineSimilarity", other, file, line) { return .failed(by: failure) }
    let products = self * other
    if let failure = products.axisFault("cosineSimilarity", axis, 2, file, line) {
      return .failed(by: failure)
    }
    let axis = axis < 0 ? axis : axis - products.rank
    // The gradient passes through the bound, as in PyTorch.
    func length(_ x: Tensor) -> Tensor {
      let norm = x.norm(axis: axis, keepDims: true)
      return norm + (Tensor.maximum(norm, Tensor(single: epsilon)) - norm).detached()
    }
    let (x, y) = (broadcast(to: products.shape), other.broadcast(to: products.shape))
    return (x / length(x) * (y / length(y))).sum(axis: axis)
  }

  /// The distances between the vectors along the last axis of two tensors, `‖x − y + epsilon‖ₚ`. The shapes
  /// broadcast.
  ///
  /// Shapes that do not broadcast are an error, and so is a p below 0.
  ///
  /// ```swift
  /// let a = Tensor<Float>.normal([8, 64]), b = Tensor<Float>.normal([8, 64])
  /// let distances = a.pairwiseDistance(b, p: 1)  // [8]
  /// ```
  public func pairwiseDistance(
    _ other: Tensor, p: Element = 2, epsilon: Element = 1e-6, keepDims: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    distance("pairwiseDistance", other, p, epsilon, keepDims, file, line)
  }

  @specialized(where Element == Float) @specialized(where Element == Double)
  private func distance(
    _ operation: StaticString, _ other: Tensor, _ p: Element, _ epsilon: Element, _ keepDims: Bool,
    _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if let failure = pairFault("\(operation)", other, file, line) { return .failed(by: failure) }
    let difference = self - other + epsilon
    if let failure = difference.axisFault("\(operation)", -1, p, file, line) { return .failed(by: failure) }
    return difference.vectorNorm(
      operation, p, difference.shape.reducedSet([-1]).set, keepDims: keepDims, file, line)
  }

  /// The hinge loss of the distances x of similar pairs (target 1) and dissimilar pairs (target −1), reduced:
  /// `x` for similar pairs, `max(margin − x, 0)` for dissimilar ones. Shapes that do not broadcast are an
  /// error.
  ///
  /// ```swift
  /// let distances = Tensor<Float>([0.5, 0.25]), target = Tensor<Float>([1, -1])
  /// let loss = distances.hingeEmbeddingLoss(target)  // (0.5 + 0.75) / 2 = 0.625
  /// ```
  public func hingeEmbeddingLoss(
    _ target: Tensor, margin: Element = 1, reduction: Reduction = .mean, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    if let failure = misfit("hingeEmbeddingLoss", target, file, line, broadcasts: true) {
      return .failed(by: failure)
    }
    let apart = (margin - self).clampedBelow().where(target .!= 1, else: 0)
    return (apart + self.where(target .!= -1, else: 0)).reduced(reduction)
  }

  /// The ranking loss of the scores x, this tensor, and y, `other`, reduced: `max(margin − t (x − y), 0)`. A
  /// target t of 1 says that x should be larger than y, a target of −1 that it should be smaller. Shapes that
  /// do not broadcast are an error, and so are shapes of different rank.
  ///
  /// ```swift
  /// let better = Tensor<Float>([2, 1]), worse = Tensor<Float>([1, 3])
  /// let loss = better.marginRankingLoss(worse, .ones([2]), margin: 0.5)  // (0 + 2.5) / 2 = 1.25
  /// ```
  public func marginRankingLoss(
    _ other: Tensor, _ target: Tensor, margin: Element = 0, reduction: Reduction = .mean,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let operation = "marginRankingLoss"
    if let failure = failure ?? other.failure ?? target.failure { return .failed(by: failure) }
    guard other.rank == rank, target.rank == rank,
      let pairs = TensorShape.broadcast(shape, other.shape), TensorShape.broadcast(pairs, target.shape) != nil
    else {
      return .failed(
        operation,
        "predictions \(shape) and \(other.shape) and target \(target.shape) do not match; the shapes must have one rank and broadcast",
        file, line)
    }
    return (margin - target * (self - other)).clampedBelow().reduced(reduction)
  }

  /// The triplet loss of anchors, positive examples and negative examples (Balntas et al. 2016,
  /// DOI 10.5244/C.30.119), reduced: `max(d(a, p) − d(a, n) + margin, 0)`. d is
  /// ``pairwiseDistance(_:p:epsilon:keepDims:file:line:)``. With `swaps`, d(p, n) replaces d(a, n) where it
  /// is smaller.
  ///
  /// Shapes that do not broadcast are an error, and so is a p below 0.
  ///
  /// ```swift
  /// let anchor = Tensor<Float>.normal([8, 64])
  /// let positive = anchor + Tensor<Float>.normal([8, 64], deviation: 0.1)
  /// let loss = anchor.tripletMarginLoss(positive, .normal([8, 64]), margin: 0.2)
  /// ```
  public func tripletMarginLoss(
    _ positive: Tensor, _ negative: Tensor, margin: Element = 1, p: Element = 2, epsilon: Element = 1e-6,
    swaps: Bool = false, reduction: Reduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    tripletMarginLoss(positive, negative, margin: margin, swaps: swaps, reduction: reduction) { x, y in
      x.distance("tripletMarginLoss", y, p, epsilon, false, file, line)
    }
  }

  /// The triplet loss with another distance, reduced: `max(d(a, p) − d(a, n) + margin, 0)`, with `swaps`
  /// `max(d(a, p) − min(d(a, n), d(p, n)) + margin, 0)`.
  ///
  /// ```swift
  /// let anchor = Tensor<Float>.normal([8, 64]), positive = Tensor<Float>.normal([8, 64])
  /// let loss = anchor.tripletMarginLoss(positive, .normal([8, 64]), margin: 0.2) { x, y in
  ///   1 - x.cosineSimilarity(y)
  /// }
  /// ```
  public func tripletMarginLoss(
    _ positive: Tensor, _ negative: Tensor, margin: Element = 1, swaps: Bool = false,
    reduction: Reduction = .mean, distance: (Tensor, Tensor) -> Tensor
  ) -> Tensor {
    let near = distance(self, positive)
    var far = distance(self, negative)
    if swaps { far = .minimum(far, distance(positive, negative)) }
    if let failure = near.failure ?? far.failure { return .failed(by: failure) }
    return (near - far + margin).clampedBelow().reduced(reduction)
  }

  /// The cosine loss of vectors `[n, d]` or `[d]`, reduced: `1 − cos` for pairs that should point the same
  /// way (target 1), `max(cos − margin, 0)` for the others (target −1). Other shapes are an error.
  ///
  /// ```swift
  /// let a = Tensor<Float>.normal([2, 64]), b = Tensor<Float>.normal([2, 64])
  /// let loss = a.cosineEmbeddingLoss(b, Tensor<Float>([1, -1]), margin: 0.2)
  /// ```
  public func cosineEmbeddingLoss(
    _ other: Tensor, _ target: Tensor, margin: Element = 0, reduction: Reduction = .mean,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let operation = "cosineEmbeddingLoss"
    if let failure = misfit(operation, other, file, line, name: "second prediction") ?? target.failure {
      return .failed(by: failure)
    }
    guard rank == 1 || rank == 2, target.shape == TensorShape(shape.dropLast()) else {
      return .failed(
        operation,
        "vectors \(shape) and a target of shape \(target.shape) do not match; they must be [n, d] and [n], or [d] and []",
        file, line)
    }
    // Computes √(Σ x² + 10⁻¹²), but does not square long norms, which might overflow.
    func length(_ x: Tensor) -> Tensor {
      let norm = x.norm(axis: -1, keepDims: true), isLong = norm > 1e4
      let short = Tensor(single: 0).where(isLong, else: norm)
      return norm.where(isLong, else: (short * short + 1e-12).sqrt())
    }
    let cosine = (self / length(self) * (other / length(other))).sum(axis: -1)
    let alike = (1 - cosine).where(target .== 1, else: 0)
    let apart = (cosine - margin).clampedBelow().where(target .== -1, else: 0)
    return (alike + apart).reduced(reduction)
  }

  /// Replaces negative elements by 0. The gradient passes at 0 too.
  private func clampedBelow() -> Tensor { clamped(0...(.infinity)) }

  private func pairFault(_ operation: String, _ other: Tensor, _ file: StaticString, _ line: UInt) -> Failure?
  {
    if let failure = failure ?? other.failure { return failure }
    if TensorShape.broadcast(shape, other.shape) != nil { return nil }
    return mistake(operation, "shapes \(shape) and \(other.shape) do not broadcast", file, line)
  }

  private func axisFault(
    _ operation: String, _ axis: Int, _ p: Element, _ file: StaticString, _ line: UInt
  ) -> Failure? {
    if let failure { return failure }
    if shape.axis(axis) != nil || shape.isScalar(axis: axis), p >= 0 { return nil }
    return mistake(
      operation, "axis \(axis) must exist in shape \(shape), and p = \(p) must be at least 0", file,
      line)
  }
}
