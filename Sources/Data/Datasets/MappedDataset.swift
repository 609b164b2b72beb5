import MartletCore

/// A dataset whose batches are computed from those of another one.
///
/// ```swift
/// let rows = TensorRows(Tensor<Float>([[1, 2], [3, 4], [5, 6]]))
/// let noisy = rows.map { $0 + Tensor<Float>.normal($0.shape, deviation: 0.1) }
/// for batch in DataLoader(noisy, batchSize: 2, seed: 1, workers: 1) { print(batch.shape) }
/// ```
public struct MappedDataset<Base: Dataset, Batch, Failure: Error>: Dataset {
  /// The number of samples.
  public let count: Int
  let base: Base
  let transform: @Sendable (Base, [Int]) throws(Failure) -> Batch

  /// Returns the transformed batch of the samples at these positions, in this order.
  public func batch(_ positions: [Int]) throws(Failure) -> Batch { try transform(base, positions) }
}

extension Dataset {
  /// Returns a dataset whose batches are those of this one, transformed.
  ///
  /// The transform may draw from the default generator. In a ``DataLoader`` its numbers depend only on the seed, the
  /// epoch and the number of the batch.
  public func map<Output>(
    _ transform: @escaping @Sendable (Batch) -> Output
  ) -> MappedDataset<Self, Output, Failure> {
    MappedDataset(count: count, base: self) { base, positions throws(Failure) in
      transform(try base.batch(positions))
    }
  }

  /// Returns a dataset whose batches are those of this one, transformed by a function that may throw.
  @_disfavoredOverload
  public func map<Output>(
    _ transform: @escaping @Sendable (Batch) throws -> Output
  ) -> MappedDataset<Self, Output, any Error> {
    MappedDataset(count: count, base: self) { base, positions in try transform(try base.batch(positions)) }
  }

  /// Returns a dataset of pairs: a batch of this one, and one of another dataset at the same positions.
  ///
  /// Datasets of different counts are an error.
  ///
  /// ```swift
  /// let images = TensorRows(Tensor<Float>.zeros([10, 1, 8, 8])), numbers = TensorRows(Tensor<Float>.zeros([10, 3]))
  /// let both = images.paired(with: numbers).map { image, numbers in (image / 255, numbers) }
  /// ```
  public func paired<Other: Dataset>(
    with other: Other, file: StaticString = #fileID, line: UInt = #line
  ) -> MappedDataset<Self, (Batch, Other.Batch), Failure> where Other.Failure == Failure {
    let fits = count == other.count
    if !fits {
      programError(
        "paired", "\(count) samples do not fit \(other.count); both datasets must have as many", file, line)
    }
    // Within a scope that catches the mistake the dataset lives on without samples.
    return MappedDataset(count: fits ? count : 0, base: self) { base, positions throws(Failure) in
      (try base.batch(positions), try other.batch(positions))
    }
  }
}
