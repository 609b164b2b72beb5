import Martlet
import TestSupport
import Testing

/// Attention layers apart from the values that PyTorch checks: caches, positions, dropout, initial weights.
@Suite struct AttentionTests {
  /// The largest absolute difference.
  private func distance(_ a: Tensor<Double>, _ b: Tensor<Double>) -> Double {
    a.shape == b.shape ? (a - b).abs().max().item : .infinity
  }

  /// A sequence in pieces with a cache, also beyond its first capacity, has the output of the whole sequence.
  @Test(arguments: [[1, 1, 1, 1], [5, 1, 7, 1], [16, 1, 16, 3], [40]])
  func aCacheChangesNothing(_ pieces: [Int]) {
    seedRandom(3)
    let attention = MultiHeadAttention<Double>(
      12, heads: 6, keyValueHeads: 2, positions: RotaryPositions<Double>(2, interleaved: true))
    let t = pieces.reduce(0, +), x = Tensor<Double>.normal([2, t, 12]), cache = KeyValueCache<Double>()
    noGrad {
      let whole = attention(x, isCausal: true)
      for _ in 0..<2 {
        var start = 0
        for piece in pieces {
          let part = x[0..., start..<start + piece], y = attention(part, isCausal: true, cache: cache)
          start += piece
          #expect(cache.count == start)
          #expect(distance(y, whole[0..., start - piece..<start]) < 1e-13, "\(start)")
        }
        cache.removeAll()
      }
    }
  }

  /// Without `isCausal` the last piece sees all keys, and a mask of keys includes the cached ones.
  @Test func aCacheAndMasks() {
    let attention = MultiHeadAttention<Double>(4, heads: 2), cache = KeyValueCache<Double>()
    let x = Tensor<Double>.normal([1, 5, 4])
    let keep = Tensor<Bool>([[true, false, true, true, false]])
    noGrad {
      _ = attention(x[0..., 0..<3], cache: cache)
      let y = attention(x[0..., 3...], keyMask: keep, cache: cache)
      #expect(distance(y, attention(x, keyMask: keep)[0..., 3...]) < 1e-14)
    }
  }

  @Test func stacksWithCaches() {
    seedRandom(4)
    let encoder = TransformerEncoder(2, norm: LayerNorm<Double>(8)) {
      TransformerEncoderLayer<Double>(8, heads: 2, feedForward: 16, normFirst: true)
    }
    let decoder = TransformerDecoder(2) { TransformerDecoderLayer<Double>(8, heads: 2, feedForward: 16) }
    encoder.eval()
    decoder.eval()
    let x = Tensor<Double>.normal([2, 6, 8]), memory = Tensor<Double>.normal([2, 3, 8])
    let (caches, others) = (encoder.makeCaches(), decoder.makeCaches())
    noGrad {
      let whole = encoder(x, isCausal: true), decoded = decoder(x, memory, isCausal: true)
      for i in 0..<6 {
        let piece = x[0..., i..<i + 1]
        #expect(distance(encoder(piece, isCausal: true, caches: caches), whole[0..., i..<i + 1]) < 1e-13)
        let part = decoder(piece, memory, isCausal: true, caches: others)
        #expect(distance(part, decoded[0..., i..<i + 1]) < 1e-13)
      }
    }
  }

  /// Each position of a causal layer depends only on itself and earlier positions.
  @Test func theFutureIsNotSeen() {
    let layer = TransformerEncoderLayer<Double>(
      8, heads: 2, feedForward: 16, dropout: 0, normFirst: true)
    let x = Tensor<Double>.normal([1, 6, 8], requiresGrad: true)
    layer(x, isCausal: true)[0..., 2].sum().backward()
    let slopes = x.grad!.abs().sum(axes: [0, 2]).scalars
    #expect(slopes[..<3].allSatisfy { $0 > 0 } && slopes[3...].allSatisfy { $0 == 0 })
  }

  /// Positions after an offset are those of the whole sequence. Products of rotated vectors depend only on
  /// their distance.
  @Test func positions() {
    let x = Tensor<Double>.normal([3, 7, 6])
    let added = SinusoidalPositions<Double>(6), turned = RotaryPositions<Double>(6)
    #expect(distance(added(x[0..., 4...], offset: 4), added(x)[0..., 4...]) < 1e-15)
    #expect(distance(turned(x[0..., 4...], offset: 4), turned(x)[0..., 4...]) < 1e-14)
    let across = turned(x.transposed(0, 1), offset: 0, axis: 0).transposed(0, 1)
    #expect(distance(across, turned(x)) < 1e-15)
    let q = x[0, 0..<1], k = x[0, 1..<2]
    let near = turned(q, offset: 5).matmul(turned(k, offset: 2).transposed())
    let far = turned(q, offset: 1005).matmul(turned(k, offset: 1002).transposed())
    #expect(distance(near, far) < 1e-12)
    #expect(turned(x, offset: .max - 7).shape == x.shape)
  }

  /// Weights are dropped only in training.
  @Test func dropout() {
    let attention = MultiHeadAttention<Double>(4, heads: 2, dropout: 0.5)
    let x = Tensor<Double>.normal([2, 5, 4])
    #expect(attention.isTraining)
    #expect(distance(attention(x), attention(x)) > 0)
    attention.eval()
    #expect(distance(attention(x), attention(x)) == 0)
    let layer = TransformerEncoderLayer<Double>(4, heads: 2, dropout: 0.5)
    layer.eval()
    #expect(!layer.selfAttn.isTraining && distance(layer(x), layer(x)) == 0)
  }

  /// The initial weights are PyTorch's: uniform within √(6 / (in + out)) in the projections, and zeros in
  /// their biases.
  @Test func startingWeights() {
    seedRandom(1)
    let attention = MultiHeadAttention(64, heads: 4), bound = (6 / Float(4 * 64)).squareRoot()
    let weights = attention.inProjWeight!.abs().max().item
    #expect(weights <= bound && weights > 0.99 * bound)
    #expect(attention.outProj.weight.abs().max().item <= 0.125)
    #expect(attention.inProjBias!.scalars.allSatisfy { $0 == 0 })
    #expect(attention.outProj.bias!.scalars.allSatisfy { $0 == 0 })
    #expect(
      attention.namedParameters.map(\.name) == [
        "in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias",
      ])
    let other = MultiHeadAttention(8, heads: 2, keyDimensions: 3)
    #expect(
      other.namedParameters.map(\.name) == [
        "q_proj_weight", "k_proj_weight", "v_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias",
      ])
  }
}
