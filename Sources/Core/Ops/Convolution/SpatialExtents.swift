/// The numbers that describe windows over images along one to three axes, such as a kernel size or a stride.
///
/// One number applies to all axes, `3`. A list has a number for each axis, `[3, 5]`.
///
/// ```swift
/// let layer = Conv2d(3, 8, kernelSize: [3, 5], stride: 2)
/// ```
public protocol SpatialExtents {
  /// Returns a number for each of `axes` axes. A list of another count is returned as it is.
  func extents(axes: Int) -> [Int]
}

extension Int: SpatialExtents, SpatialPadding {
  /// Returns this number for each axis.
  public func extents(axes: Int) -> [Int] { Array(repeating: self, count: axes) }
  /// Returns this number as the padding before and after each axis.
  ///
  /// ```swift
  /// let edges = 2.padding(kernel: [5, 5], stride: [1, 1], dilation: [1, 1])  // 2 before and after both axes
  /// ```
  public func padding(
    kernel: [Int], stride: [Int], dilation: [Int]
  ) -> [(before: Int, after: Int)]? { kernel.map { _ in (self, self) } }
}

extension Array: SpatialExtents, SpatialPadding where Element == Int {
  /// Returns the list.
  public func extents(axes: Int) -> [Int] { self }
  /// Returns each number of the list as the padding before and after its axis.
  ///
  /// ```swift
  /// let edges = [1, 2].padding(kernel: [3, 5], stride: [1, 1], dilation: [1, 1])  // 1 and 2 on both sides
  /// ```
  public func padding(
    kernel: [Int], stride: [Int], dilation: [Int]
  ) -> [(before: Int, after: Int)]? { map { ($0, $0) } }
}

/// The number of zeros beyond each edge of an image: `1`, `[1, 2]` or `.same`.
///
/// ```swift
/// let layer = Conv2d(3, 8, kernelSize: 3, padding: .same)
/// let y = layer(.normal([1, 3, 32, 32]))  // [1, 8, 32, 32]
/// ```
public protocol SpatialPadding {
  /// Returns the padding before and after each axis; nil if this padding is not possible with these windows.
  func padding(kernel: [Int], stride: [Int], dilation: [Int]) -> [(before: Int, after: Int)]?
}

/// The padding that makes the result as large as the image.
///
/// Along each axis it is `dilation · (kernel − 1)`, half on either side. If that number is odd, the end has
/// one more.
///
/// ```swift
/// let padding: SamePadding = .same
/// let layer = Conv2d(3, 8, kernelSize: 5, padding: padding)
/// ```
public struct SamePadding: SpatialPadding {
  /// Returns the padding before and after each axis; nil for strides above 1.
  ///
  /// ```swift
  /// let padding: SamePadding = .same
  /// let edges = padding.padding(kernel: [4], stride: [1], dilation: [1])  // 1 before and 2 after
  /// ```
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
