import Foundation
import MartletCore
import TestSupport
import Testing

// Scans along an axis and the reductions that are built like them, through the shared checker.

private func runningSum(_ line: [Extended]) -> [Extended] {
  var total: Extended = 0
  return line.map {
    total += $0
    return total
  }
}

private func runningProduct(_ line: [Extended]) -> [Extended] {
  var total: Extended = 1
  return line.map {
    total *= $0
    return total
  }
}

private func runningLogSumExp(_ line: [Extended]) -> [Extended] {
  runningSum(line.map { exp($0) }).map { log($0) }
}

/// The largest element up to each one.
private func runningMax(_ line: [Extended]) -> [Extended] {
  line.indices.map { line[...$0].max()! }
}

/// `yₖ = xₖ + fₖ yₖ₋₁` along an axis of `length` elements, or `yₖ = xₖ + fₖ₊₁ yₖ₊₁`.
private func recurrence(_ x: Grid, _ f: Grid, axis: Int, isReversed: Bool) -> Grid {
  var values = x.values
  let length = x.shape[axis], inner = x.shape[(axis + 1)...].reduce(1, *)
  for start in values.indices where start / inner % length == 0 {
    for k in 1..<Swift.max(length, 1) {
      let here = start + (isReversed ? length - 1 - k : k) * inner
      values[here] +=
        isReversed ? f.values[here + inner] * values[here + inner] : f.values[here] * values[here - inner]
    }
  }
  return Grid(x.shape, values: values)
}

/// Reduces all elements along some axes at once.
private func folded(_ x: Grid, _ axes: [Int], _ fold: ([Extended]) -> Extended) -> Grid {
  let kept = x.shape.indices.filter { !axes.contains($0) }
  var lines = [[Int]: [Extended]]()
  for index in Grid.indices(x.shape) { lines[kept.map { index[$0] }, default: []].append(x[index]) }
  return Grid(kept.map { x.shape[$0] }) { fold(lines[$0] ?? []) }
}

private func logSumExp(_ line: [Extended]) -> Extended { log(line.reduce(0) { $0 + exp($1) }) }
private func product(_ line: [Extended]) -> Extended { line.reduce(1, *) }
private func deviation(_ line: [Extended]) -> Extended {
  let mean = line.reduce(0, +) / Extended(line.count)
  let squares = line.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (squares / Extended(line.count - 1)).squareRoot()
}

private func rank(_ x: [Grid]) -> Int { x[0].shape.count }
private func all(_ x: Grid) -> [Int] { Array(x.shape.indices) }

private let vectors: [[[Int]]] = SampleShapes.lengths.map { [$0] }
private let matrices: [[[Int]]] = [[[3, 130]], [[130, 3]], [[3, 4]], [[1, 5]], [[5, 1]], [[17, 33]]]
private let blocks: [[[Int]]] = [[[2, 3, 5]], [[4, 1, 6]], [[3, 17, 2]], [[2, 7, 300]]]
private let empty: [[[Int]]] = [[[0]], [[2, 0, 3]]]
private let few: [[[Int]]] = [[[1]], [[5]], [[3, 4]], [[2, 3, 5]], [[4, 1, 6]]]
/// Factors whose products neither overflow nor vanish.
private let factors = 0.25...1.75

@Suite struct ScansCases {
  static let sums: [OpCase] = [
    OpCase(
      "CumulativeSum", "last axis", inputs: vectors + matrices + blocks + empty, large: [[9, 10_000]],
      bound: .ulpsOfMagnitudes(32), f32: { $0[0].cumulativeSum(axis: -1) },
      f64: { $0[0].cumulativeSum(axis: -1) }, reference: { $0[0].mapped(along: rank($0) - 1, runningSum) }),
    OpCase(
      "CumulativeSum", "first axis", inputs: matrices + blocks, large: [[300, 700]],
      bound: .ulpsOfMagnitudes(32), f32: { $0[0].cumulativeSum(axis: 0) },
      f64: { $0[0].cumulativeSum(axis: 0) }, reference: { $0[0].mapped(along: 0, runningSum) }),
    OpCase(
      "CumulativeSum", "middle axis", inputs: blocks, large: [[3, 300, 200]], bound: .ulpsOfMagnitudes(32),
      f32: { $0[0].cumulativeSum(axis: 1) }, f64: { $0[0].cumulativeSum(axis: -2) },
      reference: { $0[0].mapped(along: 1, runningSum) }),
    OpCase(
      "CumulativeLogSumExp", "last axis", inputs: vectors + matrices + blocks, large: [[9, 10_000]],
      bound: .ulps(16, floor: 4), f32: { $0[0].cumulativeLogSumExp(axis: -1) },
      f64: { $0[0].cumulativeLogSumExp(axis: -1) },
      reference: { $0[0].mapped(along: rank($0) - 1, runningLogSumExp) }),
    OpCase(
      "CumulativeLogSumExp", "first axis", inputs: matrices + blocks, domain: -10...10,
      bound: .ulps(16, floor: 16), f32: { $0[0].cumulativeLogSumExp(axis: 0) },
      f64: { $0[0].cumulativeLogSumExp(axis: 0) },
      reference: { $0[0].mapped(along: 0, runningLogSumExp) }),
  ]

  static let products: [OpCase] = [
    OpCase(
      "CumulativeProduct", "last axis", inputs: vectors + matrices + blocks + empty, large: [[900, 100]],
      domain: factors, bound: .ulps(130), f32: { $0[0].cumulativeProduct(axis: -1) },
      f64: { $0[0].cumulativeProduct(axis: -1) },
      reference: { $0[0].mapped(along: rank($0) - 1, runningProduct) }),
    OpCase(
      "CumulativeProduct", "first axis, zeros", inputs: few, domain: -2...2, bound: .ulps(8),
      f32: { $0[0].cumulativeProduct(axis: 0) }, f64: { $0[0].cumulativeProduct(axis: 0) },
      reference: { $0[0].mapped(along: 0, runningProduct) }),
    OpCase(
      "LinearRecurrence", "forwards", inputs: [[[1], [1]], [[7], [7]], [[3, 4, 5], [3, 4, 5]]],
      domain: -1...1, bound: .ulpsOfMagnitudes(8),
      f32: { $0[0].linearRecurrence($0[1], along: $0[0].rank / 2, isReversed: false) },
      f64: { $0[0].linearRecurrence($0[1], along: $0[0].rank / 2, isReversed: false) },
      reference: { recurrence($0[0], $0[1], axis: rank($0) / 2, isReversed: false) }),
    OpCase(
      "LinearRecurrence", "backwards", inputs: [[[1], [1]], [[7], [7]], [[3, 4, 5], [3, 4, 5]]],
      domain: -1...1, bound: .ulpsOfMagnitudes(8),
      f32: { $0[0].linearRecurrence($0[1], along: $0[0].rank / 2, isReversed: true) },
      f64: { $0[0].linearRecurrence($0[1], along: $0[0].rank / 2, isReversed: true) },
      reference: { recurrence($0[0], $0[1], axis: rank($0) / 2, isReversed: true) }),
    OpCase(
      "Product", inputs: vectors + few + empty + [[[]]], domain: factors, bound: .ulps(64),
      f32: { $0[0].product() }, f64: { $0[0].product() },
      reference: { folded($0[0], all($0[0]), product) }),
    OpCase(
      "Product", "last axis", inputs: vectors + matrices + blocks + empty, large: [[500, 100]],
      domain: factors, bound: .ulps(130), f32: { $0[0].product(axis: -1) },
      f64: { $0[0].product(axis: -1) }, reference: { folded($0[0], [rank($0) - 1], product) }),
    OpCase(
      "Product", "middle axis", inputs: blocks, large: [[3, 30, 600]], domain: factors, bound: .ulps(64),
      f32: { $0[0].product(axis: 1) }, f64: { $0[0].product(axis: -2) },
      reference: { folded($0[0], [1], product) }),
    OpCase(
      "Product", "outer and inner axis, zeros", inputs: [[[2, 3, 5]], [[4, 1, 6]], [[1, 2, 1]]],
      domain: -2...2, bound: .ulps(16), f32: { $0[0].product(axes: [2, 0]) },
      f64: { $0[0].product(axes: [0, -1], keepDims: true).squeezed(axis: 2).squeezed(axis: 0) },
      reference: { folded($0[0], [0, 2], product) }),
  ]

  static let others: [OpCase] = [
    OpCase(
      "LogSumExp", inputs: vectors + few + empty + [[[]]], bound: .ulps(16, floor: 4),
      f32: { $0[0].logSumExp() }, f64: { $0[0].logSumExp() },
      reference: { folded($0[0], all($0[0]), logSumExp) }),
    OpCase(
      "LogSumExp", "first axis", inputs: matrices + blocks, large: [[120, 400]], domain: -10...10,
      bound: .ulps(16, floor: 8), f32: { $0[0].logSumExp(axis: 0) }, f64: { $0[0].logSumExp(axis: 0) },
      reference: { folded($0[0], [0], logSumExp) }),
    OpCase(
      "LogSumExp", "outer and inner axis, kept", inputs: blocks, bound: .ulps(16, floor: 4),
      f32: { $0[0].logSumExp(axes: [2, 0], keepDims: true) },
      f64: { $0[0].logSumExp(axes: [0, -1], keepDims: true) },
      reference: { x in Grid([1, x[0].shape[1], 1], values: folded(x[0], [0, 2], logSumExp).values) }),
    OpCase(
      "StandardDeviation", inputs: [[[3, 4]], [[17, 33]]], bound: .ulps(64, floor: 1),
      f32: { $0[0].standardDeviation() }, f64: { $0[0].standardDeviation() },
      reference: { folded($0[0], all($0[0]), deviation) }),
    OpCase(
      "StandardDeviation", "some axes, kept", inputs: [[[2, 3, 5]], [[4, 2, 6]]],
      bound: .ulps(64, floor: 1), f32: { $0[0].standardDeviation(axes: [0, 2], keepDims: true) },
      f64: { $0[0].standardDeviation(axes: [-1, 0], keepDims: true) },
      reference: { x in Grid([1, x[0].shape[1], 1], values: folded(x[0], [0, 2], deviation).values) }),
    OpCase(
      "CumulativeMax", inputs: vectors + blocks, f32: { $0[0].cumulativeMax(axis: -1).values },
      f64: { $0[0].cumulativeMax(axis: -1).values },
      reference: { $0[0].mapped(along: rank($0) - 1, runningMax) }),
    OpCase(
      "CumulativeMin", inputs: blocks, f32: { $0[0].cumulativeMin(axis: 1).values },
      f64: { $0[0].cumulativeMin(axis: -2).values },
      reference: { x in x[0].mapped(along: 1) { line in runningMax(line.map { -$0 }).map { -$0 } } }),
    OpCase(
      "Max", "with indices", inputs: blocks, f32: { $0[0].maxWithIndices(axis: 1).values },
      f64: { $0[0].maxWithIndices(axis: -2).values },
      reference: { folded($0[0], [1]) { $0.max()! } }),
    OpCase(
      "Min", "of both extremes", inputs: blocks, f32: { $0[0].minMax(axes: [1]).min },
      f64: { $0[0].minMax(axes: [-2]).min }, reference: { folded($0[0], [1]) { $0.min()! } }),
  ]

  @Test(arguments: sums + products + others) func behaves(_ op: OpCase) { verify(op) }
}
