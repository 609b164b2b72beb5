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

/// The number of threads that Martlet computes with, in loops over elements and in products of matrices.
///
/// The one policy: a product of fewer than 2²⁰ multiplications and a loop over fewer than 32,768 elements (16,384 of
/// exp and its like) run on the calling thread alone; what is larger is split over Martlet's own workers, which are
/// made when first needed and sleep when there is nothing to do. OpenBLAS is set to one thread: it computes the
/// pieces of a product, and never starts threads beside the workers. While the workers are busy for one task, another
/// computes alone. No element of a loop's result depends on where it is split: the bits are the same for any number
/// of threads. Those of a product may differ in the last place.
public enum Threads {
  /// The number of threads, at least 1; at the start one for each core that the process may run on, or as many as
  /// the container's quota of CPU time is worth, rounded up, if that is less. `OPENBLAS_NUM_THREADS` overrides both. One
  /// setting for the process.
  public static var count: Int {
    get { Parallel.setting.load(ordering: .relaxed) }
    set { Parallel.setting.store(max(1, newValue), ordering: .relaxed) }
  }

  /// Runs `body` with at most `count` threads, at least 1, for what is computed in it: `limited(to: 1)` for each of
  /// a server's many tasks, so that none waits for the others' pieces.
  ///
  /// Scopes nest, and the lowest number counts. The limit is that of the calling thread: other tasks are not
  /// concerned, and ``count`` stays what it is.
  public static func limited<Result, Failure: Error>(
    to count: Int, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let before = martlet_thread().pointee.threadLimit
    martlet_thread().pointee.threadLimit = min(max(1, count), before == 0 ? .max : before)
    defer { martlet_thread().pointee.threadLimit = before }
    return try body()
  }
}

/// Who splits, and above which size.
enum Parallel {
  /// From its first use on, OpenBLAS's threads have nothing to do.
  static let setting = Atomic<Int>(takeOverFromBLAS())

  /// Loops over fewer elements are not split: two threads win less than it costs to meet.
  static let leastElements = 1 << 15
  /// Products of fewer multiplications are not split.
  static let leastMultiplications = 1 << 20

  /// The number of threads that may share what the calling one computes.
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

  /// The number that OpenBLAS chose, which knows the process's cores and not its quota, within the container's limits
  /// unless the user chose it.
  static func startingCount(_ count: Int, isChosen: Bool, _ limits: Container.Limits) -> Int {
    isChosen ? count : min(count, limits.processors ?? count)
  }

  /// Whether one of the variables that OpenBLAS reads names the number of threads.
  private static var isChosen: Bool {
    let variables: [String] = ["OPENBLAS_NUM_THREADS", "GOTO_NUM_THREADS", "OMP_NUM_THREADS"]
    return variables.contains { getenv($0) != nil }
  }

  private struct Job {
    let extent: Int, pieces: Int
    let body: (Int, Range<Int>) -> Void
  }

  /// Splits rows of `elements` each, of which a piece has ``leastElements`` in all.
  static func split(rows: Int, of elements: Int, _ body: (Range<Int>) -> Void) {
    split(rows, grain: max(1, leastElements / max(1, elements)), body)
  }

  /// Splits products of so many multiplications each, of which a piece has ``leastMultiplications`` in all.
  static func split(products: Int, of multiplications: Int, _ body: (Range<Int>) -> Void) {
    split(products, grain: grain(multiplications), body)
  }

  /// The same, with so many bytes of memory for each piece; see ``split(_:grain:scratch:_:)``.
  static func split(
    products: Int, of multiplications: Int, scratch bytes: Int,
    _ body: (Range<Int>, UnsafeMutableRawPointer) -> Void
  ) -> Failure? {
    split(products, grain: grain(multiplications), scratch: bytes, body)
  }

  private static func grain(_ multiplications: Int) -> Int {
    max(1, leastMultiplications / max(1, multiplications))
  }

  /// How many parts a product of so many multiplications is cut into, `most` at the most: each has
  /// ``leastMultiplications``.
  static func parts(_ most: Int, of multiplications: Int) -> Int {
    min(threads, most, max(1, multiplications / leastMultiplications))
  }

  /// Calls `body` with ranges that make up `0 ..< extent`, each of `grain` at least, on several threads.
  static func split(_ extent: Int, grain: Int, _ body: (Range<Int>) -> Void) {
    let pieces = min(threads, extent / grain)
    if pieces <= 1 { return body(0..<extent) }
    run(pieces, of: extent) { _, range in body(range) }
  }

  /// The same, with so many bytes of memory for each piece, taken before the first begins: where there is no room,
  /// nothing runs, and the failure is the calling thread's.
  static func split(
    _ extent: Int, grain: Int, scratch bytes: Int, _ body: (Range<Int>, UnsafeMutableRawPointer) -> Void
  ) -> Failure? {
    let pieces = max(1, min(threads, extent / grain)), size = (bytes + 63) / 64 * 64
    let memory = Tensor<UInt8>(uninitialized: [pieces, size])
    if let failure = memory.failure { return failure }
    withExtendedLifetime(memory) {
      let start = memory.address
      if pieces == 1 { return body(0..<extent, start) }
      run(pieces, of: extent) { piece, range in body(range, start + piece * size) }
    }
    return nil
  }

  /// Calls `body` with the number and the range of each piece, on several threads.
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
