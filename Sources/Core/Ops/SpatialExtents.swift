/// What windows over images are described by, along one to three axes: one number for all of them, `3`, or a list with
/// a number for each, `[3, 5]`.
public protocol SpatialExtents {
  /// A number for each of so many axes; another count where the list has one.
  func extents(axes: Int) -> [Int]
}

extension Int: SpatialExtents, SpatialPadding {
  /// The number for each axis.
  public func extents(axes: Int) -> [Int] { Array(repeating: self, count: axes) }
  /// The number for each axis.
  public func padding(kernel: [Int], stride: [Int], dilation: [Int]) -> [Int]? { extents(axes: kernel.count) }
}

extension Array: SpatialExtents, SpatialPadding where Element == Int {
  /// The list.
  public func extents(axes: Int) -> [Int] { self }
  /// The list.
  public func padding(kernel: [Int], stride: [Int], dilation: [Int]) -> [Int]? { self }
}

/// How far windows reach beyond the edges of an image, where zeros are seen: `1`, `[1, 2]` or `.same`.
public protocol SpatialPadding {
  /// The padding before and behind each axis; nil where it cannot be what was asked for.
  func padding(kernel: [Int], stride: [Int], dilation: [Int]) -> [Int]?
}

/// As much padding as makes the result as large as the image: `dilation · (kernel − 1) / 2` on either side.
public struct SamePadding: SpatialPadding {
  /// Nil for strides above 1, and where the padding would not be the same on both sides.
  public func padding(kernel: [Int], stride: [Int], dilation: [Int]) -> [Int]? {
    guard stride.allSatisfy({ $0 == 1 }) else { return nil }
    let sums = zip(kernel, dilation).map { ($0 - 1) * $1 }
    return sums.allSatisfy { $0 % 2 == 0 } ? sums.map { $0 / 2 } : nil
  }
}

extension SpatialPadding where Self == SamePadding {
  /// As much padding as makes the result as large as the image, for strides of 1 and odd kernels.
  public static var same: SamePadding { SamePadding() }
}
