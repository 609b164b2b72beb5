import Martlet

// Mistakes of MistakeTests: grids, fractional pools, and the layers of PyTorch that few models need.

extension MistakeTests {
  static let rarerLayers = [
    Mistake(
      "gridSample",
      "images [1, 1, 4, 4] and a grid [2, 4, 4, 2] do not match; they must be [n, channels, h, w] and [n, h′, w′, 2], or [n, channels, d, h, w] and [n, d′, h′, w′, 3]",
      line: #line + 2
    ) {
      ones([1, 1, 4, 4]).gridSample(ones([2, 4, 4, 2]))
    },
    Mistake(
      "gridSample", "volumes [1, 1, 2, 2, 2] cannot be sampled by cubics; the mode must be another",
      line: #line + 2
    ) {
      ones([1, 1, 2, 2, 2]).gridSample(ones([1, 1, 1, 1, 3]), mode: .cubic)
    },
    Mistake(
      "affineGrid",
      "maps [1, 2, 3] and the size [4, 0] do not match; they must be [n, 2, 3] and [h, w], or [n, 3, 4] and [d, h, w], with extents above 0",
      line: #line + 2
    ) {
      ones([1, 2, 3]).affineGrid(size: [4, 0])
    },
    Mistake(
      "affineGrid",
      "maps [1, 2, 3] and the size [\(Int.max), 2] do not match; they must be [n, 2, 3] and [h, w], or [n, 3, 4] and [d, h, w], with extents above 0",
      line: #line + 2
    ) {
      ones([1, 2, 3]).affineGrid(size: [Int.max, 2])
    },
    Mistake(
      "fractionalMaxPool",
      "[4, 4] windows of [2, 2] do not fit inputs of shape [1, 1, 4, 5]; the shape must be [n, channels, h, w] or [n, channels, d, h, w], and the number of windows plus their size at most the extent plus 1",
      line: #line + 2
    ) {
      ones([1, 1, 4, 5]).fractionalMaxPool(kernelSize: 2, outputSize: 4)
    },
    Mistake(
      "fractionalMaxPoolWithIndices",
      "samples of shape [1, 1, 2] do not fit; they must be [1, 1, 2], in 0...1", line: #line + 2
    ) {
      ones([1, 1, 4, 5]).fractionalMaxPoolWithIndices(
        kernelSize: 2, outputSize: 3, samples: ones([1, 1, 2]) * 2)
    },
    Mistake(
      "FractionalMaxPool2d",
      "the window [2, 2] and the ratio 1.5 must be 2 numbers above 0 each, or a ratio between 0 and 1",
      line: #line + 2
    ) {
      FractionalMaxPool2d(kernelSize: 2, outputRatio: 1.5)
    },
    Mistake(
      "FractionalMaxPool3d",
      "the window [2, 2, 2] and the output [4, 4] must be 3 numbers above 0 each, or a ratio between 0 and 1",
      line: #line + 2
    ) {
      FractionalMaxPool3d(kernelSize: 2, outputSize: [4, 4])
    },
    Mistake("LSTM", "the projection must be in 1..<4, not 4", line: #line + 1) {
      LSTM(inputs: 3, hidden: 4, projection: 4)
    },
    Mistake(
      "LSTM",
      "inputs of shape [5, 2, 3] and a state of shapes [1, 2, 4], [1, 2, 4] do not fit; the shape must be [steps, n, 3] or [steps, 3], and [1, n, 2] for the state and [1, n, 4] for the cell",
      in: "LSTM(inputs: 3, hidden: 4, projection: 2)", line: #line + 4
    ) {
      let lstm = LSTM(inputs: 3, hidden: 4, projection: 2)
      let state = LSTMState<Float>(hidden: ones([1, 2, 4]), cell: ones([1, 2, 4]))
      return lstm(ones([5, 2, 3]), state).output
    },
    Mistake(
      "AdaptiveLogSoftmaxWithLoss",
      "the cutoffs [4, 4] and the divisor 4.0 are not valid; the cutoffs must increase within 1..<10, and the divisor be at least 1",
      line: #line + 2
    ) {
      AdaptiveLogSoftmaxWithLoss(inputs: 8, classes: 10, cutoffs: [4, 4])
    },
    Mistake(
      "AdaptiveLogSoftmaxWithLoss", "label 10 is outside 0 ..< 10",
      in: "AdaptiveLogSoftmaxWithLoss(inputs: 8, classes: 10, cutoffs: [4])",
      line: #line + 2
    ) {
      AdaptiveLogSoftmaxWithLoss(inputs: 8, classes: 10, cutoffs: [4])(ones([1, 8]), Tensor<Int>([10])).loss
    },
    Mistake(
      "AdaptiveLogSoftmaxWithLoss",
      "inputs of shape [2, 8] and labels of shape [3] do not fit; they must be [n, 8] and [n]",
      in: "AdaptiveLogSoftmaxWithLoss(inputs: 8, classes: 10, cutoffs: [4])", line: #line + 2
    ) {
      AdaptiveLogSoftmaxWithLoss(inputs: 8, classes: 10, cutoffs: [4])(ones([2, 8]), Tensor<Int>([1, 2, 3]))
        .loss
    },
    Mistake(
      "AdaptiveLogSoftmaxWithLoss", "inputs of shape [8] do not fit; they must be [n, 8]", line: #line + 2
    ) {
      AdaptiveLogSoftmaxWithLoss(inputs: 8, classes: 10, cutoffs: [4]).predictions(ones([8]))
    },
    Mistake(
      "Lazy", "inputs of shape [3] have no axis 1, whose extent is the number of inputs", in: "Lazy()",
      line: #line + 2
    ) {
      Lazy { Linear($0, 2) }(ones([3]))
    },
    Mistake(
      "parameters", "the layer is made at its first call; call the model with an input before",
      line: #line + 2
    ) {
      Lazy { Linear($0, 2) }.parameters
    },
    Mistake(
      "parameters", "0 is made at its first call; call the model with an input before", line: #line + 2
    ) {
      Sequential { Lazy { Linear($0, 2) } }.namedParameters
    },
  ]
}
