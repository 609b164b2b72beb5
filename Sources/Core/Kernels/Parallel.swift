import COpenBLAS
import CRuntime
import Dispatch
import Synchronization

/// How many threads Martlet computes with, in loops over elements and in BLAS.
///
/// The one policy: a product of matrices of fewer than 2·200³ operations and a loop over fewer than 131,072
/// elements (65,536 of exp and its like) run on the calling thread alone; larger products are left to OpenBLAS's
/// threads, larger loops are split. No element of a loop's result depends on where it is split: the bits are the
/// same for any number.
public enum Threads {
  /// The number of threads, at least 1; the number that OpenBLAS chose at the start (one for each core, or
  /// `OPENBLAS_NUM_THREADS`). One setting for the process.
  public static var count: Int {
    get { Parallel.threads.load(ordering: .relaxed) }
    set {
      let count = max(1, newValue)
      Parallel.threads.store(count, ordering: .relaxed)
      Parallel.setBLASThreads(count)
    }
  }

  /// The number of threads that OpenBLAS is set to at this moment.
  public static var blasCount: Int { Int(openblas_get_num_threads()) }
}

/// Who splits, and above which size.
enum Parallel {
  static let threads = Atomic<Int>(Int(openblas_get_num_threads()))
  private static let blasThreads = Atomic<Int>(Int(openblas_get_num_threads()))

  /// Loops over fewer elements are not split: waking a thread costs more.
  static let leastElements = 1 << 17
  /// Products with fewer multiplications run on one thread: two lose below n = 200.
  private static let leastMultiplications = 200 * 200 * 200

  static var isSerial: Bool { threads.load(ordering: .relaxed) == 1 }

  /// Sets OpenBLAS's threads for a product of `multiplications`. The number is one for the process and costs
  /// time to set, so it is set when it differs.
  @inline(__always)
  static func prepareProduct(_ multiplications: Int) {
    let wanted = multiplications < leastMultiplications ? 1 : threads.load(ordering: .relaxed)
    if blasThreads.load(ordering: .relaxed) != wanted { setBLASThreads(wanted) }
  }

  @inline(never)
  static func setBLASThreads(_ count: Int) {
    openblas_set_num_threads(Int32(clamping: count))
    blasThreads.store(count, ordering: .relaxed)
  }

  /// Calls `body` with ranges that make up `0 ..< extent`, each of `grain` at least, on several threads.
  static func split(_ extent: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    let pieces = min(threads.load(ordering: .relaxed), max(1, extent / grain))
    if pieces == 1 { return body(0..<extent) }
    // The pieces are disjoint, and all are done when this returns.
    nonisolated(unsafe) let body = body
    DispatchQueue.concurrentPerform(iterations: pieces) { piece in
      body(extent * piece / pieces..<extent * (piece + 1) / pieces)
    }
  }
}
