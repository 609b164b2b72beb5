import MartletCore
import TestSupport
import Testing

/// The sum in the widest float, over axes counted from the front.
private func sum(_ x: Grid, _ axes: [Int], keepDims: Bool = false) -> Grid {
  let result = axes.sorted(by: >).reduce(x) { $0.folded(along: $1) { $0.reduce(0, +) } }
  guard keepDims else { return result }
  return Grid(x.shape.enumerated().map { axes.contains($0) ? 1 : $1 }, values: result.values)
}

private func mean(_ x: Grid, _ axes: [Int]) -> Grid {
  let n = axes.reduce(1) { $0 * x.shape[$1] }
  return sum(x, axes).map { $0 / Extended(n) }
}

private func all(_ x: Grid) -> [Int] { Array(x.shape.indices) }

private func largest(_ x: Grid, _ axes: [Int]) -> Grid {
  axes.sorted(by: >).reduce(x) { $0.folded(along: $1) { $0.max()! } }
}
private func smallest(_ x: Grid, _ axes: [Int]) -> Grid { largest(x.map { -$0 }, axes).map { -$0 } }

private let any: [[[Int]]] = SampleShapes.unary.map { [$0] }
private let some: [[[Int]]] = any.filter { !$0[0].contains(0) }
private let vectors: [[[Int]]] = SampleShapes.lengths.map { [$0] }
private let matrices: [[[Int]]] = [[[3, 130]], [[130, 3]], [[3, 4]], [[1, 5]], [[5, 1]], [[17, 33]]]
private let blocks: [[[Int]]] = [[[2, 3, 5]], [[4, 1, 6]], [[3, 17, 2]]]

struct ReductionsCases {
  /// The bound for pairwise sums. With blocks of 256 of 16 lanes the error is at most 16 + 4 roundings of
  /// Σ|x|, plus one for each doubling. A unit is two roundings, so the bound is half of that.
  static let rows = Bound.ulpsOfMagnitudes(8)
  /// The bound for sums over leading axes, which are added in order: 130 / 2 units at worst, in practice the
  /// root of that.
  static let columns = Bound.ulpsOfMagnitudes(16)

  static let sums: [OpCase] = [
    OpCase(
      "Sum", inputs: any, large: [[300_001]], bound: rows, f32: { $0[0].sum() }, f64: { $0[0].sum() },
      reference: { sum($0[0], all($0[0])) }),
    OpCase(
      "Sum", "last axis", inputs: vectors + matrices + blocks + [[[2, 0, 3]], [[2, 0]]],
      large: [[3, 90_000]],
      bound: rows, f32: { $0[0].sum(axis: -1) }, f64: { $0[0].sum(axis: -1) },
      reference: { sum($0[0], [$0[0].shape.count - 1]) },
      misuse: [
        Misuse("axis", "sum: axis 2 is out of range for shape [2, 3]") {
          _ = Tensor<Float>.ones([2, 3]).sum(axis: 2)
        },
        Misuse("twice", "sum: axis -1 is named twice in [1, -1]") {
          _ = Tensor<Float>.ones([2, 3]).sum(axes: [1, -1])
        },
        Misuse("scalar", "a scalar has no axes") { _ = Tensor<Float>(1).sum(axis: 1) },
      ]),
    OpCase(
      "Sum", "first axis", inputs: matrices + blocks + [[[2, 0, 3]]], large: [[700, 300]], bound: columns,
      f32: { $0[0].sum(axis: 0) }, f64: { $0[0].sum(axis: 0) }, reference: { sum($0[0], [0]) }),
    OpCase(
      "Sum", "middle axis, kept", inputs: blocks + [[[2, 0, 3]]], large: [[3, 300, 200]], bound: columns,
      f32: { $0[0].sum(axis: 1, keepDims: true) }, f64: { $0[0].sum(axis: 1, keepDims: true) },
      reference: { sum($0[0], [1], keepDims: true) }),
    OpCase(
      "Sum", "outer and inner axis", inputs: blocks, bound: columns, f32: { $0[0].sum(axes: [2, 0]) },
      f64: { $0[0].sum(axes: [0, -1]) }, reference: { sum($0[0], [0, 2]) }),
    OpCase(
      "Sum", "two inner axes", inputs: blocks, bound: columns, f32: { $0[0].sum(axes: [1, 2]) },
      f64: { $0[0].sum(axes: [-2, -1], keepDims: true).squeezed(axis: 1).squeezed(axis: 1) },
      reference: { sum($0[0], [1, 2]) }),
    OpCase(
      "Sum", "no axis", inputs: matrices, bound: .exact, f32: { $0[0].sum(axes: []) },
      f64: { $0[0].sum(axes: []) }, reference: { $0[0] }),
  ]

  static let means: [OpCase] = [
    OpCase(
      "Mean", inputs: any, large: [[300_001]], bound: rows, f32: { $0[0].mean() }, f64: { $0[0].mean() },
      reference: { mean($0[0], all($0[0])) }),
    OpCase(
      "Mean", "last axis", inputs: vectors + matrices + blocks, bound: rows, f32: { $0[0].mean(axis: -1) },
      f64: { $0[0].mean(axis: -1) }, reference: { mean($0[0], [$0[0].shape.count - 1]) },
      misuse: [
        Misuse("axis", "mean: axis -3 is out of range for shape [2, 3]") {
          _ = Tensor<Float>.ones([2, 3]).mean(axis: -3)
        }
      ]),
    OpCase(
      "Mean", "first axis", inputs: matrices + blocks, bound: columns, f32: { $0[0].mean(axis: 0) },
      f64: { $0[0].mean(axes: [0]) }, reference: { mean($0[0], [0]) }),
    OpCase(
      "Mean", "variance", inputs: [[[3, 4]], [[130, 3]], [[17, 33]]], bound: .ulps(64, floor: 1),
      f32: { $0[0].variance(axis: 0) },
      f64: { $0[0].variance(axes: [0]) },
      reference: { x in
        x[0].folded(along: 0) { column in
          let n = Extended(column.count), mean = column.reduce(0, +) / n
          return column.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / (n - 1)
        }
      }),
  ]

  static let extremes: [OpCase] = [
    OpCase(
      "Max", inputs: some, large: [[300_001]], f32: { $0[0].max() }, f64: { $0[0].max() },
      reference: { largest($0[0], all($0[0])) },
      misuse: [Misuse("nothing", "max: shape [0] has no elements") { _ = Tensor<Float>.zeros([0]).max() }]),
    OpCase(
      "Min", inputs: some, large: [[300_001]], f32: { $0[0].min() }, f64: { $0[0].min() },
      reference: { smallest($0[0], all($0[0])) },
      misuse: [Misuse("nothing", "min: shape [0] has no elements") { _ = Tensor<Float>.zeros([0]).min() }]),
    OpCase(
      "Max", "last axis", inputs: vectors + matrices + blocks, large: [[3, 90_000]],
      f32: { $0[0].max(axis: -1) }, f64: { $0[0].max(axis: -1) },
      reference: { largest($0[0], [$0[0].shape.count - 1]) },
      misuse: [
        Misuse("axis", "max: axis 1 is out of range for shape [2]") {
          _ = Tensor<Float>.ones([2]).max(axis: 1)
        },
        Misuse("nothing", "max: axis 1 of shape [2, 0] has no elements") {
          _ = Tensor<Float>.zeros([2, 0]).max(axis: 1)
        },
      ]),
    OpCase(
      "Min", "first axis, kept", inputs: matrices + blocks, large: [[700, 300]],
      f32: { $0[0].min(axis: 0, keepDims: true) }, f64: { $0[0].min(axis: 0, keepDims: true) },
      reference: { x in Grid([1] + x[0].shape[1...], values: smallest(x[0], [0]).values) }),
    OpCase(
      "Max", "middle axis", inputs: blocks, f32: { $0[0].max(axis: 1) }, f64: { $0[0].max(axis: -2) },
      reference: { largest($0[0], [1]) }),
    OpCase(
      "Max", "outer and inner axis", inputs: blocks, f32: { $0[0].max(axes: [0, 2]) },
      f64: { $0[0].max(axes: [0, 2]) }, reference: { largest($0[0], [0, 2]) }),
    OpCase(
      "Min", "outer and inner axis", inputs: blocks, f32: { $0[0].min(axes: [0, 2]) },
      f64: { $0[0].min(axes: [0, 2]) }, reference: { smallest($0[0], [0, 2]) },
      misuse: [
        Misuse("axis", "min: axis 3 is out of range for shape [2]") {
          _ = Tensor<Float>.ones([2]).min(axes: [3])
        }
      ]),
  ]

  @Test(arguments: sums + means + extremes)
  func behaves(_ op: OpCase) { verify(op) }
}
