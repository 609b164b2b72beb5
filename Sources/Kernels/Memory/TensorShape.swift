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
public struct TensorShape: Sendable, Hashable {
  /// The number of axes; −1 for the shape of a failed tensor.
  @inlinable
  public var rank: Int { axisCount }

  @usableFromInline
  var axisCount: Int

  /// The extents. Entries from the rank on are 0, so that equal shapes have equal bits.
  @usableFromInline
  package var extents: Dimensions

  /// The highest rank a tensor may have.
  public static let maximumRank = Dimensions.capacity

  /// The shape of a failed tensor.
  package static let failed = TensorShape(rank: -1)

  /// Creates a shape of `rank` axes of extent 0, to be filled in.
  @inlinable
  package init(rank: Int) {
    axisCount = rank
    extents = Dimensions()
  }

  /// Returns true if the ranks and all extents are equal.
  @inlinable
  public static func == (a: TensorShape, b: TensorShape) -> Bool {
    a.axisCount == b.axisCount && a.extents == b.extents
  }

  /// The number of elements: the product of the extents, 1 for a scalar. `isValid` detects negative extents
  /// and products that overflow `Int`.
  @inlinable
  public var elementCount: Int {
    var product = rank < 0 ? 0 : 1
    for axis in 0..<Swift.max(rank, 0) { product &*= extents[axis] }
    return product
  }

  /// True if the shape is not that of a failed tensor, no extent is negative and the size in bytes fits an
  /// `Int`.
  @inlinable
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

  @inlinable
  package mutating func append(_ extent: Int) {
    extents[rank] = extent
    axisCount += 1
  }

  package mutating func insert(_ extent: Int, at axis: Int) {
    var i = rank
    while i > axis {
      extents[i] = extents[i - 1]
      i -= 1
    }
    extents[axis] = extent
    axisCount += 1
  }

  package mutating func remove(at axis: Int) {
    for i in axis..<(rank - 1) { extents[i] = extents[i + 1] }
    axisCount -= 1
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
