import Martlet
import TestSupport

// Mistakes of MistakeTests. Each closure stands on the line after its message.

extension MistakeTests {
  /// Sorts, selections, quantiles, searches and counts.
  static let sorting = [
    Mistake("sorted", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).sorted(axis: 2).values
    },
    Mistake("argsort", "axis 1 is out of range for shape [2]; an axis is in -1...0", line: #line + 1) {
      ones([2]).argsort(axis: 1)
    },
    Mistake(
      "sorted", "axis 0 of shape [4294967296] is too long; it must have fewer than 2³² elements",
      line: #line + 2
    ) {
      ones([1]).broadcast(to: [1 << 32]).sorted(axis: 0).indices
    },
    Mistake("topK", "k must be in 0...3, the extent of axis 1 of shape [2, 3], not 4", line: #line + 1) {
      ones([2, 3]).topK(4, axis: 1).values
    },
    Mistake("topK", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).topK(1, axis: 2).values
    },
    Mistake("kthValue", "k must be in 1...3, the extent of axis -1 of shape [2, 3], not 0", line: #line + 1) {
      ones([2, 3]).kthValue(0).values
    },
    Mistake("kthValue", "axis 0 of shape [0] has no elements", line: #line + 1) {
      ones([0]).kthValue(1, axis: 0).values
    },
    Mistake("mode", "axis 1 of shape [2, 0] has no elements", line: #line + 1) {
      ones([2, 0]).mode(axis: 1).values
    },
    Mistake("median", "axis 1 of shape [2, 0] has no elements", line: #line + 1) {
      ones([2, 0]).median(axis: 1).values
    },
    Mistake("median", "shape [0] has no elements", line: #line + 1) {
      ones([0]).median()
    },
    Mistake("nanMedian", "axis 2 is out of range for shape [2]; an axis is in -1...0", line: #line + 1) {
      ones([2]).nanMedian(axis: 2).indices
    },
    Mistake("quantile", "q must be in 0...1, not 1.5", line: #line + 1) {
      ones([2]).quantile(1.5)
    },
    Mistake(
      "quantile",
      "q of shape [1, 1] does not fit quantiles of shape []; q must be a scalar or a vector, and the result can have 8 axes",
      line: #line + 2
    ) {
      ones([2]).quantile(Tensor<Double>([[0.5]]))
    },
    Mistake("nanQuantile", "axis 0 of shape [0] has no elements", line: #line + 1) {
      ones([0]).nanQuantile(0.5, axis: 0)
    },
    Mistake("quantile", "axis 3 is out of range for shape [2]; an axis is in -1...0", line: #line + 1) {
      ones([2]).quantile(0.5, axis: 3)
    },
    Mistake("unique", "axis 1 is out of range for shape [2]; an axis is in -1...0", line: #line + 1) {
      ones([2]).unique(axis: 1).values
    },
    Mistake(
      "uniqueConsecutive", "axis 1 is out of range for shape [2]; an axis is in -1...0", line: #line + 2
    ) {
      ones([2]).uniqueConsecutive(axis: 1).counts
    },
    Mistake(
      "searchSorted",
      "rows of shape [2, 3] do not fit values of shape [3]; they must be a vector, or equal but for the last axis",
      line: #line + 2
    ) {
      ones([2, 3]).searchSorted(ones([3]))
    },
    Mistake("bucketized", "boundaries of shape [1, 2] must be a vector", line: #line + 1) {
      ones([2]).bucketized(ones([1, 2]))
    },
    Mistake("bincount", "-1 is below 0", line: #line + 1) {
      Tensor<Int>([2, -1]).bincount()
    },
    Mistake("bincount", "minLength must be at least 0, not -2", line: #line + 1) {
      Tensor<Int>([2]).bincount(minLength: -2)
    },
    Mistake(
      "bincount", "weights of shape [3] do not fit numbers of shape [1]; the shapes must be equal",
      line: #line + 2
    ) {
      Tensor<Int>([2]).bincount(weights: ones([3]))
    },
    Mistake(
      "histogram",
      "0 bins between 0.0 and 1.0 are impossible; there must be at least 1, and the range must be finite",
      line: #line + 2
    ) {
      ones([2]).histogram(bins: 0, in: 0...1).counts
    },
    Mistake(
      "histogram",
      "2 bins between nan and nan are impossible; there must be at least 1, and the range must be finite",
      line: #line + 2
    ) {
      Tensor<Float>([1, .nan]).histogram(bins: 2).edges
    },
    Mistake("histogram", "3 bins between 1.0 and 1.0000001 are too narrow for Float", line: #line + 1) {
      Tensor<Float>([1, Float(1).nextUp]).histogram(bins: 3).counts
    },
    Mistake(
      "histogram", "weights of shape [3] do not fit elements of shape [2]; the shapes must be equal",
      line: #line + 2
    ) {
      ones([2]).histogram(bins: 2, in: 0...1, weights: ones([3]), density: false).values
    },
  ]
}
