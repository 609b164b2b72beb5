import Martlet
import Testing

private struct Fault: Error {}
private let rows = TensorRows(Tensor<Float>([[1, 2], [3, 4], [5, 6]]))

/// Datasets made from others.
@Suite struct CombinationTests {
  @Test("A map transforms each batch, and its parts too")
  func map() {
    let doubled = rows.map { ($0 * 2).scalars }
    #expect(doubled.count == 3 && doubled.batch([2, 0]) == [10, 12, 2, 4])
    #expect(doubled.subset([2, 1]).all == [10, 12, 6, 8])
    #expect(doubled.subset([2, 1]).subset([1]).all == [6, 8])
    let sums: [[Float]] = DataLoader(doubled.map { [$0.reduce(0, +)] }, batchSize: 2).map { $0 }
    #expect(sums == [[20], [22]])
  }

  @Test("A map may throw")
  func throwing() throws {
    let picky = rows.map { batch in
      if batch.shape[0] == 1 { throw Fault() }
      return batch
    }
    #expect(try picky.batch([0, 1]).scalars == [1, 2, 3, 4])
    #expect(throws: Fault.self) { try picky.subset([1]).batch([0]) }
  }

  @Test("Pairs have the same positions in both datasets")
  func paired() {
    let both = rows.paired(with: TensorRows(Tensor([7, 8, 9])))
    let (x, y) = both.batch([2, 0])
    #expect(x.scalars == [5, 6, 1, 2] && y.scalars == [9, 7])
    let error = #expect(throws: TensorError.self) {
      try catchingTensorErrors { #expect(rows.paired(with: TensorRows(Tensor([7]))).count == 0) }
    }
    #expect(error?.clientMessage == "paired: 3 samples do not fit 1; both datasets must have as many")
  }

  @Test("Concatenated datasets return the samples of any part in the order of the positions")
  func concatenated() {
    let other = TensorRows(Tensor<Float>([[7, 8], [9, 10]])), none = rows.subset([])
    let all = none.concatenated(with: rows, none, other, none)
    #expect(all.count == 5)
    #expect(all.all.scalars == (1...10).map { Float($0) })
    #expect(all.batch([4, 0, 3, 4]).scalars == [9, 10, 1, 2, 7, 8, 9, 10])
    #expect(all.batch([]).shape == [0, 2] && none.concatenated(with: none).all.shape == [0, 2])
    #expect(all.subset([4]).concatenated(with: all.subset([2])).all.scalars == [9, 10, 5, 6])
    for wrong in [-1, 5] {
      #expect(throws: TensorError.self) { try catchingTensorErrors { all.batch([wrong]).scalars } }
    }
    let labeled = LabeledDataset(inputs: [1, 2], shape: [1], labels: [3, 4])
    let twice = labeled.concatenated(with: labeled).batch([2, 1])
    #expect(twice.inputs.scalars == [1, 2] && twice.labels.scalars == [3, 4])
  }

  @Test("Samples are made one by one and joined")
  func samples() throws {
    let words = ["tensor", "tape", "layer"]
    let data = SampleDataset(count: 3) {
      words[$0]
    } collate: {
      $0.joined(separator: " ")
    }
    #expect(data.batch([2, 0]) == "layer tensor")
    let stacked = SampleDataset(count: 3) { Tensor<Int>([$0, -$0]) }
    #expect(stacked.batch([1, 2]).shape == [2, 2] && stacked.batch([1, 2]).scalars == [1, -1, 2, -2])
    let failing = SampleDataset(count: 3) { (position: Int) throws(Fault) -> Tensor<Int> in
      if position == 1 { throw Fault() }
      return Tensor(position)
    }
    #expect(throws: Fault.self) { try failing.batch([0, 1]) }
    let error = #expect(throws: TensorError.self) {
      try catchingTensorErrors { #expect(SampleDataset(count: -1) { Tensor<Int>($0) }.count == 0) }
    }
    #expect(error?.clientMessage == "SampleDataset: the count must be at least 0, not -1")
  }

  @Test("Rows of any element type and shape, of parts of parts")
  func rowsOfTensors() {
    #expect(rows.shape == [2] && rows.batch([1]).shape == [1, 2])
    #expect(TensorRows(Tensor<Bool>([true, false])).batch([1, 0]).scalars == [false, true])
    #expect(TensorRows(Tensor<Double>.zeros([3, 0])).batch([1, 0]).shape == [2, 0])
    let part = rows.subset([2, 0, 1]).subset([1, 0])
    #expect(part.count == 2 && part.all.scalars == [1, 2, 5, 6])
    for positions in [[3], [-1], [.max], [.min]] {
      #expect(throws: TensorError.self) { try catchingTensorErrors { rows.batch(positions).scalars } }
      #expect(throws: TensorError.self) { try catchingTensorErrors { part.subset(positions).count } }
    }
    let error = #expect(throws: TensorError.self) {
      try catchingTensorErrors { #expect(TensorRows(Tensor<Float>(1)).count == 0) }
    }
    #expect(
      error?.clientMessage == "TensorRows: the tensor has rank 0; its first axis must count the samples")
  }

  @Test("Targets may be numbers or vectors")
  func targets() {
    let data = TensorDataset(inputs: Tensor<Float>([[1], [2]]), targets: Tensor<Double>([[3, 4], [5, 6]]))
    #expect(data.batch([1]).targets.shape == [1, 2] && data.batch([1]).targets.scalars == [5, 6])
    #expect(data.split(at: 1).1.targets.all.scalars == [5, 6])
    for targets in [Tensor<Double>([1]), Tensor(1)] {
      let error = #expect(throws: TensorError.self) {
        try catchingTensorErrors {
          #expect(TensorDataset(inputs: Tensor<Float>([1, 2]), targets: targets).count == 0)
        }
      }
      #expect(
        error?.clientMessage
          == "TensorDataset: inputs of shape [2] and targets of shape \(targets.shape) do not fit; "
          + "the first axis of both must count the samples")
    }
  }
}
