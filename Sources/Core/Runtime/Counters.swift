import CRuntime

/// Counters of the calling thread's work. Tests read them instead of measuring time.
struct Counters: Equatable {
  /// The number of BLAS products.
  var blasCalls: Int
  /// The number of tensors copied into row-major order.
  var copies: Int

  static var now: Counters {
    let thread = martlet_thread().pointee
    return Counters(blasCalls: thread.blasCalls, copies: thread.copies)
  }

  @inline(__always)
  static func countBLASCalls(_ count: Int) { martlet_thread().pointee.blasCalls += count }

  /// The number of multiply-adds in the calling thread's matrix products and convolutions, including the
  /// parts that other threads computed.
  static var multiplyAdds: Int { martlet_thread().pointee.multiplyAdds }

  @inline(__always)
  static func countMultiplyAdds(_ count: Int) { martlet_thread().pointee.multiplyAdds &+= count }

  @inline(__always)
  static func countCopy() { martlet_thread().pointee.copies += 1 }
}
