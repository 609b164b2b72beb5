import Martlet

/// A transformer that reads characters and says of each which may be the next: 4 layers of 128 dimensions and 4 heads
/// that see what came before, with rotary positions.
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
    // Logits start small, and the first loss is that of a guess.
    noGrad { next.weight.multiply(by: 0.1) }
  }

  /// Logits of the next character behind each, `[n, t] → [n, t, characters]`.
  func forward(_ codes: Tensor<Int>) -> Tensor<Float> { logits(codes, caches: nil) }

  private func logits(_ codes: Tensor<Int>, caches: [KeyValueCache<Float>]?) -> Tensor<Float> {
    next(blocks(characters(codes), isCausal: true, caches: caches))
  }

  /// Writes on: draws character after character, each from one new position beside what the caches hold. When these
  /// are full the latter half is read again.
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
