import CKernels

/// The windows of a pool over images of one to three axes.
struct PoolWindows {
  /// The windows along one axis: where each begins and ends among the pixels, and its factor in a mean.
  struct Axis {
    let size: Int, lower: [Int], upper: [Int], share: [Double], step: Int

    /// A missing axis: one window of one pixel.
    static let none = Axis(size: 1, lower: [0], upper: [1], share: [1], step: 1)
  }

  let axes: [Axis]
  /// True if the windows are 2 by 2, side by side.
  let isPaired: Bool

  init(_ axes: [Axis]) {
    func pairs(_ axis: Axis) -> Bool {
      axis.step == 1
        && axis.lower.indices.allSatisfy { axis.lower[$0] == 2 * $0 && axis.upper[$0] == 2 * $0 + 2 }
    }
    self.axes = axes
    isPaired = axes.count == 2 && axes.allSatisfy(pairs)
  }

  var pixels: Int { axes.reduce(1) { $0 * $1.size } }
  var windows: Int { out.reduce(1, *) }
  var size: [Int] { axes.map(\.size) }
  var out: [Int] { axes.map(\.lower.count) }

  /// Calls `body` with the tables in the format of the loops.
  fileprivate func withTables(_ body: (UnsafePointer<MTPool>) -> Void) {
    let all = Array(repeating: .none, count: 3 - axes.count) + axes
    let counts = (all[0].lower.count, all[1].lower.count, all[2].lower.count)
    let bounds = all.flatMap { $0.lower + $0.upper }.map { Int64($0) }, shares = all.flatMap(\.share)
    bounds.withUnsafeBufferPointer { bounds in
      shares.withUnsafeBufferPointer { shares in
        guard let b = bounds.baseAddress, let s = shares.baseAddress else { return }
        let second = b + 2 * counts.0, third = second + 2 * counts.1
        let pool = MTPool(
          size: (all[0].size, all[1].size, all[2].size), out: counts,
          step: (all[0].step, all[1].step, all[2].step),
          lower: (b, second, third), upper: (b + counts.0, second + counts.1, third + counts.2),
          share: (s, s + counts.0, s + counts.0 + counts.1), isPaired: isPaired ? 1 : 0)
        withUnsafePointer(to: pool, body)
      }
    }
  }
}

extension Tensor where Element: DifferentiableScalar {
  private static var loops: MTPoolLoops { Element.kernels.loops.pointee.pool }

  /// Calls `body` with ranges of images of one channel each.
  private func eachImage(_ windows: PoolWindows, _ body: (Range<Int>) -> Void) {
    let pixels = windows.pixels
    let images = shape.prefix(2).reduce(1, *)
    if images == 0 { return }
    Parallel.split(rows: images, of: 4 * pixels, body)
  }

  private func shape(_ extents: [Int]) -> TensorShape { TensorShape(Array(shape.prefix(2)) + extents) }

  /// Returns the largest element of each window of images `[n, channels, …]`, and its position in the image.
  /// The operation is not recorded.
  func largest(_ windows: PoolWindows) -> (values: Tensor, places: Tensor<Int32>) {
    let x = contiguous(), out = shape(windows.out), stride = MemoryLayout<Element>.stride
    let values = Tensor(uninitialized: out), places = Tensor<Int32>(uninitialized: out)
    if let failure = x.failure ?? values.failure ?? places.failure {
      return (.failed(by: failure), .failed(by: failure))
    }
    let at = places.address.assumingMemoryBound(to: Int32.self), w = windows.windows
    windows.withTables { tables in
      x.eachImage(windows) { range in
        let start = range.lowerBound
        Self.loops.largest(
          x.address + start * windows.pixels * stride, values.address + start * w * stride, at + start * w,
          tables,
          range.count)
      }
    }
    return (values, places)
  }

  /// Returns images of zeros to which each element of this tensor is added at its position.
  func scattered(to places: Tensor<Int32>, _ windows: PoolWindows) -> Tensor {
    let g = contiguous(), result = Tensor.zeroed(shape(windows.size)), stride = MemoryLayout<Element>.stride
    if let failure = g.failure ?? result.failure { return .failed(by: failure) }
    let at = places.address.assumingMemoryBound(to: Int32.self), w = windows.windows
    result.eachImage(windows) { range in
      let start = range.lowerBound
      Self.loops.scatter(
        g.address + start * w * stride, at + start * w, result.address + start * windows.pixels * stride,
        windows.pixels, w, range.count)
    }
    return result
  }

  /// Returns the elements of these images at the positions.
  func picked(from places: Tensor<Int32>, _ windows: PoolWindows) -> Tensor {
    let x = contiguous(), result = Tensor(uninitialized: places.shape), stride = MemoryLayout<Element>.stride
    if let failure = x.failure ?? result.failure { return .failed(by: failure) }
    let at = places.address.assumingMemoryBound(to: Int32.self), w = windows.windows
    x.eachImage(windows) { range in
      let start = range.lowerBound
      Self.loops.pick(
        x.address + start * windows.pixels * stride, at + start * w, result.address + start * w * stride,
        windows.pixels, w, range.count)
    }
    return result
  }

  /// Returns the mean of each window of images. The operation is not recorded.
  func averaged(_ windows: PoolWindows) -> Tensor {
    let x = contiguous(), result = Tensor(uninitialized: shape(windows.out)),
      stride = MemoryLayout<Element>.stride
    if let failure = x.failure ?? result.failure { return .failed(by: failure) }
    windows.withTables { tables in
      x.eachImage(windows) { range in
        let start = range.lowerBound
        Self.loops.average(
          x.address + start * windows.pixels * stride, result.address + start * windows.windows * stride,
          tables,
          range.count)
      }
    }
    return result
  }

  /// Returns images of zeros. Each element of this tensor, times its window's factor, is added to all pixels
  /// of the window.
  func spread(_ windows: PoolWindows) -> Tensor {
    let g = contiguous(), result = Tensor.zeroed(shape(windows.size)), stride = MemoryLayout<Element>.stride
    if let failure = g.failure ?? result.failure { return .failed(by: failure) }
    windows.withTables { tables in
      result.eachImage(windows) { range in
        let start = range.lowerBound
        Self.loops.spread(
          g.address + start * windows.windows * stride, result.address + start * windows.pixels * stride,
          tables,
          range.count)
      }
    }
    return result
  }
}
