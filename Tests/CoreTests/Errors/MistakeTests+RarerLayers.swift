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
  ]
}
