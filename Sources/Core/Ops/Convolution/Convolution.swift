// Convolutions over one, two and three axes. The convolution, its transpose and the gradient of its kernels
// come from one trilinear form. The derivative of each of the three is therefore computed by the other two.

/// The stride, padding, dilation and groups of a convolution, with one number for each axis.
package struct ConvolutionOptions {
  /// The `padding` is the one that both sides of an axis have: the smaller one if the sides differ.
  package let stride: [Int], padding: [Int], dilation: [Int], groups: Int
  /// The padding of each side in addition to `padding`. One of the two numbers of an axis is 0.
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

  /// True if the padding is the same on both sides of each axis.
  package var isEven: Bool { rest.allSatisfy { $0.before == 0 && $0.after == 0 } }
  /// The padding before and after each axis.
  package var edges: [[Int]] { zip(padding, rest).map { [$0 + $1.before, $0 + $1.after] } }
  /// The options without `rest`.
  var even: ConvolutionOptions {
    ConvolutionOptions(stride: stride, padding: padding, dilation: dilation, groups: groups)
  }

  /// Checks and stores the options. Reports an error and returns nil if the kernel does not allow them.
  package init?(
    _ name: String, kernel: TensorShape, axes: Int, stride: some SpatialExtents, padding: some SpatialPadding,
    dilation: some SpatialExtents, groups: Int, _ file: StaticString, _ line: UInt
  ) {
    let extents = Array(kernel.suffix(axes)), steps = stride.extents(axes: axes)
    let gaps = dilation.extents(axes: axes)
    guard steps.count == axes, steps.allSatisfy({ $0 > 0 }), gaps.count == axes, gaps.allSatisfy({ $0 > 0 })
    else {
      mistake(
        name, "the stride \(steps) and the dilation \(gaps) must be \(axes) numbers above 0 each", file, line)
      return nil
    }
    let edges = padding.padding(kernel: extents, stride: steps, dilation: gaps)
    guard let edges, edges.count == axes, edges.allSatisfy({ $0.before >= 0 && $0.after >= 0 }) else {
      mistake(
        name,
        "padding \(edges.map { "\($0.map(\.before))" } ?? ".same") does not fit a kernel of \(extents) with stride \(steps) and dilation \(gaps); it must be \(axes) numbers of at least 0, or .same with strides of 1",
        file, line)
      return nil
    }
    self.init(steps, edges, gaps, groups)
  }

  /// Returns true if images and kernels are small enough for BLAS, so that sizes can be computed without
  /// overflow.
  func suit(_ size: [Int], _ kernel: [Int]) -> Bool {
    size.reduce(1, *) <= BLAS.largestSize
      && (size + kernel + stride + padding + dilation).allSatisfy { $0 <= BLAS.largestSize }
  }

  /// Returns a description of the error in the shapes of inputs, weight and bias; nil if they fit. The weight
  /// of a transposed convolution is `[in, out / groups, …]`.
  func misfit(
    _ inputs: TensorShape, _ weight: TensorShape, _ bias: TensorShape?, axes: Int, isTransposed: Bool
  ) -> String? {
    guard inputs.rank == axes + 2, weight.rank == axes + 2 else {
      let expected = "[n, in, …] and \(isTransposed ? "[in, out / groups, …]" : "[out, in / groups, …]")"
      return
        "inputs \(inputs) and weight \(weight) do not match; they must be \(expected) of rank \(axes + 2)"
    }
    guard groups > 0, groups <= Swift.max(weight[0], 1), weight[0] % groups == 0 else {
      return "weight \(weight) cannot be split into \(groups) groups; their number must divide \(weight[0])"
    }
    let channels = isTransposed ? weight[0] : weight[1] * groups
    guard inputs[1] == channels else {
      let among = groups > 1 ? " of \(groups) groups" : ""
      return "inputs \(inputs) have \(inputs[1]) channels, but weight \(weight)\(among) needs \(channels)"
    }
    let outputs = isTransposed ? weight[1] * groups : weight[0]
    guard let bias, bias != [outputs] else { return nil }
    return "bias \(bias) does not match weight \(weight); it must be [\(outputs)]"
  }

  /// Returns the windows of a kernel over images of these extents; nil if the kernel does not fit in the
  /// padded image.
  func windows(over size: [Int], _ kernel: [Int]) -> SlidingWindows? {
    SlidingWindows(size: size, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
  }
}

extension SlidingWindows {
  /// True if BLAS, which counts in 32 bits, can count the pixels of an image, the windows, and the elements
  /// of a kernel of some channels.
  func isCountable(channels: Int) -> Bool {
    [size, out, [channels] + kernel].allSatisfy {
      TensorShape($0).isValid && $0.reduce(1, *) <= BLAS.largestSize
    }
  }
}

extension ConvolutionGeometry {
  /// The shapes of the convolution's input, kernels and output.
  fileprivate var inputShape: TensorShape { TensorShape([images, inputs] + windows.size) }
  fileprivate var kernelShape: TensorShape { TensorShape([outputs, inputs / groups] + windows.kernel) }
  fileprivate var outputShape: TensorShape { TensorShape([images, outputs] + windows.out) }
}

extension Tensor where Element: DifferentiableScalar {
  /// The convolution of signals with kernels, `[n, in, l] × [out, in / groups, k] → [n, out, l′]`, with
  /// `l′ = (l + 2 padding − dilation (k − 1) − 1) / stride + 1`. `[in, l]` is a single signal.
  ///
  /// The result is `y[n, o, i] = bias[o] + Σ x[n, c, i · stride + k · dilation − padding] · weight[o, c, k]`.
  /// This is the form of ``conv2d(weight:bias:stride:padding:dilation:groups:file:line:)`` for one axis.
  ///
  /// ```swift
  /// let signals = Tensor<Float>.normal([8, 2, 100])
  /// let kernels = Tensor<Float>.normal([4, 2, 5])
  /// let y = signals.conv1d(weight: kernels, stride: 2, padding: 2)  // [8, 4, 50]
  /// ```
  public func conv1d(
    weight: Tensor, bias: Tensor? = nil, stride: some SpatialExtents = 1, padding: some SpatialPadding = 0,
    dilation: some SpatialExtents = 1, groups: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let options = ConvolutionOptions(
      "conv1d", kernel: weight.shape, axes: 1, stride: stride, padding: padding, dilation: dilation,
      groups: groups, file, line)
    return convolution("conv1d", 1, weight, bias, options, file, line)
  }

  /// The convolution of images with kernels, `[n, in, h, w] × [out, in / groups, kh, kw] → [n, out, h′, w′]`,
  /// with `h′ = (h + 2 padding − dilation (kh − 1) − 1) / stride + 1`, rounded down. `[in, h, w]` is a single
  /// image.
  ///
  /// The result is
  /// `y[n, o, i, j] = bias[o] + Σ x[n, c, i · stride + k · dilation − padding, …] · weight[o, c, k, …]`. The
  /// sum is over the channels c of o's group and the taps k of the kernel. Pixels beyond the edges are 0.
  /// Channels are divided into groups in their order, and each group has its own kernels. `groups: in` is a
  /// depthwise convolution.
  ///
  /// Shapes, strides and groups that do not fit are an error, and so are kernels larger than the padded
  /// image. Derivatives: dx is the transposed convolution of g, dweight is the products of x under each tap
  /// with g, and `dbias = Σ g`.
  ///
  /// The windows are unfolded in tiles that fit in the cache and are multiplied by BLAS (Chellapilla, Puri &
  /// Simard 2006, "High performance convolutional neural networks for document processing"). Kernels of 3 × 3
  /// at stride 1 are computed in tiles of 2 × 2 outputs with 16 multiplications instead of 36, if that is
  /// faster (Lavin & Gray 2015, "Fast algorithms for convolutional neural networks"). The error of such a
  /// tile stays a few roundings, but a pixel that is not finite makes the whole tile NaN.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([8, 3, 32, 32])
  /// let kernels = Tensor<Float>.normal([16, 3, 3, 3])
  /// let y = images.conv2d(weight: kernels, padding: .same)  // [8, 16, 32, 32]
  /// ```
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

  /// The convolution of volumes with kernels,
  /// `[n, in, d, h, w] × [out, in / groups, kd, kh, kw] → [n, out, d′, h′, w′]`.
  ///
  /// This is the form of ``conv2d(weight:bias:stride:padding:dilation:groups:file:line:)`` for three axes.
  ///
  /// ```swift
  /// let volumes = Tensor<Float>.normal([2, 1, 16, 32, 32])
  /// let kernels = Tensor<Float>.normal([4, 1, 3, 3, 3])
  /// let y = volumes.conv3d(weight: kernels, stride: [1, 2, 2], padding: 1)  // [2, 4, 16, 16, 16]
  /// ```
  public func conv3d(
    weight: Tensor, bias: Tensor? = nil, stride: some SpatialExtents = 1, padding: some SpatialPadding = 0,
    dilation: some SpatialExtents = 1, groups: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let options = ConvolutionOptions(
      "conv3d", kernel: weight.shape, axes: 3, stride: stride, padding: padding, dilation: dilation,
      groups: groups, file, line)
    return convolution("conv3d", 3, weight, bias, options, file, line)
  }

  /// The convolution over `axes` axes. If the options are nil, their error is already reported.
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
    let tooLarge = "inputs \(shape) and weight \(weight.shape) are too large: BLAS counts in 32 bits"
    guard options.suit(size, kernel) else { return .failed(name, tooLarge, file, line) }
    guard let windows = options.windows(over: size, kernel) else {
      return .failed(
        name,
        "a kernel of \(kernel) with dilation \(options.dilation) does not fit in images of \(size) with padding \(options.padding)",
        file, line)
    }
    guard windows.isCountable(channels: weight.shape[1]) else { return .failed(name, tooLarge, file, line) }
    let geometry = ConvolutionGeometry(
      images: shape[0], inputs: shape[1], outputs: weight.shape[0], groups: groups, windows: windows)
    return convolution(weight, geometry, bias: bias)
  }

  private func convolution(_ weight: Tensor, _ geometry: ConvolutionGeometry, bias: Tensor? = nil) -> Tensor {
    let value = convolved(weight, bias, geometry)
    return value.recorded(
      "Convolution",
      edge(saving: weight, adding: { g, w, sum in g.convolutionTranspose(w, geometry, adding: sum) }),
      weight.edge(saving: self, adding: { g, x, sum in x.convolutionKernels(g, geometry, adding: sum) }),
      bias?.edge { g in g.summedToChannels() })
  }

  /// The adjoint of the convolution with respect to its input. This tensor has the shape of the convolution's
  /// result.
  func convolutionTranspose(
    _ weight: Tensor, _ geometry: ConvolutionGeometry, bias: Tensor? = nil, adding sum: Tensor? = nil
  ) -> Tensor {
    let value = convolvedBack(weight, geometry, adding: sum)
    if let bias, !value.isFailed {
      value.combine(
        .add, with: bias.reshapedView(TensorShape([bias.count] + value.shape.dropFirst(2).map { _ in 1 })))
    }
    return value.recorded(
      "ConvolutionTranspose",
      edge(saving: weight, adding: { g, w, sum in addedInPlace(g.convolution(w, geometry), to: sum) }),
      weight.edge(saving: self, adding: { g, y, sum in g.convolutionKernels(y, geometry, adding: sum) }),
      bias?.edge { g in g.summedToChannels() })
  }

  /// The adjoint of the convolution with respect to its kernels. This tensor is the convolution's input, and
  /// `gradient` has the shape of its result.
  private func convolutionKernels(
    _ gradient: Tensor, _ geometry: ConvolutionGeometry, adding sum: Tensor? = nil
  ) -> Tensor {
    convolvedKernels(gradient, geometry, adding: sum).recorded(
      "ConvolutionKernels",
      edge(saving: gradient, adding: { v, g, sum in g.convolutionTranspose(v, geometry, adding: sum) }),
      gradient.edge(saving: self, adding: { v, x, sum in addedInPlace(x.convolution(v, geometry), to: sum) }))
  }

  /// The sum over all axes but the second.
  private func summedToChannels() -> Tensor { sum(axes: [0] + Array(2..<rank)) }
}

// Launches of the passes. They are not recorded; the caller has checked the shapes.
extension Tensor where Element: DifferentiableScalar {
  /// Returns the convolution of images with kernels, plus a bias for each channel.
  private func convolved(_ weight: Tensor, _ bias: Tensor?, _ geometry: ConvolutionGeometry) -> Tensor {
    let x = contiguous(), w = weight.contiguous(), b = bias?.contiguous()
    let y = Tensor(uninitialized: geometry.outputShape)
    let failure = launch(after: x.failure ?? w.failure ?? b?.failure ?? y.failure) {
      () throws(OutOfMemory) in
      try ConvolutionPass(
        .output, geometry, images: x.operand, kernels: w.operand, output: y.operand, bias: b?.operand
      ).run()
    }
    return failure.map { .failed(by: $0) } ?? y
  }

  /// Returns the gradient of the images; this tensor is the gradient of their convolution. If there is a
  /// `sum`, the gradient is added to it in place.
  private func convolvedBack(
    _ weight: Tensor, _ geometry: ConvolutionGeometry, adding sum: Tensor?
  ) -> Tensor {
    launch(self, weight, into: sum ?? Tensor(uninitialized: geometry.inputShape)) {
      (g, w, dx) throws(OutOfMemory) in
      sum?.storage.version += 1
      try ConvolutionPass(.images, geometry, images: dx, kernels: w, output: g, adds: sum != nil).run()
    }
  }

  /// Returns the gradient of the kernels for these images and the gradient of their convolution. If there is
  /// a `sum`, the gradient is added to it in place.
  private func convolvedKernels(
    _ gradient: Tensor, _ geometry: ConvolutionGeometry, adding sum: Tensor?
  ) -> Tensor {
    launch(self, gradient, into: sum ?? Tensor(uninitialized: geometry.kernelShape)) {
      (x, g, dw) throws(OutOfMemory) in
      sum?.storage.version += 1
      try ConvolutionPass(.kernels, geometry, images: x, kernels: dw, output: g, adds: sum != nil).run()
    }
  }
}

/// Adds a derivative rule's result in place to `sum` and returns `sum`. Returns the result itself if `sum` is
/// nil.
private func addedInPlace<Element: DifferentiableScalar>(
  _ result: Tensor<Element>, to sum: Tensor<Element>?
) -> Tensor<Element> {
  guard let sum, !result.isFailed else { return result }
  sum.combine(.add, with: result)
  return sum
}
