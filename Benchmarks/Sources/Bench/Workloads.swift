// What is measured: the workloads, apart from how they are timed and shown.

import Martlet

/// A product of matrices, [m, k] × [k, n], or a batch of them.
struct ProductWorkload {
  enum Layout: String, CaseIterable {
    /// A · B.
    case plain
    /// A · Bᵀ, as in a linear layer.
    case transposed
    /// A · B for several matrices, one call of BLAS each.
    case batched
  }

  let m: Int, k: Int, n: Int
  let layout: Layout

  /// Squares from 4 to 2048, and the narrow shapes of a recurrent step and of two convolutions.
  static let all: [ProductWorkload] = Layout.allCases.flatMap { layout in
    (2...11).map { ProductWorkload(m: 1 << $0, k: 1 << $0, n: 1 << $0, layout: layout) }
      + [(32, 256, 1024), (12544, 288, 64), (50176, 9, 32)].map { m, k, n in
        ProductWorkload(m: m, k: k, n: n, layout: layout)
      }
  }

  /// The number of matrices: eight, and two of those that take long.
  var batch: Int { layout != .batched ? 1 : m * k * n > 300 * 300 * 300 ? 2 : 8 }

  var operations: Double { 2 * Double(batch * m * k * n) }

  var name: String {
    let shape = "\(m)×\(k)×\(n)"
    return switch layout {
    case .plain: shape
    case .transposed: shape + " transposed"
    case .batched: "\(batch) of " + shape
    }
  }

  /// The operands: [m, k] and [k, n], with the batch in front.
  func operands<Element: DifferentiableScalar>(_: Element.Type) -> (Tensor<Element>, Tensor<Element>) {
    switch layout {
    case .plain: (.normal([m, k]), .normal([k, n]))
    case .transposed: (.normal([m, k]), Tensor.normal([n, k]).transposed())
    case .batched: (.normal([batch, m, k]), .normal([batch, k, n]))
    }
  }
}

/// A training step: forward, backward and update on a batch that stays the same.
struct StepWorkload {
  let name: String
  /// What is to be reached on BLAS, in seconds.
  let target: Double?
  let make: () -> () -> Void

  static var all: [StepWorkload] {
    [
      StepWorkload(name: "article net 2-3-1, batch 4, Double, SGD", target: 8e-6, make: articleStep),
      StepWorkload(name: "digits 64-128-10, batch 64, SGD", target: 80e-6) {
        let model = digitsModel()
        return classifierStep(model, inputs: 64, batch: 64, SGD(model.parameters, learningRate: 0.01))
      },
      StepWorkload(name: "digits 64-128-10, batch 64, Adam", target: nil) {
        let model = digitsModel()
        return classifierStep(model, inputs: 64, batch: 64, Adam(model.parameters))
      },
      StepWorkload(name: "MNIST 784-512-256-10, batch 128, momentum", target: 2600e-6) {
        let model = mnistModel()
        return classifierStep(
          model, inputs: 784, batch: 128, SGD(model.parameters, learningRate: 0.01, momentum: 0.9))
      },
      StepWorkload(name: "MNIST 784-512-256-10, batch 128, Adam", target: nil) {
        let model = mnistModel()
        return classifierStep(model, inputs: 784, batch: 128, Adam(model.parameters))
      },
    ]
  }
}

private func articleStep() -> () -> Void {
  let data = Tensor<Double>([[0, 0], [0, 1], [1, 0], [1, 1]]), target = Tensor<Double>([[0], [1], [0], [1]])
  let model = Sequential {
    Linear<Double>(2, 3); Tanh<Double>(); Linear<Double>(3, 1); Sigmoid<Double>()
  }
  let criterion = MSELoss<Double>(reduction: .sum)
  let optimizer = SGD(model.parameters, learningRate: 0.1)
  return {
    criterion(model(data), target).backward()
    optimizer.step()
  }
}

private func digitsModel() -> Sequential<Tensor<Float>, Tensor<Float>> {
  Sequential {
    Linear(64, 128); ReLU(); Linear(128, 10)
  }
}

private func mnistModel() -> Sequential<Tensor<Float>, Tensor<Float>> {
  Sequential {
    Linear(784, 512); ReLU(); Linear(512, 256); ReLU(); Linear(256, 10)
  }
}

private func classifierStep(
  _ model: Sequential<Tensor<Float>, Tensor<Float>>, inputs: Int, batch: Int,
  _ optimizer: some Optimizer<Float>
) -> () -> Void {
  let x = Tensor<Float>.normal([batch, inputs]), labels = Tensor<Int>.integers([batch], in: 0..<10)
  return {
    model(x).crossEntropy(labels).backward()
    optimizer.step()
  }
}

/// An operation on tensors of any number of elements, unrecorded.
struct OperationWorkload {
  let name: String
  /// The operation on x and y, normal numbers.
  let apply: (Tensor<Float>, Tensor<Float>) -> Void

  static let counts = [4, 1000, 100_000, 1_000_000, 10_000_000]

  static var all: [OperationWorkload] {
    [
      OperationWorkload(name: "a + b") { x, y in _ = x + y },
      OperationWorkload(name: "a * b") { x, y in _ = x * y },
      OperationWorkload(name: "a / b") { x, y in _ = x / y },
      OperationWorkload(name: "exp") { x, _ in _ = x.exp() },
      OperationWorkload(name: "tanh") { x, _ in _ = x.tanh() },
      OperationWorkload(name: "sigmoid") { x, _ in _ = x.sigmoid() },
      OperationWorkload(name: "relu") { x, _ in _ = x.relu() },
      OperationWorkload(name: "softmax") { x, _ in _ = x.softmax(axis: 0) },
      OperationWorkload(name: "sum") { x, _ in _ = x.sum() },
      OperationWorkload(name: "max") { x, _ in _ = x.max() },
    ]
  }
}

/// What an operation on four elements costs around its four additions: the tape, the memory, the calls.
struct OverheadWorkload {
  let name: String
  /// What is to be reached, in seconds.
  let target: Double?
  let body: () -> Void

  static func all() -> [OverheadWorkload] {
    let a = Tensor<Float>.ones([4], requiresGrad: true), b = Tensor<Float>.full([4], 2)
    return [
      OverheadWorkload(name: "a * b, recorded", target: 300e-9) { _ = a * b },
      OverheadWorkload(name: "a + b, recorded", target: 300e-9) { _ = a + b },
      OverheadWorkload(name: "a.tanh(), recorded", target: 300e-9) { _ = a.tanh() },
      OverheadWorkload(name: "a * b, not recorded", target: nil) { _ = b * b },
      OverheadWorkload(name: "a[0], a view", target: nil) { _ = b[0] },
      OverheadWorkload(name: "100 chained products, forward and backward", target: nil) {
        var y = a * b
        for _ in 1..<100 { y = y * b }
        y.sum().backward()
        a.zeroGrad()
      },
    ]
  }
}
