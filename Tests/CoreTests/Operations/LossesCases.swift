import Foundation
import MartletCore
import TestSupport
import Testing

/// The label of a row. All classes occur, also the first and the last.
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

/// The shapes of predictions and targets, which are equal.
private let pairs: [[[Int]]] = ([[], [1], [3, 4], [2, 3, 5]] + (1...67).map { [$0] }).map { [$0, $0] }

/// The loss of sequences whose only label is class 1.
private func temporal<E: DifferentiableScalar>(_ x: Tensor<E>) -> Tensor<E> {
  let ones = Tensor<Int>((0..<x.shape[1]).map { _ in 1 })
  return x.ctcLoss(
    ones, inputLengths: ones * x.shape[0], labelLengths: ones, reduction: .none)
}

/// The same loss without the last two steps.
private func shortTemporal<E: DifferentiableScalar>(_ x: Tensor<E>) -> Tensor<E> {
  let ones = Tensor<Int>((0..<x.shape[1]).map { _ in 1 })
  return x.ctcLoss(
    ones, inputLengths: ones * (x.shape[0] - 2), labelLengths: ones, reduction: .none)
}

/// The same loss by enumeration of all alignments: blanks, the label for some steps, blanks.
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

/// The label to ignore. Every third row has it, from the second on.
private let ignoredLabel = -100
private func isIgnored(_ row: Int) -> Bool { row % 3 == 1 }
private func someLabels<E>(_ x: Tensor<E>) -> Tensor<Int> {
  Tensor((0..<x.shape[0]).map { isIgnored($0) ? ignoredLabel : label($0, x.shape[1]) })
}

/// The weights of the classes: ½, 1, 1½ …
private func weights<E: DifferentiableScalar>(_ x: Tensor<E>) -> Tensor<E> {
  Tensor((1...x.shape[1]).map { E($0) / 2 })
}

private func someLikelihood<E>(_ x: Tensor<E>) -> Tensor<E> where E: DifferentiableScalar {
  x.negativeLogLikelihood(someLabels(x), weight: weights(x), ignoredIndex: ignoredLabel)
}

/// −Σ p w log softmax(x) of each row that is not ignored, with smoothed p. The mean divides by the weights of
/// the labels.
private func losses(_ x: Grid, smoothing: Extended = 0, isWeighted: Bool = false, isMean: Bool) -> Grid {
  let (rows, classes) = (x.shape[0], x.shape[1])
  func weight(_ k: Int) -> Extended { isWeighted ? Extended(k + 1) / 2 : 1 }
  let all = (0..<rows).map { row -> Extended in
    if isIgnored(row) { return 0 }
    let total = log((0..<classes).reduce(0) { $0 + exp(x[row, $1]) })
    return (0..<classes).reduce(0) { sum, k in
      let p = smoothing / Extended(classes) + (k == label(row, classes) ? 1 - smoothing : 0)
      return sum + p * weight(k) * (total - x[row, k])
    }
  }
  if !isMean { return Grid([rows], values: all) }
  let counted = (0..<rows).reduce(Extended(0)) { $0 + (isIgnored($1) ? 0 : weight(label($1, classes))) }
  return Grid([], values: [all.reduce(0, +) / counted])
}

/// The elements of the rows whose labels are ignored.
private func ignoredRows(_ x: [Grid]) -> [[Int]] { [x[0].places { isIgnored($0[0]) }] }

struct LossesCases {
  static let bound = Bound.ulps(8, floor: 4)

  static let cases: [OpCase] = [
    OpCase(
      "CrossEntropy", "each row", inputs: logits, domain: -5...5, bound: bound,
      f32: { $0[0].crossEntropy(labels($0[0]), reduction: .none) },
      f64: { $0[0].crossEntropy(labels($0[0]), reduction: .none) },
      reference: { Grid([$0[0].shape[0]], values: losses($0[0])) },
      misuse: [
        Misuse("label", "crossEntropy: label 3 at [1] is outside the 3 classes 0 ..< 3") {
          _ = Tensor<Float>.ones([2, 3]).crossEntropy(Tensor([0, 3]))
        },
        Misuse("negative label", "crossEntropy: label -1 at [0] is outside the 3 classes") {
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
      "CrossEntropy", "ignored labels, each row", inputs: some, domain: -5...5, bound: bound,
      f32: { $0[0].crossEntropy(someLabels($0[0]), ignoredIndex: ignoredLabel, reduction: .none) },
      f64: { $0[0].crossEntropy(someLabels($0[0]), ignoredIndex: ignoredLabel, reduction: .none) },
      reference: { losses($0[0], isMean: false) }, ignoring: ignoredRows),
    OpCase(
      "CrossEntropy", "ignored labels and weights, mean", inputs: some, domain: -5...5,
      bound: .ulps(16, floor: 16),
      f32: { $0[0].crossEntropy(someLabels($0[0]), weight: weights($0[0]), ignoredIndex: ignoredLabel) },
      f64: { $0[0].crossEntropy(someLabels($0[0]), weight: weights($0[0]), ignoredIndex: ignoredLabel) },
      reference: { losses($0[0], isWeighted: true, isMean: true) }, ignoring: ignoredRows),
    OpCase(
      "CrossEntropy", "ignored labels, weights and smoothing, mean", inputs: some, domain: -5...5,
      bound: .ulps(16, floor: 32),
      f32: { x in
        x[0].crossEntropy(
          someLabels(x[0]), weight: weights(x[0]), ignoredIndex: ignoredLabel, labelSmoothing: 0.25)
      },
      f64: { x in
        x[0].crossEntropy(
          someLabels(x[0]), weight: weights(x[0]), ignoredIndex: ignoredLabel, labelSmoothing: 0.25)
      },
      reference: { losses($0[0], smoothing: 0.25, isWeighted: true, isMean: true) }, ignoring: ignoredRows),
    OpCase(
      "Where", "negative log-likelihood with ignored labels", inputs: some, domain: -5...5,
      bound: .ulps(16, floor: 16),
      f32: { someLikelihood($0[0]) }, f64: { someLikelihood($0[0]) },
      reference: { x in
        let rows = (0..<x[0].shape[0]).filter { !isIgnored($0) }, classes = x[0].shape[1]
        let chosen = rows.map { (label($0, classes), x[0][$0, label($0, classes)]) }
        let counted = chosen.reduce(Extended(0)) { $0 + Extended($1.0 + 1) / 2 }
        return Grid([], values: [chosen.reduce(0) { $0 - $1.1 * Extended($1.0 + 1) / 2 } / counted])
      }, ignoring: ignoredRows),
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
        Misuse("probability", "binaryCrossEntropy: the probability at [1, 0] must be in 0...1, not 1.5") {
          _ = Tensor<Float>([[0.5], [1.5]]).binaryCrossEntropy(.ones([2, 1]))
        },
        Misuse("target", "binaryCrossEntropy: the target at [0, 1] must be in 0...1, not -1.0") {
          _ = Tensor<Float>([[0.5, 0.5]]).binaryCrossEntropy(Tensor([[1, -1]]))
        },
      ]),
    OpCase(
      "BinaryCrossEntropyWithLogits", inputs: pairs, domains: [-6...6, 0...1],
      bound: .ulps(8), f32: { $0[0].binaryCrossEntropyWithLogits($0[1], reduction: .none) },
      f64: { $0[0].binaryCrossEntropyWithLogits($0[1], reduction: .none) },
      reference: { x in
        let losses = zip(x[0].values, x[1].values).map { x, t in
          (1 - t) * (max(x, 0) + log1p(exp(-abs(x)))) + t * (max(-x, 0) + log1p(exp(-abs(x))))
        }
        return Grid(x[0].shape, values: losses)
      }),
    OpCase(
      "CTC", "fewer steps than there are", inputs: [[[6, 2, 3]], [[3, 1, 2]]], domain: -3...0,
      bound: .ulps(64, floor: 8), f32: { shortTemporal($0[0]) }, f64: { shortTemporal($0[0]) },
      reference: { x in
        let count = (x[0].shape[0] - 2) * x[0].shape[1] * x[0].shape[2]
        return temporal(
          Grid([x[0].shape[0] - 2] + x[0].shape[1...], values: Array(x[0].values.prefix(count))))
      }, ignoring: { x in [x[0].places { $0[0] >= x[0].shape[0] - 2 }] }),
    OpCase(
      "CTC", inputs: [[[5, 2, 3]], [[1, 1, 2]]], domain: -3...0, bound: .ulps(64, floor: 8),
      f32: { temporal($0[0]) }, f64: { temporal($0[0]) }, reference: { temporal($0[0]) }),
  ]

  @Test(arguments: cases)
  func behaves(_ op: OpCase) { verify(op) }

  /// log Σ exp(x) − x[label] for logits whose exp(x) overflows or underflows.
  @Test func hugeLogitsGiveFiniteLosses() {
    let x = Tensor<Float>([[1000, 0], [1000, 0], [-1e30, -1e30]])
    let y = x.crossEntropy(Tensor([0, 1, 1]), reduction: .none).scalars
    #expect(y[0] == 0 && y[1] == 1000)
    expectClose([y[2]], [0.693147180559945309417], within: 1)
  }

  /// The losses of the labels that are not ignored: 1 + log(1 + exp(−1)) for the vectors, which is PyTorch's
  /// 1.3132616, and log(1 + exp(−1)) for the images.
  @Test func ignoredRowsAreNotLookedAt() {
    let x = Tensor<Float>([[-.infinity, 0, 1], [-.infinity, 2, 1]], requiresGrad: true)
    let labels = Tensor<Int>([1, 0])
    let loss = x.crossEntropy(labels, ignoredIndex: 0)
    expectClose(loss.scalars, [1 + log1p(exp(-1 as Extended))], within: 1)
    let gradient = loss.gradient(of: x).scalars
    let slope = 1 / (1 + exp(-1 as Extended))
    expectClose(gradient, [0, -slope, slope, 0, 0, 0], within: 4)
    // Images of shape [n, classes, …] with labels of shape [n, …].
    let images = Tensor<Double>([[[0, .nan], [1, .infinity]]], requiresGrad: true)
    let sum = images.crossEntropy(Tensor<Int>([[1, -1]]), ignoredIndex: -1, reduction: .sum)
    expectClose(sum.scalars, [log1p(exp(-1 as Extended))], within: 2)
    let slopes = sum.gradient(of: images).scalars
    expectClose(slopes, [1 - slope, 0, slope - 1, 0], within: 4)
  }

  /// The results of PyTorch: the mean over no label is NaN, and all gradients are 0.
  @Test func whereNoLabelCountsTheGradientIsZero() {
    let none = Tensor<Int>([-100, -100])
    let losses: [(Tensor<Float>) -> Tensor<Float>] = [
      { $0.crossEntropy(none, ignoredIndex: -100) },
      { $0.crossEntropy(none, ignoredIndex: -100, labelSmoothing: 0.5) },
      { $0.crossEntropy(none, weight: Tensor([1, 2, 3]), ignoredIndex: -100) },
      { $0.logSoftmax(axis: 1).negativeLogLikelihood(none, ignoredIndex: -100) },
    ]
    for (number, loss) in losses.enumerated() {
      for createGraph in [false, true] {
        let x = Tensor<Float>([[1, 2, 3], [4, 5, 7]], requiresGrad: true), value = loss(x)
        #expect(value.item.isNaN, "\(number)")
        let gradient = value.gradient(of: x, createGraph: createGraph)
        #expect(gradient.scalars == [0, 0, 0, 0, 0, 0], "\(number)")
      }
    }
  }

  private func expectSmallLosses<E: CheckedScalar>(_: E.Type) {
    let logits: [E] = [0.5, 1, 5, 12, 15, 30, 40, 80], wide = E.widened(logits)
    let losses = wide.map { log1p(exp(-$0)) }, slopes = wide.map { exp(-$0) / (1 + exp(-$0)) }
    for sign in [E(1), -1] {
      let x = Tensor(logits, requiresGrad: true) * sign
      let right = Tensor([E](repeating: sign > 0 ? 1 : 0, count: logits.count))
      let weight = Tensor<E>(1)
      for (number, loss) in [
        x.binaryCrossEntropyWithLogits(right, reduction: .none),
        x.binaryCrossEntropyWithLogits(right, positiveWeight: weight, reduction: .none),
        x.expandedDims(axis: 1).multiLabelSoftMarginLoss(right.expandedDims(axis: 1), reduction: .none),
      ].enumerated() {
        expectClose(loss.scalars, losses, within: 8, "\(number)")
        for createGraph in [false, true] {
          let found = loss.sum().gradient(of: x, retainGraph: true, createGraph: createGraph) * -sign
          expectClose(found.scalars, slopes, within: 8, "gradient of \(number)")
        }
      }
    }
  }

  /// −log σ(x) of logits with a right prediction. PyTorch's value for 15 is 3.059e-7.
  @Test func lossesOfRightLogitsKeepTheirDigits() {
    expectSmallLosses(Float.self)
    expectSmallLosses(Double.self)
  }

  @Test func infiniteLogitsAreRightOrWrong() {
    for weight in [nil, Tensor<Float>(1)] {
      let x = Tensor<Float>([.infinity, .infinity, -.infinity, -.infinity], requiresGrad: true)
      let loss = x.binaryCrossEntropyWithLogits(
        Tensor([0, 1, 0, 1]), positiveWeight: weight, reduction: .none)
      #expect(loss.scalars == [.infinity, 0, 0, .infinity])
      #expect(loss.sum().gradient(of: x).scalars == [1, 0, 0, -1])
    }
    let unknown = Tensor<Float>([.nan, 0]).binaryCrossEntropyWithLogits(Tensor([0, .nan]), reduction: .none)
    #expect(unknown.scalars[0].isNaN && unknown.scalars[1].isNaN)
  }

  /// −log(1 − x) of a probability x so small that 1 − x rounds to 1.
  @Test func smallProbabilitiesKeepTheirDigits() {
    let x = Tensor<Float>([1e-10, 3e-5, 0, 1])
    let loss = x.binaryCrossEntropy(Tensor([0, 0, 0, 0]), reduction: .none)
    let expected = [1e-10 as Float, 3e-5].map { -log1p(-Extended($0)) } + [0, 100]
    expectClose(loss.scalars, expected, within: 4)
  }

  /// PyTorch's losses also broadcast these targets.
  @Test func targetsBroadcast() {
    let x = Tensor<Double>([[1, 2], [3, 0.25]])
    #expect(
      x.hingeEmbeddingLoss(Tensor([1, -1]), reduction: .none).scalars == [1, 0, 3, 0.75])
    #expect(
      Tensor<Double>([[1], [2]]).marginRankingLoss(
        Tensor([[0, 3]]), Tensor([[1, -1]]), margin: 2, reduction: .none
      ).scalars == [1, 0, 0, 1])
    let one = Tensor<Double>([[1, 1], [1, 1]])
    #expect(
      x.gaussianNegativeLogLikelihood(Tensor([1, 2]), variance: one, reduction: .none).scalars
        == [0, 0, 2, 1.53125])
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
