import Martlet

func operations() throws {
  let x = Tensor<Double>([[1, 2, 3], [4, 5, 6]], requiresGrad: true)
  func gradient(_ y: Tensor<Double>) -> Tensor<Double> { y.sum().gradient(of: x) }

  let ten = Tensor<Double>.full([2, 3], 10)
  print(gradient(-x))
  print(gradient(ten - x))
  print(gradient(ten * x))
  print(gradient(x * x))

  let weights = Tensor<Double>([1, 10, 100])
  print(gradient(x.sum(axis: 0) * weights))

  let bias = Tensor<Double>([1, 2, 3], requiresGrad: true)
  bias.repeated(4, insertingAxisAt: 0).sum().backward()
  print(bias.grad!)

  bias.zeroGrad()
  (x.detached() * weights + bias).sum().backward()
  print(bias.grad!)

  print(gradient(x.transposed() * Tensor([[1, 2], [3, 4], [5, 6]])))

  let matrix = Tensor<Double>([[1, 0], [1, 1], [0, 2]], requiresGrad: true)
  x.matmul(matrix).sum().backward()
  print(x.grad!)
  print(matrix.grad!)

  try checkGradients(at: [x, matrix]) { ($0[0].matmul($0[1]) * 0.1).tanh().sum() }
  print("as the differences say")

  let u = Tensor<Double>([1, 2, 3], requiresGrad: true)
  let slope = (u * u * u).sum().gradient(of: u, createGraph: true)
  print(slope, slope.sum().gradient(of: u))
}
