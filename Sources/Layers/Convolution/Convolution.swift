public import MartletCore

/// The base class of the convolutional layers, with kernels and a bias for each channel. Create a
/// ``Conv1d``, ``Conv2d``, ``Conv3d``, ``ConvTranspose1d``, ``ConvTranspose2d`` or ``ConvTranspose3d``.
///
/// ```swift
/// let layers: [Convolution<Float>] = [Conv2d(3, 16, kernelSize: 3), ConvTranspose2d(16, 3, kernelSize: 3)]
/// for layer in layers { print(layer.weight.shape, layer.configuration) }
/// ```
public class Convolution<Element: DifferentiableScalar>: WeightedLayer {
  /// The kernels, `[out, in / groups, …]`; in a transposed convolution, `[in, out / groups, …]`.
  public final let weight: Tensor<Element>
  /// The bias that is added to each output channel, `[out]`, or nil.
  public final let bias: Tensor<Element>?
  private let slide: ConvolutionSlide

  init(_ slide: ConvolutionSlide, bias: Bool, _ file: StaticString, _ line: UInt) {
    weight = .startingUniform(slide.kernels, fanIn: slide.fanIn, file, line)
    self.bias = bias ? .startingUniform([slide.outputs], fanIn: slide.fanIn, file, line) : nil
    self.slide = slide
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public final var configuration: String { slide.configuration + (bias == nil ? ", bias: false" : "") }

  /// Returns the convolution of a batch `[n, in, …]`, or of one image `[in, …]`. Other shapes are an error.
  ///
  /// The derivatives are those of ``Tensor/conv2d(weight:bias:stride:padding:dilation:groups:file:line:)``.
  public final func forward(_ x: Tensor<Element>) -> Tensor<Element> { forward(x, weight: weight) }

  /// The axis of the weight that belongs to the outputs: 0, or 1 in a transposed convolution.
  public final var outputAxis: Int { slide.outputPadding == nil ? 0 : 1 }

  /// Returns the output with another weight of the same shape.
  public final func forward(_ x: Tensor<Element>, weight: Tensor<Element>) -> Tensor<Element> {
    if let padding = slide.outputPadding {
      return x.transposedConvolution(
        slide.name, slide.axes, weight, bias, slide.options, padding, #fileID, #line)
    }
    return slide.padded(x).convolution(
      slide.name, slide.axes, weight, bias, slide.inner, #fileID, #line)
  }
}

/// The checked arguments of a convolutional layer: the shape of its kernels and the convolution's options.
struct ConvolutionSlide {
  /// The name of the layer's type, for error messages.
  let name: String
  let axes: Int, inputs: Int, outputs: Int
  /// The shape of all kernels, and the number of elements of one output channel's kernel (in a transposed
  /// convolution, of one input channel's).
  let kernels: TensorShape, fanIn: Int
  let options: ConvolutionOptions
  /// The output padding of a transposed convolution; nil for a convolution.
  let outputPadding: [Int]?
  /// The pixels that padding adds, and the options of the convolution after padding with other pixels than 0.
  let mode: PaddingMode, inner: ConvolutionOptions

  init(
    _ name: String, axes: Int, _ inputs: Int, _ outputs: Int, _ kernelSize: some SpatialExtents,
    _ stride: some SpatialExtents, _ padding: some SpatialPadding, _ dilation: some SpatialExtents,
    _ groups: Int, mode: PaddingMode = .constant, outputPadding: [Int]? = nil, _ file: StaticString,
    _ line: UInt
  ) {
    let kernel = kernelSize.extents(axes: axes)
    if kernel.count != axes || !kernel.allSatisfy({ $0 > 0 }) {
      programError(name, "the kernel must be \(axes) numbers above 0, not \(kernel)", file, line)
    }
    if groups < 1 || inputs < 1 || outputs < 1 || inputs % groups != 0 || outputs % groups != 0 {
      programError(
        name,
        "\(inputs) to \(outputs) channels in \(groups) groups do not fit; all must be above 0, and the groups must divide both",
        file, line)
    }
    let divisor = max(groups, 1)
    let sides = outputPadding == nil ? [outputs, inputs / divisor] : [inputs, outputs / divisor]
    kernels = TensorShape(sides + kernel)
    fanIn = kernel.reduce(sides[1]) { $0.times($1) }
    // Inside `catchingTensorErrors` the program continues after the mistake, so the layer must stay callable.
    options =
      ConvolutionOptions(
        name, kernel: kernels, axes: axes, stride: stride, padding: padding, dilation: dilation,
        groups: groups, file, line)
      ?? ConvolutionOptions(
        stride: 1.extents(axes: axes), padding: 0.extents(axes: axes), dilation: 1.extents(axes: axes),
        groups: groups)
    inner =
      mode == .constant
      ? options
      : ConvolutionOptions(
        stride: options.stride, padding: 0.extents(axes: axes), dilation: options.dilation, groups: groups)
    (self.name, self.axes, self.outputPadding, self.mode) = (name, axes, outputPadding, mode)
    (self.inputs, self.outputs) = (inputs, outputs)
  }

  /// Returns images with the pixels beyond the edges, unless the convolution itself counts them as 0.
  func padded<Element: DifferentiableScalar>(_ x: Tensor<Element>) -> Tensor<Element> {
    if mode == .constant || x.isFailed || x.rank < axes { return x }
    return x.padded(options.edges.map { ($0[0], $0[1]) }, mode: mode)
  }

  /// The initialiser's arguments as text, without those that equal the defaults.
  var configuration: String {
    let lists = [
      ("kernelSize", Array(kernels.dropFirst(2)), -1), ("stride", options.stride, 1),
      ("padding", options.isEven ? options.padding : [], 0), ("dilation", options.dilation, 1),
      ("outputPadding", outputPadding ?? [], 0),
    ]
    let told = lists.filter { _, list, usual in list.contains { $0 != usual } }.map { ", \($0.0): \($0.1)" }
    return "\(inputs), \(outputs)" + told.joined() + (options.isEven ? "" : ", padding: \(options.edges)")
      + (options.groups == 1 ? "" : ", groups: \(options.groups)")
      + (mode == .constant ? "" : ", paddingMode: \(mode)")
  }
}

/// A convolution of signals, `[n, in, l] → [n, out, l′]`, as
/// ``Tensor/conv1d(weight:bias:stride:padding:dilation:groups:file:line:)`` computes it.
///
/// ```swift
/// let conv = Conv1d(1, 8, kernelSize: 5, padding: .same)
/// let signals = Tensor<Float>.normal([4, 1, 100])
/// let y = conv(signals)  // [4, 8, 100]
/// ```
public final class Conv1d<Element: DifferentiableScalar>: Convolution<Element> {
  /// Creates a layer from `inputs` to `outputs` channels. Its kernels have one size for all axes, or a list
  /// of sizes. `padding: .same` keeps the size. The pixels beyond the edges are 0, or those of another
  /// `paddingMode`.
  ///
  /// Groups that do not divide both numbers of channels are an error. So are a kernel size, stride or
  /// dilation below 1, a padding below 0, a list of another length, and `.same` with a stride above 1.
  public convenience init(
    _ inputs: Int, _ outputs: Int, kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialPadding = 0, dilation: some SpatialExtents = 1, groups: Int = 1, bias: Bool = true,
    paddingMode: PaddingMode = .constant, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      ConvolutionSlide(
        "Conv1d", axes: 1, inputs, outputs, kernelSize, stride, padding, dilation, groups, mode: paddingMode,
        file, line),
      bias: bias, file, line)
  }
}

extension Conv1d where Element == Float {
  /// Creates a layer from `inputs` to `outputs` channels. Its kernels have one size for all axes, or a list
  /// of sizes. `padding: .same` keeps the size. The pixels beyond the edges are 0, or those of another
  /// `paddingMode`.
  ///
  /// Groups that do not divide both numbers of channels are an error. So are a kernel size, stride or
  /// dilation below 1, a padding below 0, a list of another length, and `.same` with a stride above 1.
  public convenience init(
    _ inputs: Int, _ outputs: Int, kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialPadding = 0, dilation: some SpatialExtents = 1, groups: Int = 1, bias: Bool = true,
    paddingMode: PaddingMode = .constant, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      ConvolutionSlide(
        "Conv1d", axes: 1, inputs, outputs, kernelSize, stride, padding, dilation, groups, mode: paddingMode,
        file, line),
      bias: bias, file, line)
  }
}

/// A convolution of images, `[n, in, h, w] → [n, out, h′, w′]`, as
/// ``Tensor/conv2d(weight:bias:stride:padding:dilation:groups:file:line:)`` computes it.
///
/// ```swift
/// let conv = Conv2d(3, 16, kernelSize: 3, stride: 2, padding: 1)
/// let images = Tensor<Float>.normal([8, 3, 32, 32])
/// let y = conv(images)  // [8, 16, 16, 16]
/// ```
public final class Conv2d<Element: DifferentiableScalar>: Convolution<Element> {
  /// Creates a layer from `inputs` to `outputs` channels. Its kernels have one size for all axes, or a list
  /// of sizes. `padding: .same` keeps the size. The pixels beyond the edges are 0, or those of another
  /// `paddingMode`.
  ///
  /// Groups that do not divide both numbers of channels are an error. So are a kernel size, stride or
  /// dilation below 1, a padding below 0, a list of another length, and `.same` with a stride above 1.
  public convenience init(
    _ inputs: Int, _ outputs: Int, kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialPadding = 0, dilation: some SpatialExtents = 1, groups: Int = 1, bias: Bool = true,
    paddingMode: PaddingMode = .constant, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      ConvolutionSlide(
        "Conv2d", axes: 2, inputs, outputs, kernelSize, stride, padding, dilation, groups, mode: paddingMode,
        file, line),
      bias: bias, file, line)
  }
}

extension Conv2d where Element == Float {
  /// Creates a layer from `inputs` to `outputs` channels. Its kernels have one size for all axes, or a list
  /// of sizes. `padding: .same` keeps the size. The pixels beyond the edges are 0, or those of another
  /// `paddingMode`.
  ///
  /// Groups that do not divide both numbers of channels are an error. So are a kernel size, stride or
  /// dilation below 1, a padding below 0, a list of another length, and `.same` with a stride above 1.
  public convenience init(
    _ inputs: Int, _ outputs: Int, kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialPadding = 0, dilation: some SpatialExtents = 1, groups: Int = 1, bias: Bool = true,
    paddingMode: PaddingMode = .constant, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      ConvolutionSlide(
        "Conv2d", axes: 2, inputs, outputs, kernelSize, stride, padding, dilation, groups, mode: paddingMode,
        file, line),
      bias: bias, file, line)
  }
}

/// A convolution of volumes, `[n, in, d, h, w] → [n, out, d′, h′, w′]`, as
/// ``Tensor/conv3d(weight:bias:stride:padding:dilation:groups:file:line:)`` computes it.
///
/// ```swift
/// let conv = Conv3d(1, 4, kernelSize: [1, 3, 3], bias: false)
/// let volumes = Tensor<Float>.normal([2, 1, 8, 16, 16])
/// let y = conv(volumes)  // [2, 4, 8, 14, 14]
/// ```
public final class Conv3d<Element: DifferentiableScalar>: Convolution<Element> {
  /// Creates a layer from `inputs` to `outputs` channels. Its kernels have one size for all axes, or a list
  /// of sizes. `padding: .same` keeps the size. The pixels beyond the edges are 0, or those of another
  /// `paddingMode`.
  ///
  /// Groups that do not divide both numbers of channels are an error. So are a kernel size, stride or
  /// dilation below 1, a padding below 0, a list of another length, and `.same` with a stride above 1.
  public convenience init(
    _ inputs: Int, _ outputs: Int, kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialPadding = 0, dilation: some SpatialExtents = 1, groups: Int = 1, bias: Bool = true,
    paddingMode: PaddingMode = .constant, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      ConvolutionSlide(
        "Conv3d", axes: 3, inputs, outputs, kernelSize, stride, padding, dilation, groups, mode: paddingMode,
        file, line),
      bias: bias, file, line)
  }
}

extension Conv3d where Element == Float {
  /// Creates a layer from `inputs` to `outputs` channels. Its kernels have one size for all axes, or a list
  /// of sizes. `padding: .same` keeps the size. The pixels beyond the edges are 0, or those of another
  /// `paddingMode`.
  ///
  /// Groups that do not divide both numbers of channels are an error. So are a kernel size, stride or
  /// dilation below 1, a padding below 0, a list of another length, and `.same` with a stride above 1.
  public convenience init(
    _ inputs: Int, _ outputs: Int, kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialPadding = 0, dilation: some SpatialExtents = 1, groups: Int = 1, bias: Bool = true,
    paddingMode: PaddingMode = .constant, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      ConvolutionSlide(
        "Conv3d", axes: 3, inputs, outputs, kernelSize, stride, padding, dilation, groups, mode: paddingMode,
        file, line),
      bias: bias, file, line)
  }
}
