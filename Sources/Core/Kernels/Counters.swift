import CRuntime

/// What the calling thread has done so far: tests count it where they cannot time it.
struct Counters: Equatable {
  /// Calls of a BLAS product.
  var blasCalls: Int
  /// Tensors copied into row-major order.
  var copies: Int

  static var now: Counters {
    let thread = martlet_thread().pointee
    return Counters(blasCalls: thread.blasCalls, copies: thread.copies)
  }

  @inline(__always)
  static func countBLASCalls(_ count: Int) { martlet_thread().pointee.blasCalls += count }

  /// Multiplications, each with its addition, that the calling thread's products of matrices and convolutions took,
  /// also where other threads shared in.
  static var multiplyAdds: Int { martlet_thread().pointee.multiplyAdds }

  @inline(__always)
  static func countMultiplyAdds(_ count: Int) { martlet_thread().pointee.multiplyAdds &+= count }

  @inline(__always)
  static func countCopy() { martlet_thread().pointee.copies += 1 }
}
