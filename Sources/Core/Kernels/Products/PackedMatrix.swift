import CKernels

/// The right matrix of many products with few rows, packed once into panels in the order in which the loops
/// read them. Packing pays from about eight products on.
struct PackedMatrix<Element: DifferentiableScalar> {
  private let panels: Tensor<Element>, shape: MTPanels
  private let loops = Element.kernels.loops.pointee.panels
  /// The number of columns that a panel has for each group.
  let width: Int

  /// The number of panels. A product may use any range of them.
  var count: Int { (shape.units + width - 1) / width }
  var failure: Failure? { panels.failure }

  /// Packs a matrix `[depth, groups · units]` of any strides, or its transpose. A panel contains the columns
  /// of its units for all groups.
  init(_ matrix: Tensor<Element>, transposed: Bool = false, groups: Int) {
    let axes = MatrixAxes(matrix.layout, isTransposed: transposed)
    let (depth, units) = (axes.rows, axes.columns / groups), all = loops
    let width = all.width(groups), count = (units + width - 1) / width
    let shape = MTPanels(groups: groups, units: units, depth: depth)
    let panels = Tensor<Element>(uninitialized: [count, depth, groups * width])
    (self.panels, self.shape, self.width) = (panels, shape, width)
    if matrix.isFailed || panels.isFailed { return }
    Parallel.split(rows: count, of: depth * groups * width) { range in
      all.pack(
        matrix.address, axes.rowStride, axes.columnStride, panels.address, shape, range.lowerBound,
        range.upperBound)
    }
  }

  /// Returns the units of a range of panels.
  func units(_ panels: Range<Int>) -> Range<Int> {
    panels.lowerBound * width..<Swift.min(panels.upperBound * width, shape.units)
  }

  /// Multiplies rows of `x`, row-major with `depth` columns, by some panels. The product is written to the
  /// panels' columns of the rows of `y`, or added to them.
  func multiply(
    _ x: UnsafeMutableRawPointer, rows: Range<Int>, panels range: Range<Int>, into y: UnsafeMutableRawPointer,
    adds: Bool
  ) {
    let stride = MemoryLayout<Element>.stride
    loops.multiply(
      x + rows.lowerBound * shape.depth * stride, rows.count, panels.address,
      y + rows.lowerBound * shape.groups * shape.units * stride, shape, range.lowerBound, range.upperBound,
      adds ? 1 : 0)
  }
}
