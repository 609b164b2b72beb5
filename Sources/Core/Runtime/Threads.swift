import CRuntime
import Synchronization

/// The number of threads that Martlet computes with, in loops over elements and in matrix products.
///
/// A product of fewer than 2²⁰ multiplications and a loop over fewer than 32,768 elements (16,384 of
/// functions like exp) run on the calling thread alone. Larger ones are split over Martlet's own worker
/// threads, which start at their first use and sleep when idle. OpenBLAS is set to one thread: it computes
/// the pieces of a product and starts no threads of its own. While the workers are busy with one task,
/// another task computes on its own thread alone. The elements of a loop's result do not depend on the split:
/// the bits are the same for any number of threads. The elements of a product may differ in the last place.
///
/// ```swift
/// Threads.count = 4
/// let a = Tensor<Float>.normal([256, 256])
/// let product = Threads.limited(to: 1) { a.matmul(a) }
/// ```
public enum Threads {
  /// The number of threads of the process, at least 1. At the start it is the number of cores that the
  /// process may use, or the number of CPUs that the container's CPU quota allows, rounded up, whichever is
  /// less. `OPENBLAS_NUM_THREADS` overrides both.
  public static var count: Int {
    get { Parallel.setting.load(ordering: .relaxed) }
    set { Parallel.setting.store(max(1, newValue), ordering: .relaxed) }
  }

  /// Runs `body` with at most `count` threads, at least 1. A server with many tasks can call `limited(to: 1)`
  /// in each, so that no task waits for the pieces of another.
  ///
  /// Calls may be nested, and the lowest number counts. The limit applies only to the calling thread: it does
  /// not affect other tasks or ``count``.
  public static func limited<Result, Failure: Error>(
    to count: Int, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let before = martlet_thread().pointee.threadLimit
    martlet_thread().pointee.threadLimit = min(max(1, count), before == 0 ? .max : before)
    defer { martlet_thread().pointee.threadLimit = before }
    return try body()
  }
}
