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

/// The epochs of a loader: how many began, and where the next iteration begins.
struct EpochCounter {
  /// The number of epochs begun.
  private(set) var begun = 0
  private var place = LoaderPosition()
  /// The first batch of the next iteration.
  private(set) var first = 0

  /// The place after the batch that was taken last. A place that is set begins the next iteration.
  var position: LoaderPosition {
    get { place }
    set {
      begun = newValue.epoch
      place = newValue
      first = max(newValue.batch, 0)
    }
  }

  /// Begins the next epoch, and returns its number and its first batch.
  mutating func begin() -> (epoch: Int, first: Int) {
    begun &+= 1
    place = LoaderPosition(epoch: begun &- 1, batch: first)
    defer { first = 0 }
    return (begun, first)
  }

  /// Notes the number of batches taken in an epoch; nil at its end.
  mutating func note(_ taken: Int?, of epoch: Int) {
    place = taken.map { LoaderPosition(epoch: epoch &- 1, batch: $0) } ?? LoaderPosition(epoch: epoch)
  }
}
