public import MartletCore

/// Batch norm over axis 1 of inputs of any rank from 2 on (Ioffe & Szegedy 2015, arXiv:1502.03167):
/// `y = (x − m) / √(v + ε) · weight + bias`, m and v the mean and the variance of each channel.
///
/// In training they are those of the batch, and running ones move towards them; in evaluation the running ones. What
/// is saved bears PyTorch's names: `weight`, `bias`, `running_mean`, `running_var`, and `num_batches_tracked` as an
/// integer.
public final class BatchNorm<Element: DifferentiableScalar>: Layer {
  /// What a normalised channel is multiplied by, `[channels]`; ones at the start. Nil for none.
  public let weight: Tensor<Element>?
  /// What is added to it; zeros at the start. Nil for none.
  public let bias: Tensor<Element>?
  private let _runningMean: Buffer<Element>?, _runningVar: Buffer<Element>?, _numBatchesTracked: Buffer<Int>?
  /// ε, added to the variance so that nothing is divided by 0.
  public let epsilon: Element
  /// The share of a batch in the running statistics, or nil for their mean over all batches.
  public let momentum: Double?
  /// Whether the batch's own statistics are used and tracked: true until ``Module/eval()``.
  @TrainingMode public var isTraining = true
  private let channels: Int

  /// Normalises inputs of so many channels. `affine: false` leaves out weight and bias,
  /// `trackRunningStatistics: false` the running statistics: then the input's own are used in evaluation too. Channels
  /// below 0 and a momentum out of 0...1 are an error.
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

  /// How it was made.
  public var configuration: String {
    """
    \(channels), epsilon: \(epsilon), momentum: \(momentum.map { "\($0)" } ?? "nil"), affine: \(weight != nil), \
    trackRunningStatistics: \(runningMean != nil)
    """
  }

  /// The running mean, `[channels]`, zeros at the start; nil where none is tracked.
  public var runningMean: Tensor<Element>? { _runningMean?.wrappedValue }
  /// The running variance, `[channels]`, ones at the start; nil where none is tracked.
  public var runningVariance: Tensor<Element>? { _runningVar?.wrappedValue }
  /// The number of batches that the running statistics have seen; nil where none are tracked.
  public var batchesTracked: Tensor<Int>? { _numBatchesTracked?.wrappedValue }

  /// The channels normalised, `[n, channels, …]` to the same. Another extent of axis 1 is an error, and so is, in
  /// training, fewer than two elements a channel.
  ///
  /// Derivatives as of
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
  /// Normalises inputs of so many channels. `affine: false` leaves out weight and bias,
  /// `trackRunningStatistics: false` the running statistics: then the input's own are used in evaluation too. Channels
  /// below 0 and a momentum out of 0...1 are an error.
  public convenience init(
    _ channels: Int, epsilon: Float = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
    trackRunningStatistics: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(channels: channels, epsilon, momentum, affine, trackRunningStatistics, file, line)
  }
}

/// Instance norm over axis 1 of inputs of any rank from 3 on (Ulyanov, Vedaldi & Lempitsky 2016, arXiv:1607.08022):
/// `y = (x − m) / √(v + ε) · weight + bias`, m and v the mean and the variance of each channel of each sample.
///
/// With running statistics these move in training, and are what is normalised by in evaluation. As PyTorch's, the
/// layer saves `num_batches_tracked` with them but does not count.
public final class InstanceNorm<Element: DifferentiableScalar>: Layer {
  /// What a normalised channel is multiplied by, `[channels]`; ones at the start. Nil for none.
  public let weight: Tensor<Element>?
  /// What is added to it; zeros at the start. Nil for none.
  public let bias: Tensor<Element>?
  private let _runningMean: Buffer<Element>?, _runningVar: Buffer<Element>?, _numBatchesTracked: Buffer<Int>?
  /// ε, added to the variance so that nothing is divided by 0.
  public let epsilon: Element
  /// The share of a batch in the running statistics.
  public let momentum: Double
  /// Whether running statistics move, and the input's own are used: true until ``Module/eval()``.
  @TrainingMode public var isTraining = true
  private let channels: Int

  /// Normalises inputs of so many channels; weight and bias are there if `affine` asks for them, running statistics
  /// if `trackRunningStatistics` does. Channels below 0 and a momentum out of 0...1 are an error.
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

  /// How it was made.
  public var configuration: String {
    """
    \(channels), epsilon: \(epsilon), momentum: \(momentum), affine: \(weight != nil), \
    trackRunningStatistics: \(runningMean != nil)
    """
  }

  /// The running mean, `[channels]`, zeros at the start; nil where none is tracked.
  public var runningMean: Tensor<Element>? { _runningMean?.wrappedValue }
  /// The running variance, `[channels]`, ones at the start; nil where none is tracked.
  public var runningVariance: Tensor<Element>? { _runningVar?.wrappedValue }

  /// The channels of each sample normalised, `[n, channels, …]` to the same. Another extent of axis 1 and fewer than
  /// three axes are an error, and so are fewer than two elements a channel and sample whose statistics are used.
  ///
  /// Derivatives as of ``Tensor/groupNorm(groups:weight:bias:epsilon:file:line:)``.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    checkChannels(x, channels, "InstanceNorm", leastRank: 3)
    return x.instanceNorm(
      runningMean: runningMean, runningVariance: runningVariance, weight: weight, bias: bias,
      usesInputStatistics: isTraining || runningMean == nil, momentum: Element(momentum), epsilon: epsilon)
  }
}

extension InstanceNorm where Element == Float {
  /// Normalises inputs of so many channels; weight and bias are there if `affine` asks for them, running statistics
  /// if `trackRunningStatistics` does. Channels below 0 and a momentum out of 0...1 are an error.
  public convenience init(
    _ channels: Int, epsilon: Float = 1e-5, momentum: Double = 0.1, affine: Bool = false,
    trackRunningStatistics: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(channels: channels, epsilon, momentum, affine, trackRunningStatistics, file, line)
  }
}

/// Group norm over axis 1 of inputs of any rank from 2 on (Wu & He 2018, arXiv:1803.08494):
/// `y = (x − m) / √(v + ε) · weight + bias`, m and v the mean and the variance of a group of channels in a sample.
public final class GroupNorm<Element: DifferentiableScalar>: Layer {
  /// What a normalised channel is multiplied by, `[channels]`; ones at the start. Nil for none.
  public let weight: Tensor<Element>?
  /// What is added to it; zeros at the start. Nil for none.
  public let bias: Tensor<Element>?
  /// ε, added to the variance so that nothing is divided by 0.
  public let epsilon: Element
  private let groups: Int, channels: Int

  /// Normalises inputs of so many channels in groups; `affine: false` leaves out weight and bias. Groups that do not
  /// divide the channels are an error.
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
      programError("GroupNorm", "\(groups) groups of \(channels) channels; they divide them", file, line)
    }
    let vector: TensorShape = [Swift.max(channels, 0)]
    weight = affine ? .full(vector, 1, requiresGrad: true) : nil
    bias = affine ? .full(vector, 0, requiresGrad: true) : nil
    (self.groups, self.channels, self.epsilon) = (groups, channels, epsilon)
  }

  /// How it was made.
  public var configuration: String { "\(groups), \(channels), epsilon: \(epsilon), affine: \(weight != nil)" }

  /// The groups of each sample normalised, `[n, channels, …]` to the same. Another extent of axis 1 is an error.
  ///
  /// Derivatives as of ``Tensor/groupNorm(groups:weight:bias:epsilon:file:line:)``.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    checkChannels(x, channels, "GroupNorm", leastRank: 2)
    return x.groupNorm(groups: groups, weight: weight, bias: bias, epsilon: epsilon)
  }
}

extension GroupNorm where Element == Float {
  /// Normalises inputs of so many channels in groups; `affine: false` leaves out weight and bias. Groups that do not
  /// divide the channels are an error.
  public convenience init(
    _ groups: Int, _ channels: Int, epsilon: Float = 1e-5, affine: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(groups: groups, channels, epsilon, affine, file, line)
  }
}

/// Refuses channels and a momentum that cannot be.
private func checkTracking(
  _ layer: String, _ channels: Int, _ momentum: Double?, _ file: StaticString, _ line: UInt
) {
  if channels < 0 { programError(layer, "\(channels) channels; at least 0", file, line) }
  if let momentum, !(0...1).contains(momentum) {
    programError(layer, "momentum \(momentum); in 0...1", file, line)
  }
}

/// Refuses an input of other channels.
private func checkChannels<Element>(
  _ x: Tensor<Element>, _ channels: Int, _ layer: String, leastRank: Int
) {
  if x.isFailed || (x.rank >= leastRank && x.shape[1] == channels) { return }
  let expected = leastRank == 2 ? "[n, \(channels), …]" : "[n, \(channels), length, …]"
  programError(layer, "inputs of shape \(x.shape); \(expected) is expected")
}
