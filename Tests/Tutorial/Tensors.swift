import Martlet

func tensors() throws {
  let five = Tensor<Double>([1, 2, 3, 4, 5])
  print(five)
  print(five + five)

  let table = Tensor<Float>([[1, 2, 3], [4, 5, 6]])
  print(table.shape, table.rank, table.count)
  print(Tensor<Float>.zeros([2, 2]), Tensor<Int>.arange(0, 10, step: 3))

  let odd = table * 2 - 1
  print(table + Tensor([10, 20, 30]))
  print(odd)
  print(odd > 4)

  print(table.matmul(table.transposed()))

  do {
    try catchingTensorErrors { _ = table.matmul(table) }
  } catch let error as TensorError {
    print(error.operation, "refused:", error.reason)
  }

  print(table[1], table[0..., 1], table[-1, 0].item)
  let row = table[0]
  row.fill(7)
  table[1, 2] = 0
  print(table)

  var a = table
  let b = a
  a += 1
  print(b[0], a[0], table.cloned().scalars)
}
