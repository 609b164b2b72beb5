import Martlet
import Testing

private struct Fault: Error, Equatable {}

/// The accuracy of models on datasets of any kind.
@Suite struct DatasetAccuracyTests {
  /// A model whose logits are its inputs.
  private final class Identity: Layer {
    func forward(_ x: Tensor<Float>) -> Tensor<Float> { x }
  }

  @Test("Parts, concatenations and maps have an accuracy as a dataset in memory has")
  func accuracy() {
    let data = LabeledDataset(inputs: [1, 0, 0, 1, 1, 0, 0, 1], shape: [2], labels: [0, 1, 1, 1])
    let model = Identity()
    #expect(model.accuracy(on: data) == 0.75)
    #expect(model.accuracy(on: data.subset([2, 3]).concatenated(with: data), batchSize: 4) == 2.0 / 3)
    let opposite = data.map { Batch(inputs: -$0.inputs, targets: $0.labels) }
    #expect(model.accuracy(on: opposite) == 0.25)
    #expect(model.predictions(on: opposite, batchSize: 3) == [1, 0, 1, 0])
  }

  @Test("An error of the dataset is thrown")
  func errors() throws {
    let failing = SampleDataset(count: 3) { (position: Int) throws(Fault) -> Int in
      if position == 2 { throw Fault() }
      return position
    } collate: { (labels: [Int]) throws(Fault) in
      Batch(inputs: Tensor<Float>.zeros([labels.count, 2]), targets: Tensor(labels))
    }
    let model = Identity()
    #expect(throws: Fault()) { try model.accuracy(on: failing, batchSize: 1) }
    #expect(try model.accuracy(on: failing.subset([0, 1])) == 0.5)
  }
}
