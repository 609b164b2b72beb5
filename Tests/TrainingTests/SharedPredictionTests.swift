import Martlet
import TestSupport
import Testing

/// A convolutional network, which is also a user's module that stores its mode in a plain variable.
private final class Classifier: Layer {
  var isTraining = true
  let conv = Conv2d(1, 4, kernelSize: 3, padding: .same), norm = BatchNorm(4), dropout = Dropout(0.5)
  let head = Linear(4 * 8 * 8, 10)

  func forward(_ x: Tensor<Float>) -> Tensor<Float> {
    let features = dropout(norm(conv(x)).relu().reshaped([x.shape[0], 4 * 8 * 8]))
    return head(isTraining ? features * 0 : features)
  }
}

/// Threads that predict with one model while it is in training.
@Suite struct SharedPredictionTests {
  private static let dataset: LabeledDataset = {
    var random = RandomGenerator(seed: 3)
    return LabeledDataset(inputs: random.normal([40, 1, 8, 8]), labels: random.integers([40], in: 0..<10))
  }()

  @Test func eightThreadsPredictWhatOneDoes() {
    for _ in 0..<5 {
      nonisolated(unsafe) let model = Classifier()
      let alone = model.predictions(on: Self.dataset), share = model.accuracy(on: Self.dataset)
      #expect(Set(alone).count > 1)
      let found = simultaneously(8) { number in
        (0..<4).allSatisfy { _ in
          model.predictions(on: Self.dataset, batchSize: number + 1) == alone
            && model.accuracy(on: Self.dataset, batchSize: 9 - number) == share
        }
      }
      #expect(found.allSatisfy { $0 })
      #expect(model.isTraining && model.norm.isTraining && model.dropout.isTraining)
      #expect(model.norm.batchesTracked?.item == 0, "nothing was tracked")
    }
  }

  @Test func mistakesOnEightThreadsLeaveTheMode() {
    let narrow = LabeledDataset(inputs: [1, 2, 3, 4], shape: [1, 2, 2], labels: [0])
    nonisolated(unsafe) let model = Classifier()
    let refused = simultaneously(8) { number in
      (0..<10).allSatisfy { _ in
        (try? catchingTensorErrors { model.accuracy(on: number % 2 == 0 ? narrow : Self.dataset) }) == nil
          ? number % 2 == 0 : number % 2 == 1
      }
    }
    #expect(refused.allSatisfy { $0 })
    #expect(model.isTraining && model.norm.isTraining && model.dropout.isTraining)
  }

  /// A prediction on another thread does not switch dropout off for a thread that uses the model in training.
  @Test func trainingGoesOnBesideAPrediction() {
    nonisolated(unsafe) let model = Sequential([Dropout(1), Linear(4, 2)])
    let data = LabeledDataset(
      inputs: [Float](repeating: 1, count: 400), shape: [4], labels: [Int](repeating: 0, count: 100))
    let dropped = model(.zeros([1, 4])).scalars
    let found = simultaneously(4) { number in
      (0..<200).allSatisfy { _ in
        number % 2 == 0
          ? model.predictions(on: data, batchSize: 10).count == 100
          : noGrad { model(.ones([1, 4])).scalars } == dropped
      }
    }
    #expect(found.allSatisfy { $0 })
  }
}
