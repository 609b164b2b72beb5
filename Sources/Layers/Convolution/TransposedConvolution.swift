public import MartletCore

/// A layer that computes the transposed convolution of signals, `[n, in, l] → [n, out, l′]`, as
/// ``Tensor/convTranspose1d(weight:bias:stride:padding:outputPadding:dilation:groups:file:line:)`` does.
///
/// ```swift
/// let upsampling = ConvTranspose1d(16, 8, kernelSize: 4, stride: 2, padding: 1)
/// let signals = Tensor<Float>.normal([2, 16, 50])
/// let y = upsampling(signals)  // [2, 8, 100]
/// ```
public final class ConvTranspose1d<Element: DifferentiableScalar>: Convolution<Element> {
  /// Creates a layer from `inputs` to `outputs` channels. Each size is one number for all axes, or a list
  /// with a number for each axis.
  ///
  /// Channels, groups, kernel sizes, strides and dilations below 1 are an error, and so is a padding below 0.
  /// The number of groups must divide both numbers of channels, else it is an error.
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
  /// Creates a layer from `inputs` to `outputs` channels. Each size is one number for all axes, or a list
  /// with a number for each axis.
  ///
  /// Channels, groups, kernel sizes, strides and dilations below 1 are an error, and so is a padding below 0.
  /// The number of groups must divide both numbers of channels, else it is an error.
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

/// A layer that computes the transposed convolution of images, `[n, in, h, w] → [n, out, h′, w′]`, as
/// ``Tensor/convTranspose2d(weight:bias:stride:padding:outputPadding:dilation:groups:file:line:)`` does.
///
/// ```swift
/// let upsampling = ConvTranspose2d(16, 3, kernelSize: 4, stride: 2, padding: 1)
/// let images = Tensor<Float>.normal([2, 16, 8, 8])
/// let y = upsampling(images)  // [2, 3, 16, 16]
/// ```
public final class ConvTranspose2d<Element: DifferentiableScalar>: Convolution<Element> {
  /// Creates a layer from `inputs` to `outputs` channels. Each size is one number for all axes, or a list
  /// with a number for each axis.
  ///
  /// Channels, groups, kernel sizes, strides and dilations below 1 are an error, and so is a padding below 0.
  /// The number of groups must divide both numbers of channels, else it is an error.
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
  /// Creates a layer from `inputs` to `outputs` channels. Each size is one number for all axes, or a list
  /// with a number for each axis.
  ///
  /// Channels, groups, kernel sizes, strides and dilations below 1 are an error, and so is a padding below 0.
  /// The number of groups must divide both numbers of channels, else it is an error.
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

/// A layer that computes the transposed convolution of volumes, `[n, in, d, h, w] → [n, out, d′, h′, w′]`, as
/// ``Tensor/convTranspose3d(weight:bias:stride:padding:outputPadding:dilation:groups:file:line:)`` does.
///
/// ```swift
/// let upsampling = ConvTranspose3d(8, 4, kernelSize: 2, stride: 2)
/// let volumes = Tensor<Float>.normal([1, 8, 4, 4, 4])
/// let y = upsampling(volumes)  // [1, 4, 8, 8, 8]
/// ```
public final class ConvTranspose3d<Element: DifferentiableScalar>: Convolution<Element> {
  /// Creates a layer from `inputs` to `outputs` channels. Each size is one number for all axes, or a list
  /// with a number for each axis.
  ///
  /// Channels, groups, kernel sizes, strides and dilations below 1 are an error, and so is a padding below 0.
  /// The number of groups must divide both numbers of channels, else it is an error.
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
  /// Creates a layer from `inputs` to `outputs` channels. Each size is one number for all axes, or a list
  /// with a number for each axis.
  ///
  /// Channels, groups, kernel sizes, strides and dilations below 1 are an error, and so is a padding below 0.
  /// The number of groups must divide both numbers of channels, else it is an error.
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
