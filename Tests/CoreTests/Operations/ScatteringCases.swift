import MartletCore
import TestSupport
import Testing

/// Indices along axis 0 for values [4, …]: the same for each column, one from the end, and one twice.
private let bins = [2, 0, -1, 0]

private func indices(_ values: TensorShape) -> Tensor<Int> {
  var column = TensorShape([4])
  while column.rank < values.rank { column = TensorShape(Array(column) + [1]) }
  return Tensor<Int>(bins).reshaped(column).broadcast(to: values)
}

/// The elements of x, combined with the values at the bins along axis 0. The first element of a group is that of x, or
/// nothing.
private func scattered(
  _ x: Grid, _ values: Grid, includeSelf: Bool = true, _ combine: ([Extended]) -> Extended
) -> Grid {
  Grid(x.shape) { index in
    let rows = bins.indices.filter { (bins[$0] + x.shape[0]) % x.shape[0] == index[0] }
    let found = rows.map { values[[$0] + index[1...]] }
    return found.isEmpty ? x[index] : combine((includeSelf ? [x[index]] : []) + found)
  }
}

private let pairs: [[[Int]]] = [
  [[3, 2], [4, 2]], [[5], [4]], [[3, 67], [4, 67]], [[4, 2, 3], [4, 2, 3]],
]

struct ScatteringCases {
  static let puts: [OpCase] = [
    OpCase(
      "Put", "scattered", inputs: pairs, large: [[3, 40_000], [4, 40_000]],
      f32: { $0[0].scattered(indices($0[1].shape), $0[1], axis: 0) },
      f64: { $0[0].scattered(indices($0[1].shape), $0[1], axis: 0) },
      reference: { scattered($0[0], $0[1]) { $0.last! } }),
    OpCase(
      "Put", "rows", inputs: pairs + [[[3, 4], [4]]], f32: { $0[0].indexCopied(Tensor<Int>(bins), $0[1]) },
      f64: { $0[0].indexCopied(Tensor<Int>(bins), $0[1]) },
      reference: { x in
        let rows = x[1].shape.count == x[0].shape.count ? x[1] : x[1].broadcast(to: [4] + x[0].shape[1...])
        return scattered(x[0], rows) { $0.last! }
      }),
    OpCase(
      "Gather", "taken", inputs: [[[3, 4]], [[12]]],
      f32: { $0[0].taken(Tensor<Int>([[0, -1], [5, 5]])) },
      f64: { $0[0].taken(Tensor<Int>([[0, -1], [5, 5]])) },
      reference: { x in Grid([2, 2]) { x[0].values[[0, 11, 5, 5][2 * $0[0] + $0[1]]] } }),
  ]

  static let sums: [OpCase] = [
    OpCase(
      "ScatterAdd", "scattered", inputs: pairs, large: [[30_000, 3], [4, 3]], bound: .ulpsOfMagnitudes(2),
      f32: { $0[0].scattered(indices($0[1].shape), $0[1], axis: 0, reduction: .sum) },
      f64: { $0[0].scattered(indices($0[1].shape), $0[1], axis: 0, reduction: .sum) },
      reference: { scattered($0[0], $0[1]) { $0.reduce(0, +) } }),
    OpCase(
      "ScatterAdd", "without the elements", inputs: pairs, bound: .ulpsOfMagnitudes(2),
      f32: { $0[0].scattered(indices($0[1].shape), $0[1], axis: 0, reduction: .sum, includeSelf: false) },
      f64: { $0[0].scattered(indices($0[1].shape), $0[1], axis: 0, reduction: .sum, includeSelf: false) },
      reference: { scattered($0[0], $0[1], includeSelf: false) { $0.reduce(0, +) } }),
    OpCase(
      "ScatterAdd", "mean", inputs: pairs, bound: .ulpsOfMagnitudes(4),
      f32: { $0[0].scattered(indices($0[1].shape), $0[1], axis: 0, reduction: .mean) },
      f64: { $0[0].scattered(indices($0[1].shape), $0[1], axis: 0, reduction: .mean) },
      reference: { scattered($0[0], $0[1]) { $0.reduce(0, +) / Extended($0.count) } }),
    OpCase(
      "ScatterAdd", "mean without the elements", inputs: pairs, bound: .ulpsOfMagnitudes(4),
      f32: { $0[0].scattered(indices($0[1].shape), $0[1], axis: 0, reduction: .mean, includeSelf: false) },
      f64: { $0[0].scattered(indices($0[1].shape), $0[1], axis: 0, reduction: .mean, includeSelf: false) },
      reference: { scattered($0[0], $0[1], includeSelf: false) { $0.reduce(0, +) / Extended($0.count) } }),
  ]

  static let others: [OpCase] = [
    OpCase(
      "ScatterProduct", inputs: pairs, domain: 0.5...2, bound: .ulps(4),
      f32: { $0[0].scattered(indices($0[1].shape), $0[1], axis: 0, reduction: .product) },
      f64: { $0[0].scattered(indices($0[1].shape), $0[1], axis: 0, reduction: .product) },
      reference: { scattered($0[0], $0[1]) { $0.reduce(1, *) } }),
    OpCase(
      "ScatterProduct", "without the elements", inputs: pairs, domain: -2...(-0.5), bound: .ulps(4),
      f32: { $0[0].scattered(indices($0[1].shape), $0[1], axis: 0, reduction: .product, includeSelf: false) },
      f64: { $0[0].scattered(indices($0[1].shape), $0[1], axis: 0, reduction: .product, includeSelf: false) },
      reference: { scattered($0[0], $0[1], includeSelf: false) { $0.reduce(1, *) } }),
    OpCase(
      "ScatterExtreme", "largest", inputs: pairs,
      f32: { $0[0].scattered(indices($0[1].shape), $0[1], axis: 0, reduction: .maximum) },
      f64: { $0[0].scattered(indices($0[1].shape), $0[1], axis: 0, reduction: .maximum) },
      reference: { scattered($0[0], $0[1]) { $0.max()! } }),
    OpCase(
      "ScatterExtreme", "smallest, without the elements", inputs: pairs,
      f32: { $0[0].scattered(indices($0[1].shape), $0[1], axis: 0, reduction: .minimum, includeSelf: false) },
      f64: { $0[0].scattered(indices($0[1].shape), $0[1], axis: 0, reduction: .minimum, includeSelf: false) },
      reference: { scattered($0[0], $0[1], includeSelf: false) { $0.min()! } }),
  ]

  @Test(arguments: puts + sums + others) func behaves(_ op: OpCase) { verify(op) }

  typealias Slopes = (
    reduction: ScatterReduction, includeSelf: Bool, values: [Double], x: [Double], given: [Double]
  )

  /// Results and gradients of PyTorch 2.13's `scatter_reduce` for ties and a factor of 0.
  static let slopes: [Slopes] = [
    (.sum, true, [9, 3, 3], [1, 1, 1], [1, 1, 1, 1]), (.sum, false, [8, 1, 3], [0, 0, 1], [1, 1, 1, 1]),
    (.product, true, [16, 0, 3], [16, 0, 1], [4, 4, 0, 2]),
    (.product, false, [16, 0, 3], [0, 0, 1], [4, 4, 0, 1]),
    (.mean, false, [4, 0.5, 3], [0, 0, 1], [0.5, 0.5, 0.5, 0.5]),
    (.maximum, true, [4, 2, 3], [0, 1, 1], [0.5, 0.5, 0, 0]),
    (.maximum, false, [4, 1, 3], [0, 0, 1], [0.5, 0.5, 1, 0]),
    (.minimum, true, [1, 0, 3], [1, 0, 1], [0, 0, 0, 1]),
    (.minimum, false, [4, 0, 3], [0, 0, 1], [0.5, 0.5, 0, 1]),
  ]

  @Test(arguments: slopes.indices) func derivativesArePyTorchs(_ number: Int) {
    let expected = Self.slopes[number]
    let x = Tensor<Double>([1, 2, 3], requiresGrad: true)
    let given = Tensor<Double>([4, 4, 1, 0], requiresGrad: true)
    let y = x.scattered(
      Tensor<Int>([0, 0, 1, 1]), given, axis: 0, reduction: expected.reduction,
      includeSelf: expected.includeSelf)
    #expect(y.scalars == expected.values)
    let gradients = y.sum().gradients(of: [x, given])
    #expect(gradients[0].scalars == expected.x && gradients[1].scalars == expected.given)
  }

  @Test func aValueThatIsReplacedHasNoGradient() {
    let x = Tensor<Double>([1, 2], requiresGrad: true), given = Tensor<Double>([3, 4, 5], requiresGrad: true)
    let y = x.scattered(Tensor<Int>([1, -1, 1]), given, axis: 0)
    let gradients = (y * Tensor([10, 20])).sum().gradients(of: [x, given])
    #expect(y.scalars == [1, 5] && gradients[0].scalars == [10, 0] && gradients[1].scalars == [0, 0, 20])
  }

  @Test func integersWrapAndRoundDown() {
    let bins = Tensor<Int>([0, 0, 1, 1])
    let x = Tensor<Int>([.max, 2, 3]), given = Tensor<Int>([1, 1, -7, 0])
    #expect(x.scattered(bins, given, axis: 0, reduction: .sum).scalars == [.min + 1, -5, 3])
    #expect(x.scattered(bins, given, axis: 0, reduction: .minimum).scalars == [1, -7, 3])
    #expect(x[1...].scattered(bins, given, axis: 0, reduction: .mean).scalars == [1, -2])
    #expect(
      Tensor<Int>([.max]).scattered(Tensor<Int>([0]), Tensor(2), axis: 0, reduction: .product).scalars == [-2]
    )
    #expect(Tensor<Int32>([.max]).indexAdded(Tensor<Int>([0]), Tensor<Int32>([1])).scalars == [.min])
    #expect(
      Tensor<Bool>([true, true]).indexCopied(Tensor<Int>([-1]), Tensor(false)).scalars == [true, false])
  }

  @Test func nanWins() {
    let x = Tensor<Float>([.nan, 1, 2]), given = Tensor<Float>([5, .nan]), bins = Tensor<Int>([0, 1])
    for reduction in [ScatterReduction.maximum, .minimum] {
      let y = x.scattered(bins, given, axis: 0, reduction: reduction).scalars
      #expect(y[0].isNaN && y[1].isNaN && y[2] == 2)
    }
  }

  @Test func valuesArePutInPlace() {
    let x = Tensor<Float>([[1, 2, 3], [4, 5, 6]]), view = x.transposed()
    view.put(Tensor<Int>([1, -1, 1]), Tensor([7, 8, 9]))
    #expect(x.scalars == [1, 2, 3, 9, 5, 8])
    x.put(Tensor<Int>([[0, 2]]), Tensor(0))
    #expect(x.scalars == [0, 2, 0, 9, 5, 8])
    x.put(Tensor<Int>([0, 0, 3]), Tensor([1, 2, 4]), accumulate: true)
    #expect(x.scalars == [3, 2, 0, 13, 5, 8])
  }

  @Test func noIndicesAndNoElements() {
    let none = Tensor<Int>([Int]()), x = Tensor<Float>([1, 2])
    for reduction in [ScatterReduction.none, .sum, .product, .mean, .minimum, .maximum] {
      #expect(
        x.scattered(none, Tensor(5), axis: 0, reduction: reduction, includeSelf: false).scalars == [1, 2])
    }
    #expect(x.indexCopied(none, Tensor(5)).scalars == [1, 2] && x.taken(none).shape == [0])
    #expect(
      Tensor<Float>.zeros([0, 2]).scattered(Tensor<Int>.zeros([0, 2]), Tensor(1), axis: 0).shape == [0, 2])
    x.put(none, Tensor(3))
    #expect(x.scalars == [1, 2])
  }
}
