import MartletCore

/// A finite collection of samples that returns batches by position.
///
/// A dataset is `Sendable`, so that a ``DataLoader`` may read it on threads of its own. A type of one's own needs
/// `count` and `batch(_:)`. A method that cannot fail is written without `throws`, and a loop over its loader then
/// needs no `try`.
///
/// ```swift
/// struct Squares: Dataset {
///   let count = 1000
///   func batch(_ positions: [Int]) -> Batch<Float, Float> {
///     let x = Tensor(positions.map { Float($0) })
///     return Batch(inputs: x, targets: x * x)
///   }
/// }
/// for batch in DataLoader(Squares(), batchSize: 100) { print(batch.inputs.shape, batch.targets.shape) }
/// ```
public protocol Dataset<Batch>: Sendable {
  /// The samples at several positions together, such as ``Batch`` or a tensor.
  ///
  /// It need not be `Sendable`. A batch is made from a `Sendable` dataset and from integers, so nothing else refers
  /// to it, and it may pass to another thread.
  associatedtype Batch
  /// The type of the errors that ``batch(_:)`` throws: `Never` for samples in memory.
  associatedtype Failure: Error = any Error
  /// The type of a part of the dataset.
  associatedtype Part: Dataset = Subset<Self> where Part.Batch == Batch, Part.Failure == Failure

  /// The number of samples.
  var count: Int { get }

  /// Returns the samples at these positions, in this order. Several threads may call it at once.
  ///
  /// Random numbers that a ``DataLoader``'s batch draws from the default generator depend only on the loader's seed,
  /// the epoch and the number of the batch.
  func batch(_ positions: [Int]) throws(Failure) -> Batch

  /// Returns a dataset of the samples at these positions, in this order. A position out of range is an error.
  func subset(_ positions: [Int], file: StaticString, line: UInt) -> Part
}

extension Dataset where Part == Subset<Self> {
  /// Returns a dataset of the samples at these positions, in this order. A position out of range is an error.
  public func subset(
    _ positions: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Subset<Self> {
    Subset(base: self, positions: checked(positions, "subset", file, line))
  }
}

extension Dataset {
  /// Returns the positions, or none after a mistake if one of them is out of range.
  func checked(_ positions: [Int], _ name: String, _ file: StaticString, _ line: UInt) -> [Int] {
    guard let wrong = positions.first(where: { !(0..<count).contains($0) }) else { return positions }
    programError(name, "position \(wrong) is out of range for \(count) samples", file, line)
    return []
  }
}

extension Dataset where Failure == Never {
  /// All samples, in their order.
  public var all: Batch { batch(Array(0..<count)) }
}

/// A dataset of some samples of another one.
///
/// ```swift
/// let rows = TensorRows(Tensor<Float>([[1, 2], [3, 4], [5, 6]]))
/// let doubled = rows.map { $0 * 2 }
/// print(doubled.subset([2, 0]).all)
/// ```
public struct Subset<Base: Dataset>: Dataset {
  let base: Base
  let positions: [Int]

  /// The number of samples.
  public var count: Int { positions.count }

  /// Returns the samples at these positions, in this order.
  public func batch(_ positions: [Int]) throws(Base.Failure) -> Base.Batch {
    try base.batch(positions.map { self.positions[$0] })
  }

  /// Returns a dataset of the samples at these positions, in this order. A position out of range is an error.
  public func subset(
    _ positions: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Subset {
    let positions = checked(positions, "subset", file, line)
    return Subset(base: base, positions: positions.map { self.positions[$0] })
  }
}
