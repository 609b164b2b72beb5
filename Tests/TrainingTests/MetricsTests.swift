import Martlet
import Testing

/// A layer that returns its input and records how it was called.
private final class Witness: Layer {
  let scale = Tensor<Float>([1], requiresGrad: true), dropout = Dropout(0.5)
  private(set) var calls: [(count: Int, isTraining: Bool, isRecorded: Bool)] = []

  func forward(_ x: Tensor<Float>) -> Tensor<Float> {
    let y = dropout(x * scale)
    calls.append((x.shape[0], isTraining, y.requiresGrad))
    return y
  }
}

private let dataset = LabeledDataset(
  inputs: [0.1, 0.9, 0.8, 0.2, 0.3, 0.7, 5, -5, 0, 1], shape: [2],
  labels: [1, 0, 0, 0, 1])

/// Accuracy and predictions.
@Suite struct MetricsTests {
  @Test("Predictions are the largest logits' classes; accuracy is the share that is right")
  func shares() {
    let model = Witness()
    #expect(model.predictions(on: dataset) == [1, 0, 1, 0, 1])
    #expect(model.accuracy(on: dataset) == 0.8)
    #expect(model.accuracy(on: dataset.split(at: 2).0) == 1)
    #expect(model.accuracy(on: LabeledDataset(inputs: [1, 0], shape: [2], labels: [1])) == 0)
  }

  @Test("The model is called in evaluation, without recording, in batches, in order")
  func calls() {
    let model = Witness()
    _ = model.accuracy(on: dataset, batchSize: 2)
    #expect(model.calls.map(\.count) == [2, 2, 1])
    #expect(model.calls.allSatisfy { !$0.isTraining && !$0.isRecorded })
    #expect((model(Tensor([1, 2])) * 1).requiresGrad, "recording goes on afterwards")
  }

  @Test("Modes are put back as they were, mixed ones too")
  func modes() {
    let first = Witness(), second = Witness()
    let model = Sequential([first, second])
    second.eval()
    _ = model.accuracy(on: dataset)
    #expect(first.isTraining && !second.isTraining)
    model.eval()
    _ = model.accuracy(on: dataset)
    #expect(!first.isTraining && !second.isTraining)
  }

  @Test("Modes are put back when an operation fails inside a scope")
  func failing() {
    let model = Sequential([Dropout(0.5), Linear(3, 2)])
    #expect(throws: TensorError.self) { try catchingTensorErrors { model.accuracy(on: dataset) } }
    #expect(model.isTraining)
  }

  @Test("Of an empty dataset there is no share")
  func empty() {
    let none = LabeledDataset(inputs: [], shape: [2], labels: [])
    #expect(Witness().predictions(on: none).isEmpty)
    #expect(Witness().accuracy(on: none).isNaN)
  }
}
