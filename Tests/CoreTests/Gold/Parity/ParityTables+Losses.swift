import MartletCore
import TestSupport

// Normalisation, attention and losses.

extension Parity {
  static var normalizing: Table<Tensor<Element>> {
    [
      "nn.functional.batch_norm": {
        $0.x.batchNorm(
          runningMean: $0.floats["mean"], runningVariance: $0.floats["variance"], weight: $0.floats["weight"],
          bias: $0.floats["bias"], isTraining: $0.flag("training"), momentum: $0.number("momentum", or: 0.1),
          epsilon: $0.number("eps", or: 1e-5))
      },
      "nn.functional.group_norm": {
        $0.x.groupNorm(
          groups: $0.int("groups"), weight: $0.floats["weight"], bias: $0.floats["bias"],
          epsilon: $0.number("eps", or: 1e-5))
      },
      "nn.functional.instance_norm": {
        $0.x.instanceNorm(
          runningMean: $0.floats["running_mean"], runningVariance: $0.floats["running_var"],
          weight: $0.floats["weight"], bias: $0.floats["bias"],
          usesInputStatistics: $0.flag("use_input_stats", or: true), momentum: $0.number("momentum", or: 0.1),
          epsilon: $0.number("eps", or: 1e-5))
      },
      "nn.functional.layer_norm": {
        $0.x.layerNorm(
          axes: $0.lastAxes, weight: $0.floats["weight"], bias: $0.floats["bias"],
          epsilon: $0.number("eps", or: 1e-5))
      },
      "nn.functional.local_response_norm": {
        $0.x.localResponseNorm(
          size: $0.int("size"), alpha: $0.number("alpha", or: 1e-4), beta: $0.number("beta", or: 0.75),
          k: $0.number("k", or: 1))
      },
      "nn.functional.normalize": {
        $0.x.normalized(
          p: $0.number("p", or: 2), axis: $0.int("dim", or: 1), epsilon: $0.number("eps", or: 1e-12))
      },
      "nn.functional.rms_norm": {
        $0.x.rmsNorm(
          axes: $0.lastAxes, weight: $0.floats["weight"], epsilon: $0.has("eps") ? $0.number("eps") : nil)
      },
      "nn.functional.scaled_dot_product_attention": {
        $0.x.scaledDotProductAttention(
          key: $0["key"], value: $0["value"],
          mask: $0.kind("attn_mask") == .mask ? $0.mask("attn_mask") : nil,
          bias: $0.floats["attn_mask"], isCausal: $0.flag("is_causal"))
      },
    ]
  }

  static var losses: Table<Tensor<Element>> {
    [
      "nn.functional.binary_cross_entropy": {
        $0.x.binaryCrossEntropy($0.target, weight: $0.floats["weight"], reduction: $0.reduction)
      },
      "nn.functional.binary_cross_entropy_with_logits": {
        $0.x.binaryCrossEntropyWithLogits(
          $0.target, weight: $0.floats["weight"], positiveWeight: $0.floats["pos_weight"],
          reduction: $0.reduction)
      },
      "nn.functional.cross_entropy": { $0.crossEntropy(of: $0.x) },
      "nn.functional.gaussian_nll_loss": {
        $0.x.gaussianNegativeLogLikelihood(
          $0.target, variance: $0["var"], isFull: $0.flag("full"), epsilon: $0.number("eps", or: 1e-6),
          reduction: $0.reduction)
      },
      "nn.functional.huber_loss": {
        $0.x.huberLoss($0.target, delta: $0.number("delta", or: 1), reduction: $0.reduction)
      },
      "nn.functional.kl_div": {
        $0.x.klDivergence($0.target, logTarget: $0.flag("log_target"), reduction: $0.reduction)
      },
      "nn.functional.l1_loss": { $0.x.absoluteError($0.target, reduction: $0.reduction) },
      "nn.functional.linear_cross_entropy": {
        $0.crossEntropy(of: $0.x.linear(weight: $0["linear_weight"], bias: $0.floats["linear_bias"]))
      },
      "nn.functional.mse_loss": { $0.x.squaredError($0.target, reduction: $0.reduction) },
      "nn.functional.multi_margin_loss": {
        $0.x.multiMarginLoss(
          $0.integers("target"), power: $0.int("p", or: 1), margin: $0.number("margin", or: 1),
          weight: $0.floats["weight"], reduction: $0.reduction)
      },
      "nn.functional.multilabel_margin_loss": {
        $0.x.multiLabelMarginLoss($0.integers("target"), reduction: $0.reduction)
      },
      "nn.functional.multilabel_soft_margin_loss": {
        $0.x.multiLabelSoftMarginLoss($0.target, weight: $0.floats["weight"], reduction: $0.reduction)
      },
      "nn.functional.nll_loss": {
        $0.x.negativeLogLikelihood(
          $0.integers("target"), weight: $0.floats["weight"], ignoredIndex: $0.ignoredIndex,
          reduction: $0.reduction)
      },
      "nn.functional.poisson_nll_loss": {
        $0.x.poissonNegativeLogLikelihood(
          $0.target, logInput: $0.flag("log_input", or: true), isFull: $0.flag("full"),
          epsilon: $0.number("eps", or: 1e-8), reduction: $0.reduction)
      },
      "nn.functional.smooth_l1_loss": {
        $0.x.smoothL1Loss($0.target, beta: $0.number("beta", or: 1), reduction: $0.reduction)
      },
      "nn.functional.soft_margin_loss": { $0.x.softMarginLoss($0.target, reduction: $0.reduction) },
    ]
  }

  static var pairLosses: Table<Tensor<Element>> {
    [
      "nn.functional.cosine_embedding_loss": {
        $0.x.cosineEmbeddingLoss($0.y, $0.target, margin: $0.number("margin"), reduction: $0.reduction)
      },
      "nn.functional.cosine_similarity": {
        $0.x.cosineSimilarity($0.y, axis: $0.int("dim", or: 1), epsilon: $0.number("eps", or: 1e-8))
      },
      "nn.functional.hinge_embedding_loss": {
        $0.x.hingeEmbeddingLoss($0.target, margin: $0.number("margin", or: 1), reduction: $0.reduction)
      },
      "nn.functional.margin_ranking_loss": {
        $0.x.marginRankingLoss($0.y, $0.target, margin: $0.number("margin"), reduction: $0.reduction)
      },
      "nn.functional.pairwise_distance": {
        $0.x.pairwiseDistance(
          $0.y, p: $0.number("p", or: 2), epsilon: $0.number("eps", or: 1e-6), keepDims: $0.keeps)
      },
      "nn.functional.triplet_margin_loss": {
        $0.x.tripletMarginLoss(
          $0["positive"], $0["negative"], margin: $0.number("margin", or: 1), p: $0.number("p", or: 2),
          epsilon: $0.number("eps", or: 1e-6), swaps: $0.flag("swap"), reduction: $0.reduction)
      },
      "nn.functional.triplet_margin_with_distance_loss": {
        $0.x.tripletMarginLoss(
          $0["positive"], $0["negative"], margin: $0.number("margin", or: 1), swaps: $0.flag("swap"),
          reduction: $0.reduction
        ) { $0.pairwiseDistance($1) }
      },
    ]
  }
}

extension ParityInputs {
  fileprivate var target: Tensor<Element> { self["target"] }
  fileprivate var ignoredIndex: Int? { has("ignore_index") ? int("ignore_index") : nil }
  fileprivate func crossEntropy(of logits: Tensor<Element>) -> Tensor<Element> {
    let weight = floats["weight"], smoothing = number("label_smoothing")
    return kind("target") == .integer
      ? logits.crossEntropy(
        integers("target"), weight: weight, ignoredIndex: ignoredIndex, labelSmoothing: smoothing,
        reduction: reduction)
      : logits.crossEntropy(target, weight: weight, labelSmoothing: smoothing, reduction: reduction)
  }
  /// The last axes, as many as the normalised shape has.
  fileprivate var lastAxes: [Int] { Array(-ints("shape").count..<0) }
}
