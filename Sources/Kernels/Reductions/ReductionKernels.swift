import CKernels

/// Sums and extremes along axes, and the indices of extremes.
package enum ReductionKernels {
  /// Reduces `count` elements without gaps to `results` in one call if the axes are the first or the last of
  /// `rank`, and returns true. Returns false otherwise. A reduction of few elements takes less time than
  /// operands with layouts, so this takes addresses.
  package static func reduceInOneCall(
    _ operation: ReduceKernel, _ x: UnsafeMutableRawPointer, count: Int, rank: Int, _ axes: AxisSet,
    into y: UnsafeMutableRawPointer, results: Int, of element: ElementType
  ) -> Bool {
    let all = AxisSet.all(rank), kept = all.bits & ~axes.bits
    let areFirst = axes.bits & 1 == 1 && axes.bits & (axes.bits + 1) == 0
    let areLast = kept & (kept + 1) == 0
    guard count < Tuning.leastElements, areFirst || areLast else { return false }
    let length = count / results
    if areFirst, axes != all, results > 1 {
      element.loops.pointee.reduceColumns[Int(operation.rawValue)]!(
        Plane(base: x, outer: results, inner: 1), y, length, results)
    } else {
      element.loops.pointee.reduceRows[Int(operation.rawValue)]!(
        Plane(base: x, outer: length, inner: 1), y, results, length)
    }
    return true
  }

  /// Reduces the elements of `x`, at least one, along `axes`. `y` has no gaps and the shape of the kept axes;
  /// reduced axes may remain with extent 1. A permuted operand is reduced in the order of its memory. Sums
  /// along rows are added in a fixed tree, sums over leading axes in the order of the index.
  package static func reduce(
    _ operation: ReduceKernel, _ x: Operand, _ axes: AxisSet, into y: Operand
  ) throws(OutOfMemory) {
    guard let order = order(of: x.layout) else { return try reduceInOrder(operation, x, axes, into: y) }
    var sortedAxes = AxisSet()
    for slot in 0..<x.layout.rank where axes.contains(order[slot]) { sortedAxes.insert(slot) }
    let sorted = Operand(address: x.address, layout: x.layout.permuted(order), element: x.element)
    let kept = Layout(sorted.layout.shape.reduced(sortedAxes, keepDims: false))
    let restored = kept.permuted(slots(order, sortedAxes, rank: x.layout.rank))
    if restored.isContiguous { return try reduceInOrder(operation, sorted, sortedAxes, into: y) }
    let scratch = try Scratch(y.count, of: y.element)
    let result = Operand(address: scratch.address, layout: kept, element: y.element)
    try reduceInOrder(operation, sorted, sortedAxes, into: result)
    Counters.countCopy()
    ElementwiseKernels.copy(
      Operand(address: scratch.address, layout: restored, element: y.element),
      into: Operand(address: y.address, layout: Layout(restored.shape), element: y.element))
    extendLifetime(scratch)
  }

  /// Computes the index of the largest or smallest element along the last axis of `x`, which has no gaps. Of
  /// equal elements it is the first; a NaN wins. `y` is an operand of the type `Int`.
  package static func locate(_ operation: LocateKernel, _ x: Operand, into y: Operand) {
    let loop = x.loops.pointee.locate[Int(operation.rawValue)]!
    let length = x.extent(x.layout.rank - 1)
    Parallel.split(rows: y.count, of: length) { range in
      let row = Plane(base: x.at(range.lowerBound * length), outer: length, inner: 1)
      loop(row, y.indices + range.lowerBound, range.count, length)
    }
  }

  /// Returns the axes sorted by stride, so that a transposed operand is reduced along its memory; nil if
  /// nothing has to be sorted.
  private static func order(of layout: Layout) -> Dimensions? {
    if layout.isContiguous { return nil }
    for axis in 0..<layout.rank where layout.strides[axis] <= 0 { return nil }
    let order = layout.orderOfMemory
    return (0..<layout.rank).allSatisfy({ order[$0] == $0 }) ? nil : order
  }

  /// Returns the slot of each kept axis, in the original order of the axes, among the kept axes in the order
  /// of memory.
  private static func slots(_ order: Dimensions, _ axes: AxisSet, rank: Int) -> Dimensions {
    var kept = [Int]()
    for slot in 0..<rank where !axes.contains(slot) { kept.append(order[slot]) }
    var slots = Dimensions()
    for (axis, original) in kept.sorted().enumerated() { slots[axis] = kept.firstIndex(of: original)! }
    return slots
  }

  /// Reduces along `axes`, with the result in the order of this layout's kept axes.
  private static func reduceInOrder(
    _ operation: ReduceKernel, _ x: Operand, _ axes: AxisSet, into y: Operand
  ) throws(OutOfMemory) {
    let groups = AxisGroups(x.layout, axes)
    if groups.reducedGroups > 1 {
      // The innermost group is reduced first. Its axes remain with extent 1.
      let shape = x.layout.shape.reduced(groups.innermostReduced, keepDims: true)
      let scratch = try Scratch(shape.elementCount, of: y.element)
      let partial = Operand(address: scratch.address, layout: Layout(shape), element: y.element)
      try reduceInOrder(operation, x, groups.innermostReduced, into: partial)
      try reduceInOrder(operation, partial, axes, into: y)
      extendLifetime(scratch)
      return
    }
    let reducedGroup = (0..<groups.count).first(where: groups.reduced.contains) ?? groups.count
    let trailing = groups.count - 1 - reducedGroup
    if trailing > 1 {
      let scratch = try Scratch(x.count, of: x.element)
      let copy = Operand(address: scratch.address, layout: Layout(x.layout.shape), element: x.element)
      Counters.countCopy()
      ElementwiseKernels.copy(x, into: copy)
      try reduceInOrder(operation, copy, axes, into: y)
      extendLifetime(scratch)
      return
    }
    let reduction = GroupReduction(operation: operation, x: x, groups: groups, y: y)
    if trailing == 1 { try reduction.reduceColumns() } else { try reduction.reduceRows() }
  }
}

/// The axes of a reduction, outermost first. Adjacent axes without gaps are merged into one group.
private struct AxisGroups {
  var count = 0
  var extents = Dimensions(), strides = Dimensions()
  var reduced = AxisSet()
  /// The axes of the operand in the innermost reduced group.
  var innermostReduced = AxisSet()
  var reducedGroups = 0

  init(_ layout: Layout, _ axes: AxisSet) {
    var isOpen = false
    for axis in 0..<layout.rank where layout.shape.extents[axis] != 1 {
      let extent = layout.shape.extents[axis], stride = layout.strides[axis]
      let isReduced = axes.contains(axis)
      if isOpen, reduced.contains(count - 1) == isReduced, strides[count - 1] == stride * extent {
        extents[count - 1] *= extent
        strides[count - 1] = stride
      } else {
        extents[count] = extent
        strides[count] = stride
        if isReduced {
          reduced.insert(count)
          reducedGroups += 1
          innermostReduced = AxisSet()
        }
        count += 1
        isOpen = true
      }
      if isReduced { innermostReduced.insert(axis) }
    }
  }
}

/// A reduction along at most one group of axes, after which at most one group of kept axes follows.
private struct GroupReduction {
  let operation: ReduceKernel, x: Operand, groups: AxisGroups, y: Operand

  /// Returns the plane of two groups at an offset in elements.
  private func plane(_ offset: Int, outer: Int, inner: Int) -> Plane {
    Plane(
      base: x.at(offset), outer: outer >= 0 ? groups.strides[outer] : 0,
      inner: inner < groups.count ? groups.strides[inner] : 0)
  }

  /// Reduces over the second to last group; the last one is kept.
  func reduceColumns() throws(OutOfMemory) {
    let loop = x.loops.pointee.reduceColumns[Int(operation.rawValue)]!
    let rows = groups.count - 2, columns = groups.count - 1
    let height = groups.extents[rows], width = groups.extents[columns]
    if rows == 0, width < Tuning.columnsOfTallReduction, height * width >= 2 * Tuning.leastElements {
      return try reduceTall()
    }
    eachOuter(upTo: rows) { block, offset in
      // A strip of columns is reduced at a time, so that its results stay in the cache.
      Parallel.split(width, grain: max(Tuning.columnsOfStrip, Tuning.leastElements / height)) { range in
        let strip = offset + range.lowerBound * groups.strides[columns]
        loop(
          plane(strip, outer: rows, inner: columns), y.at(block * width + range.lowerBound), height,
          range.count)
      }
    }
  }

  /// Reduces many rows of few columns in blocks. The number of blocks does not depend on the number of
  /// threads.
  private func reduceTall() throws(OutOfMemory) {
    let height = groups.extents[0], width = groups.extents[1]
    let piece = Tuning.leastElements / width, blocks = (height + piece - 1) / piece
    let loop = x.loops.pointee.reduceColumns[Int(operation.rawValue)]!
    let scratch = try Scratch(blocks * width, of: y.element), partial = scratch.address
    Parallel.split(blocks, grain: 1) { range in
      for block in range {
        loop(
          plane(block * piece * groups.strides[0], outer: 0, inner: 1), partial + block * width * y.size,
          min(piece, height - block * piece), width)
      }
    }
    y.loops.pointee.reduceColumns[Int(operation.rawValue)]!(
      Plane(base: partial, outer: width, inner: 1), y.address, blocks, width)
    extendLifetime(scratch)
  }

  /// Reduces over the last group, or copies the elements if no group is reduced.
  func reduceRows() throws(OutOfMemory) {
    let loop = x.loops.pointee.reduceRows[Int(operation.rawValue)]!
    let row = groups.reducedGroups == 0 ? groups.count : groups.count - 1, rows = row - 1
    let length = row < groups.count ? groups.extents[row] : 1, height = rows >= 0 ? groups.extents[rows] : 1
    if height == 1, length >= 2 * Tuning.leastElements { return try reduceLongRow(length) }
    eachOuter(upTo: max(rows, 0)) { block, offset in
      Parallel.split(rows: height, of: length) { range in
        let start = offset + (rows >= 0 ? range.lowerBound * groups.strides[rows] : 0)
        loop(
          plane(start, outer: rows, inner: row), y.at(block * height + range.lowerBound), range.count, length)
      }
    }
  }

  /// Reduces one long row in pieces and adds the partial results as a tree. The number of pieces is a power
  /// of two that does not depend on the number of threads.
  private func reduceLongRow(_ length: Int) throws(OutOfMemory) {
    var pieces = 8
    while length / pieces > Tuning.leastElements / 2 { pieces *= 2 }
    let loop = x.loops.pointee.reduceRows[Int(operation.rawValue)]!
    let last = groups.count - 1, stride = groups.strides[last]
    let scratch = try Scratch(pieces, of: y.element), partial = scratch.address
    Parallel.split(pieces, grain: 1) { [pieces] range in
      for piece in range {
        let start = length * piece / pieces, end = length * (piece + 1) / pieces
        loop(plane(start * stride, outer: -1, inner: last), partial + piece * y.size, 1, end - start)
      }
    }
    y.loops.pointee.reduceRows[Int(operation.rawValue)]!(
      Plane(base: partial, outer: 0, inner: 1), y.address, 1, pieces)
    extendLifetime(scratch)
  }

  /// Calls `body` for the blocks of the groups before `end`, on several threads, with the index of the block
  /// and its offset in elements.
  private func eachOuter(upTo end: Int, _ body: (Int, Int) -> Void) {
    var blocks = 1
    for group in 0..<end { blocks *= groups.extents[group] }
    Parallel.split(rows: blocks, of: x.count / blocks) { range in
      for block in range {
        var rest = block, offset = 0
        for group in (0..<end).reversed() {
          offset += rest % groups.extents[group] * groups.strides[group]
          rest /= groups.extents[group]
        }
        body(block, offset)
      }
    }
  }
}
