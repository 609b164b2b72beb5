import MartletCore
import TestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A recurrence, number by number, of x, the first state (for LSTM also the first cell), the weights and the
/// biases.
private struct Steps: Sendable {
  let kind: Recurrence
  var isReversed = false
  /// The steps of each row's sequence, or nil.
  var lengths: [Int]?

  func tensors<E: DifferentiableScalar>(_ inputs: [Tensor<E>]) -> Tensor<E> {
    let hasCell = kind == .lstm, w = inputs[(hasCell ? 3 : 2)...].map { $0 }
    let (states, cells) = inputs[0].recurrence(
      kind, state: inputs[1], cell: hasCell ? inputs[2] : nil,
      weights: RecurrentWeights(
        input: w[0], state: w[1], inputBias: w.count > 2 ? w[2] : nil, stateBias: w.count > 2 ? w[3] : nil),
      lengths: lengths.map { Tensor($0) }, isReversed: isReversed, operation: "network")
    return cells.map { .concatenated([states, $0], axis: -1) } ?? states
  }

  /// The elements after the ends of the sequences.
  var ignored: (@Sendable ([Grid]) -> [[Int]])? {
    guard let lengths else { return nil }
    return { x in [x[0].places { index in index[0] >= lengths[index[1]] }] }
  }

  private func logistic(_ x: Extended) -> Extended { 1 / (1 + exp(-x)) }

  func grid(_ inputs: [Grid]) -> Grid {
    let hasCell = kind == .lstm, w = inputs[(hasCell ? 3 : 2)...].map { $0 }
    let (steps, rows, count) = (inputs[0].shape[0], inputs[0].shape[1], inputs[0].shape[2])
    let hidden = inputs[1].shape[1], width = hasCell ? 2 * hidden : hidden
    let x = inputs[0].values, (wx, wh) = (w[0].values, w[1].values)
    let (bx, bh) = w.count > 2 ? (w[2].values, w[3].values) : ([], [])
    var h = inputs[1].values, c = hasCell ? inputs[2].values : []
    var made = [Extended](repeating: 0, count: steps * rows * width)
    /// The dot product of `n` numbers, plus element k of `more` if it is there.
    func sum(_ a: [Extended], _ i: Int, _ b: [Extended], _ j: Int, _ n: Int, _ more: [Extended], _ k: Int)
      -> Extended
    {
      var total = more.isEmpty ? 0 : more[k]
      for at in 0..<n { total += a[i + at] * b[j + at] }
      return total
    }
    for step in isReversed ? Array((0..<steps).reversed()) : Array(0..<steps) {
      let before = h
      for r in 0..<rows {
        if let lengths, step >= lengths[r] { continue }
        func input(_ k: Int, _ j: Int) -> Extended {
          sum(x, (step * rows + r) * count, wx, (k * hidden + j) * count, count, bx, k * hidden + j)
        }
        func state(_ k: Int, _ j: Int) -> Extended {
          sum(before, r * hidden, wh, (k * hidden + j) * hidden, hidden, bh, k * hidden + j)
        }
        for j in 0..<hidden {
          func both(_ k: Int) -> Extended { input(k, j) + state(k, j) }
          let at = r * hidden + j
          switch kind {
          case .tanh: h[at] = tanh(both(0))
          case .sigmoid: h[at] = logistic(both(0))
          case .relu: h[at] = max(both(0), 0)
          case .lstm:
            c[at] = logistic(both(1)) * c[at] + logistic(both(0)) * tanh(both(2))
            h[at] = logistic(both(3)) * tanh(c[at])
          case .gru:
            let new = tanh(input(2, j) + logistic(both(0)) * state(2, j)), update = logistic(both(1))
            h[at] = (1 - update) * new + update * before[at]
          }
        }
      }
      for r in 0..<rows {
        for j in 0..<hidden {
          let to = (step * rows + r) * width + j
          made[to] = h[r * hidden + j]
          if hasCell { made[to + hidden] = c[r * hidden + j] }
        }
      }
    }
    return Grid([steps, rows, width], values: made)
  }
}

struct RecurrenceCases {
  private static func shapes(
    _ kind: Recurrence, _ steps: Int, _ rows: Int, _ inputs: Int, _ hidden: Int, bias: Bool = true
  ) -> [[Int]] {
    let width = kind.gates * hidden, state = [rows, hidden]
    return [[steps, rows, inputs], state] + (kind == .lstm ? [state] : []) + [
      [width, inputs], [width, hidden],
    ]
      + (bias ? [[width], [width]] : [])
  }

  /// For relu these inputs avoid the kink; the golden cases cover both sides of it.
  private static func one(
    _ note: String, _ steps: Steps, domain: ClosedRange<Double> = -1...1, large: [[Int]]? = nil,
    inputs: [[[Int]]], misuse: [Misuse] = []
  ) -> OpCase {
    OpCase(
      "Recurrence", note, inputs: inputs,
      large: large, domain: steps.kind == .relu ? 0.1...domain.upperBound : domain,
      bound: .ulps(64, floor: 1), dependsOnThreads: true, f32: { steps.tensors($0) },
      f64: { steps.tensors($0) },
      reference: { steps.grid($0) },
      ignoring: steps.ignored, misuse: misuse)
  }

  private static let kinds: [(String, Recurrence)] = [
    ("tanh", .tanh), ("sigmoid", .sigmoid), ("relu", .relu), ("lstm", .lstm), ("gru", .gru),
  ]

  private static func cases(_ name: String, _ kind: Recurrence) -> [OpCase] {
    [
      one(
        name, Steps(kind: kind), large: shapes(kind, 2, 160, 3, 104 / kind.gates),
        inputs: [
          shapes(kind, 3, 2, 4, 5), shapes(kind, 1, 1, 1, 1), shapes(kind, 2, 3, 2, 17, bias: false),
          shapes(kind, 0, 2, 3, 4), shapes(kind, 2, 0, 3, 4),
        ]),
      // The weights are so small that roundings do not grow from step to step.
      one(
        name + ", packed weights", Steps(kind: kind), domain: -0.15...0.15,
        large: shapes(kind, 9, 160, 3, 104 / kind.gates), inputs: [shapes(kind, 8, 3, 2, 9)]),
      one(
        name + " from the end", Steps(kind: kind, isReversed: true),
        inputs: [shapes(kind, 3, 2, 4, 5), shapes(kind, 8, 3, 2, 5)]),
      one(
        name + ", lengths", Steps(kind: kind, lengths: [2, 0, 4]),
        inputs: [shapes(kind, 4, 3, 2, 3), shapes(kind, 8, 3, 1, 3)]),
      one(
        name + ", lengths, from the end", Steps(kind: kind, isReversed: true, lengths: [2, 0, 4]),
        inputs: [shapes(kind, 4, 3, 2, 3)], misuse: kind == .lstm ? mistakes : []),
    ]
  }

  static let cases: [OpCase] = kinds.flatMap { cases($0, $1) }

  @Test(arguments: cases) func behaves(_ op: OpCase) { verify(op) }

  private static let mistakes: [Misuse] = {
    func fails(
      _ what: String, _ message: String, _ x: TensorShape, _ state: TensorShape, cell: TensorShape? = nil,
      _ lengths: [Int]? = nil
    ) -> Misuse {
      Misuse(what, message) {
        _ = Tensor<Float>.ones(x).recurrence(
          .tanh, state: .ones(state), cell: cell.map { .ones($0) },
          weights: RecurrentWeights(
            input: .ones([4, 3]), state: .ones([4, 4]), inputBias: nil, stateBias: nil),
          lengths: lengths.map { Tensor($0) },
          operation: "RNN")
      }
    }
    return [
      fails(
        "state",
        "RNN: inputs of shape [2, 3, 3] and a state of shape [2, 4] do not match; they must be [steps, n, inputs] and [n, hidden]",
        [2, 3, 3], [2, 4]),
      fails("cell", "a state of shape [3, 4] and a cell of shape [3, 5]", [2, 3, 3], [3, 4], cell: [3, 5]),
      fails(
        "weights", "weights [4, 3] and [4, 4] do not match inputs of shape [2, 3, 5] and a state", [2, 3, 5],
        [3, 4]),
      fails(
        "lengths", "lengths of shape [2] do not match 3 sequences; there must be one for each", [2, 3, 3],
        [3, 4], [1, 2]),
      fails("length", "the length of sequence 1 must be in 0...2, not 7", [2, 3, 3], [3, 4], [1, 7, 9]),
    ]
  }()
}
