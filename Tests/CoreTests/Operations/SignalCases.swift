import MartletCore
import TestSupport
import Testing

/// The whole convolution of two vectors.
private func full(_ x: [Extended], _ k: [Extended]) -> [Extended] {
  (0..<x.count + k.count - 1).map { i in
    (0..<k.count).reduce(0) { i - $1 >= 0 && i - $1 < x.count ? $0 + x[i - $1] * k[$1] : $0 }
  }
}

/// The last axis of a grid, replaced by `count` elements of the convolution from `start` on.
private func convolved(_ x: [Grid], from start: Int, _ count: Int, isReversed: Bool = true) -> Grid {
  let k = isReversed ? x[1].values : x[1].values.reversed()
  return x[0].mapped(along: x[0].shape.count - 1) { Array(full($0, k)[start..<start + count]) }
}

private func interpolated(_ x: Extended, _ points: [Extended], _ values: [Extended]) -> Extended {
  if x < points[0] { return values[0] }
  guard let i = points.indices.dropLast().first(where: { x < points[$0 + 1] }) else { return values.last! }
  return values[i] + (x - points[i]) * (values[i + 1] - values[i]) / (points[i + 1] - points[i])
}

struct SignalCases {
  static let bound = Bound.ulpsOfMagnitudes(16)

  static let signals: [OpCase] = [
    OpCase(
      "Convolution", "of signals",
      inputs: [[[7], [3]], [[1], [1]], [[2, 5], [4]], [[2, 3], [5]], [[2, 2, 4], [2]]],
      bound: bound, f32: { $0[0].convolved($0[1]) }, f64: { $0[0].convolved($0[1], mode: .full) },
      reference: { convolved($0, from: 0, $0[0].shape.last! + $0[1].shape[0] - 1) }),
    OpCase(
      "Convolution", "of signals, centre",
      inputs: [[[7], [3]], [[7], [4]], [[4], [7]], [[3], [6]], [[2, 5], [5]]],
      bound: bound, f32: { $0[0].convolved($0[1], mode: .same) },
      f64: { $0[0].convolved($0[1], mode: .same) },
      reference: { x in
        let n = x[0].shape.last!, m = x[1].shape[0]
        return convolved(x, from: (min(n, m) - 1) / 2, max(n, m))
      }),
    OpCase(
      "Convolution", "of signals, inside",
      inputs: [[[7], [3]], [[3], [7]], [[2, 5], [5]], [[2, 2], [4]]],
      bound: bound, f32: { $0[0].convolved($0[1], mode: .valid) },
      f64: { $0[0].convolved($0[1], mode: .valid) },
      reference: { x in
        let n = x[0].shape.last!, m = x[1].shape[0]
        return convolved(x, from: min(n, m) - 1, max(n, m) - min(n, m) + 1)
      }),
    OpCase(
      "Convolution", "correlation", inputs: [[[7], [3]], [[3], [7]], [[2, 5], [2]]], bound: bound,
      f32: { $0[0].correlated($0[1], mode: .full) }, f64: { $0[0].correlated($0[1], mode: .full) },
      reference: { convolved($0, from: 0, $0[0].shape.last! + $0[1].shape[0] - 1, isReversed: false) }),
  ]

  private static let points: [Double] = [-2.5, -1, -0.75, 0.5, 2]

  static let functions: [OpCase] = [
    OpCase(
      "Slice", "an interpolation", inputs: [[[7], [5]], [[3, 17], [5]], [[], [5]], [[2, 0], [5]]],
      kinks: points, bound: .ulps(16, floor: 32),
      f32: { $0[0].interpolated(points: Tensor(points.map { Float($0) }), values: $0[1]) },
      f64: { $0[0].interpolated(points: Tensor(points), values: $0[1]) },
      reference: { x in x[0].map { interpolated($0, points.map { Extended($0) }, x[1].values) } }),
    OpCase(
      "Slice", "an interpolation at points of a tensor", inputs: [[[3], [1], [1], [1], [3]]],
      domains: [0...3, -0.5...0.5, 1...2, 2.5...3, -3...3], bound: .ulps(64, floor: 64),
      f32: { $0[0].interpolated(points: .concatenated(Array($0[1...3])), values: $0[4]) },
      f64: { $0[0].interpolated(points: .concatenated(Array($0[1...3])), values: $0[4]) },
      reference: { x in
        let points = x[1].values + x[2].values + x[3].values
        return x[0].map { interpolated($0, points, x[4].values) }
      }),
    OpCase(
      "Slice", "a polynomial", inputs: [[[7], [4]], [[3, 17], [2]], [[], [5]]],
      domain: -1.5...1.5, bound: .ulps(16, floor: 32), f32: { $0[0].polynomial($0[1]) },
      f64: { $0[0].polynomial($0[1]) },
      reference: { x in x[0].map { element in x[1].values.reduce(0) { $0 * element + $1 } } }),
  ]

  @Test(arguments: signals + functions) func behaves(_ op: OpCase) { verify(op) }

  /// The values of numpy.correlate, numpy.interp and numpy.polyval, NumPy 2.
  @Test func valuesOfNumPy() {
    let x = Tensor<Double>([1, 2, 3, 4]), k = Tensor<Double>([0, 1, 0.5])
    #expect(x.correlated(k).scalars == [3.5, 5])
    #expect(x.correlated(k, mode: .same).scalars == [2, 3.5, 5, 4])
    #expect(x.correlated(k, mode: .full).scalars == [0.5, 2, 3.5, 5, 4, 0])
    #expect(k.correlated(x, mode: .same).scalars == [4, 5, 3.5, 2])
    #expect(
      Tensor<Double>([1, 2]).correlated(Tensor([1, 3, -2, 5, 7]), mode: .same).scalars == [19, 8, -1, 7, 2])
    let points = Tensor<Double>([1, 2, 4]), values = Tensor<Double>([10, 20, -20])
    let y = Tensor<Double>([-.infinity, 1, 3, 4, .infinity, .nan]).interpolated(
      points: points, values: values)
    #expect(y.scalars[..<5] == [10, 10, 0, -20, -20] && y.scalars[5].isNaN)
    // NumPy gives 7 for NaN if there is a single point.
    let single = Tensor<Double>([-1, .nan, 5]).interpolated(points: Tensor([2]), values: Tensor([7])).scalars
    #expect(single[0] == 7 && single[1].isNaN && single[2] == 7)
    #expect(Tensor<Double>([2, 3]).polynomial(Tensor([1, 0, -1])).scalars == [3, 8])
    #expect(Tensor<Double>([2, 3]).polynomial(Tensor([5])).scalars == [5, 5])
    #expect(Tensor<Double>([2, 3]).polynomial(Tensor([Double]())).scalars == [0, 0])
  }

  /// Derivatives outside of the points are 0, also at an infinity.
  @Test func slopesOutside() {
    let x = Tensor<Double>([-.infinity, 0.5, 9], requiresGrad: true)
    let values = Tensor<Double>([1, 3], requiresGrad: true)
    let y = x.interpolated(points: Tensor([0, 1]), values: values)
    y.sum().backward()
    #expect(x.grad!.scalars == [0, 2, 0] && values.grad!.scalars == [1.5, 1.5])
  }
}
