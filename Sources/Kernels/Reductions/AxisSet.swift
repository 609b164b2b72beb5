/// A set of axes, with one bit for each axis.
package struct AxisSet: Equatable {
  private(set) var bits: UInt16

  init(bits: UInt16) { self.bits = bits }

  /// Creates a set of some axes.
  package init(_ axes: Int...) {
    bits = 0
    for axis in axes { insert(axis) }
  }

  /// Creates the set of the axes of `shape` that a broadcast from `original` has added or widened.
  package init(broadcastFrom original: TensorShape, to shape: TensorShape) {
    self.init()
    let added = shape.rank - original.rank
    for axis in 0..<shape.rank where axis < added || original.extents[axis - added] != shape.extents[axis] {
      insert(axis)
    }
  }

  /// Returns the set of all axes of a shape of this rank.
  package static func all(_ rank: Int) -> AxisSet { AxisSet(bits: (1 << UInt16(rank)) - 1) }

  package func contains(_ axis: Int) -> Bool { bits >> UInt16(axis) & 1 == 1 }
  package mutating func insert(_ axis: Int) { bits |= 1 << UInt16(axis) }
}

extension TensorShape {
  /// Returns the axes in an order that has these axes last, and is otherwise kept.
  package func order(last axes: AxisSet) -> Dimensions {
    var order = Dimensions(), slot = 0
    for isLast in [false, true] {
      for axis in 0..<rank where axes.contains(axis) == isLast {
        order[slot] = axis
        slot += 1
      }
    }
    return order
  }

  /// Returns the shape without these axes, or with extent 1 along them.
  package func reduced(_ axes: AxisSet, keepDims: Bool) -> TensorShape {
    var result = TensorShape(rank: 0)
    for axis in 0..<rank {
      if !axes.contains(axis) { result.append(extents[axis]) } else if keepDims { result.append(1) }
    }
    return result
  }
}
