public import MartletCore

/// Multi-head attention (Vaswani et al. 2017, arXiv:1706.03762): queries, keys and values projected, attention of each
/// head over its part, and the heads together projected, `[n, t, dimensions]` to the same.
///
/// Parameters have the names and shapes of PyTorch's `nn.MultiheadAttention`, whose state loads; the batch comes first.
/// Of masks true means that a key takes part. With fewer heads of keys and values (Ainslie et al. 2023,
/// arXiv:2305.13245) `in_proj_weight` has the rows of fewer.
public final class MultiHeadAttention<Element: DifferentiableScalar>: Module {
  /// The projections of queries, keys and values, one under the other, `[dimensions + 2 · h · d, dimensions]`, h heads
  /// of d dimensions; nil where keys or values have other dimensions.
  public let inProjWeight: Tensor<Element>?
  /// The projection of queries, `[dimensions, dimensions]`, where they are not together.
  public let qProjWeight: Tensor<Element>?
  /// The projection of keys, `[h · d, keyDimensions]`, where they are not together.
  public let kProjWeight: Tensor<Element>?
  /// The projection of values, `[h · d, valueDimensions]`, where they are not together.
  public let vProjWeight: Tensor<Element>?
  /// What is added to the three, one after the other, or nil.
  public let inProjBias: Tensor<Element>?
  /// The projection of the heads together.
  public let outProj: Linear<Element>
  /// The number of heads of queries, and of keys and values.
  public let heads: Int, keyValueHeads: Int
  /// The probability with which weights of attention are dropped while training.
  public let dropout: Double
  /// Whether weights are dropped: true until ``Module/eval()``.
  @TrainingMode public var isTraining = true

  private let positions: RotaryPositions<Element>?
  private let dimensions: Int, keyDimensions: Int, valueDimensions: Int
  private var headDimensions: Int { dimensions / heads }

  /// How it was made.
  public var configuration: String {
    let options = [
      keyValueHeads == heads ? nil : "keyValueHeads: \(keyValueHeads)",
      keyDimensions == dimensions ? nil : "keyDimensions: \(keyDimensions)",
      valueDimensions == dimensions ? nil : "valueDimensions: \(valueDimensions)",
      dropout > 0 ? "dropout: \(dropout)" : nil, inProjBias == nil ? "bias: false" : nil,
    ]
    return (["\(dimensions)", "heads: \(heads)"] + options.compactMap { $0 }).joined(separator: ", ")
  }

  /// Attention of `heads` heads, which divide the dimensions; of keys and values there may be fewer, which divide them.
  ///
  /// Keys and values come with the queries' number of dimensions unless others are given. Queries and keys are turned by
  /// `positions`, made for the dimensions of a head, where these are given. Weights start as PyTorch's do, uniform in
  /// `±√(6 / (in + out))`, biases as zeros.
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
        "\(dimensions) dimensions, \(heads) heads, \(keyValueHeads) of keys and values, of \(keyDimensions) and \(valueDimensions) dimensions; numbers above 0, heads that divide the dimensions, and those of keys and values the heads",
        file, line)
    }
    if !(0...1).contains(dropout) {
      programError("MultiHeadAttention", "dropout \(dropout); in 0...1", file, line)
    }
    // Where the mistake is caught, the layer is one that can be called.
    self.heads = isDivided ? heads : 1
    self.keyValueHeads = isDivided ? keyValueHeads : 1
    let size = dimensions / self.heads, rows = size * self.keyValueHeads
    let all = dimensions.plus(rows.times(2))
    if let positions, positions.dimensions != size {
      programError(
        "MultiHeadAttention",
        "positions of \(positions.dimensions) dimensions for heads of \(size); equal numbers are expected",
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

  /// Attention of queries to keys and their values: `[n, t, dimensions]`, `[n, s, keyDimensions]`,
  /// `[n, s, valueDimensions] → [n, t, dimensions]`, or without n. Left-out keys are the queries, left-out values the
  /// keys.
  ///
  /// A key takes part where `mask`, broadcast to `[n, heads, t, s]`, is true, where `keyMask`, `[n, s]`, is, and with
  /// `isCausal` where its place is not behind the query's. `bias`, broadcast as the mask, is added to the scores. With a
  /// cache the keys and values are put behind those that it holds, and s counts all of them; results are the same as
  /// those of all at once. Shapes that do not fit are an error.
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
    check(query, key, value)
    let offset = cache?.count ?? 0, n = query.shape[0], t = query.shape[1]
    let q = projected(query, 0, offset).transposed(1, 2)
    var k = projected(key, 1, offset).transposed(1, 2), v = projected(value, 2, offset).transposed(1, 2)
    if let cache { (k, v) = cache.append(k, v) }
    var mask = mask
    if let keyMask {
      if keyMask.shape != [n, k.shape[2]], !keyMask.isFailed, !k.isFailed {
        programError(
          "MultiHeadAttention",
          "a mask of keys of shape \(keyMask.shape) for keys of shape \(key.shape), \(offset) cached; \([n, k.shape[2]]) is expected"
        )
      }
      let all = keyMask.expandedDims(axis: 1).expandedDims(axis: 1)
      mask = mask.map { $0 .& all } ?? all
    }
    let y = q.attention(
      k, v, mask, bias, dropout: isTraining ? dropout : 0, lead: isCausal ? offset : nil, #fileID, #line)
    return outProj(y.transposed(1, 2).reshaped([n, t, dimensions]))
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
      "queries \(query.shape), keys \(key.shape), values \(value.shape); [n, t, \(dimensions)], [n, s, \(keyDimensions)] and [n, s, \(valueDimensions)] are expected"
    )
  }

  /// The queries (0), keys (1) or values (2) of all heads, `[n, t, heads, d]`; the first two turned by their positions.
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
  /// Attention of `heads` heads, which divide the dimensions; of keys and values there may be fewer, which divide them.
  ///
  /// Keys and values come with the queries' number of dimensions unless others are given. Queries and keys are turned by
  /// `positions`, made for the dimensions of a head, where these are given. Weights start as PyTorch's do, uniform in
  /// `±√(6 / (in + out))`, biases as zeros.
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
