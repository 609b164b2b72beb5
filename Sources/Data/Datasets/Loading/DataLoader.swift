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
///
/// A dataset whose reading may fail is iterated over with `for try await`.
public final class DataLoader<Source: Dataset>: AsyncSequence {
  /// The samples that are returned together.
  public typealias Element = Source.Batch
  /// The batches of one epoch.
  public typealias AsyncIterator = BatchIterator<Source.Batch, Source.Failure>

  /// The dataset whose batches are returned.
  public let dataset: Source
  /// The number of samples in a batch.
  public let batchSize: Int
  /// A Boolean value that tells whether the samples are shuffled anew in each epoch.
  public let shuffle: Bool
  /// The seed of the orders.
  public let seed: UInt64
  /// A Boolean value that tells whether a last batch of fewer samples is left out.
  public let dropLast: Bool
  /// The number of epochs begun. After `epoch = n` the next iteration is epoch n + 1.
  public var epoch = 0 {
    didSet { place = LoaderPosition(epoch: epoch) }
  }
  /// The number of batches that the next iteration leaves out.
  private var skipped = 0
  private var place = LoaderPosition()

  /// Makes a loader of batches of `batchSize` samples. The last batch may be smaller. A batch size below 1 is
  /// an error.
  public init(
    _ dataset: Source, batchSize: Int, shuffle: Bool = false, seed: UInt64 = 0,
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

  /// The place after the batch that was taken last. After a position is set, the next iteration returns the rest of
  /// its epoch: the same batches, bit by bit, as if the epoch had not been interrupted.
  public var position: LoaderPosition {
    get { place }
    set {
      epoch = newValue.epoch
      skipped = Swift.max(newValue.batch, 0)
      place = newValue
    }
  }

  /// Returns the batches of the next epoch.
  public func makeAsyncIterator() -> BatchIterator<Source.Batch, Source.Failure> {
    let first = Swift.min(skipped, count)
    epoch &+= 1
    skipped = 0
    place = LoaderPosition(epoch: epoch &- 1, batch: first)
    var random = RandomGenerator(seed: seed, stream: UInt32(truncatingIfNeeded: epoch))
    let order = shuffle ? random.permutation(dataset.count).scalars : Array(0..<dataset.count)
    return BatchIterator(from: first) { [epoch, count] number throws(Source.Failure) in
      if number >= count {
        self.place = LoaderPosition(epoch: epoch)
        return nil
      }
      let batch = try self.dataset.batch(Array(order[(number * self.batchSize)...].prefix(self.batchSize)))
      self.place = LoaderPosition(epoch: epoch &- 1, batch: number + 1)
      return batch
    }
  }
}

extension DataLoader: Sequence where Source.Failure == Never {
  /// Returns the batches of the next epoch.
  public func makeIterator() -> BatchIterator<Source.Batch, Never> { makeAsyncIterator() }

  /// Returns the batches of the next epoch, and shows the progress on standard error: a bar on a terminal,
  /// else a line at the end.
  public func progress(_ title: String) -> ProgressSequence<DataLoader> {
    ProgressSequence(self, count: count, title: title)
  }
}
