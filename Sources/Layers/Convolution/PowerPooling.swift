public import MartletCore

/// The base class of the power-average pools over one, two and three axes, which have the same arguments.
///
/// ```swift
/// let pools: [LPPool<Float>] = [LPPool1d(2, kernelSize: 3), LPPool2d(4, kernelSize: [2, 3])]
/// ```
public class LPPool<Element: DifferentiableScalar>: Pool<Element> {
  /// The power p.
  public final let p: Double
  private final let options: PoolOptions?

  /// Creates a layer of the power p, whose windows have one size for all axes, or a list of sizes. The stride
  /// is the size unless it is given.
  ///
  /// A p that is not a finite number above 0 is an error. So are a size or stride below 1 and a list of another
  /// length.
  @_disfavoredOverload
  public convenience init(
    _ p: Double, kernelSize: some SpatialExtents, stride: (any SpatialExtents)? = nil, ceilMode: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(p, kernelSize, stride, ceilMode, file, line)
  }

  fileprivate init(
    _ p: Double, _ kernelSize: some SpatialExtents, _ stride: (any SpatialExtents)?, _ ceilMode: Bool,
    _ file: StaticString, _ line: UInt
  ) {
    self.p = p
    if !(p > 0 && p.isFinite) {
      programError(Self.name, "p must be a finite number above 0, not \(p)", file, line)
    }
    options = PoolOptions(
      Self.name, axes: Self.axes, kernelSize: kernelSize, stride: stride, padding: 0, dilation: 1,
      ceilMode: ceilMode, file, line)
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public final override var configuration: String { "\(p), \(options?.description ?? "")" }

  final override func pooled(_ x: Tensor<Element>) -> Tensor<Element> {
    checkRank(x)
    return x.lpPool(Self.name, Element(p), options, #fileID, #line)
  }
}

extension LPPool where Element == Float {
  /// Creates a layer of the power p, whose windows have one size for all axes, or a list of sizes. The stride
  /// is the size unless it is given.
  ///
  /// A p that is not a finite number above 0 is an error. So are a size or stride below 1 and a list of another
  /// length.
  public convenience init(
    _ p: Double, kernelSize: some SpatialExtents, stride: (any SpatialExtents)? = nil, ceilMode: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(p, kernelSize, stride, ceilMode, file, line)
  }
}

/// An ``LPPool2d`` over signals, `[n, channels, l]`.
///
/// ```swift
/// let pool = LPPool1d(2, kernelSize: 2)
/// let signals = Tensor<Float>.normal([8, 3, 100])
/// let y = pool(signals)  // [8, 3, 50]
/// ```
public final class LPPool1d<Element: DifferentiableScalar>: LPPool<Element> {
  override class var name: String { "LPPool1d" }
  override class var axes: Int { 1 }
}

/// A layer that computes `(Σ xᵖ)^(1/p)` of each window of images of two axes, as
/// ``Tensor/lpPool(p:kernelSize:stride:ceilMode:file:line:)`` does.
///
/// ```swift
/// let pool = LPPool2d(2, kernelSize: 3, stride: 2)
/// let images = Tensor<Float>.normal([8, 3, 33, 33])
/// let y = pool(images)  // [8, 3, 16, 16]
/// ```
public final class LPPool2d<Element: DifferentiableScalar>: LPPool<Element> {
  override class var name: String { "LPPool2d" }
}

/// An ``LPPool2d`` over volumes, `[n, channels, d, h, w]`.
///
/// ```swift
/// let pool = LPPool3d(2, kernelSize: 2)
/// let volumes = Tensor<Float>.normal([2, 3, 8, 32, 32])
/// let y = pool(volumes)  // [2, 3, 4, 16, 16]
/// ```
public final class LPPool3d<Element: DifferentiableScalar>: LPPool<Element> {
  override class var name: String { "LPPool3d" }
  override class var axes: Int { 3 }
}
