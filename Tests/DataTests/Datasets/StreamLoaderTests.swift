import Martlet
import Testing

private struct Fault: Error {}

/// Batches of samples that come one after the other.
@Suite struct StreamLoaderTests {
  private func batches(
    _ count: Int, batchSize: Int, buffer: Int = 1, seed: UInt64 = 0, dropLast: Bool = false, ahead: Int = 0
  ) -> [[Int]] {
    let loader = StreamLoader(
      0..<count, batchSize: batchSize, shuffleBuffer: buffer, seed: seed, dropLast: dropLast, ahead: ahead
    ) { $0 }
    return Array(loader)
  }

  @Test("Without a buffer the samples keep their order", arguments: [0, 1, 3])
  func order(_ ahead: Int) {
    #expect(batches(7, batchSize: 3, ahead: ahead) == [[0, 1, 2], [3, 4, 5], [6]])
    #expect(batches(7, batchSize: 3, dropLast: true, ahead: ahead) == [[0, 1, 2], [3, 4, 5]])
    #expect(batches(0, batchSize: 3, ahead: ahead).isEmpty)
    #expect(batches(2, batchSize: .max, ahead: ahead) == [[0, 1]])
  }

  @Test(
    "A buffer changes the order: each sample comes once, at most its size too early", arguments: [2, 10, 500])
  func buffer(_ size: Int) {
    let order = batches(200, batchSize: 7, buffer: size, seed: 1).flatMap { $0 }
    #expect(order.sorted() == Array(0..<200) && order != Array(0..<200))
    #expect(order.enumerated().allSatisfy { $1 - $0 < size })
    #expect(batches(200, batchSize: 9, buffer: size, seed: 1, ahead: 2).flatMap { $0 } == order)
    #expect(batches(200, batchSize: 7, buffer: size, seed: 2).flatMap { $0 } != order)
  }

  @Test("Each epoch begins the source anew, in another order")
  func epochs() {
    let loader = StreamLoader(0..<50, batchSize: 10, shuffleBuffer: 50, seed: 4) { $0 }
    let first = loader.flatMap { $0 }, second = loader.flatMap { $0 }
    #expect(first != second && first.sorted() == second.sorted())
    loader.epoch = 0
    #expect(loader.flatMap { $0 } == first)
  }

  @Test("The source knows the epoch, and its error surfaces in the loop", arguments: [0, 2])
  func errors(_ ahead: Int) async {
    let loader = StreamLoader(
      batchSize: 2, ahead: ahead,
      source: { epoch throws in
        var left = 5
        return {
          left -= 1
          if left == 0 { throw Fault() }
          return epoch * 10 + left
        }
      }, collate: { $0 })
    for epoch in 1...2 {
      var taken: [[Int]] = []
      await #expect(throws: Fault.self) { for try await batch in loader { taken.append(batch) } }
      #expect(taken == [[epoch * 10 + 4, epoch * 10 + 3], [epoch * 10 + 2, epoch * 10 + 1]])
    }
  }
}
