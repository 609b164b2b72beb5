public import MartletCore

/// A transposed convolution of signals, `[n, in, l] → [n, out, l′]`: see
/// ``Tensor/convTranspose1d(weight:bias:stride:padding:outputPadding:dilation:groups:file:line:)``.
public final class ConvTranspose1d<Element: DifferentiableScalar>: Convolution<Element> {
  /// From `inputs` to `outputs` channels, with kernels of one size for all axes or of a list of sizes.
  ///
  /// Groups that do not divide both, and sizes that cannot be, are an error.
  public convenience init(
    _ inputs: Int, _ outputs: Int, kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialExtents = 0, outputPadding: some SpatialExtents = 0, groups: Int = 1,
    bias: Bool = true, dilation: some SpatialExtents = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      ConvolutionSlide(
        "ConvTranspose1d", axes: 1, inputs, outputs, kernelSize, stride, padding.extents(axes: 1), dilation,
        groups, outputPadding: outputPadding.extents(axes: 1), file, line), bias: bias, file, line)
  }
}

extension ConvTranspose1d where Element == Float {
  /// From `inputs` to `outputs` channels, with kernels of one size for all axes or of a list of sizes.
  ///
  /// Groups that do not divide both, and sizes that cannot be, are an error.
  public convenience init(
    _ inputs: Int, _ outputs: Int, kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialExtents = 0, outputPadding: some SpatialExtents = 0, groups: Int = 1,
    bias: Bool = true, dilation: some SpatialExtents = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      ConvolutionSlide(
        "ConvTranspose1d", axes: 1, inputs, outputs, kernelSize, stride, padding.extents(axes: 1), dilation,
        groups, outputPadding: outputPadding.extents(axes: 1), file, line), bias: bias, file, line)
  }
}

/// A transposed convolution of images, `[n, in, h, w] → [n, out, h′, w′]`: see
/// ``Tensor/convTranspose2d(weight:bias:stride:padding:outputPadding:dilation:groups:file:line:)``.
public final class ConvTranspose2d<Element: DifferentiableScalar>: Convolution<Element> {
  /// From `inputs` to `outputs` channels, with kernels of one size for all axes or of a list of sizes.
  ///
  /// Groups that do not divide both, and sizes that cannot be, are an error.
  public convenience init(
    _ inputs: Int, _ outputs: Int, kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialExtents = 0, outputPadding: some SpatialExtents = 0, groups: Int = 1,
    bias: Bool = true, dilation: some SpatialExtents = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      ConvolutionSlide(
        "ConvTranspose2d", axes: 2, inputs, outputs, kernelSize, stride, padding.extents(axes: 2), dilation,
        groups, outputPadding: outputPadding.extents(axes: 2), file, line), bias: bias, file, line)
  }
}

extension ConvTranspose2d where Element == Float {
  /// From `inputs` to `outputs` channels, with kernels of one size for all axes or of a list of sizes.
  ///
  /// Groups that do not divide both, and sizes that cannot be, are an error.
  public convenience init(
    _ inputs: Int, _ outputs: Int, kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialExtents = 0, outputPadding: some SpatialExtents = 0, groups: Int = 1,
    bias: Bool = true, dilation: some SpatialExtents = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      ConvolutionSlide(
        "ConvTranspose2d", axes: 2, inputs, outputs, kernelSize, stride, padding.extents(axes: 2), dilation,
        groups, outputPadding: outputPadding.extents(axes: 2), file, line), bias: bias, file, line)
  }
}

/// A transposed convolution of volumes, `[n, in, d, h, w] → [n, out, d′, h′, w′]`: see
/// ``Tensor/convTranspose3d(weight:bias:stride:padding:outputPadding:dilation:groups:file:line:)``.
public final class ConvTranspose3d<Element: DifferentiableScalar>: Convolution<Element> {
  /// From `inputs` to `outputs` channels, with kernels of one size for all axes or of a list of sizes.
  ///
  /// Groups that do not divide both, and sizes that cannot be, are an error.
  public convenience init(
    _ inputs: Int, _ outputs: Int, kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialExtents = 0, outputPadding: some SpatialExtents = 0, groups: Int = 1,
    bias: Bool = true, dilation: some SpatialExtents = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      ConvolutionSlide(
        "ConvTranspose3d", axes: 3, inputs, outputs, kernelSize, stride, padding.extents(axes: 3), dilation,
        groups, outputPadding: outputPadding.extents(axes: 3), file, line), bias: bias, file, line)
  }
}

extension ConvTranspose3d where Element == Float {
  /// From `inputs` to `outputs` channels, with kernels of one size for all axes or of a list of sizes.
  ///
  /// Groups that do not divide both, and sizes that cannot be, are an error.
  public convenience init(
    _ inputs: Int, _ outputs: Int, kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialExtents = 0, outputPadding: some SpatialExtents = 0, groups: Int = 1,
    bias: Bool = true, dilation: some SpatialExtents = 1, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      ConvolutionSlide(
        "ConvTranspose3d", axes: 3, inputs, outputs, kernelSize, stride, padding.extents(axes: 3), dilation,
        groups, outputPadding: outputPadding.extents(axes: 3), file, line), bias: bias, file, line)
  }
}
