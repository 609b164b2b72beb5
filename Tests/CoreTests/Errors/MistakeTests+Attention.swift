import Martlet

// More of the mistakes that MistakeTests makes: those of attention and of the layers made of it.

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
      "a mask of shape [2, 1, 3, 5] for scores of shape [2, 3, 5]; it has to broadcast to them",
      line: #line + 2
    ) {
      ones([2, 3, 4]).scaledDotProductAttention(
        key: ones([2, 5, 4]), value: ones([2, 5, 4]), mask: ones([2, 1, 3, 5]))
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
}
