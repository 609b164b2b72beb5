public import MartletCore

/// Whether pairs are alike, by their distances, reduced, as ``Tensor/hingeEmbeddingLoss(_:margin:reduction:file:line:)``.
public struct HingeEmbeddingLoss: Sendable {
  /// How far pairs that are not alike are to be.
  public let margin: Double
  /// What is done with the losses.
  public let reduction: Reduction

  /// A loss whose default reduction is the mean.
  public init(margin: Double = 1, reduction: Reduction = .mean) {
    self.margin = margin
    self.reduction = reduction
  }

  /// The loss, of `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ prediction: Tensor<Element>, _ target: Tensor<Element>, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    prediction.hingeEmbeddingLoss(
      target, margin: Element(margin), reduction: reduction, file: file, line: line)
  }
}

/// Which of two ranks above the other, reduced, as ``Tensor/marginRankingLoss(_:_:margin:reduction:file:line:)``.
public struct MarginRankingLoss: Sendable {
  /// By how much.
  public let margin: Double
  /// What is done with the losses.
  public let reduction: Reduction

  /// A loss whose default reduction is the mean.
  public init(margin: Double = 0, reduction: Reduction = .mean) {
    self.margin = margin
    self.reduction = reduction
  }

  /// The loss, of `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ first: Tensor<Element>, _ second: Tensor<Element>, _ target: Tensor<Element>,
    file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    first.marginRankingLoss(
      second, target, margin: Element(margin), reduction: reduction, file: file, line: line)
  }
}

/// How much nearer anchors are to positive examples than to negative ones, reduced, as ``Tensor/tripletMarginLoss(_:_:margin:p:epsilon:swaps:reduction:file:line:)``.
public struct TripletMarginLoss: Sendable {
  /// By how much they are to be.
  public let margin: Double
  /// The norm of the distance.
  public let p: Double
  /// What is added to a difference.
  public let epsilon: Double
  /// Whether the positive example may stand for the anchor.
  public let swaps: Bool
  /// What is done with the losses.
  public let reduction: Reduction

  /// A loss whose default reduction is the mean.
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

  /// The loss, of `Float` or `Double`.
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

/// Whether vectors point the same way, reduced, as ``Tensor/cosineEmbeddingLoss(_:_:margin:reduction:file:line:)``.
public struct CosineEmbeddingLoss: Sendable {
  /// The largest cosine of those that do not.
  public let margin: Double
  /// What is done with the losses.
  public let reduction: Reduction

  /// A loss whose default reduction is the mean.
  public init(margin: Double = 0, reduction: Reduction = .mean) {
    self.margin = margin
    self.reduction = reduction
  }

  /// The loss, of `Float` or `Double`.
  public func callAsFunction<Element: DifferentiableScalar>(
    _ first: Tensor<Element>, _ second: Tensor<Element>, _ target: Tensor<Element>,
    file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    first.cosineEmbeddingLoss(
      second, target, margin: Element(margin), reduction: reduction, file: file, line: line)
  }
}
