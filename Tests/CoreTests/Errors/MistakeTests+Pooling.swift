import Martlet

// Mistakes of MistakeTests: invalid pools, and images that do not match them.

extension MistakeTests {
  static let pooling = [
    Mistake(
      "MaxPool2d",
      "a window of [0, 0], stride [0, 0], padding [0, 0], dilation [1, 1]; 2 numbers above 0 each, and a padding of half a window at most",
      line: #line + 2
    ) {
      MaxPool2d(kernelSize: 0)(ones([1, 1, 4, 4]))
    },
    Mistake(
      "MaxPool2d", "inputs of shape [4, 4]; [n, channels] and 2 axes, or one image, are expected",
      in: "MaxPool2d(kernelSize: [2, 2])", line: #line + 2
    ) {
      MaxPool2d(kernelSize: 2)(ones([4]).broadcast(to: [4, 4]))
    },
    Mistake(
      "maxPool", "inputs of shape [4, 4]; [n, channels, …] of 1 to 3 axes is expected", line: #line + 2
    ) {
      ones([4, 4]).maxPool(kernelSize: 2)
    },
    Mistake(
      "AvgPool1d",
      "a window of [5] for images of [4], padding [0], dilation [1]; it has to fit in the padded image",
      in: "AvgPool1d(kernelSize: [5])", line: #line + 2
    ) {
      AvgPool1d(kernelSize: 5)(ones([1, 1, 4]))
    },
    Mistake(
      "AvgPool2d", "divisor 0; another number is expected", in: "AvgPool2d(kernelSize: [2, 2])",
      line: #line + 2
    ) {
      AvgPool2d(kernelSize: 2, divisor: 0)(ones([1, 1, 4, 4]))
    },
    Mistake("AdaptiveAvgPool2d", "[2] windows; 2 numbers above 0", line: #line + 1) {
      AdaptiveAvgPool2d([2])
    },
    Mistake(
      "adaptiveMaxPool",
      "[2, 2] windows of inputs of shape [1, 1, 0, 3]; sizes above 0 and [n, channels, …] of as many axes, 1 to 3",
      in: "AdaptiveMaxPool2d([2, 2])", line: #line + 2
    ) {
      AdaptiveMaxPool2d(2)(ones([1, 1, 0, 3]))
    },
    Mistake(
      "unfolded",
      "inputs of shape [1, 1, 2, 4] in windows of kernelSize: [3, 3]; [n, channels, …] of 1 to 3 axes in which a window fits are expected",
      line: #line + 2
    ) {
      ones([1, 1, 2, 4]).unfolded(kernelSize: 3)
    },
    Mistake(
      "folded",
      "columns of shape [1, 4, 8] to images of [4, 4], windows of kernelSize: [2, 2]; [n, channels · taps, windows] of 1 to 3 axes is expected",
      line: #line + 2
    ) {
      ones([1, 4, 8]).folded(to: [4, 4], kernelSize: 2)
    },
    Mistake("Unfold", "windows of [2, 2, 2]; 2 numbers above 0", line: #line + 1) {
      Unfold(kernelSize: [2, 2, 2])(ones([1, 1, 4, 4]))
    },
    Mistake(
      "Unfold",
      "inputs of shape [1, 1] in windows of kernelSize: [2, 2]; [n, channels, …] of 1 to 3 axes in which a window fits are expected",
      in: "Unfold(kernelSize: [2, 2])", line: #line + 2
    ) {
      Unfold(kernelSize: 2)(ones([1, 1]))
    },
    Mistake("Fold", "images of [0, 4]; 2 numbers above 0", line: #line + 1) {
      Fold(outputSize: [0, 4], kernelSize: 2)(ones([1, 4, 9]))
    },
    Mistake(
      "Fold",
      "columns of shape [1, 4, 8] to images of [4, 4], windows of kernelSize: [2, 2]; [n, channels · taps, windows] of 1 to 3 axes is expected",
      in: "Fold(outputSize: [4, 4], kernelSize: [2, 2])", line: #line + 2
    ) {
      Fold(outputSize: 4, kernelSize: 2)(ones([1, 4, 8]))
    },
  ]
}
