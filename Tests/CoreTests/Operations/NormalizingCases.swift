import MartletCore
import TestSupport
import Testing

/// Layer norm over the last axes, as many as the weight has, times the weight plus the bias.
private func layerNorm(_ x: Grid, _ weight: Grid, _ bias: Grid, _ epsilon: Extended) -> Grid {
  let n = weight.values.count
  let rows = Grid([n == 0 ? 0 : x.values.count / n, n], values: x.values).mapped(along: 1) { row in
    let mean = row.reduce(0, +) / Extended(n)
    let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Extended(n)
    return row.indices.map { i in
      (row[i] - mean) / (variance + epsilon).squareRoot() * weight.values[i] + bias.values[i]
    }
  }
  return Grid(x.shape, values: rows.values)
}

/// RMS norm over the last axes, as many as the weight has, times the weight.
private func rmsNorm(_ x: Grid, _ weight: Grid, _ epsilon: Extended) -> Grid {
  let n = weight.values.count
  let rows = Grid([n == 0 ? 0 : x.values.count / n, n], values: x.values).mapped(along: 1) { row in
    let square = row.reduce(0) { $0 + $1 * $1 } / Extended(n)
    return row.indices.map { row[$0] / (square + epsilon).squareRoot() * weight.values[$0] }
  }
  return Grid(x.shape, values: rows.values)
}

/// Normalises sets of elements, with a weight and a bias per channel. `setOf` maps an index to the name of
/// its set.
private func channelNorm(
  _ x: Grid, _ weight: Grid, _ bias: Grid, _ epsilon: Extended, setOf: ([Int]) -> [Int]
) -> Grid {
  var values: [[Int]: [Extended]] = [:]
  for index in Grid.indices(x.shape) { values[setOf(index), default: []].append(x[index]) }
  let moments = values.mapValues { set in
    let mean = set.reduce(0, +) / Extended(set.count)
    return (mean, set.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Extended(set.count))
  }
  return Grid(x.shape) { index in
    let (mean, variance) = moments[setOf(index)]!
    return (x[index] - mean) / (variance + epsilon).squareRoot() * weight[index[1]] + bias[index[1]]
  }
}

/// Inputs of two to four axes and a number per channel. Some channels have one element per sample.
private let planes: [[[Int]]] = [
  [[2, 1], [1], [1]], [[5, 67], [67], [67]], [[130, 3], [3], [3]], [[3, 4, 5], [4], [4]],
  [[2, 3, 33], [3], [3]], [[4, 2, 3, 7], [2], [2]], [[2, 2, 2100], [2], [2]], [[1, 3, 2, 2], [3], [3]],
  [[3, 0], [0], [0]],
]
private let groups: [[[Int]]] = [
  [[5, 4], [4], [4]], [[3, 6], [6], [6]], [[2, 4, 33], [4], [4]], [[2, 2, 3, 5], [2], [2]],
  [[1, 4, 1100], [4], [4]], [[0, 2, 3], [2], [2]],
]

private let vectors: [[[Int]]] = SampleShapes.lengths.map { [$0, $0, $0] }
private let matrices: [[[Int]]] = [
  [[3, 130], [130], [130]], [[7, 3], [3], [3]], [[2, 3, 5], [5], [5]], [[150, 4], [4], [4]],
  [[2, 0, 3], [3], [3]], [[0, 2], [2], [2]],
]
private let blocks: [[[Int]]] = [[[4, 3, 5], [3, 5], [3, 5]], [[6, 2], [6, 2], [6, 2]]]

struct NormalizingCases {
  /// The difference from the mean cancels for x close to the mean, and is then scaled and shifted. ε is
  /// large, because the rounding of the mean is divided by √ε if all elements are equal.
  static let bound = Bound.ulps(16, floor: 8)

  static let cases: [OpCase] = [
    OpCase(
      "LayerNorm", "last axis", inputs: vectors + matrices, large: [[300, 500], [500], [500]], bound: bound,
      f32: { $0[0].layerNorm(weight: $0[1], bias: $0[2], epsilon: 0.5) },
      f64: { $0[0].layerNorm(weight: $0[1], bias: $0[2], epsilon: 0.5) },
      reference: { layerNorm($0[0], $0[1], $0[2], 0.5) },
      misuse: [
        Misuse(
          "weight",
          "layerNorm: weight [2] and bias none do not match axes [-1] of shape [2, 3]; each must be [3]"
        ) {
          _ = Tensor<Float>.ones([2, 3]).layerNorm(weight: .ones([2]))
        },
        Misuse("bias", "layerNorm: weight none and bias [3, 1] do not match axes [-1] of shape [2, 3]") {
          _ = Tensor<Float>.ones([2, 3]).layerNorm(bias: .ones([3, 1]))
        },
        Misuse("axis", "layerNorm: axis 2 is out of range for shape [2, 3]") {
          _ = Tensor<Float>.ones([2, 3]).layerNorm(axes: [2])
        },
        Misuse("scalar", "layerNorm: axis -1 is out of range for shape []") {
          _ = Tensor<Float>(1).layerNorm()
        },
      ]),
    OpCase(
      "LayerNorm", "two axes", inputs: blocks, bound: bound,
      f32: { $0[0].layerNorm(axes: [-1, -2], weight: $0[1], bias: $0[2], epsilon: 0.5) },
      f64: { $0[0].layerNorm(axes: [-1, -2], weight: $0[1], bias: $0[2], epsilon: 0.5) },
      reference: { layerNorm($0[0], $0[1], $0[2], 0.5) }),
    OpCase(
      "LayerNorm", "without weight and bias", inputs: [[[9]], [[3, 40]]], bound: bound,
      f32: { $0[0].layerNorm(epsilon: 0.5) }, f64: { $0[0].layerNorm(epsilon: 0.5) },
      reference: { x in
        let n = x[0].shape.last!
        return layerNorm(x[0], Grid([n]) { _ in 1 }, Grid([n]) { _ in 0 }, 0.5)
      }),
    OpCase(
      "RMSNorm", inputs: (vectors + matrices).map { Array($0.prefix(2)) }, large: [[300, 500], [500]],
      bound: bound, f32: { $0[0].rmsNorm(weight: $0[1], epsilon: 0.5) },
      f64: { $0[0].rmsNorm(weight: $0[1], epsilon: 0.5) }, reference: { rmsNorm($0[0], $0[1], 0.5) },
      misuse: [
        Misuse("weight", "rmsNorm: weight [2] does not match axes [-1] of shape [2, 3]; it must be [3]") {
          _ = Tensor<Float>.ones([2, 3]).rmsNorm(weight: .ones([2]))
        },
        Misuse("axis", "rmsNorm: axis 2 is out of range for shape [2, 3]") {
          _ = Tensor<Float>.ones([2, 3]).rmsNorm(axes: [2])
        },
      ]),
    OpCase(
      "BatchNorm", "in training", inputs: planes, large: [[20, 30, 200], [30], [30]], bound: bound,
      f32: { $0[0].batchNorm(weight: $0[1], bias: $0[2], isTraining: true, epsilon: 0.5) },
      f64: { $0[0].batchNorm(weight: $0[1], bias: $0[2], isTraining: true, epsilon: 0.5) },
      reference: { channelNorm($0[0], $0[1], $0[2], 0.5, setOf: { [$0[1]] }) }),
    OpCase(
      "BatchNorm", "by given statistics",
      inputs: (planes + [[[0, 3], [3], [3]], [[1, 2], [2], [2]]]).map { $0 + [$0[1], $0[1]] },
      large: [[20, 30, 200], [30], [30], [30], [30]],
      domains: [-3...3, -3...3, -3...3, -3...3, 0.5...3], constants: 2, bound: bound,
      f32: {
        $0[0].batchNorm(
          runningMean: $0[3], runningVariance: $0[4], weight: $0[1], bias: $0[2], epsilon: 0.5)
      },
      f64: {
        $0[0].batchNorm(
          runningMean: $0[3], runningVariance: $0[4], weight: $0[1], bias: $0[2], epsilon: 0.5)
      },
      reference: { x in
        Grid(x[0].shape) { i in
          let root = (x[4][i[1]] + 0.5).squareRoot()
          return (x[0][i] - x[3][i[1]]) / root * x[1][i[1]] + x[2][i[1]]
        }
      }),
    OpCase(
      "GroupNorm", inputs: groups, large: [[20, 30, 200], [30], [30]], bound: bound,
      f32: { $0[0].groupNorm(groups: 2, weight: $0[1], bias: $0[2], epsilon: 0.5) },
      f64: { $0[0].groupNorm(groups: 2, weight: $0[1], bias: $0[2], epsilon: 0.5) },
      reference: { x in
        channelNorm(x[0], x[1], x[2], 0.5, setOf: { [$0[0], $0[1] / (x[0].shape[1] / 2)] })
      }),
    OpCase(
      "GroupNorm", "a channel alone", inputs: planes.filter { $0[0].count > 2 }, bound: bound,
      f32: { $0[0].instanceNorm(weight: $0[1], bias: $0[2], epsilon: 0.5) },
      f64: { $0[0].instanceNorm(weight: $0[1], bias: $0[2], epsilon: 0.5) },
      reference: { channelNorm($0[0], $0[1], $0[2], 0.5, setOf: { [$0[0], $0[1]] }) }),
  ]

  @Test(arguments: cases)
  func behaves(_ op: OpCase) { verify(op) }

  /// Axes other than the last: the result is the transpose of the norm of the transpose.
  @Test func otherAxes() {
    let x = Tensor<Double>((0..<24).map { Double($0 * $0 % 17) }, shape: [2, 3, 4])
    let weight = Tensor<Double>([1, 2, 3])
    let y = x.layerNorm(axes: [1], weight: weight)
    let turned = x.transposed(1, 2).layerNorm(weight: weight).transposed(1, 2)
    #expect(y.shape == [2, 3, 4])
    #expect(y.scalars == turned.scalars)
    // The column 0, 16, 13 (the squares of 0, 4 and 8 modulo 17).
    let column = y[0, 0..., 0].scalars
    let mean = 29.0 / 3, deviation = (425.0 / 3 - mean * mean + 1e-5).squareRoot()
    for (found, expected) in zip(column, [(0 - mean), (16 - mean) * 2, (13 - mean) * 3]) {
      #expect(abs(found - expected / deviation) < 1e-13)
    }
  }

  /// A large mean does not change the small variance.
  @Test func aLargeMean() {
    let y = Tensor<Double>([1e8, 1e8 + 1, 1e8 + 2]).layerNorm(epsilon: 0)
    expectClose(y.scalars, [-1.224744871391589049, 0, 1.224744871391589049], within: 2)
  }

  /// The running mean is a column of a matrix, or one number for all channels. The right values are computed
  /// by hand.
  @Test func runningStatisticsThatAreViews() {
    let numbers = Tensor<Double>([1, 100, 2, 200], shape: [2, 2])
    for (mean, slopes) in [
      (numbers[0..., 0], [2.0, 3]), (Tensor<Double>([2]).broadcast(to: [2]), [0, 3]),
    ] {
      let x = Tensor<Double>([1, 2, 3, 5], shape: [2, 2], requiresGrad: true)
      let w = Tensor<Double>([1, 1], requiresGrad: true), b = Tensor<Double>([0, 0], requiresGrad: true)
      let y = x.batchNorm(
        runningMean: mean, runningVariance: Tensor<Double>([1, 1]), weight: w, bias: b, epsilon: 0)
      let z = x.instanceNorm(
        runningMean: mean, runningVariance: Tensor<Double>([1, 1]), weight: w, bias: b,
        usesInputStatistics: false, epsilon: 0)
      #expect(y.gradient(of: w, seed: .ones([2, 2])).scalars == slopes)
      #expect(z.gradient(of: w, seed: .ones([2, 2])).scalars == slopes)
    }
  }

  /// Batches without samples, and PyTorch's one empty axis: the result is empty, and the running statistics
  /// do not change.
  @Test func batchesOfNoSamples() {
    let mean = Tensor<Double>([1, 2]), variance = Tensor<Double>([3, 4])
    let weight = Tensor<Double>([5, 6], requiresGrad: true), x = Tensor<Double>.zeros([0, 2, 3])
    let y = x.batchNorm(runningMean: mean, runningVariance: variance, weight: weight, isTraining: true)
    #expect(y.shape == [0, 2, 3])
    #expect(mean.scalars == [1, 2])
    #expect(variance.scalars == [3, 4])
    #expect(y.gradient(of: weight, seed: .zeros([0, 2, 3])).scalars == [0, 0])
    _ = Tensor<Double>.zeros([0, 2, 3]).instanceNorm(runningMean: mean, runningVariance: variance)
    #expect(mean.scalars == [1, 2])
    #expect(variance.scalars == [3, 4])
    let none = Tensor<Double>.zeros([0])
    #expect(none.batchNorm(isTraining: true).shape == [0])
    #expect(none.batchNorm(runningMean: none, runningVariance: none).shape == [0])
  }

  /// Rows whose squares overflow have the values and gradients of the same rows in smaller units.
  @Test func squaresThatOverflow() {
    func check<Element: CheckedScalar>(_ unit: Element) {
      for operation in [{ $0.layerNorm(epsilon: 0) }, { $0.rmsNorm(epsilon: 0) }]
        as [(Tensor<Element>) -> Tensor<Element>]
      {
        let small = Tensor<Element>([[1, -2, 3, 7], [2, 0, 0, 5]], requiresGrad: true)
        let large = Tensor(small.scalars.map { $0 * unit }, shape: [2, 4], requiresGrad: true)
        let seed = Tensor<Element>([[1, 2, -1, 0.5], [3, 0, 1, 1]])
        let expected = operation(small), found = operation(large)
        let ones = [Extended](repeating: 1, count: 8)
        expectClose(found.scalars, Element.widened(expected.scalars), within: 8, scales: ones)
        let slopes = found.gradient(of: large, seed: seed) * unit
        expectClose(
          slopes.scalars, Element.widened(expected.gradient(of: small, seed: seed).scalars), within: 8,
          scales: ones)
      }
    }
    check(Float(1e20))
    check(1e200)
  }
}
