import Foundation
import TestSupport
import Testing

@testable import MartletCore

/// Tensors on several threads: one thread may free a block that another thread took.
@Suite struct PoolThreadTests {
  /// A value that one thread leaves for a later thread.
  final class Handover: @unchecked Sendable {
    var tensors: [Tensor<Float>] = []
    var bytes = 0
  }

  @Test func blocksAreFreedOnAnotherThread() async {
    await #expect(processExitsWith: .success) {
      let before = StoragePool.bytesInUse
      let handover = Handover()
      for _ in 0..<20 {
        onThread { handover.tensors = (0..<100).map { Tensor<Float>.zeros([$0 * 40]) } }
        #expect(StoragePool.bytesInUse - before > 100 * 50 * 40 * 4 * 9 / 10)
        onThread { handover.tensors = [] }
        #expect(StoragePool.bytesInUse == before)
      }
    }
  }

  /// A reference that is lost keeps the block for ever; one too few gives it back while it is used.
  @Test func referencesOfSeveralThreadsAreCounted() async {
    await #expect(processExitsWith: .success) {
      let before = StoragePool.bytesInUse
      do {
        nonisolated(unsafe) let shared = Tensor<Float>.ones([1000])
        _ = simultaneously(4) { _ in
          for _ in 0..<600_000 { precondition(shared.detached().count == 1000) }
        }
        #expect(StoragePool.bytesInUse > before)
      }
      #expect(StoragePool.bytesInUse == before)
    }
  }

  @Test func whatOneThreadMadeAnotherUsesAgain() async {
    await #expect(processExitsWith: .success) {
      let handover = Handover()
      func round() {
        onThread { handover.tensors = (0..<100).map { Tensor<Float>.zeros([$0 * 40]) } }
        onThread { handover.tensors = [] }
      }
      round()
      let allocations = StoragePool.systemAllocations
      for _ in 0..<50 { round() }
      #expect(StoragePool.systemAllocations == allocations)
    }
  }

  @Test func aThreadThatEndsGivesBackItsCache() async {
    await #expect(processExitsWith: .success) {
      StoragePool.empty()
      let cached = Handover()
      onThread {
        do { _ = (0..<100).map { _ in Tensor<Float>.zeros([1000]) } }
        cached.bytes = StoragePool.cachedBytes
      }
      #expect(cached.bytes >= 100 * 4096, "kept by the thread")
      #expect(StoragePool.cachedBytes >= 100 * 4096, "and then by all")
      let allocations = StoragePool.systemAllocations
      let tensors = (0..<100).map { _ in Tensor<Float>.zeros([1000]) }
      #expect(StoragePool.systemAllocations == allocations)
      withExtendedLifetime(tensors) {}
      StoragePool.empty()
    }
  }

  @Test func inUseCountsEveryThread() async {
    await #expect(processExitsWith: .success) {
      let before = StoragePool.bytesInUse
      let handover = Handover()
      onThread { handover.tensors = [.zeros([16])] }
      #expect(StoragePool.bytesInUse - before == 64, "less than a thread tells at once")
      handover.tensors = []
      #expect(StoragePool.bytesInUse == before)
    }
  }

  @Test func manyThreadsAtOnce() async {
    await #expect(processExitsWith: .success) {
      let before = StoragePool.bytesInUse
      DispatchQueue.concurrentPerform(iterations: 16) { i in
        for step in 0..<500 {
          let x = Tensor<Float>.full([1 + (i * 131 + step * 17) % 3000], Float(i), requiresGrad: true)
          (x * x).sum().backward()
          #expect(x.grad?.scalars.allSatisfy { $0 == Float(2 * i) } == true)
        }
      }
      #expect(StoragePool.bytesInUse == before)
    }
  }
}
