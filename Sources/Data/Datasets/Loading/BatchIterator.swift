import MartletCore

/// The batches of one epoch, or of the rest of it.
///
/// Threads that make batches ahead end when the last copy of the iterator goes away.
///
/// ```swift
/// let loader = DataLoader(try Digits().dataset, batchSize: 64)
/// var batches = loader.makeAsyncIterator()
/// while let batch = await batches.next() { print(batch.inputs.shape) }
/// ```
public struct BatchIterator<Batch, Failure: Error>: AsyncIteratorProtocol {
  private let epoch: EpochBatches<Batch, Failure>

  init(_ epoch: EpochBatches<Batch, Failure>) { self.epoch = epoch }

  /// Returns the next batch, or nil after the last. It blocks the thread until the batch is made.
  public mutating func nextBatch() throws(Failure) -> Batch? { try epoch.accept(epoch.take()) }

  /// Returns the next batch, or nil after the last and in a cancelled task. It blocks no thread while others make the
  /// batch.
  public mutating func next(isolation: isolated (any Actor)? = #isolation) async throws(Failure) -> Batch? {
    try epoch.accept(await epoch.take(isolation: isolation))
  }
}

extension BatchIterator: IteratorProtocol where Failure == Never {
  /// Returns the next batch, or nil after the last. It blocks the thread until the batch is made.
  public mutating func next() -> Batch? { nextBatch() }
}

/// A batch, or the reason why there is none.
enum BatchOutcome<Batch, Failure: Error> {
  case batch(Batch)
  case failed(Failure)
  /// A mistake of the program on another thread, which the loop reports.
  case mistake(TensorError)

  var isLast: Bool { if case .batch = self { false } else { true } }
}

/// The state that the copies of an iterator share.
final class EpochBatches<Batch, Failure: Error> {
  typealias Outcome = BatchOutcome<Batch, Failure>
  typealias Maker = @Sendable () -> (Int) throws(Failure) -> Batch?

  private let queue: BatchQueue<Outcome>?
  private let helps: Bool
  private let make: (Int) throws(Failure) -> Batch?
  /// Tells the loader how many batches were taken; nil at the end of the epoch.
  private let progress: (Int?) -> Void
  private var taken: Int
  private var isOver = false

  /// Begins at batch `first`. `maker` returns the function that makes a batch of a number; nil at the end. Each thread
  /// has one of its own. If the function has no state, the loop helps: it makes a batch that no thread has begun.
  init(
    from first: Int, workers: Int, ahead: Int, helps: Bool, maker: @escaping Maker,
    progress: @escaping (Int?) -> Void
  ) {
    taken = first
    self.progress = progress
    self.helps = helps
    make = maker()
    // Without a thread, which the system may refuse, the loop makes the batches itself.
    queue =
      workers == 0
      ? nil
      : BatchQueue(from: first, threads: workers, limit: ahead, isLast: \.isLast) {
        let make = maker()
        return { Self.outcome(of: $0, make) }
      }
  }

  deinit { queue?.cancel() }

  func take() -> Outcome? {
    if isOver { return nil }
    if let queue, !helps || queue.takeNumber() == nil { return queue.take() }
    do throws(Failure) { return try make(taken).map { .batch($0) } } catch { return .failed(error) }
  }

  func take(isolation: isolated (any Actor)?) async -> Outcome? {
    guard let queue, !isOver else { return take() }
    let outcome = await queue.take(isolation: isolation)
    // A cancelled task leaves the epoch, which is not its end.
    if case nil = outcome { isOver = !queue.isAtEnd }
    return outcome
  }

  func accept(_ outcome: Outcome?) throws(Failure) -> Batch? {
    defer { if isOver { queue?.cancel() } }
    switch outcome {
    case .batch(let batch):
      taken += 1
      progress(taken)
      return batch
    case .failed(let error):
      isOver = true
      throw error
    case .mistake(let error):
      isOver = true
      programError(error)
    case nil:
      if !isOver { progress(nil) }
      isOver = true
    }
    return nil
  }

  /// Makes a batch on a thread of the queue, where a mistake must not stop the program: the loop may be in a scope that
  /// catches it.
  private static func outcome(of number: Int, _ make: (Int) throws(Failure) -> Batch?) -> Outcome? {
    let outcome = Result {
      try catchingTensorErrors { () -> Outcome? in
        do throws(Failure) { return try make(number).map { .batch($0) } } catch { return .failed(error) }
      }
    }
    switch outcome {
    case .success(let outcome): return outcome
    // The body throws nothing, so the error is a mistake that the scope caught.
    case .failure(let error): return .mistake(error as! TensorError)
    }
  }
}
