import MartletCore
import TestSupport
import Testing

/// The product by its definition. A vector is a row on the left and a column on the right; leading axes are
/// broadcast.
private func product(_ inputs: [Grid]) -> Grid {
  var a = inputs[0], b = inputs[1]
  let isRow = a.shape.count == 1, isColumn = b.shape.count == 1
  if isRow { a = Grid([1] + a.shape, values: a.values) }
  if isColumn { b = Grid(b.shape + [1], values: b.values) }
  let m = a.shape[a.shape.count - 2], k = a.shape.last!, n = b.shape.last!
  let batch = Grid.broadcastShape([a.shape.dropLast(2).map { $0 }, b.shape.dropLast(2).map { $0 }])
  a = a.broadcast(to: batch + [m, k])
  b = b.broadcast(to: batch + [k, n])
  let c = Grid(batch + [m, n]) { index in
    let at = Array(index.dropLast(2)), row = index[index.count - 2], column = index.last!
    return (0..<k).reduce(0) { $0 + a[at + [row, $1]] * b[at + [$1, column]] }
  }
  return Grid(batch + (isRow ? [] : [m]) + (isColumn ? [] : [n]), values: c.values)
}

/// x · weightᵀ + bias.
private func affine(_ inputs: [Grid]) -> Grid {
  let x = inputs[0], w = inputs[1]
  return Grid(x.shape.dropLast() + [w.shape[0]]) { index in
    let row = Array(index.dropLast()), o = index.last!
    return (0..<w.shape[1]).reduce(inputs.count > 2 ? inputs[2][o] : 0) { $0 + x[row + [$1]] * w[o, $1] }
  }
}

private let shapes: [[[Int]]] =
  [
    [[3, 4], [4, 5]], [[1, 1], [1, 1]], [[1, 7], [7, 3]], [[5, 1], [1, 6]], [[3, 4], [4, 1]],
    [[17, 33], [33, 16]],
    [[0, 4], [4, 5]], [[3, 0], [0, 5]], [[3, 4], [4, 0]],
    [[4], [4]], [[4], [4, 5]], [[3, 4], [4]], [[0], [0]], [[2, 3, 4], [4]], [[4], [2, 4, 3]],
    [[2, 3, 4], [4, 5]], [[3, 4], [2, 4, 5]], [[2, 3, 4], [2, 4, 5]], [[1, 3, 4], [2, 4, 5]],
    [[2, 1, 3, 4], [3, 4, 2]], [[0, 3, 4], [0, 4, 2]],
  ] + (1...67).map { [[2, $0], [$0, 3]] }

struct MatrixProductCases {
  /// The bound for a sum of k = 67 products in any order, fused or not: k roundings are k / 2 units of Σ|a
  /// b|.
  static let anyOrder = Bound.ulpsOfMagnitudes(34)

  static let matmul: [OpCase] = [
    OpCase(
      "Matmul", inputs: shapes, bound: anyOrder, f32: { $0[0].matmul($0[1]) }, f64: { $0[0].matmul($0[1]) },
      reference: { product($0) },
      misuse: [
        Misuse(
          "inner dimensions",
          "matmul: inner dimensions differ: [2, 3] × [4, 5]; 3 ≠ 4 (MatrixProductCases.swift:"
        ) { _ = Tensor<Float>.ones([2, 3]).matmul(.ones([4, 5])) },
        Misuse("vectors", "matmul: inner dimensions differ") {
          _ = Tensor<Float>.ones([2]).matmul(.ones([3]))
        },
        Misuse("scalar", "matmul: a scalar has no matrix product: [] × [3]; use *") {
          _ = Tensor<Float>(2).matmul(.ones([3]))
        },
        Misuse("leading axes", "matmul: leading axes do not broadcast: [2, 5, 3] × [4, 3, 1]") {
          _ = Tensor<Float>.ones([2, 5, 3]).matmul(.ones([4, 3, 1]))
        },
      ]),
    OpCase(
      "Matmul", "on plain loops", inputs: shapes, bound: anyOrder,
      f32: { x in withMatrixProducts(.naive) { x[0].matmul(x[1]) } },
      f64: { x in withMatrixProducts(.naive) { x[0].matmul(x[1]) } }, reference: { product($0) }),
    OpCase(
      "Matmul", "transposed operands",
      inputs: [[[4, 3], [5, 4]], [[7, 1], [2, 7]], [[33, 17], [16, 33]]],
      bound: anyOrder, f32: { $0[0].transposed().matmul($0[1].transposed()) },
      f64: { $0[0].transposed().matmul($0[1].transposed()) },
      reference: { x in
        product(x.map { m in Grid(m.shape.reversed()) { m[$0[1], $0[0]] } })
      }),
    OpCase(
      "Matmul", "by itself", inputs: [[[3, 3]], [[5, 5]]], bound: anyOrder, f32: { $0[0].matmul($0[0]) },
      f64: { $0[0].matmul($0[0]) }, reference: { product([$0[0], $0[0]]) }),
  ]

  static let linear: [OpCase] = [
    OpCase(
      "Linear", "with a bias",
      inputs: [
        [[2, 3], [4, 3], [4]], [[1, 1], [1, 1], [1]], [[3], [4, 3], [4]], [[2, 5, 3], [4, 3], [4]],
        [[0, 3], [4, 3], [4]], [[2, 0], [4, 0], [4]],
      ] + (1...67).map { [[3, $0], [2, $0], [2]] }, bound: anyOrder,
      f32: { $0[0].linear(weight: $0[1], bias: $0[2]) }, f64: { $0[0].linear(weight: $0[1], bias: $0[2]) },
      reference: { affine($0) },
      misuse: [
        Misuse("inputs", "linear: inputs of shape [2, 3] do not match a weight of shape [4, 5]") {
          _ = Tensor<Float>.ones([2, 3]).linear(weight: .ones([4, 5]))
        },
        Misuse("bias", "linear: a bias of shape [3] does not match a weight of shape [4, 3]") {
          _ = Tensor<Float>.ones([2, 3]).linear(weight: .ones([4, 3]), bias: .ones([3]))
        },
      ]),
    OpCase(
      "Linear", "without a bias",
      inputs: [
        [[2, 3], [4, 3]], [[3], [4, 3]], [[2, 5, 3], [4, 3]], [[130, 3], [5, 3]], [[2, 0], [4, 0]],
      ],
      bound: anyOrder, f32: { $0[0].linear(weight: $0[1]) }, f64: { $0[0].linear(weight: $0[1]) },
      reference: { affine($0) }),
  ]

  @Test(arguments: matmul + linear)
  func behaves(_ op: OpCase) { verify(op) }

  /// Freivalds' check of products that several threads share: A (B r) = (A B) r for a random r of ±1
  /// (Freivalds 1977), with the exact sums of small integers.
  @Test(arguments: [(260, 250, 240), (1000, 90, 100), (97, 1100, 90), (513, 127, 129), (3, 700, 521)])
  func productsOnSeveralThreads(_ m: Int, _ k: Int, _ n: Int) {
    var random = SampleRandom(seed: UInt64(m))
    func integers(_ rows: Int, _ columns: Int) -> [Double] {
      (0..<rows * columns).map { _ in Double(Int(truncatingIfNeeded: random.next() >> 60) - 8) }
    }
    let a = integers(m, k), b = integers(k, n), r = (0..<n).map { _ in random.next() & 1 == 0 ? 1.0 : -1 }
    func times(_ matrix: [Double], _ rows: Int, _ columns: Int, _ x: [Double]) -> [Double] {
      matrix.withUnsafeBufferPointer { matrix in
        (0..<rows).map { i in (0..<columns).reduce(0) { $0 + matrix[i * columns + $1] * x[$1] } }
      }
    }
    let expected = times(a, m, k, times(b, k, n, r))
    for threads in [1, 2, 3, 7] {
      let products = withThreads(threads) {
        let a = Tensor(a, shape: [m, k]), b = Tensor(b, shape: [k, n])
        let columnsOfA = a.transposed().cloned().transposed(), rowsOfB = b.transposed().cloned()
        let batch = Tensor.stacked([a, -a, 2 * a]).matmul(Tensor.stacked([b, -b, b]))
        return [
          a.matmul(b), columnsOfA.matmul(rowsOfB.transposed()),
          a.linear(weight: rowsOfB, bias: .ones([n])) - 1, batch[0], batch[1], batch[2] / 2,
        ].map(\.scalars)
      }
      for (i, c) in products.enumerated() {
        #expect(times(c, m, n, r) == expected, "\(threads) threads, product \(i)")
      }
    }
  }

  @Test func anInnerDimensionStopsTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor<Float>.ones([2, 3]).matmul(Tensor<Float>.ones([4, 5]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      text.contains("matmul: inner dimensions differ: [2, 3] × [4, 5]; 3 ≠ 4 (MatrixProductCases.swift:"))
  }
}
