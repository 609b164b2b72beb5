import Martlet
import TestSupport
import Testing

/// An operation with several gradients that one rule computes together.
private struct Joint: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// The shapes of its inputs, and the inputs that the rule saves.
  let shapes: [TensorShape], saved: [Int]
  /// The number of outputs whose gradient is tested. Eigenvectors are left out, because their gradients are
  /// constrained.
  let reached: Int
  let call: @Sendable ([Tensor<Double>]) throws -> [Tensor<Double>]

  init(
    _ name: String, _ shapes: [TensorShape], saving saved: [Int], reached: Int = .max,
    _ call: @escaping @Sendable ([Tensor<Double>]) throws -> [Tensor<Double>]
  ) {
    (testDescription, self.shapes, self.saved, self.reached, self.call) = (name, shapes, saved, reached, call)
  }
}

private let joints: [Joint] = [
  Joint("ScaledDotProductAttention", [[1, 2, 3, 4], [1, 2, 5, 4], [1, 2, 5, 4]], saving: [0, 1, 2]) {
    [$0[0].scaledDotProductAttention(key: $0[1], value: $0[2])]
  },
  Joint("ScaledDotProductAttention", [[2, 3, 4], [2, 5, 4], [2, 5, 4], [3, 5]], saving: [0, 1, 2, 3]) {
    [$0[0].scaledDotProductAttention(key: $0[1], value: $0[2], bias: $0[3])]
  },
  Joint("LayerNorm", [[3, 4], [4], [4]], saving: [0, 1]) { [$0[0].layerNorm(weight: $0[1], bias: $0[2])] },
  Joint("RMSNorm", [[3, 4], [4]], saving: [0, 1]) { [$0[0].rmsNorm(weight: $0[1])] },
  Joint("BatchNorm", [[3, 4], [4], [4]], saving: [0, 1]) {
    [$0[0].batchNorm(weight: $0[1], bias: $0[2], isTraining: true)]
  },
  Joint("GroupNorm", [[3, 4, 2], [4], [4]], saving: [0, 1]) {
    [$0[0].groupNorm(groups: 2, weight: $0[1], bias: $0[2])]
  },
  Joint("Recurrence", [[3, 2, 4], [1, 2, 5], [1, 2, 5]], saving: [0]) {
    let lstm = LSTM<Double>(inputs: 4, hidden: 5)
    return [lstm($0[0], LSTMState(hidden: $0[1], cell: $0[2])).output]
  },
  Joint("Solve", [[3, 3], [3, 2]], saving: [0]) { [try $0[0].solve($0[1])] },
  Joint("LeastSquares", [[5, 3], [5, 2]], saving: [0, 1]) { [try $0[0].lstsq($0[1]).solution] },
  Joint("PseudoInverse", [[5, 3]], saving: [0]) { [try $0[0].pinv()] },
  Joint("Sylvester", [[2, 2], [3, 3], [2, 3]], saving: [0, 1]) { [try $0[0].sylvester($0[1], $0[2])] },
  Joint("LU", [[3, 3]], saving: []) {
    let (_, l, u) = try $0[0].lu()
    return [l, u]
  },
  Joint("QR", [[4, 3]], saving: [0]) {
    let (q, r) = try $0[0].qr()
    return [q, r]
  },
  Joint("SVD", [[4, 3]], saving: []) {
    let (u, s, vt) = try $0[0].svd()
    return [u, s, vt]
  },
  Joint("SymmetricEigen", [[3, 3]], saving: []) {
    let (values, vectors) = try $0[0].eigh()
    return [values, vectors]
  },
  Joint("Eigen", [[3, 3]], saving: [], reached: 1) {
    let (values, vectors) = try $0[0].eig()
    return [values.real, values.imaginary, vectors.real, vectors.imaginary]
  },
  Joint("CTC", [[6, 1, 4]], saving: [0]) {
    [
      $0[0].ctcLoss(
        Tensor<Int>([[1, 2]]), inputLengths: Tensor<Int>([6]), labelLengths: Tensor<Int>([2]),
        reduction: .none)
    ]
  },
]

/// The tensors that a rule of several inputs has saved, and its outputs. A change of any of them is reported,
/// and no gradient of changed values reaches a leaf.
@Suite struct JointChangesTests {
  private struct Pass {
    let inputs: [Tensor<Double>], outputs: [Tensor<Double>], loss: Tensor<Double>

    init(_ joint: Joint) throws {
      var random = RandomGenerator(seed: 5)
      inputs = joint.shapes.map { shape in
        let leaf: Tensor<Double> = random.normal(shape)
        leaf.requiresGrad = true
        return leaf
      }
      outputs = try joint.call(inputs)
      loss = outputs.prefix(joint.reached).map { $0.sum() }.reduce(Tensor<Double>(0), +)
    }
  }

  private func check(
    _ joint: Joint, _ what: String, _ change: (Pass) -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let pass = try Pass(joint)
    noGrad { change(pass) }
    let error = refusal { pass.loss.backward() }
    #expect(
      error?.operation == "backward" && error?.reason.contains("\(joint.testDescription)Backward") == true
        && error?.reason.contains("changed in place") == true, "\(what): \(error as Any)",
      sourceLocation: sourceLocation)
    #expect(pass.inputs.allSatisfy { $0.grad == nil }, "\(what)", sourceLocation: sourceLocation)
  }

  @Test(arguments: joints) fileprivate func aChangeIsTold(_ joint: Joint) throws {
    let pass = try Pass(joint)
    #expect(refusal { pass.loss.backward() } == nil, "nothing was changed")
    for i in joint.saved { try check(joint, "input \(i)") { $0.inputs[i].fill(0) } }
    for i in pass.outputs.indices { try check(joint, "output \(i)") { $0.outputs[i].fill(0) } }
    // A change of a saved tensor and then of the output is reported as well.
    for i in joint.saved {
      try check(joint, "input \(i), and the output") {
        $0.inputs[i].fill(0)
        $0.outputs[0].fill(0)
      }
    }
  }
}
