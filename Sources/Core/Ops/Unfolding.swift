// Windows over images as the columns of matrices, and columns added up to images: each is the other's derivative.

/// Windows that are unfolded, a number for each axis.
package struct Unfolding {
  let kernel: [Int], options: ConvolutionOptions

  /// Nil, and a mistake, where windows cannot be so.
  package init?(
    _ name: String, axes: Int, kernelSize: some SpatialExtents, stride: some SpatialExtents,
    padding: some SpatialPadding, dilation: some SpatialExtents, _ file: StaticString, _ line: UInt
  ) {
    let kernel = kernelSize.extents(axes: axes)
    guard kernel.count == axes, kernel.allSatisfy({ $0 > 0 }) else {
      mistake(name, "windows of \(kernel); \(axes) numbers above 0", file, line)
      return nil
    }
    let options = ConvolutionOptions(
      name, kernel: TensorShape(kernel), axes: axes, stride: stride, padding: padding, dilation: dilation,
      groups: 1, file, line)
    guard let options else { return nil }
    guard options.isEven else {
      mistake(
        name,
        "padding \(options.edges) before and after the axes; the same numbers on both sides are expected",
        file, line)
      return nil
    }
    (self.kernel, self.options) = (kernel, options)
  }

  /// As it was asked for; without what is so unless asked for.
  package var description: String {
    let lists = [
      (", stride", options.stride, 1), (", padding", options.padding, 0), (", dilation", options.dilation, 1),
    ]
    let told = lists.filter { list in list.1.contains { $0 != list.2 } }.map { "\($0.0): \($0.1)" }.joined()
    return "kernelSize: \(kernel)\(told)"
  }

  /// Over images of these extents; nil where a window does not fit.
  fileprivate func geometry(_ images: Int, _ channels: Int, _ size: [Int]) -> ConvolutionGeometry? {
    guard options.suit(size, kernel), let out = options.out(size, kernel), TensorShape(out).isValid,
      out.reduce(1, *) <= BLAS.largestSize, kernel.reduce(1, *) <= BLAS.largestSize
    else { return nil }
    return ConvolutionGeometry(
      images: images, inputs: channels, outputs: 1, groups: 1, size: size, kernel: kernel,
      stride: options.stride, padding: options.padding, dilation: options.dilation, out: out)
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// What each window over images `[n, channels, …]` of one to three axes sees, as a column: `[n, channels · taps,
  /// windows]`, the taps of a channel and the windows in row-major order, 0 beyond the edges.
  ///
  /// Along an axis of l pixels are `(l + 2 padding − dilation (kernelSize − 1) − 1) / stride + 1` windows, rounded down.
  /// Shapes, windows and strides that do not fit are an error. Derivative: dx is g, ``folded(to:kernelSize:stride:padding:dilation:file:line:)``.
  public func unfolded(
    kernelSize: some SpatialExtents, stride: some SpatialExtents = 1, padding: some SpatialPadding = 0,
    dilation: some SpatialExtents = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    let windows = Unfolding(
      "unfolded", axes: Swift.max(rank - 2, 0), kernelSize: kernelSize, stride: stride, padding: padding,
      dilation: dilation, file, line)
    return unfolded("unfolded", windows, file, line)
  }

  /// Columns `[n, channels · taps, windows]` added to the pixels that each window sees, of images with `size` after the
  /// channels: `[n, channels, size…]`. It undoes ``unfolded(kernelSize:stride:padding:dilation:file:line:)`` where no two
  /// windows overlap; else a pixel counts as often as it is seen.
  ///
  /// Columns of another number than the windows have, or the taps do not divide, are an error, and so are windows that do
  /// not fit. Derivative: dx is g, unfolded.
  public func folded(
    to size: [Int], kernelSize: some SpatialExtents, stride: some SpatialExtents = 1,
    padding: some SpatialPadding = 0, dilation: some SpatialExtents = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    let windows = Unfolding(
      "folded", axes: size.count, kernelSize: kernelSize, stride: stride, padding: padding,
      dilation: dilation,
      file, line)
    return folded("folded", to: size, windows, file, line)
  }

  /// Nil windows are a mistake that was told.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package func unfolded(
    _ name: String, _ windows: Unfolding?, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard let windows else { return .failed(by: Failure.current) }
    guard 3...5 ~= rank, windows.kernel.count == rank - 2,
      let geometry = windows.geometry(shape[0], shape[1], Array(shape.dropFirst(2)))
    else {
      return .failed(
        name,
        "inputs of shape \(shape) in windows of \(windows.description); [n, channels, …] of 1 to 3 axes in which a window fits are expected",
        file, line)
    }
    return unfolded(geometry)
  }

  /// Nil windows are a mistake that was told.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package func folded(
    _ name: String, to size: [Int], _ windows: Unfolding?, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard let windows else { return .failed(by: Failure.current) }
    let taps = windows.kernel.reduce(1) { $0 &* $1 }
    guard rank == 3, 1...3 ~= size.count, TensorShape(size).isValid, taps > 0, shape[1] % taps == 0,
      let geometry = windows.geometry(shape[0], shape[1] / taps, size), geometry.outputPixels == shape[2]
    else {
      return .failed(
        name,
        "columns of shape \(shape) to images of \(size), windows of \(windows.description); [n, channels · taps, windows] of 1 to 3 axes is expected",
        file, line)
    }
    return folded(geometry)
  }

  private func unfolded(_ geometry: ConvolutionGeometry) -> Tensor {
    if let failure { return .failed(by: failure) }
    return columns(geometry).recorded("Unfold", self) { g in g.folded(geometry) }
  }

  private func folded(_ geometry: ConvolutionGeometry) -> Tensor {
    if let failure { return .failed(by: failure) }
    return imagesOfColumns(geometry).recorded("Fold", self) { g in g.unfolded(geometry) }
  }
}
