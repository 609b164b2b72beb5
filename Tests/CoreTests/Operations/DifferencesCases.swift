import MartletCore
import TestSupport
import Testing

private let inputs: [[[Int]]] = [[[2, 5]], [[3, 67]], [[6]], [[2, 4, 3]], [[3, 3]]]

/// The integrals up to each point but the first, for steps between neighbours.
private func running(_ x: Grid, axis: Int, _ step: @escaping (Int) -> Extended) -> Grid {
  guard x.shape[axis] > 0, !x.values.isEmpty else { return Grid(x.shape, values: []) }
  let areas = x.mapped(along: axis) { line in
    line.indices.map { $0 + 1 < line.count ? step($0) * (line[$0] + line[$0 + 1]) / 2 : 0 }
  }
  var shape = x.shape
  shape[axis] -= 1
  return Grid(shape) { index in
    var place = index
    return (0...index[axis]).reduce(0) {
      place[axis] = $1
      return $0 + areas[place]
    }
  }
}

/// The slopes of the parabolas through three neighbours; at the ends also of lines through two.
private func slopes(_ y: [Extended], _ x: [Extended], edge: Int) -> [Extended] {
  func line(_ i: Int) -> Extended { (y[i + 1] - y[i]) / (x[i + 1] - x[i]) }
  func parabola(_ i: Int, at place: Int) -> Extended {
    let (a, b, c, t) = (x[i], x[i + 1], x[i + 2], x[place])
    let first = y[i] * (2 * t - b - c) / ((a - b) * (a - c)),
      second = y[i + 1] * (2 * t - a - c) / ((b - a) * (b - c))
    return first + second + y[i + 2] * (2 * t - a - b) / ((c - a) * (c - b))
  }
  let last = y.count - 1
  return y.indices.map { i in
    if i > 0, i < last { return parabola(i - 1, at: i) }
    if edge == 1 { return line(i == 0 ? 0 : last - 1) }
    return parabola(i == 0 ? 0 : last - 2, at: i)
  }
}

struct DifferencesCases {
  static let cases: [OpCase] = [
    OpCase(
      "Slice", "differences", inputs: inputs + [[[1]], [[2, 0]]], f32: { $0[0].diff() },
      f64: { $0[0].diff() },
      reference: { x in
        var shape = x[0].shape
        let last = shape.count - 1
        shape[last] = max(shape[last] - 1, 0)
        return Grid(shape) { index in
          var next = index
          next[last] += 1
          return x[0][next] - x[0][index]
        }
      }),
    OpCase(
      "Slice", "second differences", inputs: [[[4, 2]], [[67, 3]], [[5]]], bound: .ulps(2, floor: 16),
      f32: { $0[0].diff(order: 2, axis: 0) }, f64: { $0[0].diff(order: 2, axis: 0) },
      reference: { x in
        x[0].mapped(along: 0) { line in (2..<line.count).map { line[$0] - 2 * line[$0 - 1] + line[$0 - 2] } }
      }),
    OpCase(
      "Slice", "an integral", inputs: inputs, bound: .ulps(16, floor: 128),
      f32: { $0[0].trapezoid(spacing: 0.5) }, f64: { $0[0].trapezoid(spacing: 0.5) },
      reference: { x in
        x[0].folded(along: x[0].shape.count - 1) { line in
          (1..<line.count).reduce(0) { $0 + 0.25 * (line[$1] + line[$1 - 1]) }
        }
      }),
    OpCase(
      "Slice", "an integral at points", inputs: [[[4, 3], [4]], [[4, 1, 2], [4]]],
      bound: .ulps(16, floor: 64), f32: { $0[0].trapezoid(at: $0[1], axis: 0) },
      f64: { $0[0].trapezoid(at: $0[1], axis: 0) },
      reference: { x in
        x[0].folded(along: 0) { line in
          (1..<line.count).reduce(0) { $0 + (x[1][$1] - x[1][$1 - 1]) * (line[$1] + line[$1 - 1]) / 2 }
        }
      }),
    OpCase(
      "Slice", "an integral at points of its own shape", inputs: [[[2, 3], [2, 3]]],
      bound: .ulps(16, floor: 64), f32: { $0[0].trapezoid(at: $0[1]) }, f64: { $0[0].trapezoid(at: $0[1]) },
      reference: { x in
        Grid([2]) { row in
          (1..<3).reduce(0) {
            $0 + (x[1][row[0], $1] - x[1][row[0], $1 - 1]) * (x[0][row[0], $1] + x[0][row[0], $1 - 1]) / 2
          }
        }
      }),
    OpCase(
      "Slice", "integrals up to each point", inputs: inputs + [[[2, 0]], [[1]]], bound: .ulps(16, floor: 128),
      f32: { $0[0].cumulativeTrapezoid(spacing: 0.5) }, f64: { $0[0].cumulativeTrapezoid(spacing: 0.5) },
      reference: { x in running(x[0], axis: x[0].shape.count - 1) { _ in 0.5 } }),
    OpCase(
      "Slice", "integrals up to each point of a tensor", inputs: [[[4, 3], [4]], [[4, 1, 2], [4]]],
      bound: .ulps(16, floor: 64), f32: { $0[0].cumulativeTrapezoid(at: $0[1], axis: 0) },
      f64: { $0[0].cumulativeTrapezoid(at: $0[1], axis: 0) },
      reference: { x in running(x[0], axis: 0) { x[1][$0 + 1] - x[1][$0] } }),
    OpCase(
      "Slice", "a derivative", inputs: inputs + [[[2, 2]]], bound: .ulps(8, floor: 12),
      f32: { $0[0].numericalGradient(spacing: 0.5) }, f64: { $0[0].numericalGradient(spacing: 0.5) },
      reference: { x in
        x[0].mapped(along: x[0].shape.count - 1) { slopes($0, $0.indices.map { Extended($0) / 2 }, edge: 1) }
      }),
    OpCase(
      "Slice", "a derivative, parabolas at the ends", inputs: [[[4, 3]], [[3]], [[5, 2, 2]]],
      bound: .ulps(8, floor: 12), f32: { $0[0].numericalGradient(axis: 0, edgeOrder: 2) },
      f64: { $0[0].numericalGradient(axis: 0, edgeOrder: 2) },
      reference: { x in x[0].mapped(along: 0) { slopes($0, $0.indices.map { Extended($0) }, edge: 2) } }),
    OpCase(
      "Slice", "a derivative at points", inputs: [[[2, 4], [1], [1], [1], [1]]],
      domains: [-3...3, 0...0.5, 1...1.5, 2...3, 4...5], bound: .ulps(64, floor: 16),
      f32: { $0[0].numericalGradient(at: .concatenated(Array($0[1...])), edgeOrder: 2) },
      f64: { $0[0].numericalGradient(at: .concatenated(Array($0[1...])), edgeOrder: 2) },
      reference: { x in x[0].mapped(along: 1) { slopes($0, x[1...].map { $0.values[0] }, edge: 2) } }),
    OpCase(
      "Slice", "a derivative at points of its own shape", inputs: [[[2, 2, 3], [2, 1, 3], [2, 1, 3]]],
      domains: [-3...3, 0...0.5, 1...1.5], bound: .ulps(32, floor: 16),
      f32: { $0[0].numericalGradient(at: .concatenated(Array($0[1...]), axis: 1), axis: 1) },
      f64: { $0[0].numericalGradient(at: .concatenated(Array($0[1...]), axis: 1), axis: 1) },
      reference: { x in
        Grid([2, 2, 3]) { index in
          let (i, k) = (index[0], index[2])
          return (x[0][i, 1, k] - x[0][i, 0, k]) / (x[2][i, 0, k] - x[1][i, 0, k])
        }
      }),
  ]

  @Test(arguments: cases)
  func behaves(_ op: OpCase) { verify(op) }

  @Test func differencesOfIntegersAndOfAnyOrder() {
    #expect(Tensor<Int>([1, 4, 9, 16]).diff().scalars == [3, 5, 7])
    #expect(Tensor<Int>([1, 4, 9, 16]).diff(order: 3).scalars == [0])
    #expect(Tensor<UInt8>([3, 1]).diff().scalars == [254])
    #expect(Tensor<Int>([1, 4]).diff(order: 0).scalars == [1, 4])
    #expect(Tensor<Int>([1, 4]).diff(order: Int.max).shape == [0])
    #expect(Tensor<Int>([Int]()).diff().shape == [0])
  }

  /// The values of numpy.gradient and of scipy.integrate.cumulative_trapezoid.
  @Test func valuesOfNumPy() {
    let x = Tensor<Double>([1, 2, 4, 7, 11, 16]), points = Tensor<Double>([0, 1, 1.5, 3.5, 4, 6])
    #expect(x.numericalGradient().scalars == [1, 1.5, 2.5, 3.5, 4.5, 5])
    #expect(x.numericalGradient(spacing: 2).scalars == [0.5, 0.75, 1.25, 1.75, 2.25, 2.5])
    expectClose(x.numericalGradient(at: points).scalars, [1, 3, 3.5, 6.7, 6.9, 2.5], within: 4)
    #expect(x.numericalGradient(edgeOrder: 2).scalars == [0.5, 1.5, 2.5, 3.5, 4.5, 5.5])
    #expect(x.cumulativeTrapezoid(at: points).scalars == [1.5, 3, 14, 18.5, 45.5])
  }

  @Test func integralsOfFewPoints() {
    #expect(Tensor<Float>([3]).cumulativeTrapezoid().shape == [0])
    #expect(Tensor<Float>([3]).trapezoid().item == 0)
    #expect(Tensor<Float>.zeros([2, 0]).trapezoid().scalars == [0, 0])
    #expect(Tensor<Float>([3]).trapezoid(at: Tensor([1])).item == 0)
    #expect(Tensor<Float>([.infinity, 1]).trapezoid().item == .infinity)
  }
}
