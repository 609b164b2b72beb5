public import MartletCore

/// A batch whose samples can be selected, and that can be joined with others.
///
/// ```swift
/// struct Sentences: JoinableBatch {
///   var words: Tensor<Int>, lengths: Tensor<Int>
///   static func joined(_ parts: [Sentences]) -> Sentences {
///     Sentences(words: .joined(parts.map(\.words)), lengths: .joined(parts.map(\.lengths)))
///   }
///   func selecting(_ samples: [Int]) -> Sentences {
///     Sentences(words: words.selecting(samples), lengths: lengths.selecting(samples))
///   }
/// }
/// ```
public protocol JoinableBatch {
  /// Returns the samples of all parts, at least one, one after the other.
  static func joined(_ parts: [Self]) -> Self
  /// Returns these samples, in this order.
  func selecting(_ samples: [Int]) -> Self
}

extension Tensor: JoinableBatch {
  /// Returns the rows of all parts, at least one, one after the other.
  public static func joined(_ parts: [Tensor]) -> Tensor { concatenated(parts) }
  /// Returns these rows, in this order.
  public func selecting(_ samples: [Int]) -> Tensor { self[samples] }
}

extension Batch: JoinableBatch {
  /// Returns the samples of all parts, at least one, one after the other.
  public static func joined(_ parts: [Batch]) -> Batch {
    Batch(inputs: .joined(parts.map(\.inputs)), targets: .joined(parts.map(\.targets)))
  }
  /// Returns these samples, in this order.
  public func selecting(_ samples: [Int]) -> Batch {
    Batch(inputs: inputs.selecting(samples), targets: targets.selecting(samples))
  }
}

/// The samples of several datasets one after the other.
///
/// ```swift
/// let (a, b) = try Digits().split(at: 1000)
/// let all = b.concatenated(with: a)
/// for batch in DataLoader(all, batchSize: 64, shuffle: true) { print(batch.inputs.shape) }
/// ```
public struct ConcatenatedDataset<Base: Dataset>: Dataset where Base.Batch: JoinableBatch {
  /// The datasets.
  public let parts: [Base]
  /// The position of the first sample of each dataset, and the number of samples of all.
  private let starts: [Int]

  /// Makes a dataset of the samples of all parts, of which there is at least one.
  init(_ parts: [Base]) {
    self.parts = parts
    starts = parts.reduce(into: [0]) { $0.append($0.last! + $1.count) }
  }

  /// The number of samples.
  public var count: Int { starts.last! }

  /// Returns the samples at these positions, in this order.
  public func batch(_ positions: [Int]) throws(Base.Failure) -> Base.Batch {
    let owners = positions.map { owner(of: $0) }
    // The places in the batch, part after part.
    let places = positions.indices.sorted { (owners[$0], $0) < (owners[$1], $1) }
    var joined: [Base.Batch] = []
    var rest = places[...]
    repeat {
      let owner = rest.first.map { owners[$0] } ?? 0
      let own = rest.prefix { owners[$0] == owner }
      joined.append(try parts[owner].batch(own.map { positions[$0] - starts[owner] }))
      rest = rest.dropFirst(own.count)
    } while !rest.isEmpty
    if joined.count == 1 { return joined[0] }
    var order = [Int](repeating: 0, count: places.count)
    for (row, place) in places.enumerated() { order[place] = row }
    return Base.Batch.joined(joined).selecting(order)
  }

  /// Returns the index of the dataset that has a position.
  private func owner(of position: Int) -> Int {
    var low = 0, high = parts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= position { low = middle } else { high = middle - 1 }
    }
    return low
  }
}

extension Dataset where Batch: JoinableBatch {
  /// Returns a dataset of the samples of this one and then those of others. The batches of all must fit together.
  public func concatenated(with others: Self...) -> ConcatenatedDataset<Self> {
    ConcatenatedDataset([self] + others)
  }
}
