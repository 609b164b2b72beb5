// Distances between all pairs of vectors.

extension Tensor where Element: DifferentiableScalar {
  /// The distances `‖x − y‖ₚ` between all pairs of vectors of two sets, `[…, n, d]` and `[…, m, d] → […, n, m]`.
  /// The leading axes broadcast.
  ///
  /// Euclidean distances (p = 2) of sets of more than 25 vectors are computed by a product of matrices,
  /// `√(‖x‖² + ‖y‖² − 2 x · y)`, as in PyTorch. Distances much shorter than the vectors then lose digits. All
  /// others are computed from the differences, which take memory for n m d elements.
  ///
  /// Tensors of fewer than 2 axes are an error, and so are vectors of different lengths, leading axes that do
  /// not broadcast and a p below 0 or NaN. Derivatives: those of ``norm(p:axis:keepDims:file:line:)`` of the
  /// differences; 0 where the distance is 0.
  ///
  /// ```swift
  /// let points = Tensor<Float>([[0, 0], [3, 4]]), centres = Tensor<Float>([[0, 0], [3, 0], [0, 8]])
  /// let distances = points.cdist(centres)  // [[0, 3, 8], [5, 4, 5]]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func cdist(
    _ other: Tensor, p: Element = 2, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? other.failure { return .failed(by: failure) }
    guard rank >= 2, other.rank >= 2, shape[-1] == other.shape[-1],
      Swift.max(rank, other.rank) < TensorShape.maximumRank,
      let batch = TensorShape.broadcast(batched(), other.batched())
    else {
      return .failed(
        "cdist",
        "shapes \(shape) and \(other.shape) do not fit; they must be […, n, d] and […, m, d] of at most 7 axes",
        file, line)
    }
    guard p >= 0 else {
      return .failed("cdist", "p must be at least 0, not \(p)", file, line)
    }
    var own = batch, others = batch
    for extent in [shape[-2], shape[-1]] { own.append(extent) }
    for extent in [other.shape[-2], shape[-1]] { others.append(extent) }
    let x = broadcastView(to: own), y = other.broadcastView(to: others)
    let count = Swift.max(shape[-2], other.shape[-2])
    if p == 2, count > 25, Swift.max(count, shape[-1]) <= BLAS.largestSize { return x.euclideanDistances(y) }
    let differences = x.expandedDims(axis: -2) - y.expandedDims(axis: -3)
    if shape[-1] == 0 { return differences.sum(axis: -1) }
    return differences.norm(p: p, axis: -1)
  }

  /// The distances `‖xᵢ − xⱼ‖ₚ` between all pairs i < j of the rows of a matrix, `[n, d] → [n (n − 1) / 2]`: the upper
  /// triangle of ``cdist(_:p:file:line:)`` with itself, row by row.
  ///
  /// They are computed from the differences, which take memory for n² d / 2 elements. A tensor that is no matrix is an
  /// error, and so is a p below 0 or NaN. Derivative: that of ``norm(p:axis:keepDims:file:line:)``; 0 where the
  /// distance is 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func pdist(p: Element = 2, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard rank == 2, p >= 0 else {
      return .failed(
        "pdist", "shape \(shape) must be that of a matrix, and p at least 0, not \(p)", file, line)
    }
    let pairs = Tensor<Int>.triuIndices(shape[0], shape[0], diagonal: 1, file: file, line: line)
    let differences = self[pairs[0]] - self[pairs[1]]
    return shape[1] == 0 ? differences.sum(axis: -1) : differences.norm(p: p, axis: -1)
  }

  /// Returns the Euclidean distances of sets with equal leading axes.
  private func euclideanDistances(_ other: Tensor) -> Tensor {
    let value = noGrad {
      let squares = square().sum(axis: -1, keepDims: true)
      let sum = squares + other.square().sum(axis: -1, keepDims: true).transposed()
      let result = (self * -2).product(other, otherTransposed: true, adding: sum)
      if result.isFailed { return result }
      result.combine(.maximum, with: Tensor(single: 0))
      return result.sqrt()
    }
    return value.recorded("Cdist", [self, other], saving: [self, other]) { given in
      let x = given.saved[0], y = given.saved[1]
      let d = isRecording ? x.euclideanDistances(y) : given.outputs[0]
      let isApart = d .!= 0
      let w = (given.gradients[0]! / d.where(isApart, else: 1)).where(isApart, else: 0)
      return [
        given.isNeeded[0] ? x * w.sum(axis: -1, keepDims: true) - w.matmul(y) : nil,
        given.isNeeded[1] ? y * w.sum(axis: -2).expandedDims(axis: -1) - w.transposed().matmul(x) : nil,
      ]
    }
  }
}
