import MartletCore

/// The batches of samples that come one after the other, such as the lines of a file too large for the memory.
///
/// Each iteration is one epoch, for which `source` begins anew. A buffer of `shuffleBuffer` samples changes their
/// order: each sample of a batch is drawn from the buffer, and the next one of the stream takes its place. The draws
/// depend only on the seed and the epoch.
///
/// ```swift
/// let loader = StreamLoader(0..<1000, batchSize: 32, shuffleBuffer: 256, seed: 1, ahead: 2) { numbers in
///   Tensor(numbers.map { Float($0) })
/// }
/// for batch in loader { print(batch.shape) }
/// ```
///
/// A source that can fail is iterated over with `for try await`, or with ``BatchIterator/nextBatch()``.
public final class StreamLoader<Sample, Batch, Failure: Error>: AsyncSequence {
  /// The samples that are returned together.
  public typealias Element = Batch
  /// The batches of one epoch.
  public typealias AsyncIterator = BatchIterator<Batch, Failure>
  /// A function that returns the next sample, or nil after the last.
  public typealias Samples = () throws(Failure) -> Sample?

  /// The number of samples in a batch.
  public let batchSize: Int
  /// The number of samples among which the next one is drawn; 1 keeps the order.
  public let shuffleBuffer: Int
  /// The seed of the draws.
  public let seed: UInt64
  /// A Boolean value that tells whether a last batch of fewer samples is left out.
  public let dropLast: Bool
  /// The number of batches that a thread of the loader's own makes ahead; 0 for no thread.
  public let ahead: Int
  private let source: @Sendable (Int) throws(Failure) -> Samples
  private let collate: @Sendable ([Sample]) throws(Failure) -> Batch
  private var epochs = EpochCounter()

  /// Makes a loader of batches of `batchSize` samples. `source` begins an epoch, whose number it is given, and
  /// `collate` joins the samples of a batch. The closure of a source that can fail begins with `epoch throws in`.
  ///
  /// A batch size or a buffer below 1 is an error, and so is a number of batches ahead below 0.
  ///
  /// ```swift
  /// let loader = StreamLoader(batchSize: 2, source: { epoch in
  ///   var left = 5
  ///   return {
  ///     left -= 1
  ///     return left < 0 ? nil : left + epoch
  ///   }
  /// }, collate: { Tensor($0) })
  /// ```
  public init(
    batchSize: Int, shuffleBuffer: Int = 1, seed: UInt64 = 0, dropLast: Bool = false, ahead: Int = 0,
    source: @escaping @Sendable (_ epoch: Int) throws(Failure) -> Samples,
    collate: @escaping @Sendable ([Sample]) throws(Failure) -> Batch,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    if batchSize < 1 || shuffleBuffer < 1 || ahead < 0 {
      programError(
        "StreamLoader",
        "the batch size \(batchSize) and the buffer \(shuffleBuffer) must be at least 1, "
          + "and the batches ahead \(ahead) at least 0", file, line)
    }
    self.batchSize = Swift.max(batchSize, 1)
    self.shuffleBuffer = Swift.max(shuffleBuffer, 1)
    self.seed = seed
    self.dropLast = dropLast
    self.ahead = Swift.max(ahead, 0)
    self.source = source
    self.collate = collate
  }

  /// Makes a loader of batches of the elements of a sequence, which each epoch begins anew.
  public convenience init(
    _ samples: some Sequence<Sample> & Sendable, batchSize: Int, shuffleBuffer: Int = 1, seed: UInt64 = 0,
    dropLast: Bool = false, ahead: Int = 0, file: StaticString = #fileID, line: UInt = #line,
    collate: @escaping @Sendable ([Sample]) throws(Failure) -> Batch
  ) {
    let source = { @Sendable (_: Int) -> Samples in
      var iterator = samples.makeIterator()
      return { iterator.next() }
    }
    self.init(
      batchSize: batchSize, shuffleBuffer: shuffleBuffer, seed: seed, dropLast: dropLast, ahead: ahead,
      source: source, collate: collate, file: file, line: line)
  }

  /// The number of epochs begun. After `epoch = n` the next iteration is epoch n + 1.
  public var epoch: Int {
    get { epochs.begun }
    set { epochs.position = LoaderPosition(epoch: newValue) }
  }

  /// The place after the batch that the loop took last.
  ///
  /// After a place is set, the next iteration returns the rest of its epoch. It reads the stream from its begin, and
  /// leaves out the batches before that place.
  public var position: LoaderPosition {
    get { epochs.position }
    set { epochs.position = newValue }
  }

  /// Returns the batches of the next epoch.
  public func makeAsyncIterator() -> BatchIterator<Batch, Failure> {
    let (epoch, first) = epochs.begin()
    let maker = { @Sendable [seed, batchSize, shuffleBuffer, dropLast, source, collate] in
      let random = RandomGenerator(seed: seed, stream: UInt32(truncatingIfNeeded: epoch))
      var buffer = ShuffleBuffer<Sample, Failure>(size: shuffleBuffer, random: random) { () throws(Failure) in
        try source(epoch)
      }
      var next = 0
      return { (number: Int) throws(Failure) -> Batch? in
        // Batches before the first that is wanted are read and left out.
        while true {
          let isWanted = next == number
          var isEnd = false
          let batch = try withRandom(ofBatch: next, epoch: epoch, seed: seed) {
            () throws(Failure) -> Batch? in
            let samples = try buffer.take(batchSize)
            isEnd = samples.isEmpty || dropLast && samples.count < batchSize
            return isEnd || !isWanted ? nil : try collate(samples)
          }
          next += 1
          if isEnd || isWanted { return batch }
        }
      }
    }
    return BatchIterator(
      EpochBatches(from: first, workers: ahead > 0 ? 1 : 0, ahead: ahead, helps: false, maker: maker) {
        [self] taken in
        epochs.note(taken, of: epoch)
      })
  }
}

extension StreamLoader: Sequence where Failure == Never {
  /// Returns the batches of the next epoch.
  public func makeIterator() -> BatchIterator<Batch, Never> { makeAsyncIterator() }
}

/// The samples of a stream in an order that a buffer changes.
struct ShuffleBuffer<Sample, Failure: Error> {
  private let size: Int
  private var random: RandomGenerator
  private let open: () throws(Failure) -> () throws(Failure) -> Sample?
  private var stream: (() throws(Failure) -> Sample?)?
  private var held: [Sample] = []
  private var isAtEnd = false

  /// Makes a buffer of `size` samples. The stream is opened when the first sample is taken.
  init(
    size: Int, random: RandomGenerator, open: @escaping () throws(Failure) -> () throws(Failure) -> Sample?
  ) {
    self.size = size
    self.random = random
    self.open = open
  }

  /// Returns the next `count` samples, or fewer at the end.
  mutating func take(_ count: Int) throws(Failure) -> [Sample] {
    if stream == nil { stream = try open() }
    var samples: [Sample] = []
    while samples.count < count {
      while !isAtEnd && held.count < size {
        if let sample = try stream!() { held.append(sample) } else { isAtEnd = true }
      }
      if held.isEmpty { break }
      let place = size == 1 ? 0 : random.integers([], in: 0..<held.count).item
      held.swapAt(place, held.count - 1)
      samples.append(held.removeLast())
    }
    return samples
  }
}
