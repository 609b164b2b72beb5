import Martlet

func embeddings() throws {
  let table = Tensor<Double>([[1, 2], [3, 4], [5, 6]], requiresGrad: true)
  let picks = Tensor<Int>([1, 2, 1])
  print(table[picks].detached())

  (table[picks] * Tensor([[1], [10], [100]])).sum().backward()
  print(table.grad!)

  let embedding = Embedding<Double>(weight: Tensor([[1, 2], [3, 4], [5, 6]]))
  print(embedding(Tensor<Int>([[0, 1], [2, 2]])).shape)

  let logits = Tensor<Double>([[2, 1, 0.1], [0, 0, 0]])
  let right = Tensor<Int>([0, 2])
  print(CrossEntropyLoss<Double>(reduction: .none)(logits, right))
  print(CrossEntropyLoss<Double>()(logits, right).reshaped([1]))
  print(logits.argmax(axis: 1))

  var random = NumPyRandom(seed: 0)
  func skip(_ count: Int) { for _ in 0..<count { _ = random.integer(below: 100_000) } }
  skip(2)
  let words = Embedding<Double>(weight: (random.uniform([3, 3]) - 0.5) / 3)
  skip(1)
  let weight = random.normal([3, 4]) * (2.0 / 3.0).squareRoot()
  let output = Linear<Double>(weight: weight.transposed(), bias: .zeros([4]))

  let model = Sequential {
    words
    Tanh<Double>()
    output
  }
  let criterion = CrossEntropyLoss<Double>()
  let optimizer = SGD(model.parameters, learningRate: 0.4)
  let word = Tensor<Int>([1, 2, 1, 2]), next = Tensor<Int>([0, 1, 0, 1])
  var losses: [Double] = []
  for _ in 0..<10 {
    let loss = criterion(model(word), next)
    loss.backward()
    optimizer.step()
    losses.append(loss.item)
  }
  print(Tensor(losses))
  print(model(word).argmax(axis: 1))
}
