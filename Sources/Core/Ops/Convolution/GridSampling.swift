// Samples images at positions between the pixels, and the grids of positions of affine maps.

/// The rule by which a sample is computed from the pixels around its position.
///
/// ```swift
/// let images = Tensor<Float>.normal([1, 3, 8, 8])
/// let grid = Tensor<Float>.uniform([1, 4, 4, 2], in: -1...1)
/// let samples = images.gridSample(grid, mode: .cubic)  // [1, 3, 4, 4]
/// ```
public enum GridSamplingMode: Sendable {
  /// The nearest pixel. Halves are rounded to the even number.
  case nearest
  /// Linear interpolation along each axis: `bilinear` for images, trilinear for volumes.
  case linear
  /// Cubic polynomials between two neighbours on either side along each axis of an image: `bicubic`.
  case cubic
}

/// The pixels that are taken for positions outside of an image.
///
/// ```swift
/// let image = Tensor<Float>([[[[1, 2]]]]), left = Tensor<Float>([[[[-2, 0]]]])
/// print(image.gridSample(left, padding: .border).item)  // 1.0
/// ```
public enum GridPadding: Sendable {
  /// Zeros.
  case zeros
  /// The pixel at the border that is nearest to the position.
  case border
  /// The image mirrored at its borders: at the outer edges of the border's pixels, with `alignCorners` at
  /// their centres.
  case reflection
}

extension Tensor where Element: DifferentiableScalar {
  /// Samples images or volumes at the positions of a grid (Jaderberg et al. 2015, arXiv:1506.02025):
  /// `[n, channels, h, w] × [n, h′, w′, 2] → [n, channels, h′, w′]`, and with a further axis for volumes
  /// `[n, channels, d, h, w] × [n, d′, h′, w′, 3]`.
  ///
  /// The numbers of a position are (x, y) or (x, y, z): x runs along the last axis. They are −1 and 1 at
  /// the outer edges of the first and the last pixel, with `alignCorners` at their centres. Position x is
  /// at pixel `((x + 1) w − 1) / 2`, or at `(x + 1) (w − 1) / 2`. A position that is NaN or infinite gives
  /// NaN, unless the mode is `.nearest`, or the padding first moves it into the image, as it does in the
  /// mode `.linear`. There NaN is at pixel 0.
  ///
  /// Shapes that do not match are an error. So are images without pixels, or with more than 2³¹ − 1, and
  /// the mode `.cubic` for volumes.
  ///
  /// Derivatives: each gradient is added to the pixels of its sample, times their weights. The grid gets the
  /// derivative of the weights: 0 in the mode `.nearest`, and beyond the border where the padding holds the
  /// position there. Second derivatives are composed of operations.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([1, 3, 8, 8])
  /// let theta = Tensor<Float>([[[0, 1, 0], [1, 0, 0]]])
  /// let transposed = images.gridSample(theta.affineGrid(size: [8, 8]))  // x and y exchanged
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func gridSample(
    _ grid: Tensor, mode: GridSamplingMode = .linear, padding: GridPadding = .zeros,
    alignCorners: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? grid.failure { return .failed(by: failure) }
    let size = Array(shape.dropFirst(2)), axes = size.count
    guard axes == 2 || axes == 3, grid.rank == rank, grid.shape[0] == shape[0], grid.shape[-1] == axes,
      !size.contains(0), hasFewPixels
    else {
      return .failed(
        "gridSample",
        "images \(shape) and a grid \(grid.shape) do not match; they must be [n, channels, h, w] and [n, h′, w′, 2], or [n, channels, d, h, w] and [n, d′, h′, w′, 3]",
        file, line)
    }
    guard mode != .cubic || axes == 2 else {
      return .failed(
        "gridSample", "volumes \(shape) cannot be sampled by cubics; the mode must be another", file, line)
    }
    let way = GridSampling(size: size, mode: mode.kernel, edge: padding.kernel, isAligned: alignCorners)
    return sampled(at: grid, way)
  }

  private func sampled(at grid: Tensor, _ way: GridSampling) -> Tensor {
    let target = TensorShape(shape.prefix(2) + grid.shape.dropFirst().dropLast())
    let result = launch(self, grid, into: Tensor(uninitialized: target)) { x, grid, y in
      GridSamplingKernels.sample(x, at: grid, way, into: y)
    }
    Tensor.record("GridSample", [result], of: [self, grid], saving: [self, grid], readsOutputs: false) {
      given in
      let (x, grid, g) = (given.saved[0], given.saved[1], given.gradients[0]!)
      if isRecording {
        return Tensor.replayed([x, grid], given) { aliases in [aliases[0].composedSample(aliases[1], way)] }
      }
      return [
        given.isNeeded[0] ? g.gridScattered(at: grid, way, to: x.shape) : nil,
        given.isNeeded[1] ? x.gridSlope(at: grid, g, way) : nil,
      ]
    }
    return result
  }

  /// The gradient of sampled images.
  private func gridScattered(at grid: Tensor, _ way: GridSampling, to shape: TensorShape) -> Tensor {
    launch(self, grid, into: .zeroed(shape)) { g, grid, dx in
      GridSamplingKernels.scatter(g, at: grid, way, into: dx)
    }
  }

  /// The gradient of the grid from that of these images' samples.
  private func gridSlope(at grid: Tensor, _ g: Tensor, _ way: GridSampling) -> Tensor {
    if way.mode == .nearest { return .zeros(grid.shape) }
    return launch(self, grid, g, into: Tensor(uninitialized: grid.shape)) { x, grid, g, dGrid in
      GridSamplingKernels.slope(x, at: grid, g, way, into: dGrid)
    }
  }

  /// The samples, composed of operations.
  private func composedSample(_ grid: Tensor, _ way: GridSampling) -> Tensor {
    let pixels = way.size.reduce(1, *), images = shape[0], channels = shape[1]
    let positions = grid.reshaped([grid.count / way.size.count, way.size.count])
    let all = positions.shape[0],
      rows = permuted([0] + Array(2..<rank) + [1]).reshaped([images * pixels, channels])
    var taps = [GridTap(pixel: .zeros([all]), isInside: .full([all], true), weight: Tensor.ones([all]))]
    for (axis, extent) in way.size.enumerated() {
      let own = positions[.all, way.size.count - 1 - axis].gridTaps(extent, way)
      taps = taps.flatMap { tap in
        own.map {
          GridTap(
            pixel: tap.pixel * extent + $0.pixel, isInside: tap.isInside & $0.isInside,
            weight: tap.weight * $0.weight)
        }
      }
    }
    let starts =
      Tensor<Int>.arange(0, all).floorDivided(by: Swift.max(all / Swift.max(images, 1), 1)) * pixels
    let samples = taps.map { tap in
      rows.gathered(tap.pixel + starts, along: 0, to: [all, channels])
        .where(tap.isInside.expandedDims(axis: 1), else: 0) * tap.weight.expandedDims(axis: 1)
    }
    let last = rank - 1
    return samples.dropFirst().reduce(samples[0], +).reshaped(TensorShape(grid.shape.dropLast() + [channels]))
      .permuted([0, last] + Array(1..<last))
  }

  /// The taps of these positions along an axis of the images. Their weights have derivatives by the
  /// positions.
  private func gridTaps(_ extent: Int, _ way: GridSampling) -> [GridTap<Element>] {
    let size = Element(extent), last = size - 1, fixed = detached()
    let start = way.isAligned ? (fixed + 1) / 2 * last : ((fixed + 1) * size - 1) / 2
    let (at, rate) = start.settled(
      last, way, rate: (way.isAligned ? last : size) / 2, isCubic: way.mode == .cubic)
    let base = way.mode == .nearest ? at.rounded() : at.floor()
    /// The pixels at whole coordinates.
    func tap(_ at: Tensor, _ weight: Tensor) -> GridTap<Element> {
      let isInside = (at .>= 0) & (at .<= last)
      let pixel = Tensor<Int>.minimum(Tensor<Int>(at.where(isInside, else: 0)), Tensor<Int>(extent - 1))
      return GridTap(pixel: pixel, isInside: isInside, weight: weight)
    }
    if way.mode == .nearest { return [tap(base, .ones(shape))] }
    // The difference is 0, with the coordinate's derivative. It is NaN at an infinite position, unless left
    // out.
    let isFinite = fixed.isFinite
    let f = at - base + (self.where(isFinite, else: 0) - fixed.where(isFinite, else: 0)) * rate
    if way.mode == .linear { return [tap(base, 1 - f), tap(base + 1, f)] }
    let a: Element = -0.75
    func outer(_ x: Tensor) -> Tensor { ((x * a - 5 * a) * x + 8 * a) * x - 4 * a }
    func inner(_ x: Tensor) -> Tensor { (x * (a + 2) - (a + 3)) * x * x + 1 }
    return zip(-1...2, [outer(f + 1), inner(f), inner(1 - f), outer(2 - f)]).map { offset, weight in
      tap((base + Element(offset)).settled(last, way, rate: 0, isCubic: false).at, weight)
    }
  }

  /// Moves coordinates in pixels into the image, unless what lies outside is 0. Returns them with their
  /// derivatives by the position.
  private func settled(
    _ last: Element, _ way: GridSampling, rate: Element, isCubic: Bool
  ) -> (at: Tensor, rate: Tensor) {
    var at = self, rates = Tensor.full(shape, rate)
    if way.edge == .zeros || isCubic { return (at, rates) }
    if way.edge == .reflection {
      let low: Element = way.isAligned ? 0 : -0.5, span = way.isAligned ? last : last + 1
      let far = at - low, distance = far.abs()
      let rest = distance - (distance / (2 * span)).floor() * (2 * span), isBack = rest .> span
      at = (2 * span - rest).where(isBack, else: rest) + low
      rates = (-rates).where(isBack ^ (far .< 0), else: rates)
    }
    rates = rates.where((at .> 0) & (at .< last), else: 0)
    let above = at.where(at .> 0, else: 0)
    return (above.where(above .< last, else: Tensor(last)), rates)
  }

  /// The positions of an affine map, as ``gridSample(_:mode:padding:alignCorners:file:line:)`` takes them:
  /// for images of the size `[h, w]` the maps are `[n, 2, 3]` and the grid `[n, h, w, 2]`, for volumes
  /// `[d, h, w]` they are `[n, 3, 4]` and `[n, d, h, w, 3]`.
  ///
  /// Position (x, y) of the grid is `theta · (x, y, 1)`, with x and y from −1 to 1 over the size: at the
  /// centres of the pixels, so that −1 and 1 are their outer edges, or with `alignCorners` from −1 to 1
  /// themselves. One pixel is at 0. Other shapes are an error, and so is a size below 1. Derivative: that
  /// of the product.
  ///
  /// ```swift
  /// let half = Tensor<Float>([[[0.5, 0, 0], [0, 0.5, 0]]])
  /// let grid = half.affineGrid(size: [4, 4], alignCorners: true)  // [1, 4, 4, 2], from −0.5 to 0.5
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func affineGrid(
    size: [Int], alignCorners: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    let axes = size.count, room = TensorShape(size + [axes + 1])
    guard axes == 2 || axes == 3, rank == 3, Array(shape.dropFirst()) == [axes, axes + 1],
      size.allSatisfy({ $0 > 0 }), room.isValid
    else {
      return .failed(
        "affineGrid",
        "maps \(shape) and the size \(size) do not match; they must be [n, 2, 3] and [h, w], or [n, 3, 4] and [d, h, w], with extents above 0",
        file, line)
    }
    let target = TensorShape([shape[0]] + size + [axes])
    // Without memory, the coordinates would stop the program.
    if let failure = Tensor(uninitialized: target).failure ?? Tensor(uninitialized: room).failure {
      return .failed(by: failure)
    }
    let coordinates = size.map { extent in
      let steps = Element(alignCorners ? Swift.max(extent - 1, 1) : extent)
      return Tensor((0..<extent).map { Element(2 * $0 + 1 - extent) / steps })
    }
    let columns = Tensor.meshgrid(coordinates).reversed() + [.ones(TensorShape(size))]
    return Tensor.stacked(columns, axis: -1).reshaped([-1, axes + 1]).matmul(transposed(1, 2)).reshaped(
      target)
  }
}

/// A pixel that samples depend on: its number, the samples for which it is inside of the image, and its
/// weight.
private struct GridTap<Element: DifferentiableScalar> {
  let pixel: Tensor<Int>, isInside: Tensor<Bool>, weight: Tensor<Element>
}

extension GridSamplingMode {
  fileprivate var kernel: GridMode {
    switch self {
    case .nearest: .nearest
    case .linear: .linear
    case .cubic: .cubic
    }
  }
}

extension GridPadding {
  fileprivate var kernel: GridEdge {
    switch self {
    case .zeros: .zeros
    case .border: .border
    case .reflection: .reflection
    }
  }
}
