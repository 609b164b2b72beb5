import CKernels

/// The walk over up to four operands of one shape: axes that lie in one piece in all of them are joined, the two
/// innermost that remain make the plane that a C loop takes, the others are counted here.
struct Traversal {
  /// The number of joined axes; the innermost is number 0.
  private var rank = 0
  private var extents = Dimensions(repeating: 1)
  private var a = Dimensions(), b = Dimensions(), c = Dimensions(), d = Dimensions()

  /// Where each operand stands, in elements from the start of its layout.
  struct Position {
    var a = 0, b = 0, c = 0, d = 0
  }

  /// Layouts of the same shape; an operand that is not there repeats another.
  init(_ a: Layout, _ b: Layout, _ c: Layout, _ d: Layout) {
    if a.isContiguous, b.isContiguous, c.isContiguous, d.isContiguous {
      append(a.count, 1, 1, 1, 1)
      return
    }
    var axis = a.rank - 1
    while axis >= 0 {
      let extent = a.shape.extents[axis]
      if extent != 1 { join(extent, a.strides[axis], b.strides[axis], c.strides[axis], d.strides[axis]) }
      axis -= 1
    }
  }

  private mutating func append(_ extent: Int, _ a: Int, _ b: Int, _ c: Int, _ d: Int) {
    extents[rank] = extent
    self.a[rank] = a
    self.b[rank] = b
    self.c[rank] = c
    self.d[rank] = d
    rank += 1
  }

  private mutating func join(_ extent: Int, _ a: Int, _ b: Int, _ c: Int, _ d: Int) {
    let last = rank - 1
    if rank > 0, a == self.a[last] * extents[last], b == self.b[last] * extents[last],
      c == self.c[last] * extents[last], d == self.d[last] * extents[last]
    {
      extents[last] *= extent
    } else {
      append(extent, a, b, c, d)
    }
  }

  var count: Int {
    var product = 1
    for axis in 0..<rank { product *= extents[axis] }
    return product
  }

  /// The extents of a plane.
  var outer: Int { rank > 1 ? extents[1] : 1 }
  var inner: Int { rank > 0 ? extents[0] : 1 }

  /// The planes of the operands at a position, `base` being the addresses of their first elements.
  func planeA(_ base: UnsafeMutableRawPointer, _ at: Position, size: Int) -> MTPlane {
    MTPlane(base: base + at.a * size, outer: rank > 1 ? a[1] : 0, inner: rank > 0 ? a[0] : 0)
  }
  func planeB(_ base: UnsafeMutableRawPointer, _ at: Position, size: Int) -> MTPlane {
    MTPlane(base: base + at.b * size, outer: rank > 1 ? b[1] : 0, inner: rank > 0 ? b[0] : 0)
  }
  func planeC(_ base: UnsafeMutableRawPointer, _ at: Position, size: Int) -> MTPlane {
    MTPlane(base: base + at.c * size, outer: rank > 1 ? c[1] : 0, inner: rank > 0 ? c[0] : 0)
  }
  func planeD(_ base: UnsafeMutableRawPointer, _ at: Position, size: Int) -> MTPlane {
    MTPlane(base: base + at.d * size, outer: rank > 1 ? d[1] : 0, inner: rank > 0 ? d[0] : 0)
  }

  /// Calls `body` for every plane, over threads when there are `least` elements. `body` gets a walk whose planes it
  /// may ask for, and where the plane begins.
  @inline(__always)
  func forEachPlane(
    least: Int = Parallel.leastElements, _ body: (borrowing Traversal, Position) -> Void
  ) {
    let count = count
    if count == 0 { return }
    if count < least || Parallel.isSerial {
      walk(Position(), body)
    } else {
      walkInParallel(count, least, body)
    }
  }

  /// Calls `body` for every plane on the calling thread, for bodies that add up what they find.
  func forEachPlaneSerially(_ body: (borrowing Traversal, Position) -> Void) {
    if count > 0 { walk(Position(), body) }
  }

  private func walk(_ start: Position, _ body: (borrowing Traversal, Position) -> Void) {
    if rank <= 2 { return body(self, start) }
    var at = start
    var index = Dimensions()
    while true {
      body(self, at)
      var axis = 2
      while true {
        index[axis] += 1
        move(&at, axis, 1)
        if index[axis] < extents[axis] { break }
        move(&at, axis, -extents[axis])
        index[axis] = 0
        axis += 1
        if axis == rank { return }
      }
    }
  }

  private func move(_ at: inout Position, _ axis: Int, _ steps: Int) {
    at.a += steps * a[axis]
    at.b += steps * b[axis]
    at.c += steps * c[axis]
    at.d += steps * d[axis]
  }

  /// Splits the outermost axis.
  private func walkInParallel(
    _ count: Int, _ least: Int, _ body: (borrowing Traversal, Position) -> Void
  ) {
    let axis = rank - 1
    Parallel.split(extents[axis], grain: max(1, extents[axis] * least / (2 * count))) {
      range in
      var part = self
      part.extents[axis] = range.count
      var at = Position()
      move(&at, axis, range.lowerBound)
      part.walk(at, body)
    }
  }
}
