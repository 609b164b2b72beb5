// `article [seed]` runs the article's four programs, with all random numbers from NumPy's stream. The default
// seed is 0. Each program prints the losses of ten steps, one in a line.

import Martlet

guard CommandLine.arguments.count <= 2, let seed = UInt32(CommandLine.arguments.dropFirst().first ?? "0")
else {
  fatalError("usage: article [seed], a number from 0 to 4294967295")
}

let data = Tensor<Double>([[0, 0], [0, 1], [1, 0], [1, 1]])
let target = Tensor<Double>([[0], [1], [0], [1]])

/// Draws and discards numbers: the article draws an identity number for every tensor.
func discard(_ count: Int, from random: inout NumPyRandom) {
  for _ in 0..<count { _ = random.integer(below: 100_000) }
}

/// Makes the article's layer with weights normal · √(2 / inputs) and bias zero. The article's weights are
/// `[inputs, outputs]`, Martlet's `[outputs, inputs]`.
func linear(_ inputs: Int, _ outputs: Int, from random: inout NumPyRandom) -> Linear<Double> {
  let weight = random.normal([inputs, outputs]) * (2 / Double(inputs)).squareRoot()
  discard(2, from: &random)
  return Linear(weight: weight.transposed(), bias: .zeros([outputs]))
}

/// Trains for ten steps, and prints the loss of each.
func train(_ parameters: [Tensor<Double>], learningRate: Double, loss: () -> Tensor<Double>) {
  let optimizer = SGD(parameters, learningRate: learningRate)
  for _ in 0..<10 {
    let value = loss()
    value.backward()
    optimizer.step()
    print(value.item)
  }
}

print("1. Two weight matrices, updated by hand")
do {
  var random = NumPyRandom(seed: seed)
  let w0 = random.uniform([2, 3]), w1 = random.uniform([3, 1])
  w0.requiresGrad = true
  w1.requiresGrad = true
  for _ in 0..<10 {
    let difference = data.matmul(w0).matmul(w1) - target
    let loss = (difference * difference).sum(axis: 0)
    loss.backward(.ones(loss.shape))
    noGrad {
      for w in [w0, w1] {
        w.add(w.grad!, scaledBy: -0.05)
        w.zeroGrad()
      }
    }
    print(loss[0].item)
  }
}

let squares = MSELoss<Double>(reduction: .sum)

print("2. Sequential of two linear layers")
do {
  var random = NumPyRandom(seed: seed)
  discard(2, from: &random)
  let model = Sequential {
    linear(2, 3, from: &random); linear(3, 1, from: &random)
  }
  train(model.parameters, learningRate: 0.05) { squares(model(data), target) }
}

print("3. Tanh and sigmoid layers")
do {
  var random = NumPyRandom(seed: seed)
  discard(2, from: &random)
  let model = Sequential {
    linear(2, 3, from: &random)
    Tanh<Double>()
    linear(3, 1, from: &random)
    Sigmoid<Double>()
  }
  train(model.parameters, learningRate: 1) { squares(model(data), target) }
}

print("4. Embedding and cross-entropy")
do {
  var random = NumPyRandom(seed: seed)
  discard(2, from: &random)
  let embedding = Embedding<Double>(weight: (random.uniform([3, 3]) - 0.5) / 3)
  discard(1, from: &random)
  let model = Sequential {
    embedding; Tanh<Double>(); linear(3, 4, from: &random)
  }
  let words = Tensor<Int>([1, 2, 1, 2]), next = Tensor<Int>([0, 1, 0, 1])
  let criterion = CrossEntropyLoss<Double>()
  train(model.parameters, learningRate: 0.4) { criterion(model(words), next) }
}
