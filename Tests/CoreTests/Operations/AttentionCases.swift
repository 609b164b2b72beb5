import Foundation
import TestSupport
import Testing

@testable import MartletCore

/// The shapes of queries, keys and values: `[heads, t, d]`, `[h, s, d]`, `[h, s, e]`.
private func shapes(_ heads: Int, _ shared: Int, _ t: Int, _ s: Int, _ d: Int, _ e: Int) -> [[Int]] {
  [[heads, t, d], [shared, s, d], [shared, s, e]]
}

/// softmax(q kᵀ / √d + bias) v by its definition, over the keys for which `sees` is true.
private func reference(
  _ x: [Grid], sees: (_ query: Int, _ key: Int) -> Bool = { _, _ in true },
  bias: (_ head: Int, _ query: Int, _ key: Int) -> Extended = { _, _, _ in 0 }
) -> Grid {
  let (q, k, v) = (x[0], x[1], x[2]), depth = q.shape[2], share = q.shape[0] / k.shape[0]
  var values: [Extended] = []
  for head in 0..<q.shape[0] {
    for query in 0..<q.shape[1] {
      let keys = (0..<k.shape[1]).filter { sees(query, $0) }
      let scores = keys.map { key in
        (0..<depth).reduce(Extended(0)) { $0 + q[head, query, $1] * k[head / share, key, $1] }
          / Extended(depth).squareRoot() + bias(head, query, key)
      }
      let weights = scores.map { exp($0) }, total = weights.reduce(0, +)
      for column in 0..<v.shape[2] {
        let sum = zip(keys, weights).reduce(Extended(0)) { $0 + $1.1 * v[head / share, $1.0, column] }
        values.append(keys.isEmpty ? 0 : sum / total)
      }
    }
  }
  return Grid([q.shape[0], q.shape[1], v.shape[2]], values: values)
}

private let turned = [
  [[3, 4], [3, 2], [3, 2]], [[2, 3, 10], [3, 5], [3, 5]], [[1, 2], [1, 1], [1, 1]],
  [[2, 1, 34], [1, 17], [1, 17]],
]

/// Rotates the pairs of `[…, t, d]`. `place` returns, for an element, the two indices of its pair, the angle
/// and whether the element is the first.
private func rotated(_ x: [Grid], _ place: (Int) -> (a: Int, b: Int, angle: Int, isFirst: Bool)) -> Grid {
  Grid(x[0].shape) { index in
    let (a, b, angle, isFirst) = place(index.last!), position = index[index.count - 2]
    let first = x[0][index.dropLast() + [a]], second = x[0][index.dropLast() + [b]]
    let cosine = x[1][position, angle], sine = x[2][position, angle]
    return isFirst
      ? first * cosine - second * sine : second * cosine + first * sine
  }
}

/// A mask that hides every third key of a row. Row 2 sees no key.
private func mask(_ t: Int, _ s: Int) -> Tensor<Bool> {
  Tensor((0..<t * s).map { ($0 / s + $0 % s) % 3 != 0 && $0 / s != 2 }, shape: [t, s])
}

struct AttentionCases {
  static let bound = Bound.ulps(16, floor: 8)
  private static let samples = [
    shapes(2, 2, 3, 5, 4, 2), shapes(1, 1, 1, 1, 1, 1), shapes(4, 2, 5, 7, 3, 4), shapes(3, 1, 4, 17, 2, 3),
  ]

  static let cases: [OpCase] = [
    OpCase(
      "ScaledDotProductAttention", inputs: samples, large: shapes(4, 4, 150, 300, 8, 8), bound: bound,
      dependsOnThreads: true,
      f32: { $0[0].scaledDotProductAttention(key: $0[1], value: $0[2]) },
      f64: { $0[0].scaledDotProductAttention(key: $0[1], value: $0[2]) },
      reference: { reference($0) }),
    OpCase(
      "ScaledDotProductAttention", "causal", inputs: samples, bound: bound, dependsOnThreads: true,
      f32: { $0[0].scaledDotProductAttention(key: $0[1], value: $0[2], isCausal: true) },
      f64: { $0[0].scaledDotProductAttention(key: $0[1], value: $0[2], isCausal: true) },
      reference: { reference($0, sees: { $1 <= $0 }) }),
    OpCase(
      "ScaledDotProductAttention", "mask", inputs: samples, bound: bound, dependsOnThreads: true,
      f32: { x in
        x[0].scaledDotProductAttention(key: x[1], value: x[2], mask: mask(x[0].shape[1], x[1].shape[1]))
      },
      f64: { x in
        x[0].scaledDotProductAttention(key: x[1], value: x[2], mask: mask(x[0].shape[1], x[1].shape[1]))
      },
      reference: { reference($0, sees: { ($0 + $1) % 3 != 0 && $0 != 2 }) }),
    OpCase(
      "ScaledDotProductAttention", "bias", inputs: samples.map { $0 + [[$0[0][0], 1, $0[1][1]]] },
      bound: bound, dependsOnThreads: true,
      f32: { $0[0].scaledDotProductAttention(key: $0[1], value: $0[2], bias: $0[3]) },
      f64: { $0[0].scaledDotProductAttention(key: $0[1], value: $0[2], bias: $0[3]) },
      reference: { x in reference(x, bias: { head, _, key in x[3][head, 0, key] }) }),
    OpCase(
      "RotatedPairs", "halves", inputs: turned, large: [[20, 100, 30], [100, 15], [100, 15]], constants: 2,
      bound: .ulps(1, floor: 16),
      f32: { $0[0].rotatedPairs($0[1], $0[2], axis: $0[0].rank - 2, isInterleaved: false) },
      f64: { $0[0].rotatedPairs($0[1], $0[2], axis: $0[0].rank - 2, isInterleaved: false) },
      reference: { x in
        let half = x[1].shape[1]
        return rotated(x) { $0 < half ? ($0, $0 + half, $0, true) : ($0 - half, $0, $0 - half, false) }
      }),
    OpCase(
      "RotatedPairs", "interleaved", inputs: turned, constants: 2, bound: .ulps(1, floor: 16),
      f32: { $0[0].rotatedPairs($0[1], $0[2], axis: $0[0].rank - 2, isInterleaved: true) },
      f64: { $0[0].rotatedPairs($0[1], $0[2], axis: $0[0].rank - 2, isInterleaved: true) },
      reference: { x in rotated(x) { ($0 / 2 * 2, $0 / 2 * 2 + 1, $0 / 2, $0 % 2 == 0) } }),
  ]

  @Test(arguments: cases)
  func behaves(_ op: OpCase) { verify(op) }

  /// Compares tiled attention with operations on all scores, for sizes around the edges of tiles. The cases
  /// have a mask, a bias, a causal mask and dropout.
  @Test(arguments: [
    (127, 255), (128, 256), (129, 257), (130, 513), (1, 300), (300, 1), (257, 257),
  ])
  func tilesAgreeWithOperations(_ t: Int, _ s: Int) {
    var random = RandomGenerator(seed: 11)
    for (lead, dropout) in [(nil, 0), (0, 0.25), (40, 0)] as [(Int?, Double)] {
      let q: Tensor<Double> = random.normal([1, 4, t, 3]), k: Tensor<Double> = random.normal([1, 2, s, 3])
      let v: Tensor<Double> = random.normal([1, 2, s, 5]), bias: Tensor<Double> = random.normal([t, s])
      let seed: Tensor<Double> = random.normal([1, 4, t, 5])
      let inputs = [q, k, v, bias]
      for x in inputs { x.requiresGrad = true }
      // One column is visible to all queries, so that no row is empty.
      let mask = (bias .> -1) .| (Tensor<Int>.arange(0, s) .== 0)
      var same = random
      let y = withRandom(&same) {
        q.attention(k, v, mask, bias, dropout: dropout, lead: lead, #fileID, #line)
      }
      let composed = withRandom(&random) { () -> Tensor<Double> in
        let last = Tensor<Int>.arange(0, t).expandedDims(axis: 1) + (lead ?? s)
        let sees = mask .& (Tensor<Int>.arange(0, s) .<= last)
        let pairs = q.reshaped([1, 2, 2, t, 3]).matmul(k.expandedDims(axis: 2).transposed())
        let scores = (pairs / 3.0.squareRoot() + bias).where(sees, else: -.infinity)
        let kept = Tensor<Double>(Tensor<Double>.uniform([1, 4, t, s]) .>= dropout) / (1 - dropout)
        let weights = scores.softmax(axis: -1) * (dropout > 0 ? kept.reshaped(scores.shape) : Tensor(1))
        return weights.matmul(v.expandedDims(axis: 2)).reshaped([1, 4, t, 5])
      }
      #expect(distance(y, composed) < 1e-13)
      let fused = y.gradients(of: inputs, seed: seed, retainGraph: true)
      let recorded = y.gradients(of: inputs, seed: seed, createGraph: true)
      let parts = composed.gradients(of: inputs, seed: seed)
      for (i, part) in parts.enumerated() {
        #expect(distance(fused[i], part) < 1e-12, "\(i)")
        #expect(distance(recorded[i], part) < 1e-12, "\(i)")
      }
    }
  }

  private func distance(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Double {
    (a - b).abs().max().item / Swift.max(b.abs().max().item, 1)
  }

  /// Heads within rows are read and written in place, so that the output is flattened without a copy.
  @Test func headsAreReadAsTheyLie() {
    let x = Tensor<Float>.normal([2, 5, 3 * 4], requiresGrad: true)
    let heads = x.reshaped([2, 5, 3, 4]).transposed(1, 2)
    let before = Counters.now.copies
    let y = heads.scaledDotProductAttention(key: heads, value: heads).transposed(1, 2).reshaped([2, 5, 12])
    y.backward(Tensor.ones([2, 5, 12]))
    #expect(Counters.now.copies == before)
  }

  /// 4,096 queries and keys, whose scores would take 64 MiB. The counters are the whole process's, so the
  /// test runs in a process of its own.
  @Test func memoryOfALongSequence() async {
    await #expect(processExitsWith: .success) {
      let t = 4096
      let inputs = (0..<3).map { _ in Tensor<Float>.normal([1, t, 8], requiresGrad: true) }
      let start = StoragePool.bytesInUse
      StoragePool.resetPeak()
      let y = inputs[0].scaledDotProductAttention(key: inputs[1], value: inputs[2], isCausal: true)
      y.sum().backward()
      #expect(inputs.allSatisfy { $0.grad != nil })
      #expect(StoragePool.peakBytes - start < 4 * t * t / 20)
    }
  }

  /// Weights are dropped with the given probability, and the others are scaled.
  @Test func droppedWeights() {
    var random = RandomGenerator(seed: 5)
    let q = Tensor<Double>.zeros([2, 50, 2]), value = Tensor<Double>.ones([2, 400, 1])
    let y = withRandom(&random) {
      q.scaledDotProductAttention(key: .zeros([2, 400, 2]), value: value, dropout: 0.25)
    }
    #expect(abs(y.mean().item - 1) < 0.01)
    // Each output is the mean of 400 numbers that are 0 or 4/3.
    let counts = (y * 300).scalars
    #expect(
      counts.allSatisfy { abs($0 - $0.rounded()) < 1e-9 } && Set(counts.map { $0.rounded() }).count > 10)
    let none = q.scaledDotProductAttention(key: .zeros([2, 400, 2]), value: value, dropout: 1)
    #expect(none.scalars.allSatisfy { $0 == 0 })
  }

  /// A `Bool` mask that changes before the backward pass.
  @Test func aChangedMask() {
    let x = Tensor<Float>.ones([2, 2], requiresGrad: true),
      mask = Tensor<Bool>([[true, true], [true, false]])
    let y = x.scaledDotProductAttention(key: x, value: x, mask: mask).sum()
    mask[0, 0] = false
    let error = refusal { y.backward() }
    #expect(error?.reason.contains("the mask of scaledDotProductAttention was changed in place") == true)
  }

  /// NaN and infinities propagate as in the definition.
  @Test func strangeNumbers() {
    let k = Tensor<Float>([[1, 0], [0, 1], [.nan, 0]]), v = Tensor<Float>([[1], [2], [3]])
    let q = Tensor<Float>([[1, 1]])
    #expect(q.scaledDotProductAttention(key: k, value: v).item.isNaN)
    #expect(q.scaledDotProductAttention(key: k, value: v, isCausal: true).item == 1)
    let bias = Tensor<Float>([[-.infinity, 0, -.infinity]])
    #expect(
      q.scaledDotProductAttention(key: Tensor([[1, 0], [0, 1], [7, 0]]), value: v, bias: bias).item == 2)
  }

  /// Batch axes and heads of extent 1 are broadcast. With one key all weights are 1, so the output is the
  /// key's value.
  @Test(
    arguments: [
      ([2, 1, 1, 1], [1, 1, 1, 1]), ([1, 1, 1, 1], [2, 1, 1, 1]), ([1, 1, 1], [2, 1, 1, 1]),
      ([1, 1, 1], [2, 1, 1]), ([1, 1, 1, 1], [1, 2, 1, 1]),
    ] as [([Int], [Int])])
  func broadcastBatches(_ queries: [Int], _ keys: [Int]) {
    let q = Tensor<Double>.ones(TensorShape(queries)), k = Tensor<Double>.ones(TensorShape(keys))
    let numbers = (0..<keys.reduce(1, *)).map { 5 + 2 * Double($0) }
    let v = Tensor(numbers, shape: TensorShape(keys), requiresGrad: true)
    let y = q.scaledDotProductAttention(key: k, value: v)
    #expect(y.scalars == (numbers.count == 2 ? [5, 7] : [5, 5]))
    let slopes = y.gradient(of: v, seed: .ones(y.shape)).scalars
    #expect(slopes == (numbers.count == 2 ? [1, 1] : [2]))
  }
}
