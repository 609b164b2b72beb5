public import MartletCore

/// A dataset in memory: inputs of one shape, each with a class.
///
/// ```swift
/// let data = LabeledDataset(inputs: [0, 0, 0, 1, 1, 0, 1, 1], shape: [2], labels: [0, 1, 1, 0])
/// let batch = data.batch([0, 3])
/// print(batch.inputs.shape, batch.labels)
/// ```
public struct LabeledDataset: Sendable {
  /// The inputs one after the other, each in row-major order.
  private let inputs: [Float]
  private let inputShape: TensorShape
  private let labels: [Int]

  /// Makes a dataset from the numbers of all inputs, one input after the other, and their classes, counted
  /// from 0.
  ///
  /// `inputs` must have as many numbers as the labels times the elements of the shape; else it is an error.
  public init(
    inputs: [Float], shape: TensorShape, labels: [Int], file: StaticString = #fileID, line: UInt = #line
  ) {
    let fits = inputs.count == labels.count * shape.elementCount
    if !fits {
      programError(
        "LabeledDataset", "\(inputs.count) numbers do not fill \(labels.count) inputs of shape \(shape)",
        file, line)
    }
    // Within a scope that catches the error the dataset lives on, so reading it must be safe.
    self.inputs = fits ? inputs : []
    inputShape = shape
    self.labels = fits ? labels : []
  }

  /// Makes a dataset from a table: the rows become inputs `[features]`, the labels become classes.
  public init(_ table: CSV) {
    self.init(inputs: table.features, shape: [table.featureCount], labels: table.labels)
  }

  /// Makes a dataset from inputs `[count, …]` and their labels `[count]`.
  public init(
    inputs: Tensor<Float>, labels: Tensor<Int>, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      inputs: inputs.scalars, shape: TensorShape(inputs.shape.dropFirst()), labels: labels.scalars,
      file: file,
      line: line)
  }

  /// The number of inputs.
  public var count: Int { labels.count }

  /// The shape of one input.
  public var shape: TensorShape { inputShape }

  /// All inputs `[count, …]` and labels `[count]`.
  public var all: Batch { batch(Array(0..<count)) }

  /// Returns the inputs and labels at these positions, in this order. A position out of range is an error.
  public func batch(_ positions: [Int], file: StaticString = #fileID, line: UInt = #line) -> Batch {
    let size = inputShape.elementCount
    if let wrong = positions.first(where: { !(0..<count).contains($0) }) {
      programError("batch", "position \(wrong) is out of range for \(count) inputs", file, line)
      return Batch(inputs: .zeros([0]), labels: .zeros([0]))
    }
    var chosen = [Float]()
    chosen.reserveCapacity(positions.count * size)
    for position in positions { chosen += inputs[position * size..<(position + 1) * size] }
    return Batch(
      inputs: Tensor(chosen, shape: TensorShape([positions.count] + inputShape)),
      labels: Tensor(positions.map { labels[$0] }))
  }

  /// Returns the first `count` inputs, and the rest. A count below 0 or above the number of inputs is an
  /// error.
  public func split(
    at count: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> (LabeledDataset, LabeledDataset) {
    if !(0...self.count).contains(count) {
      programError("split", "position \(count) is out of range for \(self.count) inputs", file, line)
      return (self, self)
    }
    return (part(0..<count), part(count..<self.count))
  }

  /// Returns a dataset of the inputs at these positions, in this order. A position out of range is an error.
  public func permuted(
    _ positions: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> LabeledDataset {
    let chosen = batch(positions, file: file, line: line)
    return LabeledDataset(inputs: chosen.inputs, labels: chosen.labels, file: file, line: line)
  }

  private func part(_ range: Range<Int>) -> LabeledDataset {
    let size = inputShape.elementCount
    return LabeledDataset(
      inputs: Array(inputs[range.lowerBound * size..<range.upperBound * size]), shape: inputShape,
      labels: Array(labels[range]))
  }
}

/// A batch of inputs `[n, …]` and their classes `[n]`.
///
/// ```swift
/// let loader = DataLoader(try Digits().dataset, batchSize: 32)
/// let model = Linear<Float>(64, 10)
/// for batch in loader {
///   model(batch.inputs).crossEntropy(batch.labels).backward()
/// }
/// ```
public struct Batch {
  /// The inputs, `[n, …]`.
  public let inputs: Tensor<Float>
  /// The classes of the inputs, `[n]`.
  public let labels: Tensor<Int>
}
