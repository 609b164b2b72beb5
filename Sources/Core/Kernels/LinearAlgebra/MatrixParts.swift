// Parts of matrices, row by row.

extension Tensor {
  /// Returns these matrices with zeros below (`upper`) or above a diagonal. Diagonal 0 is the main one, 1 the
  /// one above it.
  func triangle(upper: Bool, diagonal: Int) -> Tensor {
    let result = copied(), m = matrixRows, n = matrixColumns
    if result.isFailed || result.layout.count == 0 { return result }
    let diagonal = Swift.min(Swift.max(diagonal, -m - 1), n)
    let to = result.address, stride = MemoryLayout<Element>.stride
    for row in 0..<matrixCount * m {
      let edge = Swift.min(Swift.max(row % m + diagonal + (upper ? 0 : 1), 0), n)
      let (start, count) = upper ? (0, edge) : (edge, n - edge)
      (to + (row * n + start) * stride).initializeMemory(as: UInt8.self, repeating: 0, count: count * stride)
    }
    return result
  }

  /// A view of the diagonals of these matrices.
  var diagonalView: Tensor {
    let last = layout.rank - 1
    var shape = layout.shape, strides = layout.strides
    shape.remove(at: last)
    shape.extents[last - 1] = Swift.min(matrixRows, matrixColumns)
    strides[last - 1] += strides[last]
    strides[last] = 0
    return viewed(Layout(shape, strides: strides, offset: layout.offset))
  }
}
