public import MartletCore

/// A dataset of samples that are made one by one, such as images that are decoded from files, and joined to batches.
///
/// ```swift
/// let words = ["tensor", "tape", "layer"]
/// let data = SampleDataset(count: words.count) { words[$0].utf8.map { Int($0) } } collate: { samples in
///   let length = samples.map(\.count).max() ?? 0
///   return Tensor(samples.map { $0 + [Int](repeating: 0, count: length - $0.count) })
/// }
/// for batch in DataLoader(data, batchSize: 2) { print(batch.shape) }  // [2, 6], [1, 5]
/// ```
public struct SampleDataset<Sample, Batch, Failure: Error>: Dataset {
  /// The number of samples.
  public let count: Int
  private let sample: @Sendable (Int) throws(Failure) -> Sample
  private let collate: @Sendable ([Sample]) throws(Failure) -> Batch

  /// Makes a dataset of `count` samples. `sample` makes one of them, and `collate` joins those of a batch. Several
  /// threads may call both at once. A count below 0 is an error.
  public init(
    count: Int, sample: @escaping @Sendable (Int) throws(Failure) -> Sample,
    collate: @escaping @Sendable ([Sample]) throws(Failure) -> Batch,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    if count < 0 {
      programError("SampleDataset", "the count must be at least 0, not \(count)", file, line)
    }
    self.count = max(count, 0)
    self.sample = sample
    self.collate = collate
  }

  /// Makes a dataset of `count` tensors of one shape, which become a batch by stacking, `[n, …]`.
  public init<Element: TensorScalar>(
    count: Int, sample: @escaping @Sendable (Int) throws(Failure) -> Tensor<Element>,
    file: StaticString = #fileID, line: UInt = #line
  ) where Sample == Tensor<Element>, Batch == Tensor<Element> {
    self.init(
      count: count, sample: sample, collate: { samples throws(Failure) in .stacked(samples) }, file: file,
      line: line)
  }

  /// Returns the samples at these positions, in this order, joined.
  public func batch(_ positions: [Int]) throws(Failure) -> Batch {
    var samples: [Sample] = []
    samples.reserveCapacity(positions.count)
    for position in positions { samples.append(try sample(position)) }
    return try collate(samples)
  }
}
