public import MartletCore

/// Windows over images as columns, `[n, channels, …] → [n, channels · taps, windows]`, as
/// ``Tensor/unfolded(kernelSize:stride:padding:dilation:file:line:)`` makes them, over images of two axes.
public final class Unfold<Element: DifferentiableScalar>: Layer {
  private let windows: Unfolding?

  /// Windows of one size for both axes or of a list of sizes; numbers that cannot be are an error.
  public convenience init(
    kernelSize: some SpatialExtents, stride: some SpatialExtents = 1, padding: some SpatialPadding = 0,
    dilation: some SpatialExtents = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(Unfolding.of("Unfold", kernelSize, stride, padding, dilation, file, line))
  }

  fileprivate init(_ windows: Unfolding?) { self.windows = windows }

  /// How it was made.
  public var configuration: String { windows?.description ?? "" }

  /// The columns of images `[n, channels, h, w]`, or of one image; other ranks are an error. Derivative: g, folded.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    x.batched(from: 4) { $0.unfolded("Unfold", windows, #fileID, #line) }
  }
}

extension Unfold where Element == Float {
  /// Windows of one size for both axes or of a list of sizes; numbers that cannot be are an error.
  public convenience init(
    kernelSize: some SpatialExtents, stride: some SpatialExtents = 1, padding: some SpatialPadding = 0,
    dilation: some SpatialExtents = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(Unfolding.of("Unfold", kernelSize, stride, padding, dilation, file, line))
  }
}

/// Columns added up to images, `[n, channels · taps, windows] → [n, channels, h, w]`, as
/// ``Tensor/folded(to:kernelSize:stride:padding:dilation:file:line:)`` makes them.
public final class Fold<Element: DifferentiableScalar>: Layer {
  private let size: [Int], windows: Unfolding?

  /// Images of `outputSize`, one number for both axes or a list, seen by windows as ``Unfold``'s; numbers that cannot be
  /// are an error.
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
      programError("Fold", "images of \(size); 2 numbers above 0", file, line)
    }
  }

  /// How it was made.
  public var configuration: String { "outputSize: \(size), \(windows?.description ?? "")" }

  /// The images of columns, or the one image of columns without a batch; columns of another number than the windows are
  /// an error. Derivative: g, unfolded.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    x.batched(from: 3) { $0.folded("Fold", to: size, windows, #fileID, #line) }
  }
}

extension Fold where Element == Float {
  /// Images of `outputSize`, one number for both axes or a list, seen by windows as ``Unfold``'s; numbers that cannot be
  /// are an error.
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
  /// What `body` makes of a batch, of `rank` axes; without that axis it is made and taken away again.
  fileprivate func batched(from rank: Int, _ body: (Tensor) -> Tensor) -> Tensor {
    guard !isFailed, self.rank == rank - 1 else { return body(self) }
    let y = body(expandedDims(axis: 0))
    return y.isFailed ? y : y.squeezed(axis: 0)
  }
}
