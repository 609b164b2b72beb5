public import MartletCore

/// A dataset in memory: inputs of one shape, each with a target, such as a class, a number or a vector.
///
/// ```swift
/// let x = Tensor<Float>.linspace(0, 1, count: 100).reshaped([100, 1])
/// let data = TensorDataset(inputs: x, targets: x * x)
/// let batch = data.batch([0, 99])
/// print(batch.inputs.shape, batch.targets)
/// ```
public struct TensorDataset<Input: TensorScalar, Target: TensorScalar>: Dataset {
  /// The inputs alone.
  public let inputs: TensorRows<Input>
  /// The targets alone.
  public let targets: TensorRows<Target>
  /// The names of the features, if the dataset was made from a ``Table``; else none.
  public internal(set) var featureNames: [String] = []
  /// The names of the classes, if the dataset was made from a ``Table`` with classes; else none.
  public internal(set) var classes: [String] = []

  /// Makes a dataset from inputs `[count, …]` and their targets `[count, …]`. Different counts are an error.
  public init(
    inputs: Tensor<Input>, targets: Tensor<Target>, file: StaticString = #fileID, line: UInt = #line
  ) {
    let fits = inputs.rank > 0 && targets.rank > 0 && inputs.shape[0] == targets.shape[0]
    if !fits && !inputs.isFailed && !targets.isFailed {
      programError(
        "TensorDataset",
        "inputs of shape \(inputs.shape) and targets of shape \(targets.shape) do not fit; "
          + "the first axis of both must count the samples", file, line)
    }
    // Within a scope that catches the mistake the dataset lives on without samples.
    let count = fits ? inputs.shape[0] : 0
    self.init(
      inputs: TensorRows(
        fits ? inputs.scalars : [], shape: TensorShape(inputs.shape.dropFirst()), count: count),
      targets: TensorRows(
        fits ? targets.scalars : [], shape: TensorShape(targets.shape.dropFirst()), count: count))
  }

  /// Makes a dataset of inputs and as many targets.
  init(inputs: TensorRows<Input>, targets: TensorRows<Target>) {
    self.inputs = inputs
    self.targets = targets
  }

  /// The number of samples.
  public var count: Int { inputs.count }

  /// The shape of one input.
  public var shape: TensorShape { inputs.shape }

  /// The number of features in an input: the product of its shape's extents.
  public var featureCount: Int { shape.elementCount }

  /// Returns the inputs and targets at these positions, in this order. A position out of range is an error.
  public func batch(
    _ positions: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> MartletData.Batch<Input, Target> {
    let positions = checked(positions, "batch", file, line)
    return Batch(inputs: inputs.batch(positions), targets: targets.batch(positions))
  }

  /// Returns the inputs and targets at these positions, in this order.
  @_disfavoredOverload
  public func batch(_ positions: [Int]) -> MartletData.Batch<Input, Target> {
    batch(positions, file: #fileID, line: #line)
  }

  /// Returns a dataset of the samples at these positions, in this order. It shares the memory. A position out of
  /// range is an error.
  public func subset(
    _ positions: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> TensorDataset {
    let positions = checked(positions, "subset", file, line)
    return with(inputs.subset(positions), targets.subset(positions))
  }

  /// Returns the first `count` samples, and the rest. Both share the memory. A count below 0 or above the number of
  /// samples is an error.
  public func split(
    at count: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> (TensorDataset, TensorDataset) {
    if !(0...self.count).contains(count) {
      programError("split", "position \(count) is out of range for \(self.count) samples", file, line)
      return (self, self)
    }
    return (part(0..<count), part(count..<self.count))
  }

  private func part(_ range: Range<Int>) -> TensorDataset {
    with(inputs.part(range), targets.part(range))
  }

  /// Returns a dataset of other samples with the same names.
  private func with(_ inputs: TensorRows<Input>, _ targets: TensorRows<Target>) -> TensorDataset {
    var data = TensorDataset(inputs: inputs, targets: targets)
    (data.featureNames, data.classes) = (featureNames, classes)
    return data
  }

  /// Returns the samples in another order: ``subset(_:file:line:)`` of these positions.
  public func permuted(
    _ positions: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> TensorDataset {
    subset(positions, file: file, line: line)
  }
}

/// A dataset in memory whose targets are classes, counted from 0.
///
/// ```swift
/// let data = LabeledDataset(inputs: [0, 0, 0, 1, 1, 0, 1, 1], shape: [2], labels: [0, 1, 1, 0])
/// let batch = data.batch([0, 3])
/// print(batch.inputs.shape, batch.labels)
/// ```
public typealias LabeledDataset = TensorDataset<Float, Int>

extension TensorDataset where Target == Int {
  /// Makes a dataset from the numbers of all inputs, one input after the other, and their classes, counted
  /// from 0.
  ///
  /// `inputs` must have as many numbers as the labels times the elements of the shape; else it is an error.
  public init(
    inputs: [Input], shape: TensorShape, labels: [Int], file: StaticString = #fileID, line: UInt = #line
  ) {
    let fits = inputs.count == labels.count.times(shape.elementCount)
    if !fits {
      programError(
        "LabeledDataset", "\(inputs.count) numbers do not fill \(labels.count) inputs of shape \(shape)",
        file, line)
    }
    // Within a scope that catches the error the dataset lives on without samples.
    self.init(
      inputs: TensorRows(fits ? inputs : [], shape: shape, count: fits ? labels.count : 0),
      targets: TensorRows(fits ? labels : [], shape: [], count: fits ? labels.count : 0))
  }

  /// Makes a dataset from inputs `[count, …]` and their labels `[count]`.
  public init(
    inputs: Tensor<Input>, labels: Tensor<Int>, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(inputs: inputs, targets: labels, file: file, line: line)
  }
}
