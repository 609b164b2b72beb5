import COpenBLAS
import CRuntime
import Testing

@testable import MartletCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The number of threads is set for the whole process, so these tests run in processes of their own.
@Suite struct ThreadsTests {
  @Test func anyNumberMayBeAskedFor() async {
    await #expect(processExitsWith: .success) {
      for count in [-1, 0, 1, 3, Int.max] {
        Threads.count = count
        #expect(Threads.count == max(count, 1))
        let square = Tensor<Float>.ones([201, 201])
        #expect((square.matmul(square) .== 201).all())
      }
    }
  }

  /// Loops over elements and reductions have the same bits for any number of threads.
  @Test func loopsDoNotDependOnThreads() async {
    await #expect(processExitsWith: .success) {
      var random = RandomGenerator(seed: 5)
      let x: Tensor<Float> = random.normal([700, 601]), row: Tensor<Float> = random.normal([601])
      func results() -> [[Float]] {
        [
          x.exp(), x * row, x.transposed() + 1, x.sum(), x.sum(axis: 0), x.sum(axis: 1),
          x.transposed().mean(axis: 1),
          x.softmax(axis: 1), x.softmax(axis: 0), x[.stride(by: -1)].cloned(), x.variance(axis: 1),
          x.max(axis: 0),
        ].map(\.scalars)
      }
      Threads.count = 1
      let one = results()
      for count in [2, 3, 4, 7] {
        Threads.count = count
        precondition(results() == one, "\(count) threads")
      }
    }
  }

  /// Only Martlet splits products into pieces; OpenBLAS starts no threads.
  @Test func openBLASStartsNoThreads() async {
    await #expect(processExitsWith: .success) {
      let square = Tensor<Float>.ones([300, 300])
      for count in [1, 2, 5] {
        Threads.count = count
        #expect((square.matmul(square) .== 300).all())
        #expect(openblas_get_num_threads() == 1)
      }
    }
  }

  @Test func splitsIntoAsManyPiecesAsThreads() async {
    await #expect(processExitsWith: .success) {
      Threads.count = 4
      #expect(pieces(100, grain: 1) == [0..<25, 25..<50, 50..<75, 75..<100])
      #expect(pieces(100, grain: 40) == [0..<50, 50..<100])
      #expect(pieces(3, grain: 1) == [0..<1, 1..<2, 2..<3])
      #expect(pieces(100, grain: 51) == [0..<100] && pieces(0, grain: 1) == [0..<0])
    }
  }
}

/// A scope lowers the number of threads for the work of its own thread.
@Suite struct ThreadLimitTests {
  struct Stop: Error {}

  @Test func scopesNestAndEnd() async {
    await #expect(processExitsWith: .success) {
      Threads.count = 4
      func used() -> Int { pieces(100, grain: 1).count }
      Threads.limited(to: 3) {
        #expect(used() == 3)
        Threads.limited(to: 9) { #expect(used() == 3, "an inner scope raises nothing") }
        Threads.limited(to: 1) {
          #expect(used() == 1)
          Threads.count = 2
        }
        #expect(used() == 2 && Threads.count == 2)
        Threads.count = 4
        #expect(used() == 3)
        #expect(throws: Stop.self) { try Threads.limited(to: 2) { throw Stop() } }
        #expect(used() == 3, "a scope that throws ends too")
      }
      Threads.limited(to: 0) { #expect(used() == 1, "at least one") }
      #expect(used() == 4)
    }
  }

  @Test func aLimitOfOneStaysOnItsThread() async {
    await #expect(processExitsWith: .success) {
      Threads.count = 3
      let own = pthread_self()
      Threads.limited(to: 1) {
        Parallel.split(1000, grain: 1) { #expect($0 == 0..<1000 && pthread_self() == own) }
        onThread { #expect(pieces(100, grain: 1).count == 3, "another thread is not concerned") }
      }
    }
  }

  /// Many tasks of a server train a net each at the same time. Each loss falls as it does alone.
  @Test func manyTasksAtOnce() async {
    @Sendable func losses(_ seed: UInt64) -> [Float] {
      var random = RandomGenerator(seed: seed)
      let x: Tensor<Float> = random.normal([300, 128]), w: Tensor<Float> = random.normal([128, 128])
      w.requiresGrad = true
      return (0..<5).map { _ in
        let error = x.matmul(w).tanh() - x, loss = (error * error).mean()
        loss.backward()
        noGrad { w.add(w.grad!, scaledBy: -1) }
        w.zeroGrad()
        return loss.item
      }
    }
    let tasks = 24
    let together = await withTaskGroup(of: (Int, [Float]).self) { group in
      for i in 0..<tasks {
        group.addTask { (i, Threads.limited(to: 1 + i % 3) { losses(UInt64(i)) }) }
      }
      return await group.reduce(into: [[Float]](repeating: [], count: tasks)) { $0[$1.0] = $1.1 }
    }
    for i in 0..<tasks {
      let alone = losses(UInt64(i))
      #expect(zip(together[i], alone).allSatisfy { abs($0 - $1) <= 1e-4 * $1 }, "task \(i)")
      #expect(alone.last! < alone[0])
    }
  }
}

/// The workers belong to the process: other tests use them at the same time.
@Suite struct WorkerTests {
  @Test func everyPieceRunsOnce() {
    for count in Array(0...9) + [64, 1000] {
      let runs = Counts(max(count, 1))
      run(count) { runs.add($0) }
      #expect(runs.values == Array(repeating: count == 0 ? 0 : 1, count: max(count, 1)))
    }
  }

  /// The cases have workers asleep and awake, and a caller that waits for a piece until it sleeps.
  @Test func anyPauseAndAnyLength() {
    for pause: UInt32 in [0, 10, 90, 300, 2000] {
      for length: UInt32 in [0, 50, 300, 2000] {
        let runs = Counts(3)
        run(3) { piece in
          usleep(piece == 2 ? length : length / 10)
          runs.add(piece)
        }
        #expect(runs.values == [1, 1, 1])
        usleep(pause)
      }
    }
  }

  @Test func whatAPieceSplitsRunsOnItsThread() {
    let inner = Counts(12)
    run(3) { piece in
      let outer = pthread_self()
      run(4) { part in
        #expect(pthread_self() == outer)
        inner.add(4 * piece + part)
      }
    }
    #expect(inner.values == Array(repeating: 1, count: 12))
  }

  @Test func severalCallersAtOnce() async {
    let total = await withTaskGroup(of: Int.self) { group in
      for caller in 0..<16 {
        group.addTask {
          (0..<300).reduce(0) { sum, job in
            let runs = Counts(4)
            run(4) { runs.add($0, caller + job) }
            return sum + runs.values.reduce(0, +)
          }
        }
      }
      return await group.reduce(0, +)
    }
    #expect(total == (0..<16).reduce(0) { $0 + 4 * (300 * $1 + 300 * 299 / 2) })
  }

  /// After a fork the workers exist only in the parent. (The thread sanitizer allows no threads after a
  /// fork.)
  @Test(.enabled(if: dlsym(UnsafeMutableRawPointer(bitPattern: 0), "__tsan_init") == nil))
  func aForkedProcessHiresItsOwn() async {
    await #expect(processExitsWith: .success) {
      run(4) { _ in }
      let fork = unsafeBitCast(
        dlsym(UnsafeMutableRawPointer(bitPattern: 0), "fork"), to: (@convention(c) () -> pid_t).self)
      let child = fork()
      if child == 0 {
        let runs = Counts(4)
        for _ in 0..<10 { run(4) { runs.add($0) } }
        _exit(runs.values == [10, 10, 10, 10] ? 0 : 1)
      }
      var status: Int32 = -1
      waitpid(child, &status, 0)
      #expect(status == 0)
    }
  }
}

/// The pieces into which `Parallel.split` divides an extent.
private func pieces(_ extent: Int, grain: Int) -> [Range<Int>] {
  let ends = Counts(max(extent, 1))
  Parallel.split(extent, grain: grain) { ends.add($0.lowerBound, $0.upperBound) }
  return ends.values.enumerated().filter { $0.element > 0 || extent == 0 }.map { $0.offset..<$0.element }
}

/// Runs `body` for every piece on the workers.
private func run(_ pieces: Int, _ body: (Int) -> Void) {
  withoutActuallyEscaping(body) { body in
    var body = body
    withUnsafeMutablePointer(to: &body) {
      martlet_run_pieces(pieces, { $0.assumingMemoryBound(to: ((Int) -> Void).self).pointee($1) }, $0)
    }
  }
}

/// Numbers that pieces change without a lock, each piece its own. The thread sanitizer detects conflicts.
private final class Counts: @unchecked Sendable {
  private let numbers: UnsafeMutableBufferPointer<Int>

  init(_ count: Int) {
    numbers = .allocate(capacity: count)
    numbers.initialize(repeating: 0)
  }

  deinit { numbers.deallocate() }

  var values: [Int] { Array(numbers) }
  func add(_ place: Int, _ number: Int = 1) { numbers[place] += number }
}
