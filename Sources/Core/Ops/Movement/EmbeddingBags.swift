// Sums, means and maxima of rows that are looked up by index.

/// The reduction of the rows of a bag.
///
/// ```swift
/// let table = EmbeddingBag(1000, 64, mode: BagMode.sum)
/// ```
public enum BagMode: Sendable {
  /// The sum of the rows.
  case sum
  /// The mean of the rows.
  case mean
  /// The largest element of the rows, dimension by dimension.
  case max
}

extension Tensor where Element: DifferentiableScalar {
  /// The sums, means or maxima of bags of rows of this table `[count, dimensions]`, as PyTorch's
  /// `embedding_bag` computes them: `[bags, dimensions]`.
  ///
  /// Each row of indices `[bags, n]` is a bag. Indices `[n]` are divided into bags by `offsets` `[bags]`, the
  /// position at which each begins; the first is 0. `weights`, of the shape of the indices, multiply the rows
  /// of a sum. Rows of the `paddingIndex` do not count and get no gradient. A bag without rows is 0.
  ///
  /// Shapes that do not fit are an error. So are an index out of range, offsets that do not start at 0 or
  /// decrease, and weights with another mode than `.sum`. Derivative: each gradient is added to the rows that
  /// it was computed from.
  ///
  /// ```swift
  /// let table = Tensor<Float>.normal([10, 3])
  /// let words = Tensor<Int>([4, 1, 7, 2])
  /// let sums = table.embeddingBag(words, offsets: Tensor<Int>([0, 3]), mode: .sum)  // [2, 3]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func embeddingBag(
    _ indices: Tensor<Int>, offsets: Tensor<Int>? = nil, mode: BagMode = .mean, weights: Tensor? = nil,
    paddingIndex: Int? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? indices.failure ?? offsets?.failure ?? weights?.failure {
      return .failed(by: failure)
    }
    guard rank == 2, indices.rank == (offsets == nil ? 2 : 1), offsets?.rank ?? 1 == 1,
      weights.map({ mode == .sum && $0.shape == indices.shape }) ?? true
    else {
      return .failed(
        "embeddingBag",
        "table \(shape), indices \(indices.shape), offsets \(offsets.map { "\($0.shape)" } ?? "none") and weights \(weights.map { "\($0.shape)" } ?? "none") do not fit mode \(mode); indices must be [bags, n], or [n] with offsets [bags], and weights be given as the indices for a sum",
        file, line)
    }
    let bags = offsets?.count ?? indices.shape[0], width = indices.shape[indices.rank - 1]
    let starts = offsets?.scalars ?? (0..<bags).map { $0 * width }
    guard starts.first ?? 0 == 0, starts.last ?? 0 <= indices.count,
      zip(starts, starts.dropFirst()).allSatisfy(<=)
    else {
      return .failed(
        "embeddingBag",
        "offsets \(starts) do not divide \(indices.count) indices; the first must be 0, and none below the one before or above the number",
        file, line)
    }
    let counted = indices.flattened().counted(below: shape[0]) { wrong in
      mistake("embeddingBag", "index \(wrong) is out of range for the table \(shape)", file, line)
    }
    switch counted {
    case .failure(let failure): return .failed(by: failure)
    case .success(let picks):
      let padding = paddingIndex.map { $0 < 0 ? $0 + shape[0] : $0 }
      let ends = starts.dropFirst() + [bags > 0 ? picks.count : 0]
      let ranges = zip(starts, ends).map { $0..<$1 }
      return mode == .max
        ? bagMaxima(picks.scalars, ranges, padding) : bagSums(picks, ranges, padding, weights, mode == .mean)
    }
  }

  private func bagSums(
    _ picks: Tensor<Int>, _ bags: [Range<Int>], _ padding: Int?, _ weights: Tensor?, _ divides: Bool
  ) -> Tensor {
    let owners = Tensor<Int>(
      bags.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element.count) })
    var rows = self[picks], counts = Tensor.full([picks.count], 1)
    if let weights { rows = rows * weights.flattened().expandedDims(axis: 1) }
    if let padding {
      let isKept = picks .!= padding
      rows = rows.where(isKept.expandedDims(axis: 1), else: 0)
      counts = counts.where(isKept, else: 0)
    }
    let sums = Tensor.zeros([bags.count, shape[1]]).indexAdded(owners, rows)
    if !divides || sums.isFailed { return sums }
    let sizes = Tensor.zeros([bags.count]).indexAdded(owners, counts)
    return sums / Tensor.maximum(sizes, Tensor(single: 1)).expandedDims(axis: 1)
  }

  /// Looks up as many rows for each bag as the largest bag has, and leaves out those beyond a bag's end.
  private func bagMaxima(_ picks: [Int], _ bags: [Range<Int>], _ padding: Int?) -> Tensor {
    let lists = bags.map { picks[$0].filter { $0 != padding } }, most = lists.map(\.count).max() ?? 0
    if most == 0 { return .zeros([bags.count, shape[1]]) }
    let filled = Tensor<Int>(
      lists.flatMap { $0 + Array(repeating: 0, count: most - $0.count) }, shape: [lists.count, most])
    let sizes = Tensor<Int>(lists.map(\.count)).expandedDims(axis: 1)
    let isThere = Tensor<Int>.arange(0, most) .< sizes
    let maxima = self[filled].where(isThere.expandedDims(axis: 2), else: -.infinity).max(axis: 1)
    return maxima.where(sizes .> 0, else: 0)
  }
}
