import Martlet
import TestSupport
import Testing

/// Steps over all parameters at once, compared with the formulas applied element by element.
@Suite struct UpdateAllTests {
  // MARK: Formulas

  /// A parameter's element, its velocity or first mean, and its second mean, before the first step.
  private typealias State<E> = (w: E, first: E, second: E)

  /// One step of an element, from its state, the gradient and the number of the step.
  private typealias Formula<E> = (inout State<E>, E, Int) -> Void

  private static let lengths = [1, 0, 67, 16, 301]

  /// Compares with the formula on parameters whose gradients differ in every step.
  private func expectSteps<E: CheckedScalar>(
    _ make: ([Tensor<E>]) -> any Optimizer<E>, _ formula: Formula<E>, _ context: String
  ) {
    var random = SampleRandom(seed: 7)
    var states = Self.lengths.map {
      random.numbers($0, in: -2...2).map { (w: E($0), first: E(0), second: E(0)) }
    }
    let parameters = states.map { Tensor($0.map(\.w), requiresGrad: true) }
    let optimizer = make(parameters)
    for step in 1...4 {
      for (i, parameter) in parameters.enumerated() where step != 2 || i != 3 {
        let gradient = random.numbers(Self.lengths[i], in: -1...1).map { E($0) }
        parameter.backward(Tensor(gradient))
        for (place, slope) in gradient.enumerated() {
          formula(&states[i][place], slope, i == 3 && step > 2 ? step - 1 : step)
        }
      }
      optimizer.step()
      for (parameter, state) in zip(parameters, states) {
        #expect(parameter.scalars == state.map(\.w), "\(context), step \(step), \(parameter.shape)")
      }
    }
  }

  private func expectDescent<E: CheckedScalar>(_: E.Type) {
    expectSteps(
      { SGD($0, learningRate: 0.25) }, { s, g, _ in s.w -= 0.25 * g }, "SGD of \(E.self)")
    expectSteps(
      { SGD($0, learningRate: 0.25, momentum: 0.75, dampening: 0.5, weightDecay: 0.125) },
      { (s: inout State<E>, g, step) in
        let slope = g + 0.125 * s.w
        s.first = step == 1 ? slope : 0.75 * s.first + 0.5 * slope
        s.w -= 0.25 * s.first
      }, "SGD with momentum of \(E.self)")
    expectSteps(
      { SGD($0, learningRate: 0.25, momentum: 0.75, weightDecay: 0.125, nesterov: true) },
      { (s: inout State<E>, g, step) in
        let slope = g + 0.125 * s.w
        s.first = step == 1 ? slope : 0.75 * s.first + slope
        s.w -= 0.25 * (slope + 0.75 * s.first)
      }, "SGD with Nesterov's momentum of \(E.self)")
  }

  /// One step of Adam with β₁ = ½ and β₂ = ¾, whose powers are exact.
  private func adam<E: CheckedScalar>(_ s: inout State<E>, _ slope: E, _ step: Int, kept: E) {
    let rest1 = 1 - (1...step).reduce(1.0) { power, _ in power * 0.5 }
    let rest2 = 1 - (1...step).reduce(1.0) { power, _ in power * 0.75 }
    s.first = 0.5 * s.first + 0.5 * slope
    s.second = 0.75 * s.second + 0.25 * (slope * slope)
    s.w = kept * s.w - E(0.125 / rest1) * (s.first / (s.second.squareRoot() / E(rest2.squareRoot()) + 0.0625))
  }

  private func expectAdam<E: CheckedScalar>(_: E.Type) {
    expectSteps(
      { Adam($0, learningRate: 0.125, betas: (0.5, 0.75), epsilon: 0.0625, weightDecay: 0.25) },
      { (s: inout State<E>, g, step) in adam(&s, g + 0.25 * s.w, step, kept: 1) }, "Adam of \(E.self)")
    expectSteps(
      { AdamW($0, learningRate: 0.125, betas: (0.5, 0.75), epsilon: 0.0625, weightDecay: 0.25) },
      { (s: inout State<E>, g, step) in adam(&s, g, step, kept: E(1 - 0.125 * 0.25)) }, "AdamW of \(E.self)")
  }

  @Test func everyElementFollowsTheFormulaOfDescent() {
    expectDescent(Float.self)
    expectDescent(Double.self)
  }

  @Test func everyElementFollowsTheFormulaOfAdam() {
    expectAdam(Float.self)
    expectAdam(Double.self)
  }

  // MARK: Threads

  /// Threads share the elements of all parameters, across the borders between parameters.
  @Test func theBitsAreTheSameForAnyNumberOfThreads() {
    let lengths = [40_001, 3, 0, 170_000, 1, 60_007]
    func trained(_ threads: Int, _ make: ([Tensor<Float>]) -> any Optimizer<Float>) -> [[Float]] {
      withThreads(threads) {
        var random = SampleRandom(seed: 3)
        let parameters = lengths.map {
          Tensor<Float>(random.numbers($0, in: -1...1).map { Float($0) }, requiresGrad: true)
        }
        let optimizer = make(parameters)
        for _ in 0..<3 {
          for parameter in parameters { (parameter * parameter * 0.5).sum().backward() }
          optimizer.step()
        }
        return parameters.map(\.scalars)
      }
    }
    for make in [
      { SGD($0, learningRate: 0.1, momentum: 0.9) }, { Adam($0) }, { AdamW($0, amsgrad: true) },
      { RMSprop($0, momentum: 0.9, centered: true) }, { Adagrad($0) }, { Adadelta($0) }, { Adamax($0) },
      { NAdam($0) }, { RAdam($0) }, { Lion($0) },
    ] as [([Tensor<Float>]) -> any Optimizer<Float>] {
      let one = trained(1, make)
      for threads in [2, 3, 7] { #expect(trained(threads, make) == one, "\(threads) threads") }
    }
  }

  // MARK: The parameters and their order

  /// An optimizer that records its calls.
  private final class Notes: Optimizer {
    let parameters: [Tensor<Float>]
    var learningRate = 1.0
    var calls: [String] = []

    init(_ parameters: [Tensor<Float>]) { self.parameters = parameters }
    func beginStep() { calls.append("begin") }
    func update(_ index: Int, gradient: Tensor<Float>) { calls.append("\(index): \(gradient.scalars)") }
  }

  @Test func anOptimizerOfOnesOwnIsCalledForEachGradient() {
    let parameters = (0..<3).map { _ in Tensor<Float>([1, 2], requiresGrad: true) }
    let notes = Notes(parameters)
    parameters[2].backward(Tensor([3, 4]))
    parameters[0].backward(Tensor([5, 6]))
    notes.step()
    #expect(notes.calls == ["begin", "0: [5.0, 6.0]", "2: [3.0, 4.0]"])
  }

  @Test func parametersThatShareMemoryAreChangedInTheirOrder() {
    let w = Tensor<Double>([[1, 2], [3, 4]], requiresGrad: true)
    let turned = w.detached().transposed()
    turned.requiresGrad = true
    let optimizer = SGD([w, turned, w], learningRate: 1, weightDecay: 0.5)
    w.backward(Tensor([[1, 1], [1, 1]]))
    turned.backward(Tensor([[2, 4], [6, 8]]))
    optimizer.step()
    // The step w − (g + w/2) is made three times, the second time with a transposed gradient.
    func next(_ w: Double, _ g: Double) -> Double { w - (g + 0.5 * w) }
    let expected = zip([1.0, 2, 3, 4], [2.0, 6, 4, 8]).map { next(next(next($0, 1), $1), 1) }
    #expect(w.scalars == expected)
  }

  @Test func aGradientThatLiesTransposedIsUpdatedBy() {
    let w = Tensor<Float>([[1, 2, 3], [4, 5, 6]], requiresGrad: true)
    let optimizer = SGD([w], learningRate: 1)
    noGrad { optimizer.update(0, gradient: Tensor<Float>([[1, 2], [3, 4], [5, 6]]).transposed()) }
    #expect(w.scalars == [0, -1, -2, 2, 1, 0])
  }

  @Test func aFailedGradientLeavesTheOthersTheirStep() {
    let a = Tensor<Float>([1], requiresGrad: true), b = Tensor<Float>([1, 1], requiresGrad: true)
    let optimizer = SGD([a, b], learningRate: 1)
    #expect(throws: TensorError.self) {
      try catchingTensorErrors { noGrad { optimizer.update(1, gradient: Tensor([1, 2, 3])) } }
    }
    a.backward(Tensor([1]))
    optimizer.step()
    #expect(a.scalars == [0] && b.scalars == [1, 1])
  }
}
