import Martlet
import Testing

/// A dataset whose inputs and labels are the positions of the samples.
private func numbered(_ count: Int) -> LabeledDataset {
  LabeledDataset(inputs: (0..<count).map { Float($0) }, shape: [1], labels: Array(0..<count))
}

/// The labels of an epoch, batch by batch.
private func labels(_ loader: DataLoader<LabeledDataset>) -> [[Int]] { loader.map { $0.labels.scalars } }

/// The batches of epochs.
@Suite struct DataLoaderTests {
  @Test("In order, every epoch the same, the last batch with what is left")
  func inOrder() {
    let loader = DataLoader(numbered(10), batchSize: 4)
    for _ in 0..<2 {
      var shapes: [TensorShape] = []
      var inputs: [Float] = []
      for batch in loader {
        shapes.append(batch.inputs.shape)
        inputs += batch.inputs.scalars
        #expect(batch.inputs.scalars == batch.labels.scalars.map { Float($0) })
      }
      #expect(shapes == [[4, 1], [4, 1], [2, 1]])
      #expect(inputs == (0..<10).map { Float($0) })
    }
    #expect(loader.epoch == 2)
  }

  @Test(
    "The count of batches is what is walked over, with the last batch or without",
    arguments: [
      (10, 4, 3, 2), (8, 4, 2, 2), (3, 4, 1, 0), (0, 4, 0, 0), (5, 1, 5, 5), (5, 5, 1, 1), (5, Int.max, 1, 0),
    ])
  func counts(_ inputs: Int, _ batchSize: Int, _ count: Int, _ full: Int) {
    for shuffle in [false, true] {
      let loader = DataLoader(numbered(inputs), batchSize: batchSize, shuffle: shuffle)
      #expect(loader.count == count)
      #expect(labels(loader).count == count)
      let dropping = DataLoader(numbered(inputs), batchSize: batchSize, shuffle: shuffle, dropLast: true)
      #expect(dropping.count == full)
      #expect(labels(dropping).map(\.count) == [Int](repeating: batchSize, count: full))
    }
  }

  @Test("Shuffled, every input comes once an epoch, with its label, in another order each epoch")
  func shuffled() {
    let loader = DataLoader(numbered(50), batchSize: 7, shuffle: true, seed: 3)
    var orders: Set<[Int]> = []
    for _ in 0..<5 {
      var order: [Int] = []
      for batch in loader {
        #expect(batch.inputs.scalars == batch.labels.scalars.map { Float($0) })
        order += batch.labels.scalars
      }
      #expect(order.sorted() == Array(0..<50))
      orders.insert(order)
    }
    #expect(orders.count == 5)
    #expect(!orders.contains(Array(0..<50)))
  }

  @Test("The order follows from the seed and the number of the epoch, and from nothing else")
  func reproducible() {
    let loader = DataLoader(numbered(40), batchSize: 8, shuffle: true, seed: 3)
    let epochs = (0..<3).map { _ in labels(loader) }
    let again = DataLoader(numbered(40), batchSize: 8, shuffle: true, seed: 3)
    var random = RandomGenerator(seed: 99)
    withRandom(&random) {
      for epoch in epochs { #expect(labels(again) == epoch) }
    }
    #expect(random == RandomGenerator(seed: 99), "nothing is drawn from the default generator")
    let resumed = DataLoader(numbered(40), batchSize: 8, shuffle: true, seed: 3)
    resumed.epoch = 2
    #expect(labels(resumed) == epochs[2])
    let larger = DataLoader(numbered(40), batchSize: 10, shuffle: true, seed: 3)
    #expect(labels(larger).flatMap { $0 } == epochs[0].flatMap { $0 }, "the size of batches does not matter")
    #expect(labels(DataLoader(numbered(40), batchSize: 8, shuffle: true, seed: 4)) != epochs[0])
  }

  @Test("Each input is as likely at each place")
  func uniform() {
    let loader = DataLoader(numbered(5), batchSize: 5, shuffle: true, seed: 1)
    var counts = [Int](repeating: 0, count: 25)
    for _ in 0..<4000 {
      for (place, label) in labels(loader)[0].enumerated() { counts[place * 5 + label] += 1 }
    }
    let deviation = (4000 * 0.2 * 0.8).squareRoot()
    #expect(counts.allSatisfy { abs(Double($0) - 800) < 5 * deviation }, "\(counts)")
  }

  @Test("An epoch that was left early does not touch the next, nor do two at a time touch each other")
  func independentEpochs() {
    let loader = DataLoader(numbered(20), batchSize: 6, shuffle: true, seed: 8)
    let expected = (0..<3).map { _ in labels(loader) }
    let other = DataLoader(numbered(20), batchSize: 6, shuffle: true, seed: 8)
    for _ in other { break }
    var second = other.makeIterator(), third = other.makeIterator()
    for batch in 0..<4 {
      #expect(second.next()?.labels.scalars == expected[1][batch])
      #expect(third.next()?.labels.scalars == expected[2][batch])
    }
    #expect(second.next() == nil && second.next() == nil)
  }

  @Test("for try await gives the same batches")
  func asynchronous() async throws {
    let loader = DataLoader(numbered(20), batchSize: 6, shuffle: true, seed: 8)
    let expected = [labels(loader), labels(loader)]
    loader.epoch = 0
    for epoch in expected {
      var found: [[Int]] = []
      for try await batch in loader { found.append(batch.labels.scalars) }
      #expect(found == epoch)
    }
  }

  @Test("A batch size below 1 is refused, with the caller's line", arguments: [0, -3])
  func batchSize(_ size: Int) {
    let error = #expect(throws: TensorError.self) {
      try catchingTensorErrors { labels(DataLoader(numbered(3), batchSize: size)) }
    }
    #expect(
      error?.description.hasPrefix(
        "DataLoader: the batch size must be at least 1, not \(size) (DataLoaderTests.swift:")
        == true)
  }
}
