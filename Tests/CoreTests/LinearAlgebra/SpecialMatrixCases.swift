import MartletCore
import TestSupport
import Testing

private func blockDiagonal(_ x: [Grid]) -> Grid {
  let shapes = x.map { [$0.shape.count == 2 ? $0.shape[0] : 1, $0.shape.last ?? 1] }
  let (rows, columns) = (shapes.reduce(0) { $0 + $1[0] }, shapes.reduce(0) { $0 + $1[1] })
  return Grid([rows, columns]) { index in
    var (i, j) = (index[0], index[1])
    for (grid, shape) in zip(x, shapes) {
      if i < shape[0] { return (0..<shape[1]).contains(j) ? grid.values[i * shape[1] + j] : 0 }
      i -= shape[0]
      j -= shape[1]
    }
    return 0
  }
}

@Suite struct SpecialMatrixCases {
  static let cases: [OpCase] = [
    OpCase(
      "Concatenate", "Vandermonde matrices", inputs: [[[4]], [[2, 3]], [[1]], [[0]]], bound: .ulps(4),
      f32: { $0[0].vander() }, f64: { $0[0].vander() },
      reference: { x in
        Grid(x[0].shape + [x[0].shape.last!]) { index in
          (0..<index.last!).reduce(1) { power, _ in power * x[0][Array(index.dropLast())] }
        }
      }),
    OpCase(
      "Concatenate", "Vandermonde matrices of more columns", inputs: [[[3]]], domain: -1.5...1.5,
      bound: .ulps(4), f32: { $0[0].vander(columns: 6) }, f64: { $0[0].vander(columns: 6) },
      reference: { x in
        Grid([3, 6]) { index in (0..<index[1]).reduce(1) { power, _ in power * x[0][index[0]] } }
      }),
    OpCase(
      "Concatenate", "blocks on a diagonal",
      inputs: [[[2, 3], [1, 1], [4]], [[2, 2], [0, 2], []], [[0, 0], [1], []]],
      f32: { Tensor.blockDiagonal($0) }, f64: { Tensor.blockDiagonal($0) }, reference: { blockDiagonal($0) }),
    OpCase(
      "Norm", "limited", inputs: [[[3, 4]], [[2, 3, 2]]], bound: .ulps(16, floor: 4),
      f32: { $0[0].renorm(axis: 0, maxNorm: 2) }, f64: { $0[0].renorm(p: 2, axis: 0, maxNorm: 2) },
      reference: { x in
        let width = x[0].values.count / x[0].shape[0]
        return Grid(
          x[0].shape,
          values: x[0].values.indices.map { i in
            let row = x[0].values[i / width * width..<(i / width + 1) * width]
            let norm = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return norm > 2 ? x[0].values[i] * 2 / (norm + 1e-7) : x[0].values[i]
          })
      }),
  ]

  @Test(arguments: cases) func behaves(_ op: OpCase) { verify(op) }

  @Test func fewColumnsAndIntegers() {
    #expect(Tensor<Float>([2, 3]).vander(columns: 0).shape == [2, 0])
    #expect(Tensor<Float>([2, 3]).vander(columns: 1).scalars == [1, 1])
    #expect(Tensor<Float>([2, 3]).vander(columns: 3).flipped(axis: -1).scalars == [4, 2, 1, 9, 3, 1])
    #expect(Tensor.blockDiagonal([Tensor<Int>([[1, 2]]), Tensor<Int>([3])]).scalars == [1, 2, 0, 0, 0, 3])
    #expect(Tensor<Float>.zeros([0, 2]).renorm(axis: 0, maxNorm: 1).shape == [0, 2])
  }

  /// torch.renorm of [[3, 4], [0.3, 0.4]] with p = 2, axis 0 and the norm 1, and p = 1 along axis 1.
  @Test func valuesOfPyTorch() {
    let x = Tensor<Double>([[3, 4], [0.3, 0.4]], requiresGrad: true)
    let y = x.renorm(axis: 0, maxNorm: 1)
    expectClose(y.scalars, [0.6, 0.8, 0.3, 0.4], within: 1, scales: [1e9, 1e9, 1, 1])
    expectClose(
      y.sum().gradient(of: x).scalars, [0.032, -0.024, 1, 1], within: 1, scales: [1e9, 1e9, 1, 1])
  }
}
