import CKernels

/// Runs C loops over operands given as addresses and layouts. Not generic: the loop knows the element, these only
/// its size, so that nothing here waits for specialisation.
enum Loops {
  /// Where an operand's elements lie.
  struct Operand {
    let address: UnsafeMutableRawPointer
    let layout: Layout
    /// Bytes of an element.
    let size: Int

    /// All elements as one row.
    var row: MTPlane { MTPlane(base: address, outer: 0, inner: 1) }
  }

  static func run(
    _ loop: MTUnaryLoop, _ x: Operand, _ y: Operand, _ p: Double, _ q: Double,
    least: Int = Parallel.leastElements
  ) {
    if x.layout.isContiguous, y.layout.isContiguous, x.layout.count < least {
      return loop(x.row, y.row, 1, x.layout.count, p, q)
    }
    Traversal(x.layout, y.layout, x.layout, x.layout).forEachPlane(least: least) { walk, at in
      loop(
        walk.planeA(x.address, at, size: x.size), walk.planeB(y.address, at, size: y.size), walk.outer,
        walk.inner,
        p, q)
    }
  }

  static func run(_ loop: MTBinaryLoop, _ a: Operand, _ b: Operand, _ y: Operand, _ p: Double) {
    if y.layout.isContiguous, y.layout.count < Parallel.leastElements {
      if a.layout.isContiguous, b.layout.isContiguous {
        return loop(a.row, b.row, y.row, 1, y.layout.count, p)
      }
    }
    Traversal(a.layout, b.layout, y.layout, y.layout).forEachPlane { walk, at in
      loop(
        walk.planeA(a.address, at, size: a.size), walk.planeB(b.address, at, size: b.size),
        walk.planeC(y.address, at, size: y.size), walk.outer, walk.inner, p)
    }
  }

  /// f(a, b) of operands whose shapes broadcast to that of `y`.
  static func runBroadcast(_ loop: MTBinaryLoop, _ a: Operand, _ b: Operand, _ y: Operand, _ p: Double) {
    if a.layout.shape == y.layout.shape, b.layout.shape == y.layout.shape { return run(loop, a, b, y, p) }
    if y.layout.isContiguous, y.layout.count < Parallel.leastElements {
      let isScalarA = a.layout.count == 1, isScalarB = b.layout.count == 1
      if isScalarA || a.layout.isContiguous && a.layout.count == y.layout.count,
        isScalarB || b.layout.isContiguous && b.layout.count == y.layout.count
      {
        return loop(
          MTPlane(base: a.address, outer: 0, inner: isScalarA ? 0 : 1),
          MTPlane(base: b.address, outer: 0, inner: isScalarB ? 0 : 1), y.row, 1, y.layout.count, p)
      }
    }
    run(loop, a.broadcast(to: y.layout.shape), b.broadcast(to: y.layout.shape), y, p)
  }

  static func run(_ loop: MTSelectLoop, _ mask: Operand, _ a: Operand, _ b: Operand, _ y: Operand) {
    let shape = y.layout.shape
    let m = mask.broadcast(to: shape), a = a.broadcast(to: shape), b = b.broadcast(to: shape)
    Traversal(m.layout, a.layout, b.layout, y.layout).forEachPlane { walk, at in
      loop(
        walk.planeA(m.address, at, size: m.size), walk.planeB(a.address, at, size: a.size),
        walk.planeC(b.address, at, size: b.size), walk.planeD(y.address, at, size: y.size), walk.outer,
        walk.inner)
    }
  }

  /// Casts; the number of elements that the target cannot hold.
  static func cast(_ from: MTElement, _ to: MTElement, _ x: Operand, _ y: Operand) -> Int {
    var misfits = 0
    Traversal(x.layout, y.layout, x.layout, x.layout).forEachPlaneSerially { walk, at in
      misfits += martlet_cast(
        from, to, walk.planeA(x.address, at, size: x.size), walk.planeB(y.address, at, size: y.size),
        walk.outer,
        walk.inner)
    }
    return misfits
  }
}

extension Parallel {
  /// Loops of a function over fewer elements are not split: what takes dozens of instructions an element repays a
  /// second thread sooner.
  @inline(__always)
  static func leastElements(_ operation: MTUnary) -> Int {
    switch operation {
    case .negate, .absolute, .sign, .clamp, .squareRoot, .relu: leastElements
    default: leastElements / 2
    }
  }
}

extension Loops.Operand {
  /// Repeated over a shape that it broadcasts to.
  func broadcast(to shape: TensorShape) -> Loops.Operand {
    Loops.Operand(address: address, layout: layout.broadcast(to: shape)!, size: size)
  }
}
