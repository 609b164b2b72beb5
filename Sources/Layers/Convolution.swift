public import MartletCore

/// What the convolutional layers share: kernels, a bias for each channel, and how the kernels slide. ``Conv1d`` to
/// ``Conv3d`` and ``ConvTranspose1d`` to ``ConvTranspose3d`` are made by their own initialisers.
public class Convolution<Element: DifferentiableScalar>: Layer {
  /// The kernels, `[out, in / groups, …]`; of a transposed convolution `[in, out / groups, …]`.
  public final let weight: Tensor<Element>
  /// What is added to each channel, `[out]`, or nil.
  public final let bias: Tensor<Element>?
  private let slide: ConvolutionSlide

  init(_ slide: ConvolutionSlide, bias: Bool, _ file: StaticString, _ line: UInt) {
    weight = .startingUniform(slide.kernels, fanIn: slide.fanIn, file, line)
    self.bias = bias ? .startingUniform([slide.outputs], fanIn: slide.fanIn, file, line) : nil
    self.slide = slide
  }

  /// How it was made.
  public final var configuration: String { slide.configuration + (bias == nil ? ", bias: false" : "") }

  /// The convolution of `[n, in, …]`, or of one image `[in, …]`. Other shapes are an error.
  ///
  /// Derivatives as of ``Tensor/conv2d(weight:bias:stride:padding:dilation:groups:file:line:)``.
  public final func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    if let padding = slide.outputPadding {
      return x.transposedConvolution(
        slide.name, slide.axes, weight, bias, slide.options, padding, #fileID, #line)
    }
    return x.convolution(slide.name, slide.axes, weight, bias, slide.options, #fileID, #line)
  }
}

/// How a convolutional layer was asked for: the shape of its kernels and the way that they slide.
struct ConvolutionSlide {
  /// The layer's type, for messages.
  let name: String
  let axes: Int, inputs: Int, outputs: Int
  /// The shape of all kernels, and the elements of one for an output (of a transposed one, an input).
  let kernels: TensorShape, fanIn: Int
  let options: ConvolutionOptions
  /// Of a transposed convolution.
  let outputPadding: [Int]?

  init(
    _ name: String, axes: Int, _ inputs: Int, _ outputs: Int, _ kernelSize: some SpatialExtents,
    _ stride: some SpatialExtents, _ padding: some SpatialPadding, _ dilation: some SpatialExtents,
    _ groups: Int, outputPadding: [Int]? = nil, _ file: StaticString, _ line: UInt
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
    kernels = TensorShape(sides + kernel)
    fanIn = kernel.reduce(sides[1]) { $0.times($1) }
    // Where the mistake is caught, the layer is one that can be called.
    options =
      ConvolutionOptions(
        name, kernel: kernels, axes: axes, stride: stride, padding: padding, dilation: dilation,
        groups: groups, file, line)
      ?? ConvolutionOptions(
        stride: 1.extents(axes: axes), padding: 0.extents(axes: axes), dilation: 1.extents(axes: axes),
        groups: groups)
    (self.name, self.axes, self.outputPadding) = (name, axes, outputPadding)
    (self.inputs, self.outputs) = (inputs, outputs)
  }

  /// As it was asked for; without what is so unless asked for.
  var configuration: String {
    let lists = [
      ("kernelSize", Array(kernels.dropFirst(2)), -1), ("stride", options.stride, 1),
      ("padding", options.isEven ? options.padding : [], 0), ("dilation", options.dilation, 1),
      ("outputPadding", outputPadding ?? [], 0),
    ]
    let told = lists.filter { _, list, usual in list.contains { $0 != usual } }.map { ", \($0.0): \($0.1)" }
    return "\(inputs), \(outputs)" + told.joined() + (options.isEven ? "" : ", padding: \(options.edges)")
      + (options.groups == 1 ? "" : ", groups: \(options.groups)")
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
      ConvolutionSlide(
        "Conv1d", axes: 1, inputs, outputs, kernelSize, stride, padding, dilation, groups, file, line),
      bias: bias, file, line)
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
      ConvolutionSlide(
        "Conv1d", axes: 1, inputs, outputs, kernelSize, stride, padding, dilation, groups, file, line),
      bias: bias, file, line)
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
      ConvolutionSlide(
        "Conv2d", axes: 2, inputs, outputs, kernelSize, stride, padding, dilation, groups, file, line),
      bias: bias, file, line)
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
      ConvolutionSlide(
        "Conv2d", axes: 2, inputs, outputs, kernelSize, stride, padding, dilation, groups, file, line),
      bias: bias, file, line)
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
      ConvolutionSlide(
        "Conv3d", axes: 3, inputs, outputs, kernelSize, stride, padding, dilation, groups, file, line),
      bias: bias, file, line)
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
      ConvolutionSlide(
        "Conv3d", axes: 3, inputs, outputs, kernelSize, stride, padding, dilation, groups, file, line),
      bias: bias, file, line)
  }
}
