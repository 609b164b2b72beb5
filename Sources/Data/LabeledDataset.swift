public import MartletCore

/// Inputs of one shape with a class each, in memory.
public struct LabeledDataset: Sendable {
  /// The inputs one after the other, each in row-major order.
  private let inputs: [Float]
  private let inputShape: TensorShape
  private let labels: [Int]

  /// Inputs of a shape one after the other, and as many classes, counted from 0.
  ///
  /// Another number of scalars than that of the labels times that of the shape is an error.
  public init(
    inputs: [Float], shape: TensorShape, labels: [Int], file: StaticString = #fileID, line: UInt = #line
  ) {
    let fits = inputs.count == labels.count * shape.elementCount
    if !fits {
      programError(
        "LabeledDataset", "\(inputs.count) numbers for \(labels.count) inputs of shape \(shape)", file, line)
    }
    // In a scope that catches the mistake, what was refused has to be safe to read.
    self.inputs = fits ? inputs : []
    inputShape = shape
    self.labels = fits ? labels : []
  }

  /// The rows of a table as inputs `[features]`, its labels as classes.
  public init(_ table: CSV) {
    self.init(inputs: table.features, shape: [table.featureCount], labels: table.labels)
  }

  /// Inputs `[count, …]` and their labels `[count]`.
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

  /// The inputs and labels at these positions, in their order. A position out of range is an error.
  public func batch(_ positions: [Int], file: StaticString = #fileID, line: UInt = #line) -> Batch {
    let size = inputShape.elementCount
    if let wrong = positions.first(where: { !(0..<count).contains($0) }) {
      programError("batch", "position \(wrong) of \(count) inputs", file, line)
      return Batch(inputs: .zeros([0]), labels: .zeros([0]))
    }
    var chosen = [Float]()
    chosen.reserveCapacity(positions.count * size)
    for position in positions { chosen += inputs[position * size..<(position + 1) * size] }
    return Batch(
      inputs: Tensor(chosen, shape: TensorShape([positions.count] + inputShape)),
      labels: Tensor(positions.map { labels[$0] }))
  }

  /// The first `count` inputs, and the rest. More than there are is an error.
  public func split(
    at count: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> (LabeledDataset, LabeledDataset) {
    if !(0...self.count).contains(count) {
      programError("split", "at \(count) of \(self.count) inputs", file, line)
      return (self, self)
    }
    return (part(0..<count), part(count..<self.count))
  }

  /// The inputs in another order, or some of them. A position out of range is an error.
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

/// Some inputs `[n, …]` and their classes `[n]`.
public struct Batch {
  /// The inputs, `[n, …]`.
  public let inputs: Tensor<Float>
  /// Their classes, `[n]`.
  public let labels: Tensor<Int>
}
