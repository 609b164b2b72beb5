import CKernels

/// The walk over a result and up to three operands of its shape. Axes are taken in the order of the result's
/// memory, and axes without gaps in all operands are merged. Two of the remaining axes form the plane that a
/// C loop computes; the walk iterates over the others.
struct Traversal {
  /// The number of merged axes. Along axis 0 the result's elements are adjacent.
  private var rank = 0
  private var extents = Dimensions(repeating: 1)
  private var y = Dimensions(), a = Dimensions(), b = Dimensions(), c = Dimensions()

  /// The offsets of the result and of each operand, in elements from the start of their layouts.
  struct Position {
    var y = 0, a = 0, b = 0, c = 0
  }

  /// Creates a walk over layouts of the same shape. An unused operand is given as a repetition of another.
  init(_ y: Layout, _ a: Layout, _ b: Layout, _ c: Layout) {
    if y.isContiguous, a.isContiguous, b.isContiguous, c.isContiguous {
      append(y.count, 1, 1, 1, 1)
      return
    }
    let order = y.orderOfMemory
    for slot in stride(from: y.rank - 1, through: 0, by: -1) {
      let axis = order[slot], extent = y.shape.extents[axis]
      if extent != 1 { join(extent, y.strides[axis], a.strides[axis], b.strides[axis], c.strides[axis]) }
    }
    if rank > 2, let across = axisAcross(self.a) ?? axisAcross(self.b) ?? axisAcross(self.c) {
      exchange(1, across)
    }
  }

  private mutating func append(_ extent: Int, _ y: Int, _ a: Int, _ b: Int, _ c: Int) {
    extents[rank] = extent
    self.y[rank] = y
    self.a[rank] = a
    self.b[rank] = b
    self.c[rank] = c
    rank += 1
  }

  private mutating func join(_ extent: Int, _ y: Int, _ a: Int, _ b: Int, _ c: Int) {
    let last = rank - 1
    if rank > 0, y == self.y[last] * extents[last], a == self.a[last] * extents[last],
      b == self.b[last] * extents[last], c == self.c[last] * extents[last]
    {
      extents[last] *= extent
    } else {
      append(extent, y, a, b, c)
    }
  }

  /// Returns the axis along which an operand's elements are adjacent if it is not the result's axis 0. The
  /// two axes then form a plane that can be transposed.
  private func axisAcross(_ strides: Dimensions) -> Int? {
    if strides[0] == 0 || strides[0] == 1 { return nil }
    return (1..<rank).first { strides[$0] == 1 }
  }

  private mutating func exchange(_ one: Int, _ other: Int) {
    extents.swapAt(one, other)
    y.swapAt(one, other)
    a.swapAt(one, other)
    b.swapAt(one, other)
    c.swapAt(one, other)
  }

  var count: Int {
    var product = 1
    for axis in 0..<rank { product *= extents[axis] }
    return product
  }

  /// The extents of a plane.
  var outer: Int { rank > 1 ? extents[1] : 1 }
  var inner: Int { rank > 0 ? extents[0] : 1 }

  /// Returns the plane of the result or of an operand at a position. `base` is the address of its first
  /// element.
  func planeY(_ base: UnsafeMutableRawPointer, _ at: Position, size: Int) -> Plane {
    Plane(base: base + at.y * size, outer: rank > 1 ? y[1] : 0, inner: rank > 0 ? y[0] : 0)
  }
  func planeA(_ base: UnsafeMutableRawPointer, _ at: Position, size: Int) -> Plane {
    Plane(base: base + at.a * size, outer: rank > 1 ? a[1] : 0, inner: rank > 0 ? a[0] : 0)
  }
  func planeB(_ base: UnsafeMutableRawPointer, _ at: Position, size: Int) -> Plane {
    Plane(base: base + at.b * size, outer: rank > 1 ? b[1] : 0, inner: rank > 0 ? b[0] : 0)
  }
  func planeC(_ base: UnsafeMutableRawPointer, _ at: Position, size: Int) -> Plane {
    Plane(base: base + at.c * size, outer: rank > 1 ? c[1] : 0, inner: rank > 0 ? c[0] : 0)
  }

  /// Calls `body` for every plane, on several threads if there are at least `least` elements. `body` receives
  /// a walk that returns the planes, and the position of the plane.
  @inline(__always)
  func forEachPlane(least: Int, _ body: (borrowing Traversal, Position) -> Void) {
    let count = count
    if count == 0 { return }
    if count < least || Parallel.isSerial {
      walk(Position(), body)
    } else {
      walkInParallel(count, least, body)
    }
  }

  /// Calls `body` for every plane on the calling thread, for bodies that accumulate a result.
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
    at.y += steps * y[axis]
    at.a += steps * a[axis]
    at.b += steps * b[axis]
    at.c += steps * c[axis]
  }

  /// Splits the outermost axis that is long enough for all threads, or else the longest.
  private func walkInParallel(
    _ count: Int, _ least: Int, _ body: (borrowing Traversal, Position) -> Void
  ) {
    let axis =
      (0..<rank).last { extents[$0] >= Self.leastExtentToSplit }
      ?? (0..<rank).max { extents[$0] < extents[$1] } ?? 0
    Parallel.split(extents[axis], grain: max(1, extents[axis] * least / (2 * count))) {
      range in
      var part = self
      part.extents[axis] = range.count
      var at = Position()
      move(&at, axis, range.lowerBound)
      part.walk(at, body)
    }
  }

  private static let leastExtentToSplit = 32
}
