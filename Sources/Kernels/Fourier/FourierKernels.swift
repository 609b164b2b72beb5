import CKernels

/// Discrete Fourier transforms of operands without gaps. The result is multiplied by a factor.
package enum FourierKernels {
  /// Transforms complex elements along an axis.
  package static func transform(
    _ x: Operand, axis: Int, inverse: Bool, factor: Double, into y: Operand
  ) throws(OutOfMemory) {
    let n = x.extent(axis), part = x.element.part, plan = try FourierPlan.of(n, part)
    let scale = MTFourierScale(factor: factor, inverse: inverse ? 1 : 0)
    var outer = 1, inner = 1
    for i in 0..<axis { outer *= x.extent(i) }
    for i in axis + 1..<x.layout.rank { inner *= x.extent(i) }
    if inner == 1 {
      let lines = Lines(x.address, n, y.address, n, count: outer, size: x.size)
      return try transform(lines, plan, scale, part)
    }
    if plan.plan.pointee.inner == nil, n <= Tuning.fourierColumns {
      return try transformColumns(x, y, outer, inner, plan, scale)
    }
    // The axis becomes the last one in a copy.
    var order = Dimensions()
    for i in 0..<x.layout.rank { order[i] = i < axis ? i : i + 1 }
    order[x.layout.rank - 1] = axis
    let scratch = try Scratch(x.count, of: x.element), permuted = x.layout.permuted(order)
    let copy = Operand(address: scratch.address, layout: Layout(permuted.shape), element: x.element)
    ElementwiseKernels.copy(Operand(address: x.address, layout: permuted, element: x.element), into: copy)
    let lines = Lines(copy.address, n, copy.address, n, count: outer * inner, size: x.size)
    try transform(lines, plan, scale, part)
    ElementwiseKernels.copy(
      copy, into: Operand(address: y.address, layout: y.layout.permuted(order), element: y.element))
    extendLifetime(scratch)
  }

  /// Transforms real elements along the last axis, whose extent n is even, to the n / 2 + 1 entries that determine all.
  package static func transformReal(_ x: Operand, factor: Double, into y: Operand) throws(OutOfMemory) {
    let n = x.extent(x.layout.rank - 1), half = n / 2, count = x.count / n
    let plan = try FourierPlan.of(half, x.element), turns = try FourierPlan.of(n, x.element, isReal: true)
    let loops = x.loops.pointee.fourier, scale = MTFourierScale(factor: factor, inverse: 0)
    let lines = Lines(x.address, half, y.address, half + 1, count: count, size: y.size)
    try transform(lines, plan, scale, x.element) { rows in
      for row in rows { loops.unpack(turns.plan, lines.y(row), 0, half / 2 + 1) }
    }
    extendLifetime(turns)
  }

  /// Computes the real elements along the last axis, whose extent n is even, from n / 2 + 1 entries of their transform,
  /// by the inverse transform without its division by n.
  package static func restoreReal(_ x: Operand, factor: Double, into y: Operand) throws(OutOfMemory) {
    let n = y.extent(y.layout.rank - 1), half = n / 2, count = y.count / n
    let plan = try FourierPlan.of(half, y.element), turns = try FourierPlan.of(n, y.element, isReal: true)
    let loops = y.loops.pointee.fourier, scale = MTFourierScale(factor: factor, inverse: 1)
    let packed = Lines(x.address, half + 1, y.address, half, count: count, size: x.size)
    Parallel.split(rows: count, of: n) { rows in
      for row in rows { loops.pack(turns.plan, packed.x(row), packed.y(row), 0, half / 2 + 1) }
    }
    let lines = Lines(y.address, half, y.address, half, count: count, size: x.size)
    try transform(lines, plan, scale, y.element)
    extendLifetime(turns)
  }

  /// Lines of complex elements without gaps, and of their results, which may be the same lines.
  private struct Lines {
    let from: UnsafeMutableRawPointer, fromRow: Int, to: UnsafeMutableRawPointer, toRow: Int, count: Int,
      size: Int

    init(
      _ from: UnsafeMutableRawPointer, _ fromRow: Int, _ to: UnsafeMutableRawPointer, _ toRow: Int,
      count: Int, size: Int
    ) {
      (self.from, self.fromRow, self.to, self.toRow, self.count, self.size) = (
        from, fromRow, to, toRow, count, size
      )
    }

    func x(_ row: Int) -> UnsafeMutableRawPointer { from + row * fromRow * size }
    func y(_ row: Int) -> UnsafeMutableRawPointer { to + row * toRow * size }
  }

  /// Transforms lines, and calls `finish` with rows whose result is still in a near cache.
  private static func transform(
    _ lines: Lines, _ plan: FourierPlan, _ scale: MTFourierScale, _ part: ElementType,
    finish: (Range<Int>) -> Void = { _ in }
  ) throws(OutOfMemory) {
    if plan.plan.pointee.columns != nil {
      return try transformInSteps(lines, plan, scale, part, finish: finish)
    }
    let loops = part.loops.pointee.fourier, n = plan.plan.pointee.n
    let bytes = loops.scratch(plan.plan).times(part.size)
    try Parallel.split(lines.count, grain: max(1, Tuning.leastFourierElements / n), scratch: bytes) {
      rows, scratch in
      var row = rows.lowerBound
      while row < rows.upperBound {
        let end = min(row + Int(MT_FOURIER_LINES), rows.upperBound)
        loops.rows(
          plan.plan, lines.x(row), lines.fromRow, lines.y(row), lines.toRow, end - row, scale, scratch)
        finish(row..<end)
        row = end
      }
    }
    extendLifetime(plan)
  }

  /// Transforms large lines one after the other, each on all threads.
  private static func transformInSteps(
    _ lines: Lines, _ plan: FourierPlan, _ scale: MTFourierScale, _ part: ElementType,
    finish: (Range<Int>) -> Void
  ) throws(OutOfMemory) {
    let loops = part.loops.pointee.fourier, n = plan.plan.pointee.n, width = Int(MT_FOURIER_LINES)
    let bytes = loops.scratch(plan.plan).times(part.size)
    let between = try Scratch(n.times(2), of: part), start = between.address
    let columns = plan.plan.pointee.columns.pointee.n, rows = plan.plan.pointee.rows.pointee.n
    for line in 0..<lines.count {
      try Parallel.split((rows + width - 1) / width, grain: 1, scratch: bytes) { blocks, scratch in
        loops.firstStep(plan.plan, lines.x(line), start, blocks.lowerBound, blocks.upperBound, scale, scratch)
      }
      try Parallel.split((columns + width - 1) / width, grain: 1, scratch: bytes) { blocks, scratch in
        loops.secondStep(
          plan.plan, start, lines.y(line), blocks.lowerBound, blocks.upperBound, scale, scratch)
      }
      finish(line..<line + 1)
    }
    extendLifetime(between)
    extendLifetime(plan)
  }

  /// Transforms [outer][n][inner] elements along the middle axis.
  private static func transformColumns(
    _ x: Operand, _ y: Operand, _ outer: Int, _ inner: Int, _ plan: FourierPlan, _ scale: MTFourierScale
  ) throws(OutOfMemory) {
    let loops = x.element.part.loops.pointee.fourier, n = plan.plan.pointee.n, width = Int(MT_FOURIER_LINES)
    let blocks = (inner + width - 1) / width, bytes = loops.scratch(plan.plan).times(x.element.part.size)
    let grain = max(1, Tuning.leastFourierElements / (n * min(inner, width)))
    try Parallel.split(outer * blocks, grain: grain, scratch: bytes) { range, scratch in
      for block in range {
        let plane = block / blocks * n * inner, column = block % blocks * width
        loops.columns(
          plan.plan, x.at(plane), y.at(plane), inner, column, min(column + width, inner), scale, scratch)
      }
    }
    extendLifetime(plan)
  }
}
