import CKernels

/// The windows of a pool over images of one to three axes, as tables. Their extents may differ.
package struct PoolTables {
  /// The windows along one axis: where each begins and ends among the pixels, and its factor in a mean.
  package struct Axis {
    let size: Int, lower: [Int], upper: [Int], share: [Double], step: Int

    package init(size: Int, lower: [Int], upper: [Int], share: [Double], step: Int) {
      (self.size, self.lower, self.upper, self.share, self.step) = (size, lower, upper, share, step)
    }

    /// A missing axis: one window of one pixel.
    static let none = Axis(size: 1, lower: [0], upper: [1], share: [1], step: 1)
  }

  private let axes: [Axis]
  /// True if the windows are 2 by 2, side by side.
  private let isPaired: Bool

  package init(_ axes: [Axis]) {
    func pairs(_ axis: Axis) -> Bool {
      axis.step == 1
        && axis.lower.indices.allSatisfy { axis.lower[$0] == 2 * $0 && axis.upper[$0] == 2 * $0 + 2 }
    }
    self.axes = axes
    isPaired = axes.count == 2 && axes.allSatisfy(pairs)
  }

  /// The extents of an image, and the number of windows along each axis.
  package var size: [Int] { axes.map(\.size) }
  package var out: [Int] { axes.map(\.lower.count) }
  /// The number of pixels of an image, and of windows.
  var pixels: Int { axes.reduce(1) { $0 * $1.size } }
  var count: Int { axes.reduce(1) { $0 * $1.lower.count } }

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

/// Pools over images `[n, channels, …]`. Pooled images have an element for each window.
package enum PoolingKernels {
  /// Calls `body` with ranges of images of one channel each.
  private static func eachImage(_ images: Operand, _ pixels: Int, _ body: (Range<Int>) -> Void) {
    Parallel.split(rows: images.extent(0) * images.extent(1), of: Tuning.poolingCost * pixels, body)
  }

  /// Finds the largest element of each window, and its position in the image.
  package static func largest(
    _ x: Operand, _ tables: PoolTables, into values: Operand, _ places: Operand
  ) {
    let loop = x.loops.pointee.pool.largest!, pixels = tables.pixels, count = tables.count
    tables.withTables { pool in
      eachImage(x, pixels) { range in
        let start = range.lowerBound
        loop(
          x.at(start * pixels), values.at(start * count), places.numbers + start * count, pool, range.count)
      }
    }
  }

  /// Adds each element of the pooled images `g` to the element of `dx` at its position.
  package static func scatter(_ g: Operand, to places: Operand, _ tables: PoolTables, into dx: Operand) {
    let loop = g.loops.pointee.pool.scatter!, pixels = tables.pixels, count = tables.count
    eachImage(dx, pixels) { range in
      let start = range.lowerBound
      loop(
        g.at(start * count), places.numbers + start * count, dx.at(start * pixels), pixels, count,
        range.count)
    }
  }

  /// Copies the elements at the positions.
  package static func pick(_ x: Operand, from places: Operand, _ tables: PoolTables, into y: Operand) {
    let loop = x.loops.pointee.pool.pick!, pixels = tables.pixels, count = tables.count
    eachImage(x, pixels) { range in
      let start = range.lowerBound
      loop(
        x.at(start * pixels), places.numbers + start * count, y.at(start * count), pixels, count,
        range.count)
    }
  }

  /// Computes the mean of each window.
  package static func average(_ x: Operand, _ tables: PoolTables, into y: Operand) {
    let loop = x.loops.pointee.pool.average!, pixels = tables.pixels, count = tables.count
    tables.withTables { pool in
      eachImage(x, pixels) { range in
        let start = range.lowerBound
        loop(x.at(start * pixels), y.at(start * count), pool, range.count)
      }
    }
  }

  /// Adds each element of the pooled images `g`, times its window's factor, to all pixels of the window.
  package static func spread(_ g: Operand, _ tables: PoolTables, into dx: Operand) {
    let loop = g.loops.pointee.pool.spread!, pixels = tables.pixels, count = tables.count
    tables.withTables { pool in
      eachImage(dx, pixels) { range in
        let start = range.lowerBound
        loop(g.at(start * count), dx.at(start * pixels), pool, range.count)
      }
    }
  }
}
