public import MartletCore

/// The hinge loss of the distances of pairs, reduced, as
/// ``Tensor/hingeEmbeddingLoss(_:margin:reduction:file:line:)`` computes it. The target is 1 for similar
/// pairs and −1 for dissimilar pairs.
///
/// ```swift
/// let distances = Tensor<Float>([0.2, 0.4, 3])
/// let loss = HingeEmbeddingLoss(margin: 1)(distances, Tensor<Float>([1, -1, -1]))
/// ```
public struct HingeEmbeddingLoss: Sendable {
  /// The margin: dissimilar pairs at a larger distance cost nothing.
  public let margin: Double
  /// The reduction of the losses: mean, sum or none.
  public let reduction: Reduction

  /// Creates a loss. The default reduction is the mean.
  public init(margin: Double = 1, reduction: Reduction = .mean) {
    self.margin = margin
    self.reduction = reduction
  }

  /// Returns the loss of distances against targets 1 or −1, for `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    prediction.hingeEmbeddingLoss(
      target, margin: Element(margin), reduction: reduction, file: file, line: line)
  }
}

/// The margin ranking loss of two inputs, reduced, as
/// ``Tensor/marginRankingLoss(_:_:margin:reduction:file:line:)`` computes it. The target is 1 if the first
/// input should rank higher, and −1 if the second should.
///
/// ```swift
/// let first = Tensor<Float>([2, 1]), second = Tensor<Float>([1, 3])
/// let loss = MarginRankingLoss(margin: 0.5)(first, second, Tensor<Float>([1, -1]))
/// ```
public struct MarginRankingLoss: Sendable {
  /// The margin by which the scores of the two inputs should differ.
  public let margin: Double
  /// The reduction of the losses: mean, sum or none.
  public let reduction: Reduction

  /// Creates a loss. The default reduction is the mean.
  public init(margin: Double = 0, reduction: Reduction = .mean) {
    self.margin = margin
    self.reduction = reduction
  }

  /// Returns the loss of two inputs against targets 1 or −1, for `Float` or `Double`.
  ///
  /// ```swift
  /// let model = Linear(8, 1)
  /// let better = model(.normal([4, 8])), worse = model(.normal([4, 8]))
  /// let loss = MarginRankingLoss(margin: 1)(better, worse, .ones([4, 1]))
  /// ```
  public func callAsFunction<Element: DifferentiableScalar>(
    _ first: Tensor<Element>, _ second: Tensor<Element>, _ target: Tensor<Element>,
    file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    first.marginRankingLoss(
      second, target, margin: Element(margin), reduction: reduction, file: file, line: line)
  }
}

/// The triplet margin loss, reduced, as
/// ``Tensor/tripletMarginLoss(_:_:margin:p:epsilon:swaps:reduction:file:line:)`` computes it. Each anchor
/// should be nearer to its positive example than to its negative example.
///
/// ```swift
/// let encoder = Linear(8, 4), x = Tensor<Float>.normal([3, 2, 8])
/// let loss = TripletMarginLoss(margin: 0.5)(encoder(x[0]), encoder(x[1]), encoder(x[2]))
/// ```
public struct TripletMarginLoss: Sendable {
  /// The margin by which the distance to the negative example should exceed the distance to the positive
  /// example.
  public let margin: Double
  /// The exponent of the norm that measures the distances.
  public let p: Double
  /// The number that is added to each difference.
  public let epsilon: Double
  /// True if the distance between the positive and the negative example replaces the distance between the
  /// anchor and the negative example where it is smaller.
  public let swaps: Bool
  /// The reduction of the losses: mean, sum or none.
  public let reduction: Reduction

  /// Creates a loss. The default reduction is the mean.
  public init(
    margin: Double = 1, p: Double = 2, epsilon: Double = 1e-6, swaps: Bool = false,
    reduction: Reduction = .mean
  ) {
    self.margin = margin
    self.p = p
    self.epsilon = epsilon
    self.swaps = swaps
    self.reduction = reduction
  }

  /// Returns the loss of anchors, positive examples and negative examples, for `Float` or `Double`.
  ///
  /// ```swift
  /// let anchor = Tensor<Float>([[0, 0]])
  /// let positive = Tensor<Float>([[0, 2]]), negative = Tensor<Float>([[0, 3]])
  /// let loss = TripletMarginLoss(margin: 1, swaps: true)(anchor, positive, negative)  // about 2
  /// ```
  public func callAsFunction<Element: DifferentiableScalar>(
    _ anchor: Tensor<Element>, _ positive: Tensor<Element>, _ negative: Tensor<Element>,
    file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    anchor.tripletMarginLoss(
      positive, negative, margin: Element(margin), p: Element(p), epsilon: Element(epsilon), swaps: swaps,
      reduction: reduction, file: file, line: line)
  }
}

/// The triplet margin loss with a distance of its own, reduced, as
/// ``Tensor/tripletMarginLoss(_:_:margin:swaps:reduction:distance:)`` computes it.
///
/// ```swift
/// let encoder = Linear(8, 4), x = Tensor<Float>.normal([3, 2, 8])
/// let criterion = TripletMarginWithDistanceLoss(margin: 0.5) { 1 - $0.cosineSimilarity($1) }
/// let loss = criterion(encoder(x[0]), encoder(x[1]), encoder(x[2]))
/// ```
public struct TripletMarginWithDistanceLoss<Element: DifferentiableScalar> {
  /// The distance between two batches, a number for each pair.
  public let distance: (Tensor<Element>, Tensor<Element>) -> Tensor<Element>
  /// The margin by which the distance to the negative example should exceed the distance to the positive
  /// example.
  public let margin: Double
  /// True if the distance between the positive and the negative example replaces the distance between the
  /// anchor and the negative example where it is smaller.
  public let swaps: Bool
  /// The reduction of the losses: mean, sum or none.
  public let reduction: Reduction

  fileprivate init(
    options margin: Double, _ swaps: Bool, _ reduction: Reduction,
    _ distance: @escaping (Tensor<Element>, Tensor<Element>) -> Tensor<Element>
  ) {
    (self.margin, self.swaps, self.reduction, self.distance) = (margin, swaps, reduction, distance)
  }

  /// Creates a loss for the element type that is written. The default distance is the Euclidean one, and the
  /// default reduction the mean.
  @_disfavoredOverload
  public init(
    margin: Double = 1, swaps: Bool = false, reduction: Reduction = .mean,
    distance: @escaping (Tensor<Element>, Tensor<Element>) -> Tensor<Element> = { $0.pairwiseDistance($1) }
  ) {
    self.init(options: margin, swaps, reduction, distance)
  }

  /// Returns the loss of anchors, positive examples and negative examples.
  ///
  /// ```swift
  /// let anchor = Tensor<Float>([[0, 0]])
  /// let positive = Tensor<Float>([[0, 2]]), negative = Tensor<Float>([[0, 3]])
  /// let criterion = TripletMarginWithDistanceLoss { ($0 - $1).abs().sum(axis: -1) }
  /// let loss = criterion(anchor, positive, negative)  // 0
  /// ```
  public func callAsFunction(
    _ anchor: Tensor<Element>, _ positive: Tensor<Element>, _ negative: Tensor<Element>
  ) -> Tensor<Element> {
    anchor.tripletMarginLoss(
      positive, negative, margin: Element(margin), swaps: swaps, reduction: reduction, distance: distance)
  }
}

extension TripletMarginWithDistanceLoss where Element == Float {
  /// Creates a loss for `Float`. The default distance is the Euclidean one, and the default reduction the
  /// mean.
  public init(
    margin: Double = 1, swaps: Bool = false, reduction: Reduction = .mean,
    distance: @escaping (Tensor<Float>, Tensor<Float>) -> Tensor<Float> = { $0.pairwiseDistance($1) }
  ) {
    self.init(options: margin, swaps, reduction, distance)
  }
}

/// The cosine loss of pairs of vectors, reduced, as
/// ``Tensor/cosineEmbeddingLoss(_:_:margin:reduction:file:line:)`` computes it. The target is 1 for vectors
/// of similar direction and −1 for others.
///
/// ```swift
/// let first = Tensor<Float>.normal([3, 8]), second = Tensor<Float>.normal([3, 8])
/// let loss = CosineEmbeddingLoss(margin: 0.2)(first, second, Tensor<Float>([1, 1, -1]))
/// ```
public struct CosineEmbeddingLoss: Sendable {
  /// The cosine below which dissimilar pairs cost nothing.
  public let margin: Double
  /// The reduction of the losses: mean, sum or none.
  public let reduction: Reduction

  /// Creates a loss. The default reduction is the mean.
  public init(margin: Double = 0, reduction: Reduction = .mean) {
    self.margin = margin
    self.reduction = reduction
  }

  /// Returns the loss of pairs of vectors against targets 1 or −1, for `Float` or `Double`.
  ///
  /// ```swift
  /// let encoder = Linear(8, 4)
  /// let first = encoder(.normal([2, 8])), second = encoder(.normal([2, 8]))
  /// let loss = CosineEmbeddingLoss()(first, second, Tensor<Float>([1, -1]))
  /// ```
  public func callAsFunction<Element: DifferentiableScalar>(
    _ first: Tensor<Element>, _ second: Tensor<Element>, _ target: Tensor<Element>,
    file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    first.cosineEmbeddingLoss(
      second, target, margin: Element(margin), reduction: reduction, file: file, line: line)
  }
}
