import CKernels

/// Elements that are moved by index. The caller has checked the indices, which are operands of the type `Int`
/// without gaps. The result has at least one element.
package enum MovementKernels {
  /// Copies the elements of `x` at the indices along `axis` into `y`, which has no gaps. The layout of `x` must
  /// fold; see ``Layout/folded(along:)``. There is an index for each element of `y`, or for each position of
  /// `y` along the axis.
  package static func gather(_ x: Operand, _ indices: Operand, along axis: Int, into y: Operand) {
    let plan = Plan(x, whose: axis, besides: y, indices), loop = x.loops.pointee.gather!
    let rows = plan.rows, outer = plan.outer, count = plan.count
    if outer >= rows {
      Parallel.split(rows: outer, of: rows * count) { part in
        let o = part.lowerBound
        loop(
          plan.folded.at(block: o), plan.indices.at(block: o), plan.other.at(block: o), part.count, rows,
          count)
      }
    } else {
      Parallel.split(rows: rows, of: outer * count) { part in
        let r = part.lowerBound
        loop(plan.folded.at(), plan.indices.at(row: r), plan.other.at(row: r), outer, part.count, count)
      }
    }
  }

  /// Combines the elements of `y` at the indices along `axis` with the elements of `x`, in their order. `x` has
  /// no gaps, and the layout of `y` must fold. There is an index for each element of `x`, or for each position
  /// of `x` along the axis. If there is a `start`, it has the shape of `y`, neither has gaps, and `y` becomes a
  /// copy of it first.
  package static func scatter(
    _ kernel: ScatterKernel, _ x: Operand, _ indices: Operand, along axis: Int, into y: Operand,
    from start: Operand? = nil
  ) {
    if x.count == 0 {
      if let start { ElementwiseKernels.copy(start, into: y) }
      return
    }
    let plan = Plan(y, whose: axis, besides: x, indices)
    let loop = x.loops.pointee.scatter[Int(kernel.rawValue)]!
    let rows = plan.rows, outer = plan.outer, count = plan.count
    let copied = start == nil ? 0 : y.extent(axis)
    // An index may occur several times, so a thread has all rows of its blocks or columns. It copies these itself,
    // so that they are in its cache.
    if outer >= count {
      Parallel.split(rows: outer, of: (rows + copied) * count) { part in
        let o = part.lowerBound
        start?.copyRows(at: o * copied * count, width: part.count * copied * count, into: y)
        loop(
          plan.other.at(block: o), plan.indices.at(block: o), plan.folded.at(block: o), part.count, rows,
          count)
      }
    } else {
      Parallel.split(rows: count, of: outer * (rows + copied)) { part in
        let i = part.lowerBound
        start?.copyRows(outer * copied, apart: count, at: i, width: part.count, into: y)
        loop(
          plan.other.at(element: i), plan.indices.at(element: i), plan.folded.at(element: i), outer, rows,
          part.count)
      }
    }
  }

  /// Three operands as blocks of rows.
  private struct Plan {
    let outer: Int, rows: Int, count: Int
    let folded: Blocks, other: Blocks, indices: Blocks

    /// Folds `x`, to whose `axis` the indices belong. `y` has no gaps, and as many rows as there are indices.
    init(_ x: Operand, whose axis: Int, besides y: Operand, _ indices: Operand) {
      let layout = x.layout.folded(along: axis)!
      (outer, count) = (layout.shape.extents[0], layout.shape.extents[2])
      rows = y.count / (outer * count)
      folded = Blocks(x, block: layout.strides[0], row: layout.strides[1], inner: 1)
      other = Blocks(y, block: rows * count, row: count, inner: 1)
      self.indices =
        indices.count == rows
        ? Blocks(indices, block: 0, row: 1, inner: 0)
        : Blocks(indices, block: rows * count, row: count, inner: 1)
    }
  }

  /// The rows of an operand, and the size of its elements.
  private struct Blocks {
    private let all: MTBlocks, size: Int

    init(_ x: Operand, block: Int, row: Int, inner: Int) {
      all = MTBlocks(base: x.address, block: block, row: row, inner: inner)
      size = x.size
    }

    /// Returns the rows that begin at a position.
    func at(block: Int = 0, row: Int = 0, element: Int = 0) -> MTBlocks {
      var part = all
      part.base += (block * all.block + row * all.row + element * all.inner) * size
      return part
    }
  }

  /// Writes each element of `x` at its index along `axis` of `y`, and zeros elsewhere. Neither has gaps.
  package static func place(_ x: Operand, _ indices: Operand, along axis: Int, into y: Operand) {
    let length = y.extent(axis), loop = x.loops.pointee.place!
    var inner = 1
    for axis in axis + 1..<y.layout.rank { inner *= y.extent(axis) }
    let outer = y.count / (length * inner)
    Parallel.split(rows: outer, of: length * inner) { [inner] range in
      let start = range.lowerBound * inner
      loop(x.at(start), indices.indices + start, y.at(start * length), range.count, length, inner)
    }
  }
}

extension Operand {
  /// Copies `width` adjacent elements of each of some rows to the same places of `y`. The rows are `distance`
  /// elements apart, and the first begins at `start`.
  fileprivate func copyRows(
    _ rows: Int = 1, apart distance: Int = 0, at start: Int, width: Int, into y: Operand
  ) {
    loops.pointee.copy(
      Plane(base: at(start), outer: distance, inner: 1), Plane(base: y.at(start), outer: distance, inner: 1),
      rows, width, 0, 0)
  }
}

extension Layout {
  /// Returns the layout with three axes: those before `axis` as one, the axis, and those after it as one, whose
  /// stride is 1. Returns nil if that needs a copy.
  package func folded(along axis: Int) -> Layout? {
    var outer = 1, inner = 1
    for before in 0..<axis { outer *= shape.extents[before] }
    for after in axis + 1..<Swift.max(rank, axis + 1) { inner *= shape.extents[after] }
    var target = TensorShape(rank: 3)
    target.extents[0] = outer
    target.extents[1] = shape.extents[axis]
    target.extents[2] = inner
    guard let folded = reshaped(target), inner <= 1 || folded.strides[2] == 1 else { return nil }
    return folded
  }
}
