public import MartletCore

/// A dataset of tensors of one shape in memory, without targets.
///
/// ```swift
/// let rows = TensorRows(Tensor<Float>([[1, 2], [3, 4], [5, 6]]))
/// for batch in DataLoader(rows, batchSize: 2) { print(batch.shape) }  // [2, 2], [1, 2]
/// ```
public struct TensorRows<Element: TensorScalar>: Dataset {
  /// The shape of one sample.
  public let shape: TensorShape
  /// The samples one after the other, each in row-major order. Arrays are `Sendable`, as tensors are not.
  private let scalars: [Element]
  private let selection: Selection

  /// The rows that belong to the dataset. A part shares the scalars.
  private enum Selection {
    case range(Range<Int>)
    case list([Int])

    var count: Int {
      switch self {
      case .range(let range): range.count
      case .list(let list): list.count
      }
    }

    func rows(_ positions: [Int]) -> [Int] {
      switch self {
      case .range(let range): positions.map { range.lowerBound + $0 }
      case .list(let list): positions.map { list[$0] }
      }
    }
  }

  /// Makes a dataset of the rows of a tensor `[count, …]`. A tensor of rank 0 is an error.
  public init(_ rows: Tensor<Element>, file: StaticString = #fileID, line: UInt = #line) {
    if rows.rank == 0 {
      programError("TensorRows", "the tensor has rank 0; its first axis must count the samples", file, line)
    }
    // Within a scope that catches the mistake the dataset lives on without samples.
    self.init(rows.scalars, shape: TensorShape(rows.shape.dropFirst()), count: rows.shape.first ?? 0)
  }

  /// Makes a dataset of `count` samples, whose scalars fit.
  init(_ scalars: [Element], shape: TensorShape, count: Int) {
    self.scalars = scalars
    self.shape = shape
    selection = .range(0..<(scalars.count == count.times(shape.elementCount) ? count : 0))
  }

  private init(_ rows: TensorRows, _ selection: Selection) {
    shape = rows.shape
    scalars = rows.scalars
    self.selection = selection
  }

  /// The number of samples.
  public var count: Int { selection.count }

  /// Returns the samples at these positions, in this order, `[n, …]`. A position out of range is an error.
  public func batch(
    _ positions: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Element> {
    gather(selection.rows(checked(positions, "batch", file, line)))
  }

  /// Returns the samples at these positions, in this order, `[n, …]`.
  @_disfavoredOverload
  public func batch(_ positions: [Int]) -> Tensor<Element> { batch(positions, file: #fileID, line: #line) }

  /// Returns a dataset of the samples at these positions, in this order. It shares the memory. A position out of
  /// range is an error.
  public func subset(
    _ positions: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> TensorRows {
    TensorRows(self, .list(selection.rows(checked(positions, "subset", file, line))))
  }

  /// Returns the samples of a range of positions, which must not exceed the count.
  func part(_ range: Range<Int>) -> TensorRows {
    switch selection {
    case .range(let all):
      TensorRows(self, .range(all.lowerBound + range.lowerBound..<all.lowerBound + range.upperBound))
    case .list(let list): TensorRows(self, .list(Array(list[range])))
    }
  }

  /// Returns a tensor of these rows, one copy of memory a row.
  private func gather(_ rows: [Int]) -> Tensor<Element> {
    let width = shape.elementCount * MemoryLayout<Element>.stride
    let shape = TensorShape([rows.count] + shape)
    return scalars.withUnsafeBytes { source in
      Tensor<Element>.reading(shape) { bytes in
        for (place, row) in rows.enumerated() where width > 0 {
          bytes.baseAddress!.advanced(by: place * width).copyMemory(
            from: source.baseAddress! + row * width, byteCount: width)
        }
      } ?? .full(shape, .absent)  // There is no room: this reports it.
    }
  }
}
