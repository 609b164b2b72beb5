/// How a tensor's elements lie in its storage: element (i, j, …) is at `offset + i · strides[0] + j · strides[1] + …`.
struct Layout: Sendable {
  var shape: TensorShape
  /// In elements. 0 repeats an element (broadcasting), negative walks backwards.
  var strides: Dimensions
  var offset: Int
  let count: Int
  /// Whether the elements follow one another in row-major order without gaps.
  let isContiguous: Bool

  /// Row-major order without gaps.
  init(_ shape: TensorShape) {
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

  init(_ shape: TensorShape, strides: Dimensions, offset: Int) {
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
        expected *= shape.extents[axis]
      }
      axis -= 1
    }
    isContiguous = contiguous || count == 0
  }

  var rank: Int { shape.rank }

  /// The same arrangement from the start of a storage.
  @inline(__always)
  var atStart: Layout {
    var layout = self
    layout.offset = 0
    return layout
  }

  /// The axes by falling stride, as memory has them; equal ones keep their order.
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

  /// Where a result of these elements, one by one, is to lie: in the order in which a transposed tensor without gaps
  /// lies in memory, else in row-major order.
  @inline(__always)
  var ofResult: Layout {
    if isContiguous { return atStart }
    let order = orderOfMemory
    return permuted(order).isContiguous ? atStart : Layout(shape)
  }

  /// The same elements repeated over `target`, or nil when the shapes do not fit NumPy's rule.
  func broadcast(to target: TensorShape) -> Layout? {
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

  /// Axis `i` of the result is axis `order[i]` of this.
  func permuted(_ order: Dimensions) -> Layout {
    var permutedShape = TensorShape(rank: rank)
    var permutedStrides = Dimensions()
    for axis in 0..<rank {
      permutedShape.extents[axis] = shape.extents[order[axis]]
      permutedStrides[axis] = strides[order[axis]]
    }
    return Layout(permutedShape, strides: permutedStrides, offset: offset)
  }

  /// The same elements in row-major order under another shape of the same count, without a copy; nil when a
  /// copy is needed.
  func reshaped(_ target: TensorShape) -> Layout? {
    if isContiguous {
      var result = Layout(target)
      result.offset = offset
      return result
    }
    // Axes that lie in one piece form a group, innermost first; each target axis must fall within one group.
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

extension TensorShape {
  /// The shape of an elementwise operation on the two, by NumPy's rule: extents agree or are 1, missing axes
  /// are 1; nil when they do not fit.
  static func broadcast(_ a: TensorShape, _ b: TensorShape) -> TensorShape? {
    if a == b { return a }
    var result = a.rank >= b.rank ? a : b
    let shorter = a.rank >= b.rank ? b : a
    let added = result.rank - shorter.rank
    for axis in 0..<shorter.rank {
      let x = shorter.extents[axis], y = result.extents[axis + added]
      if x == y || x == 1 { continue }
      guard y == 1 else { return nil }
      result.extents[axis + added] = x
    }
    return result
  }
}
