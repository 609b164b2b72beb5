import MartletCore

// Scaled dot-product attention. PyTorch needs enable_gqa if heads share their keys; Martlet infers it from
// the shapes.

extension Gold {
  /// Reshapes `[n, t, heads · d]` to `[n, heads, t, d]`.
  private static func heads(_ a: Tensor<Element>, _ count: Int) -> Tensor<Element> {
    a.reshaped([a.shape[0], a.shape[1], count, -1]).transposed(1, 2)
  }

  private static func attention(
    _ q: Tensor<Element>, _ k: Tensor<Element>, _ v: Tensor<Element>, isCausal: Bool = false,
    scale: Element? = nil
  ) -> Tensor<Element> {
    q.scaledDotProductAttention(key: k, value: v, isCausal: isCausal, scale: scale)
  }

  static var attention: Table {
    [
      "attention(a, b, c)": { attention($0.a, $0.b, $0.c) },
      "attention(a, b, c, is_causal=True)": { attention($0.a, $0.b, $0.c, isCausal: true) },
      "attention(a, b, c, scale=0.25)": { attention($0.a, $0.b, $0.c, scale: 0.25) },
      "attention(a, b, c, is_causal=True, scale=1.5)": {
        attention($0.a, $0.b, $0.c, isCausal: true, scale: 1.5)
      },
      "attention(a, b, c, attn_mask=m)": {
        $0.a.scaledDotProductAttention(key: $0.b, value: $0.c, mask: $0.m)
      },
      "attention(a, b, b, attn_mask=c)": {
        $0.a.scaledDotProductAttention(key: $0.b, value: $0.b, bias: $0.c)
      },
      "attention(a, b, b, attn_mask=closed(c))": {
        $0.a.scaledDotProductAttention(
          key: $0.b, value: $0.b, bias: $0.c.where($0.c .>= -1, else: -.infinity))
      },
      "attention(a, b, c, enable_gqa=True)": { attention($0.a, $0.b, $0.c) },
      "attention(a, b, c, is_causal=True, enable_gqa=True)": { attention($0.a, $0.b, $0.c, isCausal: true) },
      "attention(a, b, c, attn_mask=m, enable_gqa=True)": {
        $0.a.scaledDotProductAttention(key: $0.b, value: $0.c, mask: $0.m)
      },
      "attention(heads(a, 2), heads(b, 2), heads(c, 2)).transpose(1, 2).flatten(2)": {
        let y = attention(heads($0.a, 2), heads($0.b, 2), heads($0.c, 2)).transposed(1, 2)
        return y.reshaped([y.shape[0], y.shape[1], -1])
      },
      "attention(a.mT, b.mT, c.mT)": { attention($0.a.transposed(), $0.b.transposed(), $0.c.transposed()) },
      "attention(a[..., ::2], b[:, ::2], c[:, ::2])": {
        attention(
          $0.a[.ellipsis, .stride(by: 2)], $0.b[0..., .stride(by: 2)], $0.c[0..., .stride(by: 2)])
      },
      "attention(a, a, a, is_causal=True)": { attention($0.a, $0.a, $0.a, isCausal: true) },
      "attention(a.detach() * 400, a.detach(), a)": {
        attention($0.a.detached() * 400, $0.a.detached(), $0.a)
      },
    ]
  }
}
