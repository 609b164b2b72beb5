import Martlet

// Mistakes of MistakeTests: padding, resampling and small layers.

extension MistakeTests {
  static let resampling = [
    Mistake(
      "upsampled",
      "shape [2, 3] to [4]; [n, channels, …] and a size for each further axis, at least 1, are expected",
      line: #line + 2
    ) {
      ones([2, 3]).upsampled(to: [4])
    },
    Mistake(
      "upsampled",
      "shape [1, 1, 3] by 0.25; [n, channels, …] and a factor that leaves an element of each further axis are expected",
      line: #line + 2
    ) {
      ones([1, 1, 3]).upsampled(by: 0.25)
    },
    Mistake("pixelShuffled", "shape [6, 2, 2] by 2; […, c · 2 · 2, h, w] is expected", line: #line + 1) {
      ones([6, 2, 2]).pixelShuffled(2)
    },
    Mistake("pixelUnshuffled", "shape [1, 2, 3] by 2; […, c, h · 2, w · 2] is expected", line: #line + 1) {
      ones([1, 2, 3]).pixelUnshuffled(2)
    },
    Mistake(
      "padded", "shape [3] by [[1, 1], [0, -1]]; at most 1 pairs that leave a valid shape", line: #line + 2
    ) {
      ones([3]).padded([(1, 1), (0, -1)])
    },
    Mistake("padded", "shape [3] by [[-4, 9]]; at most 1 pairs that leave a valid shape", line: #line + 1) {
      ones([3]).padded([(-4, 9)])
    },
    Mistake(
      "padded", "shape [3] by [[9223372036854775807, 0]]; at most 1 pairs that leave a valid shape",
      line: #line + 2
    ) {
      ones([3]).padded([(Int.max, 0)])
    },
    Mistake(
      "padded",
      "shape [3] by [[-9223372036854775808, -9223372036854775808]]; at most 1 pairs that leave a valid shape",
      line: #line + 2
    ) {
      ones([3]).padded([(Int.min, Int.min)], mode: .circular)
    },
    Mistake("padded", "axis 1 of shape [2, 3] by [3, 0] in mode reflect; at most 2", line: #line + 1) {
      ones([2, 3]).padded([(3, 0)], mode: .reflect)
    },
  ]

  /// Layers that are created or called with arguments that do not match.
  static let smallLayers = [
    Mistake("Upsample", "scale 0.0; above 0", line: #line + 1) {
      Upsample(scale: 0)
    },
    Mistake("Upsample", "size [2, 0]; at least one extent, none below 1", line: #line + 1) {
      Upsample(size: 2, 0)
    },
    Mistake("PixelShuffle", "factor 0; at least 1", line: #line + 1) {
      PixelShuffle(0)
    },
    Mistake("PixelUnshuffle", "factor -1; at least 1", line: #line + 1) {
      PixelUnshuffle(-1)
    },
    Mistake("ReflectionPad", "amounts [[1, 2], [0, -1]]; none below 0", line: #line + 1) {
      ReflectionPad((1, 2), (0, -1))
    },
    Mistake(
      "Flatten", "inputs of shape [3]; axes of the shape, in their order, are expected",
      in: "Flatten(startAxis: 1, endAxis: -1)", line: #line + 2
    ) {
      Flatten()(ones([3]))
    },
    Mistake("Unflatten", "sizes []; at least one, none below 0", line: #line + 1) {
      Unflatten(axis: 1)
    },
    Mistake(
      "Unflatten", "inputs of shape [2, 5]; 6 elements along the axis are expected",
      in: "Unflatten(axis: 1, 2, 3)",
      line: #line + 2
    ) {
      Unflatten(axis: 1, 2, 3)(ones([2, 5]))
    },
    Mistake("Reshape", "extents [-1, -1]; none below 0, but one that may be -1", line: #line + 1) {
      Reshape(-1, -1)
    },
    Mistake(
      "Reshape", "inputs of shape [4, 3]; samples that [2, -1] holds are expected", in: "Reshape(2, -1)",
      line: #line + 2
    ) {
      Reshape(2, -1)(ones([4, 3]))
    },
    Mistake(
      "Residual",
      "a block's output of shape [4, 2] and a shortcut's of [4, 3]; equal shapes are expected",
      in: "Residual()", line: #line + 2
    ) {
      Residual { Linear(3, 2) }(ones([4, 3]))
    },
    Mistake(
      "Bilinear", "inputs of shapes [2, 3] and [3, 4]; […, 3] and […, 4] are expected",
      in: "Bilinear(3, 4, 5, bias: true)",
      line: #line + 2
    ) {
      Bilinear(3, 4, 5)(ones([2, 3]), ones([3, 4]))
    },
    Mistake("Embedding", "padding index 5 of 5 vectors", line: #line + 1) {
      Embedding(5, 3, paddingIndex: 5)
    },
    Mistake("Embedding", "maximal norm 0.0 of type 2.0; above 0", line: #line + 1) {
      Embedding(5, 3, maxNorm: 0)
    },
    Mistake("Dropout2d", "probability 1.5; in 0...1", line: #line + 1) {
      Dropout2d(1.5)
    },
    Mistake(
      "Dropout2d", "inputs of shape [2, 3, 4]; [n, channels] and 2 axes are expected",
      in: "Dropout2d(0.5)", line: #line + 2
    ) {
      Dropout2d(0.5)(ones([2, 3, 4]) * 2)
    },
    Mistake("AlphaDropout", "probability nan; in 0...1", line: #line + 1) {
      AlphaDropout(.nan)
    },
    Mistake(
      "FeatureAlphaDropout", "inputs of shape [3]; [n, channels, …] is expected",
      in: "FeatureAlphaDropout(0.5)", line: #line + 2
    ) {
      FeatureAlphaDropout(0.5)(-ones([3]))
    },
  ]
}
