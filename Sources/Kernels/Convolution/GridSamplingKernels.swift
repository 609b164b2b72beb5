package import CKernels

/// The rule that computes a sample from the pixels around its position.
package typealias GridMode = MTGridMode
/// The pixels outside of an image.
package typealias GridEdge = MTGridEdge

/// The sampling of images of two or three axes at the positions of a grid. A position has a number for each
/// axis of the image, the last axis first.
package struct GridSampling {
  /// The extents of an image.
  package let size: [Int]
  package let mode: GridMode, edge: GridEdge, isAligned: Bool

  package init(size: [Int], mode: GridMode, edge: GridEdge, isAligned: Bool) {
    (self.size, self.mode, self.edge, self.isAligned) = (size, mode, edge, isAligned)
  }

  /// The number of pixels around a position that a sample depends on.
  var taps: Int {
    let each = mode == .nearest ? 1 : mode == .linear ? 2 : 4
    return size.reduce(1) { taps, _ in taps * each }
  }

  /// Returns the extents in the format of the loops. The images have `channels`, and a grid `positions` for
  /// each.
  fileprivate func table(channels: Int, positions: Int) -> MTGrid {
    MTGrid(
      size: (size[0], size[1], size.count > 2 ? size[2] : 1), axes: size.count, channels: channels,
      pixels: size.reduce(1, *), positions: positions, mode: mode, edge: edge, isAligned: isAligned ? 1 : 0)
  }
}

/// Samples images `[n, channels, …]` at the positions `[n, …, axes]` of a grid. Samples are
/// `[n, channels, …]`.
package enum GridSamplingKernels {
  /// Computes the samples.
  package static func sample(_ x: Operand, at grid: Operand, _ way: GridSampling, into y: Operand) {
    let all = grid.count / way.size.count, loop = x.loops.pointee.grid.sample!
    let table = way.table(channels: x.extent(1), positions: all / max(1, x.extent(0)))
    withUnsafePointer(to: table) { table in
      Parallel.split(rows: all, of: way.taps * x.extent(1)) { range in
        loop(x.address, grid.address, y.address, table, range.lowerBound, range.upperBound)
      }
    }
  }

  /// Adds each element of the samples' gradient `g` to the pixels of `dx`, times their weights.
  package static func scatter(_ g: Operand, at grid: Operand, _ way: GridSampling, into dx: Operand) {
    let images = dx.extent(0), channels = dx.extent(1), loop = g.loops.pointee.grid.scatter!
    let positions = grid.count / way.size.count / max(1, images)
    let table = way.table(channels: channels, positions: positions)
    withUnsafePointer(to: table) { table in
      Parallel.split(rows: images * channels, of: way.taps * positions) { range in
        loop(g.address, grid.address, dx.address, table, range.lowerBound, range.upperBound)
      }
    }
  }

  /// Computes the gradient of the grid from that of the samples.
  package static func slope(
    _ x: Operand, at grid: Operand, _ g: Operand, _ way: GridSampling, into dGrid: Operand
  ) {
    let all = grid.count / way.size.count, loop = x.loops.pointee.grid.slope!
    let table = way.table(channels: x.extent(1), positions: all / max(1, x.extent(0)))
    withUnsafePointer(to: table) { table in
      Parallel.split(rows: all, of: 2 * way.taps * x.extent(1)) { range in
        loop(x.address, grid.address, g.address, dGrid.address, table, range.lowerBound, range.upperBound)
      }
    }
  }
}
