import CAllocations
import Martlet
import Testing

@testable import MartletCore

/// Counts the allocations of operations and of training steps. The counts hold for optimised code: a debug build
/// allocates more.
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

    /// Objects, whose number is the same in each step: their memory for elements is the pool's.
    @Test func aTrainingStepNeedsItsTensorsAndNodes() {
      let hidden = Linear<Double>(2, 3), output = Linear<Double>(3, 1)
      let x = Tensor<Double>([[0, 0], [0, 1], [1, 0], [1, 1]]), y = Tensor<Double>([[0], [1], [0], [1]])
      let criterion = MSELoss<Double>(reduction: .sum)
      func expect(_ optimizer: some Optimizer<Double>, sourceLocation: SourceLocation = #_sourceLocation) {
        let count = allocations {
          criterion(output(hidden(x).tanh()).sigmoid(), y).backward()
          optimizer.step()
        }
        // 5 results and their nodes; in the loss 1 difference and what its rule captures; the seed; 2 gradients of
        // the activations and 2 outputs handed to their rules; 2 tensors for the loss, 3 of products, 2 of biases.
        #expect(count == 10 + 2 + 1 + 4 + 7, sourceLocation: sourceLocation)
      }
      let parameters = hidden.parameters + output.parameters
      expect(SGD(parameters, learningRate: 0.1))
      expect(SGD(parameters, learningRate: 0.1, momentum: 0.9))
      expect(Adam(parameters))
      expect(AdamW(parameters))
    }

    @Test func aClassifiersStepNeedsTheSameEachTime() {
      let model = Sequential {
        Linear(64, 128)
        ReLU()
        Linear(128, 10)
      }
      let optimizer = Adam(model.parameters)
      let x = Tensor<Float>.normal([64, 64]), labels = Tensor<Int>.integers([64], in: 0..<10)
      let count = allocations {
        model(x).crossEntropy(labels).backward()
        optimizer.step()
      }
      #expect(count == count.rounded() && count < 100, "\(count) objects a step, the same in each")
    }

    @Test func aStepOfAnOptimizerNeedsNothing() {
      let parameters = (1...20).map { Tensor<Float>.ones([$0], requiresGrad: true) }
      for parameter in parameters { parameter.sum().backward() }
      func expectNone(_ optimizer: some Optimizer<Float>) {
        let schedule = CosineSchedule(optimizer, warmup: 10, total: 1000)
        let count = allocations {
          optimizer.step(zeroGrad: false)
          schedule.step()
        }
        #expect(count == 0, "\(type(of: optimizer))")
      }
      expectNone(SGD(parameters, learningRate: 0.1, momentum: 0.9))
      expectNone(SGD(parameters.map { ParameterGroup([$0]) }, learningRate: 0.1))
      expectNone(Adam(parameters, amsgrad: true))
      expectNone(RMSprop(parameters, momentum: 0.9, centered: true))
      expectNone(Adagrad(parameters))
      expectNone(Adadelta(parameters))
      expectNone(Adamax(parameters))
      expectNone(NAdam(parameters))
      expectNone(RAdam(parameters))
      expectNone(Lion(parameters))
    }
  #endif
}
