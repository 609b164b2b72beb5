import CKernels

/// A matrix that many products of few rows have on their right, one after another: packed once, in panels that lie as the
/// loops read them. It is worth its packing from about eight products on.
struct PackedMatrix<Element: DifferentiableScalar> {
  private let panels: Tensor<Element>, shape: MTPanels
  private let loops = Element.kernels.loops.pointee.panels
  /// The columns of each group that a panel has.
  let width: Int

  /// The number of panels, of which a product may take any.
  var count: Int { (shape.units + width - 1) / width }
  var failure: Failure? { panels.failure }

  /// A matrix `[depth, groups · units]` of any strides, or its transpose. The columns of all groups for a unit are in one
  /// panel.
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

  /// The units of some panels.
  func units(_ panels: Range<Int>) -> Range<Int> {
    panels.lowerBound * width..<Swift.min(panels.upperBound * width, shape.units)
  }

  /// Rows of `x`, row-major as deep as this, times some panels: into their columns of rows of `y`, or added to them.
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
