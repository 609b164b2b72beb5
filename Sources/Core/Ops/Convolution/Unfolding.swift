// Unfolds the windows over images to the columns of matrices, and folds such columns to images. Each
// operation is the derivative of the other.

/// The size, stride, padding and dilation of windows that are unfolded, with a number for each axis.
package struct Unfolding {
  let kernel: [Int], options: ConvolutionOptions

  /// Creates the windows. Reports a mistake and returns nil if such windows are not possible.
  package init?(
    _ name: String, axes: Int, kernelSize: some SpatialExtents, stride: some SpatialExtents,
    padding: some SpatialPadding, dilation: some SpatialExtents, _ file: StaticString, _ line: UInt
  ) {
    let kernel = kernelSize.extents(axes: axes)
    guard kernel.count == axes, kernel.allSatisfy({ $0 > 0 }) else {
      mistake(name, "the window must be \(axes) numbers above 0, not \(kernel)", file, line)
      return nil
    }
    let options = ConvolutionOptions(
      name, kernel: TensorShape(kernel), axes: axes, stride: stride, padding: padding, dilation: dilation,
      groups: 1, file, line)
    guard let options else { return nil }
    guard options.isEven else {
      mistake(
        name,
        "the padding \(options.edges) must be the same before and after each axis",
        file, line)
      return nil
    }
    (self.kernel, self.options) = (kernel, options)
  }

  /// The configuration as text, without the values that equal the defaults.
  package var description: String {
    let lists = [
      (", stride", options.stride, 1), (", padding", options.padding, 0), (", dilation", options.dilation, 1),
    ]
    let told = lists.filter { list in list.1.contains { $0 != list.2 } }.map { "\($0.0): \($0.1)" }.joined()
    return "kernelSize: \(kernel)\(told)"
  }

  /// Returns the windows over images of these extents; nil if a window does not fit.
  fileprivate func windows(over size: [Int]) -> SlidingWindows? {
    guard options.suit(size, kernel), let windows = options.windows(over: size, kernel),
      windows.isCountable(channels: 1)
    else { return nil }
    return windows
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Unfolds the windows over images `[n, channels, …]` of one to three axes to columns
  /// `[n, channels · taps, windows]`.
  ///
  /// A column holds the elements under one window, with 0 beyond the edges of the image. The taps of a
  /// channel and the windows are in row-major order. Along an axis of l pixels there are
  /// `(l + 2 padding − dilation (kernelSize − 1) − 1) / stride + 1` windows, rounded down.
  ///
  /// Shapes, windows and strides that do not fit are an error. Derivative: `dx` is g, folded back by
  /// ``folded(to:kernelSize:stride:padding:dilation:file:line:)``.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([2, 3, 8, 8])
  /// let columns = images.unfolded(kernelSize: 3, padding: 1)  // [2, 27, 64]
  /// ```
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

  /// Folds columns `[n, channels · taps, windows]` to images `[n, channels, size…]`: adds each column to the
  /// pixels under its window.
  ///
  /// If every pixel lies in exactly one window, it is the inverse of
  /// ``unfolded(kernelSize:stride:padding:dilation:file:line:)``. Otherwise a pixel is the sum over all
  /// windows that cover it.
  ///
  /// It is an error if the number of columns differs from the number of windows, if the number of rows is not
  /// divisible by the number of taps, or if a window does not fit. Derivative: `dx` is g, unfolded.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([2, 3, 8, 8])
  /// let columns = images.unfolded(kernelSize: 2, stride: 2)
  /// let same = columns.folded(to: [8, 8], kernelSize: 2, stride: 2)  // equal to images
  /// ```
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

  /// Unfolds the windows. Nil windows are a mistake that has been reported already.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package func unfolded(
    _ name: String, _ unfolding: Unfolding?, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard let unfolding else { return .failed(by: Failure.current) }
    guard 3...5 ~= rank, unfolding.kernel.count == rank - 2,
      let windows = unfolding.windows(over: Array(shape.dropFirst(2)))
    else {
      return .failed(
        name,
        "inputs of shape \(shape) do not fit windows of \(unfolding.description); the shape must be [n, channels, …] with 1 to 3 axes in which a window fits",
        file, line)
    }
    return unfolded(windows)
  }

  /// Folds columns to images. Nil windows are a mistake that has been reported already.
  @specialized(where Element == Float) @specialized(where Element == Double)
  package func folded(
    _ name: String, to size: [Int], _ unfolding: Unfolding?, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard let unfolding else { return .failed(by: Failure.current) }
    guard rank == 3, 1...3 ~= size.count, unfolding.kernel.count == size.count, TensorShape(size).isValid,
      let windows = unfolding.windows(over: size), shape[1] % windows.taps == 0, windows.count == shape[2]
    else {
      return .failed(
        name,
        "columns of shape \(shape) do not fold to images of \(size), windows of \(unfolding.description); the shape must be [n, channels · taps, windows], for 1 to 3 axes",
        file, line)
    }
    return folded(windows)
  }

  private func unfolded(_ windows: SlidingWindows) -> Tensor {
    if let failure { return .failed(by: failure) }
    let columns = Tensor(uninitialized: [shape[0], shape[1].times(windows.taps), windows.count])
    return launch(self, into: columns) { x, y in ColumnKernels.unfold(x, windows, into: y) }
      .recorded("Unfold", edge { g in g.folded(windows) })
  }

  private func folded(_ windows: SlidingWindows) -> Tensor {
    if let failure { return .failed(by: failure) }
    let images = Tensor.zeroed(TensorShape([shape[0], shape[1] / windows.taps] + windows.size))
    return launch(self, into: images) { (x, y) throws(OutOfMemory) in
      try ColumnKernels.fold(x, windows, into: y)
    }.recorded("Fold", edge { g in g.unfolded(windows) })
  }
}
