public import CRuntime

/// Counters of the calling thread's work. Tests read them instead of measuring time.
@usableFromInline
package struct Counters: Equatable {
  /// The number of BLAS products.
  package var blasCalls: Int
  /// The number of copies into row-major order.
  package var copies: Int

  package static var now: Counters {
    let thread = martlet_thread().pointee
    return Counters(blasCalls: thread.blasCalls, copies: thread.copies)
  }

  @inline(__always)
  static func countBLASCalls(_ count: Int) { martlet_thread().pointee.blasCalls += count }

  /// The number of multiply-adds in the calling thread's matrix products and convolutions, including the
  /// parts that other threads computed.
  package static var multiplyAdds: Int { martlet_thread().pointee.multiplyAdds }

  @inline(__always)
  static func countMultiplyAdds(_ count: Int) { martlet_thread().pointee.multiplyAdds &+= count }

  @inlinable @inline(__always)
  package static func countCopy() { martlet_thread().pointee.copies += 1 }
}
