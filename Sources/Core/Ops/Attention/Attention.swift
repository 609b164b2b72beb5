// Scaled dot-product attention, computed in tiles so that the scores are not all in memory at once. While
// recording, the derivative is composed of tensor operations, so that second derivatives exist.

extension Tensor where Element: DifferentiableScalar {
  /// Scaled dot-product attention of queries (this tensor) to keys, `y = softmax(q · kᵀ · scale) · v`
  /// (Vaswani et al. 2017, arXiv:1706.03762): `[…, heads, t, d]`, `[…, h, s, d]`,
  /// `[…, h, s, e] → […, heads, t, e]`.
  ///
  /// The softmax is over the keys that a query may see. Query i sees key j if the mask is true there and,
  /// with `isCausal`, if j ≤ i. For a query that sees no key the result is 0. The bias is added to the
  /// scores; a bias of −∞ hides a key. Mask and bias are broadcast to `[…, heads, t, s]`.
  ///
  /// Batch axes are broadcast, and so is a single head. Keys and values may have fewer heads than the
  /// queries, if their number h divides `heads`: each of them serves `heads / h` consecutive heads of queries
  /// (Ainslie et al. 2023, arXiv:2305.13245). The default scale is `1 / √d`. With a `dropout`, weights are
  /// set to zero with that probability and the others are scaled by `1 / (1 − dropout)`. The random numbers
  /// come from the default generator.
  ///
  /// Scores are computed tile by tile and are never all in memory (Dao et al. 2022, arXiv:2205.14135). There
  /// are two exceptions: the gradient of a bias, and second derivatives. Heads may lie side by side in
  /// memory, as in `x.reshaped([n, t, heads, d]).transposed(1, 2)`: they are read without a copy.
  ///
  /// Shapes that do not fit are an error, and so are a mask or a bias that does not broadcast and a
  /// probability outside 0...1. Derivatives, with the weights w, `u = g · vᵀ` and `s = w (u − Σ g y)`:
  /// `dq = s · k · scale`, `dk = sᵀ · q · scale`, `dv = wᵀ · g`, `dbias = s`.
  ///
  /// ```swift
  /// let q = Tensor<Float>.normal([2, 8, 16, 32])
  /// let k = Tensor<Float>.normal([2, 8, 20, 32]), v = Tensor<Float>.normal([2, 8, 20, 32])
  /// let y = q.scaledDotProductAttention(key: k, value: v, dropout: 0.1)  // [2, 8, 16, 32]
  /// ```
  ///
  /// - Complexity: `2 t · s · (d + e)` operations for each head.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func scaledDotProductAttention(
    key: Tensor, value: Tensor, mask: Tensor<Bool>? = nil, bias: Tensor? = nil, dropout: Double = 0,
    isCausal: Bool = false, scale: Element? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    attention(
      key, value, mask, bias, dropout: dropout, lead: isCausal ? 0 : nil, scale: scale, file, line)
  }

  /// Attention in which query i sees the keys up to i + `lead`, or all keys if `lead` is nil.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package func attention(
    _ key: Tensor, _ value: Tensor, _ mask: Tensor<Bool>?, _ bias: Tensor?, dropout: Double, lead: Int?,
    scale: Element? = nil, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let name = "scaledDotProductAttention"
    if let failure = failure ?? key.failure ?? value.failure ?? mask?.failure ?? bias?.failure {
      return .failed(by: failure)
    }
    guard fits(key, value) else {
      if let (q, k, v) = broadcastBatches(key, value) {
        return q.attention(k, v, mask, bias, dropout: dropout, lead: lead, scale: scale, file, line)
      }
      return .failed(
        name,
        "queries \(shape), keys \(key.shape) and values \(value.shape) do not match; they must be […, heads, t, d], […, h, s, d] and […, h, s, e], where h divides heads and d is above 0",
        file, line)
    }
    guard (Array(shape.suffix(2)) + value.shape.suffix(2)).allSatisfy({ $0 <= BLAS.largestSize }) else {
      return .failed(
        name,
        "queries \(shape), keys \(key.shape) and values \(value.shape) are too large: BLAS counts in 32 bits",
        file, line)
    }
    guard (0...1).contains(dropout) else {
      return .failed(name, "the dropout probability must be in 0...1, not \(dropout)", file, line)
    }
    let scores = TensorShape(shape.dropLast() + [key.shape[-2]])
    for (what, given) in [("mask", mask?.shape), ("bias", bias?.shape)] {
      if let given, TensorShape.broadcast(given, scores) != scores {
        return .failed(
          name, "a \(what) of shape \(given) does not broadcast to scores of shape \(scores)",
          file, line)
      }
    }
    let q = withHeads(), k = key.withHeads(), v = value.withHeads()
    if let failure = q.failure ?? k.failure ?? v.failure { return .failed(by: failure) }
    let geometry = AttentionGeometry(
      images: q.shape[0], heads: q.shape[1], keyHeads: k.shape[1], queries: q.shape[2], keys: k.shape[2],
      depth: q.shape[3], width: v.shape[3],
      scale: scale?.doubleValue ?? 1 / Double(q.shape[3]).squareRoot(), lead: lead,
      dropout: AttentionDropout(dropout, for: scores))
    return q.attention(k, v, ScoreMask(mask, bias, for: scores), geometry).reshapedView(
      TensorShape(shape.dropLast() + [geometry.width]))
  }

  /// Returns true if the shapes of these queries, the keys and the values match without broadcasting.
  private func fits(_ key: Tensor, _ value: Tensor) -> Bool {
    guard rank >= 2, key.rank == rank, value.rank == rank, shape[-1] == key.shape[-1], shape[-1] > 0,
      key.shape.dropLast() == value.shape.dropLast()
    else { return false }
    if rank == 2 { return true }
    let keyHeads = key.shape[-3]
    return shape.dropLast(3) == key.shape.dropLast(3)
      && (keyHeads == 0 ? shape[-3] == 0 : shape[-3] % keyHeads == 0)
  }

  /// The queries, keys and values with broadcast batch axes and heads; nil if they still do not match.
  private func broadcastBatches(_ key: Tensor, _ value: Tensor) -> (Tensor, Tensor, Tensor)? {
    guard rank >= 3, key.rank >= 3, value.rank >= 3 else { return nil }
    let batches = [self, key, value].map { TensorShape($0.shape.dropLast(3)) }
    guard let pair = TensorShape.broadcast(batches[0], batches[1]),
      let batch = TensorShape.broadcast(pair, batches[2])
    else { return nil }
    func wide(_ tensor: Tensor, _ heads: Int) -> Tensor {
      let heads = tensor.shape[-3] == 1 ? heads : tensor.shape[-3]
      return tensor.broadcast(to: TensorShape(Array(batch) + [heads] + tensor.shape.suffix(2)))
    }
    let shared = key.shape[-3] == 1 ? value.shape[-3] : key.shape[-3]
    let all = (wide(self, shared), wide(key, shared), wide(value, shared))
    return all.0.fits(all.1, all.2) ? all : nil
  }

  /// The tensor `[…, heads, t, d]` as `[n, heads, t, d]`.
  fileprivate func withHeads() -> Tensor {
    let all = Array(repeating: 1, count: Swift.max(4 - rank, 0)) + shape
    return reshapedView(TensorShape([all.dropLast(3).reduce(1, *)] + all.suffix(3)))
  }
}

extension AttentionDropout {
  /// Draws counters of the default generator for scores of this shape. Returns nil if the probability is 0 or
  /// the shape is invalid.
  fileprivate init?(_ probability: Double, for scores: TensorShape) {
    if probability == 0 || !scores.isValid { return nil }
    let state = RandomSource.draw { $0.advance(by: scores.elementCount) }
    self.init(
      probability: probability, seed: state.seed, stream: UInt64(state.stream), offset: state.offset)
  }

  /// The state of the random numbers.
  fileprivate var state: RandomGenerator.State {
    RandomGenerator.State(seed: seed, stream: UInt32(stream), offset: offset)
  }
}

/// The tensor of an ``AttentionMask``, a view of the shape `[n, heads, t, s]`.
private enum ScoreMask<Element: DifferentiableScalar> {
  case none
  case allowed(Tensor<Bool>)
  case added(Tensor<Element>)

  /// Combines a mask and a bias as a view of scores of this shape, `[n, heads, t, s]`. If both are given,
  /// they become one bias.
  init(_ mask: Tensor<Bool>?, _ bias: Tensor<Element>?, for scores: TensorShape) {
    let all = Array(repeating: 1, count: Swift.max(4 - scores.rank, 0)) + scores
    let target = TensorShape([all.dropLast(3).reduce(1, *)] + all.suffix(3))
    if let bias {
      let both = mask.map { bias.where($0, else: -.infinity) } ?? bias
      self = .added(both.broadcastView(to: scores).reshapedView(target))
    } else if let mask {
      self = .allowed(mask.broadcastView(to: scores).reshapedView(target))
    } else {
      self = .none
    }
  }

  /// The tensors of the mask that have a gradient: the bias, if there is one.
  var inputs: [Tensor<Element>] {
    if case .added(let bias) = self { return [bias] }
    return []
  }

  var failure: Failure? {
    switch self {
    case .none: nil
    case .allowed(let mask): mask.failure
    case .added(let bias): bias.failure
    }
  }

  var operands: AttentionMask {
    switch self {
    case .none: .none
    case .allowed(let mask): .allowed(mask.operand)
    case .added(let bias): .added(bias.operand)
    }
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Attention of `[n, heads, …]` in tiles. The shapes are already checked.
  private func attention(
    _ key: Tensor, _ value: Tensor, _ mask: ScoreMask<Element>, _ geometry: AttentionGeometry
  ) -> Tensor {
    let (result, logTotals) = attended(key, value, mask, geometry)
    let inputs = [self, key, value] + mask.inputs
    var allowed: Saved<Bool>?
    if case .allowed(let mask) = mask { allowed = Saved(mask) }
    return result.recorded("ScaledDotProductAttention", inputs, saving: inputs + [logTotals]) {
      [allowed] given in
      let q = given.saved[0], k = given.saved[1], v = given.saved[2], g = given.gradients[0]!
      guard allowed?.isIntact ?? true else {
        let failed = Tensor.failed(
          "backward", "the mask of scaledDotProductAttention was changed in place afterwards; change a copy")
        return given.isNeeded.map { _ in failed }
      }
      let mask: ScoreMask<Element> =
        allowed.map { .allowed($0.tensor) } ?? (given.isNeeded.count > 3 ? .added(given.saved[3]) : .none)
      if isRecording { return q.composedGradients(k, v, mask, geometry, g) }
      return q.attentionGradients(
        k, v, mask, geometry, given.outputs[0], given.saved.last!, g, given.isNeeded)
    }
  }

  /// The gradients of the queries (this tensor), the keys, the values and the bias, composed of tensor
  /// operations.
  private func composedGradients(
    _ key: Tensor, _ value: Tensor, _ mask: ScoreMask<Element>, _ geometry: AttentionGeometry, _ g: Tensor
  ) -> [Tensor?] {
    let q = sharing(geometry), g = g.sharing(geometry), k = key.expandedDims(axis: 2)
    let w = attentionWeights(key, mask, geometry)
    var u = g.matmul(value.expandedDims(axis: 2).transposed()), dropped = w
    if let dropout = geometry.dropout {
      let units = Tensor.uniform(w.shape, 0, 1, at: dropout.state), p = dropout.probability
      let kept = noGrad { Tensor(units .>= Element(p)) * Element(p < 1 ? 1 / (1 - p) : 0) }
      (u, dropped) = (u * kept, w * kept)
    }
    let s = w * (u - (u * w).sum(axis: -1, keepDims: true)), scale = Element(geometry.scale)
    return [
      (s.matmul(k) * scale).reshapedView(shape), (s.transposed().matmul(q) * scale).sum(axis: 2),
      dropped.transposed().matmul(g).sum(axis: 2),
      s.reshapedView([geometry.images, geometry.heads, geometry.queries, geometry.keys]),
    ]
  }

  /// The tensor `[n, heads, …]` as `[n, keyHeads, heads / keyHeads, …]`.
  private func sharing(_ geometry: AttentionGeometry) -> Tensor {
    let share = geometry.keyHeads == 0 ? 1 : geometry.heads / geometry.keyHeads
    return reshapedView([shape[0], geometry.keyHeads, share, shape[2], shape[3]])
  }

  /// The weights `softmax(q · kᵀ · scale + mask)` of these queries, `[n, keyHeads, heads / keyHeads, t, s]`.
  /// They are 0 for a query that sees no key.
  private func attentionWeights(
    _ key: Tensor, _ mask: ScoreMask<Element>, _ geometry: AttentionGeometry
  ) -> Tensor {
    var scores =
      sharing(geometry).matmul(key.expandedDims(axis: 2).transposed()) * Element(geometry.scale)
    if geometry.isEmpty { return scores }
    if let lead = geometry.lead {
      let places = Tensor<Int>.arange(0, geometry.queries).expandedDims(axis: 1) + lead
      scores = scores.where(Tensor<Int>.arange(0, geometry.keys) .<= places, else: -.infinity)
    }
    switch mask {
    case .none: return scores.softmax(axis: -1)
    case .allowed(let mask): scores = scores.where(mask.reshapedView(scores.shape), else: -.infinity)
    case .added(let bias): scores = scores + bias.reshapedView(scores.shape)
    }
    let sees = noGrad { scores.max(axis: -1, keepDims: true) .!= -.infinity }
    return scores.where(sees, else: 0).softmax(axis: -1).where(sees, else: 0)
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Returns softmax(this · keyᵀ · scale + mask) · value, and the logarithm of the sum of each row,
  /// `[n, heads, queries]`, which the backward pass needs. The operation is not recorded; the caller has
  /// checked the shapes.
  private func attended(
    _ key: Tensor, _ value: Tensor, _ mask: ScoreMask<Element>, _ geometry: AttentionGeometry
  ) -> (value: Tensor, logTotals: Tensor) {
    let result = zeroHeads(width: geometry.width)
    let logTotals = Tensor(uninitialized: [geometry.images, geometry.heads, geometry.queries])
    if result.isFailed || geometry.isEmpty { return (result, logTotals) }
    let q = forBLAS(), k = key.forBLAS(), v = value.forBLAS()
    let failure = launch(
      after: logTotals.failure ?? q.failure ?? k.failure ?? v.failure ?? mask.failure
    ) { () throws(OutOfMemory) in
      try AttentionKernels.attend(
        AttentionInputs(
          queries: q.operand, keys: k.operand, values: v.operand, mask: mask.operands, geometry: geometry),
        into: result.operand, logTotals: logTotals.operand)
    }
    return (failure.map { .failed(by: $0) } ?? result, logTotals)
  }

  /// Returns the gradients that are needed: of the queries (this), the keys, the values and the bias added to
  /// the scores, `[n, heads, queries, keys]`.
  private func attentionGradients(
    _ key: Tensor, _ value: Tensor, _ mask: ScoreMask<Element>, _ geometry: AttentionGeometry,
    _ output: Tensor, _ logTotals: Tensor, _ gradient: Tensor, _ isNeeded: [Bool]
  ) -> [Tensor?] {
    let dq = isNeeded[0] ? zeroHeads(width: geometry.depth) : nil
    let dk = isNeeded[1] ? key.zeroHeads(width: geometry.depth) : nil
    let dv = isNeeded[2] ? value.zeroHeads(width: geometry.width) : nil
    let dbias: Tensor? =
      isNeeded.count > 3 && isNeeded[3]
      ? .zeroed([geometry.images, geometry.heads, geometry.queries, geometry.keys]) : nil
    let results = [dq, dk, dv, dbias]
    if geometry.isEmpty || results.contains(where: { $0?.isFailed ?? false }) { return results }
    let q = forBLAS(), k = key.forBLAS(), v = value.forBLAS()
    let y = output.forBLAS(inRows: true), g = gradient.forBLAS(inRows: true)
    let failure = launch(
      after: q.failure ?? k.failure ?? v.failure ?? y.failure ?? g.failure ?? mask.failure
    ) { () throws(OutOfMemory) in
      try AttentionKernels.addGradients(
        of: AttentionInputs(
          queries: q.operand, keys: k.operand, values: v.operand, mask: mask.operands, geometry: geometry),
        output: y.operand, logTotals: logTotals.operand, gradient: g.operand,
        to: AttentionGradients(
          queries: dq?.operand, keys: dk?.operand, values: dv?.operand, bias: dbias?.operand))
    }
    if let failure { return results.map { $0.map { _ in .failed(by: failure) } } }
    return results
  }

  /// Returns this tensor `[n, heads, rows, columns]`, or a copy if BLAS cannot read its matrices in place.
  /// With `inRows` the elements of each row of the result are adjacent in memory.
  private func forBLAS(inRows: Bool = false) -> Tensor {
    AttentionKernels.reads(operand, inRows: inRows) ? self : copied()
  }

  /// Returns zeros of `[n, heads, rows, width]`. If this tensor lies in memory as `[n, rows, heads, width]`,
  /// so does the result; otherwise the result is row-major.
  private func zeroHeads(width: Int) -> Tensor {
    let shape: TensorShape = [layout.shape[0], layout.shape[1], layout.shape[2], width]
    let zeros = Tensor.zeroed(shape)
    if zeros.isFailed || layout.strides[1] >= layout.strides[2] { return zeros }
    // BLAS must be able to write the rows in place.
    if shape[1].times(width) > BLAS.largestSize { return zeros }
    var strides = Dimensions()
    strides[0] = zeros.layout.strides[0]
    (strides[1], strides[2], strides[3]) = (width, shape[1] * width, 1)
    return Tensor(storage: zeros.storage.shared(), layout: Layout(shape, strides: strides, offset: 0))
  }
}
