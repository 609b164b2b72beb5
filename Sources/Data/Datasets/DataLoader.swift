import MartletCore

/// The batches of a dataset. Each iteration over the loader is one epoch.
///
/// With `shuffle`, the order of an epoch depends only on the seed and on the number of the epoch.
///
/// ```swift
/// let (train, _) = try Digits().split(at: 1437)
/// let loader = DataLoader(train, batchSize: 64, shuffle: true, seed: 1)
/// for batch in loader {
///   print(batch.inputs.shape, batch.labels.shape)
/// }
/// ```
public final class DataLoader: Sequence, AsyncSequence {
  /// The dataset whose batches are returned.
  public let dataset: LabeledDataset
  /// The number of inputs in a batch.
  public let batchSize: Int
  /// A Boolean value that tells whether the inputs are shuffled anew in each epoch.
  public let shuffle: Bool
  /// The seed of the orders.
  public let seed: UInt64
  /// A Boolean value that tells whether a last batch of fewer inputs is left out.
  public let dropLast: Bool
  /// The number of epochs begun. After `epoch = n` the next iteration is epoch n + 1.
  public var epoch = 0

  /// Makes a loader of batches of `batchSize` inputs. The last batch may be smaller. A batch size below 1 is
  /// an error.
  public init(
    _ dataset: LabeledDataset, batchSize: Int, shuffle: Bool = false, seed: UInt64 = 0,
    dropLast: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    if batchSize < 1 {
      programError("DataLoader", "the batch size must be at least 1, not \(batchSize)", file, line)
    }
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

  /// Returns the batches of the next epoch.
  public func makeIterator() -> Iterator {
    epoch += 1
    var random = RandomGenerator(seed: seed, stream: UInt32(truncatingIfNeeded: epoch))
    let order = shuffle ? random.permutation(dataset.count).scalars : Array(0..<dataset.count)
    return Iterator(dataset: dataset, order: order, batchSize: batchSize, batches: count)
  }

  /// Returns the batches of the next epoch.
  public func makeAsyncIterator() -> Iterator { makeIterator() }

  /// The batches of one epoch.
  ///
  /// ```swift
  /// let loader = DataLoader(try Digits().dataset, batchSize: 64)
  /// var batches = loader.makeAsyncIterator()
  /// while let batch = await batches.next() { print(batch.inputs.shape) }
  /// ```
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

    /// Returns the next batch, or nil after the last.
    public mutating func next() -> Batch? {
      if done == batches { return nil }
      let start = done * batchSize
      done += 1
      return dataset.batch(Array(order[start...].prefix(batchSize)))
    }
  }

  /// Returns the batches of the next epoch, and shows the progress on standard error: a bar on a terminal,
  /// else a line at the end.
  public func progress(_ title: String) -> ProgressSequence<DataLoader> {
    ProgressSequence(self, count: count, title: title)
  }
}
