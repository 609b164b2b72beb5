import Martlet
import TestSupport
import Testing

@testable import MartletCore

/// The memory over many steps of training.
@Suite struct TrainingMemoryTests {
  /// The counters are the whole process's, so each test runs in a process of its own.
  @Test(arguments: [
    "SGD", "momentum", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax", "NAdam", "RAdam", "Lion",
  ])
  func aStepTakesNoBlockFromTheSystem(_ name: String) async {
    await #expect(processExitsWith: .success) { [name = name as String] in
      let model = Sequential {
        Linear(64, 300)
        ReLU()
        Linear(300, 10)
      }
      let parameters: [Tensor<Float>] = model.parameters
      let optimizer: any Optimizer<Float> =
        switch name {
        case "SGD": SGD(parameters, learningRate: 0.1)
        case "momentum": SGD(parameters, learningRate: 0.1, momentum: 0.9)
        case "Adam": Adam(parameters)
        case "AdamW": AdamW(parameters, amsgrad: true)
        case "RMSprop": RMSprop(parameters, momentum: 0.9, centered: true)
        case "Adagrad": Adagrad(parameters)
        case "Adadelta": Adadelta(parameters)
        case "Adamax": Adamax(parameters)
        case "NAdam": NAdam(parameters)
        case "RAdam": RAdam(parameters)
        default: Lion(parameters)
        }
      let averages = ExponentialMovingAverage(of: parameters)
      let x = Tensor<Float>.normal([64, 64]), labels = Tensor<Int>((0..<64).map { $0 % 10 })
      // Two passes run before each step, and the second adds to the gradients of the first.
      func step() {
        for _ in 0..<2 { model(x).crossEntropy(labels).backward() }
        optimizer.clipGradNorm(max: 1)
        optimizer.step()
        averages.update()
      }
      for _ in 0..<3 { step() }
      let blocks = StoragePool.systemAllocations, used = StoragePool.bytesInUse
      for _ in 0..<20 {
        step()
        #expect(StoragePool.systemAllocations == blocks && StoragePool.bytesInUse == used)
      }
    }
  }

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
