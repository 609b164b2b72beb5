import Martlet

/// A model that classifies a sequence's features with a dense layer.
private final class Reader: Layer {
  let embedding = Embedding(5, 6, maxNorm: 1), lstm = LSTM(inputs: 6, hidden: 8, layers: 2, dropout: 0.5)
  let head = Linear(8, 3)
  func forward(_ x: Tensor<Int>) -> Tensor<Float> { head(lstm(embedding(x))[-1]) }
}

/// A decoder that writes one position after another, from its own caches.
private final class Writer: Module {
  let embedding = Embedding(5, 8)
  let blocks = TransformerEncoder(2, norm: LayerNorm(8)) {
    TransformerEncoderLayer(8, heads: 2, feedForward: 16, normFirst: true, positions: RotaryPositions(4))
  }
  let head = Linear(8, 5)

  func callAsFunction(_ x: Tensor<Int>, _ caches: [KeyValueCache<Float>]?) -> Tensor<Float> {
    scoped { head(blocks(embedding(x), isCausal: true, caches: caches)) }
  }
}

extension SharedModule {
  /// Whole models.
  static var models: [SharedModule] {
    [
      SharedModule(
        named: "a transformer's layer with rotary positions",
        TransformerEncoderLayer(16, heads: 4, feedForward: 32, positions: RotaryPositions(4))
      ) { layer, n in [layer(numbers([2, 9 * n, 16], n), isCausal: true)] },
      SharedModule(
        named: "a CNN",
        Sequential {
          Conv2d(1, 4, kernelSize: 3, padding: .same)
          BatchNorm(4)
          ReLU()
          MaxPool2d(kernelSize: 2)
          Dropout2d(0.5)
          Conv2d(4, 8, kernelSize: 3, padding: 1)
          AdaptiveAvgPool2d(1)
          Flatten()
          Linear(8, 3)
        }
      ) { [2, 1, 2 * $0 + 2, 8] },
      SharedModule(named: "an LSTM", Reader()) { model, n in [model(indices([3 * n, 2], n))] },
      SharedModule(named: "a writer with caches", Writer()) { model, n in
        let text = indices([1, 3 * n + 3], n), caches = model.blocks.makeCaches()
        return [model(text[0..., 0..<3 * n], caches)]
          + (3 * n..<3 * n + 3).map { model(text[0..., $0..<$0 + 1], caches) } + [model(text, nil)]
      },
    ]
  }
}
