import MartletCore

/// The batches of a dataset, one epoch for each walk over it.
///
/// Shuffled, the order of an epoch depends on the seed and the number of the epoch alone.
public final class DataLoader: Sequence, AsyncSequence {
  /// What is walked over.
  public let dataset: LabeledDataset
  /// The number of inputs in a batch.
  public let batchSize: Int
  /// Whether each epoch has an order of its own.
  public let shuffle: Bool
  /// What the orders follow from.
  public let seed: UInt64
  /// Whether a last batch of fewer inputs is left out.
  public let dropLast: Bool
  /// The number of epochs begun. Setting it goes on from there.
  public var epoch = 0

  /// Batches of `batchSize` inputs; the last has what is left. A batch size below 1 is an error.
  public init(
    _ dataset: LabeledDataset, batchSize: Int, shuffle: Bool = false, seed: UInt64 = 0,
    dropLast: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    if batchSize < 1 { programError("DataLoader", "batch size \(batchSize); at least 1", file, line) }
    self.dataset = dataset
    self.batchSize = Swift.max(batchSize, 1)
    self.shuffle = shuffle
    self.seed = seed
    self.dropLast = dropLast
  }

  /// The number of batches in an epoch.
  public var count: Int {
    dataset.count / batchSize + (dropLast || dataset.count.isMultiple(of: batchSize) ? 0 : 1)
  }

  /// The batches of the next epoch.
  public func makeIterator() -> Iterator {
    epoch += 1
    var random = RandomGenerator(seed: seed, stream: UInt32(truncatingIfNeeded: epoch))
    let order = shuffle ? random.permutation(dataset.count).scalars : Array(0..<dataset.count)
    return Iterator(dataset: dataset, order: order, batchSize: batchSize, batches: count)
  }

  /// The batches of the next epoch.
  public func makeAsyncIterator() -> Iterator { makeIterator() }

  /// The batches of one epoch.
  public struct Iterator: IteratorProtocol, AsyncIteratorProtocol {
    let dataset: LabeledDataset
    let order: [Int]
    let batchSize: Int
    let batches: Int
    private var done = 0

    init(dataset: LabeledDataset, order: [Int], batchSize: Int, batches: Int) {
      self.dataset = dataset
      self.order = order
      self.batchSize = batchSize
      self.batches = batches
    }

    /// The next batch, nil behind the last.
    public mutating func next() -> Batch? {
      if done == batches { return nil }
      let start = done * batchSize
      done += 1
      return dataset.batch(Array(order[start...].prefix(batchSize)))
    }
  }

  /// The batches of the next epoch, shown on standard error as they are taken: a bar on a terminal, a line at
  /// the end elsewhere.
  public func progress(_ title: String) -> ProgressSequence<DataLoader> {
    ProgressSequence(self, count: count, title: title)
  }
}
