import Martlet

// PyTorch's masks mark excluded positions. The fixtures mark the included ones, so PyTorch is called with
// `~`.

extension ModuleGold {
  static var attention: Table {
    let attention = "nn.MultiheadAttention(4, 2, batch_first=True)"
    let plain = "  # m(a, a, a, need_weights=False)[0]"
    let half = "  # m(a / 2, b / 2, c / 2, need_weights=False)[0]"
    func make() -> MultiHeadAttention<Element> { MultiHeadAttention(4, heads: 2) }
    return [
      attention + plain: { ModuleGold(make()) { [$0($1[0])] } },
      attention + half: { ModuleGold(make()) { [$0($1[0] / 2, $1[1] / 2, $1[2] / 2)] } },
      "nn.MultiheadAttention(4, 4, batch_first=True, bias=False)" + plain: {
        ModuleGold(MultiHeadAttention<Element>(4, heads: 4, bias: false)) { [$0($1[0])] }
      },
      "nn.MultiheadAttention(6, 1, batch_first=True)" + plain: {
        ModuleGold(MultiHeadAttention<Element>(6, heads: 1)) { [$0($1[0])] }
      },
      "nn.MultiheadAttention(4, 2, kdim=3, vdim=5, batch_first=True)" + half: {
        ModuleGold(MultiHeadAttention<Element>(4, heads: 2, keyDimensions: 3, valueDimensions: 5)) {
          [$0($1[0] / 2, $1[1] / 2, $1[2] / 2)]
        }
      },
      attention + "  # m(a, a, a, attn_mask=~b, need_weights=False)[0]": {
        ModuleGold(make()) { [$0($1[0], mask: $1.mask(1))] }
      },
      attention + "  # m(a, a, a, attn_mask=~b, is_causal=True, need_weights=False)[0]": {
        ModuleGold(make()) { [$0($1[0], isCausal: true)] }
      },
      attention + "  # m(a, a, a, key_padding_mask=~b, need_weights=False)[0]": {
        ModuleGold(make()) { [$0($1[0], keyMask: $1.mask(1))] }
      },
      attention + "  # m(a, b, b, attn_mask=~c, key_padding_mask=~d, need_weights=False)[0]": {
        ModuleGold(make()) { [$0($1[0], $1[1], mask: $1.mask(2), keyMask: $1.mask(3))] }
      },
      attention + "  # m(a, a, a, attn_mask=b, need_weights=False)[0]": {
        ModuleGold(make()) { [$0($1[0], bias: $1[1])] }
      },
      attention + "  # m(a, a, a, attn_mask=b.flatten(0, 1), need_weights=False)[0]": {
        ModuleGold(make()) { [$0($1[0], bias: $1[1])] }
      },
      "Grouped(8, 4, 2)  # m(a / 2)": {
        ModuleGold(MultiHeadAttention<Element>(8, heads: 4, keyValueHeads: 2)) { [$0($1[0] / 2)] }
      },
      "Grouped(8, 4, 1)  # m(a / 2, True)": {
        ModuleGold(MultiHeadAttention<Element>(8, heads: 4, keyValueHeads: 1)) {
          [$0($1[0] / 2, isCausal: true)]
        }
      },
      "Grouped(8, 2, 1, True)  # m(a / 2, True)": {
        ModuleGold(
          MultiHeadAttention<Element>(
            8, heads: 2, keyValueHeads: 1, positions: RotaryPositions<Element>(4))
        ) { [$0($1[0] / 2, isCausal: true)] }
      },
      "Rotary(False)": { ModuleGold(RotaryPositions<Element>(4)) },
      "Rotary(True)": {
        ModuleGold(RotaryPositions<Element>(4, interleaved: true)) { rotary, x in
          let last = x[0].shape[-1]
          return [last == 4 ? rotary(x[0]) : RotaryPositions<Element>(last, interleaved: true)(x[0])]
        }
      },
      "Sinusoidal()": { ModuleGold(SinusoidalPositions<Element>(6)) },
    ]
  }

  static var transformers: Table {
    let encoder = "nn.TransformerEncoderLayer(4, 2, 6, 0.0, batch_first=True)"
    let decoder = "nn.TransformerDecoderLayer(4, 2, 6, 0.0, batch_first=True)"
    func encode(_ dropout: Double = 0) -> TransformerEncoderLayer<Element> {
      TransformerEncoderLayer(4, heads: 2, feedForward: 6, dropout: dropout)
    }
    let mild = "nn.TransformerDecoderLayer(4, 2, 6, 0.0, layer_norm_eps=0.5, batch_first=True)"
    func decode(_ epsilon: Element = 1e-5) -> TransformerDecoderLayer<Element> {
      TransformerDecoderLayer(4, heads: 2, feedForward: 6, dropout: 0, epsilon: epsilon)
    }
    return [
      encoder: { ModuleGold(encode()) { [$0($1[0])] } },
      "nn.TransformerEncoderLayer(4, 2, 6, 0.5, batch_first=True)": {
        ModuleGold(encode(0.5)) { [$0($1[0])] }
      },
      "nn.TransformerEncoderLayer(4, 2, 6, 0.0, 'gelu', batch_first=True, norm_first=True)": {
        ModuleGold(
          TransformerEncoderLayer<Element>(
            4, heads: 2, feedForward: 6, dropout: 0, activation: .gelu, normFirst: true)
        ) { [$0($1[0])] }
      },
      "nn.TransformerEncoderLayer(4, 1, 3, 0.0, layer_norm_eps=0.1, batch_first=True, bias=False)": {
        ModuleGold(
          TransformerEncoderLayer<Element>(
            4, heads: 1, feedForward: 3, dropout: 0, epsilon: 0.1, bias: false)
        ) { [$0($1[0])] }
      },
      encoder + "  # m(a, ~b, ~c)": {
        ModuleGold(encode()) { [$0($1[0], mask: $1.mask(1), keyMask: $1.mask(2))] }
      },
      encoder + "  # m(a, ~b, is_causal=True)": { ModuleGold(encode()) { [$0($1[0], isCausal: true)] } },
      decoder: { ModuleGold(decode()) { [$0($1[0], $1[1])] } },
      "nn.TransformerDecoderLayer(4, 2, 6, 0.0, 'gelu', batch_first=True, norm_first=True)": {
        ModuleGold(
          TransformerDecoderLayer<Element>(
            4, heads: 2, feedForward: 6, dropout: 0, activation: .gelu, normFirst: true)
        ) { [$0($1[0], $1[1])] }
      },
      decoder + "  # m(a, b, ~c, ~d, ~e, ~f)": {
        ModuleGold(decode()) {
          [
            $0(
              $1[0], $1[1], mask: $1.mask(2), memoryMask: $1.mask(3), keyMask: $1.mask(4),
              memoryKeyMask: $1.mask(5))
          ]
        }
      },
      "nn.TransformerEncoder(\(encoder), 2, enable_nested_tensor=False)": {
        ModuleGold(TransformerEncoder(2) { encode() }) { [$0($1[0])] }
      },
      "nn.TransformerEncoder(\(encoder), 2, nn.LayerNorm(4), enable_nested_tensor=False)": {
        ModuleGold(TransformerEncoder(2, norm: LayerNorm<Element>(4)) { encode() }) { [$0($1[0])] }
      },
      "nn.TransformerEncoder(\(encoder), 2, enable_nested_tensor=False)  # m(a, ~b, ~c)": {
        ModuleGold(TransformerEncoder(2) { encode() }) {
          [$0($1[0], mask: $1.mask(1), keyMask: $1.mask(2))]
        }
      },
      "nn.TransformerDecoder(\(mild), 2)": {
        ModuleGold(TransformerDecoder(2) { decode(0.5) }) { [$0($1[0], $1[1])] }
      },
      "nn.TransformerDecoder(\(mild), 2, nn.LayerNorm(4))": {
        ModuleGold(TransformerDecoder(2, norm: LayerNorm<Element>(4)) { decode(0.5) }) { [$0($1[0], $1[1])] }
      },
    ]
  }
}
