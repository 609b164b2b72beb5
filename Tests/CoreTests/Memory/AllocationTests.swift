import CAllocations
import Martlet
import Testing

@testable import MartletCore

/// What the operations and a training step ask the system's allocator for. Counts of optimised code: a debug build
/// boxes and copies as it likes.
@Suite(.enabled(if: martlet_allocations() >= 0)) struct AllocationTests {
  /// Allocations of one call among many, after the first ones have filled the caches.
  private func allocations(_ body: () -> Void) -> Double {
    for _ in 0..<20 { body() }
    let before = martlet_allocations()
    for _ in 0..<100 { body() }
    return Double(martlet_allocations() - before) / 100
  }

  private let a = Tensor<Float>.ones([4], requiresGrad: true), b = Tensor<Float>.ones([4])

  @Test func aShapeNeedsNone() {
    let shape = Tensor<Float>.ones([2, 3, 4]).shape
    var sum = 0
    let count = allocations {
      var other = shape
      if other == shape, other.elementCount == 24 { other = b.shape }
      sum += other[0] + other[-1] + shape[1]
    }
    #expect(count == 0 && sum > 0)
  }

  #if !DEBUG
    @Test func anOperationNeedsItsTensorAndItsNode() {
      #expect(allocations { _ = b * b } == 1, "the tensor: its memory is the pool's")
      #expect(allocations { _ = a * b } == 2, "the tensor and its node")
      #expect(allocations { _ = a.tanh() } == 2)
      #expect(allocations { _ = a[0] } == 3, "and what its rule captures: the place")
      #expect(allocations { _ = b[0] } == 1)
    }

    @Test func aTrainingStepTakesNoMemoryForElements() {
      let model = Sequential {
        Linear(64, 128)
        ReLU()
        Linear(128, 10)
      }
      let optimizer = Adam(model.parameters)
      let x = Tensor<Float>.normal([64, 64]), labels = Tensor<Int>.integers([64], in: 0..<10)
      let step = {
        model(x).crossEntropy(labels).backward()
        optimizer.step()
      }
      let count = allocations(step)
      let blocks = StoragePool.systemAllocations, used = StoragePool.bytesInUse
      for _ in 0..<10 { step() }
      #expect(StoragePool.systemAllocations == blocks && StoragePool.bytesInUse == used)
      #expect(count == count.rounded() && count < 100, "\(count) objects a step, the same in each")
    }
  #endif
}
