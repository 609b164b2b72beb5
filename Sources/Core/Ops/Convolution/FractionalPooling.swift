// Max pooling over windows at pseudorandom starts.

extension Tensor where Element: DifferentiableScalar {
  /// Fractional max pooling (Graham 2014, arXiv:1412.6071): the largest elements of `outputSize`
  /// overlapping windows at random starts, over images `[n, channels, h, w]` or volumes
  /// `[n, channels, d, h, w]`.
  ///
  /// Along an axis of l elements with m windows of k, window i starts at `⌊(i + u) a⌋ − ⌊u a⌋` with
  /// `a = (l − k) / (m − 1)`, and the last one at l − k. The samples u of 0...1 are `[n, channels, axes]`:
  /// for images first that of the last axis, for volumes in the order of the axes, as in PyTorch. Without
  /// samples, random ones are drawn. A window that contains NaN gives NaN.
  ///
  /// Other shapes are an error, and so are samples outside of 0...1 and windows that do not fit: m + k − 1
  /// is at most l. Derivative: `dx = g` at the first of the largest elements of each window, summed over
  /// the windows.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([8, 3, 32, 32])
  /// let y = images.fractionalMaxPool(kernelSize: 2, outputSize: [20, 24])  // [8, 3, 20, 24]
  /// ```
  public func fractionalMaxPool(
    kernelSize: some SpatialExtents, outputSize: some SpatialExtents, samples: Tensor? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axes = Swift.max(rank - 2, 0)
    return fractionalMaxPool(
      "fractionalMaxPool", kernelSize.extents(axes: axes), outputSize.extents(axes: axes), samples, file, line
    ).values
  }

  /// Returns the result of ``fractionalMaxPool(kernelSize:outputSize:samples:file:line:)`` and the index of
  /// each element: its row-major number in the image of its channel.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([8, 3, 32, 32])
  /// let (values, indices) = images.fractionalMaxPoolWithIndices(kernelSize: 2, outputSize: 20)
  /// ```
  public func fractionalMaxPoolWithIndices(
    kernelSize: some SpatialExtents, outputSize: some SpatialExtents, samples: Tensor? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor<Int>) {
    let axes = Swift.max(rank - 2, 0)
    let (values, places) = fractionalMaxPool(
      "fractionalMaxPoolWithIndices", kernelSize.extents(axes: axes), outputSize.extents(axes: axes), samples,
      file, line)
    return (values, Tensor<Int>(places))
  }

  @specialized(where Element == Float) @specialized(where Element == Double)
  package func fractionalMaxPool(
    _ name: String, _ kernel: [Int], _ out: [Int], _ samples: Tensor?, _ file: StaticString, _ line: UInt
  ) -> (values: Tensor, places: Tensor<Int32>) {
    func fault(_ failure: Failure) -> (Tensor, Tensor<Int32>) { (.failed(by: failure), .failed(by: failure)) }
    if let failure = failure ?? samples?.failure { return fault(failure) }
    let size = Array(shape.dropFirst(2)), axes = size.count
    guard axes == 2 || axes == 3, hasFewPixels, kernel.count == axes, out.count == axes,
      size.indices.allSatisfy({ kernel[$0] > 0 && out[$0] > 0 && out[$0].plus(kernel[$0] - 1) <= size[$0] })
    else {
      return fault(
        mistake(
          name,
          "\(out) windows of \(kernel) do not fit inputs of shape \(shape); the shape must be [n, channels, h, w] or [n, channels, d, h, w], and the number of windows plus their size at most the extent plus 1",
          file, line))
    }
    let drawn = samples ?? .uniform([shape[0], shape[1], axes], in: 0...1)
    guard drawn.shape == [shape[0], shape[1], axes], ((drawn .>= 0) & (drawn .<= 1)).all() else {
      return fault(
        mistake(
          name,
          "samples of shape \(drawn.shape) do not fit; they must be [\(shape[0]), \(shape[1]), \(axes)], in 0...1",
          file, line))
    }
    guard hasRoom(forTables: out) else { return fault(Failure.current) }
    let pool = FractionalPool(size: size, kernel: kernel, out: out), pooled = pooledShape(out)
    let (values, places) = launch(
      self, drawn, into: Tensor(uninitialized: pooled), Tensor<Int32>(uninitialized: pooled)
    ) { x, samples, values, places in PoolingKernels.largest(x, pool, at: samples, into: values, places) }
    if values.isFailed { return (values, places) }
    let tables = pool.tables
    return (
      values.recorded(
        "FractionalMaxPool", edge(saving: places) { g, places in g.poolScattered(to: places, tables) }),
      places
    )
  }
}
