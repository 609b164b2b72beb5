public import MartletCore

// Pools as layers. Those of one, two and three axes are made alike, and say of what rank their images are: a batch,
// `[n, channels, …]`, or one image.

/// What the pools share: images with or without a batch. Of itself a pool of images `[n, channels, h, w]`.
public class Pool<Element: DifferentiableScalar>: Layer {
  /// For messages, and the axes of an image.
  class var name: String { "Pool" }
  class var axes: Int { 2 }

  fileprivate init() {}

  /// The input pooled.
  public final func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    guard !x.isFailed, x.rank == Self.axes + 1 else { return pooled(x) }
    let y = pooled(x.expandedDims(axis: 0))
    return y.isFailed ? y : y.squeezed(axis: 0)
  }

  /// How it was made.
  public var configuration: String { "" }

  fileprivate func pooled(_ x: Tensor<Element>) -> Tensor<Element> { x }

  /// Whether images have as many axes as the pool.
  fileprivate final func checkRank(_ x: Tensor<Element>) {
    if x.isFailed || x.rank == Self.axes + 2 { return }
    programError(
      Self.name, "inputs of shape \(x.shape); [n, channels] and \(Self.axes) axes, or one image, are expected"
    )
  }
}

/// The largest element of each window, as ``Tensor/maxPool(kernelSize:stride:padding:dilation:ceilMode:file:line:)``, over
/// images of two axes.
public class MaxPool2d<Element: DifferentiableScalar>: Pool<Element> {
  private final let options: PoolOptions?

  override class var name: String { "MaxPool2d" }

  /// Windows of one size for all axes or of a list of sizes, side by side unless a stride is given.
  ///
  /// Numbers that cannot be are an error, and so is a padding of more than half a window.
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

  /// How it was made.
  public final override var configuration: String { options?.description ?? "" }

  fileprivate final override func pooled(_ x: Tensor<Element>) -> Tensor<Element> {
    checkRank(x)
    return x.maxPool(Self.name, options, #fileID, #line).values
  }
}

extension MaxPool2d where Element == Float {
  /// Windows of one size for all axes or of a list of sizes, side by side unless a stride is given.
  ///
  /// Numbers that cannot be are an error, and so is a padding of more than half a window.
  public convenience init(
    kernelSize: some SpatialExtents, stride: (any SpatialExtents)? = nil, padding: some SpatialExtents = 0,
    dilation: some SpatialExtents = 1, ceilMode: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(kernelSize, stride, padding, dilation, ceilMode, file, line)
  }
}

/// ``MaxPool2d`` over signals, `[n, channels, l]`.
public final class MaxPool1d<Element: DifferentiableScalar>: MaxPool2d<Element> {
  override class var name: String { "MaxPool1d" }
  override class var axes: Int { 1 }
}

/// ``MaxPool2d`` over volumes, `[n, channels, d, h, w]`.
public final class MaxPool3d<Element: DifferentiableScalar>: MaxPool2d<Element> {
  override class var name: String { "MaxPool3d" }
  override class var axes: Int { 3 }
}

/// The mean of each window, as ``Tensor/averagePool(kernelSize:stride:padding:ceilMode:countsPadding:divisor:file:line:)``,
/// over images of two axes.
public class AvgPool2d<Element: DifferentiableScalar>: Pool<Element> {
  private final let options: PoolOptions?, counts: MeanCount

  override class var name: String { "AvgPool2d" }

  /// Windows of one size for all axes or of a list of sizes, side by side unless a stride is given.
  ///
  /// Numbers that cannot be are an error, and so are a padding of more than half a window and a divisor of 0.
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
    counts = divisor.map { .number($0) } ?? (countsPadding ? .window : .pixels)
    options = PoolOptions(
      Self.name, axes: Self.axes, kernelSize: kernelSize, stride: stride, padding: padding, dilation: 1,
      ceilMode: ceilMode, file, line)
  }

  /// How it was made.
  public final override var configuration: String { options?.description ?? "" }

  fileprivate final override func pooled(_ x: Tensor<Element>) -> Tensor<Element> {
    checkRank(x)
    return x.averagePool(Self.name, options, counts, #fileID, #line)
  }
}

extension AvgPool2d where Element == Float {
  /// Windows of one size for all axes or of a list of sizes, side by side unless a stride is given.
  ///
  /// Numbers that cannot be are an error, and so are a padding of more than half a window and a divisor of 0.
  public convenience init(
    kernelSize: some SpatialExtents, stride: (any SpatialExtents)? = nil, padding: some SpatialExtents = 0,
    ceilMode: Bool = false, countsPadding: Bool = true, divisor: Int? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(kernelSize, stride, padding, ceilMode, countsPadding, divisor, file, line)
  }
}

/// ``AvgPool2d`` over signals, `[n, channels, l]`.
public final class AvgPool1d<Element: DifferentiableScalar>: AvgPool2d<Element> {
  override class var name: String { "AvgPool1d" }
  override class var axes: Int { 1 }
}

/// ``AvgPool2d`` over volumes, `[n, channels, d, h, w]`.
public final class AvgPool3d<Element: DifferentiableScalar>: AvgPool2d<Element> {
  override class var name: String { "AvgPool3d" }
  override class var axes: Int { 3 }
}

/// The mean of each of as many windows as are asked for, as ``Tensor/adaptiveAveragePool(outputSize:file:line:)``, over images
/// of two axes; `AdaptiveAvgPool2d(1)` is a global pool.
public class AdaptiveAvgPool2d<Element: DifferentiableScalar>: Pool<Element> {
  /// The number of windows along each axis.
  public final let outputSize: [Int]

  override class var name: String { "AdaptiveAvgPool2d" }

  /// As many windows for all axes, or a list; numbers below 1 are an error.
  public convenience init(
    _ outputSize: some SpatialExtents, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(sizes: outputSize, file, line)
  }

  fileprivate init(sizes: some SpatialExtents, _ file: StaticString, _ line: UInt) {
    outputSize = sizes.extents(axes: Self.axes)
    if outputSize.count != Self.axes || outputSize.contains(where: { $0 < 1 }) {
      programError(Self.name, "\(outputSize) windows; \(Self.axes) numbers above 0", file, line)
    }
  }

  /// How it was made.
  public final override var configuration: String { "\(outputSize)" }

  fileprivate override func pooled(_ x: Tensor<Element>) -> Tensor<Element> {
    checkRank(x)
    return x.adaptiveAveragePool(outputSize: outputSize)
  }
}

extension AdaptiveAvgPool2d where Element == Float {
  /// As many windows for all axes, or a list; numbers below 1 are an error.
  public convenience init(
    _ outputSize: some SpatialExtents, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(sizes: outputSize, file, line)
  }
}

/// ``AdaptiveAvgPool2d`` over signals, `[n, channels, l]`.
public final class AdaptiveAvgPool1d<Element: DifferentiableScalar>: AdaptiveAvgPool2d<Element> {
  override class var name: String { "AdaptiveAvgPool1d" }
  override class var axes: Int { 1 }
}

/// ``AdaptiveAvgPool2d`` over volumes, `[n, channels, d, h, w]`.
public final class AdaptiveAvgPool3d<Element: DifferentiableScalar>: AdaptiveAvgPool2d<Element> {
  override class var name: String { "AdaptiveAvgPool3d" }
  override class var axes: Int { 3 }
}

/// The largest element of each of as many windows as are asked for, as ``Tensor/adaptiveMaxPool(outputSize:file:line:)``,
/// over images of two axes.
public class AdaptiveMaxPool2d<Element: DifferentiableScalar>: AdaptiveAvgPool2d<Element> {
  override class var name: String { "AdaptiveMaxPool2d" }

  fileprivate final override func pooled(_ x: Tensor<Element>) -> Tensor<Element> {
    checkRank(x)
    return x.adaptiveMaxPool(outputSize: outputSize)
  }
}

/// ``AdaptiveMaxPool2d`` over signals, `[n, channels, l]`.
public final class AdaptiveMaxPool1d<Element: DifferentiableScalar>: AdaptiveMaxPool2d<Element> {
  override class var name: String { "AdaptiveMaxPool1d" }
  override class var axes: Int { 1 }
}

/// ``AdaptiveMaxPool2d`` over volumes, `[n, channels, d, h, w]`.
public final class AdaptiveMaxPool3d<Element: DifferentiableScalar>: AdaptiveMaxPool2d<Element> {
  override class var name: String { "AdaptiveMaxPool3d" }
  override class var axes: Int { 3 }
}
