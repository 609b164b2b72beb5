public import MartletCore

/// A stack of a transformer's encoder layers, and a norm of what the last gives.
///
/// Parameters have the names of PyTorch's `nn.TransformerEncoder`, `layers.0.linear1.weight`.
public final class TransformerEncoder<Element: DifferentiableScalar>: Module {
  /// The layers, one after the other.
  public let layers: [TransformerEncoderLayer<Element>]
  /// The norm of the output, or nil.
  public let norm: LayerNorm<Element>?

  /// So many layers, each made by a call: `TransformerEncoder(6) { TransformerEncoderLayer(512, heads: 8) }`. None, or
  /// fewer, are an error.
  public init(
    _ count: Int, norm: LayerNorm<Element>? = nil, file: StaticString = #fileID, line: UInt = #line,
    _ layer: () -> TransformerEncoderLayer<Element>
  ) {
    layers = stack("TransformerEncoder", count, file, line, layer)
    self.norm = norm
  }

  /// The input through all layers. Masks are handed to each, see
  /// ``TransformerEncoderLayer/callAsFunction(_:mask:keyMask:isCausal:cache:)``; of caches there is one for each layer.
  public func callAsFunction(
    _ x: Tensor<Element>, mask: Tensor<Bool>? = nil, keyMask: Tensor<Bool>? = nil, isCausal: Bool = false,
    caches: [KeyValueCache<Element>]? = nil
  ) -> Tensor<Element> {
    scoped {
      check(caches, "TransformerEncoder", layers.count)
      var y = x
      for (i, layer) in layers.enumerated() {
        y = layer(y, mask: mask, keyMask: keyMask, isCausal: isCausal, cache: cache(i, of: caches))
      }
      return norm.map { $0(y) } ?? y
    }
  }

  /// An empty cache for each layer.
  public func makeCaches() -> [KeyValueCache<Element>] { layers.map { _ in KeyValueCache() } }
}

/// A stack of a transformer's decoder layers, and a norm of what the last gives.
///
/// Parameters have the names of PyTorch's `nn.TransformerDecoder`.
public final class TransformerDecoder<Element: DifferentiableScalar>: Module {
  /// The layers, one after the other.
  public let layers: [TransformerDecoderLayer<Element>]
  /// The norm of the output, or nil.
  public let norm: LayerNorm<Element>?

  /// So many layers, each made by a call: `TransformerDecoder(6) { TransformerDecoderLayer(512, heads: 8) }`. None, or
  /// fewer, are an error.
  public init(
    _ count: Int, norm: LayerNorm<Element>? = nil, file: StaticString = #fileID, line: UInt = #line,
    _ layer: () -> TransformerDecoderLayer<Element>
  ) {
    layers = stack("TransformerDecoder", count, file, line, layer)
    self.norm = norm
  }

  /// The input through all layers, beside what an encoder gave. Masks are handed to each, see
  /// ``TransformerDecoderLayer/callAsFunction(_:_:mask:memoryMask:keyMask:memoryKeyMask:isCausal:cache:)``; of caches
  /// there is one for each layer.
  public func callAsFunction(
    _ x: Tensor<Element>, _ memory: Tensor<Element>, mask: Tensor<Bool>? = nil,
    memoryMask: Tensor<Bool>? = nil, keyMask: Tensor<Bool>? = nil, memoryKeyMask: Tensor<Bool>? = nil,
    isCausal: Bool = false, caches: [KeyValueCache<Element>]? = nil
  ) -> Tensor<Element> {
    scoped {
      check(caches, "TransformerDecoder", layers.count)
      var y = x
      for (i, layer) in layers.enumerated() {
        y = layer(
          y, memory, mask: mask, memoryMask: memoryMask, keyMask: keyMask, memoryKeyMask: memoryKeyMask,
          isCausal: isCausal, cache: cache(i, of: caches))
      }
      return norm.map { $0(y) } ?? y
    }
  }

  /// An empty cache for each layer.
  public func makeCaches() -> [KeyValueCache<Element>] { layers.map { _ in KeyValueCache() } }
}

private func stack<Layer>(
  _ name: String, _ count: Int, _ file: StaticString, _ line: UInt, _ layer: () -> Layer
) -> [Layer] {
  if count < 1 { programError(name, "\(count) layers; at least 1", file, line) }
  return (0..<max(count, 0)).map { _ in layer() }
}

/// Refuses another number of caches than of layers.
private func check<Element>(_ caches: [KeyValueCache<Element>]?, _ name: String, _ count: Int) {
  guard let caches, caches.count != count else { return }
  programError(name, "\(caches.count) caches for \(count) layers; one for each is expected")
}

private func cache<Element>(_ i: Int, of caches: [KeyValueCache<Element>]?) -> KeyValueCache<Element>? {
  guard let caches, i < caches.count else { return nil }
  return caches[i]
}
