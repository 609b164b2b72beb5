import MartletCore
import TestSupport
import Testing

// Sorts, selections and quantiles, through the shared checker.

private func sorted(_ line: [Extended]) -> [Extended] { line.sorted() }
private func largest(_ k: Int) -> ([Extended]) -> [Extended] { { Array($0.sorted(by: >).prefix(k)) } }
private func kth(_ k: Int) -> ([Extended]) -> Extended { { $0.sorted()[k - 1] } }
private func median(_ line: [Extended]) -> Extended { line.sorted()[(line.count - 1) / 2] }

/// The most frequent number, the smallest of several.
private func mode(_ line: [Extended]) -> Extended {
  let counts = Dictionary(line.map { ($0, 1) }, uniquingKeysWith: +)
  return counts.min { ($1.value, $0.key) < ($0.value, $1.key) }!.key
}

/// The value at the place q (n − 1) of the sorted numbers, between its neighbours.
private func quantile(_ q: Extended) -> ([Extended]) -> Extended {
  { line in
    let sorted = line.sorted(), place = q * Extended(line.count - 1), lower = Int(place)
    let upper = min(lower + 1, line.count - 1)
    return sorted[lower] + (place - Extended(lower)) * (sorted[upper] - sorted[lower])
  }
}

private func all(_ x: Grid, _ fold: ([Extended]) -> Extended) -> Grid { Grid([], values: [fold(x.values)]) }
private func last(_ x: [Grid]) -> Int { x[0].shape.count - 1 }

private let vectors: [[[Int]]] = [1, 2, 3, 16, 17, 100, 128, 129, 300].map { [[$0]] }
private let matrices: [[[Int]]] = [[[3, 4]], [[5, 130]], [[130, 3]], [[2, 200]], [[1, 5]], [[5, 1]]]
private let blocks: [[[Int]]] = [[[2, 3, 5]], [[4, 1, 6]], [[3, 17, 2]]]
private let empty: [[[Int]]] = [[[0]], [[2, 0]], [[0, 3]]]

@Suite struct SortingCases {
  static let sorts: [OpCase] = [
    OpCase(
      "Sort", "last axis", inputs: vectors + matrices + blocks + empty, large: [[40_000]],
      f32: { $0[0].sorted().values }, f64: { $0[0].sorted().values },
      reference: { $0[0].mapped(along: last($0), sorted) }),
    OpCase(
      "Sort", "descending along the first axis", inputs: matrices + blocks, large: [[300, 400]],
      f32: { $0[0].sorted(axis: 0, descending: true).values },
      f64: { $0[0].sorted(axis: 0, descending: true).values },
      reference: { $0[0].mapped(along: 0) { $0.sorted(by: >) } }),
    OpCase(
      "TopK", "two largest", inputs: [[[2]], [[129]], [[300]]] + matrices.filter { $0[0][0] > 1 },
      large: [[20_000, 3]], f32: { $0[0].topK(2, axis: 0).values }, f64: { $0[0].topK(2, axis: 0).values },
      reference: { $0[0].mapped(along: 0, largest(2)) }),
    OpCase(
      "TopK", "150 smallest", inputs: [[[150]], [[2, 400]]], large: [[3, 20_000]],
      f32: { $0[0].topK(150, largest: false).values }, f64: { $0[0].topK(150, largest: false).values },
      reference: { $0[0].mapped(along: last($0)) { Array($0.sorted().prefix(150)) } }),
  ]

  static let selections: [OpCase] = [
    OpCase(
      "KthValue", "middle axis", inputs: [[[2, 3, 5]], [[3, 300, 2]]], large: [[3, 9000, 3]],
      f32: { $0[0].kthValue(3, axis: 1).values }, f64: { $0[0].kthValue(3, axis: -2).values },
      reference: { $0[0].folded(along: 1, kth(3)) }),
    OpCase(
      "Median", "last axis", inputs: vectors + matrices + blocks, large: [[5, 20_000]],
      f32: { $0[0].median(axis: -1).values }, f64: { $0[0].median(axis: -1).values },
      reference: { $0[0].folded(along: last($0), median) }),
    OpCase(
      "Median", "all", inputs: vectors + matrices, large: [[3, 20_000]], f32: { $0[0].median() },
      f64: { $0[0].median() }, reference: { all($0[0], median) }),
    OpCase(
      "Median", "without NaN", inputs: matrices, f32: { $0[0].nanMedian(axis: 0).values },
      f64: { $0[0].nanMedian(axis: 0).values }, reference: { $0[0].folded(along: 0, median) }),
    OpCase(
      "Mode", "first axis", inputs: matrices + blocks, large: [[20_000, 3]],
      f32: { $0[0].mode(axis: 0).values }, f64: { $0[0].mode(axis: 0).values },
      reference: { $0[0].folded(along: 0, mode) }),
    OpCase(
      "Sort", "quantile of all", inputs: vectors + matrices, bound: .ulps(3, floor: 3),
      f32: { $0[0].quantile(0.375) }, f64: { $0[0].quantile(0.375) },
      reference: { all($0[0], quantile(0.375)) }),
    OpCase(
      "Sort", "quantiles without NaN along the first axis", inputs: matrices + blocks,
      bound: .ulps(3, floor: 3),
      f32: { $0[0].nanQuantile(Tensor<Double>([0.25, 0.875]), axis: 0) },
      f64: { $0[0].nanQuantile(Tensor<Double>([0.25, 0.875]), axis: 0) },
      reference: {
        let low = $0[0].folded(along: 0, quantile(0.25)), high = $0[0].folded(along: 0, quantile(0.875))
        return Grid([2] + low.shape, values: low.values + high.values)
      }),
    OpCase(
      "ScatterAdd", "weights of bins", inputs: [[[6]]], bound: .ulps(3, floor: 3),
      f32: { Tensor<Int>([3, 0, 3, 1, 0, 3]).bincount(weights: $0[0]) },
      f64: { Tensor<Int>([3, 0, 3, 1, 0, 3]).bincount(weights: $0[0]) },
      reference: { x in Grid([4], values: [x[0][1] + x[0][4], x[0][3], 0, x[0][0] + x[0][2] + x[0][5]]) }),
  ]

  @Test(arguments: sorts) func sort(_ op: OpCase) { verify(op) }
  @Test(arguments: selections) func select(_ op: OpCase) { verify(op) }
}
