import Foundation
import Martlet
import TestSupport
import Testing

/// Compares trainings with PyTorch's, which make_curves.py ran from the same weights on the same data: the
/// losses of 50 steps. A debug build is slower and compares the first ten.
@Suite struct LossCurveTests {
  #if DEBUG
    private static let steps = 10
  #else
    private static let steps = 50
  #endif

  /// The names of the trainings, as in the peers' bench.
  private static let names = [
    "article net 2-3-1, batch 4, Double, SGD", "digits 64-128-10, batch 64, SGD",
    "digits 64-128-10, batch 64, Adam",
    "MNIST 784-512-256-10, batch 128, momentum", "MNIST 784-512-256-10, batch 128, Adam",
    "char RNN e64 h256, 64 steps, batch 32, Adam", "char LSTM e64 h256, 64 steps, batch 32, Adam",
    "char GRU e64 h256, 64 steps, batch 32, Adam", "CNN 1-32-64, 3136-128-10, batch 64, Adam",
    "GPT 4 layers d128, 64 steps, batch 12, AdamW",
  ]

  @Test("Losses follow PyTorch's, to 1e-8 in Double and 1e-3 in Float", arguments: names)
  func follows(_ name: String) throws {
    try check(name, Double.self, within: 1e-8)
    try check(name, Float.self, within: 1e-3)
  }

  private func check<E: DifferentiableScalar>(_ name: String, _: E.Type, within bound: Double) throws {
    let precision = E.self == Float.self ? "float32" : "float64"
    let curves = try JSONDecoder().decode([String: [Double]].self, from: Golden.data("curves.json"))
    let expected = try #require(curves["\(name), \(precision)"])
    let training = Training<E>.named(name)
    #expect(expected.count == 50)
    for (step, loss) in expected.prefix(Self.steps).enumerated() {
      let found = Double(training.step())
      // The bound is relative to the first loss, because the last losses are close to rounding errors.
      #expect(abs(found - loss) <= bound * expected[0], "\(precision), step \(step): \(found), not \(loss)")
      if abs(found - loss) > bound * expected[0] { return }
    }
  }
}

/// A model, its data and its optimizer.
private struct Training<E: DifferentiableScalar> {
  typealias T = Tensor<E>
  /// Makes a step and returns the loss before it.
  let step: () -> E

  init(_ optimizer: some Optimizer<E>, _ loss: @escaping () -> T) {
    step = {
      let loss = loss()
      loss.backward()
      optimizer.step()
      return loss.item
    }
  }

  static func named(_ name: String) -> Training {
    switch name.split(separator: " ")[0] {
    case "article": article()
    case "digits": classifier([64, 128, 10], batch: 64, name)
    case "MNIST": classifier([784, 512, 256, 10], batch: 128, name)
    case "CNN": cnn()
    case "GPT": gpt()
    default: reader(String(name.split(separator: " ")[1]))
    }
  }

  /// Fills parameters with uniform numbers in ±1/√fan. A vector has the fan of the weight before it.
  private static func fill(_ parameters: [T], _ numpy: inout NumPyRandom) {
    var bound = 1.0
    for parameter in parameters {
      if parameter.rank > 1 { bound = 1 / Double(parameter.shape.dropFirst().reduce(1, *)).squareRoot() }
      let drawn = numpy.uniform(parameter.shape) * (2 * bound) - bound
      noGrad { parameter.assign(T(drawn)) }
    }
  }

  private static func article() -> Training {
    let model = Sequential {
      Linear<E>(2, 3)
      Tanh<E>()
      Linear<E>(3, 1)
      Sigmoid<E>()
    }
    var numpy = NumPyRandom(seed: 0)
    fill(model.parameters, &numpy)
    let x = T([[0, 0], [0, 1], [1, 0], [1, 1]]), target = T([[0], [1], [0], [1]])
    return Training(SGD(model.parameters, learningRate: 0.1)) {
      model(x).squaredError(target, reduction: .sum)
    }
  }

  private static func classifier(_ sizes: [Int], batch: Int, _ name: String) -> Training {
    let model = Sequential<T, T>()
    for i in 1..<sizes.count {
      if i > 1 { model.append(ReLU<E>()) }
      model.append(Linear<E>(sizes[i - 1], sizes[i]))
    }
    var numpy = NumPyRandom(seed: 0)
    fill(model.parameters, &numpy)
    let x = T(numpy.normal([batch, sizes[0]])), labels = Tensor<Int>((0..<batch).map { $0 % 10 })
    let loss = { model(x).crossEntropy(labels) }
    if name.hasSuffix("Adam") { return Training(Adam(model.parameters), loss) }
    let momentum = name.hasSuffix("momentum") ? 0.9 : 0
    return Training(SGD(model.parameters, learningRate: 0.01, momentum: momentum), loss)
  }

  private static func cnn() -> Training {
    let model = Sequential {
      Conv2d<E>(1, 32, kernelSize: 3, padding: .same)
      ReLU<E>()
      MaxPool2d<E>(kernelSize: 2)
      Conv2d<E>(32, 64, kernelSize: 3, padding: .same)
      ReLU<E>()
      MaxPool2d<E>(kernelSize: 2)
      Flatten<E>()
      Linear<E>(3136, 128)
      ReLU<E>()
      Linear<E>(128, 10)
    }
    var numpy = NumPyRandom(seed: 0)
    fill(model.parameters, &numpy)
    let x = T(numpy.normal([64, 1, 28, 28])), labels = Tensor<Int>((0..<64).map { $0 % 10 })
    return Training(Adam(model.parameters)) { model(x).crossEntropy(labels) }
  }

  private static func reader(_ kind: String) -> Training {
    let network: RecurrentLayer<E> =
      switch kind {
      case "RNN": RNN<E>(inputs: 64, hidden: 256)
      case "LSTM": LSTM<E>(inputs: 64, hidden: 256)
      default: GRU<E>(inputs: 64, hidden: 256)
      }
    let characters = Embedding<E>(65, 64), output = Linear<E>(256, 65)
    let parameters = characters.parameters + network.parameters + output.parameters
    var numpy = NumPyRandom(seed: 0)
    fill(parameters, &numpy)
    let text = Tensor((0..<65 * 32).map { $0 * 7919 % 65 }, shape: [65, 32])
    let inputs = text[0..<64], following = text[1...].flattened()
    return Training(Adam(parameters)) {
      output(network(characters(inputs))).reshaped([-1, 65]).crossEntropy(following)
    }
  }

  private static func gpt() -> Training {
    let characters = Embedding<E>(65, 128), places = Embedding<E>(64, 128)
    let layers = (0..<4).map { _ in
      TransformerEncoderLayer<E>(
        128, heads: 4, feedForward: 512, dropout: 0, activation: .gelu, normFirst: true)
    }
    let norm = LayerNorm<E>(128), output = Linear<E>(128, 65, bias: false)
    let parameters =
      characters.parameters + places.parameters + layers.flatMap(\.parameters) + norm.parameters
      + output.parameters
    var numpy = NumPyRandom(seed: 0)
    fill(parameters, &numpy)
    let text = Tensor((0..<12 * 65).map { $0 * 7919 % 65 }, shape: [12, 65])
    let inputs = text[0..., 0..<64], following = text[0..., 1...].flattened()
    return Training(AdamW(parameters)) {
      let x = layers.reduce(characters(inputs) + places.weight) { $1($0, isCausal: true) }
      return output(norm(x)).reshaped([-1, 65]).crossEntropy(following)
    }
  }
}
