public import MartletCore

/// The cosines and sines of the angles of `count` consecutive positions, each `[count, dimensions / 2]`.
private struct Angles<Element: DifferentiableScalar> {
  let count: Int
  let cosines: Tensor<Element>, sines: Tensor<Element>

  /// Returns the angles of some of the positions.
  func rows(_ range: Range<Int>) -> Angles {
    range == 0..<count
      ? self : Angles(count: range.count, cosines: cosines[range], sines: sines[range])
  }
}

/// The angles of positions, `p / base^(2i / d)`, for each position p and each pair i of d dimensions.
///
/// Threads may share a table. The angles of the first positions are kept in tensors, which are never changed,
/// only replaced by longer ones.
private final class AngleTable<Element: DifferentiableScalar> {
  let dimensions: Int, base: Double
  private let kept = Guarded(Angles<Element>(count: 0, cosines: .zeros([0, 0]), sines: .zeros([0, 0])))

  init(_ name: String, _ dimensions: Int, _ base: Double, _ file: StaticString, _ line: UInt) {
    if dimensions < 2 || dimensions % 2 != 0 || !(base > 0) {
      programError(
        name,
        "\(dimensions) dimensions with base \(base) are not valid; the dimensions must be even, and both above 0",
        file,
        line)
    }
    (self.dimensions, self.base) = (dimensions, base)
  }

  /// The arguments of a layer's initialiser as text, without a base that equals the default.
  var configuration: String { "\(dimensions)\(base == 10_000 ? "" : ", base: \(base)")" }

  /// Returns the angles of `count` positions from `offset` on.
  func callAsFunction(_ offset: Int, _ count: Int) -> Angles<Element> {
    let known = kept.withLock { $0 }
    // These positions do not continue the table. A table that reached them could be of any length, so it is
    // not kept.
    if offset > known.count { return angles(offset, count) }
    let end = offset + count
    return (end <= known.count ? known : grown(to: max(end, 2 * known.count))).rows(offset..<end)
  }

  private func grown(to count: Int) -> Angles<Element> {
    let table = angles(0, count)
    kept.withLock { if table.count > $0.count { $0 = table } }
    return table
  }

  private func angles(_ offset: Int, _ count: Int) -> Angles<Element> {
    let pairs = dimensions / 2
    return noGrad {
      let exponents = Tensor<Double>.arange(0, Double(pairs)) * (-2 / Double(dimensions))
      let places = Tensor<Double>.arange(0, Double(count)) + Double(offset)
      let angles = places.expandedDims(axis: 1) * Tensor<Double>.full([pairs], base).pow(exponents)
      let cosines = Tensor<Element>(angles.cos()), sines = Tensor<Element>(angles.sin())
      return Angles(count: cosines.isFailed || sines.isFailed ? 0 : count, cosines: cosines, sines: sines)
    }
  }
}

/// Sinusoidal positions (Vaswani et al. 2017, arXiv:1706.03762), which are added to vectors: dimension 2i of
/// the vector at position p gets `sin(p / base^(2i / d))`, and dimension 2i + 1 the cosine.
///
/// ```swift
/// let positions = SinusoidalPositions(64), embedding = Embedding(1000, 64)
/// let words = Tensor<Int>([[5, 17, 2], [9, 0, 0]])
/// let x = positions(embedding(words))  // [2, 3, 64]
/// ```
public final class SinusoidalPositions<Element: DifferentiableScalar>: Layer {
  private let angles: AngleTable<Element>

  /// Creates a layer for vectors of an even number of dimensions. Another number is an error, and so is a
  /// base that is not above 0.
  public convenience init(
    _ dimensions: Int, base: Double = 10_000, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(dimensions, base, file, line)
  }

  fileprivate init(_ dimensions: Int, _ base: Double, _ file: StaticString, _ line: UInt) {
    angles = AngleTable("SinusoidalPositions", dimensions, base, file, line)
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { angles.configuration }

  /// Returns the sum of the vectors and their positions, `[…, t, dimensions] → […, t, dimensions]`.
  /// Derivative: `dx = g`.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { placed(x, 0) }

  /// Returns the sum of the vectors and positions that begin at `offset`, the number of cached positions.
  /// Another shape than `[…, t, dimensions]`, and an offset below 0, is an error.
  public func callAsFunction(_ x: Tensor<Element>, offset: Int) -> Tensor<Element> {
    scoped { placed(x, offset) }
  }

  private func placed(_ x: Tensor<Element>, _ offset: Int) -> Tensor<Element> {
    if x.isFailed { return x }
    let d = angles.dimensions
    if x.rank < 2 || x.shape[-1] != d || offset < 0 {
      programError(
        "SinusoidalPositions",
        "inputs of shape \(x.shape) at offset \(offset) do not fit; the shape must be […, t, \(d)] and the offset at least 0"
      )
      return x
    }
    let angles = angles(offset, x.shape[-2])
    return x + Tensor.stacked([angles.sines, angles.cosines], axis: -1).reshaped([x.shape[-2], d])
  }
}

extension SinusoidalPositions where Element == Float {
  /// Creates a layer for vectors of an even number of dimensions. Another number is an error, and so is a
  /// base that is not above 0.
  public convenience init(
    _ dimensions: Int, base: Double = 10_000, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(dimensions, base, file, line)
  }
}

/// Rotary positions (Su et al. 2021, arXiv:2104.09864): a layer that rotates pairs of dimensions by the angle
/// `p / base^(2i / d)` of their position p. Products of queries and keys then depend on the distance of their
/// positions.
///
/// A ``MultiHeadAttention`` takes rotary positions for its heads. Several attention layers may share them.
///
/// ```swift
/// let positions = RotaryPositions(16)
/// let attention = MultiHeadAttention(64, heads: 4, positions: positions)
/// let y = attention(Tensor<Float>.normal([8, 20, 64]), isCausal: true)  // [8, 20, 64]
/// ```
public final class RotaryPositions<Element: DifferentiableScalar>: Layer {
  private let angles: AngleTable<Element>
  /// True if a pair is two adjacent dimensions, as in the paper; false if it is one dimension of each half.
  public let isInterleaved: Bool

  /// Creates a layer for heads of an even number of dimensions. Another number is an error, and so is a base
  /// that is not above 0.
  ///
  /// The pairs are (i, i + d / 2), as Llama's weights in most formats expect. With `interleaved` they are
  /// (2i, 2i + 1).
  public convenience init(
    _ dimensions: Int, base: Double = 10_000, interleaved: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(dimensions, base, interleaved, file, line)
  }

  fileprivate init(
    _ dimensions: Int, _ base: Double, _ interleaved: Bool, _ file: StaticString, _ line: UInt
  ) {
    angles = AngleTable("RotaryPositions", dimensions, base, file, line)
    isInterleaved = interleaved
  }

  /// The number of dimensions of a head.
  public var dimensions: Int { angles.dimensions }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "\(angles.configuration)\(isInterleaved ? ", interleaved: true" : "")" }

  /// Returns the input with its pairs rotated, `[…, t, dimensions] → […, t, dimensions]`. Derivative: g,
  /// rotated back.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { turned(x, 0, axis: -2) }

  /// Returns the input with its pairs rotated by positions along `axis`. The positions begin at `offset`, the
  /// number of cached positions.
  ///
  /// Another last extent is an error. So are an axis that is the last or out of range, and an offset below 0.
  ///
  /// ```swift
  /// let positions = RotaryPositions(16)
  /// let queries = Tensor<Float>.normal([8, 20, 4, 16])
  /// let rotated = positions(queries, offset: 5, axis: 1)  // [8, 20, 4, 16]
  /// ```
  public func callAsFunction(_ x: Tensor<Element>, offset: Int, axis: Int = -2) -> Tensor<Element> {
    scoped { turned(x, offset, axis: axis) }
  }

  private func turned(_ x: Tensor<Element>, _ offset: Int, axis: Int) -> Tensor<Element> {
    if x.isFailed { return x }
    let counted = axis < 0 ? axis &+ x.rank : axis
    if x.rank < 2 || x.shape[-1] != dimensions || !(0..<x.rank - 1 ~= counted) || offset < 0 {
      programError(
        "RotaryPositions",
        "inputs of shape \(x.shape) along axis \(axis) at offset \(offset) do not fit; the shape must be […, t, …, \(dimensions)] and the offset at least 0"
      )
      return x
    }
    let angles = angles(offset, x.shape[counted])
    return x.rotatedPairs(angles.cosines, angles.sines, axis: counted, isInterleaved: isInterleaved)
  }
}

extension RotaryPositions where Element == Float {
  /// Creates a layer for heads of an even number of dimensions. Another number is an error, and so is a base
  /// that is not above 0.
  ///
  /// The pairs are (i, i + d / 2), as Llama's weights in most formats expect. With `interleaved` they are
  /// (2i, 2i + 1).
  public convenience init(
    _ dimensions: Int, base: Double = 10_000, interleaved: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(dimensions, base, interleaved, file, line)
  }
}
