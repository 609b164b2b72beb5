import MartletCore
import TestSupport

// Reductions, scans, sorting and searching.

extension Parity {
  static var reductions: Table<Tensor<Element>> {
    [
      "amax": { $0.has("dim") ? $0.x.max(axes: $0.axes, keepDims: $0.keeps) : $0.x.max() },
      "amin": { $0.has("dim") ? $0.x.min(axes: $0.axes, keepDims: $0.keeps) : $0.x.min() },
      "logsumexp": { $0.x.logSumExp(axes: $0.axes, keepDims: $0.keeps) },
      "max.reduction_no_dim": { $0.x.max() },
      "mean": { $0.has("dim") ? $0.x.mean(axes: $0.axes, keepDims: $0.keeps) : $0.x.mean() },
      "min.reduction_no_dim": { $0.x.min() },
      "nanmean": { $0.has("dim") ? $0.x.nanMean(axes: $0.axes, keepDims: $0.keeps) : $0.x.nanMean() },
      "nanquantile": { one in
        one.has("q")
          ? one.x.nanQuantile(
            Double(one.number("q")), axis: one.optionalAxis, keepDims: one.keeps,
            interpolation: one.interpolation)
          : one.x.nanQuantile(
            Tensor<Double>(one["q"]), axis: one.optionalAxis, keepDims: one.keeps,
            interpolation: one.interpolation)
      },
      "nansum": { $0.has("dim") ? $0.x.nanSum(axes: $0.axes, keepDims: $0.keeps) : $0.x.nanSum() },
      "prod": { $0.has("dim") ? $0.x.product(axes: $0.axes, keepDims: $0.keeps) : $0.x.product() },
      "quantile": { one in
        one.has("q")
          ? one.x.quantile(
            Double(one.number("q")), axis: one.optionalAxis, keepDims: one.keeps,
            interpolation: one.interpolation)
          : one.x.quantile(
            Tensor<Double>(one["q"]), axis: one.optionalAxis, keepDims: one.keeps,
            interpolation: one.interpolation)
      },
      "std": { $0.x.standardDeviation(axes: $0.axes, correction: $0.correction, keepDims: $0.keeps) },
      "std.unbiased": { $0.x.standardDeviation(correction: $0.correction) },
      "sum": { $0.has("dim") ? $0.x.sum(axes: $0.axes, keepDims: $0.keeps) : $0.x.sum() },
      "var": { $0.x.variance(axes: $0.axes, correction: $0.correction, keepDims: $0.keeps) },
      "var.unbiased": { $0.x.variance(correction: $0.correction) },
    ]
  }

  static var scans: Table<Tensor<Element>> {
    [
      "cumprod": { $0.x.cumulativeProduct(axis: $0.axis) },
      "cumsum": { $0.x.cumulativeSum(axis: $0.axis) },
      "cumulative_trapezoid": {
        $0.kind("x") == nil
          ? $0.x.cumulativeTrapezoid(spacing: $0.number("dx", or: 1), axis: $0.int("dim", or: -1))
          : $0.x.cumulativeTrapezoid(at: $0["x"], axis: $0.int("dim", or: -1))
      },
      "diff": { $0.x.diff(order: $0.int("n", or: 1), axis: $0.int("dim", or: -1)) },
      "gradient": {
        $0.x.numericalGradient(
          spacing: $0.number("spacing", or: 1), axis: $0.int("dim", or: -1),
          edgeOrder: $0.int("edge_order", or: 1))
      },
      "log_softmax": { $0.x.logSoftmax(axis: $0.axis) },
      "logcumsumexp": { $0.x.cumulativeLogSumExp(axis: $0.axis) },
      "msort": { $0.x.sorted(axis: 0).values },
      "softmax": { $0.x.softmax(axis: $0.axis) },
      "trapezoid": {
        $0.kind("x") == nil
          ? $0.x.trapezoid(spacing: $0.number("dx", or: 1), axis: $0.int("dim", or: -1))
          : $0.x.trapezoid(at: $0["x"], axis: $0.int("dim", or: -1))
      },
    ]
  }

  static var places: Table<Tensor<Int>> {
    [
      "argmax": { $0.has("dim") ? $0.x.argmax(axis: $0.axis, keepDims: $0.keeps) : $0.x.argmax() },
      "argmin": { $0.has("dim") ? $0.x.argmin(axis: $0.axis, keepDims: $0.keeps) : $0.x.argmin() },
      "argsort": { $0.x.argsort(axis: $0.int("dim", or: -1), descending: $0.flag("descending")) },
      "argwhere": { $0.x.nonzero() },
      "bucketize": { $0.x.bucketized($0["boundaries"], right: $0.flag("right")) },
      "count_nonzero": { $0.has("dim") ? $0.x.countNonzero(axes: $0.axes) : $0.x.countNonzero() },
      "nn.functional.one_hot": { $0.integers("input").oneHot(classes: $0.int("num_classes")) },
      "nonzero": { $0.x.nonzero() },
      "searchsorted": {
        $0.x.searchSorted(
          $0["values"], side: $0.flag("right") || $0.text("side") == "right" ? .right : .left)
      },
      "tril_indices": { .trilIndices($0.int("input"), $0.int("columns"), diagonal: $0.int("offset")) },
      "triu_indices": { .triuIndices($0.int("input"), $0.int("columns"), diagonal: $0.int("offset")) },
    ]
  }

  /// Values and their indices, or other results of several types.
  static var chosen: Table<ParityOutputs<Element>> {
    [
      "aminmax": {
        let (min, max) = $0.has("dim") ? $0.x.minMax(axes: $0.axes, keepDims: $0.keeps) : $0.x.minMax()
        return ParityOutputs(values: [min, max])
      },
      "bincount": {
        let words = $0.integers("input"), length = $0.int("minlength")
        if $0.kind("weights") == nil {
          return ParityOutputs(integers: [words.bincount(minLength: length)])
        }
        let weights = Tensor<Element>($0.integers("weights"))
        return ParityOutputs(values: [words.bincount(weights: weights, minLength: length)])
      },
      "cummax": { .init($0.x.cumulativeMax(axis: $0.axis)) },
      "cummin": { .init($0.x.cumulativeMin(axis: $0.axis)) },
      "frexp": {
        let (mantissa, exponent) = $0.x.frexp()
        return ParityOutputs(values: [mantissa], integers: [exponent])
      },
      "kthvalue": { .init($0.x.kthValue($0.int("k"), axis: $0.int("dim", or: -1), keepDims: $0.keeps)) },
      "max.reduction_with_dim": { .init($0.x.maxWithIndices(axis: $0.axis, keepDims: $0.keeps)) },
      "median": {
        if !$0.has("dim") { return ParityOutputs(values: [$0.x.median()]) }
        return .init($0.x.median(axis: $0.axis, keepDims: $0.keeps))
      },
      "min.reduction_with_dim": { .init($0.x.minWithIndices(axis: $0.axis, keepDims: $0.keeps)) },
      "mode": { .init($0.x.mode(axis: $0.int("dim", or: -1), keepDims: $0.keeps)) },
      "nanmedian": {
        if !$0.has("dim") { return ParityOutputs(values: [$0.x.nanMedian()]) }
        return .init($0.x.nanMedian(axis: $0.axis, keepDims: $0.keeps))
      },
      "sort": { .init($0.x.sorted(axis: $0.int("dim", or: -1), descending: $0.flag("descending"))) },
      "std_mean": {
        ParityOutputs(values: [
          $0.x.standardDeviation(axes: $0.axes, correction: $0.correction, keepDims: $0.keeps),
          $0.x.mean(axes: $0.axes, keepDims: $0.keeps),
        ])
      },
      "std_mean.unbiased": {
        ParityOutputs(values: [$0.x.standardDeviation(correction: $0.correction), $0.x.mean()])
      },
      "topk": {
        .init(
          $0.x.topK($0.int("k"), axis: $0.int("dim", or: -1), largest: $0.flag("largest", or: true)))
      },
      "unique": { one in
        one.parts(of: one.has("dim") ? one.x.unique(axis: one.axis) : one.x.unique())
      },
      "unique_consecutive": { one in
        one.parts(of: one.has("dim") ? one.x.uniqueConsecutive(axis: one.axis) : one.x.uniqueConsecutive())
      },
      "unravel_index": { ParityOutputs(integers: $0.integers("input").unraveled(in: $0.ints("shape"))) },
      "var_mean": {
        ParityOutputs(values: [
          $0.x.variance(axes: $0.axes, correction: $0.correction, keepDims: $0.keeps),
          $0.x.mean(axes: $0.axes, keepDims: $0.keeps),
        ])
      },
      "var_mean.unbiased": {
        ParityOutputs(values: [$0.x.variance(correction: $0.correction), $0.x.mean()])
      },
    ]
  }
}

extension ParityOutputs {
  fileprivate init(_ chosen: (values: Tensor<Element>, indices: Tensor<Int>)) {
    self.init(values: [chosen.values], integers: [chosen.indices])
  }
}

extension ParityInputs {
  fileprivate var optionalAxis: Int? { has("dim") ? axis : nil }
  var correction: Element {
    has("unbiased") ? (flag("unbiased") ? 1 : 0) : number("correction", or: 1)
  }
  fileprivate var interpolation: QuantileInterpolation {
    switch text("interpolation") {
    case "lower": .lower
    case "higher": .higher
    case "nearest": .nearest
    case "midpoint": .midpoint
    default: .linear
    }
  }

  /// The parts of unique elements that the sample asks for.
  fileprivate func parts(of unique: Tensor<Element>.Unique) -> ParityOutputs<Element> {
    let integers =
      (flag("return_inverse") ? [unique.inverse] : []) + (flag("return_counts") ? [unique.counts] : [])
    return ParityOutputs(values: [unique.values], integers: integers)
  }
}
