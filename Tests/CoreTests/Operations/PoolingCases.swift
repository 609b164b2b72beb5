import MartletCore
import TestSupport
import Testing

/// The pooled values of adjacent windows of 2 by 2.
private func windows(_ x: Grid, _ fold: ([Extended]) -> Extended) -> Grid {
  Grid([x.shape[0], x.shape[1], x.shape[2] / 2, x.shape[3] / 2]) { i in
    fold([0, 1].flatMap { row in [0, 1].map { x[i[0], i[1], 2 * i[2] + row, 2 * i[3] + $0] } })
  }
}

/// Increasing images of twice the extents: the largest element of each window of 2 by 2 is its last.
private func rising<E: DifferentiableScalar>(_ g: Tensor<E>) -> Tensor<E> {
  let shape: TensorShape = [g.shape[0], g.shape[1], 2 * g.shape[2], 2 * g.shape[3]]
  return Tensor((0..<shape.reduce(1, *)).map { E($0) }, shape: shape, requiresGrad: true)
}

private func scatter<E: DifferentiableScalar>(_ g: Tensor<E>) -> Tensor<E> {
  let x = rising(g)
  return x.maxPool(kernelSize: 2).gradient(of: x, seed: g, createGraph: true)
}

private func pick<E: DifferentiableScalar>(_ x: Tensor<E>) -> Tensor<E> {
  let g = Tensor<E>.ones([x.shape[0], x.shape[1], x.shape[2] / 2, x.shape[3] / 2], requiresGrad: true)
  return scatter(g).gradient(of: g, seed: x, createGraph: true)
}

private func spread<E: DifferentiableScalar>(_ g: Tensor<E>) -> Tensor<E> {
  let x = rising(g)
  return x.averagePool(kernelSize: 2).gradient(of: x, seed: g, createGraph: true)
}

struct PoolingCases {
  private static let images: [[[Int]]] = [
    [[2, 3, 4, 6]], [[1, 1, 2, 2]], [[1, 2, 2, 134]], [[0, 2, 4, 4]], [[2, 1, 5, 7]],
  ]
  private static let halves: [[[Int]]] = [
    [[2, 3, 2, 3]], [[1, 1, 1, 1]], [[1, 2, 1, 67]], [[0, 2, 2, 2]],
  ]

  static let cases: [OpCase] = [
    OpCase(
      "MaxPool", inputs: images, large: [[4, 8, 60, 61]], f32: { $0[0].maxPool(kernelSize: 2) },
      f64: { $0[0].maxPool(kernelSize: 2) }, reference: { windows($0[0]) { $0.max()! } },
      misuse: [
        Misuse(
          "rank",
          "maxPool: inputs of shape [4, 4] do not fit; the shape must be [n, channels, …] with 1 to 3 further axes"
        ) {
          _ = Tensor<Float>.ones([4, 4]).maxPool(kernelSize: 2)
        },
        Misuse(
          "window",
          "maxPool: a window of [5, 5] with dilation [1, 1] does not fit in images of [4, 6] with padding [0, 0]"
        ) {
          _ = Tensor<Float>.ones([1, 1, 4, 6]).maxPool(kernelSize: 5)
        },
        Misuse(
          "padding", "maxPool: the window [2, 2], the stride [2, 2] and the dilation [1, 1] must be 2 numbers"
        ) {
          _ = Tensor<Float>.ones([1, 1, 4, 6]).maxPool(kernelSize: 2, padding: 2)
        },
        Misuse("number", "maxPool: the window [2, 2], the stride [\(Int.max), \(Int.max)] and") {
          _ = Tensor<Float>.ones([1, 1, 4, 6]).maxPool(kernelSize: 2, stride: Int.max)
        },
      ]),
    OpCase(
      "MaxPool", "overlapping", inputs: [[[2, 3, 7]], [[1, 1, 3]]],
      f32: { $0[0].maxPool(kernelSize: 3, stride: 2) }, f64: { $0[0].maxPool(kernelSize: 3, stride: 2) },
      reference: { x in
        Grid([x[0].shape[0], x[0].shape[1], (x[0].shape[2] - 3) / 2 + 1]) { i in
          (0..<3).map { x[0][i[0], i[1], 2 * i[2] + $0] }.max()!
        }
      }),
    OpCase(
      "PoolScatter", inputs: halves, f32: { scatter($0[0]) }, f64: { scatter($0[0]) },
      reference: { x in
        Grid([x[0].shape[0], x[0].shape[1], 2 * x[0].shape[2], 2 * x[0].shape[3]]) { i in
          i[2] % 2 == 1 && i[3] % 2 == 1 ? x[0][i[0], i[1], i[2] / 2, i[3] / 2] : 0
        }
      }),
    OpCase(
      "PoolPick", inputs: images.dropLast(), f32: { pick($0[0]) }, f64: { pick($0[0]) },
      reference: { windows($0[0]) { $0[3] } }),
    OpCase(
      "AveragePool", inputs: images, large: [[4, 8, 60, 61]], bound: .ulpsOfMagnitudes(2),
      f32: { $0[0].averagePool(kernelSize: 2) }, f64: { $0[0].averagePool(kernelSize: 2) },
      reference: { windows($0[0]) { $0.reduce(0, +) / 4 } },
      misuse: [
        Misuse("divisor", "averagePool: the divisor must not be 0") {
          _ = Tensor<Float>.ones([1, 1, 4, 6]).averagePool(kernelSize: 2, divisor: 0)
        },
        Misuse(
          "adaptive",
          "adaptiveAveragePool: inputs of shape [1, 1, 4, 6] do not fit [0, 0] windows; sizes must be above 0"
        ) {
          _ = Tensor<Float>.ones([1, 1, 4, 6]).adaptiveAveragePool(outputSize: 0)
        },
        Misuse(
          "no pixels",
          "adaptiveMaxPool: inputs of shape [1, 1, 0] do not fit [1] windows; sizes must be above 0"
        ) {
          _ = Tensor<Float>.ones([1, 1, 0]).adaptiveMaxPool(outputSize: 1)
        },
      ]),
    OpCase(
      "PoolSpread", inputs: halves, f32: { spread($0[0]) }, f64: { spread($0[0]) },
      reference: { x in
        Grid([x[0].shape[0], x[0].shape[1], 2 * x[0].shape[2], 2 * x[0].shape[3]]) { i in
          x[0][i[0], i[1], i[2] / 2, i[3] / 2] / 4
        }
      }),
  ]

  @Test(arguments: cases) func behaves(_ op: OpCase) { verify(op) }
}
