public import MartletCore

/// Multi-head attention (Vaswani et al. 2017, arXiv:1706.03762), `[n, t, dimensions] → [n, t, dimensions]`.
///
/// The layer projects queries, keys and values, computes the attention of each head over its part, and
/// projects the concatenated heads. The parameters have the names and shapes of PyTorch's
/// `nn.MultiheadAttention`, so a state of that module loads. The batch comes first. In a mask, true means
/// that a key takes part. Keys and values may have fewer heads than queries (Ainslie et al. 2023,
/// arXiv:2305.13245); `in_proj_weight` then has fewer rows.
///
/// ```swift
/// let attention = MultiHeadAttention(64, heads: 4, dropout: 0.1)
/// let x = Tensor<Float>.normal([8, 20, 64])
/// let y = attention(x, isCausal: true)  // [8, 20, 64]
/// ```
public final class MultiHeadAttention<Element: DifferentiableScalar>: Module {
  /// The projections of queries, keys and values, one below the other,
  /// `[dimensions + 2 · h · d, dimensions]`. Keys and values have h heads of d dimensions. Nil if keys or
  /// values have another number of dimensions than queries.
  public let inProjWeight: Tensor<Element>?
  /// The projection of queries, `[dimensions, dimensions]`; nil if ``inProjWeight`` contains it.
  public let qProjWeight: Tensor<Element>?
  /// The projection of keys, `[h · d, keyDimensions]`; nil if ``inProjWeight`` contains it.
  public let kProjWeight: Tensor<Element>?
  /// The projection of values, `[h · d, valueDimensions]`; nil if ``inProjWeight`` contains it.
  public let vProjWeight: Tensor<Element>?
  /// The biases of the three projections, one after the other, or nil.
  public let inProjBias: Tensor<Element>?
  /// The projection of the concatenated heads.
  public let outProj: Linear<Element>
  /// The number of heads of the queries, and that of the keys and values.
  public let heads: Int, keyValueHeads: Int
  /// The probability with which attention weights are dropped in training.
  public let dropout: Double
  /// A Boolean value that tells whether attention weights are dropped; true until ``Module/eval()``.
  @TrainingMode public var isTraining = true

  private let positions: RotaryPositions<Element>?
  private let dimensions: Int, keyDimensions: Int, valueDimensions: Int
  private var headDimensions: Int { dimensions / heads }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String {
    let options = [
      keyValueHeads == heads ? nil : "keyValueHeads: \(keyValueHeads)",
      keyDimensions == dimensions ? nil : "keyDimensions: \(keyDimensions)",
      valueDimensions == dimensions ? nil : "valueDimensions: \(valueDimensions)",
      dropout > 0 ? "dropout: \(dropout)" : nil, inProjBias == nil ? "bias: false" : nil,
    ]
    return (["\(dimensions)", "heads: \(heads)"] + options.compactMap { $0 }).joined(separator: ", ")
  }

  /// Creates a layer with `heads` heads, a divisor of `dimensions`. `keyValueHeads` is a divisor of `heads`,
  /// and equals `heads` unless it is given.
  ///
  /// Keys and values have the queries' number of dimensions unless another is given. `positions`, made for
  /// the dimensions of one head, rotate queries and keys. The weights of the three projections start uniform
  /// in `±√(6 / (in + out))`. The weight of the output projection starts like that of a ``Linear`` layer.
  /// Biases start as zeros. PyTorch does the same.
  ///
  /// Numbers below 1, heads that do not divide, a dropout outside 0...1, and positions for another number of
  /// dimensions are an error.
  public convenience init(
    _ dimensions: Int, heads: Int, keyValueHeads: Int? = nil, keyDimensions: Int? = nil,
    valueDimensions: Int? = nil, dropout: Double = 0, bias: Bool = true,
    positions: RotaryPositions<Element>? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      dimensions, heads, keyValueHeads ?? heads, keyDimensions ?? dimensions, valueDimensions ?? dimensions,
      dropout, bias, positions, file, line)
  }

  fileprivate init(
    _ dimensions: Int, _ heads: Int, _ keyValueHeads: Int, _ keyDimensions: Int, _ valueDimensions: Int,
    _ dropout: Double, _ bias: Bool, _ positions: RotaryPositions<Element>?, _ file: StaticString,
    _ line: UInt
  ) {
    let isDivided =
      dimensions > 0 && heads > 0 && keyValueHeads > 0 && dimensions % heads == 0
      && heads % keyValueHeads == 0
    if !isDivided || keyDimensions < 1 || valueDimensions < 1 {
      programError(
        "MultiHeadAttention",
        "\(dimensions) dimensions, \(heads) heads, \(keyValueHeads) heads of keys and values with \(keyDimensions) and \(valueDimensions) dimensions do not fit; all must be above 0, the heads must divide the dimensions, and the heads of keys and values must divide the heads",
        file, line)
    }
    if !(0...1).contains(dropout) {
      programError(
        "MultiHeadAttention", "the dropout probability must be in 0...1, not \(dropout)", file, line)
    }
    // Inside `catchingTensorErrors` the program continues after the mistake, so the layer must stay callable.
    self.heads = isDivided ? heads : 1
    self.keyValueHeads = isDivided ? keyValueHeads : 1
    let size = dimensions / self.heads, rows = size * self.keyValueHeads
    let all = dimensions.plus(rows.times(2))
    if let positions, positions.dimensions != size {
      programError(
        "MultiHeadAttention",
        "the positions have \(positions.dimensions) dimensions and the heads \(size); the numbers must be equal",
        file, line)
    }
    func start(_ rows: Int, _ columns: Int) -> Tensor<Element> {
      let bound = (6 / Element(max(rows.plus(columns), 1))).squareRoot()
      return .uniform([rows, columns], in: -bound...bound, requiresGrad: true, file: file, line: line)
    }
    if keyDimensions == dimensions, valueDimensions == dimensions {
      inProjWeight = start(all, dimensions)
      (qProjWeight, kProjWeight, vProjWeight) = (nil, nil, nil)
    } else {
      inProjWeight = nil
      qProjWeight = start(dimensions, dimensions)
      kProjWeight = start(rows, keyDimensions)
      vProjWeight = start(rows, valueDimensions)
    }
    inProjBias = bias ? .zeros([all], requiresGrad: true) : nil
    outProj = Linear(
      weight: .startingUniform([dimensions, dimensions], fanIn: dimensions, file, line),
      bias: bias ? .zeros([dimensions]) : nil, file: file, line: line)
    (self.dropout, self.positions, self.dimensions) = (dropout, positions, dimensions)
    (self.keyDimensions, self.valueDimensions) = (keyDimensions, valueDimensions)
  }

  /// Computes the attention of queries to keys and their values: `[n, t, dimensions]`,
  /// `[n, s, keyDimensions]`, `[n, s, valueDimensions] → [n, t, dimensions]`, or the same shapes without n.
  /// `key` is `query` unless it is given, and `value` is `key`.
  ///
  /// A key takes part if `mask`, broadcast to `[n, heads, t, s]`, and `keyMask`, `[n, s]`, are true for it.
  /// With `isCausal` its position must not be after the query's. `bias` is broadcast like the mask and added
  /// to the scores. With a cache, the keys and values are appended to the cached ones, and s counts all of
  /// them. With `isCausal`, the results then equal those of one call with all positions. Shapes that do not
  /// fit are an error.
  ///
  /// ```swift
  /// let attention = MultiHeadAttention(64, heads: 4)
  /// let query = Tensor<Float>.normal([2, 5, 64]), memory = Tensor<Float>.normal([2, 9, 64])
  /// let lengths = Tensor<Int>([9, 6]).expandedDims(axis: 1)
  /// let y = attention(query, memory, keyMask: Tensor<Int>.arange(0, 9) .< lengths)  // [2, 5, 64]
  /// ```
  public func callAsFunction(
    _ query: Tensor<Element>, _ key: Tensor<Element>? = nil, _ value: Tensor<Element>? = nil,
    mask: Tensor<Bool>? = nil, keyMask: Tensor<Bool>? = nil, bias: Tensor<Element>? = nil,
    isCausal: Bool = false, cache: KeyValueCache<Element>? = nil
  ) -> Tensor<Element> {
    let key = key ?? query, value = value ?? key
    if query.rank == 2, key.rank == 2, value.rank == 2 {
      return self(
        query.expandedDims(axis: 0), key.expandedDims(axis: 0), value.expandedDims(axis: 0), mask: mask,
        keyMask: keyMask?.expandedDims(axis: 0), bias: bias, isCausal: isCausal, cache: cache
      ).squeezed(axis: 0)
    }
    return scoped { attention(query, key, value, mask, keyMask, bias, isCausal, cache) }
  }

  private func attention(
    _ query: Tensor<Element>, _ key: Tensor<Element>, _ value: Tensor<Element>, _ mask: Tensor<Bool>?,
    _ keyMask: Tensor<Bool>?, _ bias: Tensor<Element>?, _ isCausal: Bool, _ cache: KeyValueCache<Element>?
  ) -> Tensor<Element> {
    if let failed = [query, key, value].first(where: \.isFailed) { return failed }
    let offset = cache?.count ?? 0
    let (q, k, v, mask) = parts(query, key, value, mask, keyMask, cache)
    let y = q.attention(
      k, v, mask, bias, dropout: isTraining ? dropout : 0, lead: isCausal ? offset : nil, #fileID, #line)
    return output(of: y)
  }

  /// Returns the output for the heads' results, `[n, heads, t, d] → [n, t, dimensions]`.
  private func output(of y: Tensor<Element>) -> Tensor<Element> {
    if y.isFailed { return y }
    return outProj(y.transposed(1, 2).reshaped([y.shape[0], y.shape[2], dimensions]))
  }

  /// Returns the projected queries, keys and values of the heads, `[n, heads, t, d]`, and the joint mask.
  private func parts(
    _ query: Tensor<Element>, _ key: Tensor<Element>, _ value: Tensor<Element>, _ mask: Tensor<Bool>?,
    _ keyMask: Tensor<Bool>?, _ cache: KeyValueCache<Element>?
  ) -> (q: Tensor<Element>, k: Tensor<Element>, v: Tensor<Element>, mask: Tensor<Bool>?) {
    check(query, key, value)
    let offset = cache?.count ?? 0, n = query.shape.first ?? 0
    let q = projected(query, 0, offset).transposed(1, 2)
    var k = projected(key, 1, offset).transposed(1, 2), v = projected(value, 2, offset).transposed(1, 2)
    if let cache { (k, v) = cache.append(k, v) }
    var mask = mask
    if let keyMask {
      if keyMask.shape != [n, k.shape[2]], !keyMask.isFailed, !k.isFailed {
        programError(
          "MultiHeadAttention",
          "a key mask of shape \(keyMask.shape) does not fit keys of shape \(key.shape) with \(offset) cached; the shape must be \([n, k.shape[2]])"
        )
      }
      let all = keyMask.expandedDims(axis: 1).expandedDims(axis: 1)
      mask = mask.map { $0 .& all } ?? all
    }
    return (q, k, v, mask)
  }

  /// Returns the output, as the layer itself does, and the attention weights: the shares of the keys in the
  /// result of each query, `[n, t, s]` averaged over the heads, or else `[n, heads, t, s]`.
  ///
  /// The weights of all heads are kept in memory, and in training those that dropout drops are 0. A query that
  /// sees no key has the weights 0. Shapes that do not fit are an error.
  ///
  /// ```swift
  /// let attention = MultiHeadAttention(64, heads: 4)
  /// let x = Tensor<Float>.normal([2, 5, 64])
  /// let (output, weights) = attention.withWeights(x, isCausal: true)  // [2, 5, 64], [2, 5, 5]
  /// ```
  public func withWeights(
    _ query: Tensor<Element>, _ key: Tensor<Element>? = nil, _ value: Tensor<Element>? = nil,
    mask: Tensor<Bool>? = nil, keyMask: Tensor<Bool>? = nil, bias: Tensor<Element>? = nil,
    isCausal: Bool = false, averagesHeads: Bool = true
  ) -> (output: Tensor<Element>, weights: Tensor<Element>) {
    let key = key ?? query, value = value ?? key
    return scoped {
      if let failed = [query, key, value].first(where: \.isFailed) { return (failed, failed) }
      let (q, k, v, mask) = parts(query, key, value, mask, keyMask, nil), share = heads / keyValueHeads
      if let failed = [q, k, v].first(where: \.isFailed) { return (failed, failed) }
      var scores =
        q.matmul(k.repeatInterleaved(share, axis: 1).transposed())
        * Element(1 / Double(headDimensions).squareRoot())
      if let bias { scores = scores + bias }
      var visible = mask
      if isCausal {
        let queries = Tensor<Int>.arange(0, q.shape[2]).expandedDims(axis: 1)
        let earlier = queries .>= Tensor<Int>.arange(0, k.shape[2])
        visible = mask.map { $0 .& earlier } ?? earlier
      }
      if let visible { scores = scores.where(visible, else: -.infinity) }
      var weights = scores.softmax(axis: -1)
      if let visible { weights = weights.where(visible, else: 0) }
      if isTraining, dropout > 0 { weights = Dropout<Element>(dropout)(weights) }
      let y = weights.matmul(v.repeatInterleaved(share, axis: 1))
      return (output(of: y), averagesHeads ? weights.mean(axis: 1) : weights)
    }
  }

  private func check(_ query: Tensor<Element>, _ key: Tensor<Element>, _ value: Tensor<Element>) {
    let (n, s) = (query.shape.first ?? 0, key.rank == 3 ? key.shape[1] : 0)
    if query.rank == 3, query.shape[2] == dimensions, key.shape == [n, s, keyDimensions],
      value.shape == [n, s, valueDimensions]
    {
      return
    }
    programError(
      "MultiHeadAttention",
      "queries \(query.shape), keys \(key.shape) and values \(value.shape) do not fit; the shapes must be [n, t, \(dimensions)], [n, s, \(keyDimensions)] and [n, s, \(valueDimensions)]"
    )
  }

  /// The projected queries (`part` 0), keys (1) or values (2) of all heads, `[n, t, heads, d]`. Queries and
  /// keys are rotated by their positions.
  private func projected(_ x: Tensor<Element>, _ part: Int, _ offset: Int) -> Tensor<Element> {
    let count = part == 0 ? heads : keyValueHeads, size = count * headDimensions
    let first = part == 0 ? 0 : dimensions + (part - 1) * size
    let weight = inProjWeight?[first..<first + size] ?? [qProjWeight, kProjWeight, vProjWeight][part]!
    let y = x.linear(weight: weight, bias: inProjBias?[first..<first + size])
      .reshaped([x.shape[0], x.shape[1], count, headDimensions])
    guard let positions, part < 2 else { return y }
    return positions(y, offset: offset, axis: 1)
  }
}

extension MultiHeadAttention where Element == Float {
  /// Creates a layer with `heads` heads, a divisor of `dimensions`. `keyValueHeads` is a divisor of `heads`,
  /// and equals `heads` unless it is given.
  ///
  /// Keys and values have the queries' number of dimensions unless another is given. `positions`, made for
  /// the dimensions of one head, rotate queries and keys. The weights of the three projections start uniform
  /// in `±√(6 / (in + out))`. The weight of the output projection starts like that of a ``Linear`` layer.
  /// Biases start as zeros. PyTorch does the same.
  ///
  /// Numbers below 1, heads that do not divide, a dropout outside 0...1, and positions for another number of
  /// dimensions are an error.
  public convenience init(
    _ dimensions: Int, heads: Int, keyValueHeads: Int? = nil, keyDimensions: Int? = nil,
    valueDimensions: Int? = nil, dropout: Double = 0, bias: Bool = true,
    positions: RotaryPositions<Float>? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      dimensions, heads, keyValueHeads ?? heads, keyDimensions ?? dimensions, valueDimensions ?? dimensions,
      dropout, bias, positions, file, line)
  }
}
