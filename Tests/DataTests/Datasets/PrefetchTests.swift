import Martlet
import Synchronization
import Testing

private struct Fault: Error, Equatable { let position: Int }

/// A dataset of its positions that counts the batches made, and fails at some positions.
private final class Counting: Dataset {
  let count: Int
  let failing: Set<Int>
  let made = Atomic(0)
  init(_ count: Int, failing: Set<Int> = []) { (self.count, self.failing) = (count, failing) }

  func batch(_ positions: [Int]) throws(Fault) -> Tensor<Int> {
    made.add(1, ordering: .relaxed)
    if let position = positions.first(where: failing.contains) { throw Fault(position: position) }
    return Tensor(positions)
  }
}

/// Waits until a condition holds, at most ten seconds.
private func becomesTrue(_ condition: () -> Bool) async -> Bool {
  for _ in 0..<10_000 {
    if condition() { return true }
    try? await Task.sleep(for: .milliseconds(1))
  }
  return false
}

/// Batches that threads of the loader make ahead.
@Suite struct PrefetchTests {
  @Test("The batches have the same bits for any number of workers, also with random transforms")
  func sameBits() {
    let rows = TensorRows(Tensor<Float>.arange(0, 100).reshaped([50, 2]))
    let noisy = rows.map { $0 + Tensor<Float>.normal($0.shape) }
    let bits = { (workers: Int, ahead: Int) -> [[[Float]]] in
      let loader = DataLoader(noisy, batchSize: 7, shuffle: true, seed: 5, workers: workers, ahead: ahead)
      return (0..<3).map { _ in loader.map(\.scalars) }
    }
    let expected = bits(0, 1)
    #expect(expected[0].flatMap { $0 } != expected[1].flatMap { $0 })
    #expect(Set(expected.flatMap { $0.flatMap { $0 } }).count == 300, "each number has noise of its own")
    for workers in 1...4 {
      for ahead in [1, 2, 9] {
        #expect(bits(workers, ahead) == expected, "\(workers) workers, \(ahead) ahead")
      }
    }
  }

  @Test("No more batches are made ahead than asked for, and none after the iterator is gone")
  func bounded() async throws {
    let data = Counting(1000)
    do {
      var batches = DataLoader(data, batchSize: 1, workers: 3, ahead: 4).makeAsyncIterator()
      for taken in 1...20 {
        _ = try batches.nextBatch()
        #expect(await becomesTrue { data.made.load(ordering: .relaxed) == taken + 4 })
      }
      try await Task.sleep(for: .milliseconds(20))
      #expect(data.made.load(ordering: .relaxed) == 24)
    }
    try await Task.sleep(for: .milliseconds(20))
    #expect(data.made.load(ordering: .relaxed) == 24)
  }

  @Test("The threads end and let go of the dataset when a loop is left early")
  func cancelled() async {
    weak var data: Counting?
    do {
      let strong = Counting(100_000)
      data = strong
      for try await _ in DataLoader(strong, batchSize: 1, workers: 2) { break }
    } catch { Issue.record(error) }
    #expect(await becomesTrue { data == nil })
  }

  @Test("An error surfaces in the loop, after the batches before it", arguments: 0...3)
  func errors(_ workers: Int) async throws {
    let loader = DataLoader(Counting(20, failing: [9, 13]), batchSize: 2, workers: workers)
    var taken: [Int] = []
    do {
      for try await batch in loader { taken += batch.scalars }
      Issue.record("nothing was thrown")
    } catch {
      #expect(error == Fault(position: 9))
    }
    #expect(taken == Array(0..<8))
    #expect(loader.position == LoaderPosition(epoch: 0, batch: 4))
    var batches = loader.makeAsyncIterator()
    for _ in 0..<4 { #expect((try? batches.nextBatch()) != nil) }
    #expect(throws: Fault(position: 9)) { try batches.nextBatch() }
    #expect(try batches.nextBatch() == nil, "the epoch is over")
  }

  @Test("A mistake of a transform on another thread is thrown by the scope around the loop", arguments: 0...2)
  func mistakes(_ workers: Int) {
    let rows = TensorRows(Tensor<Float>.ones([4, 2])).map { $0.matmul($0) }
    let error = #expect(throws: TensorError.self) {
      try catchingTensorErrors {
        for batch in DataLoader(rows, batchSize: 3, workers: workers) { _ = batch.shape }
      }
    }
    #expect(error?.operation == "matmul")
  }

  @Test("A cancelled task leaves the loop while it waits for a batch")
  func cancelledTask() async throws {
    let gate = Mutex(false), taken = Counting(0)
    let slow = SampleDataset(count: 3) { (position: Int) -> Tensor<Int> in
      while position > 0 && !gate.withLock({ $0 }) {}
      return Tensor(position)
    }
    let task = Task { [taken] in
      let loader = DataLoader(slow, batchSize: 1, workers: 1)
      for await _ in loader { taken.made.add(1, ordering: .relaxed) }
      return loader.position
    }
    #expect(await becomesTrue { taken.made.load(ordering: .relaxed) == 1 })
    task.cancel()
    #expect(await task.value == LoaderPosition(epoch: 0, batch: 1), "the epoch has not ended")
    #expect(taken.made.load(ordering: .relaxed) == 1)
    gate.withLock { $0 = true }
  }

  @Test("An actor may iterate")
  @MainActor func actor() async throws {
    var sum = 0
    for try await batch in DataLoader(Counting(10), batchSize: 3, workers: 2) { sum += batch.sum().item }
    #expect(sum == 45)
  }
}
