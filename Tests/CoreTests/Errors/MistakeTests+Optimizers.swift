import Martlet

// Mistakes of MistakeTests: optimizers and schedules.

extension MistakeTests {
  /// Hyperparameters out of range, and gradients that do not match.
  static let optimizers = [
    Mistake("SGD", "the learning rate must be at least 0, not -1.0", line: #line + 1) {
      SGD([leaf()], learningRate: -1)
    },
    Mistake("SGD", "the momentum must be at least 0, not -0.5", line: #line + 1) {
      SGD([leaf()], learningRate: 1, momentum: -0.5)
    },
    Mistake("SGD", "the weight decay must be at least 0, not -0.5", line: #line + 1) {
      SGD([leaf()], learningRate: 1, weightDecay: -0.5)
    },
    Mistake("SGD", "Nesterov momentum needs a momentum above 0 and no dampening", line: #line + 1) {
      SGD([leaf()], learningRate: 1, nesterov: true)
    },
    Mistake("Adam", "the learning rate must be at least 0, not -1.0", line: #line + 1) {
      Adam([leaf()], learningRate: -1)
    },
    Mistake("Adam", "the betas must be in 0..<1, not (1.0, 0.9)", line: #line + 1) {
      Adam([leaf()], betas: (1, 0.9))
    },
    Mistake("Adam", "epsilon must be at least 0, not -0.5", line: #line + 1) {
      Adam([leaf()], epsilon: -0.5)
    },
    Mistake("Adam", "the weight decay must be at least 0, not nan", line: #line + 1) {
      Adam([leaf()], weightDecay: .nan)
    },
    Mistake("AdamW", "the learning rate must be at least 0, not -1.0", line: #line + 1) {
      AdamW([leaf()], learningRate: -1)
    },
    Mistake("update", "a gradient of shape [2] does not fit a parameter of shape [3]", line: #line + 1) {
      SGD([leaf()], learningRate: 1).update(0, gradient: ones([2]))
    },
    Mistake("Adam", "a parameter has history (MulBackward); all must be leaves", line: #line + 1) {
      Adam([leaf() * 2])
    },
    Mistake("SGD", "a parameter of shape [3] is in more than one group", line: #line + 2) {
      let w = leaf()
      return SGD([ParameterGroup([w]), ParameterGroup([w, w])], learningRate: 1)
    },
    Mistake("RMSprop", "alpha must be in 0...1, not 1.5", line: #line + 1) {
      RMSprop([leaf()], alpha: 1.5)
    },
    Mistake("RMSprop", "the momentum must be at least 0, not -1.0", line: #line + 1) {
      RMSprop([ParameterGroup([leaf()], momentum: -1)])
    },
    Mistake("Adagrad", "the learning rate decay must be at least 0, not -1.0", line: #line + 1) {
      Adagrad([leaf()], learningRateDecay: -1)
    },
    Mistake("Adagrad", "the initial accumulator must be at least 0, not -1.0", line: #line + 1) {
      Adagrad([leaf()], initialAccumulator: -1)
    },
    Mistake("Adadelta", "rho must be in 0...1, not -0.5", line: #line + 1) {
      Adadelta([leaf()], rho: -0.5)
    },
    Mistake("Adamax", "the betas must be in 0..<1, not (0.5, 1.0)", line: #line + 1) {
      Adamax([leaf()], betas: (0.5, 1))
    },
    Mistake("NAdam", "the momentum decay must be at least 0, not -1.0", line: #line + 1) {
      NAdam([leaf()], momentumDecay: -1)
    },
    Mistake("RAdam", "the learning rate must be at least 0, not nan", line: #line + 1) {
      RAdam([leaf()], learningRate: .nan)
    },
    Mistake("Lion", "the weight decay must be at least 0, not -1.0", line: #line + 1) {
      Lion([leaf()], weightDecay: -1)
    },
    Mistake("LBFGS", "the learning rate must be at least 0, not -1.0", line: #line + 1) {
      LBFGS([leaf()], learningRate: -1)
    },
    Mistake("LBFGS", "iterations 0, evaluations 0 and history 100 must each be at least 1", line: #line + 1) {
      LBFGS([leaf()], maxIterations: 0)
    },
    Mistake("LBFGS", "tolerances -1.0 and 1e-09 must be at least 0", line: #line + 1) {
      LBFGS([leaf()], toleranceGradient: -1)
    },
    Mistake(
      "LBFGS", "a step needs the loss; call step { loss }, which evaluates the loss as often as needed",
      line: #line + 2
    ) {
      LBFGS([leaf()]).step()
    },
    Mistake("clipGradNorm", "the largest norm must be at least 0, not -1.0", line: #line + 1) {
      SGD([leaf()], learningRate: 1).clipGradNorm(max: -1)
    },
    Mistake("clipGradNorm", "the p of the norm must be above 0, not 0.0", line: #line + 1) {
      [leaf()].clipGradNorm(max: 1, norm: 0)
    },
    Mistake("clipGradValue", "the largest value must be at least 0, not nan", line: #line + 1) {
      [leaf()].clipGradValue(.nan)
    },
    Mistake("ExponentialMovingAverage", "the decay must be in 0...1, not 1.5", line: #line + 1) {
      ExponentialMovingAverage(of: [leaf()], decay: 1.5)
    },
  ]

  private static func sgd() -> SGD<Float> { SGD([leaf()], learningRate: 1) }

  /// Schedules with invalid arguments.
  static let schedules = [
    Mistake(
      "CosineSchedule", "the warm-up must be at least 0 and less than the 5 steps, not 5", line: #line + 2
    ) {
      CosineSchedule(sgd(), warmup: 5, total: 5)
    },
    Mistake("CosineSchedule", "the start factor must be in 0...1, not 2.0", line: #line + 1) {
      CosineSchedule(sgd(), total: 5, startFactor: 2)
    },
    Mistake(
      "CosineRestartSchedule", "the period 0 and the multiplier 1 must each be at least 1", line: #line + 2
    ) {
      CosineRestartSchedule(sgd(), period: 0)
    },
    Mistake(
      "OneCycleSchedule",
      "a total of 1 steps with a rising part of 0.3 is not valid; there must be at least 2 steps, and a part in 0...1",
      line: #line + 2
    ) {
      OneCycleSchedule(sgd(), maximum: 1, total: 1)
    },
    Mistake("OneCycleSchedule", "the optimizer has no momentum; pass momenta: nil", line: #line + 1) {
      OneCycleSchedule(Adagrad([leaf()]), maximum: 1, total: 9)
    },
    Mistake("StepSchedule", "the step size must be at least 1, not 0", line: #line + 1) {
      StepSchedule(sgd(), stepSize: 0)
    },
    Mistake("ConstantSchedule", "the factor must be in 0...1, not 2.0", line: #line + 1) {
      ConstantSchedule(sgd(), factor: 2)
    },
    Mistake(
      "LinearSchedule",
      "factors 2.0 and 1.0 in 5 steps are not valid; the factors must be in 0...1, and the steps at least 1",
      line: #line + 2
    ) {
      LinearSchedule(sgd(), startFactor: 2)
    },
    Mistake("PolynomialSchedule", "the number of steps must be at least 1, not 0", line: #line + 1) {
      PolynomialSchedule(sgd(), total: 0)
    },
    Mistake("PlateauSchedule", "the factor must be in 0..<1, not 1.0", line: #line + 1) {
      PlateauSchedule(sgd(), factor: 1)
    },
    Mistake(
      "SequentialSchedule",
      "milestones [5] do not fit 1 schedules; there must be one fewer, each later than the one before",
      line: #line + 3
    ) {
      let o = sgd()
      return SequentialSchedule(o, [ConstantSchedule(o)], milestones: [5])
    },
    Mistake(
      "SequentialSchedule", "a schedule belongs to another optimizer; all must belong to the same",
      line: #line + 2
    ) {
      SequentialSchedule(sgd(), [ConstantSchedule(sgd())], milestones: [])
    },
  ]
}
