import Foundation
import MartletCore
import TestSupport
import Testing

/// The label of a row: any class, the first and the last among them.
private func label(_ row: Int, _ classes: Int) -> Int { (row * 7 + classes - 1) % classes }

private func labels<Element>(_ x: Tensor<Element>) -> Tensor<Int> {
  Tensor((0..<x.shape[0]).map { label($0, x.shape[1]) })
}

private func losses(_ x: Grid) -> [Extended] {
  (0..<x.shape[0]).map { row in
    let total = (0..<x.shape[1]).reduce(0) { $0 + exp(x[row, $1]) }
    return log(total) - x[row, label(row, x.shape[1])]
  }
}

private let logits: [[[Int]]] =
  [[[3, 4]], [[1, 1]], [[5, 1]], [[64, 10]], [[0, 3]]] + (1...67).map { [[2, $0]] }
private let some: [[[Int]]] = [[[3, 4]], [[5, 1]], [[64, 10]], [[2, 17]]]

private func squares(_ grids: [Grid]) -> [Extended] {
  zip(grids[0].values, grids[1].values).map { ($0 - $1) * ($0 - $1) }
}

/// Predictions and targets of one shape.
private let pairs: [[[Int]]] = ([[], [1], [3, 4], [2, 3, 5]] + (1...67).map { [$0] }).map { [$0, $0] }

/// The label of each sequence: class 1, alone.
private func temporal<E: DifferentiableScalar>(_ x: Tensor<E>) -> Tensor<E> {
  let ones = Tensor<Int>((0..<x.shape[1]).map { _ in 1 })
  return x.ctcLoss(
    ones, inputLengths: ones * x.shape[0], labelLengths: ones, reduction: .none)
}

/// Over all ways: blanks, the label for some steps, blanks.
private func temporal(_ x: Grid) -> Grid {
  let steps = x.shape[0]
  let losses = (0..<x.shape[1]).map { sequence -> Extended in
    var likelihood: Extended = 0
    for first in 0..<steps {
      for last in first..<steps {
        likelihood += exp((0..<steps).reduce(0) { $0 + x[$1, sequence, $1 >= first && $1 <= last ? 1 : 0] })
      }
    }
    return -log(likelihood)
  }
  return Grid([x.shape[1]], values: losses)
}

struct LossesCases {
  static let bound = Bound.ulps(8, floor: 4)

  static let cases: [OpCase] = [
    OpCase(
      "CrossEntropy", "each row", inputs: logits, domain: -5...5, bound: bound,
      f32: { $0[0].crossEntropy(labels($0[0]), reduction: .none) },
      f64: { $0[0].crossEntropy(labels($0[0]), reduction: .none) },
      reference: { Grid([$0[0].shape[0]], values: losses($0[0])) },
      misuse: [
        Misuse("label", "crossEntropy: label 3 outside the 3 classes 0 ..< 3") {
          _ = Tensor<Float>.ones([2, 3]).crossEntropy(Tensor([0, 3]))
        },
        Misuse("negative label", "crossEntropy: label -1 outside the 3 classes") {
          _ = Tensor<Float>.ones([2, 3]).crossEntropy(Tensor([-1, 0]))
        },
        Misuse("shapes", "crossEntropy: logits [2, 3] and labels [1]") {
          _ = Tensor<Float>.ones([2, 3]).crossEntropy(Tensor([0]))
        },
        Misuse("no classes", "crossEntropy: logits [0, 0] and labels [0]") {
          _ = Tensor<Float>.ones([0, 0]).crossEntropy(Tensor<Int>([Int]()))
        },
      ]),
    OpCase(
      "CrossEntropy", "sum", inputs: some, domain: -5...5, bound: .ulps(16, floor: 16),
      f32: { $0[0].crossEntropy(labels($0[0]), reduction: .sum) },
      f64: { $0[0].crossEntropy(labels($0[0]), reduction: .sum) },
      reference: { Grid([], values: [losses($0[0]).reduce(0, +)]) }),
    OpCase(
      "CrossEntropy", "mean", inputs: some, domain: -5...5, bound: bound,
      f32: { $0[0].crossEntropy(labels($0[0])) }, f64: { $0[0].crossEntropy(labels($0[0])) },
      reference: { Grid([], values: [losses($0[0]).reduce(0, +) / Extended($0[0].shape[0])]) }),
    OpCase(
      "SquaredError", "sum", inputs: pairs, bound: .ulps(16),
      f32: { $0[0].squaredError($0[1], reduction: .sum) },
      f64: { $0[0].squaredError($0[1], reduction: .sum) },
      reference: { Grid([], values: [squares($0).reduce(0, +)]) }),
    OpCase(
      "SquaredError", "mean", inputs: pairs, bound: .ulps(16),
      f32: { $0[0].squaredError($0[1], reduction: .mean) },
      f64: { $0[0].squaredError($0[1], reduction: .mean) },
      reference: { Grid([], values: [squares($0).reduce(0, +) / Extended(squares($0).count)]) }),
    OpCase(
      "LogSoftmax", "cross-entropy against distributions",
      inputs: [[[3, 4], [3, 4]], [[2, 17], [2, 17]]],
      domains: [-5...5, 0...1], bound: .ulps(16, floor: 32),
      f32: { $0[0].crossEntropy($0[1], reduction: .none) },
      f64: { $0[0].crossEntropy($0[1], reduction: .none) },
      reference: { inputs in
        let x = inputs[0], p = inputs[1]
        return Grid([x.shape[0]]) { at in
          let total = log((0..<x.shape[1]).reduce(0) { $0 + exp(x[at[0], $1]) })
          return (0..<x.shape[1]).reduce(0) { $0 + p[at[0], $1] * (total - x[at[0], $1]) }
        }
      },
      misuse: [
        Misuse("shapes", "crossEntropy: logits [2, 3] and distributions [3, 2]") {
          _ = Tensor<Float>.ones([2, 3]).crossEntropy(Tensor<Float>.ones([3, 2]))
        }
      ]),
    OpCase(
      "BinaryCrossEntropy", inputs: pairs, domain: 0.05...0.95, bound: .ulps(16, floor: 1),
      f32: { $0[0].binaryCrossEntropy($0[1], reduction: .none) },
      f64: { $0[0].binaryCrossEntropy($0[1], reduction: .none) },
      reference: { x in
        let losses = zip(x[0].values, x[1].values).map { -($1 * log($0) + (1 - $1) * log(1 - $0)) }
        return Grid(x[0].shape, values: losses)
      },
      misuse: [
        Misuse("probability", "binaryCrossEntropy: probability 1.5 at [1, 0]; in 0...1") {
          _ = Tensor<Float>([[0.5], [1.5]]).binaryCrossEntropy(.ones([2, 1]))
        },
        Misuse("target", "binaryCrossEntropy: target -1.0 at [0, 1]; in 0...1") {
          _ = Tensor<Float>([[0.5, 0.5]]).binaryCrossEntropy(Tensor([[1, -1]]))
        },
      ]),
    OpCase(
      "Sub", "binary cross-entropy of logits", inputs: pairs, domains: [-6...6, 0...1],
      bound: .ulps(16, floor: 4), f32: { $0[0].binaryCrossEntropyWithLogits($0[1], reduction: .none) },
      f64: { $0[0].binaryCrossEntropyWithLogits($0[1], reduction: .none) },
      reference: { x in
        let losses = zip(x[0].values, x[1].values).map { max($0, 0) + log1p(exp(-abs($0))) - $1 * $0 }
        return Grid(x[0].shape, values: losses)
      }),
    OpCase(
      "CTC", inputs: [[[5, 2, 3]], [[1, 1, 2]]], domain: -3...0, bound: .ulps(64, floor: 8),
      f32: { temporal($0[0]) }, f64: { temporal($0[0]) }, reference: { temporal($0[0]) }),
  ]

  @Test(arguments: cases)
  func behaves(_ op: OpCase) { verify(op) }

  /// log Σ exp(x) − x[label] where exp(x) itself overflows or vanishes.
  @Test func hugeLogitsGiveFiniteLosses() {
    let x = Tensor<Float>([[1000, 0], [1000, 0], [-1e30, -1e30]])
    let y = x.crossEntropy(Tensor([0, 1, 1]), reduction: .none).scalars
    #expect(y[0] == 0 && y[1] == 1000)
    expectClose([y[2]], [0.693147180559945309417], within: 1)
  }

  @Test func gradientIsSoftmaxLessOneHot() {
    let x = Tensor<Double>([[0, 0, 0, 0], [0, 0, 0, 0]], requiresGrad: true)
    let gradient = x.crossEntropy(Tensor([1, 3])).gradient(of: x)
    #expect(gradient.scalars == [0.125, -0.375, 0.125, 0.125, 0.125, 0.125, 0.125, -0.375])
  }

  @Test func labelsChangedInPlaceAreReported() {
    let labels = Tensor<Int>([0, 1])
    let x = Tensor<Float>.zeros([2, 2], requiresGrad: true)
    let loss = x.crossEntropy(labels)
    labels[0] = 1
    #expect(throws: TensorError.self) { try catchingTensorErrors { loss.backward() } }
  }
}
