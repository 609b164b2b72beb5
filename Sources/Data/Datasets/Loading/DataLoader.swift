import MartletCore

/// The batches of a dataset. Each iteration over the loader is one epoch.
///
/// The order of an epoch depends only on the seed and on the number of the epoch. The same is true of random numbers
/// that the dataset's transforms draw from the default generator, whatever the number of threads.
///
/// ```swift
/// let (train, _) = try Digits().split(at: 1437)
/// let loader = DataLoader(train, batchSize: 64, shuffle: true, seed: 1)
/// for batch in loader {
///   print(batch.inputs.shape, batch.labels.shape)
/// }
/// ```
///
/// With `workers`, threads of the loader's own make batches ahead of the loop, at most `ahead` of them at a time. A
/// dataset in memory needs none; they pay off for files and transforms. An error in a thread is thrown in the loop. A
/// batch that no thread has begun when it is needed is made by the loop itself.
///
/// A dataset whose reading can fail is iterated over with `for try await`, or with
/// ``BatchIterator/nextBatch()``.
public final class DataLoader<Source: Dataset>: AsyncSequence {
  /// The samples that are returned together.
  public typealias Element = Source.Batch
  /// The batches of one epoch.
  public typealias AsyncIterator = BatchIterator<Source.Batch, Source.Failure>

  /// The dataset whose batches are returned.
  public let dataset: Source
  /// The number of samples in a batch.
  public let batchSize: Int
  /// The rule for the order of an epoch.
  public let sampler: Sampler
  /// A Boolean value that tells whether `shuffle` was set, so that the samples have a new order in each epoch.
  public let shuffle: Bool
  /// The seed of the orders and of the transforms' random numbers.
  public let seed: UInt64
  /// A Boolean value that tells whether a last batch of fewer samples is left out.
  public let dropLast: Bool
  /// The number of threads that make batches ahead.
  public let workers: Int
  /// The largest number of batches that the threads make ahead.
  public let ahead: Int
  private var epochs = EpochCounter()
  /// The place of the call that made the loader, for mistakes of its sampler.
  private let file: StaticString, line: UInt

  /// Makes a loader of batches of `batchSize` samples. The last batch may be smaller.
  ///
  /// A batch size below 1 is an error, and so are a number of workers below 0 and both a shuffle and a sampler. By
  /// default two batches are made ahead for each worker.
  public init(
    _ dataset: Source, batchSize: Int, shuffle: Bool = false, sampler: Sampler? = nil, seed: UInt64 = 0,
    dropLast: Bool = false, workers: Int = 0, ahead: Int? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    if batchSize < 1 {
      programError("DataLoader", "the batch size must be at least 1, not \(batchSize)", file, line)
    }
    if workers < 0 || ahead ?? 1 < 1 {
      programError(
        "DataLoader",
        "the number of workers must be at least 0 and the batches ahead at least 1, not \(workers) and \(ahead ?? 1)",
        file, line)
    }
    if shuffle && sampler != nil {
      programError("DataLoader", "shuffle and a sampler both order the samples; give one of them", file, line)
    }
    self.dataset = dataset
    self.batchSize = Swift.max(batchSize, 1)
    self.sampler = sampler ?? (shuffle ? .shuffled : .sequential)
    self.shuffle = shuffle
    self.seed = seed
    self.dropLast = dropLast
    self.workers = Swift.min(Swift.max(workers, 0), 1024)
    self.ahead = Swift.max(ahead ?? 2 * self.workers, 1)
    (self.file, self.line) = (file, line)
  }

  /// The number of epochs begun. After `epoch = n` the next iteration is epoch n + 1.
  public var epoch: Int {
    get { epochs.begun }
    set { epochs.position = LoaderPosition(epoch: newValue) }
  }

  /// The place after the batch that the loop took last.
  ///
  /// After a place is set, the next iteration returns the rest of its epoch: the same batches, bit by bit, that a
  /// whole epoch has there.
  public var position: LoaderPosition {
    get { epochs.position }
    set { epochs.position = newValue }
  }

  /// The number of batches in an epoch.
  public var count: Int { batches(of: Swift.max(sampler.length(dataset.count), 0)) }

  private func batches(of samples: Int) -> Int {
    samples / batchSize + (dropLast || samples.isMultiple(of: batchSize) ? 0 : 1)
  }

  /// Returns the batches of the next epoch.
  public func makeAsyncIterator() -> BatchIterator<Source.Batch, Source.Failure> {
    let (epoch, first) = epochs.begin()
    let order = order(of: epoch), count = batches(of: order?.count ?? dataset.count)
    let maker = { @Sendable [dataset, batchSize, seed] in
      { (number: Int) throws(Source.Failure) -> Source.Batch? in
        if number >= count { return nil }
        let from = number * batchSize, to = Swift.min(from.plus(batchSize), order?.count ?? dataset.count)
        return try withRandom(ofBatch: number, epoch: epoch, seed: seed) { () throws(Source.Failure) in
          try dataset.batch(order.map { Array($0[from..<to]) } ?? Array(from..<to))
        }
      }
    }
    return BatchIterator(
      EpochBatches(from: Swift.min(first, count), workers: workers, ahead: ahead, helps: true, maker: maker) {
        [self] taken in
        epochs.note(taken, of: epoch)
      })
  }

  /// Returns the positions of an epoch; nil for all in order.
  private func order(of epoch: Int) -> [Int]? {
    var random = RandomGenerator(seed: seed, stream: UInt32(truncatingIfNeeded: epoch))
    guard let order = sampler.order?(dataset.count, &random) else { return nil }
    let length = sampler.length(dataset.count)
    if order.count != length {
      programError(
        "sampler",
        "it drew \(order.count) positions; its length for \(dataset.count) samples is \(length)", file, line)
      return []
    }
    return dataset.checked(order, "sampler", file, line)
  }
}

extension DataLoader: Sequence where Source.Failure == Never {
  /// Returns the batches of the next epoch.
  public func makeIterator() -> BatchIterator<Source.Batch, Never> { makeAsyncIterator() }

  /// The number of batches that the next iteration returns.
  public var underestimatedCount: Int { count - Swift.min(epochs.first, count) }
}

/// Makes a batch with a default generator that depends only on the seed, the epoch and the batch's number, and on one
/// thread: with any number of workers the batch has the same bits, and it takes no threads from the training.
///
/// An epoch's order is drawn from the first 2³² numbers of the same stream.
func withRandom<Batch, Failure: Error>(
  ofBatch number: Int, epoch: Int, seed: UInt64, _ make: () throws(Failure) -> Batch
) throws(Failure) -> Batch {
  let state = RandomGenerator.State(
    seed: seed, stream: UInt32(truncatingIfNeeded: epoch),
    offset: (UInt64(truncatingIfNeeded: number) &+ 1) << 32)
  var random = RandomGenerator(state: state)
  return try withRandom(&random) {
    Threads.limited(to: 1) { Result { () throws(Failure) in try make() } }
  }.get()
}
