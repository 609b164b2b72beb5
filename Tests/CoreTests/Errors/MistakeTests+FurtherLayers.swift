import Martlet

// Mistakes of MistakeTests: modules that are copied, further optimizers and schedules, and functions that name themselves and not the function that
// they call.

extension MistakeTests {
  static let furtherOptimizers = [
    Mistake("Rprop", "the factors must be in 0..<1 and above 1, not (1.0, 1.2)", line: #line + 1) {
      Rprop([leaf()], factors: (1, 1.2))
    },
    Mistake("Rprop", "the step sizes must be at least 0, not -1.0...1.0", line: #line + 1) {
      Rprop([leaf()], stepSizes: -1...1)
    },
    Mistake("ASGD", "the decay must be at least 0, not -1.0", line: #line + 1) {
      ASGD([leaf()], decay: -1)
    },
    Mistake("Muon", "a parameter of shape [3] is no matrix; all must have two axes", line: #line + 1) {
      Muon([leaf()])
    },
    Mistake("Muon", "the momentum must be in 0...1, not 1.5", line: #line + 1) {
      Muon([ones([2, 2])], momentum: 1.5)
    },
    Mistake(
      "Muon",
      "learning rate 0.001, weight decay 0.1, epsilon 1e-07 and iterations -1 must be at least 0",
      line: #line + 2
    ) {
      Muon([ones([2, 2])], iterations: -1)
    },
    Mistake(
      "Adafactor", "learning rate 0.01, weight decay 0.0 and epsilons (-1.0, 0.001) must be at least 0",
      line: #line + 2
    ) {
      Adafactor([leaf()], epsilons: (-1, 1e-3))
    },
    Mistake(
      "Adafactor", "the decay -0.8 must be at most 0, and the threshold 0.5 at least 1", line: #line + 2
    ) {
      Adafactor([leaf()], threshold: 0.5)
    },
    Mistake(
      "ChainedSchedule", "a schedule belongs to another optimizer; all must belong to the same",
      line: #line + 2
    ) {
      ChainedSchedule(SGD([leaf()], learningRate: 1), [ConstantSchedule(SGD([leaf()], learningRate: 1))])
    },
    Mistake("CyclicSchedule", "0 rising and 5 falling steps must each be at least 1", line: #line + 1) {
      CyclicSchedule(Adam([leaf()]), from: 0, to: 1, rising: 0, falling: 5)
    },
    Mistake("CyclicSchedule", "the optimizer has no momentum; pass momenta: nil", line: #line + 1) {
      CyclicSchedule(Adagrad([leaf()]), from: 0, to: 1)
    },
  ]

  static let furtherLayers = [
    Mistake(
      "copied", "the copy has weight [2, 4] in place of weight [2, 3]; both must have the same structure",
      line: #line + 2
    ) {
      Linear(3, 2).copied(into: Linear(4, 2))
    },
    Mistake(
      "copied", "the copy has nothing in place of Linear.1; both must have the same structure",
      line: #line + 2
    ) {
      Sequential([Tanh(), Linear(3, 3)]).copied(into: Sequential([Tanh()]))
    },
    Mistake("tripletMarginLoss", "shapes [2, 3] and [4] do not broadcast", line: #line + 1) {
      ones([2, 3]).tripletMarginLoss(ones([2, 3]), ones([4]))
    },
    Mistake(
      "multiLabelSoftMarginLoss",
      "a prediction of shape [2, 3] does not fit a target of shape [2]; the shapes must be equal",
      line: #line + 2
    ) {
      ones([2, 3]).multiLabelSoftMarginLoss(ones([2]))
    },
    Mistake(
      "maxPoolWithIndices",
      "a window of [5] with dilation [1] does not fit in images of [4] with padding [0]", line: #line + 2
    ) {
      ones([1, 1, 4]).maxPoolWithIndices(kernelSize: 5).values
    },
    Mistake(
      "instanceNorm",
      "there are no running statistics; outside of training a mean and a variance are needed",
      line: #line + 2
    ) {
      ones([2, 3, 4]).instanceNorm(usesInputStatistics: false)
    },
  ]
}
