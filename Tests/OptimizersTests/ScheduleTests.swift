import Foundation
import Martlet
import TestSupport
import Testing

/// Learning rates and momenta of each step, compared with PyTorch.
@Suite struct ScheduleTests {
  struct Torch: Decodable {
    struct Case: Decodable {
      let name: String, optimizer: String
      let rates: [[Double]], momenta: [[Double]]
    }
    let metrics: [Double]
    let cases: [Case]
    static let all = try! JSONDecoder().decode(Torch.self, from: Golden.data("schedules.json"))
  }

  /// The schedules of make_optimizers.py.
  private func make(_ name: String, _ o: some Optimizer<Double>) -> any Schedule {
    switch name {
    case "step 10": StepSchedule(o, stepSize: 10)
    case "step 7 0.5": StepSchedule(o, stepSize: 7, gamma: 0.5)
    case "step 1 0.9": StepSchedule(o, stepSize: 1, gamma: 0.9)
    case "milestones 5 20 30": MultiStepSchedule(o, milestones: [5, 20, 30])
    case "milestones 10 10 25 0.5": MultiStepSchedule(o, milestones: [25, 10, 10], gamma: 0.5)
    case "exponential 0.95": ExponentialSchedule(o, gamma: 0.95)
    case "exponential 1.02": ExponentialSchedule(o, gamma: 1.02)
    case "constant": ConstantSchedule(o)
    case "constant 0.25 12": ConstantSchedule(o, factor: 0.25, total: 12)
    case "linear": LinearSchedule(o)
    case "linear 0.1 20": LinearSchedule(o, startFactor: 0.1, total: 20)
    case "linear 1 0.2 30": LinearSchedule(o, startFactor: 1, endFactor: 0.2, total: 30)
    case "polynomial 30 1": PolynomialSchedule(o, total: 30)
    case "polynomial 40 2": PolynomialSchedule(o, total: 40, power: 2)
    case "polynomial 25 0.5": PolynomialSchedule(o, total: 25, power: 0.5)
    case "cosine 60": CosineSchedule(o, total: 60)
    case "cosine 50 0.01": CosineSchedule(o, total: 50, minimum: 0.01)
    case "cosine warmup 5 50 from 0.1": CosineSchedule(o, warmup: 5, total: 50, startFactor: 0.1)
    case "cosine warmup 10 55 from 0.25 to 0.01":
      CosineSchedule(o, warmup: 10, total: 55, minimum: 0.01, startFactor: 0.25)
    case "cosine warmup 8 40": CosineSchedule(o, warmup: 8, total: 40)
    case "cosine warmup 1 60": CosineSchedule(o, warmup: 1, total: 60)
    case "lambda": LambdaSchedule(o) { 1 / (1 + Double($0)) }
    case "lambda root":
      LambdaSchedule(o) {
        min(1 / Double($0 + 1).squareRoot(), Double($0 + 1) * 0.001 * 10.0.squareRoot() * 10)
      }
    default: makeMore(name, o)
    }
  }

  private func makeMore(_ name: String, _ o: some Optimizer<Double>) -> any Schedule {
    switch name {
    case "restarts 10": CosineRestartSchedule(o, period: 10)
    case "restarts 5 2 0.01": CosineRestartSchedule(o, period: 5, multiplier: 2, minimum: 0.01)
    case "restarts 1 3": CosineRestartSchedule(o, period: 1, multiplier: 3)
    case "one cycle": OneCycleSchedule(o, maximum: 1, total: 50)
    case "one cycle linear":
      OneCycleSchedule(o, maximum: 0.5, total: 47, rising: 0.4, annealing: .linear)
    case "one cycle three phases":
      OneCycleSchedule(o, maximum: 0.5, total: 50, momenta: 0.8...0.9, threePhases: true)
    case "one cycle without momentum":
      OneCycleSchedule(o, maximum: 0.5, total: 46, momenta: nil, divisor: 10, finalDivisor: 100)
    case "multiplicative": MultiplicativeSchedule(o) { $0 % 3 == 0 ? 1.1 : 0.9 }
    case "chained":
      ChainedSchedule(
        o, [ConstantSchedule(o, factor: 0.1, total: 20), ExponentialSchedule(o, gamma: 0.9)])
    case "cycle of triangles": CyclicSchedule(o, from: 0.01, to: 0.1, rising: 7)
    case "cycle of halves":
      CyclicSchedule(
        o, from: 0.01, to: 0.1, rising: 4, falling: 6, amplitude: .halving, momenta: 0.7...0.95)
    case "cycle of powers":
      CyclicSchedule(
        o, from: 0.01, to: 0.1, rising: 5, falling: 2, amplitude: .exponential(0.98), momenta: nil)
    case "sequential":
      SequentialSchedule(
        o, [ConstantSchedule(o, factor: 0.1, total: 5), ExponentialSchedule(o, gamma: 0.9)], milestones: [5])
    case "sequential of three":
      SequentialSchedule(
        o,
        [
          LinearSchedule(o, startFactor: 0.2, total: 6), StepSchedule(o, stepSize: 4, gamma: 0.5),
          PolynomialSchedule(o, total: 15),
        ], milestones: [8, 30])
    case "plateau": PlateauSchedule(o, patience: 3)
    case "plateau cooldown":
      PlateauSchedule(o, factor: 0.5, patience: 1, threshold: .relative(1e-2), cooldown: 4, minimum: 0.02)
    case "plateau absolute": PlateauSchedule(o, factor: 0.5, patience: 2, threshold: .absolute(0.05))
    case "plateau of the largest": PlateauSchedule(o, mode: .max, factor: 0.8, patience: 2)
    case "plateau of the largest absolute":
      PlateauSchedule(o, mode: .max, factor: 0.8, patience: 2, threshold: .absolute(0.1))
    default: fatalError("no schedule \(name)")
    }
  }

  private func makeOptimizer(_ kind: String) -> any Optimizer<Double> {
    let groups = [0.1, 0.03].map {
      ParameterGroup([Tensor<Double>([0], requiresGrad: true)], learningRate: $0)
    }
    return kind == "SGD" ? SGD(groups, learningRate: 1, momentum: 0.9) : Adam(groups)
  }

  private func step(_ schedule: any Schedule, _ number: Int) {
    if let schedule = schedule as? RateSchedule { schedule.step() }
    if let schedule = schedule as? PlateauSchedule { schedule.step(Torch.all.metrics[number]) }
  }

  @Test("Rates and momenta of 45 steps, through a restart", arguments: Torch.all.cases.indices)
  func rates(_ number: Int) throws {
    let one = Torch.all.cases[number]
    var optimizer = makeOptimizer(one.optimizer), schedule = make(one.name, optimizer)
    for step in one.rates.indices {
      for group in 0..<2 {
        let rate = optimizer.learningRates[group], momentum = optimizer.momenta[group]
        let expected = one.rates[step][group]
        #expect(abs(rate - expected) <= 1e-12 * max(abs(expected), 0.1), "\(one.name), step \(step)")
        #expect(abs(momentum - one.momenta[step][group]) <= 1e-12, "\(one.name), step \(step)")
      }
      self.step(schedule, step)
      if step % 13 == 7 {
        let states = (optimizer.state, schedule.state), rates = optimizer.learningRates
        optimizer = makeOptimizer(one.optimizer)
        schedule = make(one.name, optimizer)
        try optimizer.load(states.0)
        try schedule.load(states.1)
        #expect(optimizer.learningRates == rates, "the same bits")
      }
    }
  }

  @Test("At least 40 cases") func cases() { #expect(Torch.all.cases.count >= 40) }

  @Test("A schedule made after a restart starts from the first rates, and one of one's own optimizer works")
  func initialRates() throws {
    let optimizer = makeOptimizer("Adam"), schedule = ExponentialSchedule(optimizer, gamma: 0.5)
    schedule.step()
    let later = makeOptimizer("Adam")
    try later.load(optimizer.state)
    #expect(later.learningRates == [0.05, 0.015])
    let next = ExponentialSchedule(later, gamma: 0.5)
    try next.load(schedule.state)
    #expect(later.learningRates == [0.05, 0.015])

    final class Own: Optimizer {
      let parameters: [Tensor<Float>] = []
      var learningRate = 1.0
      func beginStep() {}
      func update(_ index: Int, gradient: Tensor<Float>) {}
    }
    let own = Own(), linear = LinearSchedule(own, startFactor: 0.5, total: 2)
    #expect(own.learningRate == 0.5)
    linear.step()
    #expect(own.learningRate == 0.75 && own.state.numbers == ["groups.0.lr": 0.75])
    let other = Own()
    try other.load(own.state)
    #expect(other.learningRate == 0.75)
  }

  @Test("A cosine stays at its end, and a state that does not fit is refused") func ends() throws {
    let optimizer = makeOptimizer("SGD"),
      schedule = CosineSchedule(optimizer, warmup: 2, total: 5, minimum: 0.01)
    for _ in 0..<9 { schedule.step() }
    #expect(optimizer.learningRates == [0.01, 0.01] && schedule.stepCount == 9)
    let error = #expect(throws: OptimizerStateMismatch.self) { try schedule.load(["steps": 3]) }
    #expect(error?.missing == ["step"] && error?.unexpected == ["steps"])
    #expect(schedule.stepCount == 9)
    let plateau = PlateauSchedule(optimizer)
    #expect(throws: OptimizerStateMismatch.self) { try plateau.load(schedule.state) }
  }

  @Test("A rise of one step is at its top at once")
  func aRiseOfOneStep() {
    let x = Tensor<Float>([1], requiresGrad: true)
    let schedule = OneCycleSchedule(
      SGD([x], learningRate: 1, momentum: 0.9), maximum: 0.5, total: 10, rising: 0.1)
    #expect(schedule.learningRate(from: 1, at: 0) == 0.5)
    #expect(schedule.momentum(at: 0) == 0.85)
    #expect((1..<10).allSatisfy { schedule.learningRate(from: 1, at: $0) < 0.5 })
  }
}
