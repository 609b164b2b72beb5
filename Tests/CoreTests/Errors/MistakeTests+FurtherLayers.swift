import Martlet

// Mistakes of MistakeTests: further layers, optimizers and schedules, modules that are copied, and functions that name
// themselves and not the function that they call.

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
      "Muon", "a parameter of shape [2, 2] is in more than one group", line: #line + 3
    ) {
      let w = ones([2, 2])
      return Muon([ParameterGroup([w]), ParameterGroup([w])])
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
    Mistake(
      "multiLabelMarginLoss",
      "scores [2, 3] and labels [2] do not match; both must be [n, classes] or [classes]", line: #line + 2
    ) {
      MultiLabelMarginLoss()(ones([2, 3]), Tensor<Int>([0, 1]))
    },
    Mistake("multiLabelMarginLoss", "label 3 is outside the 3 classes 0 ..< 3", line: #line + 1) {
      ones([3]).multiLabelMarginLoss(Tensor<Int>([0, 3, -1]))
    },
    Mistake(
      "channelShuffled", "4 groups do not divide the channels, axis 1, of shape [2, 6, 3]", line: #line + 2
    ) {
      ones([2, 6, 3]).channelShuffled(groups: 4)
    },
    Mistake("ChannelShuffle", "the groups must be at least 1, not 0", line: #line + 1) {
      ChannelShuffle(groups: 0)
    },
    Mistake(
      "localResponseNorm", "shape [3] and size 2 do not fit; they must be [n, channels, …] and above 0",
      line: #line + 2
    ) {
      ones([3]).localResponseNorm(size: 2)
    },
    Mistake("LocalResponseNorm", "the size must be at least 1, not 0", line: #line + 1) {
      LocalResponseNorm(0)
    },
    Mistake("lpPool", "p must be a finite number above 0, not 0.0", line: #line + 1) {
      ones([1, 1, 4]).lpPool(p: 0, kernelSize: 2)
    },
    Mistake("LPPool1d", "p must be a finite number above 0, not inf", line: #line + 1) {
      LPPool1d(.infinity, kernelSize: 2)
    },
    Mistake(
      "LPPool2d",
      "a window of [5, 5] with dilation [1, 1] does not fit in images of [4, 4] with padding [0, 0]",
      in: "LPPool2d(2.0, kernelSize: [5, 5])", line: #line + 2
    ) {
      LPPool2d(2, kernelSize: 5)(ones([1, 1, 4, 4]))
    },
    Mistake(
      "maxUnpool",
      "inputs [1, 1, 2], indices [1, 1, 3] and size [4] do not fit; the inputs and indices must be [n, channels, …] of one shape, and the size have the further axes",
      line: #line + 2
    ) {
      ones([1, 1, 2]).maxUnpool(Tensor<Int>.zeros([1, 1, 3]), outputSize: [4])
    },
    Mistake(
      "MaxUnpool1d", "index 4 is out of range for images of [4]", in: "MaxUnpool1d(kernelSize: [2])",
      line: #line + 2
    ) {
      MaxUnpool1d(kernelSize: 2)(ones([1, 1, 2]), Tensor<Int>([[[0, 4]]]))
    },
    Mistake(
      "embeddingBag",
      "table [5, 3], indices [2], offsets none and weights none do not fit mode mean; indices must be [bags, n], or [n] with offsets [bags], and weights be given as the indices for a sum",
      line: #line + 2
    ) {
      ones([5, 3]).embeddingBag(Tensor<Int>([0, 1]))
    },
    Mistake(
      "embeddingBag",
      "offsets [0, 3] do not divide 2 indices; the first must be 0, and none below the one before or above the number",
      line: #line + 2
    ) {
      ones([5, 3]).embeddingBag(Tensor<Int>([0, 1]), offsets: Tensor<Int>([0, 3]))
    },
    Mistake("embeddingBag", "index 5 is out of range for the table [5, 3]", line: #line + 1) {
      ones([5, 3]).embeddingBag(Tensor<Int>([[0, 5]]))
    },
    Mistake("EmbeddingBag", "the weight must have the shape [count, dimensions], not [3]", line: #line + 1) {
      EmbeddingBag(weight: ones([3]))
    },
    Mistake("EmbeddingBag", "the padding index 5 is out of range for 5 vectors", line: #line + 1) {
      EmbeddingBag(5, 3, paddingIndex: 5)
    },
    Mistake("SpectralNorm", "the iterations must be at least 1, not 0", line: #line + 1) {
      SpectralNorm(Linear(2, 3), iterations: 0)
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
