import Martlet
import TestSupport
import Testing

/// L-BFGS compared with PyTorch, with and without a line search.
@Suite struct LBFGSTests {
  private static let names = TorchOptimizers.of(Double.self).lbfgs.map(\.name)

  private func make<E>(_ one: TorchOptimizers.Search, _ parameters: [Tensor<E>]) -> LBFGS<E> {
    func number(_ name: String, _ usual: Double) -> Double { one.options[name]?[0] ?? usual }
    return LBFGS(
      parameters, learningRate: number("lr", 1), maxIterations: Int(number("max_iter", 20)),
      maxEvaluations: one.options["max_eval"].map { Int($0[0]) },
      toleranceGradient: number("tolerance_grad", 1e-7), toleranceChange: number("tolerance_change", 1e-9),
      historySize: Int(number("history_size", 100)),
      lineSearch: one.options["line_search_fn"] == nil ? .none : .strongWolfe)
  }

  private func loss<E: DifferentiableScalar>(
    _ one: TorchOptimizers.Search, _ parameters: [Tensor<E>]
  ) -> Tensor<E> {
    if one.problem == "valley" {
      let x = parameters[0][0], y = parameters[0][1]
      return (1 - x).pow(2) + (y - x.pow(2)).pow(2) * 100
    }
    let rows = Tensor<E>(one.rows), labels = Tensor<E>(one.labels)
    let z = rows.matmul(parameters[0]) + parameters[1]
    return ((z.exp() + 1).log() - labels * z).mean() + (parameters[0] * parameters[0]).sum() * 0.05
  }

  private func run<E: DifferentiableScalar>(_ name: String, _: E.Type, tolerance: Double) throws {
    let one = try #require(TorchOptimizers.of(E.self).lbfgs.first { $0.name == name })
    let parameters = one.start.map { Tensor<E>($0, requiresGrad: true) }
    let optimizer = make(one, parameters)
    let exact = try #require(TorchOptimizers.of(Double.self).lbfgs.first { $0.name == name })
    for (number, step) in one.steps.enumerated() {
      let found = optimizer.step { loss(one, parameters) }
      #expect(abs(found - step.loss) <= tolerance * abs(step.loss), "loss of step \(number + 1)")
      // In Float, the number of iterations depends on the last bits.
      if E.self == Double.self {
        #expect(optimizer.evaluationCount == step.evaluations && optimizer.iterationCount == step.iterations)
      }
      for (index, (parameter, values)) in zip(parameters, step.values).enumerated() {
        // The valley amplifies rounding errors. PyTorch's own Floats differ from its Doubles by this much.
        let own = zip(values, exact.steps[number].values[index]).map { abs($0 - $1) }.max() ?? 0
        let largest = values.map(abs).max() ?? 0
        let error = zip(parameter.scalars, values).map { abs(Double($0) - $1) }.max() ?? 0
        // A line search compares losses, and near a minimum losses determine the place only to √ε.
        let searched = E.self == Float.self && one.options["line_search_fn"] != nil
        let most = max(tolerance * largest, 2 * own, searched ? Double(E.ulpOfOne).squareRoot() * largest : 0)
        #expect(error <= most, "\(E.self), step \(number + 1): \(error / largest)")
      }
    }
    #expect(parameters.allSatisfy { $0.grad == nil })
  }

  @Test("Values, losses and counts after each step", arguments: names) func steps(_ name: String) throws {
    try run(name, Double.self, tolerance: 1e-10)
  }

  @Test("In Float", arguments: names) func stepsOfFloats(_ name: String) throws {
    try run(name, Float.self, tolerance: 1e-5)
  }

  @Test("A run that is saved and restored has the same bits", arguments: names)
  func resumed(_ name: String) throws {
    let one = try #require(TorchOptimizers.of(Double.self).lbfgs.first { $0.name == name })
    let parameters = one.start.map { Tensor<Double>($0, requiresGrad: true) }
    let optimizer = make(one, parameters)
    optimizer.step { loss(one, parameters) }
    let copies = parameters.map { $0.detached().cloned() }
    for copy in copies { copy.requiresGrad = true }
    let other = make(one, copies)
    try other.load(optimizer.state)
    for _ in 0..<2 {
      let a = optimizer.step { loss(one, parameters) }, b = other.step { loss(one, copies) }
      #expect(a == b && parameters.map(\.scalars) == copies.map(\.scalars))
    }
    var state = optimizer.state
    state.tensors["d"] = .zeros([9])
    state.numbers["ro.99"] = 1
    let error = #expect(throws: OptimizerStateMismatch.self) { try other.load(state) }
    #expect(error?.misshapen.count == 1 && error?.unexpected == ["ro.99"] && error?.missing == [])
  }

  @Test("A loss that fails leaves the parameters where they were") func failure() {
    let w = Tensor<Double>([1, 2], requiresGrad: true)
    let optimizer = LBFGS([w], lineSearch: .strongWolfe)
    #expect(throws: TensorError.self) {
      try catchingTensorErrors { optimizer.step { (w * Tensor([1, 2, 3])).sum() } }
    }
    #expect(w.scalars == [1, 2])
  }

  @Test("The minimum of a parabola is found, and a schedule sets the rate") func parabola() {
    let w = Tensor<Double>([3, -4], requiresGrad: true), unused = Tensor<Double>([1], requiresGrad: true)
    let optimizer = LBFGS([w, unused], lineSearch: .strongWolfe)
    let schedule = ExponentialSchedule(optimizer, gamma: 0.5)
    schedule.step()
    #expect(optimizer.learningRate == 0.5)
    optimizer.step { ((w - Tensor([1, 2])) * Tensor([1, 3])).pow(2).sum() }
    #expect(abs(w.scalars[0] - 1) < 1e-4 && abs(w.scalars[1] - 2) < 1e-4 && unused.item == 1)
  }
}
