public import CKernels

/// Elementwise loops over operands of any layout.
package enum ElementwiseKernels {
  /// Computes f(x) of each element.
  package static func map(_ operation: UnaryKernel, _ x: Operand, into y: Operand, _ p: Double, _ q: Double) {
    let loop = x.loops.pointee.unary[Int(operation.rawValue)]!
    apply(loop, x, into: y, p, q, least: Parallel.leastElements(operation))
  }

  /// Computes f(a, b) of operands whose shapes broadcast to that of `y`.
  package static func combine(
    _ operation: BinaryKernel, _ a: Operand, _ b: Operand, into y: Operand, _ p: Double
  ) {
    apply(a.loops.pointee.binary[Int(operation.rawValue)]!, a, b, into: y, p)
  }

  /// Computes the comparison of a and b, whose shapes broadcast to that of `y`, an operand of the type `Bool`.
  package static func compare(_ operation: CompareKernel, _ a: Operand, _ b: Operand, into y: Operand) {
    apply(a.loops.pointee.compare[Int(operation.rawValue)]!, a, b, into: y, 0)
  }

  /// Computes a where the mask is 1, otherwise b, of operands whose shapes broadcast to that of `y`.
  package static func select(_ mask: Operand, _ a: Operand, _ b: Operand, into y: Operand) {
    let loop = y.loops.pointee.select!, shape = y.layout.shape
    if y.isOneRow, mask.isRow(of: y.layout), a.isRow(of: y.layout), b.isRow(of: y.layout) {
      return loop(mask.row, a.row, b.row, y.row, 1, y.count)
    }
    run(
      MTLoop(unary: nil, binary: nil, select: loop, p: 0, q: 0), into: y, mask.broadcast(to: shape),
      a.broadcast(to: shape), b.broadcast(to: shape))
  }

  /// Copies the elements of an operand of the same shape.
  package static func copy(_ x: Operand, into y: Operand) {
    if x.layout.isContiguous, y.isOneRow {
      return y.address.copyMemory(from: x.address, byteCount: y.count * y.size)
    }
    run(MTLoop(unary: nil, binary: nil, select: nil, p: 0, q: 0), into: y, x, x, x)
  }

  /// Copies `width` adjacent elements into every row of a matrix of `count` elements without gaps.
  package static func fillRows(
    _ x: UnsafeMutableRawPointer, width: Int, into y: UnsafeMutableRawPointer, count: Int,
    of element: ElementType
  ) {
    element.loops.pointee.copy(
      Plane(base: x, outer: 0, inner: 1), Plane(base: y, outer: width, inner: 1), count / max(width, 1),
      width,
      0, 0)
  }

  /// Converts the elements, and returns the number of elements that the target type cannot represent.
  package static func cast(_ x: Operand, into y: Operand) -> Int {
    var misfits = 0
    Traversal(y.layout, x.layout, x.layout, x.layout).forEachPlaneSerially { walk, at in
      misfits += martlet_cast(
        x.element, y.element, walk.planeA(x.address, at, size: x.size),
        walk.planeY(y.address, at, size: y.size), walk.outer, walk.inner)
    }
    return misfits
  }

  private static func apply(
    _ loop: @escaping MTUnaryLoop, _ x: Operand, into y: Operand, _ p: Double, _ q: Double, least: Int
  ) {
    if x.layout.isContiguous, y.layout.isContiguous, x.count < least {
      return loop(x.row, y.row, 1, x.count, p, q)
    }
    run(MTLoop(unary: loop, binary: nil, select: nil, p: p, q: q), into: y, x, x, x, least: least)
  }

  private static func apply(
    _ loop: @escaping MTBinaryLoop, _ a: Operand, _ b: Operand, into y: Operand, _ p: Double
  ) {
    if y.isOneRow, a.isRow(of: y.layout), b.isRow(of: y.layout) {
      return loop(a.row, b.row, y.row, 1, y.count, p)
    }
    let a = a.broadcast(to: y.layout.shape), b = b.broadcast(to: y.layout.shape)
    run(MTLoop(unary: nil, binary: loop, select: nil, p: p, q: 0), into: y, a, b, a)
  }

  /// Runs a loop over the planes of the operands. An operand that the loop does not use is given as a
  /// repetition of another.
  private static func run(
    _ loop: MTLoop, into y: Operand, _ a: Operand, _ b: Operand, _ c: Operand,
    least: Int = Tuning.leastElements
  ) {
    let streams: Int32 = y.count >= Tuning.streamedBytes / y.size ? 1 : 0
    let (ySize, aSize, bSize, cSize) = (y.size, a.size, b.size, c.size)
    Traversal(y.layout, a.layout, b.layout, c.layout).forEachPlane(least: least) { walk, at in
      martlet_run_loop(
        loop,
        MTOperand(plane: walk.planeY(y.address, at, size: ySize), size: ySize),
        MTOperand(plane: walk.planeA(a.address, at, size: aSize), size: aSize),
        MTOperand(plane: walk.planeB(b.address, at, size: bSize), size: bSize),
        MTOperand(plane: walk.planeC(c.address, at, size: cSize), size: cSize),
        walk.outer, walk.inner, streams)
    }
  }
}

extension Parallel {
  /// The number of elements below which a loop of a function is not split. A function of dozens of
  /// instructions per element pays for a second thread sooner.
  @inlinable @inline(__always)
  package static func leastElements(_ operation: UnaryKernel) -> Int {
    switch operation {
    case .negate, .absolute, .sign, .clamp, .squareRoot, .relu, .floor, .ceil, .round, .trunc, .frac, .rsqrt,
      .replaceInfinities:
      Tuning.leastElements
    default: Tuning.leastElements / 2
    }
  }
}
