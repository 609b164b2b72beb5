public import MartletCore

/// The base class of the pooling layers, for a batch, `[n, channels, …]`, or one image, `[channels, …]`.
///
/// ```swift
/// let layers: [Pool<Float>] = [MaxPool2d(kernelSize: 2), AvgPool2d(kernelSize: 2)]
/// let images = Tensor<Float>.normal([8, 3, 32, 32])
/// for layer in layers { print(layer(images).shape) }  // [8, 3, 16, 16]
/// ```
public class Pool<Element: DifferentiableScalar>: Layer {
  /// The name of the layer in error messages, and the number of axes of an image without its channels.
  class var name: String { "Pool" }
  class var axes: Int { 2 }

  init() {}

  /// Returns the pooled input, without a batch axis if the input has none.
  public final func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    guard !x.isFailed, x.rank == Self.axes + 1 else { return pooled(x) }
    let y = pooled(x.expandedDims(axis: 0))
    return y.isFailed ? y : y.squeezed(axis: 0)
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "" }

  func pooled(_ x: Tensor<Element>) -> Tensor<Element> { x }

  /// Reports images with another number of axes than the pool's.
  final func checkRank(_ x: Tensor<Element>) {
    if x.isFailed || x.rank == Self.axes + 2 { return }
    programError(
      Self.name,
      "inputs of shape \(x.shape) do not fit; the shape must be [n, channels] and \(Self.axes) axes, or one image"
    )
  }
}
