import Foundation
import TestSupport
import Testing

@testable import MartletCore

/// The memory pool of tensors. Its figures count for the whole process, so each test runs in a process of its own.
@Suite struct PoolTests {
  @Test func bytesInUseFollowTensors() async {
    await #expect(processExitsWith: .success) {
      let before = StoragePool.bytesInUse
      var tensors = (0..<10).map { _ in Tensor<Float>.zeros([1000]) }
      #expect(StoragePool.bytesInUse - before == 10 * 4096, "4000 bytes in a block of 4096")
      let view = tensors[0][0..<2]
      tensors = []
      #expect(StoragePool.bytesInUse - before == 4096, "a view holds the whole")
      withExtendedLifetime(view) {}
    }
  }

  @Test func nothingIsLeftInUse() async {
    await #expect(processExitsWith: .success) {
      let before = StoragePool.bytesInUse
      do {
        let x = Tensor<Float>.normal([64, 64], requiresGrad: true)
        x.matmul(x.transposed()).relu().sum().backward()
        #expect(StoragePool.bytesInUse > before)
      }
      #expect(StoragePool.bytesInUse == before)
    }
  }

  @Test func thePeakIsKeptUntilReset() async {
    await #expect(processExitsWith: .success) {
      let megabytes = 40 << 20
      let before = StoragePool.bytesInUse
      _ = Tensor<UInt8>.zeros([megabytes])
      #expect(StoragePool.bytesInUse == before)
      #expect(StoragePool.peakBytes >= before + megabytes)
      #expect(StoragePool.peakBytes <= before + megabytes + 1 << 16)
      StoragePool.resetPeak()
      #expect(StoragePool.peakBytes <= before + 1 << 16)
    }
  }

  @Test(arguments: [100, 1 << 20]) func aBlockIsUsedAgain(_ count: Int) async {
    await #expect(processExitsWith: .success) { [count = count as Int] in
      _ = Tensor<Float>.zeros([count])
      let allocations = StoragePool.systemAllocations
      for _ in 0..<1000 { _ = Tensor<Float>.zeros([count]) }
      #expect(StoragePool.systemAllocations == allocations)
    }
  }

  @Test func whatIsFreedIsCachedAndEmptied() async {
    await #expect(processExitsWith: .success) {
      let small = Tensor<UInt8>.zeros([64]).count, large = 1 << 24
      StoragePool.empty()
      #expect(StoragePool.cachedBytes == 0)
      do {
        let tensors = (Tensor<UInt8>.zeros([small]), Tensor<UInt8>.zeros([large]))
        #expect(StoragePool.cachedBytes < 1 << 16)
        withExtendedLifetime(tensors) {}
      }
      #expect(StoragePool.cachedBytes >= small + large)
      let allocations = StoragePool.systemAllocations
      StoragePool.empty()
      #expect(StoragePool.cachedBytes == 0)
      _ = Tensor<UInt8>.zeros([large])
      #expect(StoragePool.systemAllocations > allocations, "from the system again")
    }
  }

  #if os(Linux)
    @Test func emptyingReturnsMemoryToTheSystem() async {
      await #expect(processExitsWith: .success) {
        _ = Tensor<UInt8>.zeros([1 << 28])
        let cached = ResidentMemory.bytes
        StoragePool.empty()
        #expect(cached - ResidentMemory.bytes > 200 << 20)
      }
    }
  #endif

  @Test func theCacheIsBounded() async {
    await #expect(processExitsWith: .success) {
      StoragePool.empty()
      // Half a block more than three: what else the process keeps takes a little of it.
      StoragePool.cacheLimit = 7 << 19
      #expect(StoragePool.cacheLimit == 7 << 19)
      do { _ = (0..<8).map { _ in Tensor<UInt8>.zeros([1 << 20]) } }
      #expect(StoragePool.cachedBytes >= 3 << 20 && StoragePool.cachedBytes < 4 << 20)
      StoragePool.cacheLimit = 0
      do { _ = (0..<8).map { _ in Tensor<UInt8>.zeros([1 << 20]) } }
      #expect(StoragePool.cachedBytes < 1 << 20, "a lower limit frees what is beyond it")
      StoragePool.cacheLimit = -5
      #expect(StoragePool.cacheLimit == 0)
    }
  }

  @Test func smallBlocksOfAThreadAreBoundedToo() async {
    await #expect(processExitsWith: .success) {
      StoragePool.empty()
      StoragePool.cacheLimit = 0
      do { _ = (0..<20_000).map { _ in Tensor<UInt8>.zeros([1024]) } }
      #expect(StoragePool.cachedBytes <= 4 << 20, "20 MiB were freed")
      #expect(StoragePool.cachedBytes > 3 << 20)
    }
  }

  // MARK: Sizes beyond reason

  @Test(arguments: [
    [1 << 40], [1 << 31, 1 << 20], [1 << 62], [1 << 32, 1 << 32], [Int.max], [Int.max, Int.max],
    [3, Int.max / 2],
  ]) func absurdSizesAreRefused(_ extents: [Int]) async {
    await #expect(processExitsWith: .success) { [extents = extents as [Int]] in
      let shape = TensorShape(extents)
      let before = StoragePool.bytesInUse
      let error = refusal { #expect(Tensor<Float>.zeros(shape).isFailed) }
      #expect(error?.reason.contains("\(extents)") == true, "\(error as Any)")
      #expect(refusal { _ = Tensor<Double>.normal(shape) } != nil)
      #expect(refusal { _ = Tensor<Float>([1], shape: shape) } != nil)
      #expect(StoragePool.bytesInUse == before)
      #expect(StoragePool.peakBytes < 1 << 20, "what was refused was never in use")
    }
  }

  @Test func absurdResultsAreRefused() async {
    await #expect(processExitsWith: .success) {
      let wide = Tensor<Float>([1]).broadcast(to: [1 << 40])
      #expect(wide.count == 1 << 40, "a view takes no memory")
      #expect(refusal { _ = wide + 1 }?.operation == "memory")
      #expect(refusal { _ = wide.exp() }?.operation == "memory")
      #expect(refusal { _ = Tensor.stacked([wide, wide]) }?.operation == "memory")
      #expect(refusal { _ = Tensor<Float>([1]).broadcast(to: [1 << 62, 4]) }?.operation == "broadcast")
      let column = Tensor<Float>.ones([1 << 20, 1]), row = Tensor<Float>.ones([1, 1 << 20])
      #expect(refusal { _ = column.matmul(row) }?.operation == "memory")
      #expect(refusal { _ = column * row }?.operation == "memory")
    }
  }

  @Test func emptyTensorsOfAbsurdShapesAreFine() {
    let empty = Tensor<Float>.zeros([0, 1 << 40])
    #expect(empty.count == 0 && empty.shape == [0, 1 << 40])
    #expect(empty.sum().item == 0)
  }

  // MARK: Shapes

  @Test func aShapeHoldsNoReference() {
    #expect(_isPOD(TensorShape.self), "so it can own nothing on the heap")
    #expect(MemoryLayout<TensorShape>.size == 9 * MemoryLayout<Int>.size)
  }
}
