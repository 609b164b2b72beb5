// Transposed convolutions: the adjoints of convolutions, from the shape of their result to the shape of their
// input.

extension Tensor where Element: DifferentiableScalar {
  /// The transposed convolution of signals, `[n, in, l] × [in, out / groups, k] → [n, out, l′]`, with
  /// `l′ = (l − 1) stride − 2 padding + dilation (k − 1) + outputPadding + 1`. `[in, l]` is a single signal.
  ///
  /// This is the form of
  /// ``convTranspose2d(weight:bias:stride:padding:outputPadding:dilation:groups:file:line:)`` for one axis.
  ///
  /// ```swift
  /// let signals = Tensor<Float>.normal([8, 4, 50])
  /// let kernels = Tensor<Float>.normal([4, 2, 6])
  /// let y = signals.convTranspose1d(weight: kernels, stride: 2, padding: 2)  // [8, 2, 100]
  /// ```
  public func convTranspose1d(
    weight: Tensor, bias: Tensor? = nil, stride: some SpatialExtents = 1, padding: some SpatialExtents = 0,
    outputPadding: some SpatialExtents = 0, dilation: some SpatialExtents = 1, groups: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let options = ConvolutionOptions(
      "convTranspose1d", kernel: weight.shape, axes: 1, stride: stride, padding: padding.extents(axes: 1),
      dilation: dilation, groups: groups, file, line)
    return transposedConvolution(
      "convTranspose1d", 1, weight, bias, options, outputPadding.extents(axes: 1), file, line)
  }

  /// The transposed convolution of images, the adjoint of the convolution with the same kernels: each pixel
  /// is spread over a window (Zeiler et al. 2010, DOI 10.1109/CVPR.2010.5539957).
  ///
  /// `[n, in, h, w] × [in, out / groups, kh, kw] → [n, out, h′, w′]`, with
  /// `h′ = (h − 1) stride − 2 padding + dilation (kh − 1) + outputPadding + 1`. `[in, h, w]` is a single
  /// image.
  ///
  /// A convolution with a stride maps several sizes of images to the same size. `outputPadding` chooses among
  /// these sizes; it must be less than the stride or the dilation. Shapes, strides and groups that do not fit
  /// are an error. Derivatives: dx is the convolution of g, dweight is the products of g under each tap with
  /// x, and `dbias = Σ g`.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([8, 16, 7, 7])
  /// let kernels = Tensor<Float>.normal([16, 3, 4, 4])
  /// let y = images.convTranspose2d(weight: kernels, stride: 2, padding: 1)  // [8, 3, 14, 14]
  /// ```
  ///
  /// - Complexity: `2 n · in · h · w · out / groups · kh · kw` operations.
  public func convTranspose2d(
    weight: Tensor, bias: Tensor? = nil, stride: some SpatialExtents = 1, padding: some SpatialExtents = 0,
    outputPadding: some SpatialExtents = 0, dilation: some SpatialExtents = 1, groups: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let options = ConvolutionOptions(
      "convTranspose2d", kernel: weight.shape, axes: 2, stride: stride, padding: padding.extents(axes: 2),
      dilation: dilation, groups: groups, file, line)
    return transposedConvolution(
      "convTranspose2d", 2, weight, bias, options, outputPadding.extents(axes: 2), file, line)
  }

  /// The transposed convolution of volumes,
  /// `[n, in, d, h, w] × [in, out / groups, kd, kh, kw] → [n, out, d′, h′, w′]`.
  ///
  /// This is the form of
  /// ``convTranspose2d(weight:bias:stride:padding:outputPadding:dilation:groups:file:line:)`` for three axes.
  ///
  /// ```swift
  /// let volumes = Tensor<Float>.normal([2, 4, 4, 8, 8])
  /// let kernels = Tensor<Float>.normal([4, 1, 2, 2, 2])
  /// let y = volumes.convTranspose3d(weight: kernels, stride: 2)  // [2, 1, 8, 16, 16]
  /// ```
  public func convTranspose3d(
    weight: Tensor, bias: Tensor? = nil, stride: some SpatialExtents = 1, padding: some SpatialExtents = 0,
    outputPadding: some SpatialExtents = 0, dilation: some SpatialExtents = 1, groups: Int = 1,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let options = ConvolutionOptions(
      "convTranspose3d", kernel: weight.shape, axes: 3, stride: stride, padding: padding.extents(axes: 3),
      dilation: dilation, groups: groups, file, line)
    return transposedConvolution(
      "convTranspose3d", 3, weight, bias, options, outputPadding.extents(axes: 3), file, line)
  }

  /// The transposed convolution over `axes` axes. If the options are nil, their error is already reported.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package func transposedConvolution(
    _ name: String, _ axes: Int, _ weight: Tensor, _ bias: Tensor?, _ options: ConvolutionOptions?,
    _ outputPadding: [Int], _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if let failure = failure ?? weight.failure ?? bias?.failure { return .failed(by: failure) }
    guard let options else { return .failed(by: Failure.current) }
    if rank == axes + 1 {
      let image = expandedDims(axis: 0).transposedConvolution(
        name, axes, weight, bias, options, outputPadding, file, line)
      return image.isFailed ? image : image.squeezed(axis: 0)
    }
    let groups = options.groups
    if let misfit = options.misfit(shape, weight.shape, bias?.shape, axes: axes, isTransposed: true) {
      return .failed(name, misfit, file, line)
    }
    let isFitting =
      outputPadding.count == axes
      && (0..<axes).allSatisfy {
        outputPadding[$0] >= 0 && outputPadding[$0] < Swift.max(options.stride[$0], options.dilation[$0])
      }
    guard isFitting else {
      return .failed(
        name,
        "the output padding \(outputPadding) must be \(axes) numbers of at least 0, below the stride \(options.stride) or the dilation \(options.dilation)",
        file, line)
    }
    let size = Array(shape.dropFirst(2)), kernel = Array(weight.shape.dropFirst(2))
    let tooLarge = "inputs \(shape) and weight \(weight.shape) are too large: BLAS counts in 32 bits"
    guard options.suit(size, kernel) else { return .failed(name, tooLarge, file, line) }
    let out = (0..<axes).map { axis -> Int in
      let reach = SlidingWindows.reach(kernel[axis], options.dilation[axis])
      return (size[axis] - 1) * options.stride[axis] - 2 * options.padding[axis] + reach + outputPadding[axis]
    }
    guard out.allSatisfy({ $0 >= 0 }), kernel.allSatisfy({ $0 > 0 }) else {
      return .failed(
        name,
        "a kernel of \(kernel) on images of \(size) with padding \(options.padding) makes results of \(out); extents must be at least 0 and kernels above 0",
        file, line)
    }
    let windows = SlidingWindows(
      size: out, kernel: kernel, stride: options.stride, padding: options.padding,
      dilation: options.dilation, out: size)
    guard windows.isCountable(channels: weight.shape[1]) else { return .failed(name, tooLarge, file, line) }
    let geometry = ConvolutionGeometry(
      images: shape[0], inputs: weight.shape[1] * groups, outputs: shape[1], groups: groups, windows: windows)
    return convolutionTranspose(weight, geometry, bias: bias)
  }
}
