public import MartletCore

/// What the convolutional layers share: kernels `[out, in / groups, …]`, a bias `[out]`, and how the kernels slide: the base of ``Conv2d``,
/// ``ConvTranspose2d`` and their kin.
public class Convolution<Element: DifferentiableScalar>: Layer {
  /// The kernels, `[out, in / groups, …]`; of a transposed convolution `[in, out / groups, …]`.
  public final let weight: Tensor<Element>
  /// What is added to each channel, `[out]`, or nil.
  public final let bias: Tensor<Element>?
  private let parts: ConvolutionParts<Element>

  init(_ parts: ConvolutionParts<Element>) {
    weight = parts.weight
    bias = parts.bias
    self.parts = parts
  }

  /// The convolution of `[n, in, …]`, or of one image `[in, …]`. Other shapes are an error.
  ///
  /// Derivatives as of ``Tensor/conv2d(weight:bias:stride:padding:dilation:groups:file:line:)``.
  public final func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    let parts = parts
    if let padding = parts.outputPadding {
      return x.transposedConvolution(
        parts.name, parts.axes, weight, bias, parts.options, padding, #fileID, #line)
    }
    return x.convolution(parts.name, parts.axes, weight, bias, parts.options, #fileID, #line)
  }
}

/// What a convolutional layer is made of; no parameter of its own.
final class ConvolutionParts<Element: DifferentiableScalar> {
  let weight: Tensor<Element>, bias: Tensor<Element>?
  /// The layer as it was asked for, and its number of axes.
  let name: String, axes: Int
  let options: ConvolutionOptions
  /// Of a transposed convolution.
  let outputPadding: [Int]?

  /// Weights and biases uniform in ±1/√fan-in, as PyTorch starts them.
  init(
    _ name: String, axes: Int, _ inputs: Int, _ outputs: Int, _ kernelSize: some SpatialExtents,
    _ stride: some SpatialExtents, _ padding: some SpatialPadding, _ dilation: some SpatialExtents,
    _ groups: Int, _ hasBias: Bool, outputPadding: [Int]? = nil, _ file: StaticString, _ line: UInt
  ) {
    let kernel = kernelSize.extents(axes: axes)
    if kernel.count != axes || !kernel.allSatisfy({ $0 > 0 }) {
      programError(name, "a kernel of \(kernel); \(axes) numbers above 0", file, line)
    }
    if groups < 1 || inputs < 1 || outputs < 1 || inputs % groups != 0 || outputs % groups != 0 {
      programError(
        name,
        "\(inputs) to \(outputs) channels in \(groups) groups; numbers above 0, and groups that divide both",
        file, line)
    }
    let divisor = max(groups, 1)
    let sides = outputPadding == nil ? [outputs, inputs / divisor] : [inputs, outputs / divisor]
    let shape = TensorShape(sides + kernel)
    options =
      ConvolutionOptions(
        name, kernel: shape, axes: axes, stride: stride, padding: padding, dilation: dilation, groups: groups,
        file, line) ?? ConvolutionOptions(stride: [], padding: [], dilation: [], groups: 1)
    let fanIn = sides[1] * kernel.reduce(1, *)
    weight = .startingUniform(shape, fanIn: fanIn, file, line)
    bias = hasBias ? .startingUniform([outputs], fanIn: fanIn, file, line) : nil
    self.name = "\(name)(\(inputs), \(outputs), kernelSize: \(kernel))"
    (self.axes, self.outputPadding) = (axes, outputPadding)
  }
}

/// A convolution of signals, `[n, in, l] → [n, out, l′]`: see
/// ``Tensor/conv1d(weight:bias:stride:padding:dilation:groups:file:line:)``.
public final class Conv1d<Element: DifferentiableScalar>: Convolution<Element> {
  /// From `inputs` to `outputs` channels, with kernels of one size for all axes or of a list of sizes.
  /// `padding: .same` keeps the size.
  ///
  /// Groups that do not divide both, and sizes that cannot be, are an error.
  public convenience init(
    _ inputs: Int, _ outputs: Int, kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialPadding = 0, dilation: some SpatialExtents = 1, groups: Int = 1, bias: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      ConvolutionParts(
        "Conv1d", axes: 1, inputs, outputs, kernelSize, stride, padding, dilation, groups, bias, file, line))
  }
}

extension Conv1d where Element == Float {
  /// From `inputs` to `outputs` channels, with kernels of one size for all axes or of a list of sizes.
  /// `padding: .same` keeps the size.
  ///
  /// Groups that do not divide both, and sizes that cannot be, are an error.
  public convenience init(
    _ inputs: Int, _ outputs: Int, kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialPadding = 0, dilation: some SpatialExtents = 1, groups: Int = 1, bias: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      ConvolutionParts(
        "Conv1d", axes: 1, inputs, outputs, kernelSize, stride, padding, dilation, groups, bias, file, line))
  }
}

/// A convolution of images, `[n, in, h, w] → [n, out, h′, w′]`: see
/// ``Tensor/conv2d(weight:bias:stride:padding:dilation:groups:file:line:)``.
public final class Conv2d<Element: DifferentiableScalar>: Convolution<Element> {
  /// From `inputs` to `outputs` channels, with kernels of one size for all axes or of a list of sizes.
  /// `padding: .same` keeps the size.
  ///
  /// Groups that do not divide both, and sizes that cannot be, are an error.
  public convenience init(
    _ inputs: Int, _ outputs: Int, kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialPadding = 0, dilation: some SpatialExtents = 1, groups: Int = 1, bias: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      ConvolutionParts(
        "Conv2d", axes: 2, inputs, outputs, kernelSize, stride, padding, dilation, groups, bias, file, line))
  }
}

extension Conv2d where Element == Float {
  /// From `inputs` to `outputs` channels, with kernels of one size for all axes or of a list of sizes.
  /// `padding: .same` keeps the size.
  ///
  /// Groups that do not divide both, and sizes that cannot be, are an error.
  public convenience init(
    _ inputs: Int, _ outputs: Int, kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialPadding = 0, dilation: some SpatialExtents = 1, groups: Int = 1, bias: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      ConvolutionParts(
        "Conv2d", axes: 2, inputs, outputs, kernelSize, stride, padding, dilation, groups, bias, file, line))
  }
}

/// A convolution of volumes, `[n, in, d, h, w] → [n, out, d′, h′, w′]`: see
/// ``Tensor/conv3d(weight:bias:stride:padding:dilation:groups:file:line:)``.
public final class Conv3d<Element: DifferentiableScalar>: Convolution<Element> {
  /// From `inputs` to `outputs` channels, with kernels of one size for all axes or of a list of sizes.
  /// `padding: .same` keeps the size.
  ///
  /// Groups that do not divide both, and sizes that cannot be, are an error.
  public convenience init(
    _ inputs: Int, _ outputs: Int, kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialPadding = 0, dilation: some SpatialExtents = 1, groups: Int = 1, bias: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      ConvolutionParts(
        "Conv3d", axes: 3, inputs, outputs, kernelSize, stride, padding, dilation, groups, bias, file, line))
  }
}

extension Conv3d where Element == Float {
  /// From `inputs` to `outputs` channels, with kernels of one size for all axes or of a list of sizes.
  /// `padding: .same` keeps the size.
  ///
  /// Groups that do not divide both, and sizes that cannot be, are an error.
  public convenience init(
    _ inputs: Int, _ outputs: Int, kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialPadding = 0, dilation: some SpatialExtents = 1, groups: Int = 1, bias: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      ConvolutionParts(
        "Conv3d", axes: 3, inputs, outputs, kernelSize, stride, padding, dilation, groups, bias, file, line))
  }
}
