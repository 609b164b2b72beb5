/// The batches of one epoch.
///
/// ```swift
/// let loader = DataLoader(try Digits().dataset, batchSize: 64)
/// var batches = loader.makeAsyncIterator()
/// while let batch = await batches.next() { print(batch.inputs.shape) }
/// ```
public struct BatchIterator<Batch, Failure: Error>: AsyncIteratorProtocol {
  let make: (Int) throws(Failure) -> Batch?
  private var number: Int

  init(from number: Int, _ make: @escaping (Int) throws(Failure) -> Batch?) {
    self.number = number
    self.make = make
  }

  /// Returns the next batch, or nil after the last. It blocks the thread until the batch is made.
  public mutating func nextBatch() throws(Failure) -> Batch? {
    let batch = try make(number)
    number += 1
    return batch
  }

  /// Returns the next batch, or nil after the last.
  public mutating func next() async throws(Failure) -> Batch? { try nextBatch() }
}

extension BatchIterator: IteratorProtocol where Failure == Never {
  /// Returns the next batch, or nil after the last.
  public mutating func next() -> Batch? { nextBatch() }
}
