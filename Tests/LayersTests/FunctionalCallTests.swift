import Martlet
import TestSupport
import Testing

/// Models as functions of their parameters.
@Suite struct FunctionalCallTests {
  private struct Stop: Error {}
  private let model = Linear<Double>(weight: Tensor([[1, 2], [3, 4]]), bias: Tensor([5, 6]))
  private let x = Tensor<Double>([[1, 10]])
  private let weight = Tensor<Double>([[0, 1], [2, 0]], requiresGrad: true)

  @Test func valuesAndGradientsAreThoseOfTheGivenTensors() {
    let y = functionalCall(model, ["weight": weight]) { model(x) }
    #expect(y.scalars == [15, 8])
    #expect(model(x).scalars == [26, 49], "the model's own again")
    (y * y).sum().backward()
    #expect(weight.grad?.scalars == [30, 300, 16, 160] && model.weight.grad == nil)
    #expect(model.bias?.grad?.scalars == [30, 16], "parameters without a stand-in keep theirs")
    #expect(model.weight.isLeaf && model.weight.requiresGrad)
  }

  @Test func historyGoesOnBehindTheGivenTensors() {
    let scale = Tensor<Double>(2, requiresGrad: true)
    let y = functionalCall(model, [weight * scale, Tensor([0, 0])]) { model(x) }
    #expect(y.scalars == [20, 4] && y.sum().gradient(of: scale).item == 12)
  }

  @Test func theOwnParametersComeBackAfterAnError() {
    #expect(throws: Stop.self) {
      try functionalCall(model, ["weight": weight]) { () throws(Stop) -> Double in throw Stop() }
    }
    let error = refusal { _ = functionalCall(model, ["weight": weight]) { model(.zeros([3])) }.scalars }
    #expect(error?.operation == "Linear")
    let failed = refusal {
      let bad = weight.reshaped([7])
      _ = functionalCall(model, ["weight": bad]) { model(x) }.scalars
    }
    #expect(failed?.operation == "reshaped")
    #expect(model(x).scalars == [26, 49] && model.parameters[0] === model.weight)
  }

  @Test func callsMayBeNested() {
    let outer = Tensor<Double>([1, 1]), product = weight * 2
    functionalCall(model, ["bias": outer, "weight": product]) {
      #expect(model(x).scalars == [21, 5])
      #expect(functionalCall(model, ["weight": weight]) { model(x).scalars } == [11, 3])
      #expect(model(x).scalars == [21, 5])
    }
    #expect(model(x).scalars == [26, 49])
  }

  /// The given tensor is a view of another order, which the parameter is not; and the other way round.
  @Test func viewsAreGivenAndReplaced() {
    #expect(functionalCall(model, ["weight": weight.transposed()]) { model(x).scalars } == [25, 7])
    let turned = Linear<Double>(weight: Tensor<Double>([[1, 3], [2, 4]]).transposed())
    let y = functionalCall(turned, ["weight": weight]) { turned(x) }
    #expect(y.scalars == [10, 2] && turned(x).scalars == [21, 43])
    #expect(y.sum().gradient(of: weight).scalars == [1, 10, 1, 10])
  }

  /// The model stores a tensor under two names.
  @Test func aSharedParameterIsReplacedInBothPlaces() {
    final class Tied: Module {
      let first = Tensor<Float>([1], requiresGrad: true)
      private(set) lazy var second = first
    }
    let tied = Tied()
    _ = tied.second
    let given = Tensor<Float>([3], requiresGrad: true)
    let y = functionalCall(tied, [given]) { tied.first * tied.second }
    #expect(y.item == 9 && y.gradient(of: given).item == 6)
  }

  @Test func anEarlierGraphStaysRight() {
    let earlier = (model(x) * model(x)).sum()
    let y = functionalCall(model, ["weight": weight]) { (model(x) * model(x)).sum() }
    #expect(earlier.gradient(of: model.weight).scalars == [52, 520, 98, 980])
    #expect(y.gradient(of: weight).scalars == [30, 300, 16, 160])
  }

  @Test func aChangeOfTheGivenTensorIsSeenByTheTape() {
    let y = functionalCall(model, ["weight": weight]) { (model.weight * model.weight).sum() }
    noGrad { weight.multiply(by: 2) }
    #expect(refusal { y.backward() }?.reason.contains("was changed in place") == true)
  }

  @Test func checkpointsInside() {
    let same = model.weight.detached().cloned()
    same.requiresGrad = true
    let input = Tensor<Double>([[1, 10]], requiresGrad: true)
    let y = functionalCall(model, ["weight": same]) { checkpointed(input) { model($0) } }
    #expect(y.sum().gradient(of: same).scalars == [1, 10, 1, 10])
  }

  /// One step of gradient descent inside, whose own step is differentiated, against the formula: for
  /// y = w², w' = w − a·2w = (1 − 2a) w, and dw'²/dw = 2 (1 − 2a)² w.
  @Test func aStepInsideIsDifferentiated() {
    final class Square: Module {
      typealias Element = Double
      let w = Tensor<Double>([3], requiresGrad: true)
    }
    let square = Square(), start = Tensor<Double>([3], requiresGrad: true)
    func loss(_ w: Tensor<Double>) -> Tensor<Double> {
      functionalCall(square, ["w": w]) { (square.w * square.w).sum() }
    }
    let slope = loss(start).gradient(of: start, createGraph: true)
    let outer = loss(start - 0.25 * slope).gradient(of: start)
    #expect(outer.scalars == [2 * 0.5 * 0.5 * 3])
  }

  @Test func derivativesOfBothOrders() throws {
    let recurrent = LSTM<Double>(inputs: 2, hidden: 3), sequence = Tensor<Double>.normal([4, 1, 2])
    try checkGradients(at: recurrent.parameters) { parameters in
      functionalCall(recurrent, parameters) { recurrent(sequence).sum() }
    }
    let curvature = hessian(at: model.parameters) { parameters in
      functionalCall(model, parameters) { (model(x) * model(x)).sum() }
    }
    #expect(curvature[1][1].scalars == [2, 0, 0, 2] && curvature[1][0].shape == [2, 2, 2])
    #expect(curvature[0][0][0, 0].scalars == [2, 20, 0, 0])
  }

  /// Models that can be trained. Caches are changed in place, which their gradients would need unchanged.
  static let trainable = SharedModule.models.filter { $0.testDescription != "a writer with caches" }

  /// Every layer: the gradients of copies are those of its own parameters, also those that a rule needs.
  @Test(arguments: SharedModule.layers + trainable)
  func everyLayer(_ shared: SharedModule) {
    let (own, lent) = shared.made().gradients(2)
    #expect(own.count == lent.count)
    for (own, lent) in zip(own, lent) {
      let scale = own.map(abs).max() ?? 0, worst = zip(own, lent).map { abs($0 - $1) }.max() ?? 0
      #expect(own.count == lent.count && worst <= 1e-5 * scale)
    }
  }

  // MARK: Gradients by name

  @Test func valueAndGradientByName() {
    let head = Sequential {
      Linear<Double>(weight: Tensor([[1, 2]]), bias: Tensor([3])); Linear<Double>(1, 1)
    }
    head.parameters[2].requiresGrad = false
    let (value, gradients) = valueAndGradient(head, allowUnused: true) { head in
      (head.parameters[0] * head.parameters[0]).sum()
    }
    #expect(value.item == 5 && !value.requiresGrad)
    #expect(gradients.map(\.name) == ["0.weight", "0.bias", "1.bias"])
    #expect(gradients.map(\.gradient.scalars) == [[2, 4], [0], [0]])
    #expect(head.parameters.allSatisfy { $0.grad == nil })
    let (_, slopes) = noGrad { valueAndGradient(model, createGraph: true) { ($0(x) * $0(x)).sum() } }
    #expect(slopes[1].gradient.scalars == [52, 98])
    #expect(slopes[1].gradient.sum().gradient(of: model.bias!).scalars == [2, 2])
  }

  @Test func gradientsOfEachSample() {
    let inputs = Tensor<Double>([[1, 10], [2, 0], [0, 0]]),
      targets = Tensor<Double>([[0, 0], [1, 1], [0, 1]])
    let gradients = perSampleGradients(model, inputs, targets) { ($0($1) * $2).sum() }
    #expect(gradients.map(\.name) == ["weight", "bias"])
    #expect(gradients[0].gradients.shape == [3, 2, 2] && gradients[1].gradients.shape == [3, 2])
    #expect(gradients[0].gradients.scalars == [0, 0, 0, 0, 2, 0, 2, 0, 0, 0, 0, 0])
    #expect(gradients[1].gradients.scalars == [0, 0, 1, 1, 0, 1])
    let labels = Tensor<Int>([0, 1, 1])
    let (_, mean) = valueAndGradient(model) { $0(inputs).crossEntropy(labels) }
    let each = perSampleGradients(model, inputs, labels) { $0($1).crossEntropy($2) }
    for (one, other) in zip(each, mean) {
      let expected = other.gradient.scalars.map { Extended($0) }
      expectClose(
        one.gradients.mean(axis: 0).scalars, expected, within: 8, scales: expected.map { _ in 1 })
    }
    let none = perSampleGradients(model, inputs[..<0], labels[..<0]) { $0($1).crossEntropy($2) }
    #expect(none[0].gradients.shape == [0, 2, 2])
    #expect(model.weight.grad == nil)
  }

  @Test func mistakesInALossAreTold() {
    let error = refusal {
      let bad = x.reshaped([7])
      _ = perSampleGradients(model, bad, x) { ($0($1) * $2).sum() }
    }
    #expect(error?.operation == "reshaped")
  }
}
