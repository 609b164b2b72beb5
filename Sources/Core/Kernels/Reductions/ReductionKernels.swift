import CKernels

/// A set of axes, with one bit for each axis.
struct AxisSet: Equatable {
  var bits: UInt16 = 0

  static func all(_ rank: Int) -> AxisSet { AxisSet(bits: (1 << UInt16(rank)) - 1) }

  func contains(_ axis: Int) -> Bool { bits >> UInt16(axis) & 1 == 1 }
  mutating func insert(_ axis: Int) { bits |= 1 << UInt16(axis) }

  /// Creates the set of the axes of `shape` that a broadcast from `original` has added or widened.
  init(broadcastFrom original: TensorShape, to shape: TensorShape) {
    let added = shape.rank - original.rank
    for axis in 0..<shape.rank where axis < added || original.extents[axis - added] != shape.extents[axis] {
      insert(axis)
    }
  }

  init(bits: UInt16 = 0) { self.bits = bits }
}

extension TensorShape {
  /// Returns the shape without these axes, or with extent 1 along them.
  func reduced(_ axes: AxisSet, keepDims: Bool) -> TensorShape {
    var result = TensorShape(rank: 0)
    for axis in 0..<rank {
      if !axes.contains(axis) { result.append(extents[axis]) } else if keepDims { result.append(1) }
    }
    return result
  }
}

/// The axes of a reduction, outermost first. Adjacent axes without gaps are merged into one group.
private struct AxisGroups {
  var count = 0
  var extents = Dimensions(), strides = Dimensions()
  var reduced = AxisSet()
  /// The axes of the tensor in the innermost reduced group.
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

extension Tensor {
  /// Reduces the elements along `axes` to one. A permuted tensor is reduced in the order of its memory. Sums
  /// along rows are added in a fixed tree, sums over leading axes in the order of the index.
  func reduced<Result: TensorScalar>(
    _ operation: MTReduce, _ axes: AxisSet, keepDims: Bool, to: Result.Type
  ) -> Tensor<Result> {
    if let failure { return .failed(by: failure) }
    let shape = layout.shape.reduced(axes, keepDims: keepDims)
    if layout.count == 0 {
      return Tensor<Result>.zeroed(shape)
    }
    if layout.isContiguous, layout.count < Parallel.leastElements,
      let result = reducedInOneCall(operation, axes, shape, to: Result.self)
    {
      return result
    }
    let (order, memory, memoryAxes) = inOrderOfMemory(axes)
    let result = memory.reducedInPlaceOrder(operation, memoryAxes, to: Result.self)
    if result.isFailed { return result }
    guard let order else { return result.viewed(Layout(shape)) }
    return result.restored(order, axes).viewed(Layout(shape))
  }

  /// Reduces in one call if there are no gaps and the axes are the first or the last ones. Returns nil
  /// otherwise. The common case needs none of the general case's preparations.
  private func reducedInOneCall<Result: TensorScalar>(
    _ operation: MTReduce, _ axes: AxisSet, _ shape: TensorShape, to: Result.Type
  ) -> Tensor<Result>? {
    let all = AxisSet.all(layout.rank)
    let leading = axes.bits.trailingZeroBitCount == 0 && axes.bits & (axes.bits + 1) == 0
    let trailing = AxisSet(bits: all.bits & ~axes.bits)
    guard axes == all || leading || trailing.bits & (trailing.bits + 1) == 0 else { return nil }
    let result = Tensor<Result>(uninitialized: shape)
    if result.isFailed { return result }
    let kept = result.layout.count, reduced = layout.count / kept
    if leading, axes != all, kept > 1 {
      Element.kernels.loops.pointee.reduceColumns[Int(operation.rawValue)]!(
        MTPlane(base: address, outer: kept, inner: 1), result.address, reduced, kept)
    } else {
      Element.kernels.loops.pointee.reduceRows[Int(operation.rawValue)]!(
        MTPlane(base: address, outer: reduced, inner: 1), result.address, kept, reduced)
    }
    return result
  }

  /// Returns the axes sorted by stride, so that a transposed tensor is reduced along its memory. The order is
  /// nil if nothing has to be sorted.
  private func inOrderOfMemory(_ axes: AxisSet) -> (order: Dimensions?, tensor: Tensor, axes: AxisSet) {
    if layout.isContiguous { return (nil, self, axes) }
    for axis in 0..<layout.rank where layout.strides[axis] <= 0 { return (nil, self, axes) }
    let order = layout.orderOfMemory
    if (0..<layout.rank).allSatisfy({ order[$0] == $0 }) { return (nil, self, axes) }
    var sortedAxes = AxisSet()
    for slot in 0..<layout.rank where axes.contains(order[slot]) { sortedAxes.insert(slot) }
    return (order, viewed(layout.permuted(order)), sortedAxes)
  }

  /// Restores the original order of the axes that remain after a reduction in the order of memory.
  private func restored(_ order: Dimensions, _ axes: AxisSet) -> Tensor {
    var kept = [Int]()
    for slot in 0..<(layout.rank + axes.bits.nonzeroBitCount) where !axes.contains(order[slot]) {
      kept.append(order[slot])
    }
    var back = Dimensions()
    for (axis, original) in kept.sorted().enumerated() { back[axis] = kept.firstIndex(of: original)! }
    return viewed(layout.permuted(back)).contiguous()
  }

  /// Reduces along `axes`, with the result in the order of this layout's kept axes.
  private func reducedInPlaceOrder<Result: TensorScalar>(
    _ operation: MTReduce, _ axes: AxisSet, to: Result.Type
  ) -> Tensor<Result> {
    let groups = AxisGroups(layout, axes)
    if groups.reducedGroups > 1 {
      let partial = reducedInPlaceOrder(operation, groups.innermostReduced, to: Result.self)
      if partial.isFailed { return partial }
      return partial.viewed(Layout(layout.shape.reduced(groups.innermostReduced, keepDims: true)))
        .reducedInPlaceOrder(operation, axes, to: Result.self)
        .viewed(Layout(layout.shape.reduced(axes, keepDims: false)))
    }
    let reducedGroup = (0..<groups.count).first(where: groups.reduced.contains) ?? groups.count
    let trailing = groups.count - 1 - reducedGroup
    if trailing > 1 {
      let copy = copied()
      if let failure = copy.failure { return .failed(by: failure) }
      return copy.reducedInPlaceOrder(operation, axes, to: Result.self)
    }
    let result = Tensor<Result>(uninitialized: layout.shape.reduced(axes, keepDims: false))
    if result.isFailed { return result }
    let failure =
      trailing == 1
      ? reduceColumns(operation, groups, into: result) : reduceRows(operation, groups, into: result)
    return failure.map { .failed(by: $0) } ?? result
  }

  /// Returns the plane of two groups at an offset in elements.
  private func plane(_ groups: AxisGroups, _ offset: Int, outer: Int, inner: Int) -> MTPlane {
    MTPlane(
      base: address + offset * MemoryLayout<Element>.stride, outer: outer >= 0 ? groups.strides[outer] : 0,
      inner: inner < groups.count ? groups.strides[inner] : 0)
  }

  /// Reduces along the rows of the last two groups. Returns a failure, or nil, as do the three functions
  /// below.
  private func reduceColumns<Result>(
    _ operation: MTReduce, _ groups: AxisGroups, into result: Tensor<Result>
  ) -> Failure? {
    let loop = Element.kernels.loops.pointee.reduceColumns[Int(operation.rawValue)]!
    let rows = groups.count - 2, columns = groups.count - 1
    let height = groups.extents[rows], width = groups.extents[columns]
    let y = result.address, resultStride = MemoryLayout<Result>.stride
    if rows == 0, width < Self.leastColumnsToSplit, height * width >= 2 * Parallel.leastElements {
      return reduceTall(operation, groups, into: result)
    }
    eachOuter(groups, upTo: rows) { block, offset in
      // A strip of columns is reduced at a time, so that its results stay in the cache.
      Parallel.split(width, grain: Swift.max(64, Parallel.leastElements / height)) { range in
        let strip = offset + range.lowerBound * groups.strides[columns]
        loop(
          plane(groups, strip, outer: rows, inner: columns),
          y + (block * width + range.lowerBound) * resultStride, height, range.count)
      }
    }
    return nil
  }

  private static var leastColumnsToSplit: Int { 256 }

  /// Reduces many rows of few columns in blocks. The number of blocks does not depend on the number of
  /// threads.
  private func reduceTall<Result>(
    _ operation: MTReduce, _ groups: AxisGroups, into result: Tensor<Result>
  ) -> Failure? {
    let height = groups.extents[0], width = groups.extents[1]
    let piece = Parallel.leastElements / width, blocks = (height + piece - 1) / piece
    let loop = Element.kernels.loops.pointee.reduceColumns[Int(operation.rawValue)]!
    let partial = Tensor<Result>(uninitialized: [blocks, width])
    if let failure = partial.failure { return failure }
    let y = partial.address, resultStride = MemoryLayout<Result>.stride
    Parallel.split(blocks, grain: 1) { range in
      for block in range {
        loop(
          plane(groups, block * piece * groups.strides[0], outer: 0, inner: 1),
          y + block * width * resultStride, Swift.min(piece, height - block * piece), width)
      }
    }
    Result.kernels.loops.pointee.reduceColumns[Int(operation.rawValue)]!(
      MTPlane(base: y, outer: width, inner: 1), result.address, blocks, width)
    return nil
  }

  private func reduceRows<Result>(
    _ operation: MTReduce, _ groups: AxisGroups, into result: Tensor<Result>
  ) -> Failure? {
    let loop = Element.kernels.loops.pointee.reduceRows[Int(operation.rawValue)]!
    let row = groups.reducedGroups == 0 ? groups.count : groups.count - 1, rows = row - 1
    let length = row < groups.count ? groups.extents[row] : 1, height = rows >= 0 ? groups.extents[rows] : 1
    let y = result.address, resultStride = MemoryLayout<Result>.stride
    if height == 1, length >= 2 * Parallel.leastElements {
      return reduceLongRow(operation, groups, length, into: result)
    }
    eachOuter(groups, upTo: Swift.max(rows, 0)) { block, offset in
      Parallel.split(rows: height, of: length) { range in
        let start = offset + (rows >= 0 ? range.lowerBound * groups.strides[rows] : 0)
        loop(
          plane(groups, start, outer: rows, inner: row),
          y + (block * height + range.lowerBound) * resultStride, range.count, length)
      }
    }
    return nil
  }

  /// Reduces one long row in pieces and adds the partial results as a tree. The number of pieces is a power
  /// of two that does not depend on the number of threads.
  private func reduceLongRow<Result>(
    _ operation: MTReduce, _ groups: AxisGroups, _ length: Int, into result: Tensor<Result>
  ) -> Failure? {
    var pieces = 8
    while length / pieces > Parallel.leastElements / 2 { pieces *= 2 }
    let loop = Element.kernels.loops.pointee.reduceRows[Int(operation.rawValue)]!
    let last = groups.count - 1, stride = groups.strides[last]
    let partial = Tensor<Result>(uninitialized: [pieces])
    if let failure = partial.failure { return failure }
    let y = partial.address, resultStride = MemoryLayout<Result>.stride
    Parallel.split(pieces, grain: 1) { range in
      for piece in range {
        let start = length * piece / pieces, end = length * (piece + 1) / pieces
        loop(plane(groups, start * stride, outer: -1, inner: last), y + piece * resultStride, 1, end - start)
      }
    }
    Result.kernels.loops.pointee.reduceRows[Int(operation.rawValue)]!(
      MTPlane(base: y, outer: 0, inner: 1), result.address, 1, pieces)
    return nil
  }

  /// Calls `body` for the blocks of the groups before `end`, on several threads, with the index of the block
  /// and its offset in elements.
  private func eachOuter(_ groups: AxisGroups, upTo end: Int, _ body: (Int, Int) -> Void) {
    var blocks = 1
    for group in 0..<end { blocks *= groups.extents[group] }
    Parallel.split(rows: blocks, of: layout.count / blocks) { range in
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

  /// Returns the index of the largest or smallest element along an axis, the first among equal ones; a NaN
  /// wins.
  func located(_ operation: MTLocate, axis: Int) -> Tensor<Int> {
    var order = Dimensions()
    for i in 0..<(layout.rank - 1) { order[i] = i < axis ? i : i + 1 }
    order[layout.rank - 1] = axis
    let rows = viewed(layout.permuted(order)).contiguous()
    if let failure = rows.failure { return .failed(by: failure) }
    var axes = AxisSet()
    axes.insert(axis)
    let result = Tensor<Int>(uninitialized: layout.shape.reduced(axes, keepDims: false))
    if result.isFailed || result.layout.count == 0 { return result }
    let loop = Element.kernels.loops.pointee.locate[Int(operation.rawValue)]!
    let x = rows.address, y = result.address.assumingMemoryBound(to: Int64.self)
    let length = layout.shape.extents[axis], stride = MemoryLayout<Element>.stride
    Parallel.split(rows: result.layout.count, of: length) { range in
      let row = MTPlane(base: x + range.lowerBound * length * stride, outer: length, inner: 1)
      loop(row, y + range.lowerBound, range.count, length)
    }
    return result
  }
}
