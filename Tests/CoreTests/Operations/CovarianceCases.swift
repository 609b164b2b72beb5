import MartletCore
import TestSupport
import Testing

/// The covariances of the rows of matrices: the sums of the products of the deviations, with a weight for each
/// observation, divided by `freedom`.
private func covariance(_ x: Grid, _ weights: [Extended], freedom: Extended) -> Grid {
  let batch = Array(x.shape.dropLast(2)), n = x.shape.last!, total = weights.reduce(0, +)
  return Grid(batch + [x.shape[batch.count], x.shape[batch.count]]) { index in
    let at = Array(index.dropLast(2))
    let rows = index.suffix(2).map { row in (0..<n).map { x[at + [row, $0]] } }
    let means = rows.map { row in zip(row, weights).reduce(0) { $0 + $1.0 * $1.1 } / total }
    return (0..<n).reduce(0) {
      $0 + weights[$1] * (rows[0][$1] - means[0]) * (rows[1][$1] - means[1])
    } / freedom
  }
}

private func ones(_ x: Grid) -> [Extended] { x.shape.last.map { Array(repeating: 1, count: $0) }! }

private func correlation(_ x: Grid) -> Grid {
  let c = covariance(x, ones(x), freedom: 1)
  return Grid(c.shape) { index in
    let at = Array(index.dropLast(2)), i = index[index.count - 2], j = index.last!
    return i == j ? 1 : c[index] / (c[at + [i, i]] * c[at + [j, j]]).squareRoot()
  }
}

struct CovarianceCases {
  static let cases: [OpCase] = [
    OpCase(
      "Matmul", "covariance", inputs: [[[3, 5]], [[2, 3, 4]], [[1, 7]], [[17, 33]]],
      bound: .ulps(32, floor: 8),
      f32: { $0[0].covariance() }, f64: { $0[0].covariance() },
      reference: { covariance($0[0], ones($0[0]), freedom: Extended($0[0].shape.last! - 1)) }),
    OpCase(
      "Matmul", "covariance of a vector", inputs: [[[5]]], bound: .ulps(32, floor: 8),
      f32: { $0[0].covariance(correction: 0) }, f64: { $0[0].covariance(correction: 0) },
      reference: { x in
        let row = Grid([1] + x[0].shape, values: x[0].values)
        return Grid([], values: covariance(row, ones(x[0]), freedom: 5).values)
      }),
    OpCase(
      "Matmul", "covariance with weights", inputs: [[[3, 5], [5], [5]]], domains: [-3...3, 1...3, 0.5...1],
      bound: .ulps(64, floor: 8), f32: { $0[0].covariance(frequencies: $0[1], weights: $0[2]) },
      f64: { $0[0].covariance(frequencies: $0[1], weights: $0[2]) },
      reference: { x in
        let a = x[2].values, w = zip(x[1].values, a).map(*), total = w.reduce(0, +)
        return covariance(x[0], w, freedom: total - zip(w, a).reduce(0) { $0 + $1.0 * $1.1 } / total)
      }),
    OpCase(
      "Matmul", "covariance with frequencies", inputs: [[[3, 5], [5]]], domains: [-3...3, 1...3],
      bound: .ulps(64, floor: 8), f32: { $0[0].covariance(correction: 0.5, frequencies: $0[1]) },
      f64: { $0[0].covariance(correction: 0.5, frequencies: $0[1]) },
      reference: { x in covariance(x[0], x[1].values, freedom: x[1].values.reduce(0, +) - 0.5) }),
    OpCase(
      "Matmul", "correlation", inputs: [[[3, 5]], [[2, 3, 4]]], bound: .ulps(64, floor: 1),
      f32: { $0[0].correlation() }, f64: { $0[0].correlation() }, reference: { correlation($0[0]) }),
  ]

  @Test(arguments: cases) func behaves(_ op: OpCase) { verify(op) }

  /// The values of torch.cov and torch.corrcoef.
  @Test func valuesOfPyTorch() {
    let x = Tensor<Double>([[1, 2, 4], [3, 1, 5]])
    #expect(
      x.covariance(correction: 0, frequencies: Tensor([1, 2, 1])).scalars == [1.1875, 1.125, 1.125, 2.75])
    #expect(
      Tensor<Double>([1, 2, 6]).covariance().item == 7 && Tensor<Double>([1, 2]).correlation().item == 1)
    #expect(Tensor<Double>([[1]]).covariance().item.isNaN && Tensor<Double>([2, 2]).correlation().item.isNaN)
    #expect(Tensor<Double>.ones([0, 3]).covariance().shape == [0, 0])
    #expect(Tensor<Double>.ones([2, 0]).covariance().scalars.allSatisfy { $0.isNaN })
  }
}
