import CKernels

/// Runs C loops over operands given as addresses and layouts. The code is not generic and needs no
/// specialisation: the loop knows the element type, and the code here only needs the size of an element.
enum Loops {
  /// The memory of an operand.
  struct Operand {
    let address: UnsafeMutableRawPointer
    let layout: Layout
    /// The number of bytes of an element.
    let size: Int

    /// All elements as one row; a single element is repeated.
    var row: MTPlane { MTPlane(base: address, outer: 0, inner: layout.count == 1 ? 0 : 1) }

    /// True if ``row`` fits a row of the result: it has as many elements without gaps, or a single one.
    func isRow(of result: Layout) -> Bool {
      layout.count == 1 || layout.isContiguous && layout.count == result.count
    }
  }

  /// The least size in bytes of a result that is written past the caches: it would not stay in a cache until
  /// it is read.
  private static let streamedBytes = 1 << 24

  /// Runs a loop. An operand that the loop does not use is given as a repetition of another.
  static func run(
    _ loop: MTLoop, into y: Operand, _ a: Operand, _ b: Operand, _ c: Operand,
    least: Int = Parallel.leastElements
  ) {
    let streams: Int32 = y.layout.count >= streamedBytes / y.size ? 1 : 0
    Traversal(y.layout, a.layout, b.layout, c.layout).forEachPlane(least: least) { walk, at in
      martlet_run_loop(
        loop,
        MTOperand(plane: walk.planeY(y.address, at, size: y.size), size: y.size),
        MTOperand(plane: walk.planeA(a.address, at, size: a.size), size: a.size),
        MTOperand(plane: walk.planeB(b.address, at, size: b.size), size: b.size),
        MTOperand(plane: walk.planeC(c.address, at, size: c.size), size: c.size),
        walk.outer, walk.inner, streams)
    }
  }

  static func run(
    _ loop: @escaping MTUnaryLoop, _ x: Operand, _ y: Operand, _ p: Double, _ q: Double,
    least: Int = Parallel.leastElements
  ) {
    if x.layout.isContiguous, y.layout.isContiguous, x.layout.count < least {
      return loop(x.row, y.row, 1, x.layout.count, p, q)
    }
    run(MTLoop(unary: loop, binary: nil, select: nil, p: p, q: q), into: y, x, x, x, least: least)
  }

  /// Computes f(a, b) of operands whose shapes broadcast to that of `y`.
  static func run(_ loop: @escaping MTBinaryLoop, _ a: Operand, _ b: Operand, _ y: Operand, _ p: Double) {
    let shape = y.layout.shape
    if y.layout.isContiguous, y.layout.count < Parallel.leastElements,
      a.isRow(of: y.layout), b.isRow(of: y.layout)
    {
      return loop(a.row, b.row, y.row, 1, y.layout.count, p)
    }
    let a = a.broadcast(to: shape), b = b.broadcast(to: shape)
    run(MTLoop(unary: nil, binary: loop, select: nil, p: p, q: 0), into: y, a, b, a)
  }

  /// Computes a where the mask is 1, otherwise b, of operands whose shapes broadcast to that of `y`.
  static func run(_ loop: @escaping MTSelectLoop, _ mask: Operand, _ a: Operand, _ b: Operand, _ y: Operand) {
    let shape = y.layout.shape
    if y.layout.isContiguous, y.layout.count < Parallel.leastElements,
      mask.isRow(of: y.layout), a.isRow(of: y.layout), b.isRow(of: y.layout)
    {
      return loop(mask.row, a.row, b.row, y.row, 1, y.layout.count)
    }
    run(
      MTLoop(unary: nil, binary: nil, select: loop, p: 0, q: 0), into: y, mask.broadcast(to: shape),
      a.broadcast(to: shape), b.broadcast(to: shape))
  }

  static func copy(_ x: Operand, to y: Operand) {
    if x.layout.isContiguous, y.layout.isContiguous, y.layout.count < Parallel.leastElements {
      return y.address.copyMemory(from: x.address, byteCount: y.layout.count * y.size)
    }
    run(MTLoop(unary: nil, binary: nil, select: nil, p: 0, q: 0), into: y, x, x, x)
  }

  /// Converts the elements and returns the number of elements that the target type cannot represent.
  static func cast(_ from: MTElement, _ to: MTElement, _ x: Operand, _ y: Operand) -> Int {
    var misfits = 0
    Traversal(y.layout, x.layout, x.layout, x.layout).forEachPlaneSerially { walk, at in
      misfits += martlet_cast(
        from, to, walk.planeA(x.address, at, size: x.size), walk.planeY(y.address, at, size: y.size),
        walk.outer, walk.inner)
    }
    return misfits
  }
}

extension Parallel {
  /// The number of elements below which a loop of a function is not split. A function of dozens of
  /// instructions per element pays for a second thread sooner.
  @inline(__always)
  static func leastElements(_ operation: MTUnary) -> Int {
    switch operation {
    case .negate, .absolute, .sign, .clamp, .squareRoot, .relu: leastElements
    default: leastElements / 2
    }
  }
}

extension Loops.Operand {
  /// Returns the operand broadcast to a shape.
  func broadcast(to shape: TensorShape) -> Loops.Operand {
    Loops.Operand(address: address, layout: layout.broadcast(to: shape)!, size: size)
  }
}
