/// The extents of a tensor along its axes, outermost first; rank 0 (a scalar) to rank 8.
///
/// A shape is a collection of `Int`, can be written as an array literal and needs no heap allocation. A
/// negative index counts from the end: `shape[-1]` is the innermost extent.
///
/// ```swift
/// let shape: TensorShape = [2, 3, 4]
/// print(shape.rank, shape[-1], shape.elementCount)  // 3 4 24
/// let x = Tensor<Float>.zeros(shape)
/// ```
public struct TensorShape: Sendable, Hashable, ExpressibleByArrayLiteral {
  /// The number of axes; −1 for the shape of a failed tensor.
  public internal(set) var rank: Int

  /// The extents. Entries from the rank on are 0, so that equal shapes have equal bits.
  package var extents: Dimensions

  /// The highest rank a tensor may have.
  public static let maximumRank = Dimensions.capacity

  /// The shape of a failed tensor.
  package static let failed = TensorShape(rank: -1)

  /// Creates a shape of `rank` axes of extent 0, to be filled in.
  package init(rank: Int) {
    self.rank = rank
    extents = Dimensions()
  }

  /// Creates a shape with these extents.
  public init(arrayLiteral extents: Int...) {
    guard extents.count <= TensorShape.maximumRank else {
      mistake("shape", TensorShape.tooMany(extents.count))
      self = .failed
      return
    }
    self.init(extents)
  }

  /// Creates a shape with these extents: at most eight, none negative.
  public init(
    _ extents: some Collection<Int>, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(rank: 0)
    guard extents.count <= TensorShape.maximumRank else {
      mistake("shape", TensorShape.tooMany(extents.count), file, line)
      rank = -1
      return
    }
    for extent in extents { append(extent) }
  }

  private static func tooMany(_ axes: Int) -> String {
    "rank \(axes) is too high; a shape has at most \(maximumRank) axes"
  }

  /// The number of elements: the product of the extents, 1 for a scalar. `isValid` detects negative extents
  /// and products that overflow `Int`.
  public var elementCount: Int {
    var product = rank < 0 ? 0 : 1
    for axis in 0..<Swift.max(rank, 0) { product &*= extents[axis] }
    return product
  }

  /// True if the shape is not that of a failed tensor, no extent is negative and the size in bytes fits an
  /// `Int`.
  package var isValid: Bool {
    if rank < 0 { return false }
    // Most shapes need no loop: no extent is negative or has more than 14 bits.
    if rank <= 4, UInt(bitPattern: extents.union) < 1 << 14 { return true }
    var product = 1
    var isEmpty = false
    for axis in 0..<rank {
      if extents[axis] < 0 { return false }
      if extents[axis] == 0 { isEmpty = true }
      let (partial, overflow) = product.multipliedReportingOverflow(by: Swift.max(extents[axis], 1))
      if overflow || partial > Int.max / 16 { return false }
      product = partial
    }
    return isEmpty || product <= Int.max / 16
  }

  package mutating func append(_ extent: Int) {
    extents[rank] = extent
    rank += 1
  }

  package mutating func insert(_ extent: Int, at axis: Int) {
    var i = rank
    while i > axis {
      extents[i] = extents[i - 1]
      i -= 1
    }
    extents[axis] = extent
    rank += 1
  }

  package mutating func remove(at axis: Int) {
    for i in axis..<(rank - 1) { extents[i] = extents[i + 1] }
    rank -= 1
    extents[rank] = 0
  }

  /// Returns the axis counted from the front, or nil if it is out of range.
  package func axis(_ axis: Int) -> Int? {
    let counted = axis < 0 ? axis + rank : axis
    return counted >= 0 && counted < rank ? counted : nil
  }

  /// True if the tensor is a scalar and the axis is 0 or −1: a scalar may be reduced along it like a vector
  /// of one element.
  package func isScalar(axis: Int) -> Bool { rank == 0 && (axis == 0 || axis == -1) }
}

extension Int {
  /// Returns the product of two extents, or `Int.max` on overflow; no tensor has a shape of such an extent.
  package func times(_ other: Int) -> Int {
    let (product, overflows) = multipliedReportingOverflow(by: other)
    return overflows ? .max : product
  }

  /// Returns the sum of two extents, or `Int.max` on overflow.
  package func plus(_ other: Int) -> Int {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? .max : sum
  }
}

extension TensorShape: RandomAccessCollection {
  /// The first axis.
  public var startIndex: Int { 0 }
  /// One past the last axis.
  public var endIndex: Int { Swift.max(rank, 0) }

  /// The extent along an axis; a negative axis counts from the end. 0 for the shape of a failed tensor.
  public subscript(axis: Int) -> Int {
    let counted = axis < 0 ? axis + rank : axis
    guard counted >= 0, counted < rank else {
      if rank >= 0 { mistake("shape", "axis \(axis) is out of range for \(self); \(axisRange)") }
      return 0
    }
    return extents[counted]
  }

  /// The valid axes, as text for error messages.
  package var axisRange: String {
    rank == 0 ? "a scalar has no axes" : "an axis is in -\(rank)...\(rank - 1)"
  }
}

extension TensorShape: CustomStringConvertible {
  /// The shape as an array: `[2, 3]`.
  public var description: String {
    rank < 0 ? "[failed]" : "[" + map(String.init).joined(separator: ", ") + "]"
  }
}

extension TensorShape {
  /// Returns the shape of an elementwise operation on shapes `a` and `b` by NumPy's rule: extents are equal
  /// or one of them is 1, and missing axes count as 1. Returns nil if the shapes do not fit.
  package static func broadcast(_ a: TensorShape, _ b: TensorShape) -> TensorShape? {
    if a == b { return a }
    var result = a.rank >= b.rank ? a : b
    let shorter = a.rank >= b.rank ? b : a
    let added = result.rank - shorter.rank
    for axis in 0..<shorter.rank {
      let x = shorter.extents[axis], y = result.extents[axis + added]
      if x == y || x == 1 { continue }
      guard y == 1 else { return nil }
      result.extents[axis + added] = x
    }
    return result
  }
}
