import Foundation
import Martlet
import TestSupport
import Testing

/// What optimizers.json holds for a precision.
private struct TorchSteps: Decodable {
  struct Numbers: Decodable {
    let shape: [Int]
    let values: [Double]
  }

  struct Case: Decodable {
    let name: String
    let steps: [[[Double]]]
  }

  let start: [Numbers]
  let gradients: [[[Double]?]]
  let cases: [Case]
}

private let names = [
  "SGD", "SGD with momentum", "SGD with dampening", "SGD with Nesterov's momentum", "SGD with weight decay",
  "SGD with all", "SGD with all but Nesterov's momentum", "Adam", "Adam with weight decay",
  "Adam with betas and epsilon", "AdamW", "AdamW with all",
]

/// The optimizers of make_layers.py.
private func optimizer<E: DifferentiableScalar>(_ name: String, _ parameters: [Tensor<E>]) -> any Optimizer<E>
{
  switch name {
  case "SGD": SGD(parameters, learningRate: 0.1)
  case "SGD with momentum": SGD(parameters, learningRate: 0.1, momentum: 0.9)
  case "SGD with dampening": SGD(parameters, learningRate: 0.1, momentum: 0.9, dampening: 0.4)
  case "SGD with Nesterov's momentum": SGD(parameters, learningRate: 0.1, momentum: 0.9, nesterov: true)
  case "SGD with weight decay": SGD(parameters, learningRate: 0.1, weightDecay: 0.2)
  case "SGD with all": SGD(parameters, learningRate: 0.1, momentum: 0.8, weightDecay: 0.2, nesterov: true)
  case "SGD with all but Nesterov's momentum":
    SGD(parameters, learningRate: 0.1, momentum: 0.8, dampening: 0.3, weightDecay: 0.2)
  case "Adam": Adam(parameters, learningRate: 0.01)
  case "Adam with weight decay": Adam(parameters, learningRate: 0.01, weightDecay: 0.3)
  case "Adam with betas and epsilon": Adam(parameters, learningRate: 0.01, betas: (0.7, 0.95), epsilon: 1e-3)
  case "AdamW": AdamW(parameters)
  case "AdamW with all":
    AdamW(parameters, learningRate: 0.01, betas: (0.7, 0.95), epsilon: 1e-3, weightDecay: 0.3)
  default: fatalError("no optimizer \(name)")
  }
}

/// SGD, Adam and AdamW against PyTorch, ten steps each, with gradients that are missing in some of them.
@Suite struct OptimizerTests {
  private let torch: [String: TorchSteps]

  init() throws {
    torch = try JSONDecoder().decode([String: TorchSteps].self, from: Golden.data("optimizers.json"))
  }

  @Test("The fixture holds these cases and no others")
  func cases() {
    #expect(torch["float32"]?.cases.map(\.name) == names)
    #expect(torch["float64"]?.cases.map(\.name) == names)
  }

  /// Gives a leaf this gradient, exactly.
  private func setGradient<E: DifferentiableScalar>(_ values: [Double], of parameter: Tensor<E>) {
    parameter.backward(Tensor(values.map { E($0) }, shape: parameter.shape))
  }

  /// Runs the ten steps on parameters as they lie in memory, or on ones that lie transposed.
  private func run<E: DifferentiableScalar>(
    _ name: String, _ torch: TorchSteps, _: E.Type, isTransposed: Bool, tolerance: Double
  ) throws {
    let parameters = torch.start.map { start in
      let tensor = Tensor<E>(start.values.map { E($0) }, shape: TensorShape(start.shape))
      let lain = isTransposed && tensor.rank == 2 ? (tensor.transposed() * 1).transposed() : tensor
      lain.requiresGrad = true
      return lain
    }
    let optimizer = optimizer(name, parameters)
    let expected = try #require(torch.cases.first { $0.name == name })
    for (step, gradients) in torch.gradients.enumerated() {
      for (parameter, gradient) in zip(parameters, gradients) {
        if let gradient { setGradient(gradient, of: parameter) }
      }
      optimizer.step()
      for (parameter, values) in zip(parameters, expected.steps[step]) {
        let squares = zip(parameter.scalars, values).map { (Double($0) - $1) * (Double($0) - $1) }
        let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let error = squares.reduce(0, +).squareRoot() / norm
        #expect(error <= tolerance, "\(E.self), step \(step + 1), \(parameter.shape)")
      }
    }
  }

  @Test("The parameters after each of ten steps, contiguous or transposed", arguments: names, [false, true])
  func steps(_ name: String, _ isTransposed: Bool) throws {
    try run(name, torch["float32"]!, Float.self, isTransposed: isTransposed, tolerance: 1e-6)
    try run(name, torch["float64"]!, Double.self, isTransposed: isTransposed, tolerance: 1e-12)
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

  @Test("Without a gradient nothing moves, momentum and weight decay included", arguments: names)
  func missingGradients(_ name: String) {
    let w = Tensor<Double>([3], requiresGrad: true), other = Tensor<Double>([3], requiresGrad: true)
    let optimizer = optimizer(name, [w, other])
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

  @Test("Figures out of range are refused, with the caller's line")
  func outOfRange() {
    let w = [Tensor<Float>([1], requiresGrad: true)]
    for (make, message) in [
      ({ _ = SGD(w, learningRate: -1) }, "SGD: learning rate -1.0; at least 0"),
      ({ _ = SGD(w, learningRate: .nan) }, "SGD: learning rate nan; at least 0"),
      ({ _ = SGD(w, learningRate: 1, momentum: -0.5) }, "SGD: momentum -0.5; at least 0"),
      ({ _ = SGD(w, learningRate: 1, weightDecay: -0.5) }, "SGD: weight decay -0.5; at least 0"),
      (
        { _ = SGD(w, learningRate: 1, nesterov: true) },
        "SGD: Nesterov wants momentum above 0 and no dampening"
      ),
      (
        { _ = SGD(w, learningRate: 1, momentum: 0.9, dampening: 0.1, nesterov: true) },
        "SGD: Nesterov wants momentum above 0 and no dampening"
      ),
      ({ _ = Adam(w, learningRate: -1) }, "Adam: learning rate -1.0; at least 0"),
      ({ _ = Adam(w, betas: (1, 0.9)) }, "Adam: betas (1.0, 0.9); each in 0..<1"),
      ({ _ = Adam(w, betas: (0.9, -0.1)) }, "Adam: betas (0.9, -0.1); each in 0..<1"),
      ({ _ = Adam(w, epsilon: -1e-8) }, "Adam: epsilon -1e-08; at least 0"),
      ({ _ = Adam(w, weightDecay: -1) }, "Adam: weight decay -1.0; at least 0"),
    ] as [(() -> Void, String)] {
      let error = #expect(throws: TensorError.self) { try catchingTensorErrors { make() } }
      #expect(
        error?.description.hasPrefix(message + " (OptimizerTests.swift:") == true,
        "\(error?.description ?? "")")
    }
  }
}
