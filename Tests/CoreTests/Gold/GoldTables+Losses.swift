import MartletCore

// The losses of losses.py. The plain losses of labels are in the table of products.

/// Creates targets by the rule of losses.py.
private func repeating<E: DifferentiableScalar>(_ x: Tensor<E>, _ number: (Int) -> E) -> Tensor<E> {
  Tensor((0..<x.count).map(number), shape: x.shape)
}
private func signs<E: DifferentiableScalar>(_ x: Tensor<E>) -> Tensor<E> {
  repeating(x) { $0 % 3 == 0 ? 1 : -1 }
}
private func shares<E: DifferentiableScalar>(_ x: Tensor<E>) -> Tensor<E> { repeating(x) { E($0 % 5) / 4 } }
private func counts<E: DifferentiableScalar>(_ x: Tensor<E>) -> Tensor<E> { repeating(x) { E($0 % 4) } }
private func bits<E: DifferentiableScalar>(_ x: Tensor<E>) -> Tensor<E> { repeating(x) { E($0 % 4 % 2) } }
private func weights<E: DifferentiableScalar>(_: Tensor<E>) -> Tensor<E> { Tensor([0.5, 1, 1.5, 2]) }

extension Gold {
  /// A call in every reduction.
  private static func reduced(
    _ call: String, _ loss: @escaping (GoldInputs<Element>, Reduction) -> Tensor<Element>
  ) -> Table {
    let open = call.dropLast()
    return [
      call: { loss($0, .mean) }, "\(open), reduction='sum')": { loss($0, .sum) },
      "\(open), reduction='none')": { loss($0, .none) },
    ]
  }

  private static func joined(_ tables: [Table]) -> Table {
    tables.reduce([:]) { $0.merging($1) { _, _ in fatalError("an expression is there twice") } }
  }

  static var classLosses: Table {
    joined([
      reduced("F.cross_entropy(a, i)") { $0.a.crossEntropy($0.i, ignoredIndex: -100, reduction: $1) },
      reduced("F.cross_entropy(a, i, weights(a, 4))") {
        $0.a.crossEntropy($0.i, weight: weights($0.a), ignoredIndex: -100, reduction: $1)
      },
      reduced("F.cross_entropy(a, i, weights(a, 4), label_smoothing=0.3)") {
        $0.a.crossEntropy(
          $0.i, weight: weights($0.a), ignoredIndex: -100, labelSmoothing: 0.3, reduction: $1)
      },
      reduced("F.cross_entropy(a, i, label_smoothing=0.1)") {
        $0.a.crossEntropy($0.i, labelSmoothing: 0.1, reduction: $1)
      },
      reduced("F.cross_entropy(a, b)") { $0.a.crossEntropy($0.b, reduction: $1) },
      reduced("F.cross_entropy(a, b, weights(a, 4))") {
        $0.a.crossEntropy($0.b, weight: weights($0.a), reduction: $1)
      },
      reduced("F.cross_entropy(a, b, label_smoothing=0.1)") {
        $0.a.crossEntropy($0.b, labelSmoothing: 0.1, reduction: $1)
      },
      reduced("F.nll_loss(a, i)") { $0.a.negativeLogLikelihood($0.i, reduction: $1) },
      reduced("F.nll_loss(a, i, weights(a, 4))") {
        $0.a.negativeLogLikelihood($0.i, weight: weights($0.a), ignoredIndex: -100, reduction: $1)
      },
      reduced("F.multi_margin_loss(a, i)") { $0.a.multiMarginLoss($0.i, reduction: $1) },
      [
        "F.cross_entropy(a, i, weights(a, 4), label_smoothing=0.2)": {
          $0.a.crossEntropy($0.i, weight: weights($0.a), labelSmoothing: 0.2)
        },
        "F.cross_entropy(a, i, label_smoothing=0.2)": {
          $0.a.crossEntropy($0.i, ignoredIndex: -100, labelSmoothing: 0.2)
        },
        "F.cross_entropy(a, b, weights(a, 4), label_smoothing=0.2)": {
          $0.a.crossEntropy($0.b, weight: weights($0.a), labelSmoothing: 0.2)
        },
        "F.multi_margin_loss(a, i, margin=0.5)": { $0.a.multiMarginLoss($0.i, margin: 0.5) },
        "F.multi_margin_loss(a, i, p=2)": { $0.a.multiMarginLoss($0.i, power: 2) },
        "F.multi_margin_loss(a, i, p=2, margin=2.0)": { $0.a.multiMarginLoss($0.i, power: 2, margin: 2) },
        "F.multi_margin_loss(a, i, weight=weights(a, 4))": {
          $0.a.multiMarginLoss($0.i, weight: weights($0.a))
        },
      ],
    ])
  }

  static var numberLosses: Table {
    joined([
      reduced("F.mse_loss(a, b)") { $0.a.squaredError($0.b, reduction: $1) },
      reduced("F.l1_loss(a, b)") { $0.a.absoluteError($0.b, reduction: $1) },
      reduced("F.huber_loss(a, b)") { $0.a.huberLoss($0.b, reduction: $1) },
      reduced("F.smooth_l1_loss(a, b)") { $0.a.smoothL1Loss($0.b, reduction: $1) },
      reduced("F.kl_div(a, shares(a))") { $0.a.klDivergence(shares($0.a), reduction: $1) },
      reduced("F.kl_div(a, b, log_target=True)") { $0.a.klDivergence($0.b, logTarget: true, reduction: $1) },
      reduced("F.poisson_nll_loss(a, counts(a))") {
        $0.a.poissonNegativeLogLikelihood(counts($0.a), reduction: $1)
      },
      reduced("F.gaussian_nll_loss(a, b, c)") {
        $0.a.gaussianNegativeLogLikelihood($0.b, variance: $0.c, reduction: $1)
      },
      [
        "F.huber_loss(a, b, delta=0.4)": { $0.a.huberLoss($0.b, delta: 0.4) },
        "F.huber_loss(a, b, delta=3.0)": { $0.a.huberLoss($0.b, delta: 3) },
        "F.smooth_l1_loss(a, b, beta=0.4)": { $0.a.smoothL1Loss($0.b, beta: 0.4) },
        "F.smooth_l1_loss(a, b, beta=0.0)": { $0.a.smoothL1Loss($0.b, beta: 0) },
        "F.kl_div(a, b)": { $0.a.klDivergence($0.b) },
        "F.poisson_nll_loss(a, counts(a), full=True)": {
          $0.a.poissonNegativeLogLikelihood(counts($0.a), isFull: true)
        },
        "F.poisson_nll_loss(a, counts(a), log_input=False)": {
          $0.a.poissonNegativeLogLikelihood(counts($0.a), logInput: false)
        },
        "F.poisson_nll_loss(a, counts(a), log_input=False, full=True, eps=0.1)": {
          $0.a.poissonNegativeLogLikelihood(counts($0.a), logInput: false, isFull: true, epsilon: 0.1)
        },
        "F.gaussian_nll_loss(a, b, c, full=True)": {
          $0.a.gaussianNegativeLogLikelihood($0.b, variance: $0.c, isFull: true)
        },
        "F.gaussian_nll_loss(a, b, c, eps=0.5)": {
          $0.a.gaussianNegativeLogLikelihood($0.b, variance: $0.c, epsilon: 0.5)
        },
      ],
    ])
  }

  static var probabilityLosses: Table {
    joined([
      reduced("F.binary_cross_entropy(a.sigmoid(), shares(a))") {
        $0.a.sigmoid().binaryCrossEntropy(shares($0.a), reduction: $1)
      },
      reduced("F.binary_cross_entropy_with_logits(a, shares(a))") {
        $0.a.binaryCrossEntropyWithLogits(shares($0.a), reduction: $1)
      },
      reduced("F.soft_margin_loss(a, signs(a))") { $0.a.softMarginLoss(signs($0.a), reduction: $1) },
      reduced("F.multilabel_soft_margin_loss(a, counts(a) % 2)") {
        $0.a.multiLabelSoftMarginLoss(bits($0.a), reduction: $1)
      },
      [
        "F.binary_cross_entropy(a.sigmoid(), shares(a), weights(a, 4))": {
          $0.a.sigmoid().binaryCrossEntropy(shares($0.a), weight: weights($0.a))
        },
        "F.binary_cross_entropy(a, b)": { $0.a.binaryCrossEntropy($0.b) },
        "F.binary_cross_entropy(a, shares(a))": { $0.a.binaryCrossEntropy(shares($0.a)) },
        "F.binary_cross_entropy_with_logits(a, b)": { $0.a.binaryCrossEntropyWithLogits($0.b) },
        "F.binary_cross_entropy_with_logits(a, shares(a), weight=weights(a, 4))": {
          $0.a.binaryCrossEntropyWithLogits(shares($0.a), weight: weights($0.a))
        },
        "F.binary_cross_entropy_with_logits(a, shares(a), pos_weight=weights(a, 4))": {
          $0.a.binaryCrossEntropyWithLogits(shares($0.a), positiveWeight: weights($0.a))
        },
        "F.multilabel_soft_margin_loss(a, counts(a) % 2, weight=weights(a, 4))": {
          $0.a.multiLabelSoftMarginLoss(bits($0.a), weight: weights($0.a))
        },
      ],
    ])
  }

  static var pairLosses: Table {
    joined([
      reduced("F.hinge_embedding_loss(a, signs(a))") { $0.a.hingeEmbeddingLoss(signs($0.a), reduction: $1) },
      reduced("F.margin_ranking_loss(a, b, signs(a))") {
        $0.a.marginRankingLoss($0.b, signs($0.a), reduction: $1)
      },
      reduced("F.triplet_margin_loss(a, b, c)") { $0.a.tripletMarginLoss($0.b, $0.c, reduction: $1) },
      reduced("F.cosine_embedding_loss(a, b, signs(a[:, 0]))") {
        $0.a.cosineEmbeddingLoss($0.b, signs($0.a[0..., 0]), reduction: $1)
      },
      [
        "F.hinge_embedding_loss(a, signs(a), margin=0.3)": {
          $0.a.hingeEmbeddingLoss(signs($0.a), margin: 0.3)
        },
        "F.margin_ranking_loss(a, b, signs(a), margin=0.5)": {
          $0.a.marginRankingLoss($0.b, signs($0.a), margin: 0.5)
        },
        "F.triplet_margin_loss(a, b, c, margin=3.0)": { $0.a.tripletMarginLoss($0.b, $0.c, margin: 3) },
        "F.triplet_margin_loss(a, b, c, p=1.0)": { $0.a.tripletMarginLoss($0.b, $0.c, p: 1) },
        "F.triplet_margin_loss(a, b, c, p=3.0)": { $0.a.tripletMarginLoss($0.b, $0.c, p: 3) },
        "F.triplet_margin_loss(a, b, c, swap=True)": { $0.a.tripletMarginLoss($0.b, $0.c, swaps: true) },
        "F.triplet_margin_loss(a, b, c, margin=5.0, swap=True)": {
          $0.a.tripletMarginLoss($0.b, $0.c, margin: 5, swaps: true)
        },
        "F.cosine_embedding_loss(a, b, signs(a[:, 0]), margin=-0.5)": {
          $0.a.cosineEmbeddingLoss($0.b, signs($0.a[0..., 0]), margin: -0.5)
        },
        "F.cosine_embedding_loss(a, b, signs(a[0]))": { $0.a.cosineEmbeddingLoss($0.b, signs($0.a[0])) },
        "F.cosine_similarity(a, b)": { $0.a.cosineSimilarity($0.b) },
        "F.cosine_similarity(a, b, dim=0)": { $0.a.cosineSimilarity($0.b, axis: 0) },
        "F.cosine_similarity(a, b, dim=-1)": { $0.a.cosineSimilarity($0.b, axis: -1) },
        "F.cosine_similarity(a, b, eps=10.0)": { $0.a.cosineSimilarity($0.b, epsilon: 10) },
        "F.pairwise_distance(a, b).pow(2)": { $0.a.pairwiseDistance($0.b).pow(2) },
        "F.pairwise_distance(a, b, p=1.0)": { $0.a.pairwiseDistance($0.b, p: 1) },
        "F.pairwise_distance(a, b, p=float('inf'))": { $0.a.pairwiseDistance($0.b, p: .infinity) },
        "F.pairwise_distance(a, b, p=3.0, eps=0.01, keepdim=True)": {
          $0.a.pairwiseDistance($0.b, p: 3, epsilon: 0.01, keepDims: true)
        },
        "F.normalize(a)": { $0.a.normalized() },
        "F.normalize(a, p=1.0, dim=0)": { $0.a.normalized(p: 1, axis: 0) },
        "F.normalize(a, p=3.0, dim=-1)": { $0.a.normalized(p: 3, axis: -1) },
        "F.normalize(a, p=float('inf'))": { $0.a.normalized(p: .infinity) },
        "F.normalize(a, eps=10.0)": { $0.a.normalized(epsilon: 10) },
      ],
    ])
  }

  static var temporalClassification: Table {
    func ctc(
      _ x: GoldInputs<Element>, _ steps: [Int], _ labels: [Int], blank: Int = 0, zeroInfinity: Bool = false,
      _ reduction: Reduction = .mean
    ) -> Tensor<Element> {
      x.a.logSoftmax(axis: 2).ctcLoss(
        x.i, inputLengths: Tensor(steps), labelLengths: Tensor(labels), blank: blank,
        zeroInfinity: zeroInfinity,
        reduction: reduction)
    }
    return joined([
      reduced("ctc(a, i, [6, 4], [3, 2])") { ctc($0, [6, 4], [3, 2], $1) },
      reduced("ctc(a, i, [6, 6], [0, 3])") { ctc($0, [6, 6], [0, 3], $1) },
      [
        "ctc(a, i, [6, 4], [3, 2], blank=0, zero_infinity=True)": {
          ctc($0, [6, 4], [3, 2], zeroInfinity: true)
        },
        "ctc(a, i, [6, 4], [3, 2], blank=3)": { ctc($0, [6, 4], [3, 2], blank: 3) },
        "ctc(a, i, [5, 5, 3], [2, 1, 3])": { ctc($0, [5, 5, 3], [2, 1, 3]) },
        "ctc(a, i, [6, 2], [3, 3], zero_infinity=True, reduction='none')": {
          ctc($0, [6, 2], [3, 3], zeroInfinity: true, .none)
        },
      ],
    ])
  }
}
