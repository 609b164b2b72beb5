import CKernels

/// Rows and elements that are moved by index. The caller has checked the indices, which are operands of the
/// type `Int` without gaps. The result has at least one element.
package enum MovementKernels {
  /// Copies the rows of `x` that the indices select along axis 0. Each row of `x` is without gaps.
  package static func gather(_ x: Operand, _ indices: Operand, into y: Operand) {
    let rows = Plane(base: x.address, outer: x.layout.strides[0], inner: 1)
    let count = x.count / x.extent(0), loop = x.loops.pointee.gather!
    Parallel.split(rows: indices.count, of: count) { range in
      loop(rows, indices.indices + range.lowerBound, y.at(range.lowerBound * count), range.count, count)
    }
  }

  /// Adds each row of `x` to the row of `y` at its index along axis 0. Neither has gaps.
  package static func scatterAdd(_ x: Operand, _ indices: Operand, into y: Operand) {
    let rows = Plane(base: y.address, outer: y.layout.strides[0], inner: 1)
    x.loops.pointee.scatterAdd!(x.address, indices.indices, rows, indices.count, y.count / y.extent(0))
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

  /// Copies the elements of `x` at the indices along `axis`. The indices have the shape of `y`. None has gaps.
  package static func gather(_ x: Operand, _ indices: Operand, along axis: Int, into y: Operand) {
    let loop = x.loops.pointee.gatherAlong!
    move(x, indices, along: axis, into: y, of: y, loop)
  }

  /// Adds each element of `x` to the element of `y` at its index along `axis`. The indices have the shape of
  /// `x`. None has gaps.
  package static func scatterAdd(_ x: Operand, _ indices: Operand, along axis: Int, into y: Operand) {
    let loop = x.loops.pointee.addAlong!
    move(x, indices, along: axis, into: y, of: x, loop)
  }

  /// Runs a loop on pieces of the axes before `axis`. The indices have the shape of `indexed`, which is one of
  /// the other two operands.
  private static func move(
    _ x: Operand, _ indices: Operand, along axis: Int, into y: Operand, of indexed: Operand,
    _ loop: MTAlongLoop
  ) {
    let n = x.extent(axis), m = y.extent(axis), length = indexed.extent(axis)
    var outer = 1, inner = 1
    for before in 0..<axis { outer *= y.extent(before) }
    for after in axis + 1..<y.layout.rank { inner *= y.extent(after) }
    Parallel.split(rows: outer, of: length * inner) { [inner] range in
      let start = range.lowerBound * inner
      loop(
        x.at(start * n), indices.indices + start * length, y.at(start * m), range.count, n, m, inner)
    }
  }
}
