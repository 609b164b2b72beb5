// Positions of elements as tensors of indices, and indices as positions.

extension Tensor where Element == Bool {
  /// The positions of the true elements in row-major order, `[count, rank]`: a row of indices for each.
  public func nonzero() -> Tensor<Int> {
    if let failure { return .failed(by: failure) }
    let positions = truePositions, shape = layout.shape
    return Tensor<Int>.filled([positions.count, shape.rank]) { elements, _ in
      for (row, position) in positions.enumerated() {
        var rest = position
        for axis in (0..<shape.rank).reversed() {
          elements[row * shape.rank + axis] = rest % shape.extents[axis]
          rest /= shape.extents[axis]
        }
      }
    }.named("Nonzero")
  }
}

extension Tensor where Element: NumericScalar {
  /// The positions of the elements that are not 0 in row-major order, `[count, rank]`: a row of indices for
  /// each, as PyTorch's `nonzero` and NumPy's `argwhere` return them. NaN is not 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func nonzero() -> Tensor<Int> { differsFromZero().nonzero() }
}

extension Tensor where Element == Int {
  /// Class labels as vectors with 1 at the label and 0 elsewhere, `[…] → […, classes]`. The numbers are `Int`
  /// unless another type is given.
  ///
  /// A label outside of `0 ..< classes` is an error, and so are more than eight axes.
  ///
  /// ```swift
  /// let labels = Tensor<Int>([2, 0])
  /// let targets = labels.oneHot(classes: 3, as: Float.self)  // [[0, 0, 1], [1, 0, 0]]
  /// ```
  public func oneHot<Scalar: NumericScalar>(
    classes: Int, as type: Scalar.Type = Int.self, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Scalar> {
    if let failure { return .failed(by: failure) }
    var target = shape
    if rank < TensorShape.maximumRank { target.append(classes) }
    guard rank < TensorShape.maximumRank, target.isValid else {
      return .failed(
        "oneHot",
        "labels of shape \(shape) cannot have \(classes) classes; there must be at most 8 axes, and as many elements as fit",
        file, line)
    }
    let bounds: (least: Int, most: Int)?
    do throws(Failure) { bounds = try self.bounds() } catch { return .failed(by: error) }
    if let (least, most) = bounds, least < 0 || most >= classes {
      return .failed(
        "oneHot", "label \(least < 0 ? least : most) is outside the \(classes) classes 0 ..< \(classes)",
        file,
        line)
    }
    return Tensor<Scalar>.ones(shape).placed(at: self, along: rank, of: target).named("OneHot")
  }

  /// The positions of elements along the axes of a shape, a tensor for each axis. This tensor has the elements' numbers
  /// in row-major order. PyTorch and NumPy name it `unravel_index`.
  ///
  /// A number that the shape does not have is an error, and so is a negative extent.
  ///
  /// ```swift
  /// let positions = Tensor<Int>([5, 7]).unraveled(in: [3, 4])  // rows [1, 1] and columns [1, 3]
  /// ```
  public func unraveled(
    in shape: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    if let failure { return shape.map { _ in .failed(by: failure) } }
    let total = shape.reduce(1) { $0.times($1) }
    guard shape.allSatisfy({ $0 >= 0 }), count == 0 || min().item >= 0 && max().item < total else {
      let failed = Tensor.failed(
        "unraveled", "the indices must be those of the \(total) elements of shape \(shape)", file, line)
      return shape.map { _ in failed }
    }
    var stride = 1
    let positions = shape.reversed().map { extent in
      defer { stride = stride.times(extent) }
      return floorDivided(by: Swift.max(stride, 1)) % Swift.max(extent, 1)
    }
    return positions.reversed()
  }

  /// The indices of the lower triangle of a matrix, `[2, count]`: rows and columns in row-major order. Diagonal
  /// 0 is the main one, 1 lies above it and −1 below it.
  ///
  /// A negative extent is an error.
  ///
  /// ```swift
  /// let indices = Tensor<Int>.trilIndices(3, 3)  // [[0, 1, 1, 2, 2, 2], [0, 0, 1, 0, 1, 2]]
  /// ```
  public static func trilIndices(
    _ rows: Int, _ columns: Int, diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard ([rows, columns] as TensorShape).isValid else {
      return .failed("trilIndices", "shape \([rows, columns]) is invalid", file, line)
    }
    let last = Swift.min(Swift.max(diagonal, -rows), columns)
    return indices(rows) { 0..<Swift.min(Swift.max($0 + last + 1, 0), columns) }
  }

  /// The indices of the upper triangle of a matrix, `[2, count]`: rows and columns in row-major order. Diagonal
  /// 0 is the main one, 1 lies above it and −1 below it.
  ///
  /// A negative extent is an error.
  ///
  /// ```swift
  /// let pairs = Tensor<Int>.triuIndices(4, 4, diagonal: 1)  // the 6 pairs i < j
  /// ```
  public static func triuIndices(
    _ rows: Int, _ columns: Int, diagonal: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard ([rows, columns] as TensorShape).isValid else {
      return .failed("triuIndices", "shape \([rows, columns]) is invalid", file, line)
    }
    let first = Swift.min(Swift.max(diagonal, -rows), columns)
    return indices(rows) { Swift.min(Swift.max($0 + first, 0), columns)..<columns }
  }

  /// Returns the rows and the columns of the elements in a range of each row.
  private static func indices(_ rows: Int, _ columns: (Int) -> Range<Int>) -> Tensor {
    let count = (0..<rows).reduce(0) { $0 + columns($1).count }
    return filled([2, count]) { elements, _ in
      var k = 0
      for row in 0..<rows {
        for column in columns(row) {
          elements[k] = row
          elements[count + k] = column
          k += 1
        }
      }
    }
  }
}
