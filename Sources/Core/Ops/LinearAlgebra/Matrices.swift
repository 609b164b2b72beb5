// Tensors as batches of matrices, which are the last two axes.

/// The part of a matrix that an operation reads.
enum MatrixPart {
  case whole
  case lower(withDiagonal: Bool = true)
  case upper(withDiagonal: Bool = true)

  func contains(row: Int, column: Int) -> Bool {
    switch self {
    case .whole: true
    case .lower(let withDiagonal): withDiagonal ? column <= row : column < row
    case .upper(let withDiagonal): withDiagonal ? column >= row : column > row
    }
  }
}

extension Tensor {
  var matrixRows: Int { layout.shape.extents[layout.rank - 2] }
  var matrixColumns: Int { layout.shape.extents[layout.rank - 1] }
  /// The number of matrices on the last two axes.
  var matrixCount: Int {
    var count = 1
    for axis in 0..<layout.rank - 2 { count *= layout.shape.extents[axis] }
    return count
  }

  /// The transposes of the matrices: a view without history.
  var turned: Tensor {
    if let failure { return .failed(by: failure) }
    var order = Dimensions()
    for axis in 0..<layout.rank { order[axis] = axis }
    (order[layout.rank - 2], order[layout.rank - 1]) = (layout.rank - 1, layout.rank - 2)
    return viewed(layout.permuted(order))
  }

  /// Returns the shape of the batch of these matrices, followed by other axes.
  func batched(_ extents: Int...) -> TensorShape {
    var shape = layout.shape
    shape.remove(at: shape.rank - 1)
    shape.remove(at: shape.rank - 1)
    for extent in extents { shape.append(extent) }
    return shape
  }

  /// A view of the main diagonals of these matrices.
  var diagonalView: Tensor { diagonalView(0) }

  /// A view of one diagonal of each matrix: 0 is the main one, 1 lies above it and −1 below it.
  func diagonalView(_ offset: Int) -> Tensor {
    let last = layout.rank - 1, rows = matrixRows, columns = matrixColumns
    let right = Swift.min(Swift.max(offset, 0), columns), down = Swift.min(Swift.max(offset, -rows), 0)
    var shape = layout.shape, strides = layout.strides
    shape.remove(at: last)
    shape.extents[last - 1] = Swift.min(rows + down, columns - right)
    let start = shape.elementCount > 0 ? right * strides[last] - down * strides[last - 1] : 0
    strides[last - 1] += strides[last]
    strides[last] = 0
    return viewed(Layout(shape, strides: strides, offset: layout.offset + start))
  }
}

extension Tensor where Element: FieldScalar {
  /// Returns the row-major index of the first NaN or infinite element in a part of the matrices; nil if there
  /// is none.
  func firstNotFinite(in part: MatrixPart) -> Int? {
    if layout.count == 0 { return nil }
    let all = AxisSet.all(layout.rank), sizes = Element.element.isComplex ? magnitudes : nil
    func extreme(_ kernel: ReduceKernel) -> Element.Magnitude? {
      let result =
        sizes?.reduced(kernel, all, keepDims: false, to: Element.Magnitude.self)
        ?? reduced(kernel, all, keepDims: false, to: Element.Magnitude.self)
      return result.isFailed ? nil : result.firstScalar
    }
    guard let least = extreme(.minimum), let most = extreme(.maximum) else { return nil }
    if least.isFinite && most.isFinite { return nil }
    let scalars = readScalars, columns = matrixColumns, size = matrixRows * columns
    return scalars.indices.first {
      scalars[$0] - scalars[$0] != 0 && part.contains(row: $0 % size / columns, column: $0 % columns)
    }
  }
}
