import Foundation
import Martlet
import TestSupport
import Testing

/// The optimizers compared with PyTorch, ten steps each. Some steps have no gradient for a parameter, and
/// some have zeros.
@Suite struct OptimizerTests {
  private let names = TorchOptimizers.names

  @Test("At least 60 cases, none twice, and the same in both precisions")
  func cases() {
    #expect(names.count >= 60 && Set(names).count == names.count)
    #expect(TorchOptimizers.of(Float.self).cases.map(\.name) == names)
  }

  /// Adds a gradient to that of a leaf.
  private func setGradient<E: DifferentiableScalar>(_ values: [Double], of parameter: Tensor<E>) {
    parameter.backward(Tensor(values.map { E($0) }, shape: parameter.shape))
  }

  /// Compares by the norm for Floats, by the largest element for Doubles.
  private func expectClose<E: DifferentiableScalar>(
    _ found: Tensor<E>?, _ expected: [Double], _ tolerance: Double, _ what: String
  ) {
    let largest = expected.map(abs).max() ?? 0
    let found = found?.scalars.map(Double.init) ?? [.nan]
    #expect(found.count == expected.count, "\(what)")
    let error = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(error <= tolerance * largest, "\(E.self) \(what): \(error) of \(largest)")
  }

  /// Runs the ten steps on contiguous parameters, or on transposed ones.
  private func run<E: DifferentiableScalar>(
    _ name: String, _: E.Type, isTransposed: Bool, tolerance: Double
  ) {
    let torch = TorchOptimizers.of(E.self), one = torch[name]
    let parameters = torch.start.map { start in
      let tensor = Tensor<E>(start)
      let lain = isTransposed && tensor.rank == 2 ? (tensor.transposed() * 1).transposed() : tensor
      lain.requiresGrad = true
      return lain
    }
    let optimizer = one.make(parameters)
    for (number, gradients) in torch.gradients.enumerated() {
      for (parameter, gradient) in zip(parameters, gradients) {
        if let gradient { setGradient(gradient, of: parameter) }
      }
      optimizer.step()
      let step = one.steps[number], state = optimizer.state
      for (parameter, values) in zip(parameters, step.values) {
        expectClose(parameter, values, tolerance, "step \(number + 1), \(parameter.shape)")
      }
      // PyTorch's Adagrad has a state before the first gradient, so that state is skipped.
      for (key, values) in step.state where step.state["\(key.first!).step"] != [0] {
        if key.hasSuffix(".step") || key.hasSuffix(".mu_product") {
          #expect(
            abs(state.numbers[key]! - values[0]) <= 1e-12 * abs(values[0]), "step \(number + 1), \(key)")
        } else {
          expectClose(state.tensors[key], values, tolerance, "step \(number + 1), \(key)")
        }
      }
      #expect(state.tensors.keys.allSatisfy { step.state[$0] != nil }, "\(state.tensors.keys)")
    }
  }

  @Test(
    "Parameters and state after each of ten steps, contiguous or transposed",
    arguments: TorchOptimizers.names,
    [false, true])
  func steps(_ name: String, _ isTransposed: Bool) {
    run(name, Float.self, isTransposed: isTransposed, tolerance: 1e-6)
    run(name, Double.self, isTransposed: isTransposed, tolerance: 1e-12)
  }

  @Test("A step zeroes gradients, unless asked not to; zeroGrad does it alone")
  func zeroing() {
    let w = Tensor<Float>([1, 2], requiresGrad: true)
    let optimizer = SGD([w], learningRate: 0.5)
    setGradient([1, 1], of: w)
    optimizer.step(zeroGrad: false)
    #expect(w.grad?.scalars == [1, 1] && w.scalars == [0.5, 1.5])
    setGradient([1, 1], of: w)
    #expect(w.grad?.scalars == [2, 2], "kept gradients are added to")
    optimizer.step()
    #expect(w.grad == nil && w.scalars == [-0.5, 0.5])
    setGradient([1, 1], of: w)
    optimizer.zeroGrad()
    optimizer.step()
    #expect(w.scalars == [-0.5, 0.5])
  }

  @Test(
    "Without a gradient nothing moves, momentum and weight decay included", arguments: TorchOptimizers.names)
  func missingGradients(_ name: String) {
    let w = Tensor<Double>([3], requiresGrad: true), other = Tensor<Double>([3], requiresGrad: true)
    let optimizer = TorchOptimizers.of(Double.self)[name].make([w, other])
    setGradient([1], of: w)
    setGradient([1], of: other)
    optimizer.step()
    let after = w.item
    #expect(after != 3)
    setGradient([1], of: other)
    optimizer.step()
    #expect(w.item == after)
    #expect(other.item != after)
    optimizer.step()
    #expect(w.item == after)
  }

  @Test("The learning rate may change between steps")
  func learningRate() {
    let w = Tensor<Double>([0], requiresGrad: true)
    let optimizers: [any Optimizer<Double>] = [
      SGD([w], learningRate: 1), Adam([w], learningRate: 1, epsilon: 0),
    ]
    for optimizer in optimizers {
      noGrad { w.fill(0) }
      optimizer.learningRate = 0.25
      setGradient([1], of: w)
      optimizer.step()
      #expect(
        abs(w.item + 0.25) < 1e-15, "Adam's first step is the learning rate against the gradient's sign")
      optimizer.learningRate = 0
      setGradient([1], of: w)
      optimizer.step()
      #expect(abs(w.item + 0.25) < 1e-15)
    }
  }

  @Test("A step records nothing, and is seen by a backward pass over a graph that saved the parameter")
  func recording() {
    let w = Tensor<Double>([2], requiresGrad: true)
    let optimizer = SGD([w], learningRate: 1)
    let loss = (w * w).sum()
    setGradient([1], of: w)
    optimizer.step()
    #expect(w.isLeaf && w.requiresGrad && w.gradFunction == nil)
    #expect(throws: TensorError.self) { try catchingTensorErrors { loss.backward() } }
  }

  @Test("Inside a scope that has failed, a step changes nothing")
  func failed() {
    let w = Tensor<Float>([1, 2, 3], requiresGrad: true)
    let optimizer = SGD([w], learningRate: 1)
    #expect(throws: TensorError.self) {
      try catchingTensorErrors {
        (w * Tensor<Float>([1, 2])).sum().backward()
        optimizer.step()
      }
    }
    #expect(w.scalars == [1, 2, 3])
    #expect(w.grad == nil)
  }
}
