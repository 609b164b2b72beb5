import Martlet

// Mistakes of MistakeTests: invalid pools, and images that do not match them.

extension MistakeTests {
  static let pooling = [
    Mistake(
      "MaxPool2d",
      "the window [0, 0], the stride [0, 0] and the dilation [1, 1] must be 2 numbers above 0 each; the padding [0, 0] must be 0 to half the window",
      line: #line + 2
    ) {
      MaxPool2d(kernelSize: 0)(ones([1, 1, 4, 4]))
    },
    Mistake(
      "MaxPool2d",
      "inputs of shape [4, 4] do not fit; the shape must be [n, channels] and 2 axes, or one image",
      in: "MaxPool2d(kernelSize: [2, 2])", line: #line + 2
    ) {
      MaxPool2d(kernelSize: 2)(ones([4]).broadcast(to: [4, 4]))
    },
    Mistake(
      "maxPool",
      "inputs of shape [4, 4] do not fit; the shape must be [n, channels, …] with 1 to 3 further axes",
      line: #line + 2
    ) {
      ones([4, 4]).maxPool(kernelSize: 2)
    },
    Mistake(
      "AvgPool1d",
      "a window of [5] with dilation [1] does not fit in images of [4] with padding [0]",
      in: "AvgPool1d(kernelSize: [5])", line: #line + 2
    ) {
      AvgPool1d(kernelSize: 5)(ones([1, 1, 4]))
    },
    Mistake(
      "AvgPool2d", "the divisor must not be 0", line: #line + 2
    ) {
      AvgPool2d(kernelSize: 2, divisor: 0)
    },
    Mistake("AdaptiveAvgPool2d", "the output size must be 2 numbers above 0, not [2]", line: #line + 1) {
      AdaptiveAvgPool2d([2])
    },
    Mistake(
      "adaptiveMaxPool",
      "inputs of shape [1, 1, 0, 3] do not fit [2, 2] windows; sizes must be above 0, one for each of the 1 to 3 axes after [n, channels]",
      in: "AdaptiveMaxPool2d([2, 2])", line: #line + 2
    ) {
      AdaptiveMaxPool2d(2)(ones([1, 1, 0, 3]))
    },
    Mistake(
      "unfolded",
      "inputs of shape [1, 1, 2, 4] do not fit windows of kernelSize: [3, 3]; the shape must be [n, channels, …] with 1 to 3 axes in which a window fits",
      line: #line + 2
    ) {
      ones([1, 1, 2, 4]).unfolded(kernelSize: 3)
    },
    Mistake(
      "folded",
      "columns of shape [1, 4, 8] do not fold to images of [4, 4], windows of kernelSize: [2, 2]; the shape must be [n, channels · taps, windows], for 1 to 3 axes",
      line: #line + 2
    ) {
      ones([1, 4, 8]).folded(to: [4, 4], kernelSize: 2)
    },
    Mistake("Unfold", "the window must be 2 numbers above 0, not [2, 2, 2]", line: #line + 1) {
      Unfold(kernelSize: [2, 2, 2])(ones([1, 1, 4, 4]))
    },
    Mistake(
      "Unfold",
      "inputs of shape [1, 1] do not fit windows of kernelSize: [2, 2]; the shape must be [n, channels, …] with 1 to 3 axes in which a window fits",
      in: "Unfold(kernelSize: [2, 2])", line: #line + 2
    ) {
      Unfold(kernelSize: 2)(ones([1, 1]))
    },
    Mistake("Fold", "the output size must be 2 numbers above 0, not [0, 4]", line: #line + 1) {
      Fold(outputSize: [0, 4], kernelSize: 2)(ones([1, 4, 9]))
    },
    Mistake(
      "Fold",
      "columns of shape [1, 4, 8] do not fold to images of [4, 4], windows of kernelSize: [2, 2]; the shape must be [n, channels · taps, windows], for 1 to 3 axes",
      in: "Fold(outputSize: [4, 4], kernelSize: [2, 2])", line: #line + 2
    ) {
      Fold(outputSize: 4, kernelSize: 2)(ones([1, 4, 8]))
    },
  ]
}
