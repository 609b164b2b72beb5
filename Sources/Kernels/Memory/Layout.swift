/// The positions of a tensor's elements in its storage: element (i, j, …) is at `offset + i · strides[0] + j
/// · strides[1] + …`.
@usableFromInline
package struct Layout: Sendable {
  @usableFromInline
  package var shape: TensorShape
  /// The strides, in elements. A stride of 0 repeats an element (broadcasting); a negative one walks
  /// backwards.
  @usableFromInline
  package var strides: Dimensions
  @usableFromInline
  package var offset: Int
  @usableFromInline
  package let count: Int
  /// True if the elements follow one another in row-major order without gaps.
  @usableFromInline
  package let isContiguous: Bool

  /// Creates a layout in row-major order without gaps.
  @inlinable
  package init(_ shape: TensorShape) {
    self.shape = shape
    strides = Dimensions()
    offset = 0
    isContiguous = true
    var stride = 1
    var axis = shape.rank - 1
    while axis >= 0 {
      strides[axis] = stride
      stride &*= shape.extents[axis]
      axis -= 1
    }
    count = shape.rank < 0 ? 0 : stride
  }

  @inlinable
  package init(_ shape: TensorShape, strides: Dimensions, offset: Int) {
    self.shape = shape
    self.strides = strides
    self.offset = offset
    count = shape.elementCount
    var expected = 1
    var contiguous = true
    var axis = shape.rank - 1
    while axis >= 0 {
      if shape.extents[axis] != 1 {
        if strides[axis] != expected { contiguous = false }
        expected &*= shape.extents[axis]
      }
      axis -= 1
    }
    isContiguous = contiguous || count == 0
  }

  @inlinable
  package var rank: Int { shape.rank }

  /// The same layout with offset 0.
  @inlinable @inline(__always)
  package var atStart: Layout {
    var layout = self
    layout.offset = 0
    return layout
  }

  /// The axes by falling stride, which is their order in memory. Axes of equal strides keep their order.
  var orderOfMemory: Dimensions {
    var order = Dimensions()
    for axis in 0..<rank {
      var slot = axis
      while slot > 0, abs(strides[order[slot - 1]]) < abs(strides[axis]) {
        order[slot] = order[slot - 1]
        slot -= 1
      }
      order[slot] = axis
    }
    return order
  }

  /// True if two elements may have the same position. Views by ranges, strides and axes in another order never
  /// overlap; broadcast views and overlapping windows do.
  package var mayOverlap: Bool {
    if isContiguous { return false }
    let order = orderOfMemory
    var reach = 0
    for axis in (0..<rank).reversed().map({ order[$0] }) where shape.extents[axis] > 1 {
      if abs(strides[axis]) <= reach { return true }
      reach += (shape.extents[axis] - 1) * abs(strides[axis])
    }
    return false
  }

  /// The layout of the result of an elementwise operation. If the elements lie without gaps in a permuted
  /// order, the result has that order too. Otherwise the result is in row-major order.
  package var ofResult: Layout {
    if isContiguous { return atStart }
    let order = orderOfMemory
    return permuted(order).isContiguous ? atStart : Layout(shape)
  }

  /// Returns this layout broadcast to `target`, or nil if the shapes do not fit NumPy's rule.
  package func broadcast(to target: TensorShape) -> Layout? {
    if shape == target { return self }
    guard target.rank >= rank else { return nil }
    var widened = Dimensions()
    let added = target.rank - rank
    for axis in 0..<rank {
      let extent = shape.extents[axis], wanted = target.extents[axis + added]
      if extent == wanted {
        widened[axis + added] = strides[axis]
      } else if extent != 1 {
        return nil
      }
    }
    return Layout(target, strides: widened, offset: offset)
  }

  /// Returns the layout whose axis `i` is axis `order[i]` of this layout.
  package func permuted(_ order: Dimensions) -> Layout {
    var permutedShape = TensorShape(rank: rank)
    var permutedStrides = Dimensions()
    for axis in 0..<rank {
      permutedShape.extents[axis] = shape.extents[order[axis]]
      permutedStrides[axis] = strides[order[axis]]
    }
    return Layout(permutedShape, strides: permutedStrides, offset: offset)
  }

  /// Returns a layout of another shape with the same elements in row-major order; nil if that needs a copy.
  package func reshaped(_ target: TensorShape) -> Layout? {
    if isContiguous {
      var result = Layout(target)
      result.offset = offset
      return result
    }
    // Axes that lie in memory without gaps form a group, innermost first. Each target axis must be part of
    // one group.
    var extents = Dimensions(), groupStrides = Dimensions(), groups = 0
    for axis in (0..<rank).reversed() where shape.extents[axis] != 1 {
      if groups > 0, strides[axis] == groupStrides[groups - 1] * extents[groups - 1] {
        extents[groups - 1] *= shape.extents[axis]
      } else {
        extents[groups] = shape.extents[axis]
        groupStrides[groups] = strides[axis]
        groups += 1
      }
    }
    var targetStrides = Dimensions()
    var group = 0, taken = 1
    for axis in (0..<target.rank).reversed() where target.extents[axis] != 1 {
      if group < groups, taken == extents[group] {
        group += 1
        taken = 1
      }
      guard group < groups, extents[group] % (taken * target.extents[axis]) == 0 else { return nil }
      targetStrides[axis] = groupStrides[group] * taken
      taken *= target.extents[axis]
    }
    return Layout(target, strides: targetStrides, offset: offset)
  }
}
