public import MartletCore

// Pooling layers. Those for one, two and three axes have the same arguments. The input is a batch,
// `[n, channels, …]`, or one image, `[channels, …]`.

/// The base class of the max pools over one, two and three axes, which have the same arguments.
///
/// ```swift
/// let pools: [MaxPool<Float>] = [MaxPool1d(kernelSize: 2), MaxPool2d(kernelSize: [2, 3])]
/// ```
public class MaxPool<Element: DifferentiableScalar>: Pool<Element> {
  private final let options: PoolOptions?

  /// Creates a layer whose windows have one size for all axes, or a list of sizes. The stride is the size
  /// unless it is given.
  ///
  /// A size, stride or dilation below 1 is an error. So are a padding below 0 or above half a window, and a
  /// list of another length.
  public convenience init(
    kernelSize: some SpatialExtents, stride: (any SpatialExtents)? = nil, padding: some SpatialExtents = 0,
    dilation: some SpatialExtents = 1, ceilMode: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(kernelSize, stride, padding, dilation, ceilMode, file, line)
  }

  fileprivate init(
    _ kernelSize: some SpatialExtents, _ stride: (any SpatialExtents)?, _ padding: some SpatialExtents,
    _ dilation: some SpatialExtents, _ ceilMode: Bool, _ file: StaticString, _ line: UInt
  ) {
    options = PoolOptions(
      Self.name, axes: Self.axes, kernelSize: kernelSize, stride: stride, padding: padding,
      dilation: dilation,
      ceilMode: ceilMode, file, line)
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public final override var configuration: String { options?.description ?? "" }

  final override func pooled(_ x: Tensor<Element>) -> Tensor<Element> {
    checkRank(x)
    return x.maxPool(Self.name, options, #fileID, #line).values
  }
}

extension MaxPool where Element == Float {
  /// Creates a layer whose windows have one size for all axes, or a list of sizes. The stride is the size
  /// unless it is given.
  ///
  /// A size, stride or dilation below 1 is an error. So are a padding below 0 or above half a window, and a
  /// list of another length.
  public convenience init(
    kernelSize: some SpatialExtents, stride: (any SpatialExtents)? = nil, padding: some SpatialExtents = 0,
    dilation: some SpatialExtents = 1, ceilMode: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(kernelSize, stride, padding, dilation, ceilMode, file, line)
  }
}

/// A ``MaxPool2d`` over signals, `[n, channels, l]`.
///
/// ```swift
/// let pool = MaxPool1d(kernelSize: 2)
/// let signals = Tensor<Float>.normal([8, 3, 100])
/// let y = pool(signals)  // [8, 3, 50]
/// ```
public final class MaxPool1d<Element: DifferentiableScalar>: MaxPool<Element> {
  override class var name: String { "MaxPool1d" }
  override class var axes: Int { 1 }
}

/// A layer that returns the largest element of each window of images of two axes, as
/// ``Tensor/maxPool(kernelSize:stride:padding:dilation:ceilMode:file:line:)`` does.
///
/// ```swift
/// let pool = MaxPool2d(kernelSize: 3, stride: 2, padding: 1)
/// let images = Tensor<Float>.normal([8, 3, 32, 32])
/// let y = pool(images)  // [8, 3, 16, 16]
/// ```
public final class MaxPool2d<Element: DifferentiableScalar>: MaxPool<Element> {
  override class var name: String { "MaxPool2d" }
}

/// A ``MaxPool2d`` over volumes, `[n, channels, d, h, w]`.
///
/// ```swift
/// let pool = MaxPool3d(kernelSize: [1, 2, 2])
/// let volumes = Tensor<Float>.normal([2, 3, 8, 32, 32])
/// let y = pool(volumes)  // [2, 3, 8, 16, 16]
/// ```
public final class MaxPool3d<Element: DifferentiableScalar>: MaxPool<Element> {
  override class var name: String { "MaxPool3d" }
  override class var axes: Int { 3 }
}

/// The base class of the average pools over one, two and three axes, which have the same arguments.
///
/// ```swift
/// let pools: [AvgPool<Float>] = [AvgPool1d(kernelSize: 2), AvgPool2d(kernelSize: 2, countsPadding: false)]
/// ```
public class AvgPool<Element: DifferentiableScalar>: Pool<Element> {
  private final let options: PoolOptions?, counts: MeanCount

  /// Creates a layer whose windows have one size for all axes, or a list of sizes. The stride is the size
  /// unless it is given.
  ///
  /// A size or stride below 1 is an error. So are a padding below 0 or above half a window, a list of another
  /// length, and a divisor of 0.
  public convenience init(
    kernelSize: some SpatialExtents, stride: (any SpatialExtents)? = nil, padding: some SpatialExtents = 0,
    ceilMode: Bool = false, countsPadding: Bool = true, divisor: Int? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(kernelSize, stride, padding, ceilMode, countsPadding, divisor, file, line)
  }

  fileprivate init(
    _ kernelSize: some SpatialExtents, _ stride: (any SpatialExtents)?, _ padding: some SpatialExtents,
    _ ceilMode: Bool, _ countsPadding: Bool, _ divisor: Int?, _ file: StaticString, _ line: UInt
  ) {
    if divisor == 0 { programError(Self.name, "the divisor must not be 0", file, line) }
    counts = divisor.map { .number($0) } ?? (countsPadding ? .window : .pixels)
    options = PoolOptions(
      Self.name, axes: Self.axes, kernelSize: kernelSize, stride: stride, padding: padding, dilation: 1,
      ceilMode: ceilMode, file, line)
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public final override var configuration: String {
    let count =
      switch counts {
      case .window: ""
      case .pixels: ", countsPadding: false"
      case .number(let divisor): ", divisor: \(divisor)"
      }
    return (options?.description ?? "") + count
  }

  final override func pooled(_ x: Tensor<Element>) -> Tensor<Element> {
    checkRank(x)
    return x.averagePool(Self.name, options, counts, #fileID, #line)
  }
}

extension AvgPool where Element == Float {
  /// Creates a layer whose windows have one size for all axes, or a list of sizes. The stride is the size
  /// unless it is given.
  ///
  /// A size or stride below 1 is an error. So are a padding below 0 or above half a window, a list of another
  /// length, and a divisor of 0.
  public convenience init(
    kernelSize: some SpatialExtents, stride: (any SpatialExtents)? = nil, padding: some SpatialExtents = 0,
    ceilMode: Bool = false, countsPadding: Bool = true, divisor: Int? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(kernelSize, stride, padding, ceilMode, countsPadding, divisor, file, line)
  }
}

/// An ``AvgPool2d`` over signals, `[n, channels, l]`.
///
/// ```swift
/// let pool = AvgPool1d(kernelSize: 2)
/// let signals = Tensor<Float>.normal([8, 3, 100])
/// let y = pool(signals)  // [8, 3, 50]
/// ```
public final class AvgPool1d<Element: DifferentiableScalar>: AvgPool<Element> {
  override class var name: String { "AvgPool1d" }
  override class var axes: Int { 1 }
}

/// A layer that returns the mean of each window of images of two axes, as
/// ``Tensor/averagePool(kernelSize:stride:padding:ceilMode:countsPadding:divisor:file:line:)`` does.
///
/// ```swift
/// let pool = AvgPool2d(kernelSize: 3, stride: 2, padding: 1, countsPadding: false)
/// let images = Tensor<Float>.normal([8, 3, 32, 32])
/// let y = pool(images)  // [8, 3, 16, 16]
/// ```
public final class AvgPool2d<Element: DifferentiableScalar>: AvgPool<Element> {
  override class var name: String { "AvgPool2d" }
}

/// An ``AvgPool2d`` over volumes, `[n, channels, d, h, w]`.
///
/// ```swift
/// let pool = AvgPool3d(kernelSize: 2)
/// let volumes = Tensor<Float>.normal([2, 3, 8, 32, 32])
/// let y = pool(volumes)  // [2, 3, 4, 16, 16]
/// ```
public final class AvgPool3d<Element: DifferentiableScalar>: AvgPool<Element> {
  override class var name: String { "AvgPool3d" }
  override class var axes: Int { 3 }
}

/// The base class of the adaptive pools over one, two and three axes.
///
/// ```swift
/// let pools: [AdaptivePool<Float>] = [AdaptiveAvgPool2d(1), AdaptiveMaxPool2d([2, 4])]
/// ```
public class AdaptivePool<Element: DifferentiableScalar>: Pool<Element> {
  /// The number of windows along each axis.
  public final let outputSize: [Int]

  /// Creates a layer with one number of windows for all axes, or a list of numbers. Numbers below 1 are an
  /// error, and so is a list of another length.
  public convenience init(
    _ outputSize: some SpatialExtents, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(sizes: outputSize, file, line)
  }

  fileprivate init(sizes: some SpatialExtents, _ file: StaticString, _ line: UInt) {
    outputSize = sizes.extents(axes: Self.axes)
    if outputSize.count != Self.axes || outputSize.contains(where: { $0 < 1 }) {
      programError(
        Self.name, "the output size must be \(Self.axes) numbers above 0, not \(outputSize)", file, line)
    }
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public final override var configuration: String { "\(outputSize)" }
}

extension AdaptivePool where Element == Float {
  /// Creates a layer with one number of windows for all axes, or a list of numbers. Numbers below 1 are an
  /// error, and so is a list of another length.
  public convenience init(
    _ outputSize: some SpatialExtents, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(sizes: outputSize, file, line)
  }
}

/// The base class of the adaptive average pools over one, two and three axes.
///
/// ```swift
/// let pools: [AdaptiveAvgPool<Float>] = [AdaptiveAvgPool1d(4), AdaptiveAvgPool2d([2, 4])]
/// ```
public class AdaptiveAvgPool<Element: DifferentiableScalar>: AdaptivePool<Element> {
  final override func pooled(_ x: Tensor<Element>) -> Tensor<Element> {
    checkRank(x)
    return x.adaptiveAveragePool(outputSize: outputSize)
  }
}

/// An ``AdaptiveAvgPool2d`` over signals, `[n, channels, l]`.
///
/// ```swift
/// let pool = AdaptiveAvgPool1d(1)
/// let signals = Tensor<Float>.normal([8, 3, 100])
/// let means = pool(signals)  // [8, 3, 1]
/// ```
public final class AdaptiveAvgPool1d<Element: DifferentiableScalar>: AdaptiveAvgPool<Element> {
  override class var name: String { "AdaptiveAvgPool1d" }
  override class var axes: Int { 1 }
}

/// A layer that divides images of two axes into a given number of windows along each axis, and returns the
/// mean of each window, as ``Tensor/adaptiveAveragePool(outputSize:file:line:)`` does. `AdaptiveAvgPool2d(1)`
/// is a global pool.
///
/// ```swift
/// let pool = AdaptiveAvgPool2d([7, 7])
/// let images = Tensor<Float>.normal([8, 3, 32, 32])
/// let y = pool(images)  // [8, 3, 7, 7]
/// ```
public final class AdaptiveAvgPool2d<Element: DifferentiableScalar>: AdaptiveAvgPool<Element> {
  override class var name: String { "AdaptiveAvgPool2d" }
}

/// An ``AdaptiveAvgPool2d`` over volumes, `[n, channels, d, h, w]`.
///
/// ```swift
/// let pool = AdaptiveAvgPool3d(1)
/// let volumes = Tensor<Float>.normal([2, 3, 8, 32, 32])
/// let means = pool(volumes)  // [2, 3, 1, 1, 1]
/// ```
public final class AdaptiveAvgPool3d<Element: DifferentiableScalar>: AdaptiveAvgPool<Element> {
  override class var name: String { "AdaptiveAvgPool3d" }
  override class var axes: Int { 3 }
}

/// The base class of the adaptive max pools over one, two and three axes.
///
/// ```swift
/// let pools: [AdaptiveMaxPool<Float>] = [AdaptiveMaxPool1d(4), AdaptiveMaxPool2d([2, 4])]
/// ```
public class AdaptiveMaxPool<Element: DifferentiableScalar>: AdaptivePool<Element> {
  final override func pooled(_ x: Tensor<Element>) -> Tensor<Element> {
    checkRank(x)
    return x.adaptiveMaxPool(outputSize: outputSize)
  }
}

/// An ``AdaptiveMaxPool2d`` over signals, `[n, channels, l]`.
///
/// ```swift
/// let pool = AdaptiveMaxPool1d(10)
/// let signals = Tensor<Float>.normal([8, 3, 100])
/// let y = pool(signals)  // [8, 3, 10]
/// ```
public final class AdaptiveMaxPool1d<Element: DifferentiableScalar>: AdaptiveMaxPool<Element> {
  override class var name: String { "AdaptiveMaxPool1d" }
  override class var axes: Int { 1 }
}

/// A layer that divides images of two axes into a given number of windows along each axis, and returns the
/// largest element of each window, as ``Tensor/adaptiveMaxPool(outputSize:file:line:)`` does.
///
/// ```swift
/// let pool = AdaptiveMaxPool2d(4)
/// let images = Tensor<Float>.normal([8, 3, 32, 32])
/// let y = pool(images)  // [8, 3, 4, 4]
/// ```
public final class AdaptiveMaxPool2d<Element: DifferentiableScalar>: AdaptiveMaxPool<Element> {
  override class var name: String { "AdaptiveMaxPool2d" }
}

/// An ``AdaptiveMaxPool2d`` over volumes, `[n, channels, d, h, w]`.
///
/// ```swift
/// let pool = AdaptiveMaxPool3d([1, 4, 4])
/// let volumes = Tensor<Float>.normal([2, 3, 8, 32, 32])
/// let y = pool(volumes)  // [2, 3, 1, 4, 4]
/// ```
public final class AdaptiveMaxPool3d<Element: DifferentiableScalar>: AdaptiveMaxPool<Element> {
  override class var name: String { "AdaptiveMaxPool3d" }
  override class var axes: Int { 3 }
}
