#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Tensor {
  /// True if an element is NaN.
  var containsNaN: Bool { scalars.contains { $0 != $0 } }

  /// True if another tensor has the same shape and the same bits in each element.
  func hasSameBits(as other: Tensor) -> Bool {
    let x = contiguous(), y = other.contiguous()
    guard shape == other.shape, x.failure == nil, y.failure == nil else { return false }
    return withExtendedLifetime((x, y)) {
      memcmp(x.address, y.address, layout.count * MemoryLayout<Element>.stride) == 0
    }
  }
}
