import COpenBLAS
import CRuntime
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

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

/// The rules for splitting work over threads, and the least sizes that are split.
enum Parallel {
  /// The number of threads. The first use of this variable sets OpenBLAS to one thread.
  static let setting = Atomic<Int>(takeOverFromBLAS())

  /// The number of threads that the calling thread may use, including itself.
  static var threads: Int {
    let limit = martlet_thread().pointee.threadLimit
    return limit == 0 ? setting.load(ordering: .relaxed) : min(limit, setting.load(ordering: .relaxed))
  }

  static var isSerial: Bool { threads == 1 }

  private static func takeOverFromBLAS() -> Int {
    let count = Int(openblas_get_num_threads())
    openblas_set_num_threads(1)
    return startingCount(count, isChosen: isChosen, Container.own)
  }

  /// Returns the number of threads at the start. OpenBLAS's number depends on the process's cores but not on
  /// its quota, so the container's limit applies too, unless the user chose the number.
  static func startingCount(_ count: Int, isChosen: Bool, _ limits: Container.Limits) -> Int {
    isChosen ? count : min(count, limits.processors ?? count)
  }

  /// True if one of the variables that OpenBLAS reads sets the number of threads.
  private static var isChosen: Bool {
    let variables: [String] = ["OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"]
    return variables.contains { getenv($0) != nil }
  }

  private struct Job {
    let extent: Int, pieces: Int
    let body: (Int, Range<Int>) -> Void
  }

  /// Splits rows of `elements` each into pieces of at least ``leastElements`` in all.
  static func split(rows: Int, of elements: Int, _ body: (Range<Int>) -> Void) {
    split(rows, grain: max(1, Tuning.leastElements / max(1, elements)), body)
  }

  /// Splits products of `multiplications` each into pieces of at least ``leastMultiplications`` in all.
  static func split(products: Int, of multiplications: Int, _ body: (Range<Int>) -> Void) {
    split(products, grain: grain(multiplications), body)
  }

  /// Splits products in the same way, with `bytes` of scratch memory for each piece; see
  /// ``split(_:grain:scratch:_:)``.
  static func split(
    products: Int, of multiplications: Int, scratch bytes: Int,
    _ body: (Range<Int>, UnsafeMutableRawPointer) -> Void
  ) throws(OutOfMemory) {
    try split(products, grain: grain(multiplications), scratch: bytes, body)
  }

  private static func grain(_ multiplications: Int) -> Int {
    max(1, Tuning.leastMultiplications / max(1, multiplications))
  }

  /// Returns the number of parts for a product of `multiplications`: at most `most`, and each part has at
  /// least ``leastMultiplications``.
  static func parts(_ most: Int, of multiplications: Int) -> Int {
    min(threads, most, max(1, multiplications / Tuning.leastMultiplications))
  }

  /// Calls `body` with ranges that cover `0 ..< extent`, each of at least `grain`, on several threads.
  static func split(_ extent: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    let pieces = min(threads, extent / grain)
    if pieces <= 1 { return body(0..<extent) }
    run(pieces, of: extent) { _, range in body(range) }
  }

  /// Splits a range in the same way, with `bytes` of scratch memory for each piece. The memory is allocated
  /// before the first piece begins. If that fails, `body` does not run.
  static func split(
    _ extent: Int, grain: Int, scratch bytes: Int, _ body: (Range<Int>, UnsafeMutableRawPointer) -> Void
  ) throws(OutOfMemory) {
    let pieces = max(1, min(threads, extent / grain)), size = bytes.plus(63) / 64 * 64
    let scratch = try Scratch(bytes: pieces.times(size)), start = scratch.address
    if pieces == 1 {
      body(0..<extent, start)
    } else {
      run(pieces, of: extent) { piece, range in body(range, start + piece * size) }
    }
    // The memory must outlive the pieces.
    extendLifetime(scratch)
  }

  /// Calls `body` with the index and the range of each piece, on several threads.
  private static func run(_ pieces: Int, of extent: Int, _ body: (Int, Range<Int>) -> Void) {
    withoutActuallyEscaping(body) { body in
      var job = Job(extent: extent, pieces: pieces, body: body)
      withUnsafeMutablePointer(to: &job) { job in
        martlet_run_pieces(
          pieces,
          { job, piece in
            let job = job.assumingMemoryBound(to: Job.self)
            let extent = job.pointee.extent, pieces = job.pointee.pieces
            job.pointee.body(piece, extent * piece / pieces..<extent * (piece + 1) / pieces)
          }, job)
      }
    }
  }
}
