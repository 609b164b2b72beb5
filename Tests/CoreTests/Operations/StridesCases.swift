import MartletCore
import TestSupport
import Testing

/// The windows of 3 along axis 0, two positions apart.
private func windows(_ x: Grid) -> Grid {
  Grid([(x.shape[0] - 3) / 2 + 1] + x.shape[1...] + [3]) { x[[2 * $0[0] + $0.last!] + $0[1..<$0.count - 1]] }
}

/// Five positions, to which windows of 3 along axis 0, one position apart, are added.
private func summed(_ g: Grid) -> Grid {
  Grid([5] + g.shape[1..<g.shape.count - 1]) { index in
    (0..<3).reduce(0) { sum, k in
      let row = index[0] - k
      return row < 0 || row > 2 ? sum : sum + g[[row] + index[1...] + [k]]
    }
  }
}

/// A copy whose middle row is replaced.
private func assigned(_ x: Grid, _ row: Grid) -> Grid {
  Grid(x.shape) { $0[0] == 1 ? row[Array($0[1...])] : x[$0] }
}

private func gradient<E: DifferentiableScalar>(
  _ g: Tensor<E>, of shape: TensorShape, _ call: (Tensor<E>) -> Tensor<E>
) -> Tensor<E> {
  let x = Tensor<E>.zeros(shape, requiresGrad: true)
  return call(x).gradient(of: x, seed: g, createGraph: true)
}

private func setRow<E: DifferentiableScalar>(_ x: Tensor<E>, _ row: Tensor<E>) -> Tensor<E> {
  let y = x.cloned()
  y[1] = row
  return y
}

struct StridesCases {
  static let views: [OpCase] = [
    OpCase(
      "AsStrided", "windows", inputs: [[[5, 2]], [[7]], [[3, 4]], [[9, 67]], [[6, 2, 3]]],
      f32: { $0[0].windows(of: 3, step: 2, axis: 0) },
      f64: { $0[0].windows(of: 3, step: 2, axis: -$0[0].rank) },
      reference: { windows($0[0]) }),
    OpCase(
      "AsStrided", "overlapping", inputs: [[[3, 4]], [[12]]],
      f32: { $0[0].asStrided([2, 3, 2], strides: [0, -2, 3], offset: 5) },
      f64: { $0[0].asStrided([2, 3, 2], strides: [0, -2, 3], offset: 5) },
      reference: { x in Grid([2, 3, 2]) { x[0].values[5 - 2 * $0[1] + 3 * $0[2]] } }),
  ]

  static let adjoints: [OpCase] = [
    OpCase(
      "StridedSum", inputs: [[[3, 3]], [[3, 2, 3]]], bound: .ulpsOfMagnitudes(2),
      f32: { g in
        gradient(g[0], of: TensorShape([5] + g[0].shape.dropFirst().dropLast())) {
          $0.windows(of: 3, axis: 0)
        }
      },
      f64: { g in
        gradient(g[0], of: TensorShape([5] + g[0].shape.dropFirst().dropLast())) {
          $0.windows(of: 3, axis: 0)
        }
      },
      reference: { summed($0[0]) }),
    OpCase(
      "Clear", inputs: [[[3, 4]], [[3, 2, 3]], [[3]]],
      f32: { g in gradient(g[0], of: g[0].shape) { setRow($0, .zeros([])) } },
      f64: { g in gradient(g[0], of: g[0].shape) { setRow($0, .zeros([])) } },
      reference: { x in assigned(x[0], Grid(Array(x[0].shape[1...])) { _ in 0 }) }),
  ]

  static let assignments: [OpCase] = [
    OpCase(
      "Assign", "a row", inputs: [[[3, 4], [4]], [[4, 67], [67]], [[2, 3, 2], [3, 2]], [[3], []]],
      f32: { setRow($0[0], $0[1]) }, f64: { setRow($0[0], $0[1]) }, reference: { assigned($0[0], $0[1]) }),
    OpCase(
      "Assign", "by products", inputs: [[[3, 4], [4]], [[2, 67], [67]]],
      f32: { x in
        let y = x[0].cloned()
        y[1].multiply(by: x[1])
        return y
      },
      f64: { x in
        let y = x[0].cloned()
        y[1].multiply(by: x[1])
        return y
      },
      reference: { x in
        assigned(x[0], Grid(x[1].shape) { x[0][[1] + $0] * x[1][$0] })
      }),
  ]

  @Test(arguments: views + adjoints + assignments) func behaves(_ op: OpCase) { verify(op) }

  @Test func stridesOfEverySign() {
    let x = Tensor<Int>.arange(0, 12).reshaped([3, 4])
    #expect(x.asStrided([2, 2], strides: [5, 1]).scalars == [0, 1, 5, 6])
    #expect(x.asStrided([3], strides: [-4], offset: 9).scalars == [9, 5, 1])
    #expect(x.asStrided([2, 3], strides: [0, 1], offset: 2).scalars == [2, 3, 4, 2, 3, 4])
    #expect(x.asStrided([], strides: [], offset: 11).item == 11)
    #expect(x.asStrided([0, 5], strides: [.max, .min], offset: .max).shape == [0, 5])
    #expect(
      x.transposed().asStrided([4], strides: [1]).scalars == [0, 4, 8, 1], "row-major order of the view")
  }

  @Test func aViewByStridesSharesMemory() {
    let x = Tensor<Float>.zeros([6]), corner = x.asStrided([2, 2], strides: [3, 1], offset: 1)
    corner.fill(1)
    #expect(x.scalars == [0, 1, 1, 0, 1, 1])
    #expect(refusal { x.windows(of: 2).fill(3) }?.reason.contains("share memory") == true)
    x.windows(of: 2, step: 2)[1] = 5
    #expect(x.scalars == [0, 1, 5, 5, 1, 1])
  }

  @Test func gradientsOfOverlappingStridesAreAdded() {
    let x = Tensor<Double>([1, 2, 3, 4], requiresGrad: true)
    let y = x.asStrided([3, 2], strides: [1, 1]) * Tensor([[1, 10], [100, 1000], [10_000, 100_000]])
    #expect(y.sum().gradient(of: x).scalars == [1, 110, 11_000, 100_000])
    let z = x.asStrided([2, 3], strides: [0, -1], offset: 3)
    #expect((z * z).sum().gradient(of: x).scalars == [0, 8, 12, 16])
  }

  @Test func windowsOfEverySize() {
    let x = Tensor<Int>.arange(0, 5)
    #expect(x.windows(of: 5).scalars == [0, 1, 2, 3, 4] && x.windows(of: 1, step: .max).scalars == [0])
    #expect(x.windows(of: 0).shape == [6, 0] && Tensor<Int>.zeros([0]).windows(of: 0).shape == [1, 0])
    #expect(x[.stride(by: -1)].windows(of: 2, step: 3).scalars == [4, 3, 1, 0])
  }

  @Test func tensorsAreBroadcastTogether() {
    let a = Tensor<Double>([[1], [2]], requiresGrad: true), b = Tensor<Double>([3, 4, 5])
    let wide = Tensor.broadcast([a, b])
    #expect(wide[0].scalars == [1, 1, 1, 2, 2, 2] && wide[1].scalars == [3, 4, 5, 3, 4, 5])
    #expect((wide[0] * wide[1]).sum().gradient(of: a).scalars == [12, 12])
    #expect(TensorShape.broadcast([[3, 1], [1, 4], []]) == [3, 4] && TensorShape.broadcast([]) == [])
    #expect(Tensor<Float>.broadcast([]).isEmpty)
  }
}
