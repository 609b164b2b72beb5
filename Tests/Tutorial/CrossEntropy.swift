import Martlet

func crossEntropy() throws {
  let p = Tensor<Double>([1, 0, 0])
  let q = Tensor<Double>([0.66, 0.24, 0.10])
  print(-p * q.log())
  print((-p * q.log()).sum(axis: 0, keepDims: true))

  for q in [[0.9, 0.05, 0.05], [0.66, 0.24, 0.10], [0.34, 0.33, 0.33], [0.01, 0.98, 0.01]] {
    print(q, (-p * Tensor(q).log()).sum(axis: 0, keepDims: true))
  }

  let spread = Tensor<Double>([0.5, 0.25, 0.25])
  print((-spread * spread.log()).sum(axis: 0, keepDims: true))
  print((-spread * q.log()).sum(axis: 0, keepDims: true))

  let logits = Tensor<Double>([[2, 1, 0.1]], requiresGrad: true)
  print(logits.softmax(axis: 1))

  let loss = logits.crossEntropy(Tensor<Int>([0]))
  print(loss.reshaped([1]))
  loss.backward()
  print(logits.grad!)
  print(Tensor<Double>([[1000, 0, 0]]).crossEntropy(Tensor<Int>([1])).item)
}
