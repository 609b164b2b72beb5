import Martlet

// Mistakes of MistakeTests: attention and the layers that contain it.

extension MistakeTests {
  static let attention = [
    Mistake(
      "scaledDotProductAttention",
      "queries [2, 3, 4], keys [2, 5, 3], values [2, 5, 4]; […, heads, t, d], […, h, s, d] and […, h, s, e], h dividing heads and d above 0, are expected",
      line: #line + 2
    ) {
      ones([2, 3, 4]).scaledDotProductAttention(key: ones([2, 5, 3]), value: ones([2, 5, 4]))
    },
    Mistake(
      "scaledDotProductAttention",
      "queries [3, 3, 4], keys [2, 5, 4], values [2, 5, 4]; […, heads, t, d], […, h, s, d] and […, h, s, e], h dividing heads and d above 0, are expected",
      line: #line + 2
    ) {
      ones([3, 3, 4]).scaledDotProductAttention(key: ones([2, 5, 4]), value: ones([2, 5, 4]))
    },
    Mistake(
      "scaledDotProductAttention",
      "a mask of shape [3, 4] for scores of shape [2, 3, 5]; it has to broadcast to them", line: #line + 2
    ) {
      ones([2, 3, 4]).scaledDotProductAttention(
        key: ones([2, 5, 4]), value: ones([2, 5, 4]), mask: ones([3, 4]) .> 0)
    },
    Mistake(
      "scaledDotProductAttention",
      "a bias of shape [2, 1, 3, 5] for scores of shape [2, 3, 5]; it has to broadcast to them",
      line: #line + 2
    ) {
      ones([2, 3, 4]).scaledDotProductAttention(
        key: ones([2, 5, 4]), value: ones([2, 5, 4]), bias: ones([2, 1, 3, 5]))
    },
    Mistake("scaledDotProductAttention", "dropout 1.5; in 0...1", line: #line + 1) {
      ones([3, 4]).scaledDotProductAttention(key: ones([5, 4]), value: ones([5, 4]), dropout: 1.5)
    },
    Mistake(
      "scaledDotProductAttention",
      "queries [0, 3000000000, 1], keys [0, 1, 1], values [0, 1, 1]; too large for BLAS", line: #line + 2
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
      "10 dimensions, 4 heads, 4 of keys and values, of 10 and 10 dimensions; numbers above 0, heads that divide the dimensions, and those of keys and values the heads",
      line: #line + 2
    ) {
      MultiHeadAttention(10, heads: 4)
    },
    Mistake(
      "MultiHeadAttention",
      "8 dimensions, 4 heads, 3 of keys and values, of 8 and 8 dimensions; numbers above 0, heads that divide the dimensions, and those of keys and values the heads",
      line: #line + 2
    ) {
      TransformerEncoderLayer(8, heads: 4, keyValueHeads: 3)
    },
    Mistake("MultiHeadAttention", "dropout -0.5; in 0...1", line: #line + 1) {
      MultiHeadAttention(8, heads: 4, dropout: -0.5)
    },
    Mistake(
      "MultiHeadAttention", "positions of 4 dimensions for heads of 2; equal numbers are expected",
      line: #line + 2
    ) {
      MultiHeadAttention(8, heads: 4, positions: RotaryPositions(4))
    },
    Mistake(
      "MultiHeadAttention",
      "queries [2, 3, 8], keys [1, 5, 8], values [1, 5, 8]; [n, t, 8], [n, s, 8] and [n, s, 8] are expected",
      in: "MultiHeadAttention(8, heads: 4)", line: #line + 2
    ) {
      MultiHeadAttention(8, heads: 4)(ones([2, 3, 8]), ones([1, 5, 8]))
    },
    Mistake(
      "MultiHeadAttention",
      "a mask of keys of shape [2, 4] for keys of shape [2, 3, 8], 0 cached; [2, 3] is expected",
      in: "MultiHeadAttention(8, heads: 4)", line: #line + 2
    ) {
      MultiHeadAttention(8, heads: 4)(ones([2, 3, 8]), keyMask: ones([2, 4]) .> 0)
    },
    Mistake(
      "scaledDotProductAttention",
      "a mask of shape [3, 4] for scores of shape [2, 4, 3, 3]; it has to broadcast to them",
      in: "MultiHeadAttention(8, heads: 4)", line: #line + 2
    ) {
      MultiHeadAttention(8, heads: 4)(ones([2, 3, 8]), mask: ones([3, 4]) .> 0)
    },
    Mistake(
      "KeyValueCache",
      "keys [1, 4, 3, 2] behind 3 of [2, 4, 16, 2]; [n, heads, t, d] of the same extents but t are expected",
      in: "MultiHeadAttention(8, heads: 4)", line: #line + 4
    ) {
      let attention = MultiHeadAttention(8, heads: 4), cache = KeyValueCache()
      _ = noGrad { attention(ones([2, 3, 8]), cache: cache) }
      return attention(ones([1, 3, 8]), cache: cache)
    },
    Mistake("TransformerEncoder", "0 layers; at least 1", line: #line + 1) {
      TransformerEncoder(0) { TransformerEncoderLayer(8, heads: 2) }
    },
    Mistake("TransformerDecoder", "-1 layers; at least 1", line: #line + 1) {
      TransformerDecoder(-1) { TransformerDecoderLayer(8, heads: 2) }
    },
    Mistake(
      "TransformerEncoder", "0 caches for 1 layers; one for each is expected", in: "TransformerEncoder()",
      line: #line + 3
    ) {
      let encoder = TransformerEncoder(1) { TransformerEncoderLayer(8, heads: 2) }
      return encoder(ones([1, 2, 8]), caches: [])
    },
    Mistake(
      "SinusoidalPositions", "5 dimensions, base 10000.0; an even number and a base above 0 are expected",
      line: #line + 2
    ) {
      SinusoidalPositions(5)
    },
    Mistake(
      "RotaryPositions", "4 dimensions, base -1.0; an even number and a base above 0 are expected",
      line: #line + 2
    ) {
      RotaryPositions(4, base: -1)
    },
    Mistake(
      "SinusoidalPositions", "inputs of shape [3, 4] from -1 on; […, t, 4] is expected",
      in: "SinusoidalPositions(4)", line: #line + 2
    ) {
      SinusoidalPositions(4)(ones([3, 4]), offset: -1)
    },
    Mistake(
      "RotaryPositions", "inputs of shape [3, 6] along axis -2 from 0 on; […, t, …, 4] is expected",
      in: "RotaryPositions(4)", line: #line + 2
    ) {
      RotaryPositions(4)(ones([3, 6]))
    },
  ]
}
