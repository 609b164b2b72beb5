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
  public func padding(
    kernel: [Int], stride: [Int], dilation: [Int]
  ) -> [(before: Int, after: Int)]? { kernel.map { _ in (self, self) } }
}

extension Array: SpatialExtents, SpatialPadding where Element == Int {
  /// The list.
  public func extents(axes: Int) -> [Int] { self }
  /// The list.
  public func padding(
    kernel: [Int], stride: [Int], dilation: [Int]
  ) -> [(before: Int, after: Int)]? { map { ($0, $0) } }
}

/// How far windows reach beyond the edges of an image, where zeros are seen: `1`, `[1, 2]` or `.same`.
public protocol SpatialPadding {
  /// The padding before and behind each axis; nil where it cannot be what was asked for.
  func padding(kernel: [Int], stride: [Int], dilation: [Int]) -> [(before: Int, after: Int)]?
}

/// The padding that makes the result as large as the image: `dilation · (kernel − 1)` of it, half on either side and
/// an odd one after the end.
public struct SamePadding: SpatialPadding {
  /// The halves; nil for strides above 1.
  public func padding(kernel: [Int], stride: [Int], dilation: [Int]) -> [(before: Int, after: Int)]? {
    guard stride.allSatisfy({ $0 == 1 }) else { return nil }
    return zip(kernel, dilation).map { kernel, dilation in
      let sum = (Swift.max(kernel, 1) - 1).times(dilation)
      return (sum / 2, sum - sum / 2)
    }
  }
}

extension SpatialPadding where Self == SamePadding {
  /// The padding that makes the result as large as the image, for strides of 1.
  public static var same: SamePadding { SamePadding() }
}
