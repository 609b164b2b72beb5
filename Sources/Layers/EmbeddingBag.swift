public import MartletCore

/// A table of vectors that are looked up by index and reduced bag by bag: `[bags, n] → [bags, dimensions]`. It
/// computes an ``Embedding`` and the sum, mean or maximum of its rows.
///
/// ```swift
/// let table = EmbeddingBag(1000, 64, mode: .sum)
/// let words = Tensor<Int>([5, 17, 2, 9])
/// let vectors = table(words, offsets: Tensor<Int>([0, 3]))  // [2, 64]
/// ```
public final class EmbeddingBag<Element: DifferentiableScalar>: Layer {
  /// The vectors, `[count, dimensions]`.
  public let weight: Tensor<Element>
  /// The reduction of the rows of a bag.
  public let mode: BagMode
  /// The index whose vector does not count and gets no gradient, or nil.
  public let paddingIndex: Int?

  /// Creates a table of standard normal numbers, as PyTorch does. The vector of `paddingIndex` starts as
  /// zeros. A negative `paddingIndex` counts from the end; one out of range is an error.
  public convenience init(
    _ count: Int, _ dimensions: Int, mode: BagMode = .mean, paddingIndex: Int? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(count, dimensions, mode, paddingIndex, file, line)
  }

  fileprivate convenience init(
    _ count: Int, _ dimensions: Int, _ mode: BagMode, _ paddingIndex: Int?, _ file: StaticString,
    _ line: UInt
  ) {
    let weight = Tensor<Element>.normal([count, dimensions], file: file, line: line)
    if let paddingIndex, -count..<max(count, 0) ~= paddingIndex { weight[paddingIndex].fill(0) }
    self.init(weight: weight, mode: mode, paddingIndex: paddingIndex, file: file, line: line)
  }

  /// Creates a layer with a given table, `[count, dimensions]`, and makes the table a parameter. A table of
  /// another rank is an error, and so is a padding index out of range.
  public init(
    weight: Tensor<Element>, mode: BagMode = .mean, paddingIndex: Int? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    let count = weight.rank == 2 ? weight.shape[0] : 0
    if weight.rank != 2 {
      programError(
        "EmbeddingBag", "the weight must have the shape [count, dimensions], not \(weight.shape)", file, line)
    } else if let paddingIndex, !(-count..<count ~= paddingIndex) {
      programError(
        "EmbeddingBag", "the padding index \(paddingIndex) is out of range for \(count) vectors", file, line)
    }
    (self.weight, self.mode) = (weight, mode)
    self.paddingIndex = paddingIndex.map { $0 < 0 ? $0 + count : $0 }
    weight.requiresGrad = true
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String {
    "\(listed(Array(weight.shape))), mode: \(mode)" + (paddingIndex.map { ", paddingIndex: \($0)" } ?? "")
  }

  /// Returns the reduced rows of each bag, `[bags, n] → [bags, dimensions]`, as
  /// ``Tensor/embeddingBag(_:offsets:mode:weights:paddingIndex:file:line:)`` computes them.
  public func forward(_ indices: Tensor<Int>) -> Tensor<Element> { reduced(indices, nil, nil) }

  /// Returns the reduced rows of bags `[bags, n]`, or of indices `[n]` that are divided at `offsets` `[bags]`.
  /// `weights`, of the shape of the indices, multiply the rows of a sum. Shapes that do not fit are an error.
  ///
  /// ```swift
  /// let table = EmbeddingBag(10, 4, mode: .sum)
  /// let shares = Tensor<Float>([0.5, 0.5, 1])
  /// let y = table(Tensor<Int>([1, 2, 7]), offsets: Tensor<Int>([0, 2]), weights: shares)  // [2, 4]
  /// ```
  public func callAsFunction(
    _ indices: Tensor<Int>, offsets: Tensor<Int>?, weights: Tensor<Element>? = nil
  ) -> Tensor<Element> { scoped { reduced(indices, offsets, weights) } }

  private func reduced(
    _ indices: Tensor<Int>, _ offsets: Tensor<Int>?, _ weights: Tensor<Element>?
  ) -> Tensor<Element> {
    weight.embeddingBag(indices, offsets: offsets, mode: mode, weights: weights, paddingIndex: paddingIndex)
  }
}

extension EmbeddingBag where Element == Float {
  /// Creates a table of standard normal numbers, as PyTorch does. The vector of `paddingIndex` starts as
  /// zeros. A negative `paddingIndex` counts from the end; one out of range is an error.
  public convenience init(
    _ count: Int, _ dimensions: Int, mode: BagMode = .mean, paddingIndex: Int? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(count, dimensions, mode, paddingIndex, file, line)
  }
}
