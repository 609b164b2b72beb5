#if os(Linux)
  import CProcess
  import Foundation
  import Testing

  @testable import MartletCore

  /// Called before `main` by a constructor in C.
  @_cdecl("martlet_compute")
  public func computedBeforeMain() -> Float {
    let square = Tensor<Float>.ones([4, 4])
    return (square * square + 1).sum().item
  }

  /// The library in a process that forks, has little memory, or computes before `main`.
  @Suite struct ProcessTests {
    // MARK: Before main

    @Test func loopsAreThereBeforeMain() {
      #expect(martlet_sum_before_main() == 6)
      #expect(martlet_swift_before_main() == 16 * 2)
    }

    // MARK: Forks

    /// Runs everything that waits for another thread or takes a lock: large and small blocks, random numbers,
    /// loops that are split, products, LAPACK's workspace, and an error with its line. Returns 0, or the
    /// number of the step that failed.
    static func childWork() -> Int32 {
      let x = Tensor<Float>.normal([300, 300]), ones = Tensor<Float>.ones([300, 300])
      if !(x.sum().item.isFinite) { return 1 }
      if !(ones.matmul(ones) .== 300).all() { return 2 }
      for count in 0..<100 where Tensor<Float>.ones([count * 10]).sum().item != Float(count * 10) { return 3 }
      let values = try? Tensor<Double>.ones([40]).diagonalMatrix().eigh().values.scalars
      guard let values, values.allSatisfy({ abs($0 - 1) < 1e-9 }) else { return 4 }
      do {
        _ = try catchingTensorErrors { Tensor<Float>.ones([2]) + Tensor<Float>.ones([3]) }
        return 5
      } catch let error as TensorError {
        return error.location?.hasPrefix("ProcessTests.swift:") == true && "\(error)".hasPrefix("+") ? 0 : 6
      } catch { return 7 }
    }

    /// Keeps three threads busy with memory, random numbers and products while children are forked.
    @Test(arguments: [1, 4]) func childrenOfABusyProcessGoOn(_ threads: Int) async {
      await #expect(processExitsWith: .success) { [threads = threads as Int] in
        Threads.count = threads
        precondition(ProcessTests.childWork() == 0)
        for i in 0..<3 {
          Thread.detachNewThread {
            while true {
              _ = Tensor<Float>.ones([20_000 + 5_000 * i]).sum()
              _ = Tensor<Float>.normal([100])
              _ = Tensor<Float>.ones([64, 64]).matmul(.ones([64, 64]))
              _ = try? catchingTensorErrors { (Tensor<Float>.ones([2]) + Tensor<Float>.ones([3])).sum().item }
            }
          }
        }
        for i in 0..<30 {
          let outcome = martlet_in_child({ ProcessTests.childWork() }, 20)
          precondition(outcome == 0, "child \(i): \(outcome)")
          precondition(i % 10 != 0 || ProcessTests.childWork() == 0)
        }
        // The threads run until the end of the process.
        _exit(0)
      }
    }

    @Test func aChildCountsTheMemoryOfItsParent() async {
      await #expect(processExitsWith: .success) {
        let kept = Tensor<Float>.ones([100_000])
        let thread = Thread {
          let mine = Tensor<Float>.ones([100_000])
          withExtendedLifetime(mine) { while true { sleep(1) } }
        }
        thread.start()
        while StoragePool.bytesInUse < 800_000 { usleep(1000) }
        let outcome = martlet_in_child(
          {
            let before = StoragePool.bytesInUse
            do { _ = (0..<10).map { _ in Tensor<Float>.ones([1000]) } }
            onThread { _ = (0..<10).map { _ in Tensor<Float>.ones([1000]) } }
            return before >= 800_000 && StoragePool.bytesInUse == before ? 0 : 1
          }, 20)
        precondition(outcome == 0)
        withExtendedLifetime(kept) {}
      }
    }

    // MARK: Little memory

    /// 320 MB are kept in one block, in many, or in many of a thread's list, and the system has only 100 MB
    /// more. The C library need not give small blocks back to the system, but it can cut others out of them.
    @Test(arguments: [80_000_000, 1_000_000, 8_000]) func keptMemoryIsGivenBackWhenTheSystemRefuses(
      _ count: Int
    ) async {
      await #expect(processExitsWith: .success) { [count = count as Int] in
        let total = 80_000_000
        do { _ = (0..<total / count).map { _ in Tensor<Float>(uninitialized: [count]) } }
        precondition(StoragePool.cachedBytes >= 4 * total * 9 / 10)
        precondition(martlet_leave_addresses(100 << 20) == 0)
        let other = count < 1_000_000 ? count / 2 : 50_000_000
        let blocks = try? catchingTensorErrors {
          (0..<50_000_000 / other).map { _ in Tensor<Float>(uninitialized: [other]) }.reduce(0) {
            $0 + $1.count
          }
        }
        precondition(blocks == 50_000_000)
        let tooLarge = try? catchingTensorErrors { Tensor<Float>.zeros([200_000_000]).count }
        precondition(tooLarge == nil)
      }
    }

    @Test func aProductWithoutBuffersIsAnError() async throws {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let square = Tensor<Float>.ones([512, 512])
        precondition(martlet_leave_addresses(100 << 20) == 0)
        martlet_end_after(60)
        _ = square.matmul(square)
      }
      let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
      #expect(message.contains("matrix product: the system granted 0 of the"), "\(message)")
    }

    /// After the first product every thread has its buffer, so later products do not depend on free memory.
    @Test func laterProductsNeedNoMoreBuffers() async {
      await #expect(processExitsWith: .success) {
        Threads.count = 4
        let square = Tensor<Float>.ones([512, 512])
        _ = Tensor<Float>.ones([64, 64]).matmul(.ones([64, 64]))
        _ = try! Tensor<Double>.ones([40]).diagonalMatrix().eigh()
        _ = square + square
        precondition(martlet_leave_addresses(64 << 20) == 0)
        martlet_end_after(60)
        for _ in 0..<20 { precondition((square.matmul(square) .== 512).all()) }
      }
    }
  }
#endif
