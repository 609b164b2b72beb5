public import MartletCore
public import MartletData
public import MartletLayers

extension Layer where Input == Tensor<Float>, Output == Tensor<Float> {
  /// Returns the class that a model of logits `[n, classes]` predicts for each input of a dataset.
  ///
  /// The model runs in evaluation mode and without recording. The mode that was set does not change, and
  /// several threads may share the model, see ``Module/evaluating(_:)``.
  public func predictions<Source: Dataset>(
    on dataset: Source, batchSize: Int = 256
  ) throws(Source.Failure) -> [Int] where Source.Batch == Batch<Float, Int> {
    try classify(dataset, batchSize).predicted
  }

  /// Returns the share of a dataset that a model of logits `[n, classes]` classifies correctly; NaN for an
  /// empty dataset.
  ///
  /// The model runs in evaluation mode and without recording. The mode that was set does not change, and
  /// several threads may share the model, see ``Module/evaluating(_:)``.
  public func accuracy<Source: Dataset>(
    on dataset: Source, batchSize: Int = 256
  ) throws(Source.Failure) -> Double where Source.Batch == Batch<Float, Int> {
    let (predicted, labels) = try classify(dataset, batchSize)
    let right = zip(predicted, labels).reduce(0) { $0 + ($1.0 == $1.1 ? 1 : 0) }
    return Double(right) / Double(dataset.count)
  }

  /// Returns the predicted class and the label of each input.
  private func classify<Source: Dataset>(
    _ dataset: Source, _ batchSize: Int
  ) throws(Source.Failure) -> (predicted: [Int], labels: [Int]) where Source.Batch == Batch<Float, Int> {
    var predicted: [Int] = [], labels: [Int] = []
    var batches = DataLoader(dataset, batchSize: batchSize).makeAsyncIterator()
    while let batch = try batches.nextBatch() {
      predicted += evaluating { noGrad { self(batch.inputs).argmax(axis: 1).scalars } }
      labels += batch.labels.scalars
    }
    return (predicted, labels)
  }
}
