public import MartletCore

/// Batch norm over axis 1 of inputs of rank 2 or more (Ioffe & Szegedy 2015, arXiv:1502.03167):
/// `y = (x − m) / √(v + ε) · weight + bias`, with the mean m and the variance v of each channel.
///
/// In training, m and v are those of the batch, and the running statistics move towards them. In evaluation,
/// m and v are the running statistics. The saved tensors have PyTorch's names: `weight`, `bias`,
/// `running_mean`, `running_var`, and the integer `num_batches_tracked`.
///
/// ```swift
/// let norm = BatchNorm(16)
/// let images = Tensor<Float>.normal([8, 16, 32, 32])
/// let y = norm(images)  // [8, 16, 32, 32], by the statistics of the batch
/// norm.eval()
/// let z = norm(images)  // by the running statistics
/// ```
public final class BatchNorm<Element: DifferentiableScalar>: Layer {
  /// The factor of each normalised channel, `[channels]`; ones at the start. Nil if there is none.
  public let weight: Tensor<Element>?
  /// The bias that is added to each normalised channel, `[channels]`; zeros at the start. Nil if there is
  /// none.
  public let bias: Tensor<Element>?
  private let _runningMean: Buffer<Element>?, _runningVar: Buffer<Element>?, _numBatchesTracked: Buffer<Int>?
  /// The ε that is added to the variance, so that nothing is divided by 0.
  public let epsilon: Element
  /// The share of a new batch in the running statistics; with nil they are the mean over all batches.
  public let momentum: Double?
  /// A Boolean value that tells whether the batch's statistics are used and tracked; true until
  /// ``Module/eval()``.
  @TrainingMode public var isTraining = true
  private let channels: Int

  /// Creates a layer for inputs of `channels` channels. `affine: false` omits weight and bias.
  /// `trackRunningStatistics: false` omits the running statistics; then the input's statistics are used in
  /// evaluation too. A negative number of channels and a momentum outside 0...1 are an error.
  @_disfavoredOverload
  public convenience init(
    _ channels: Int, epsilon: Element = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
    trackRunningStatistics: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(channels: channels, epsilon, momentum, affine, trackRunningStatistics, file, line)
  }

  fileprivate init(
    channels: Int, _ epsilon: Element, _ momentum: Double?, _ affine: Bool, _ tracks: Bool,
    _ file: StaticString, _ line: UInt
  ) {
    checkTracking("BatchNorm", channels, momentum, file, line)
    let vector: TensorShape = [Swift.max(channels, 0)]
    weight = affine ? .full(vector, 1, requiresGrad: true) : nil
    bias = affine ? .full(vector, 0, requiresGrad: true) : nil
    _runningMean = tracks ? Buffer(wrappedValue: .zeros(vector)) : nil
    _runningVar = tracks ? Buffer(wrappedValue: .ones(vector)) : nil
    _numBatchesTracked = tracks ? Buffer(wrappedValue: Tensor<Int>(0)) : nil
    (self.epsilon, self.momentum, self.channels) = (epsilon, momentum, channels)
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String {
    """
    \(channels), epsilon: \(epsilon), momentum: \(momentum.map { "\($0)" } ?? "nil"), affine: \(weight != nil), \
    trackRunningStatistics: \(runningMean != nil)
    """
  }

  /// The running mean, `[channels]`, zeros at the start; nil if it is not tracked.
  public var runningMean: Tensor<Element>? { _runningMean?.wrappedValue }
  /// The running variance, `[channels]`, ones at the start; nil if it is not tracked.
  public var runningVariance: Tensor<Element>? { _runningVar?.wrappedValue }
  /// The number of batches that the running statistics have seen; nil if they are not tracked.
  public var batchesTracked: Tensor<Int>? { _numBatchesTracked?.wrappedValue }

  /// Returns the input with each channel normalised, `[n, channels, …] → [n, channels, …]`. Another extent of
  /// axis 1 is an error. If the batch's statistics are used, one element per channel is an error too.
  ///
  /// The derivatives are those of
  /// ``Tensor/batchNorm(runningMean:runningVariance:weight:bias:isTraining:momentum:epsilon:file:line:)``.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    checkChannels(x, channels, "BatchNorm", leastRank: 2)
    guard isTraining, let count = batchesTracked, !x.isFailed else {
      return x.batchNorm(
        runningMean: runningMean, runningVariance: runningVariance, weight: weight, bias: bias,
        isTraining: isTraining || runningMean == nil, epsilon: epsilon)
    }
    let momentum = momentum ?? 1 / Double(count.item + 1)
    let y = x.batchNorm(
      runningMean: runningMean, runningVariance: runningVariance, weight: weight, bias: bias,
      isTraining: true, momentum: Element(momentum), epsilon: epsilon)
    count.add(1)
    return y
  }
}

extension BatchNorm where Element == Float {
  /// Creates a layer for inputs of `channels` channels. `affine: false` omits weight and bias.
  /// `trackRunningStatistics: false` omits the running statistics; then the input's statistics are used in
  /// evaluation too. A negative number of channels and a momentum outside 0...1 are an error.
  public convenience init(
    _ channels: Int, epsilon: Float = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
    trackRunningStatistics: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(channels: channels, epsilon, momentum, affine, trackRunningStatistics, file, line)
  }
}

/// Instance norm over axis 1 of inputs of rank 3 or more (Ulyanov, Vedaldi & Lempitsky 2016,
/// arXiv:1607.08022): `y = (x − m) / √(v + ε) · weight + bias`, with the mean m and the variance v of each
/// channel of each sample.
///
/// Running statistics, if they are tracked, move in training and become m and v in evaluation. Like
/// PyTorch's, the layer saves `num_batches_tracked` with them but does not count the batches.
///
/// ```swift
/// let norm = InstanceNorm(16, affine: true)
/// let images = Tensor<Float>.normal([8, 16, 32, 32])
/// let y = norm(images)  // [8, 16, 32, 32]
/// ```
public final class InstanceNorm<Element: DifferentiableScalar>: Layer {
  /// The factor of each normalised channel, `[channels]`; ones at the start. Nil if there is none.
  public let weight: Tensor<Element>?
  /// The bias that is added to each normalised channel, `[channels]`; zeros at the start. Nil if there is
  /// none.
  public let bias: Tensor<Element>?
  private let _runningMean: Buffer<Element>?, _runningVar: Buffer<Element>?, _numBatchesTracked: Buffer<Int>?
  /// The ε that is added to the variance, so that nothing is divided by 0.
  public let epsilon: Element
  /// The share of a new batch in the running statistics.
  public let momentum: Double
  /// A Boolean value that tells whether the input's statistics are used and tracked; true until
  /// ``Module/eval()``.
  @TrainingMode public var isTraining = true
  private let channels: Int

  /// Creates a layer for inputs of `channels` channels. `affine: true` adds weight and bias, and
  /// `trackRunningStatistics: true` adds running statistics. A negative number of channels and a momentum
  /// outside 0...1 are an error.
  @_disfavoredOverload
  public convenience init(
    _ channels: Int, epsilon: Element = 1e-5, momentum: Double = 0.1, affine: Bool = false,
    trackRunningStatistics: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(channels: channels, epsilon, momentum, affine, trackRunningStatistics, file, line)
  }

  fileprivate init(
    channels: Int, _ epsilon: Element, _ momentum: Double, _ affine: Bool, _ tracks: Bool,
    _ file: StaticString, _ line: UInt
  ) {
    checkTracking("InstanceNorm", channels, momentum, file, line)
    let vector: TensorShape = [Swift.max(channels, 0)]
    weight = affine ? .full(vector, 1, requiresGrad: true) : nil
    bias = affine ? .full(vector, 0, requiresGrad: true) : nil
    _runningMean = tracks ? Buffer(wrappedValue: .zeros(vector)) : nil
    _runningVar = tracks ? Buffer(wrappedValue: .ones(vector)) : nil
    _numBatchesTracked = tracks ? Buffer(wrappedValue: Tensor<Int>(0)) : nil
    (self.epsilon, self.momentum, self.channels) = (epsilon, momentum, channels)
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String {
    """
    \(channels), epsilon: \(epsilon), momentum: \(momentum), affine: \(weight != nil), \
    trackRunningStatistics: \(runningMean != nil)
    """
  }

  /// The running mean, `[channels]`, zeros at the start; nil if it is not tracked.
  public var runningMean: Tensor<Element>? { _runningMean?.wrappedValue }
  /// The running variance, `[channels]`, ones at the start; nil if it is not tracked.
  public var runningVariance: Tensor<Element>? { _runningVar?.wrappedValue }

  /// Returns the input with each channel of each sample normalised, `[n, channels, …] → [n, channels, …]`.
  /// Another extent of axis 1 and fewer than three axes are an error. If the input's statistics are used,
  /// fewer than two elements per channel and sample are an error too.
  ///
  /// The derivatives are those of ``Tensor/groupNorm(groups:weight:bias:epsilon:file:line:)``.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    checkChannels(x, channels, "InstanceNorm", leastRank: 3)
    return x.instanceNorm(
      runningMean: runningMean, runningVariance: runningVariance, weight: weight, bias: bias,
      usesInputStatistics: isTraining || runningMean == nil, momentum: Element(momentum), epsilon: epsilon)
  }
}

extension InstanceNorm where Element == Float {
  /// Creates a layer for inputs of `channels` channels. `affine: true` adds weight and bias, and
  /// `trackRunningStatistics: true` adds running statistics. A negative number of channels and a momentum
  /// outside 0...1 are an error.
  public convenience init(
    _ channels: Int, epsilon: Float = 1e-5, momentum: Double = 0.1, affine: Bool = false,
    trackRunningStatistics: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(channels: channels, epsilon, momentum, affine, trackRunningStatistics, file, line)
  }
}

/// Group norm over axis 1 of inputs of rank 2 or more (Wu & He 2018, arXiv:1803.08494):
/// `y = (x − m) / √(v + ε) · weight + bias`, with the mean m and the variance v of a group of channels in a
/// sample.
///
/// ```swift
/// let norm = GroupNorm(4, 16)
/// let images = Tensor<Float>.normal([8, 16, 32, 32])
/// let y = norm(images)  // [8, 16, 32, 32]
/// ```
public final class GroupNorm<Element: DifferentiableScalar>: Layer {
  /// The factor of each normalised channel, `[channels]`; ones at the start. Nil if there is none.
  public let weight: Tensor<Element>?
  /// The bias that is added to each normalised channel, `[channels]`; zeros at the start. Nil if there is
  /// none.
  public let bias: Tensor<Element>?
  /// The ε that is added to the variance, so that nothing is divided by 0.
  public let epsilon: Element
  private let groups: Int, channels: Int

  /// Creates a layer for inputs of `channels` channels in `groups` groups. `affine: false` omits weight and
  /// bias. Groups that do not divide the channels are an error.
  @_disfavoredOverload
  public convenience init(
    _ groups: Int, _ channels: Int, epsilon: Element = 1e-5, affine: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(groups: groups, channels, epsilon, affine, file, line)
  }

  fileprivate init(
    groups: Int, _ channels: Int, _ epsilon: Element, _ affine: Bool, _ file: StaticString, _ line: UInt
  ) {
    if groups < 1 || channels < 0 || channels % groups != 0 {
      programError(
        "GroupNorm",
        "\(groups) groups do not fit \(channels) channels; the groups must be above 0 and divide the channels",
        file, line)
    }
    let vector: TensorShape = [Swift.max(channels, 0)]
    weight = affine ? .full(vector, 1, requiresGrad: true) : nil
    bias = affine ? .full(vector, 0, requiresGrad: true) : nil
    (self.groups, self.channels, self.epsilon) = (groups, channels, epsilon)
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "\(groups), \(channels), epsilon: \(epsilon), affine: \(weight != nil)" }

  /// Returns the input with each group of each sample normalised, `[n, channels, …] → [n, channels, …]`.
  /// Another extent of axis 1 is an error.
  ///
  /// The derivatives are those of ``Tensor/groupNorm(groups:weight:bias:epsilon:file:line:)``.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    checkChannels(x, channels, "GroupNorm", leastRank: 2)
    return x.groupNorm(groups: groups, weight: weight, bias: bias, epsilon: epsilon)
  }
}

extension GroupNorm where Element == Float {
  /// Creates a layer for inputs of `channels` channels in `groups` groups. `affine: false` omits weight and
  /// bias. Groups that do not divide the channels are an error.
  public convenience init(
    _ groups: Int, _ channels: Int, epsilon: Float = 1e-5, affine: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(groups: groups, channels, epsilon, affine, file, line)
  }
}

/// Reports a negative number of channels and a momentum outside 0...1.
private func checkTracking(
  _ layer: String, _ channels: Int, _ momentum: Double?, _ file: StaticString, _ line: UInt
) {
  if channels < 0 {
    programError(layer, "the number of channels must be at least 0, not \(channels)", file, line)
  }
  if let momentum, !(0...1).contains(momentum) {
    programError(layer, "the momentum must be in 0...1, not \(momentum)", file, line)
  }
}

/// Reports an input with another number of channels or fewer than `leastRank` axes.
private func checkChannels<Element>(
  _ x: Tensor<Element>, _ channels: Int, _ layer: String, leastRank: Int
) {
  if x.isFailed || (x.rank >= leastRank && x.shape[1] == channels) { return }
  let expected = leastRank == 2 ? "[n, \(channels), …]" : "[n, \(channels), length, …]"
  programError(layer, "inputs of shape \(x.shape) do not fit; the shape must be \(expected)")
}
