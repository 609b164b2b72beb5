import COpenBLAS
import CRuntime
package import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The split of work over threads.
@usableFromInline
package enum Parallel {
  /// The number of threads. The first use of this variable sets OpenBLAS to one thread.
  package static let setting = Atomic<Int>(takeOverFromBLAS())

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

  /// Splits rows of `elements` each into pieces of at least ``Tuning/leastElements`` in all.
  static func split(rows: Int, of elements: Int, _ body: (Range<Int>) -> Void) {
    split(rows, grain: max(1, Tuning.leastElements / max(1, elements)), body)
  }

  /// Splits products of `multiplications` each into pieces of at least ``Tuning/leastMultiplications`` in all.
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
  /// least ``Tuning/leastMultiplications``.
  static func parts(_ most: Int, of multiplications: Int) -> Int {
    min(threads, most, max(1, multiplications / Tuning.leastMultiplications))
  }

  /// Calls `body` with ranges that cover `0 ..< extent`, each of at least `grain`, on several threads.
  package static func split(_ extent: Int, grain: Int, _ body: (Range<Int>) -> Void) {
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
