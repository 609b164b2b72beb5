import Martlet

// Mistakes of MistakeTests: attention and the layers that contain it.

extension MistakeTests {
  static let attention = [
    Mistake(
      "scaledDotProductAttention",
      "queries [2, 3, 4], keys [2, 5, 3] and values [2, 5, 4] do not match; they must be […, heads, t, d], […, h, s, d] and […, h, s, e], where h divides heads and d is above 0",
      line: #line + 2
    ) {
      ones([2, 3, 4]).scaledDotProductAttention(key: ones([2, 5, 3]), value: ones([2, 5, 4]))
    },
    Mistake(
      "scaledDotProductAttention",
      "queries [3, 3, 4], keys [2, 5, 4] and values [2, 5, 4] do not match; they must be […, heads, t, d], […, h, s, d] and […, h, s, e], where h divides heads and d is above 0",
      line: #line + 2
    ) {
      ones([3, 3, 4]).scaledDotProductAttention(key: ones([2, 5, 4]), value: ones([2, 5, 4]))
    },
    Mistake(
      "scaledDotProductAttention",
      "a mask of shape [3, 4] does not broadcast to scores of shape [2, 3, 5]", line: #line + 2
    ) {
      ones([2, 3, 4]).scaledDotProductAttention(
        key: ones([2, 5, 4]), value: ones([2, 5, 4]), mask: ones([3, 4]) .> 0)
    },
    Mistake(
      "scaledDotProductAttention",
      "a bias of shape [2, 1, 3, 5] does not broadcast to scores of shape [2, 3, 5]",
      line: #line + 2
    ) {
      ones([2, 3, 4]).scaledDotProductAttention(
        key: ones([2, 5, 4]), value: ones([2, 5, 4]), bias: ones([2, 1, 3, 5]))
    },
    Mistake(
      "scaledDotProductAttention", "the dropout probability must be in 0...1, not 1.5", line: #line + 2
    ) {
      ones([3, 4]).scaledDotProductAttention(key: ones([5, 4]), value: ones([5, 4]), dropout: 1.5)
    },
    Mistake(
      "scaledDotProductAttention",
      "queries [0, 3000000000, 1], keys [0, 1, 1] and values [0, 1, 1] are too large: BLAS counts in 32 bits",
      line: #line + 2
    ) {
      ones([0, 3_000_000_000, 1]).scaledDotProductAttention(key: ones([0, 1, 1]), value: ones([0, 1, 1]))
    },
    Mistake(
      "backward", "the mask of scaledDotProductAttention was changed in place afterwards; change a copy",
      line: #line + 6
    ) {
      let x = Tensor<Float>.ones([2, 2], requiresGrad: true)
      let mask = ones([2, 2]) .> 0
      let y = x.scaledDotProductAttention(key: x, value: x, mask: mask).sum()
      mask[0, 0] = false
      y.backward()
      return y
    },
  ]

  /// Layers that are created or called with arguments that do not match.
  static let attentionLayers = [
    Mistake(
      "MultiHeadAttention",
      "10 dimensions, 4 heads, 4 heads of keys and values with 10 and 10 dimensions do not fit; all must be above 0, the heads must divide the dimensions, and the heads of keys and values must divide the heads",
      line: #line + 2
    ) {
      MultiHeadAttention(10, heads: 4)
    },
    Mistake(
      "MultiHeadAttention",
      "8 dimensions, 4 heads, 3 heads of keys and values with 8 and 8 dimensions do not fit; all must be above 0, the heads must divide the dimensions, and the heads of keys and values must divide the heads",
      line: #line + 2
    ) {
      TransformerEncoderLayer(8, heads: 4, keyValueHeads: 3)
    },
    Mistake("MultiHeadAttention", "the dropout probability must be in 0...1, not -0.5", line: #line + 1) {
      MultiHeadAttention(8, heads: 4, dropout: -0.5)
    },
    Mistake(
      "MultiHeadAttention", "the positions have 4 dimensions and the heads 2; the numbers must be equal",
      line: #line + 2
    ) {
      MultiHeadAttention(8, heads: 4, positions: RotaryPositions(4))
    },
    Mistake(
      "MultiHeadAttention",
      "queries [2, 3, 8], keys [1, 5, 8] and values [1, 5, 8] do not fit; the shapes must be [n, t, 8], [n, s, 8] and [n, s, 8]",
      in: "MultiHeadAttention(8, heads: 4)", line: #line + 2
    ) {
      MultiHeadAttention(8, heads: 4)(ones([2, 3, 8]), ones([1, 5, 8]))
    },
    Mistake(
      "MultiHeadAttention",
      "a key mask of shape [2, 4] does not fit keys of shape [2, 3, 8] with 0 cached; the shape must be [2, 3]",
      in: "MultiHeadAttention(8, heads: 4)", line: #line + 2
    ) {
      MultiHeadAttention(8, heads: 4)(ones([2, 3, 8]), keyMask: ones([2, 4]) .> 0)
    },
    Mistake(
      "scaledDotProductAttention",
      "a mask of shape [3, 4] does not broadcast to scores of shape [2, 4, 3, 3]",
      in: "MultiHeadAttention(8, heads: 4)", line: #line + 2
    ) {
      MultiHeadAttention(8, heads: 4)(ones([2, 3, 8]), mask: ones([3, 4]) .> 0)
    },
    Mistake(
      "KeyValueCache",
      "keys of shape [1, 4, 3, 2] cannot follow the 3 keys in a cache of shape [2, 4, 16, 2]; only t of [n, heads, t, d] may differ",
      in: "MultiHeadAttention(8, heads: 4)", line: #line + 4
    ) {
      let attention = MultiHeadAttention(8, heads: 4), cache = KeyValueCache()
      _ = noGrad { attention(ones([2, 3, 8]), cache: cache) }
      return attention(ones([1, 3, 8]), cache: cache)
    },
    Mistake("TransformerEncoder", "the number of layers must be at least 1, not 0", line: #line + 1) {
      TransformerEncoder(0) { TransformerEncoderLayer(8, heads: 2) }
    },
    Mistake("TransformerDecoder", "the number of layers must be at least 1, not -1", line: #line + 1) {
      TransformerDecoder(-1) { TransformerDecoderLayer(8, heads: 2) }
    },
    Mistake(
      "TransformerEncoder", "0 caches do not fit 1 layers; each layer must have one",
      in: "TransformerEncoder()",
      line: #line + 3
    ) {
      let encoder = TransformerEncoder(1) { TransformerEncoderLayer(8, heads: 2) }
      return encoder(ones([1, 2, 8]), caches: [])
    },
    Mistake(
      "SinusoidalPositions",
      "5 dimensions with base 10000.0 are not valid; the dimensions must be even, and both above 0",
      line: #line + 2
    ) {
      SinusoidalPositions(5)
    },
    Mistake(
      "RotaryPositions",
      "4 dimensions with base -1.0 are not valid; the dimensions must be even, and both above 0",
      line: #line + 2
    ) {
      RotaryPositions(4, base: -1)
    },
    Mistake(
      "SinusoidalPositions",
      "inputs of shape [3, 4] at offset -1 do not fit; the shape must be […, t, 4] and the offset at least 0",
      in: "SinusoidalPositions(4)", line: #line + 2
    ) {
      SinusoidalPositions(4)(ones([3, 4]), offset: -1)
    },
    Mistake(
      "RotaryPositions",
      "inputs of shape [3, 6] along axis -2 at offset 0 do not fit; the shape must be […, t, …, 4] and the offset at least 0",
      in: "RotaryPositions(4)", line: #line + 2
    ) {
      RotaryPositions(4)(ones([3, 6]))
    },
  ]
}
