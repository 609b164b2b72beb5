import Martlet
import TestSupport

// Mistakes of MistakeTests. Each closure stands on the line after its message.

extension MistakeTests {
  /// Axes of reductions and scans.
  static let reductions = [
    Mistake("product", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).product(axis: 2)
    },
    Mistake("product", "axis 1 is out of range for shape [2]; an axis is in -1...0", line: #line + 1) {
      Tensor<Int>([1, 2]).product(axis: 1)
    },
    Mistake("logSumExp", "axis 0 is named twice in [0, 0]", line: #line + 1) {
      ones([2, 3]).logSumExp(axes: [0, 0])
    },
    Mistake(
      "standardDeviation", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 2
    ) {
      ones([2, 3]).standardDeviation(axis: 2)
    },
    Mistake("cumulativeSum", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 2)
    {
      ones([2, 3]).cumulativeSum(axis: 2)
    },
    Mistake("cumulativeProduct", "axis 1 is out of range for shape []; a scalar has no axes", line: #line + 2)
    {
      ones([]).cumulativeProduct(axis: 1)
    },
    Mistake(
      "cumulativeLogSumExp", "axis -3 is out of range for shape [2, 3]; an axis is in -2...1",
      line: #line + 2
    ) {
      ones([2, 3]).cumulativeLogSumExp(axis: -3)
    },
    Mistake("cumulativeMax", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 2)
    {
      ones([2, 3]).cumulativeMax(axis: 2).values
    },
    Mistake("cumulativeMin", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 2)
    {
      ones([2, 3]).cumulativeMin(axis: 2).indices
    },
    Mistake(
      "maxWithIndices", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 2
    ) {
      ones([2, 3]).maxWithIndices(axis: 2).values
    },
    Mistake("minWithIndices", "axis 1 of shape [2, 0] has no elements", line: #line + 1) {
      ones([2, 0]).minWithIndices(axis: 1).indices
    },
    Mistake("minMax", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).minMax(axes: [2]).max
    },
    Mistake("minMax", "shape [0] has no elements", line: #line + 1) {
      ones([0]).minMax().min
    },
    Mistake("any", "axis 2 is out of range for shape [2]; an axis is in -1...0", line: #line + 1) {
      Tensor<Bool>([true, false]).any(axis: 2)
    },
    Mistake("all", "axis 2 is out of range for shape [2]; an axis is in -1...0", line: #line + 1) {
      Tensor<Bool>([true, false]).all(axis: 2)
    },
    Mistake("countNonzero", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 2)
    {
      ones([2, 3]).countNonzero(axis: 2)
    },
    Mistake("nanSum", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).nanSum(axis: 2)
    },
    Mistake("nanMean", "axis 1 is named twice in [1, 1]", line: #line + 1) {
      ones([2, 3]).nanMean(axes: [1, 1])
    },
    Mistake("nanMax", "shape [2, 0] has no elements", line: #line + 1) {
      ones([2, 0]).nanMax(axes: [1])
    },
    Mistake("nanMin", "axis 2 is out of range for shape [2, 3]; an axis is in -2...1", line: #line + 1) {
      ones([2, 3]).nanMin(axes: [2])
    },
  ]
}
