import Martlet

// Mistakes of MistakeTests: losses whose arguments do not match.

extension MistakeTests {
  static let losses = [
    Mistake(
      "huberLoss", "a prediction of shape [2] and a target of shape [3]; equal shapes are expected",
      line: #line + 2
    ) {
      HuberLoss()(ones([2]), ones([3]))
    },
    Mistake(
      "marginRankingLoss",
      "predictions [2] and [2, 1], target [2]; shapes of one rank that broadcast are expected",
      line: #line + 2
    ) {
      MarginRankingLoss()(ones([2]), ones([2, 1]), ones([2]))
    },
    Mistake(
      "hingeEmbeddingLoss",
      "a prediction of shape [2] and a target of shape [3]; shapes that broadcast are expected",
      line: #line + 2
    ) {
      HingeEmbeddingLoss()(ones([2]), ones([3]))
    },
    Mistake("huberLoss", "delta 0.0; a number above 0 is expected", line: #line + 1) {
      HuberLoss(delta: 0)(ones([2]), ones([2]))
    },
    Mistake("smoothL1Loss", "beta -1.0; a number of at least 0 is expected", line: #line + 1) {
      SmoothL1Loss(beta: -1)(ones([2]), ones([2]))
    },
    Mistake(
      "gaussianNegativeLogLikelihood",
      "a prediction of shape [2, 3] and a variance of shape [3]; the same, 1 along the last axis or without it",
      line: #line + 2
    ) {
      GaussianNLLLoss()(ones([2, 3]), ones([2, 3]), variance: ones([3]))
    },
    Mistake(
      "gaussianNegativeLogLikelihood", "variance -1.0 at [1]; at least 0 is expected", line: #line + 2
    ) {
      GaussianNLLLoss()(ones([2]), ones([2]), variance: Tensor([1, -1]))
    },
    Mistake(
      "multiMarginLoss", "scores [2, 3], power 3; [n, classes] and a power of 1 or 2 are expected",
      line: #line + 2
    ) {
      MultiMarginLoss(power: 3)(ones([2, 3]), Tensor([0, 1]))
    },
    Mistake("crossEntropy", "label smoothing 1.5; in 0...1", line: #line + 1) {
      CrossEntropyLoss(labelSmoothing: 1.5)(ones([2, 3]), Tensor([0, 1]))
    },
    Mistake(
      "crossEntropy", "weights of shape [2] for 3 classes; one for each is expected", line: #line + 2
    ) {
      CrossEntropyLoss(weight: [1, 2])(ones([2, 3]), Tensor([0, 1]))
    },
    Mistake(
      "negativeLogLikelihood", "label 3 outside the 3 classes 0 ..< 3, at [1, 0]", line: #line + 2
    ) {
      NLLLoss(ignoredIndex: -100)(ones([2, 3, 2]), Tensor([[0, -100], [3, 1]]))
    },
    Mistake("binaryCrossEntropy", "probability 1.5 at [1]; in 0...1", line: #line + 1) {
      BCELoss()(Tensor([0.5, 1.5]), ones([2]))
    },
    Mistake(
      "binaryCrossEntropy", "weights of shape [3] for a prediction of shape [2]; they have to broadcast",
      line: #line + 2
    ) {
      BCELoss(weight: [1, 2, 3])(ones([2]), ones([2]))
    },
    Mistake(
      "binaryCrossEntropyWithLogits",
      "a positive weight of shape [3] for logits of shape [2]; it has to broadcast", line: #line + 2
    ) {
      BCEWithLogitsLoss(positiveWeight: [1, 2, 3])(ones([2]), ones([2]))
    },
    Mistake("multiLabelSoftMarginLoss", "scalars; [n, classes] is expected", line: #line + 1) {
      MultiLabelSoftMarginLoss()(ones([]), ones([]))
    },
    Mistake("cosineSimilarity", "shapes [2] and [3] do not broadcast", line: #line + 1) {
      ones([2]).cosineSimilarity(ones([3]))
    },
    Mistake(
      "normalized", "axis 1 of shape [3], p 2.0; an axis that is there and a p of 0 at least", line: #line + 2
    ) {
      ones([3]).normalized()
    },
    Mistake(
      "cosineEmbeddingLoss",
      "vectors [2, 3] and a target of shape [3]; [n, d] and [n], or [d] and [] are expected", line: #line + 2
    ) {
      CosineEmbeddingLoss()(ones([2, 3]), ones([2, 3]), ones([3]))
    },
    ctc(
      "log-probabilities [4, 2, 3], labels [3, 1], lengths [2] and [2]; [steps, n, classes], [n, labels] or [labels], [n] and [n] are expected",
      Tensor([[1], [1], [1]])),
    ctc("blank 3 outside the 3 classes", blank: 3),
    ctc("input length 5 of sequence 1; 0 ... 4 is expected", steps: [4, 5]),
    ctc("label length 2 of sequence 0; 0 ... 1 is expected", counts: [2, 1]),
    ctc("3 labels for lengths whose sum is 2", Tensor([1, 1, 1])),
    ctc(
      "label 0 of sequence 1; classes 0 ..< 3 other than the blank 0 are expected", Tensor([[1], [0]])),
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
