public import MartletCore
public import MartletData
public import MartletLayers

extension Layer where Input == Tensor<Float>, Output == Tensor<Float> {
  /// Returns the class that a model of logits `[n, classes]` predicts for each input of a dataset.
  ///
  /// The model runs in evaluation mode and without recording. The mode that was set does not change, and
  /// several threads may share the model, see ``Module/evaluating(_:)``.
  public func predictions(on dataset: LabeledDataset, batchSize: Int = 256) -> [Int] {
    evaluating {
      noGrad {
        DataLoader(dataset, batchSize: batchSize).flatMap { batch in
          self(batch.inputs).argmax(axis: 1).scalars
        }
      }
    }
  }

  /// Returns the share of a dataset that a model of logits `[n, classes]` classifies correctly; NaN for an
  /// empty dataset.
  ///
  /// The model runs in evaluation mode and without recording. The mode that was set does not change, and
  /// several threads may share the model, see ``Module/evaluating(_:)``.
  public func accuracy(on dataset: LabeledDataset, batchSize: Int = 256) -> Double {
    let right = zip(predictions(on: dataset, batchSize: batchSize), dataset.all.labels.scalars)
      .reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
    return Double(right) / Double(dataset.count)
  }
}
