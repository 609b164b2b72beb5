import Martlet
import TestSupport
import Testing

/// Memory over many steps of training.
@Suite struct TrainingMemoryTests {
  #if os(Linux)
    @Test func tenThousandStepsHoldNoMoreThanAHundred() async {
      await #expect(processExitsWith: .success) {
        let model = Sequential {
          Linear(16, 32)
          Tanh()
          Linear(32, 4)
        }
        let optimizer = Adam(model.parameters)
        let x = Tensor<Float>.normal([8, 16]), labels = Tensor<Int>([0, 1, 2, 3, 0, 1, 2, 3])
        var inUse = 0, resident = 0
        for step in 1...10_000 {
          model(x).crossEntropy(labels).backward()
          optimizer.step()
          if step == 100 {
            inUse = StoragePool.bytesInUse
            resident = ResidentMemory.bytes
          }
        }
        #expect(inUse > 0 && StoragePool.bytesInUse == inUse)
        #expect(resident > 0)
        #expect(ResidentMemory.bytes - resident < 1 << 20 || !ResidentMemory.fallsWhenFreed)
      }
    }
  #endif
}
