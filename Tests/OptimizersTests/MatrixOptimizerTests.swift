import Martlet
import TestSupport
import Testing

/// Muon and Adafactor, compared with PyTorch over five steps.
@Suite struct MatrixOptimizerTests {
  private func make<E: DifferentiableScalar>(_ one: TorchOptimizers.Matrices, _ parameters: [Tensor<E>])
    -> any Optimizer<E>
  {
    guard let group = one.group else { return make(one, parts: parameters) }
    let rest = ParameterGroup(
      Array(parameters.dropFirst()), learningRate: group["lr"]?[0], weightDecay: group["weight_decay"]?[0],
      momentum: group["momentum"]?[0])
    return make(one, parts: [ParameterGroup([parameters[0]]), rest])
  }

  private func make<E, Part: Optimizable>(_ one: TorchOptimizers.Matrices, parts: [Part]) -> any Optimizer<E>
  where Part.Scalar == E {
    func number(_ name: String, _ usual: Double) -> Double { one.options[name]?[0] ?? usual }
    if one.optimizer == "Muon" {
      return one.options.isEmpty
        ? Muon(parts)
        : Muon(
          parts, learningRate: number("lr", 1e-3), weightDecay: number("weight_decay", 0.1),
          momentum: number("momentum", 0.95), nesterov: number("nesterov", 1) == 1,
          iterations: Int(number("ns_steps", 5)),
          scale: number("match", 0) == 1 ? .matchingAdamW : .original)
    }
    return one.options.isEmpty
      ? Adafactor(parts)
      : Adafactor(
        parts, learningRate: number("lr", 1e-2), decay: number("beta2_decay", -0.8),
        epsilons: (one.options["eps"]?[0], one.options["eps"]?[1] ?? 1e-3), threshold: number("d", 1),
        weightDecay: number("weight_decay", 0), maximize: number("maximize", 0) == 1)
  }

  private func expectClose<E: DifferentiableScalar>(
    _ found: Tensor<E>?, _ expected: [Double], _ tolerance: Double, _ what: String
  ) {
    let found = found?.scalars.map(Double.init) ?? [], largest = expected.map(abs).max() ?? 0
    #expect(found.count == expected.count, "\(what)")
    let error = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(error <= tolerance * largest, "\(E.self) \(what): \(error) of \(largest)")
  }

  private func step<E: DifferentiableScalar>(_ optimizer: any Optimizer<E>, _ gradients: [[Double]?]) {
    for (parameter, gradient) in zip(optimizer.parameters, gradients) {
      if let gradient { parameter.setGradient(gradient) }
    }
    optimizer.step()
  }

  /// Compares each step. After the second, an optimizer that was restored from its state goes on.
  private func run<E: DifferentiableScalar>(_: E.Type, _ number: Int, tolerance: Double) throws {
    let one = TorchOptimizers.matrices(of: E.self)[number]
    let parameters = one.start.map { Tensor<E>($0, requiresGrad: true) }
    var optimizer = make(one, parameters)
    for (number, expected) in one.steps.enumerated() {
      step(optimizer, one.gradients[number])
      let state = optimizer.state, what = "\(one), step \(number + 1)"
      for (parameter, values) in zip(parameters, expected.values) {
        expectClose(parameter, values, tolerance, "\(what), \(parameter.shape)")
      }
      for (key, values) in expected.state {
        if key.hasSuffix(".step") {
          #expect(state.numbers[key] == values[0], "\(what), \(key)")
        } else {
          expectClose(state.tensors[key], values, tolerance, "\(what), \(key)")
        }
      }
      #expect(Set(state.tensors.keys).isSubset(of: expected.state.keys))
      if number == 1 {
        optimizer = make(one, parameters)
        try optimizer.load(state)
        #expect(optimizer.state.numbers == state.numbers)
      }
    }
  }

  @Test("Parameters and state of five steps", arguments: TorchOptimizers.matrices(of: Double.self).indices)
  func steps(_ number: Int) throws {
    try run(Double.self, number, tolerance: 1e-11)
    try run(Float.self, number, tolerance: 1e-5)
  }

  @Test("A state of other parameters is refused, and nothing is changed")
  func mismatch() throws {
    let w = Tensor<Float>.ones([2, 3], requiresGrad: true),
      v = Tensor<Float>.ones([3, 2], requiresGrad: true)
    let optimizers: [(any Optimizer<Float>, any Optimizer<Float>)] = [
      (Muon([w]), Muon([v])), (Adafactor([w]), Adafactor([v])),
    ]
    for (first, other) in optimizers {
      step(first, [[1, 2, 3, 4, 5, 6]])
      let before = other.state.numbers
      let error = #expect(throws: OptimizerStateMismatch.self) { try other.load(first.state) }
      #expect(error?.misshapen.isEmpty == false)
      #expect(other.state.numbers == before && other.state.tensors.isEmpty)
    }
  }

  @Test("Schedules and setters change every group, and groups tell their settings")
  func groups() throws {
    let (a, b) = (
      Tensor<Double>.ones([2, 2], requiresGrad: true), Tensor<Double>.ones([3, 2], requiresGrad: true)
    )
    let muon = Muon([
      ParameterGroup([a], epsilon: 1e-3), ParameterGroup([b], learningRate: 0.2, momentum: 0.5),
    ])
    #expect(muon.learningRates == [1e-3, 0.2] && muon.momenta == [0.95, 0.5])
    #expect(muon.groups.map(\.parameters.count) == [1, 1] && muon.groups[0].epsilon == 1e-3)
    let schedule = StepSchedule(muon, stepSize: 1, gamma: 0.5)
    schedule.step()
    #expect(muon.learningRates == [5e-4, 0.1] && muon.initialLearningRates == [1e-3, 0.2])
    let state = muon.state
    (muon.learningRate, muon.momentum, muon.weightDecay) = (1, 0.25, 0)
    #expect(muon.learningRates == [1, 1] && muon.momenta == [0.25, 0.25] && muon.weightDecays == [0, 0])
    try muon.load(state)
    #expect(muon.learningRates == [5e-4, 0.1] && muon.initialLearningRates == [1e-3, 0.2])
    let adafactor = Adafactor([ParameterGroup([a], weightDecay: 0.5), ParameterGroup([b], learningRate: 0.3)])
    #expect(adafactor.groups.map(\.weightDecay) == [0.5, 0] && adafactor.learningRates == [1e-2, 0.3])
    #expect(throws: OptimizerStateMismatch.self) { try adafactor.load(Adafactor([a, b]).state) }
  }

  @Test("Muon's update has singular values near 1, for tall and wide matrices")
  func singularValues() throws {
    var random = RandomGenerator(seed: 9)
    for shape in [[6, 4], [4, 6]] as [TensorShape] {
      let w = Tensor<Double>.zeros(shape, requiresGrad: true)
      let optimizer = Muon([w], learningRate: 1, scale: .original)
      w.backward(random.normal(shape) as Tensor<Double>)
      optimizer.step()
      let scale = shape == [6, 4] ? 1.5.squareRoot() : 1
      let values = try w.detached().svdvals().scalars.map { $0 / scale }
      #expect(values.allSatisfy { 0.3 < $0 && $0 < 1.3 }, "\(values)")
    }
  }

  @Test("Averages of ASGD are means of the parameters, and nil before the first step")
  func averages() {
    let w = Tensor<Double>([4], requiresGrad: true), other = Tensor<Double>([1], requiresGrad: true)
    let optimizer = ASGD([w, other], learningRate: 0.5, decay: 0, averagingStart: 0)
    #expect(optimizer.averages.allSatisfy { $0 == nil })
    for _ in 0..<3 {
      w.setGradient([2])
      optimizer.step()
    }
    #expect(w.item == 1)
    // The mean takes the first value, then the share 1/1 of the second, then 1/2 of the third.
    #expect(optimizer.averages[0]?.item == 1.5 && optimizer.averages[1] == nil)
  }

  @Test("Rprop skips an element whose sign changes, and its step sizes are bounded")
  func resilient() {
    let w = Tensor<Double>([0, 0], requiresGrad: true)
    let optimizer = Rprop([w], learningRate: 1, stepSizes: 0.25...1.5)
    for gradient in [[3, -1e-30], [-5, -1e-30], [-5, -1e30]] as [[Double]] {
      w.setGradient(gradient)
      optimizer.step()
    }
    // First element: −1, nothing, +0.5. Second: 1 + 1.2 + 1.44.
    #expect(abs(w.scalars[0] + 0.5) < 1e-15 && abs(w.scalars[1] - 3.64) < 1e-12)
    w.setGradient([.nan, 0])
    optimizer.step()
    #expect(w.scalars[0].isNaN && abs(w.scalars[1] - 3.64) < 1e-12)
  }
}
