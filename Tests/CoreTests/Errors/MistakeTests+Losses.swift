import Martlet

// Mistakes of MistakeTests: losses whose arguments do not match.

extension MistakeTests {
  static let losses = [
    // A million steps and labels: 8 TB for the states.
    Mistake("memory", "there is no room for 8000008000000 bytes of scratch memory", line: #line + 2) {
      let scores = Tensor<Float>.zeros([1_000_000, 1, 2]), labels = Tensor<Int>.full([1, 500_000], 1)
      return CTCLoss()(scores, labels, inputLengths: Tensor([1_000_000]), labelLengths: Tensor([500_000]))
    },
    Mistake(
      "huberLoss",
      "a prediction of shape [2] does not fit a target of shape [3]; the shapes must be equal",
      line: #line + 2
    ) {
      HuberLoss()(ones([2]), ones([3]))
    },
    Mistake(
      "marginRankingLoss",
      "predictions [2] and [2, 1] and target [2] do not match; the shapes must have one rank and broadcast",
      line: #line + 2
    ) {
      MarginRankingLoss()(ones([2]), ones([2, 1]), ones([2]))
    },
    Mistake(
      "hingeEmbeddingLoss",
      "a prediction of shape [2] does not fit a target of shape [3]; the shapes must broadcast",
      line: #line + 2
    ) {
      HingeEmbeddingLoss()(ones([2]), ones([3]))
    },
    Mistake("huberLoss", "delta must be above 0, not 0.0", line: #line + 1) {
      HuberLoss(delta: 0)(ones([2]), ones([2]))
    },
    Mistake("smoothL1Loss", "beta must be at least 0, not -1.0", line: #line + 1) {
      SmoothL1Loss(beta: -1)(ones([2]), ones([2]))
    },
    Mistake(
      "gaussianNegativeLogLikelihood",
      "a prediction of shape [2, 3] and a variance of shape [3] do not match; the variance must have the same shape, 1 along the last axis, or no last axis",
      line: #line + 2
    ) {
      GaussianNLLLoss()(ones([2, 3]), ones([2, 3]), variance: ones([3]))
    },
    Mistake(
      "gaussianNegativeLogLikelihood", "the variance at [1] must be at least 0, not -1.0", line: #line + 2
    ) {
      GaussianNLLLoss()(ones([2]), ones([2]), variance: Tensor([1, -1]))
    },
    Mistake(
      "multiMarginLoss", "scores [2, 3] and power 3 do not fit; they must be [n, classes] and 1 or 2",
      line: #line + 2
    ) {
      MultiMarginLoss(power: 3)(ones([2, 3]), Tensor([0, 1]))
    },
    Mistake("crossEntropy", "the label smoothing must be in 0...1, not 1.5", line: #line + 1) {
      CrossEntropyLoss(labelSmoothing: 1.5)(ones([2, 3]), Tensor([0, 1]))
    },
    Mistake(
      "crossEntropy", "weights of shape [2] do not match 3 classes; there must be one for each",
      line: #line + 2
    ) {
      CrossEntropyLoss(weight: [1, 2])(ones([2, 3]), Tensor([0, 1]))
    },
    Mistake(
      "negativeLogLikelihood", "label 3 at [1, 0] is outside the 3 classes 0 ..< 3", line: #line + 2
    ) {
      NLLLoss(ignoredIndex: -100)(ones([2, 3, 2]), Tensor([[0, -100], [3, 1]]))
    },
    Mistake("binaryCrossEntropy", "the probability at [1] must be in 0...1, not 1.5", line: #line + 1) {
      BCELoss()(Tensor([0.5, 1.5]), ones([2]))
    },
    Mistake(
      "binaryCrossEntropy", "weights of shape [3] do not broadcast to a prediction of shape [2]",
      line: #line + 2
    ) {
      BCELoss(weight: [1, 2, 3])(ones([2]), ones([2]))
    },
    Mistake(
      "binaryCrossEntropyWithLogits",
      "a positive weight of shape [3] does not broadcast to logits of shape [2]", line: #line + 2
    ) {
      BCEWithLogitsLoss(positiveWeight: [1, 2, 3])(ones([2]), ones([2]))
    },
    Mistake(
      "multiLabelSoftMarginLoss", "scalars have no classes; the shape must be [n, classes]", line: #line + 2
    ) {
      MultiLabelSoftMarginLoss()(ones([]), ones([]))
    },
    Mistake("cosineSimilarity", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      ones([2]).cosineSimilarity(ones([3]))
    },
    Mistake(
      "normalized", "axis 1 must exist in shape [3], and p = 2.0 must be at least 0", line: #line + 2
    ) {
      ones([3]).normalized()
    },
    Mistake(
      "cosineEmbeddingLoss",
      "vectors [2, 3] and a target of shape [3] do not match; they must be [n, d] and [n], or [d] and []",
      line: #line + 2
    ) {
      CosineEmbeddingLoss()(ones([2, 3]), ones([2, 3]), ones([3]))
    },
    ctc(
      "log-probabilities [4, 2, 3], labels [3, 1], lengths [2] and [2] do not match; they must be [steps, n, classes], [n, labels] or [labels], [n] and [n]",
      Tensor([[1], [1], [1]])),
    ctc("blank 3 is outside the 3 classes", blank: 3),
    ctc("the input length of sequence 1 must be in 0...4, not 5", steps: [4, 5]),
    ctc("the label length of sequence 0 must be in 0...1, not 2", counts: [2, 1]),
    ctc("3 labels do not match lengths whose sum is 2", Tensor([1, 1, 1])),
    ctc(
      "label 0 of sequence 1 must be a class in 0 ..< 3 other than the blank 0", Tensor([[1], [0]])),
  ]

  private static func ctc(
    _ reason: String, _ labels: @autoclosure @escaping @Sendable () -> Tensor<Int> = Tensor([[1], [2]]),
    steps: [Int] = [4, 4], counts: [Int] = [1, 1], blank: Int = 0
  ) -> Mistake {
    Mistake("ctcLoss", reason, line: #line + 1) {
      CTCLoss(blank: blank)(
        ones([4, 2, 3]), labels(), inputLengths: Tensor(steps), labelLengths: Tensor(counts))
    }
  }
}
