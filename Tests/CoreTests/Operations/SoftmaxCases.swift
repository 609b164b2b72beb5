import Foundation
import MartletCore
import TestSupport
import Testing

private func softmax(_ line: [Extended]) -> [Extended] {
  let total = line.reduce(0) { $0 + exp($1) }
  return line.map { exp($0) / total }
}

private func logSoftmax(_ line: [Extended]) -> [Extended] {
  let total = line.reduce(0) { $0 + exp($1) }
  return line.map { $0 - log(total) }
}

private let vectors: [[[Int]]] = SampleShapes.lengths.map { [$0] }
private let last: [[[Int]]] =
  vectors + [[[3, 130]], [[7, 3]], [[2, 3, 5]], [[2, 0, 3]], [[3, 0]], [[0]]]
private let first: [[[Int]]] = [[[5]], [[3, 4]], [[3, 40]], [[40, 3]], [[2, 3, 5]]]

struct SoftmaxCases {
  /// The bound of exp for a rounded difference of at most 10 and an error of up to 2 units in exp itself: 10
  /// · ½ + 2. The sum has the same error.
  static let bound = Bound.ulps(16)
  /// A small result is a difference of numbers of size 1 or more.
  static let logBound = Bound.ulps(8, floor: 4)

  static let cases: [OpCase] = [
    OpCase(
      "Softmax", "last axis", inputs: last, domain: -5...5, bound: bound, f32: { $0[0].softmax(axis: -1) },
      f64: { $0[0].softmax(axis: -1) }, reference: { $0[0].mapped(along: $0[0].shape.count - 1, softmax) },
      misuse: [
        Misuse("axis", "softmax: axis 2 is out of range for shape [2, 3]") {
          _ = Tensor<Float>.ones([2, 3]).softmax(axis: 2)
        },
        Misuse("scalar", "softmax: axis 1 is out of range for shape []; a scalar has no axes") {
          _ = Tensor<Float>(1).softmax(axis: 1)
        },
      ]),
    OpCase(
      "Softmax", "first axis", inputs: first, domain: -5...5, bound: bound, f32: { $0[0].softmax(axis: 0) },
      f64: { $0[0].softmax(axis: 0) }, reference: { $0[0].mapped(along: 0, softmax) }),
    OpCase(
      "LogSoftmax", "last axis", inputs: last, domain: -5...5, bound: logBound,
      f32: { $0[0].logSoftmax(axis: -1) }, f64: { $0[0].logSoftmax(axis: -1) },
      reference: { $0[0].mapped(along: $0[0].shape.count - 1, logSoftmax) },
      misuse: [
        Misuse("axis", "logSoftmax: axis -2 is out of range for shape [2]") {
          _ = Tensor<Float>.ones([2]).logSoftmax(axis: -2)
        }
      ]),
    OpCase(
      "LogSoftmax", "first axis", inputs: first, domain: -5...5, bound: logBound,
      f32: { $0[0].logSoftmax(axis: 0) }, f64: { $0[0].logSoftmax(axis: 0) },
      reference: { $0[0].mapped(along: 0, logSoftmax) }),
  ]

  @Test(arguments: cases)
  func behaves(_ op: OpCase) { verify(op) }

  /// Many rows on several threads have the same bits as on one thread, and as each row alone.
  @Test func rowsOnSeveralThreads() {
    var random = SampleRandom(seed: 3)
    let x = (0..<300 * 500).map { _ in Float(random.number(in: -5...5)) }
    for f in [{ $0.softmax(axis: 1) }, { $0.logSoftmax(axis: 1) }] as [(Tensor<Float>) -> Tensor<Float>] {
      let one = withThreads(1) { f(Tensor(x, shape: [300, 500])).scalars }
      let two = withThreads(2) { f(Tensor(x, shape: [300, 500])).scalars }
      expectSameBits(one, two)
      let row = f(Tensor(Array(x[299 * 500..<300 * 500]), shape: [1, 500])).scalars
      expectSameBits(Array(one[299 * 500..<300 * 500]), row)
    }
  }

  @Test func hugeLogitsDoNotOverflow() {
    let x = Tensor<Float>([[1000, 0, -1000], [3e38, 3e38, -3e38], [0, -.infinity, 0]])
    #expect(x.softmax(axis: 1).scalars == [1, 0, 0, 0.5, 0.5, 0, 0.5, 0, 0.5])
    let log = x.logSoftmax(axis: 1).scalars
    #expect(log[0...2] == [0, -1000, -2000])
    #expect(log[7] == -.infinity)
    expectClose(
      [log[3], log[4], log[6], log[8]], Array(repeating: -0.693147180559945309417, count: 4), within: 1)
  }

  /// Rows of only −∞, or with a +∞ or NaN, have no distribution, as in PyTorch.
  @Test func whatHasNoDistributionIsNaN() {
    for count in [1, 3, 17, 37] {
      for place in 0..<count {
        for wrong in [Float.nan, .infinity] {
          var numbers = [Float](repeating: 1, count: count)
          numbers[place] = wrong
          let y = Tensor(numbers).softmax(axis: 0).scalars
          #expect(y[place].isNaN)
          #expect(wrong.isNaN ? y.allSatisfy { $0.isNaN } : true)
        }
      }
      #expect(Tensor<Float>.full([count], -.infinity).softmax(axis: 0).scalars.allSatisfy { $0.isNaN })
    }
  }
}
