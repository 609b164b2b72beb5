import Martlet

func training() throws {
  let data = Tensor<Double>([[0, 0], [0, 1], [1, 0], [1, 1]])
  let target = Tensor<Double>([[0], [1], [0], [1]])

  var random = NumPyRandom(seed: 0)
  let w0 = random.uniform([2, 3])
  let w1 = random.uniform([3, 1])
  w0.requiresGrad = true
  w1.requiresGrad = true
  print(w0)

  var losses: [Double] = []
  for _ in 0..<10 {
    let prediction = data.matmul(w0).matmul(w1)
    let difference = prediction - target
    let loss = (difference * difference).sum()
    loss.backward()
    noGrad {
      for w in [w0, w1] {
        w.add(w.grad!, scaledBy: -0.05)
        w.zeroGrad()
      }
    }
    losses.append(loss.item)
  }
  print(Tensor(losses))

  random = NumPyRandom(seed: 0)
  let v0 = random.uniform([2, 3])
  let v1 = random.uniform([3, 1])
  v0.requiresGrad = true
  v1.requiresGrad = true
  let optimizer = SGD([v0, v1], learningRate: 0.05)
  var others: [Double] = []
  for _ in 0..<10 {
    let difference = data.matmul(v0).matmul(v1) - target
    let loss = (difference * difference).sum()
    loss.backward()
    optimizer.step()
    others.append(loss.item)
  }
  print(others == losses)

  let w = Tensor<Double>([1], requiresGrad: true)
  let slow = SGD([w], learningRate: 0.1)
  (w * w).sum().backward()
  slow.step(zeroGrad: false)
  print(w.item, w.grad!.item)
  slow.zeroGrad()
  print(w.grad as Any)
}
