import Martlet
import Testing

private let reductions: [(name: String, value: Reduction)] = [
  ("none", .none), ("sum", .sum), ("mean", .mean),
]

/// Losses compared with PyTorch and closed forms: values and gradients in both precisions.
@Suite struct LossTests {
  @Test("MSELoss in every reduction", arguments: reductions)
  func mse(_ name: String, _ reduction: Reduction) throws {
    func check<E: DifferentiableScalar>(_: E.Type) throws {
      let torch = try TorchCase<E>("mse \(name)")
      torch.check(MSELoss<E>(reduction: reduction)(torch["input"], torch["target"]))
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test(
    "CrossEntropyLoss of labels in every reduction, with logits of ±1e4 too", arguments: reductions,
    ["", "extreme "])
  func labels(_ reduction: (name: String, value: Reduction), _ kind: String) throws {
    func check<E: DifferentiableScalar>(_: E.Type) throws {
      let torch = try TorchCase<E>("cross entropy of \(kind)labels \(reduction.name)")
      torch.check(CrossEntropyLoss<E>(reduction: reduction.value)(torch["input"], torch.indices("labels")))
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test(
    "CrossEntropyLoss of distributions in every reduction, with logits of ±1e4 too", arguments: reductions,
    ["", "extreme "])
  func distributions(_ reduction: (name: String, value: Reduction), _ kind: String) throws {
    func check<E: DifferentiableScalar>(_: E.Type) throws {
      let torch = try TorchCase<E>("cross entropy of \(kind)distributions \(reduction.name)")
      torch.check(CrossEntropyLoss<E>(reduction: reduction.value)(torch["input"], torch["target"]))
    }
    try check(Float.self)
    try check(Double.self)
  }

  @Test("Means are the default")
  func defaults() {
    #expect(MSELoss()(Tensor([[1, 2]]), Tensor([[3, 6]])).item == 10)
    let logits = Tensor<Double>([[0, 0], [0, 0]])
    #expect(abs(CrossEntropyLoss()(logits, Tensor([0, 1])).item - 0.6931471805599453) < 1e-15)
  }

  @Test("Logits of ±1e4: the loss is their difference, its gradient finite")
  func extremes() {
    let logits = Tensor<Float>([[1e4, -1e4], [-1e4, 1e4]], requiresGrad: true)
    let losses = CrossEntropyLoss(reduction: .none)(logits, Tensor([1, 1]))
    #expect(losses.scalars == [2e4, 0])
    losses.sum().backward()
    #expect(logits.grad?.scalars == [1, -1, 0, 0])
  }

  @Test("H(P, Q) is P's entropy where Q = P, and more elsewhere")
  func entropy() {
    let p = Tensor<Double>([[0.5, 0.25, 0.125, 0.125]])
    let loss = CrossEntropyLoss<Double>()
    let nats = 1.75 * 0.6931471805599453
    #expect(abs(loss(p.log() + 3, p).item - nats) < 1e-14)
    #expect(loss((p + 0.01).log(), p).item > nats)
    #expect(abs(loss(.zeros([1, 4]), p).item - 2 * 0.6931471805599453) < 1e-14, "against the uniform Q")
  }

  @Test("A distribution that is 1 at a label gives the label's loss")
  func oneHot() {
    let logits = Tensor<Double>([[0.5, -1, 2], [3, 0, -2]])
    let byLabel = CrossEntropyLoss<Double>(reduction: .none)(logits, Tensor([2, 1])).scalars
    let byRow = CrossEntropyLoss<Double>(reduction: .none)(logits, Tensor<Double>([[0, 0, 1], [0, 1, 0]]))
      .scalars
    for (a, b) in zip(byLabel, byRow) { #expect(abs(a - b) < 1e-14) }
  }

  @Test("Derivatives of losses, first and second order")
  func derivatives() throws {
    let logits = Tensor<Double>([[0.5, -1, 2], [3, 0, -2]], requiresGrad: true)
    let target = Tensor<Double>([[0.2, 0.3, 0.5], [0.1, 0.9, 0]], requiresGrad: true)
    try checkGradients(at: [logits]) { CrossEntropyLoss<Double>()($0[0], Tensor([2, 0])) }
    try checkGradients(at: [logits, target]) { CrossEntropyLoss<Double>(reduction: .sum)($0[0], $0[1]) }
    try checkGradients(at: [logits, target]) { MSELoss<Double>()($0[0], $0[1]) }
  }

  @Test("Labels outside the classes are named", arguments: [-1, 3, Int.max, Int.min])
  func labelsOutside(_ label: Int) {
    let error = #expect(throws: TensorError.self) {
      try catchingTensorErrors { CrossEntropyLoss()(Tensor<Float>.zeros([2, 3]), Tensor([0, label])) }
    }
    #expect(
      error?.description.hasPrefix(
        "crossEntropy: label \(label) at [1] is outside the 3 classes 0 ..< 3 (LossTests") == true)
  }

  @Test("Shapes that do not fit are named")
  func misfits() {
    let zeros = Tensor<Float>.zeros([2, 3])
    for (loss, message) in [
      (
        { _ = MSELoss()(zeros, .zeros([3, 2])) },
        "MSELoss: a prediction of shape [2, 3] does not fit a target of shape [3, 2]"
      ),
      (
        { _ = MSELoss()(zeros, .zeros([3])) },
        "MSELoss: a prediction of shape [2, 3] does not fit a target of shape [3]"
      ),
      ({ _ = CrossEntropyLoss()(zeros, Tensor([0])) }, "crossEntropy: logits [2, 3] and labels [1]"),
      ({ _ = CrossEntropyLoss()(zeros[0], Tensor([0])) }, "crossEntropy: logits [3] and labels [1]"),
      (
        { _ = CrossEntropyLoss()(zeros, Tensor<Float>.zeros([2, 2])) },
        "crossEntropy: logits [2, 3] and distributions [2, 2]"
      ),
    ] as [(() -> Void, String)] {
      let error = #expect(throws: TensorError.self) { try catchingTensorErrors { loss() } }
      #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
      #expect(error?.location?.hasPrefix("LossTests.swift:") == true)
    }
  }

  @Test("A wrong label stops a program outside every scope")
  func stops() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = CrossEntropyLoss()(Tensor<Float>.zeros([1, 3]), Tensor([7]))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      text.contains("crossEntropy: label 7 at [0] is outside the 3 classes 0 ..< 3 (LossTests.swift:"),
      "\(text)")
  }
}
