import CKernels

/// The right matrix of many products with few rows, packed once into panels in the order in which the loops
/// read them. Packing pays from about eight products on.
struct PackedMatrix: ~Copyable {
  private let panels: Scratch, shape: MTPanels
  private let loops: MTPanelLoops, size: Int
  /// The number of columns that a panel has for each group.
  let width: Int

  /// The number of panels. A product may use any range of them.
  var count: Int { (shape.units + width - 1) / width }

  /// Packs a matrix `[depth, groups · units]` of any strides, or its transpose. A panel contains the columns
  /// of its units for all groups.
  init(_ matrix: Operand, transposed: Bool = false, groups: Int) throws(OutOfMemory) {
    let axes = MatrixAxes(matrix.layout, isTransposed: transposed), loops = matrix.loops.pointee.panels
    let (depth, units) = (axes.rows, axes.columns / groups)
    let width = loops.width(groups), count = (units + width - 1) / width
    let shape = MTPanels(groups: groups, units: units, depth: depth)
    panels = try Scratch(count * depth * groups * width, of: matrix.element)
    (self.shape, self.width, self.loops, size) = (shape, width, loops, matrix.size)
    let memory = panels.address
    Parallel.split(rows: count, of: depth * groups * width) { range in
      loops.pack(
        matrix.address, axes.rowStride, axes.columnStride, memory, shape, range.lowerBound, range.upperBound)
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
    loops.multiply(
      x + rows.lowerBound * shape.depth * size, rows.count, panels.address,
      y + rows.lowerBound * shape.groups * shape.units * size, shape, range.lowerBound, range.upperBound,
      adds ? 1 : 0)
  }
}
