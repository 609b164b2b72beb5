import Martlet

func layers() throws {
  let layer = Linear(2, 3)
  print(layer(Tensor.ones([4, 2])).shape)
  for (name, parameter) in layer.namedParameters { print(name, parameter.shape, parameter.requiresGrad) }

  let stack = Sequential {
    Linear(2, 3)
    Linear(3, 1)
  }
  print(stack(Tensor.ones([4, 2])).shape, stack.namedParameters.map(\.name))

  final class Residual: Layer {
    let inner = Linear(3, 3)
    let scale = Tensor<Float>.ones([3], requiresGrad: true)
    func forward(_ x: Tensor<Float>) -> Tensor<Float> { x + inner(x) * scale }
  }
  print(Residual().namedParameters.map(\.name))

  let data = Tensor<Double>([[0, 0], [0, 1], [1, 0], [1, 1]])
  let target = Tensor<Double>([[0], [1], [0], [1]])

  func train(_ model: Sequential<Tensor<Double>, Tensor<Double>>, learningRate: Double) {
    let criterion = MSELoss<Double>(reduction: .sum)
    let optimizer = SGD(model.parameters, learningRate: learningRate)
    var losses: [Double] = []
    for _ in 0..<10 {
      let loss = criterion(model(data), target)
      loss.backward()
      optimizer.step()
      losses.append(loss.item)
    }
    print(Tensor(losses))
  }

  var random = NumPyRandom(seed: 0)
  func skip(_ count: Int) { for _ in 0..<count { _ = random.integer(below: 100_000) } }
  func linear(_ inputs: Int, _ outputs: Int) -> Linear<Double> {
    let weight = random.normal([inputs, outputs]) * (2 / Double(inputs)).squareRoot()
    skip(2)
    return Linear(weight: weight.transposed(), bias: .zeros([outputs]))
  }

  skip(2)
  let straight = Sequential {
    linear(2, 3)
    linear(3, 1)
  }
  train(straight, learningRate: 0.05)

  let x = Tensor<Double>([-2, 0, 2], requiresGrad: true)
  print(x.tanh().detached(), x.sigmoid().detached(), x.relu().detached())
  print(x.sigmoid().sum().gradient(of: x))

  random = NumPyRandom(seed: 0)
  skip(2)
  let bent = Sequential {
    linear(2, 3)
    Tanh<Double>()
    linear(3, 1)
    Sigmoid<Double>()
  }
  train(bent, learningRate: 1)

  seedRandom(3)
  let model = Sequential {
    Linear<Double>(2, 8)
    Tanh<Double>()
    Linear<Double>(8, 1)
    Sigmoid<Double>()
  }
  let optimizer = Adam(model.parameters, learningRate: 0.05)
  let exclusive = Tensor<Double>([[0], [1], [1], [0]])
  for _ in 0..<500 {
    MSELoss<Double>()(model(data), exclusive).backward()
    optimizer.step()
  }
  print(model(data) .> 0.5)
}
