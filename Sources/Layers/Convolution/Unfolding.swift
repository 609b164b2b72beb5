public import MartletCore

/// A layer that turns each window over images into a column,
/// `[n, channels, h, w] → [n, channels · taps, windows]`, as
/// ``Tensor/unfolded(kernelSize:stride:padding:dilation:file:line:)`` does.
///
/// ```swift
/// let images = Tensor<Float>.normal([2, 3, 8, 8])
/// let columns = Unfold(kernelSize: 3, padding: 1)(images)  // [2, 27, 64]
/// ```
public final class Unfold<Element: DifferentiableScalar>: Layer {
  private let windows: Unfolding?

  /// Creates a layer with windows of one size for both axes, or of a list of sizes.
  ///
  /// Window sizes, strides and dilations below 1 are an error. So is a padding that is below 0 or differs
  /// between the two sides of an axis.
  public convenience init(
    kernelSize: some SpatialExtents, stride: some SpatialExtents = 1, padding: some SpatialPadding = 0,
    dilation: some SpatialExtents = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(Unfolding.of("Unfold", kernelSize, stride, padding, dilation, file, line))
  }

  fileprivate init(_ windows: Unfolding?) { self.windows = windows }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { windows?.description ?? "" }

  /// Returns the columns of images `[n, channels, h, w]`, or of one image `[channels, h, w]`. Another rank is
  /// an error. Derivative: g, folded.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    x.batched(from: 4) { $0.unfolded("Unfold", windows, #fileID, #line) }
  }
}

extension Unfold where Element == Float {
  /// Creates a layer with windows of one size for both axes, or of a list of sizes.
  ///
  /// Window sizes, strides and dilations below 1 are an error. So is a padding that is below 0 or differs
  /// between the two sides of an axis.
  public convenience init(
    kernelSize: some SpatialExtents, stride: some SpatialExtents = 1, padding: some SpatialPadding = 0,
    dilation: some SpatialExtents = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(Unfolding.of("Unfold", kernelSize, stride, padding, dilation, file, line))
  }
}

/// A layer that adds columns up to images, `[n, channels · taps, windows] → [n, channels, h, w]`, as
/// ``Tensor/folded(to:kernelSize:stride:padding:dilation:file:line:)`` does.
///
/// ```swift
/// let columns = Tensor<Float>.normal([2, 12, 16])
/// let images = Fold(outputSize: 8, kernelSize: 2, stride: 2)(columns)  // [2, 3, 8, 8]
/// ```
public final class Fold<Element: DifferentiableScalar>: Layer {
  private let size: [Int], windows: Unfolding?

  /// Creates a layer for images of `outputSize`, one number for both axes or a list.
  ///
  /// The windows over these images are those of ``Unfold``, with the same errors. An output size below 1 is
  /// an error.
  public convenience init(
    outputSize: some SpatialExtents, kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialPadding = 0, dilation: some SpatialExtents = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(outputSize, Unfolding.of("Fold", kernelSize, stride, padding, dilation, file, line), file, line)
  }

  fileprivate init(
    _ outputSize: some SpatialExtents, _ windows: Unfolding?, _ file: StaticString, _ line: UInt
  ) {
    size = outputSize.extents(axes: 2)
    self.windows = windows
    if size.count != 2 || size.contains(where: { $0 < 1 }) {
      programError("Fold", "the output size must be 2 numbers above 0, not \(size)", file, line)
    }
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "outputSize: \(size), \(windows?.description ?? "")" }

  /// Returns the images of columns `[n, channels · taps, windows]`, or one image for columns without a batch.
  /// A number of columns that differs from the number of windows is an error. Derivative: g, unfolded.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    x.batched(from: 3) { $0.folded("Fold", to: size, windows, #fileID, #line) }
  }
}

extension Fold where Element == Float {
  /// Creates a layer for images of `outputSize`, one number for both axes or a list.
  ///
  /// The windows over these images are those of ``Unfold``, with the same errors. An output size below 1 is
  /// an error.
  public convenience init(
    outputSize: some SpatialExtents, kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialPadding = 0, dilation: some SpatialExtents = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(outputSize, Unfolding.of("Fold", kernelSize, stride, padding, dilation, file, line), file, line)
  }
}

extension Unfolding {
  fileprivate static func of(
    _ name: String, _ kernelSize: some SpatialExtents, _ stride: some SpatialExtents,
    _ padding: some SpatialPadding, _ dilation: some SpatialExtents, _ file: StaticString, _ line: UInt
  ) -> Unfolding? {
    Unfolding(
      name, axes: 2, kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation, file, line)
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Returns the result of `body` for a batch of rank `rank`. An input without the batch axis gets one for
  /// the call, and the result loses that axis.
  fileprivate func batched(from rank: Int, _ body: (Tensor) -> Tensor) -> Tensor {
    guard !isFailed, self.rank == rank - 1 else { return body(self) }
    let y = body(expandedDims(axis: 0))
    return y.isFailed ? y : y.squeezed(axis: 0)
  }
}
