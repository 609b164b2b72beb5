import Martlet

func pyTorchAutograd() throws {
  let x = Tensor<Double>.ones([2, 2], requiresGrad: true)
  let y = x + 2
  print(x.isLeaf, x.gradFunction == nil)
  print(y.isLeaf, y.gradFunction!.name)

  let v = Tensor<Double>([1, 2, 3], requiresGrad: true)
  let w = Tensor<Double>([1, 10, 100])
  (v * v).backward(w)
  print(v.grad!)
  v.zeroGrad()
  (v * v * w).sum().backward()
  print(v.grad!)
  do {
    try catchingTensorErrors { (v * v).backward() }
  } catch let error as TensorError {
    print(error.reason)
  }

  (y * y * 3).mean().backward()
  print(x.grad!)
  x.sum().backward()
  print(x.grad!)
  x.zeroGrad()
  x.sum().backward()
  print(x.grad!)

  let a = Tensor<Double>([2, 3, 4])
  let b = (a * 3) / (a - 1)
  print(b.requiresGrad)
  b.requiresGrad = true
  print(b.requiresGrad, (b * b).sum().gradFunction!.name)

  let origin = Tensor<Double>([1, 2, 3], requiresGrad: true)
  let shadow = origin.detached()
  shadow.fill(7)
  print(shadow.requiresGrad, shadow.isLeaf, origin)

  let s = Tensor<Double>([1], requiresGrad: true)
  print(noGrad { (s * 2).requiresGrad }, (s * 2).requiresGrad)
  let twice = 2 * s
  noGrad { s.multiply(by: 100) }
  twice.backward()
  print(s, s.grad!)

  let t = Tensor<Double>([1, 2, 3], requiresGrad: true)
  let square = (t * t).sum()
  t.detached().fill(0)
  do {
    try catchingTensorErrors { square.backward() }
  } catch let error as TensorError {
    print(error.reason)
  }
}
