import Martlet

// Mistakes of MistakeTests: modules that are copied, and functions that name themselves and not the function that
// they call.

extension MistakeTests {
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
