import Martlet

func autograd() throws {
  let x = Tensor<Double>([1, 2, 3, 4, 5], requiresGrad: true)
  let y = Tensor<Double>([2, 2, 2, 2, 2], requiresGrad: true)
  let z = x + y
  print(z.gradFunction!.name, z.gradFunction!.inputs.map(\.name))

  z.backward(Tensor([1, 1, 1, 1, 1]))
  print(x.grad!, y.grad!)

  func show(_ function: GradFunction, depth: Int = 0) {
    print(String(repeating: "  ", count: depth) + function.name)
    for input in function.inputs { show(input, depth: depth + 1) }
  }
  let w = Tensor<Double>([1, 10, 100, 1000, 10000], requiresGrad: true)
  show(((x + y) * w).sum().gradFunction!)

  let a = Tensor<Double>([1, 2, 3, 4, 5], requiresGrad: true)
  let b = Tensor<Double>([2, 2, 2, 2, 2], requiresGrad: true)
  let c = Tensor<Double>([5, 4, 3, 2, 1], requiresGrad: true)
  let d = a + b
  let e = b + c
  let f = d + e
  f.backward(Tensor([1, 1, 1, 1, 1]))
  print(b.grad!)

  let start = Tensor<Double>([1], requiresGrad: true)
  var sum = start
  for _ in 0..<60 { sum = sum + sum }
  sum.backward(Tensor([1]))
  print(start.grad!.item == 0x1p60)

  let fixed = Tensor<Double>([3, 3, 3, 3, 3])
  print((fixed * 2).requiresGrad, (fixed * x).requiresGrad, (fixed * x).gradFunction!.inputs.count)
}
