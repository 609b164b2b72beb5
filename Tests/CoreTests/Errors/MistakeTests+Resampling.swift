import Martlet

// Mistakes of MistakeTests: padding, resampling and small layers.

extension MistakeTests {
  static let resampling = [
    Mistake(
      "upsampled",
      "shape [2, 3] cannot be resampled to [4]; it must be [n, channels, …], and the size at least 1 for each further axis",
      line: #line + 2
    ) {
      ones([2, 3]).upsampled(to: [4])
    },
    Mistake(
      "upsampled",
      "shape [1, 1, 3] cannot be resampled by 0.25; it must be [n, channels, …], and the factor must leave an element of each further axis",
      line: #line + 2
    ) {
      ones([1, 1, 3]).upsampled(by: 0.25)
    },
    Mistake(
      "pixelShuffled", "shape [6, 2, 2] cannot be shuffled by 2; it must be […, c · 2 · 2, h, w]",
      line: #line + 2
    ) {
      ones([6, 2, 2]).pixelShuffled(2)
    },
    Mistake(
      "pixelUnshuffled", "shape [1, 2, 3] cannot be unshuffled by 2; it must be […, c, h · 2, w · 2]",
      line: #line + 2
    ) {
      ones([1, 2, 3]).pixelUnshuffled(2)
    },
    Mistake(
      "padded",
      "shape [3] cannot be padded by [[1, 1], [0, -1]]; there must be at most 1 pairs that leave a valid shape",
      line: #line + 2
    ) {
      ones([3]).padded([(1, 1), (0, -1)])
    },
    Mistake(
      "padded",
      "shape [3] cannot be padded by [[-4, 9]]; there must be at most 1 pairs that leave a valid shape",
      line: #line + 2
    ) {
      ones([3]).padded([(-4, 9)])
    },
    Mistake(
      "padded",
      "shape [3] cannot be padded by [[9223372036854775807, 0]]; there must be at most 1 pairs that leave a valid shape",
      line: #line + 2
    ) {
      ones([3]).padded([(Int.max, 0)])
    },
    Mistake(
      "padded",
      "shape [3] cannot be padded by [[-9223372036854775808, -9223372036854775808]]; there must be at most 1 pairs that leave a valid shape",
      line: #line + 2
    ) {
      ones([3]).padded([(Int.min, Int.min)], mode: .circular)
    },
    Mistake(
      "padded", "axis 1 of shape [2, 3] cannot be padded by [3, 0] in mode reflect; the limit is 2",
      line: #line + 2
    ) {
      ones([2, 3]).padded([(3, 0)], mode: .reflect)
    },
  ]

  /// Layers that are created or called with arguments that do not match.
  static let smallLayers = [
    Mistake("Upsample", "the scale must be above 0, not 0.0", line: #line + 1) {
      Upsample(scale: 0)
    },
    Mistake("Upsample", "the size must be one or more extents of at least 1, not [2, 0]", line: #line + 1) {
      Upsample(size: 2, 0)
    },
    Mistake("PixelShuffle", "the factor must be at least 1, not 0", line: #line + 1) {
      PixelShuffle(0)
    },
    Mistake("PixelUnshuffle", "the factor must be at least 1, not -1", line: #line + 1) {
      PixelUnshuffle(-1)
    },
    Mistake("ReflectionPad", "the amounts must be at least 0, not [[1, 2], [0, -1]]", line: #line + 1) {
      ReflectionPad((1, 2), (0, -1))
    },
    Mistake(
      "Flatten",
      "inputs of shape [3] do not fit; the shape must have the start axis and, at or after it, the end axis",
      in: "Flatten(startAxis: 1, endAxis: -1)", line: #line + 2
    ) {
      Flatten()(ones([3]))
    },
    Mistake("Unflatten", "the sizes must be one or more numbers of at least 0, not []", line: #line + 1) {
      Unflatten(axis: 1)
    },
    Mistake(
      "Unflatten", "inputs of shape [2, 5] do not fit; the axis must have 6 elements",
      in: "Unflatten(axis: 1, 2, 3)",
      line: #line + 2
    ) {
      Unflatten(axis: 1, 2, 3)(ones([2, 5]))
    },
    Mistake(
      "Reshape", "the extents must be at least 0, except one that may be -1, not [-1, -1]", line: #line + 2
    ) {
      Reshape(-1, -1)
    },
    Mistake(
      "Reshape", "inputs of shape [4, 3] do not fit; each sample must fit the shape [2, -1]",
      in: "Reshape(2, -1)",
      line: #line + 2
    ) {
      Reshape(2, -1)(ones([4, 3]))
    },
    Mistake(
      "Residual",
      "the block's output of shape [4, 2] does not fit the shortcut's of shape [4, 3]; the shapes must be equal",
      in: "Residual()", line: #line + 2
    ) {
      Residual { Linear(3, 2) }(ones([4, 3]))
    },
    Mistake(
      "Bilinear", "inputs of shapes [2, 3] and [3, 4] do not fit; the shapes must be […, 3] and […, 4]",
      in: "Bilinear(3, 4, 5, bias: true)",
      line: #line + 2
    ) {
      Bilinear(3, 4, 5)(ones([2, 3]), ones([3, 4]))
    },
    Mistake("Embedding", "the padding index 5 is out of range for 5 vectors", line: #line + 1) {
      Embedding(5, 3, paddingIndex: 5)
    },
    Mistake("Embedding", "the maximal norm 0.0 and its type 2.0 must be above 0", line: #line + 1) {
      Embedding(5, 3, maxNorm: 0)
    },
    Mistake("Dropout2d", "the probability must be in 0...1, not 1.5", line: #line + 1) {
      Dropout2d(1.5)
    },
    Mistake(
      "Dropout2d", "inputs of shape [2, 3, 4] do not fit; the shape must be [n, channels] and 2 axes",
      in: "Dropout2d(0.5)", line: #line + 2
    ) {
      Dropout2d(0.5)(ones([2, 3, 4]) * 2)
    },
    Mistake("AlphaDropout", "the probability must be in 0...1, not nan", line: #line + 1) {
      AlphaDropout(.nan)
    },
    Mistake(
      "FeatureAlphaDropout", "inputs of shape [3] do not fit; the shape must be [n, channels, …]",
      in: "FeatureAlphaDropout(0.5)", line: #line + 2
    ) {
      FeatureAlphaDropout(0.5)(-ones([3]))
    },
  ]
}
