import Martlet

// Mistakes of MistakeTests: optimizers and schedules.

extension MistakeTests {
  /// Hyperparameters out of range, and gradients that do not match.
  static let optimizers = [
    Mistake("SGD", "learning rate -1.0; at least 0", line: #line + 1) {
      SGD([leaf()], learningRate: -1)
    },
    Mistake("SGD", "momentum -0.5; at least 0", line: #line + 1) {
      SGD([leaf()], learningRate: 1, momentum: -0.5)
    },
    Mistake("SGD", "weight decay -0.5; at least 0", line: #line + 1) {
      SGD([leaf()], learningRate: 1, weightDecay: -0.5)
    },
    Mistake("SGD", "Nesterov wants momentum above 0 and no dampening", line: #line + 1) {
      SGD([leaf()], learningRate: 1, nesterov: true)
    },
    Mistake("Adam", "learning rate -1.0; at least 0", line: #line + 1) {
      Adam([leaf()], learningRate: -1)
    },
    Mistake("Adam", "betas (1.0, 0.9); each in 0..<1", line: #line + 1) {
      Adam([leaf()], betas: (1, 0.9))
    },
    Mistake("Adam", "epsilon -0.5; at least 0", line: #line + 1) {
      Adam([leaf()], epsilon: -0.5)
    },
    Mistake("Adam", "weight decay nan; at least 0", line: #line + 1) {
      Adam([leaf()], weightDecay: .nan)
    },
    Mistake("AdamW", "learning rate -1.0; at least 0", line: #line + 1) {
      AdamW([leaf()], learningRate: -1)
    },
    Mistake("update", "a gradient of shape [2] for a parameter of shape [3]", line: #line + 1) {
      SGD([leaf()], learningRate: 1).update(0, gradient: ones([2]))
    },
    Mistake("Adam", "a parameter with history (MulBackward); leaves only", line: #line + 1) {
      Adam([leaf() * 2])
    },
    Mistake("SGD", "a parameter of shape [3] is in more than one group", line: #line + 2) {
      let w = leaf()
      return SGD([ParameterGroup([w]), ParameterGroup([w, w])], learningRate: 1)
    },
    Mistake("RMSprop", "alpha 1.5; in 0...1", line: #line + 1) {
      RMSprop([leaf()], alpha: 1.5)
    },
    Mistake("RMSprop", "momentum -1.0; at least 0", line: #line + 1) {
      RMSprop([ParameterGroup([leaf()], momentum: -1)])
    },
    Mistake("Adagrad", "learning rate decay -1.0; at least 0", line: #line + 1) {
      Adagrad([leaf()], learningRateDecay: -1)
    },
    Mistake("Adagrad", "initial accumulator -1.0; at least 0", line: #line + 1) {
      Adagrad([leaf()], initialAccumulator: -1)
    },
    Mistake("Adadelta", "rho -0.5; in 0...1", line: #line + 1) {
      Adadelta([leaf()], rho: -0.5)
    },
    Mistake("Adamax", "betas (0.5, 1.0); each in 0..<1", line: #line + 1) {
      Adamax([leaf()], betas: (0.5, 1))
    },
    Mistake("NAdam", "momentum decay -1.0; at least 0", line: #line + 1) {
      NAdam([leaf()], momentumDecay: -1)
    },
    Mistake("RAdam", "learning rate nan; at least 0", line: #line + 1) {
      RAdam([leaf()], learningRate: .nan)
    },
    Mistake("Lion", "weight decay -1.0; at least 0", line: #line + 1) {
      Lion([leaf()], weightDecay: -1)
    },
    Mistake("LBFGS", "learning rate -1.0; at least 0", line: #line + 1) {
      LBFGS([leaf()], learningRate: -1)
    },
    Mistake("LBFGS", "iterations 0, evaluations 0, history 100; at least 1 of each", line: #line + 1) {
      LBFGS([leaf()], maxIterations: 0)
    },
    Mistake("LBFGS", "tolerances -1.0 and 1e-09; at least 0", line: #line + 1) {
      LBFGS([leaf()], toleranceGradient: -1)
    },
    Mistake(
      "LBFGS", "a step without a loss; step { loss } evaluates it as often as it needs", line: #line + 2
    ) {
      LBFGS([leaf()]).step()
    },
    Mistake("clipGradNorm", "a largest norm of -1.0; at least 0", line: #line + 1) {
      SGD([leaf()], learningRate: 1).clipGradNorm(max: -1)
    },
    Mistake("clipGradNorm", "the 0.0-norm; p is above 0", line: #line + 1) {
      [leaf()].clipGradNorm(max: 1, norm: 0)
    },
    Mistake("clipGradValue", "a largest value of nan; at least 0", line: #line + 1) {
      [leaf()].clipGradValue(.nan)
    },
    Mistake("ExponentialMovingAverage", "decay 1.5; in 0...1", line: #line + 1) {
      ExponentialMovingAverage(of: [leaf()], decay: 1.5)
    },
  ]

  private static func sgd() -> SGD<Float> { SGD([leaf()], learningRate: 1) }

  /// Schedules with invalid arguments.
  static let schedules = [
    Mistake("CosineSchedule", "a warm-up of 5 in 5 steps; at least 0, and fewer", line: #line + 1) {
      CosineSchedule(sgd(), warmup: 5, total: 5)
    },
    Mistake("CosineSchedule", "a start of 2.0; in 0...1", line: #line + 1) {
      CosineSchedule(sgd(), total: 5, startFactor: 2)
    },
    Mistake("CosineRestartSchedule", "a period of 0, times 1; at least 1 each", line: #line + 1) {
      CosineRestartSchedule(sgd(), period: 0)
    },
    Mistake("OneCycleSchedule", "1 steps, 0.3 of them rising; at least 2, and in 0...1", line: #line + 1) {
      OneCycleSchedule(sgd(), maximum: 1, total: 1)
    },
    Mistake("OneCycleSchedule", "the optimizer has no momentum; pass momenta: nil", line: #line + 1) {
      OneCycleSchedule(Adagrad([leaf()]), maximum: 1, total: 9)
    },
    Mistake("StepSchedule", "a step size of 0; at least 1", line: #line + 1) {
      StepSchedule(sgd(), stepSize: 0)
    },
    Mistake("ConstantSchedule", "a factor of 2.0; in 0...1", line: #line + 1) {
      ConstantSchedule(sgd(), factor: 2)
    },
    Mistake("LinearSchedule", "factors 2.0 and 1.0 in 5 steps; in 0...1, and at least 1", line: #line + 1) {
      LinearSchedule(sgd(), startFactor: 2)
    },
    Mistake("PolynomialSchedule", "0 steps; at least 1", line: #line + 1) {
      PolynomialSchedule(sgd(), total: 0)
    },
    Mistake("PlateauSchedule", "a factor of 1.0; in 0..<1", line: #line + 1) {
      PlateauSchedule(sgd(), factor: 1)
    },
    Mistake(
      "SequentialSchedule", "milestones [5] of 1 schedules; one fewer, each later than the one before",
      line: #line + 3
    ) {
      let o = sgd()
      return SequentialSchedule(o, [ConstantSchedule(o)], milestones: [5])
    },
    Mistake("SequentialSchedule", "a schedule of another optimizer", line: #line + 1) {
      SequentialSchedule(sgd(), [ConstantSchedule(sgd())], milestones: [])
    },
  ]
}
