// The workloads that are measured. Other files time and print them.

import Martlet
import ResNetModel

/// A matrix product, [m, k] × [k, n], or a batch of them.
struct ProductWorkload {
  enum Layout: String, CaseIterable {
    /// A · B.
    case plain
    /// A · Bᵀ, as in a linear layer.
    case transposed
    /// A · B for several matrices, with one call of BLAS for each.
    case batched
  }

  let m: Int, k: Int, n: Int
  let layout: Layout

  /// All products: squares from 4 to 2048, and the narrow shapes of a recurrent step and of two convolutions.
  static let all: [ProductWorkload] = Layout.allCases.flatMap { layout in
    (2...11).map { ProductWorkload(m: 1 << $0, k: 1 << $0, n: 1 << $0, layout: layout) }
      + [(32, 256, 1024), (12544, 288, 64), (50176, 9, 32)].map { m, k, n in
        ProductWorkload(m: m, k: k, n: n, layout: layout)
      }
  }

  /// The number of matrices in a batch: eight, or two if the product takes long.
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

  /// Returns the operands: [m, k] and [k, n], with the batch as the first axis.
  func operands<Element: DifferentiableScalar>(_: Element.Type) -> (Tensor<Element>, Tensor<Element>) {
    switch layout {
    case .plain: (.normal([m, k]), .normal([k, n]))
    case .transposed: (.normal([m, k]), Tensor.normal([n, k]).transposed())
    case .batched: (.normal([batch, m, k]), .normal([batch, k, n]))
    }
  }
}

/// A training step (forward, backward and update) on a batch that stays the same, or a forward pass alone.
struct StepWorkload {
  /// A step that is ready to run, and a function that computes the loss before the next step.
  typealias Step = (run: () -> Void, loss: () -> Double)

  /// The name, which the bench of the other frameworks (`make bench-peers`) uses too.
  let name: String
  /// The target of the time on BLAS, in seconds; nil for none.
  let target: Double?
  /// A function that makes the step. It draws weights and data from NumPy's stream of seed 0, so that the
  /// other frameworks start from the same numbers.
  let make: () -> Step

  static var all: [StepWorkload] {
    [
      StepWorkload(name: "article net 2-3-1, batch 4, Double, SGD", target: 4e-6, make: articleStep),
      StepWorkload(name: "digits 64-128-10, batch 64, SGD", target: 45e-6) {
        classifierStep([64, 128, 10], batch: 64) { SGD($0, learningRate: 0.01) }
      },
      StepWorkload(name: "digits 64-128-10, batch 64, Adam", target: 60e-6) {
        classifierStep([64, 128, 10], batch: 64) { Adam($0) }
      },
      StepWorkload(name: "MNIST 784-512-256-10, batch 128, momentum", target: 2000e-6) {
        classifierStep([784, 512, 256, 10], batch: 128) { SGD($0, learningRate: 0.01, momentum: 0.9) }
      },
      StepWorkload(name: "MNIST 784-512-256-10, batch 128, Adam", target: 2200e-6) {
        classifierStep([784, 512, 256, 10], batch: 128) { Adam($0) }
      },
      StepWorkload(name: "char RNN e64 h256, 64 steps, batch 32, Adam", target: 11000e-6) {
        readerStep(RNN(inputs: 64, hidden: 256))
      },
      StepWorkload(name: "char LSTM e64 h256, 64 steps, batch 32, Adam", target: 26000e-6) {
        readerStep(LSTM(inputs: 64, hidden: 256))
      },
      StepWorkload(name: "char GRU e64 h256, 64 steps, batch 32, Adam", target: 24000e-6) {
        readerStep(GRU(inputs: 64, hidden: 256))
      },
      StepWorkload(name: "CNN 1-32-64, 3136-128-10, batch 64, Adam", target: 15000e-6, make: cnnStep),
      StepWorkload(name: "GPT 4 layers d128, 64 steps, batch 12, AdamW", target: 28000e-6, make: gptStep),
      StepWorkload(name: "ResNet-50 forward, one image of 224 × 224", target: nil, make: resNetPass),
    ]
  }
}

private func articleStep() -> StepWorkload.Step {
  let data = Tensor<Double>([[0, 0], [0, 1], [1, 0], [1, 1]]), target = Tensor<Double>([[0], [1], [0], [1]])
  var numpy = NumPyRandom(seed: 0)
  let hidden: Linear<Double> = numpy.linear(2, 3), output: Linear<Double> = numpy.linear(3, 1)
  let model = Sequential {
    hidden; Tanh<Double>(); output; Sigmoid<Double>()
  }
  let criterion = MSELoss<Double>(reduction: .sum)
  return step(SGD(model.parameters, learningRate: 0.1)) { criterion(model(data), target) }
}

/// Makes the step of linear layers of these sizes with ReLU between them. The inputs are normal, and the
/// labels are the classes in turn.
private func classifierStep<O: Optimizer<Float>>(
  _ sizes: [Int], batch: Int, _ optimizer: ([Tensor<Float>]) -> O
) -> StepWorkload.Step {
  var numpy = NumPyRandom(seed: 0)
  let model = Sequential<Tensor<Float>, Tensor<Float>>()
  for i in 1..<sizes.count {
    if i > 1 { model.append(ReLU()) }
    model.append(numpy.linear(sizes[i - 1], sizes[i]) as Linear<Float>)
  }
  let x = Tensor<Float>(numpy.normal([batch, sizes[0]]))
  let labels = Tensor<Int>((0..<batch).map { $0 % sizes.last! })
  return step(optimizer(model.parameters)) { model(x).crossEntropy(labels) }
}

/// A reader that maps characters `[steps, n]` to the logits of the next characters `[steps · n, characters]`.
private final class Reader: Layer {
  let embedding: Embedding<Float>, network: RecurrentLayer<Float>, output: Linear<Float>

  init(_ network: RecurrentLayer<Float>, characters: Int) {
    embedding = Embedding(characters, network.inputs)
    self.network = network
    output = Linear(network.hidden, characters)
  }

  func forward(_ text: Tensor<Int>) -> Tensor<Float> {
    let logits = output(network(embedding(text)))
    return logits.reshaped([-1, logits.shape[-1]])
  }
}

/// Makes the step of a network that reads 32 periodic texts of 64 characters.
private func readerStep(_ network: RecurrentLayer<Float>) -> StepWorkload.Step {
  let characters = 65, steps = 64, batch = 32
  var numpy = NumPyRandom(seed: 0)
  let model = Reader(network, characters: characters)
  numpy.fill(model.parameters)
  let text = Tensor((0..<(steps + 1) * batch).map { $0 * 7919 % characters }, shape: [steps + 1, batch])
  let inputs = text[0..<steps], following = text[1...].flattened()
  return step(Adam(model.parameters)) { model(inputs).crossEntropy(following) }
}

/// Makes the step of a network of two convolutions with pools and two linear layers, on images of 28 × 28.
private func cnnStep() -> StepWorkload.Step {
  let model = Sequential {
    Conv2d(1, 32, kernelSize: 3, padding: .same); ReLU(); MaxPool2d(kernelSize: 2)
    Conv2d(32, 64, kernelSize: 3, padding: .same); ReLU(); MaxPool2d(kernelSize: 2)
    Flatten<Float>(); Linear(3136, 128); ReLU(); Linear(128, 10)
  }
  var numpy = NumPyRandom(seed: 0)
  numpy.fill(model.parameters)
  let x = Tensor<Float>(numpy.normal([64, 1, 28, 28]))
  let labels = Tensor<Int>((0..<64).map { $0 % 10 })
  return step(Adam(model.parameters)) { model(x).crossEntropy(labels) }
}

/// A transformer that maps characters `[n, steps]` to the logits of the next characters
/// `[n · steps, characters]`.
private final class GPT: Layer {
  let characters = Embedding(65, 128), places = Embedding(64, 128)
  let layers = (0..<4).map { _ in
    TransformerEncoderLayer(
      128, heads: 4, feedForward: 512, dropout: 0, activation: .gelu, normFirst: true)
  }
  let norm = LayerNorm(128), output = Linear(128, 65, bias: false)

  func forward(_ text: Tensor<Int>) -> Tensor<Float> {
    let x = layers.reduce(characters(text) + places.weight) { $1($0, isCausal: true) }
    return output(norm(x)).reshaped([-1, 65])
  }
}

/// Makes the step of a transformer that reads 12 periodic texts of 64 characters.
private func gptStep() -> StepWorkload.Step {
  var numpy = NumPyRandom(seed: 0)
  let model = GPT()
  numpy.fill(model.parameters)
  let text = Tensor((0..<12 * 65).map { $0 * 7919 % 65 }, shape: [12, 65])
  let inputs = text[0..., 0..<64], following = text[0..., 1...].flattened()
  return step(AdamW(model.parameters)) { model(inputs).crossEntropy(following) }
}

/// Makes the forward pass of a ResNet-50 of 25 million parameters on one image.
private func resNetPass() -> StepWorkload.Step {
  var numpy = NumPyRandom(seed: 0)
  let model = ResNet<Float>(.resNet50)
  numpy.fill(model.parameters)
  model.eval()
  let image = Tensor<Float>(numpy.normal([1, 3, 224, 224])), label = Tensor<Int>([0])
  func loss() -> Tensor<Float> { noGrad { model(image).crossEntropy(label) } }
  return (run: { _ = loss() }, loss: { Double(loss().item) })
}

private func step<Element: DifferentiableScalar>(
  _ optimizer: some Optimizer<Element>, _ loss: @escaping () -> Tensor<Element>
) -> StepWorkload.Step {
  (
    run: {
      loss().backward()
      optimizer.step()
    },
    loss: { noGrad { Tensor<Double>(loss()).item } }
  )
}

extension NumPyRandom {
  /// Draws parameters uniformly in ±1/√fan. A vector has the fan of the weight before it.
  fileprivate mutating func fill(_ parameters: [Tensor<Float>]) {
    var bound = 1.0
    for parameter in parameters {
      if parameter.rank > 1 { bound = 1 / Double(parameter.shape.dropFirst().reduce(1, *)).squareRoot() }
      let drawn = uniform(parameter.shape) * (2 * bound) - bound
      noGrad { parameter.assign(Tensor<Float>(drawn)) }
    }
  }

  /// Returns a layer whose weights, then biases, are drawn uniformly in ±1/√inputs.
  fileprivate mutating func linear<Element: DifferentiableScalar>(_ inputs: Int, _ outputs: Int)
    -> Linear<Element>
  {
    let bound = 1 / Double(inputs).squareRoot()
    let weight = uniform([outputs, inputs]) * (2 * bound) - bound
    let bias = uniform([outputs]) * (2 * bound) - bound
    return Linear(weight: Tensor<Element>(weight), bias: Tensor<Element>(bias))
  }
}

/// The operands of an operation: two matrices, a mask and indices.
final class Operands {
  enum Layout: String {
    /// Both operands are in row-major order.
    case contiguous
    /// The second operand is one row, broadcast to all rows.
    case broadcast
    /// The first operand is a transposed view.
    case transposed
  }

  private let base: Tensor<Float>
  private let isTransposed: Bool
  let y: Tensor<Float>
  /// The mask of the elements of x above 0.
  let mask: Tensor<Bool>
  /// One column index and one row index for each row of x, scattered over the matrix.
  let columns: Tensor<Int>, rows: Tensor<Int>
  /// A column index for each element of x.
  private(set) lazy var places = Tensor((0..<x.count).map { $0 * 7919 % x.shape[1] }, shape: x.shape)

  /// The complex numbers x + y i.
  private(set) lazy var complex = Tensor.complex(x.detached(), y.detached())

  /// Makes the operands of shape [rows, columns] from numbers in that order.
  init(_ x: [Float], _ y: [Float], rows: Int, columns: Int, _ layout: Layout) {
    isTransposed = layout == .transposed
    base = Tensor(x, shape: isTransposed ? [columns, rows] : [rows, columns])
    self.y = layout == .broadcast ? Tensor(Array(y.prefix(columns))) : Tensor(y, shape: [rows, columns])
    let first = isTransposed ? base.transposed() : base
    mask = first > 0
    self.columns = Tensor((0..<rows).map { $0 * 7 % columns })
    self.rows = Tensor((0..<rows).map { $0 * 7 % rows })
  }

  var x: Tensor<Float> { isTransposed ? base.transposed() : base }

  /// The square matrices that x consists of, one below the other.
  var squares: Tensor<Float> { Operands.squares(x) }
  var others: Tensor<Float> { Operands.squares(y) }

  private static func squares(_ matrix: Tensor<Float>) -> Tensor<Float> {
    let n = matrix.shape[1]
    return matrix.reshaped([matrix.shape[0] / n, n, n])
  }

  /// The tensors whose gradients are computed.
  var leaves: [Tensor<Float>] { [base, y] }
}

/// An operation on two matrices of any size. It may ignore the second.
struct OperationWorkload {
  /// The name, which the bench of the other frameworks (`make bench-peers`) uses too.
  let name: String
  let apply: @Sendable (Operands) -> Tensor<Float>

  static let extents = [(1, 4), (10, 100), (100, 1000), (320, 3125), (1000, 10000)]

  static let all: [OperationWorkload] = [
    OperationWorkload(name: "add") { $0.x + $0.y },
    OperationWorkload(name: "mul") { $0.x * $0.y },
    OperationWorkload(name: "div") { $0.x / $0.y },
    OperationWorkload(name: "maximum") { .maximum($0.x, $0.y) },
    OperationWorkload(name: "where") { $0.x.where($0.mask, else: $0.y) },
    OperationWorkload(name: "exp") { $0.x.exp() },
    OperationWorkload(name: "log") { $0.x.log() },
    OperationWorkload(name: "sqrt") { $0.x.sqrt() },
    OperationWorkload(name: "tanh") { $0.x.tanh() },
    OperationWorkload(name: "sigmoid") { $0.x.sigmoid() },
    OperationWorkload(name: "relu") { $0.x.relu() },
    OperationWorkload(name: "gelu") { $0.x.gelu() },
    OperationWorkload(name: "erf") { $0.x.erf() },
    OperationWorkload(name: "sin") { $0.x.sin() },
    OperationWorkload(name: "cos") { $0.x.cos() },
    OperationWorkload(name: "abs") { $0.x.abs() },
    OperationWorkload(name: "clamp") { $0.x.clamped(-1...1) },
    OperationWorkload(name: "pow 2") { $0.x.pow(2) },
    OperationWorkload(name: "sum") { $0.x.sum() },
    OperationWorkload(name: "sum axis 0") { $0.x.sum(axis: 0) },
    OperationWorkload(name: "sum axis 1") { $0.x.sum(axis: 1) },
    OperationWorkload(name: "mean") { $0.x.mean() },
    OperationWorkload(name: "max") { $0.x.max() },
    OperationWorkload(name: "max axis 1") { $0.x.max(axis: 1) },
    OperationWorkload(name: "softmax") { $0.x.softmax(axis: 1) },
    OperationWorkload(name: "log-softmax") { $0.x.logSoftmax(axis: 1) },
    OperationWorkload(name: "cross-entropy") { $0.x.crossEntropy($0.columns) },
    OperationWorkload(name: "copy") { $0.x.cloned() },
    OperationWorkload(name: "concat") { Tensor.concatenated([$0.x, $0.y]) },
    OperationWorkload(name: "gather rows") { $0.x[$0.rows] },
  ]

  /// The operations on one or many square matrices. Each computes all its results and returns one of them.
  static let linearAlgebra: [OperationWorkload] = [
    OperationWorkload(name: "solve") { try! $0.squares.solve($0.others) },
    OperationWorkload(name: "inverse") { try! $0.squares.inverse() },
    OperationWorkload(name: "log-determinant") { try! $0.squares.logDeterminant().logMagnitude },
    OperationWorkload(name: "cholesky") { try! $0.squares.cholesky() },
    OperationWorkload(name: "qr") { try! $0.squares.qr().r },
    OperationWorkload(name: "svd") { try! $0.squares.svd().s },
    OperationWorkload(name: "eigh") { try! $0.squares.eigh().values },
  ]

  /// Operations that need square matrices or a second operand of one row, and an operation for small tensors.
  static let special: [OperationWorkload] = [
    OperationWorkload(name: "layer norm") { $0.x.layerNorm(weight: $0.y, bias: $0.y) },
    OperationWorkload(name: "matmul") { $0.x.matmul($0.y) },
    OperationWorkload(name: "100 chained products") { operands in
      var product = operands.x
      for _ in 0..<100 { product = product * operands.y }
      return product
    },
  ]
}

/// An operation on four elements. Its time is mostly overhead: the tape, memory and calls.
struct OverheadWorkload {
  let name: String
  /// The target of the time, in seconds; nil for none.
  let target: Double?
  let body: () -> Void

  static func all() -> [OverheadWorkload] {
    let a = Tensor<Float>.ones([4], requiresGrad: true), b = Tensor<Float>.full([4], 2)
    return [
      OverheadWorkload(name: "a * b, recorded", target: 200e-9) { _ = a * b },
      OverheadWorkload(name: "a + b, recorded", target: 200e-9) { _ = a + b },
      OverheadWorkload(name: "a.tanh(), recorded", target: 200e-9) { _ = a.tanh() },
      OverheadWorkload(name: "a * b, not recorded", target: nil) { _ = b * b },
      OverheadWorkload(name: "a[0], a view", target: nil) { _ = b[0] },
      OverheadWorkload(name: "100 chained products, forward and backward", target: 40e-6) {
        var y = a * b
        for _ in 1..<100 { y = y * b }
        y.sum().backward()
        a.zeroGrad()
      },
    ]
  }
}
