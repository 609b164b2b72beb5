import Martlet
import Testing

/// Loaders that continue in the middle of an epoch.
@Suite struct LoaderPositionTests {
  private func loader(_ workers: Int) -> DataLoader<MappedDataset<TensorRows<Float>, Tensor<Float>, Never>> {
    let noisy = TensorRows(Tensor<Float>.arange(0, 23)).map { $0 + Tensor<Float>.uniform($0.shape) }
    return DataLoader(noisy, batchSize: 4, shuffle: true, seed: 2, workers: workers)
  }

  @Test("The rest of an epoch has the same bits, from any batch on", arguments: [0, 1, 3])
  func rest(_ workers: Int) {
    let whole = loader(0)
    let epochs: [[[Float]]] = (0..<3).map { _ in whole.map(\.scalars) }
    for batch in 0...6 {
      let interrupted = loader(workers)
      interrupted.epoch = 1
      var batches = interrupted.makeIterator()
      for _ in 0..<batch { _ = batches.next() }
      #expect(interrupted.position == LoaderPosition(epoch: 1, batch: batch))
      let resumed = loader(workers)
      resumed.position = interrupted.position
      #expect(resumed.position == interrupted.position)
      #expect(resumed.map(\.scalars) == Array(epochs[1][batch...]))
      #expect(resumed.map(\.scalars) == epochs[2], "the next epoch is whole")
    }
  }

  @Test("After its last batch an epoch still runs; after its end the next one is begun")
  func ends() {
    let loader = loader(0)
    #expect(loader.position == LoaderPosition())
    var batches = loader.makeIterator()
    for _ in 0..<loader.count { _ = batches.next() }
    #expect(loader.position == LoaderPosition(epoch: 0, batch: 6))
    #expect(batches.next() == nil)
    #expect(loader.position == LoaderPosition(epoch: 1))
  }

  @Test(
    "Places that no epoch has begin at its end or start", arguments: [(-5, 6), (7, 0), (.max, 0), (.min, 6)])
  func outside(_ batch: Int, _ left: Int) {
    for workers in 0...1 {
      let loader = loader(workers)
      loader.position = LoaderPosition(epoch: .max, batch: batch)
      #expect(loader.map(\.count).count == left)
    }
  }

  @Test("A stream continues too, and its buffer draws the same samples", arguments: [0, 3])
  func stream(_ ahead: Int) {
    let make = { (ahead: Int) in
      StreamLoader(0..<30, batchSize: 4, shuffleBuffer: 8, seed: 3, ahead: ahead) {
        Tensor($0.map { Float($0) }) + Tensor<Float>.uniform([$0.count])
      }
    }
    let expected: [[Float]] = make(0).map(\.scalars)
    for batch in 0...9 {
      let loader = make(ahead)
      loader.position = LoaderPosition(epoch: 0, batch: batch)
      #expect(loader.map(\.scalars) == Array(expected.dropFirst(batch)))
      #expect(loader.position == LoaderPosition(epoch: 1))
    }
  }
}
