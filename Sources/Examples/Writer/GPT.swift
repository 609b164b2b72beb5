import Martlet

/// A transformer that predicts the next character: 4 layers of 128 dimensions, with 4 causal heads and rotary
/// positions.
final class GPT: CharacterModel {
  let context: Int
  private let characters: Embedding<Float>
  private let blocks: TransformerEncoder<Float>
  private let next: Linear<Float>

  init(characters count: Int, context: Int) {
    self.context = context
    characters = Embedding(count, 128)
    let positions = RotaryPositions(32)
    blocks = TransformerEncoder(4, norm: LayerNorm(128)) {
      TransformerEncoderLayer(
        128, heads: 4, feedForward: 512, dropout: 0, activation: .gelu, normFirst: true, positions: positions)
    }
    next = Linear(128, count, bias: false)
    // Small weights give small logits. The first loss is then that of a uniform guess.
    noGrad { next.weight.multiply(by: 0.1) }
  }

  /// Returns the logits of the character after each position, `[n, t] → [n, t, characters]`.
  func forward(_ codes: Tensor<Int>) -> Tensor<Float> { logits(codes, caches: nil) }

  private func logits(_ codes: Tensor<Int>, caches: [KeyValueCache<Float>]?) -> Tensor<Float> {
    next(blocks(characters(codes), isCausal: true, caches: caches))
  }

  /// Continues a text character by character. The caches hold earlier keys and values, so each character
  /// computes only one new position. When the caches are full, the latter half of the context is read again.
  func continued(_ start: [Int], by length: Int, temperature: Float, _ body: (Int) -> Void) {
    let caches = blocks.makeCaches()
    var written = start, unread = start.suffix(context)
    noGrad {
      for _ in 0..<length {
        if caches[0].count + unread.count > context {
          for cache in caches { cache.removeAll() }
          unread = written.suffix(context / 2)
        }
        let logits = logits(Tensor(Array(unread)).expandedDims(axis: 0), caches: caches)[0, -1]
        let code = drawn(from: logits / temperature)
        written.append(code)
        unread = [code]
        body(code)
      }
    }
  }
}
