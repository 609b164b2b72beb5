// Max pooling and average pooling over the axes after the channels.

/// The kernel, stride, padding and dilation of a pool, with one number for each axis of the image.
package struct PoolOptions {
  let kernel: [Int], stride: [Int], padding: [Int], dilation: [Int], ceilMode: Bool

  /// Creates the options. If they are invalid, reports a mistake and returns nil.
  package init?(
    _ name: String, axes: Int, kernelSize: some SpatialExtents, stride: (any SpatialExtents)?,
    padding: some SpatialExtents, dilation: some SpatialExtents, ceilMode: Bool, _ file: StaticString,
    _ line: UInt
  ) {
    kernel = kernelSize.extents(axes: axes)
    self.stride = stride?.extents(axes: axes) ?? kernel
    self.padding = padding.extents(axes: axes)
    self.dilation = dilation.extents(axes: axes)
    self.ceilMode = ceilMode
    let lists = [kernel, self.stride, self.padding, self.dilation]
    let fits =
      lists.allSatisfy { $0.count == axes && $0.allSatisfy { $0 <= BLAS.largestSize } }
      && (kernel + self.stride + self.dilation).allSatisfy { $0 > 0 } && self.padding.allSatisfy { $0 >= 0 }
    guard fits, zip(self.padding, kernel).allSatisfy({ $0 <= $1 / 2 }) else {
      mistake(
        name,
        "the window \(kernel), the stride \(self.stride) and the dilation \(self.dilation) must be \(axes) numbers above 0 each; the padding \(self.padding) must be 0 to half the window",
        file, line)
      return nil
    }
  }

  /// The configuration as text, without the values that equal the defaults.
  package var description: String {
    let lists = [
      (", stride", stride, kernel), (", padding", padding, kernel.map { _ in 0 }),
      (", dilation", dilation, kernel.map { _ in 1 }),
    ]
    let told = lists.filter { $0.1 != $0.2 }.map { "\($0.0): \($0.1)" }.joined()
    return "kernelSize: \(kernel)\(told)\(ceilMode ? ", ceilMode: true" : "")"
  }

  /// The smallest extents of images from which this pool makes `extents`.
  package func inputSize(of extents: [Int]) -> [Int] {
    zip(extents, kernel.indices).map { extent, i in
      (extent - 1).times(stride[i]).plus(kernel[i] - 2 * padding[i])
    }
  }

  /// Returns the windows over images of these extents, or nil if no window fits.
  fileprivate func windows(over size: [Int]) -> SlidingWindows? {
    SlidingWindows(
      size: size, kernel: kernel, stride: stride, padding: padding, dilation: dilation, roundsUp: ceilMode)
  }
}

/// The divisor of an average: the window with padding, the pixels in the window, or a number.
package enum MeanCount {
  case window, pixels
  case number(Int)
}

extension PoolTables {
  /// Creates the tables of sliding windows. `counts` is the divisor of a mean.
  fileprivate init(_ windows: SlidingWindows, _ counts: MeanCount) {
    self.init(windows.size.indices.map { PoolTables.axis($0, of: windows, counts) })
  }

  private static func axis(_ i: Int, of windows: SlidingWindows, _ counts: MeanCount) -> Axis {
    let size = windows.size[i], padding = windows.padding[i], dilation = windows.dilation[i]
    let reach = SlidingWindows.reach(windows.kernel[i], dilation)
    let starts = (0..<windows.out[i]).map { $0 * windows.stride[i] - padding }
    let lower = starts.map { $0 < 0 ? $0 + (dilation - 1 - $0) / dilation * dilation : $0 }
    // All pixels may lie between the taps of a dilated window; its range is then empty.
    let upper = zip(starts, lower).map { max($1, min($0 + reach, size)) }
    let share = starts.indices.map { o -> Double in
      switch counts {
      case .window: 1 / Double(min(starts[o] + reach, size + padding) - starts[o])
      case .pixels: 1 / Double(upper[o] - lower[o])
      case .number(let divisor): i == 0 ? 1 / Double(divisor) : 1
      }
    }
    return Axis(size: size, lower: lower, upper: upper, share: share, step: dilation)
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Max pooling: the largest element of each window, over images `[n, channels, …]` of one to three axes. A
  /// window that contains NaN gives NaN. `[n, channels, l] → [n, channels, l′]` with
  /// `l′ = (l + 2 padding − dilation (kernelSize − 1) − 1) / stride + 1`, rounded down, or up with
  /// `ceilMode`.
  ///
  /// The default stride is the kernel size. Padding is never the largest element. A window without a pixel,
  /// because all pixels lie between its taps, gives −∞. Windows that do not fit are an error, and so is a
  /// padding of more than half a window. Derivative: `dx = g` at the first of the largest elements of each
  /// window, summed over the windows.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([8, 3, 32, 32])
  /// let y = images.maxPool(kernelSize: 2)                         // [8, 3, 16, 16]
  /// let z = images.maxPool(kernelSize: 3, stride: 2, padding: 1)  // [8, 3, 16, 16]
  /// ```
  public func maxPool(
    kernelSize: some SpatialExtents, stride: (any SpatialExtents)? = nil, padding: some SpatialExtents = 0,
    dilation: some SpatialExtents = 1, ceilMode: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let options = maxPoolOptions("maxPool", kernelSize, stride, padding, dilation, ceilMode, file, line)
    return maxPool("maxPool", options, file, line).values
  }

  /// Returns the result of ``maxPool(kernelSize:stride:padding:dilation:ceilMode:file:line:)`` and the index
  /// of each element: its row-major number in the image of its channel, −1 for a window without a pixel.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([8, 3, 32, 32])
  /// let (values, indices) = images.maxPoolWithIndices(kernelSize: 2)
  /// ```
  public func maxPoolWithIndices(
    kernelSize: some SpatialExtents, stride: (any SpatialExtents)? = nil, padding: some SpatialExtents = 0,
    dilation: some SpatialExtents = 1, ceilMode: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> (values: Tensor, indices: Tensor<Int>) {
    let name = "maxPoolWithIndices"
    let options = maxPoolOptions(name, kernelSize, stride, padding, dilation, ceilMode, file, line)
    let (values, places) = maxPool(name, options, file, line)
    return (values, Tensor<Int>(places))
  }

  /// Average pooling: the mean of each window, over images `[n, channels, …]` of one to three axes. The
  /// extents are those of ``maxPool(kernelSize:stride:padding:dilation:ceilMode:file:line:)``.
  ///
  /// Padding counts as elements of value 0; with `countsPadding` false it does not count. A `divisor`
  /// replaces the number of elements. Windows that do not fit are an error, and so are a padding of more than
  /// half a window and a divisor of 0. Derivative: `dx = g / count`, summed over the windows.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([8, 3, 32, 32])
  /// let y = images.averagePool(kernelSize: 2)  // [8, 3, 16, 16]
  /// let z = images.averagePool(kernelSize: 3, stride: 1, padding: 1, countsPadding: false)
  /// ```
  public func averagePool(
    kernelSize: some SpatialExtents, stride: (any SpatialExtents)? = nil, padding: some SpatialExtents = 0,
    ceilMode: Bool = false, countsPadding: Bool = true, divisor: Int? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    let options =
      isFailed
      ? nil
      : PoolOptions(
        "averagePool", axes: Swift.max(rank - 2, 0), kernelSize: kernelSize, stride: stride, padding: padding,
        dilation: 1,
        ceilMode: ceilMode, file, line)
    return averagePool(
      "averagePool", options, divisor.map { .number($0) } ?? (countsPadding ? .window : .pixels), file, line)
  }

  /// Power-average pooling: `(Σ xᵖ)^(1/p)` of each window, over images `[n, channels, …]` of one to three axes.
  /// It is the sum for p = 1, and approaches the maximum for large p. Windows and extents are those of
  /// ``averagePool(kernelSize:stride:padding:ceilMode:countsPadding:divisor:file:line:)``.
  ///
  /// A window that `ceilMode` cuts off counts as if it were whole. Windows that do not fit are an error, and so
  /// is a p that is not a finite number above 0. Derivative: `dx = (x / y)ᵖ⁻¹ · g`, 0 where y is 0.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([8, 3, 32, 32])
  /// let y = images.lpPool(p: 2, kernelSize: 2)  // [8, 3, 16, 16]
  /// ```
  public func lpPool(
    p: Element, kernelSize: some SpatialExtents, stride: (any SpatialExtents)? = nil, ceilMode: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let options =
      isFailed
      ? nil
      : PoolOptions(
        "lpPool", axes: Swift.max(rank - 2, 0), kernelSize: kernelSize, stride: stride, padding: 0,
        dilation: 1, ceilMode: ceilMode, file, line)
    return lpPool("lpPool", p, options, file, line)
  }

  /// Adaptive max pooling: the largest elements of `outputSize` windows along each axis, of nearly equal
  /// extent. Window o of m contains the pixels `⌊o l / m⌋ ..< ⌈(o + 1) l / m⌉` of l.
  ///
  /// Images that are not `[n, channels, …]` of one to three axes are an error, and so are images without
  /// pixels and sizes below 1. The derivative is that of
  /// ``maxPool(kernelSize:stride:padding:dilation:ceilMode:file:line:)``.
  public func adaptiveMaxPool(
    outputSize: some SpatialExtents, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    adaptiveMaxPool(outputSize.extents(axes: Swift.max(rank - 2, 0)), file, line)
  }

  /// Adaptive average pooling: the means of `outputSize` windows along each axis. The windows are those of
  /// ``adaptiveMaxPool(outputSize:file:line:)``. The size 1 gives the mean of the image, a global pool.
  ///
  /// Images that are not `[n, channels, …]` of one to three axes are an error, and so are images without
  /// pixels and sizes below 1. Derivative: `dx = g / count`, summed over the windows.
  public func adaptiveAveragePool(
    outputSize: some SpatialExtents, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    adaptiveAveragePool(outputSize.extents(axes: Swift.max(rank - 2, 0)), file, line)
  }

  // Functions that the operations above share with the layers.

  private func maxPoolOptions(
    _ name: String, _ kernelSize: some SpatialExtents, _ stride: (any SpatialExtents)?,
    _ padding: some SpatialExtents, _ dilation: some SpatialExtents, _ ceilMode: Bool, _ file: StaticString,
    _ line: UInt
  ) -> PoolOptions? {
    if isFailed { return nil }
    return PoolOptions(
      name, axes: Swift.max(rank - 2, 0), kernelSize: kernelSize, stride: stride, padding: padding,
      dilation: dilation, ceilMode: ceilMode, file, line)
  }

  @specialized(where Element == Float) @specialized(where Element == Double)
  package func maxPool(
    _ name: String, _ options: PoolOptions?, _ file: StaticString, _ line: UInt
  ) -> (values: Tensor, places: Tensor<Int32>) {
    guard let tables = tables(name, options, .window, file, line) else {
      return (.failed(by: Failure.current), .failed(by: Failure.current))
    }
    return maxPool(tables)
  }

  @specialized(where Element == Float) @specialized(where Element == Double)
  package func averagePool(
    _ name: String, _ options: PoolOptions?, _ counts: MeanCount, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if case .number(0) = counts, !isFailed {
      return .failed(name, "the divisor must not be 0", file, line)
    }
    guard let tables = tables(name, options, counts, file, line) else {
      return .failed(by: Failure.current)
    }
    return averagePool(tables)
  }

  @specialized(where Element == Float) @specialized(where Element == Double)
  package func lpPool(
    _ name: String, _ p: Element, _ options: PoolOptions?, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    guard isFailed || p > 0 && p.isFinite else {
      return .failed(name, "p must be a finite number above 0, not \(p)", file, line)
    }
    let powers = p == 1 ? self : p == 2 ? self * self : pow(p)
    let means = powers.averagePool(name, options, .window, file, line)
    guard let options, !means.isFailed else { return means }
    let sums = means * Element(options.kernel.reduce(1) { $0.times($1) })
    if p == 1 { return sums }
    // The root has no derivative at 0.
    let isZero = sums .== 0, safe = sums.where(.!isZero, else: 1)
    return (p == 2 ? safe.sqrt() : safe.pow(1 / p)).where(.!isZero, else: 0)
  }

  @specialized(where Element == Float) @specialized(where Element == Double)
  package func adaptiveMaxPool(_ sizes: [Int], _ file: StaticString, _ line: UInt) -> Tensor {
    guard let tables = adaptiveTables("adaptiveMaxPool", sizes, file, line) else {
      return .failed(by: Failure.current)
    }
    return maxPool(tables).values
  }

  @specialized(where Element == Float) @specialized(where Element == Double)
  package func adaptiveAveragePool(_ sizes: [Int], _ file: StaticString, _ line: UInt) -> Tensor {
    guard let tables = adaptiveTables("adaptiveAveragePool", sizes, file, line) else {
      return .failed(by: Failure.current)
    }
    return averagePool(tables)
  }

  private func tables(
    _ name: String, _ options: PoolOptions?, _ counts: MeanCount, _ file: StaticString, _ line: UInt
  ) -> PoolTables? {
    if let failure {
      _ = settle(failure)
      return nil
    }
    guard let options else { return nil }
    let axes = options.kernel.count
    guard (1...3).contains(axes), rank == axes + 2, hasFewPixels else {
      mistake(
        name,
        "inputs of shape \(shape) do not fit; the shape must be [n, channels, …] with 1 to 3 further axes",
        file, line)
      return nil
    }
    if let windows = options.windows(over: Array(shape.dropFirst(2))) {
      return hasRoom(forTables: windows.out) ? PoolTables(windows, counts) : nil
    }
    mistake(
      name,
      "a window of \(options.kernel) with dilation \(options.dilation) does not fit in images of \(Array(shape.dropFirst(2))) with padding \(options.padding)",
      file, line)
    return nil
  }

  private func adaptiveTables(
    _ name: String, _ sizes: [Int], _ file: StaticString, _ line: UInt
  ) -> PoolTables? {
    if let failure {
      _ = settle(failure)
      return nil
    }
    let axes = rank - 2
    guard (1...3).contains(axes), hasFewPixels, shape.dropFirst(2).allSatisfy({ $0 > 0 }),
      sizes.count == axes,
      sizes.allSatisfy({ $0 > 0 && $0 <= BLAS.largestSize })
    else {
      mistake(
        name,
        "inputs of shape \(shape) do not fit \(sizes) windows; sizes must be above 0, one for each of the 1 to 3 axes after [n, channels]",
        file, line)
      return nil
    }
    guard hasRoom(forTables: sizes) else { return nil }
    return PoolTables(
      zip(sizes, shape.dropFirst(2)).map { m, size in
        let lower = (0..<m).map { $0 * size / m }, upper = (0..<m).map { (($0 + 1) * size + m - 1) / m }
        return PoolTables.Axis(
          size: size, lower: lower, upper: upper, share: zip(lower, upper).map { 1 / Double($1 - $0) },
          step: 1)
      })
  }

  /// True if the positions in an image can be counted in 32 bits.
  var hasFewPixels: Bool { shape.dropFirst(2).reduce(1) { $0.times($1) } <= BLAS.largestSize }

  /// Returns true if there is memory for the tables of `sizes` windows and for the pooled images. Without it the
  /// tables would stop the program; the mistake is told. Memory for small tables need not be tried.
  func hasRoom(forTables sizes: [Int]) -> Bool {
    if sizes.allSatisfy({ $0 <= 1 << 16 }) { return true }
    return Tensor(uninitialized: pooledShape(sizes)).failure == nil
      && sizes.allSatisfy { Tensor<Double>(uninitialized: [$0, 4]).failure == nil }
  }

  private func maxPool(_ tables: PoolTables) -> (values: Tensor, places: Tensor<Int32>) {
    let out = pooledShape(tables.out)
    let (values, places) = launch(
      self, into: Tensor(uninitialized: out), Tensor<Int32>(uninitialized: out)
    ) { x, values, places in PoolingKernels.largest(x, tables, into: values, places) }
    if values.isFailed { return (values, places) }
    let recorded = values.recorded(
      "MaxPool",
      edge(saving: places) { g, places in
        g.poolScattered(to: places, tables)
      })
    return (recorded, places)
  }

  /// The gradient of max pooling. Its own derivative is the choice of elements.
  func poolScattered(to places: Tensor<Int32>, _ tables: PoolTables) -> Tensor {
    launch(self, places, into: .zeroed(pooledShape(tables.size))) { g, places, dx in
      PoolingKernels.scatter(g, to: places, tables, into: dx)
    }.recorded("PoolScatter", edge(saving: places) { g, places in g.poolPicked(from: places, tables) })
  }

  /// Returns the elements of these images at the positions.
  private func poolPicked(from places: Tensor<Int32>, _ tables: PoolTables) -> Tensor {
    launch(self, places, into: Tensor(uninitialized: places.shape)) { x, places, y in
      PoolingKernels.pick(x, from: places, tables, into: y)
    }.recorded("PoolPick", edge(saving: places) { g, places in g.poolScattered(to: places, tables) })
  }

  private func averagePool(_ tables: PoolTables) -> Tensor {
    launch(self, into: Tensor(uninitialized: pooledShape(tables.out))) { x, y in
      PoolingKernels.average(x, tables, into: y)
    }.recorded("AveragePool", edge { g in g.poolSpread(tables) })
  }

  /// The gradient of average pooling. Its own derivative is the average pool.
  private func poolSpread(_ tables: PoolTables) -> Tensor {
    launch(self, into: .zeroed(pooledShape(tables.size))) { g, dx in
      PoolingKernels.spread(g, tables, into: dx)
    }.recorded("PoolSpread", edge { g in g.averagePool(tables) })
  }

  /// Returns the shape of these images with other extents after the channels.
  func pooledShape(_ extents: [Int]) -> TensorShape { TensorShape(Array(shape.prefix(2)) + extents) }
}
