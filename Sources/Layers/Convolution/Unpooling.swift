public import MartletCore

/// The base class of the layers that undo max pools over one, two and three axes, which have the same
/// arguments.
///
/// ```swift
/// let layers: [MaxUnpool<Float>] = [MaxUnpool1d(kernelSize: 2), MaxUnpool2d(kernelSize: [2, 3])]
/// ```
public class MaxUnpool<Element: DifferentiableScalar>: Module {
  private final let options: PoolOptions?

  /// The name of the layer in error messages, and the number of axes of an image without its channels.
  class var name: String { "MaxUnpool2d" }
  class var axes: Int { 2 }

  /// Creates a layer for the results of a max pool with these windows. The stride is the size unless it is
  /// given.
  ///
  /// A size or stride below 1 is an error. So are a padding below 0 or above half a window, and a list of
  /// another length.
  public convenience init(
    kernelSize: some SpatialExtents, stride: (any SpatialExtents)? = nil, padding: some SpatialExtents = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(kernelSize, stride, padding, file, line)
  }

  fileprivate init(
    _ kernelSize: some SpatialExtents, _ stride: (any SpatialExtents)?, _ padding: some SpatialExtents,
    _ file: StaticString, _ line: UInt
  ) {
    options = PoolOptions(
      Self.name, axes: Self.axes, kernelSize: kernelSize, stride: stride, padding: padding, dilation: 1,
      ceilMode: false, file, line)
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public final var configuration: String { options?.description ?? "" }

  /// Puts each element of `[n, channels, …]`, or of one image `[channels, …]`, at its index, with zeros
  /// elsewhere, as ``Tensor/maxUnpool(_:outputSize:file:line:)`` does.
  ///
  /// The indices are those of
  /// ``Tensor/maxPoolWithIndices(kernelSize:stride:padding:dilation:ceilMode:file:line:)``. Several images have
  /// the same pooled size: without `outputSize` it is the smallest, `(l − 1) · stride − 2 padding + kernel`.
  /// Shapes that do not fit are an error, and so is an index out of range.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([1, 3, 7, 7])
  /// let (values, indices) = images.maxPoolWithIndices(kernelSize: 2)
  /// let y = MaxUnpool2d(kernelSize: 2)(values, indices, outputSize: [7, 7])  // [1, 3, 7, 7]
  /// ```
  public final func callAsFunction(
    _ x: Tensor<Element>, _ indices: Tensor<Int>, outputSize: [Int]? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    scoped {
      let size = outputSize ?? options?.inputSize(of: Array(x.shape.suffix(Self.axes))) ?? []
      let isBatch = x.isFailed || x.rank != Self.axes + 1
      let y = (isBatch ? x : x.expandedDims(axis: 0)).maxUnpool(
        Self.name, isBatch ? indices : indices.expandedDims(axis: 0), size, file, line)
      return isBatch || y.isFailed ? y : y.squeezed(axis: 0)
    }
  }
}

extension MaxUnpool where Element == Float {
  /// Creates a layer for the results of a max pool with these windows. The stride is the size unless it is
  /// given.
  ///
  /// A size or stride below 1 is an error. So are a padding below 0 or above half a window, and a list of
  /// another length.
  public convenience init(
    kernelSize: some SpatialExtents, stride: (any SpatialExtents)? = nil, padding: some SpatialExtents = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(kernelSize, stride, padding, file, line)
  }
}

/// A layer that undoes a ``MaxPool1d``.
///
/// ```swift
/// let signals = Tensor<Float>.normal([8, 3, 100])
/// let (values, indices) = signals.maxPoolWithIndices(kernelSize: 2)
/// let y = MaxUnpool1d(kernelSize: 2)(values, indices)  // [8, 3, 100]
/// ```
public final class MaxUnpool1d<Element: DifferentiableScalar>: MaxUnpool<Element> {
  override class var name: String { "MaxUnpool1d" }
  override class var axes: Int { 1 }
}

/// A layer that undoes a ``MaxPool2d``.
///
/// ```swift
/// let images = Tensor<Float>.normal([8, 3, 32, 32])
/// let (values, indices) = images.maxPoolWithIndices(kernelSize: 2)
/// let y = MaxUnpool2d(kernelSize: 2)(values, indices)  // [8, 3, 32, 32]
/// ```
public final class MaxUnpool2d<Element: DifferentiableScalar>: MaxUnpool<Element> {
  override class var name: String { "MaxUnpool2d" }
}

/// A layer that undoes a ``MaxPool3d``.
///
/// ```swift
/// let volumes = Tensor<Float>.normal([2, 3, 8, 8, 8])
/// let (values, indices) = volumes.maxPoolWithIndices(kernelSize: 2)
/// let y = MaxUnpool3d(kernelSize: 2)(values, indices)  // [2, 3, 8, 8, 8]
/// ```
public final class MaxUnpool3d<Element: DifferentiableScalar>: MaxUnpool<Element> {
  override class var name: String { "MaxUnpool3d" }
  override class var axes: Int { 3 }
}
