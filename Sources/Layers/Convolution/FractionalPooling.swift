public import MartletCore

/// The base class of the fractional max pools over two and three axes, which have the same arguments.
///
/// ```swift
/// let pools: [FractionalMaxPool<Float>] = [
///   FractionalMaxPool2d(kernelSize: 2, outputSize: 7), FractionalMaxPool3d(kernelSize: 2, outputRatio: 0.5),
/// ]
/// ```
public class FractionalMaxPool<Element: DifferentiableScalar>: Pool<Element> {
  private final let kernel: [Int], size: FractionalSize

  /// Creates a layer with windows of one size for all axes, or a list of sizes, and as many windows as
  /// `outputSize` says. The starts of the windows are drawn in each call, from the default random generator.
  ///
  /// Sizes below 1 are an error, and so is a list of another length.
  public convenience init(
    kernelSize: some SpatialExtents, outputSize: some SpatialExtents, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(kernelSize, .extents(outputSize.extents(axes: Self.axes)), file, line)
  }

  /// Creates a layer that makes images smaller by a ratio between 0 and 1. The extents are rounded down.
  ///
  /// A ratio that is not between 0 and 1 is an error, and so are sizes below 1 or a list of another length.
  public convenience init(
    kernelSize: some SpatialExtents, outputRatio: Double, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(kernelSize, .ratio(outputRatio), file, line)
  }

  fileprivate init(
    _ kernelSize: some SpatialExtents, _ size: FractionalSize, _ file: StaticString, _ line: UInt
  ) {
    let kernel = kernelSize.extents(axes: Self.axes)
    func isRight(_ extents: [Int]) -> Bool { extents.count == Self.axes && extents.allSatisfy { $0 > 0 } }
    let fits =
      switch size {
      case .extents(let extents): isRight(extents)
      case .ratio(let ratio): ratio > 0 && ratio < 1
      }
    // A ratio that is not valid gives no extents; the layer then fails when it is called.
    (self.kernel, self.size) = (kernel, fits ? size : .extents([]))
    if !isRight(kernel) || !fits {
      programError(
        Self.name,
        "the window \(kernel) and the \(size) must be \(Self.axes) numbers above 0 each, or a ratio between 0 and 1",
        file, line)
    }
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public final override var configuration: String {
    switch size {
    case .extents(let extents): "kernelSize: \(kernel), outputSize: \(extents)"
    case .ratio(let ratio): "kernelSize: \(kernel), outputRatio: \(ratio)"
    }
  }

  final override func pooled(_ x: Tensor<Element>) -> Tensor<Element> {
    checkRank(x)
    if x.isFailed { return x }
    let out =
      switch size {
      case .extents(let extents): extents
      case .ratio(let ratio): x.shape.dropFirst(2).map { Int(Double($0) * ratio) }
      }
    return x.fractionalMaxPool(Self.name, kernel, out, nil, #fileID, #line).values
  }
}

/// The number of windows along each axis, or its ratio to the image's extent.
private enum FractionalSize: CustomStringConvertible {
  case extents([Int])
  case ratio(Double)

  var description: String {
    switch self {
    case .extents(let extents): "output \(extents)"
    case .ratio(let ratio): "ratio \(ratio)"
    }
  }
}

extension FractionalMaxPool where Element == Float {
  /// Creates a layer with windows of one size for all axes, or a list of sizes, and as many windows as
  /// `outputSize` says. The starts of the windows are drawn in each call, from the default random generator.
  ///
  /// Sizes below 1 are an error, and so is a list of another length.
  public convenience init(
    kernelSize: some SpatialExtents, outputSize: some SpatialExtents, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(kernelSize, .extents(outputSize.extents(axes: Self.axes)), file, line)
  }

  /// Creates a layer that makes images smaller by a ratio between 0 and 1. The extents are rounded down.
  ///
  /// A ratio that is not between 0 and 1 is an error, and so are sizes below 1 or a list of another length.
  public convenience init(
    kernelSize: some SpatialExtents, outputRatio: Double, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(kernelSize, .ratio(outputRatio), file, line)
  }
}

/// A layer that takes the largest elements of overlapping windows at random starts from images of two axes,
/// as ``Tensor/fractionalMaxPool(kernelSize:outputSize:samples:file:line:)`` does.
///
/// ```swift
/// let pool = FractionalMaxPool2d(kernelSize: 2, outputRatio: 0.7)
/// let images = Tensor<Float>.normal([8, 3, 30, 30])
/// let y = pool(images)  // [8, 3, 21, 21]
/// ```
public final class FractionalMaxPool2d<Element: DifferentiableScalar>: FractionalMaxPool<Element> {
  override class var name: String { "FractionalMaxPool2d" }
}

/// A ``FractionalMaxPool2d`` over volumes, `[n, channels, d, h, w]`.
///
/// ```swift
/// let pool = FractionalMaxPool3d(kernelSize: 2, outputSize: [4, 12, 12])
/// let volumes = Tensor<Float>.normal([2, 3, 8, 16, 16])
/// let y = pool(volumes)  // [2, 3, 4, 12, 12]
/// ```
public final class FractionalMaxPool3d<Element: DifferentiableScalar>: FractionalMaxPool<Element> {
  override class var name: String { "FractionalMaxPool3d" }
  override class var axes: Int { 3 }
}
