import Martlet

func whyAFramework() throws {
  let x = Tensor<Double>([[0, 1], [1, 0], [1, 1]])
  let target = Tensor<Double>([[1], [0], [1]])
  let w0 = Tensor<Double>([[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]])
  let w1 = Tensor<Double>([[0.3], [0.2], [0.1]])

  let hidden = x.matmul(w0)
  let difference = hidden.matmul(w1) - target
  print((difference * difference).sum(axis: 0))

  let outputGradient = difference * 2
  let w1Gradient = hidden.transposed().matmul(outputGradient)
  let hiddenGradient = outputGradient.matmul(w1.transposed())
  let w0Gradient = x.transposed().matmul(hiddenGradient)
  print(w0Gradient)
  print(w1Gradient)

  w0.requiresGrad = true
  w1.requiresGrad = true
  let again = x.matmul(w0).matmul(w1) - target
  (again * again).sum().backward()
  print(w0.grad!)
  print(w1.grad!)
}
