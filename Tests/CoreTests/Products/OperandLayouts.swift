import Testing

@testable import MartletCore

/// The layouts of a matrix in memory. Some can be passed to BLAS without a copy.
enum OperandLayout: String, CaseIterable, Sendable {
  case rowMajor, transposed, slicedRows, slicedColumns, slicedAndTransposed, steppedRows, columnWithStride
  case steppedColumns, steppedBoth, reversedRows, reversedColumns, broadcastRow, broadcastColumn,
    broadcastScalar
  case windows, windowsTransposed

  /// True if a matrix of these extents can be passed without a copy: one stride is 1 (or that extent is 1),
  /// and the other is positive and at least the extent along the unit stride.
  func goesAsItLies(_ rows: Int, _ columns: Int) -> Bool {
    switch self {
    case .rowMajor, .transposed, .slicedRows, .slicedColumns, .slicedAndTransposed, .steppedRows: true
    case .steppedColumns, .columnWithStride: columns == 1 || rows == 1
    case .steppedBoth: rows == 1 || columns == 1
    case .reversedRows: rows == 1
    case .reversedColumns: columns == 1
    case .broadcastRow: rows == 1
    case .broadcastColumn: columns == 1
    case .broadcastScalar: rows == 1 && columns == 1
    case .windows, .windowsTransposed: rows == 1 || columns == 1
    }
  }

  /// A matrix of small integers in this layout, and its rows. The memory around it holds NaN.
  func matrix<Element: DifferentiableScalar>(
    _ rows: Int, _ columns: Int, from first: Int, _ type: Element.Type
  ) -> (tensor: Tensor<Element>, rows: [[Element]]) {
    let tensor: Tensor<Element> = view(rows, columns)
    // Writes the elements directly to storage, so that only the layout is under test.
    let elements = tensor.storage.pointer.assumingMemoryBound(to: Element.self)
    let layout = tensor.layout
    func place(_ i: Int, _ j: Int) -> Int { layout.offset + i * layout.strides[0] + j * layout.strides[1] }
    for i in 0..<rows {
      for j in 0..<columns { elements[place(i, j)] = Element((first + i * 7 + j * 3) % 11 - 5) }
    }
    return (tensor, (0..<rows).map { i in (0..<columns).map { j in elements[place(i, j)] } })
  }

  private func view<Element: DifferentiableScalar>(_ m: Int, _ n: Int) -> Tensor<Element> {
    func space(_ shape: TensorShape) -> Tensor<Element> { .full(shape, .nan) }
    return switch self {
    case .rowMajor: space([m, n])
    case .transposed: space([n, m]).transposed()
    case .slicedRows: space([m + 3, n])[1..<(m + 1)]
    case .slicedColumns: space([m, n + 5])[0..., 2..<(n + 2)]
    case .slicedAndTransposed: space([n + 2, m + 5])[1..<(n + 1), 3..<(m + 3)].transposed()
    case .steppedRows: space([3 * m, n])[.stride(by: 3)]
    case .columnWithStride: space([m, n, 4])[0..., 0..., 1]
    case .steppedColumns: space([m, 2 * n])[0..., .stride(by: 2)]
    case .steppedBoth: space([2 * m, 3 * n])[.stride(by: 2), .stride(by: 3)]
    case .reversedRows: space([m, n])[.stride(by: -1)]
    case .reversedColumns: space([m, n])[0..., .stride(by: -1)]
    case .broadcastRow: space([n]).broadcast(to: [m, n])
    case .broadcastColumn: space([m, 1]).broadcast(to: [m, n])
    case .broadcastScalar: space([]).broadcast(to: [m, n])
    case .windows: windows(m, n)
    case .windowsTransposed: windows(n, m).transposed()
    }
  }

  /// A matrix whose rows begin one element after each other.
  private func windows<Element: DifferentiableScalar>(_ m: Int, _ n: Int) -> Tensor<Element> {
    let line = Tensor<Element>.full([m + n], .nan)
    var strides = Dimensions()
    strides[0] = 1
    strides[1] = 1
    return line.viewed(Layout([m, n], strides: strides, offset: 1))
  }
}

/// The product by its definition.
func plainProduct<Element: DifferentiableScalar>(_ a: [[Element]], _ b: [[Element]], _ n: Int) -> [Element] {
  var result = [Element]()
  for row in a {
    for j in 0..<n {
      var sum: Element = 0
      for k in row.indices { sum = sum + row[k] * b[k][j] }
      result.append(sum)
    }
  }
  return result
}
