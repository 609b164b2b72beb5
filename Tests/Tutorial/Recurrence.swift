import Martlet

func recurrence() throws {
  let cell = RNNCell(inputs: 2, hidden: 3, outputs: 2)
  let state = cell.initialState(batchSize: 4)
  let (output, next) = cell(Tensor.ones([4, 2]), state)
  print(output.shape, next.shape)
  print(cell.namedParameters.map(\.name))

  let sentences = [
    "mary moved to the kitchen", "john moved to the garden", "sandra moved to the office",
  ].map { $0.split(separator: " ").map(String.init) }
  let vocabulary = Set(sentences.joined()).sorted()
  print(vocabulary)
  func column(_ place: Int) -> Tensor<Int> {
    Tensor(sentences.map { vocabulary.firstIndex(of: $0[place])! })
  }
  print(column(0))

  seedRandom(1)
  let embedding = Embedding<Double>(vocabulary.count, 8)
  let reader = RNNCell<Double>(inputs: 8, hidden: 16, outputs: vocabulary.count, activation: .tanh)
  let optimizer = Adam(embedding.parameters + reader.parameters, learningRate: 0.01)

  func predict() -> Tensor<Double> {
    var state = reader.initialState(batchSize: sentences.count)
    var output = state
    for place in 0..<4 { (output, state) = reader(embedding(column(place)), state) }
    return output
  }

  for step in 0...100 {
    let loss = predict().crossEntropy(column(4))
    if step % 50 == 0 { print(step, loss.reshaped([1])) }
    loss.backward()
    optimizer.step()
  }
  print(predict().argmax(axis: 1).scalars.map { vocabulary[$0] })
}
