// Convolutions over one, two and three axes. The convolution, its transpose and the product that makes its kernels'
// gradient are one trilinear form taken three ways: the derivative of each is the other two.

/// Stride, padding, dilation and groups of a convolution, a number for each axis.
package struct ConvolutionOptions {
  /// The padding is that of both sides: where they differ, that of the lesser.
  package let stride: [Int], padding: [Int], dilation: [Int], groups: Int
  /// The padding that one side of an axis has more than the other.
  let rest: [(before: Int, after: Int)]

  package init(stride: [Int], padding: [Int], dilation: [Int], groups: Int) {
    self.init(stride, padding.map { ($0, $0) }, dilation, groups)
  }

  private init(
    _ stride: [Int], _ edges: [(before: Int, after: Int)], _ dilation: [Int], _ groups: Int
  ) {
    (self.stride, self.dilation, self.groups) = (stride, dilation, groups)
    padding = edges.map { min($0.before, $0.after) }
    rest = zip(edges, padding).map { ($0.before - $1, $0.after - $1) }
  }

  /// Whether both sides of each axis have as much padding.
  package var isEven: Bool { rest.allSatisfy { $0.before == 0 && $0.after == 0 } }
  /// The padding before and after each axis.
  package var edges: [[Int]] { zip(padding, rest).map { [$0 + $1.before, $0 + $1.after] } }
  /// With the same padding on both sides.
  var even: ConvolutionOptions {
    ConvolutionOptions(stride: stride, padding: padding, dilation: dilation, groups: groups)
  }

  /// Nil, and a mistake, where a kernel of this shape cannot have them.
  package init?(
    _ name: String, kernel: TensorShape, axes: Int, stride: some SpatialExtents, padding: some SpatialPadding,
    dilation: some SpatialExtents, groups: Int, _ file: StaticString, _ line: UInt
  ) {
    let extents = Array(kernel.suffix(axes)), steps = stride.extents(axes: axes)
    let gaps = dilation.extents(axes: axes)
    guard steps.count == axes, steps.allSatisfy({ $0 > 0 }), gaps.count == axes, gaps.allSatisfy({ $0 > 0 })
    else {
      mistake(name, "stride \(steps), dilation \(gaps); \(axes) numbers above 0 each", file, line)
      return nil
    }
    let edges = padding.padding(kernel: extents, stride: steps, dilation: gaps)
    guard let edges, edges.count == axes, edges.allSatisfy({ $0.before >= 0 && $0.after >= 0 }) else {
      mistake(
        name,
        "padding \(edges.map { "\($0.map(\.before))" } ?? ".same") for a kernel of \(extents), stride \(steps), dilation \(gaps); \(axes) numbers of at least 0, or .same for strides of 1",
        file, line)
      return nil
    }
    self.init(steps, edges, gaps, groups)
  }

  /// Whether images and kernels of these extents are within what BLAS counts, and sizes can be computed.
  func suit(_ size: [Int], _ kernel: [Int]) -> Bool {
    size.reduce(1, *) <= BLAS.largestSize
      && (size + kernel + stride + padding + dilation).allSatisfy { $0 <= BLAS.largestSize }
  }

  /// What is wrong with the shapes of inputs, weight and bias, of which those of a transposed convolution are
  /// `[in, out / groups, …]`; nil where they fit.
  func misfit(
    _ inputs: TensorShape, _ weight: TensorShape, _ bias: TensorShape?, axes: Int, isTransposed: Bool
  ) -> String? {
    guard inputs.rank == axes + 2, weight.rank == axes + 2 else {
      let expected = "[n, in, …] and \(isTransposed ? "[in, out / groups, …]" : "[out, in / groups, …]")"
      return "inputs \(inputs), weight \(weight); \(expected) of rank \(axes + 2) are expected"
    }
    guard groups > 0, groups <= Swift.max(weight[0], 1), weight[0] % groups == 0 else {
      return "weight \(weight), groups \(groups); a number that divides the weight's \(weight[0]) is expected"
    }
    let channels = isTransposed ? weight[0] : weight[1] * groups
    guard inputs[1] == channels else {
      let among = groups > 1 ? " of \(groups) groups" : ""
      return "inputs \(inputs), weight \(weight)\(among); \(inputs[1]) channels, \(channels) are expected"
    }
    let outputs = isTransposed ? weight[1] * groups : weight[0]
    guard let bias, bias != [outputs] else { return nil }
    return "bias \(bias), weight \(weight); [\(outputs)] is expected"
  }

  /// How often the kernel is laid on along each axis; nil where it does not fit in the padded image.
  func out(_ size: [Int], _ kernel: [Int]) -> [Int]? {
    let counts = size.indices.map { axis -> Int in
      let reach: Int = dilation[axis] * (kernel[axis] - 1) + 1
      let room: Int = size[axis] + 2 * padding[axis] - reach
      return room < 0 ? -1 : room / stride[axis] + 1
    }
    return counts.allSatisfy { $0 >= 0 } && kernel.allSatisfy { $0 > 0 } ? counts : nil
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// The convolution of signals with kernels: `y[n, o, i] = bias[o] + Σ x[n, c, i · stride + k · dilation − padding]
  /// · weight[o, c, k]`, `[n, in, l] × [out, in / groups, k] → [n, out, l′]`, with
  /// `l′ = (l + 2 padding − dilation (k − 1) − 1) / stride + 1`; `[in, l]` is one signal.
  ///
  /// See ``conv2d(weight:bias:stride:padding:dilation:groups:file:line:)``, of which this is the form for one axis.
  public func conv1d(
    weight: Tensor, bias: Tensor? = nil, stride: some SpatialExtents = 1, padding: some SpatialPadding = 0,
    dilation: some SpatialExtents = 1, groups: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let options = ConvolutionOptions(
      "conv1d", kernel: weight.shape, axes: 1, stride: stride, padding: padding, dilation: dilation,
      groups: groups, file, line)
    return convolution("conv1d", 1, weight, bias, options, file, line)
  }

  /// The convolution of images with kernels: `y[n, o, i, j] = bias[o] + Σ x[n, c, i · stride + k · dilation − padding,
  /// …] · weight[o, c, k, …]`, a sum over the channels c of o's group and the taps k of the kernel; what lies beyond
  /// the edges is 0.
  ///
  /// `[n, in, h, w] × [out, in / groups, kh, kw] → [n, out, h′, w′]`, with
  /// `h′ = (h + 2 padding − dilation (kh − 1) − 1) / stride + 1`, rounded down; `[in, h, w]` is one image. Channels
  /// are divided into groups in their order, each with kernels of its own; `groups: in` is a depthwise convolution.
  ///
  /// Shapes, strides and groups that do not fit are an error, and so are kernels larger than the padded image.
  /// Derivatives: dx is the transposed convolution of g, dweight the products of x under each tap with g,
  /// `dbias = Σ g`.
  ///
  /// The windows are unfolded a tile at a time, within the cache, and multiplied by BLAS (Chellapilla, Puri & Simard
  /// 2006, "High performance convolutional neural networks for document processing"). Kernels of 3 × 3 at stride 1 are
  /// filtered in tiles of 2 × 2 outputs with 16 multiplications for 36, where that is faster (Lavin & Gray 2015, "Fast
  /// algorithms for convolutional neural networks"): the error stays that of a few roundings, but a pixel that is not
  /// finite makes its whole tile NaN.
  ///
  /// - Complexity: `2 n · out · h′ · w′ · in / groups · kh · kw` operations.
  public func conv2d(
    weight: Tensor, bias: Tensor? = nil, stride: some SpatialExtents = 1, padding: some SpatialPadding = 0,
    dilation: some SpatialExtents = 1, groups: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let options = ConvolutionOptions(
      "conv2d", kernel: weight.shape, axes: 2, stride: stride, padding: padding, dilation: dilation,
      groups: groups, file, line)
    return convolution("conv2d", 2, weight, bias, options, file, line)
  }

  /// The convolution of volumes with kernels, `[n, in, d, h, w] × [out, in / groups, kd, kh, kw] →
  /// [n, out, d′, h′, w′]`.
  ///
  /// See ``conv2d(weight:bias:stride:padding:dilation:groups:file:line:)``, of which this is the form for three axes.
  public func conv3d(
    weight: Tensor, bias: Tensor? = nil, stride: some SpatialExtents = 1, padding: some SpatialPadding = 0,
    dilation: some SpatialExtents = 1, groups: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let options = ConvolutionOptions(
      "conv3d", kernel: weight.shape, axes: 3, stride: stride, padding: padding, dilation: dilation,
      groups: groups, file, line)
    return convolution("conv3d", 3, weight, bias, options, file, line)
  }

  /// A convolution over so many axes; nil options are a mistake that was told.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package func convolution(
    _ name: String, _ axes: Int, _ weight: Tensor, _ bias: Tensor?, _ options: ConvolutionOptions?,
    _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if let failure = failure ?? weight.failure ?? bias?.failure { return .failed(by: failure) }
    guard let options else { return .failed(by: Failure.current) }
    if rank == axes + 1 {
      let image = expandedDims(axis: 0).convolution(name, axes, weight, bias, options, file, line)
      return image.isFailed ? image : image.squeezed(axis: 0)
    }
    let groups = options.groups
    if let misfit = options.misfit(shape, weight.shape, bias?.shape, axes: axes, isTransposed: false) {
      return .failed(name, misfit, file, line)
    }
    let size = Array(shape.dropFirst(2)), kernel = Array(weight.shape.dropFirst(2))
    if !options.isEven {
      return padded(options.rest, file: file, line: line).convolution(
        name, axes, weight, bias, options.even, file, line)
    }
    let tooLarge = "inputs \(shape), weight \(weight.shape); too large for BLAS"
    guard options.suit(size, kernel) else { return .failed(name, tooLarge, file, line) }
    guard let out = options.out(size, kernel) else {
      return .failed(
        name,
        "a kernel of \(kernel) for images of \(size), padding \(options.padding), dilation \(options.dilation); it has to fit in the padded image",
        file, line)
    }
    guard TensorShape(out).isValid, out.reduce(1, *) <= BLAS.largestSize,
      weight.shape.dropFirst().reduce(1, *) <= BLAS.largestSize
    else { return .failed(name, tooLarge, file, line) }
    let geometry = ConvolutionGeometry(
      images: shape[0], inputs: shape[1], outputs: weight.shape[0], groups: groups, size: size,
      kernel: kernel, stride: options.stride, padding: options.padding, dilation: options.dilation, out: out)
    return convolution(weight, geometry, bias: bias)
  }

  private func convolution(_ weight: Tensor, _ geometry: ConvolutionGeometry, bias: Tensor? = nil) -> Tensor {
    let value = convolved(weight, bias, geometry)
    guard let bias else {
      return value.recorded(
        "Convolution", self, saving: weight,
        adding: { g, w, sum in g.convolutionTranspose(w, geometry, adding: sum) },
        weight, saving: self, adding: { g, x, sum in x.convolutionKernels(g, geometry, adding: sum) })
    }
    return value.recorded(
      "Convolution", self, saving: weight,
      adding: { g, w, sum in g.convolutionTranspose(w, geometry, adding: sum) },
      weight, saving: self, adding: { g, x, sum in x.convolutionKernels(g, geometry, adding: sum) },
      bias, { g in g.summedToChannels() })
  }

  /// The convolution's adjoint in its input: this is what the convolution gives.
  func convolutionTranspose(
    _ weight: Tensor, _ geometry: ConvolutionGeometry, bias: Tensor? = nil, adding sum: Tensor? = nil
  ) -> Tensor {
    let value = convolvedBack(weight, geometry, adding: sum)
    guard let bias else {
      return value.recorded(
        "ConvolutionTranspose", self, saving: weight,
        adding: { g, w, sum in addedInPlace(g.convolution(w, geometry), to: sum) },
        weight, saving: self, adding: { g, y, sum in g.convolutionKernels(y, geometry, adding: sum) })
    }
    if !value.isFailed {
      value.combine(
        .add, with: bias.reshapedView(TensorShape([bias.count] + value.shape.dropFirst(2).map { _ in 1 })))
    }
    return value.recorded(
      "ConvolutionTranspose", self, saving: weight,
      adding: { g, w, sum in addedInPlace(g.convolution(w, geometry), to: sum) },
      weight, saving: self, adding: { g, y, sum in g.convolutionKernels(y, geometry, adding: sum) },
      bias, { g in g.summedToChannels() })
  }

  /// The convolution's adjoint in its kernels: this is the convolution's input, and the other what it gives.
  private func convolutionKernels(
    _ gradient: Tensor, _ geometry: ConvolutionGeometry, adding sum: Tensor? = nil
  ) -> Tensor {
    convolvedKernels(gradient, geometry, adding: sum).recorded(
      "ConvolutionKernels", self, saving: gradient,
      adding: { v, g, sum in g.convolutionTranspose(v, geometry, adding: sum) },
      gradient, saving: self, adding: { v, x, sum in addedInPlace(x.convolution(v, geometry), to: sum) })
  }

  /// The sum over all axes but the second.
  private func summedToChannels() -> Tensor { sum(axes: [0] + Array(2..<rank)) }
}

/// A rule's result, or what it was added to in place.
private func addedInPlace<Element: DifferentiableScalar>(
  _ result: Tensor<Element>, to sum: Tensor<Element>?
) -> Tensor<Element> {
  guard let sum, !result.isFailed else { return result }
  sum.combine(.add, with: result)
  return sum
}
