/// A place among the batches of a loader, for a checkpoint.
///
/// ```swift
/// let loader = DataLoader(try Digits().dataset, batchSize: 64, shuffle: true, seed: 1)
/// for _ in loader { break }
/// let saved = loader.position
/// print(saved.epoch, saved.batch)  // 0 1
///
/// let resumed = DataLoader(try Digits().dataset, batchSize: 64, shuffle: true, seed: 1)
/// resumed.position = saved
/// for batch in resumed { print(batch.inputs.shape) }  // the rest of the first epoch
/// ```
public struct LoaderPosition: Sendable, Hashable, Codable {
  /// The number of epochs that ended.
  public var epoch: Int
  /// The number of batches that were taken in the epoch after those.
  public var batch: Int

  /// Makes a position after `batch` batches of the epoch that follows `epoch` whole ones.
  public init(epoch: Int = 0, batch: Int = 0) {
    self.epoch = epoch
    self.batch = batch
  }
}
