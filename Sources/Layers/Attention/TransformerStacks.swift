public import MartletCore

/// A stack of a transformer's encoder layers, with an optional norm of the last layer's output.
///
/// Parameters have the names of PyTorch's `nn.TransformerEncoder`, `layers.0.linear1.weight`.
///
/// ```swift
/// let encoder = TransformerEncoder(6, norm: LayerNorm(64)) { TransformerEncoderLayer(64, heads: 4) }
/// let x = Tensor<Float>.normal([2, 10, 64])
/// let memory = encoder(x)  // [2, 10, 64]
/// ```
public final class TransformerEncoder<Element: DifferentiableScalar>: Module {
  /// The layers, in the order of their calls.
  public let layers: [TransformerEncoderLayer<Element>]
  /// The norm of the output, or nil.
  public let norm: LayerNorm<Element>?

  /// Creates a stack of `count` layers. Each call of the closure makes one layer:
  /// `TransformerEncoder(6) { TransformerEncoderLayer(512, heads: 8) }`. A count below 1 is an error.
  public init(
    _ count: Int, norm: LayerNorm<Element>? = nil, file: StaticString = #fileID, line: UInt = #line,
    _ layer: () -> TransformerEncoderLayer<Element>
  ) {
    layers = stack("TransformerEncoder", count, file, line, layer)
    self.norm = norm
  }

  /// Passes the input through all layers and returns the output. Each layer gets the same masks, see
  /// ``TransformerEncoderLayer/callAsFunction(_:mask:keyMask:isCausal:cache:)``. `caches` has one cache for
  /// each layer; another number of caches is an error.
  ///
  /// ```swift
  /// let model = TransformerEncoder(2) { TransformerEncoderLayer(64, heads: 4) }
  /// model.eval()
  /// let caches = model.makeCaches(), token = Tensor<Float>.normal([1, 1, 64])
  /// let next = noGrad { model(token, isCausal: true, caches: caches) }  // [1, 1, 64]
  /// ```
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

  /// Returns an empty cache for each layer.
  public func makeCaches() -> [KeyValueCache<Element>] { layers.map { _ in KeyValueCache() } }
}

/// A stack of a transformer's decoder layers, with an optional norm of the last layer's output.
///
/// Parameters have the names of PyTorch's `nn.TransformerDecoder`.
///
/// ```swift
/// let decoder = TransformerDecoder(6) { TransformerDecoderLayer(64, heads: 4) }
/// let x = Tensor<Float>.normal([2, 5, 64])
/// let memory = Tensor<Float>.normal([2, 10, 64])
/// let y = decoder(x, memory, isCausal: true)  // [2, 5, 64]
/// ```
public final class TransformerDecoder<Element: DifferentiableScalar>: Module {
  /// The layers, in the order of their calls.
  public let layers: [TransformerDecoderLayer<Element>]
  /// The norm of the output, or nil.
  public let norm: LayerNorm<Element>?

  /// Creates a stack of `count` layers. Each call of the closure makes one layer:
  /// `TransformerDecoder(6) { TransformerDecoderLayer(512, heads: 8) }`. A count below 1 is an error.
  public init(
    _ count: Int, norm: LayerNorm<Element>? = nil, file: StaticString = #fileID, line: UInt = #line,
    _ layer: () -> TransformerDecoderLayer<Element>
  ) {
    layers = stack("TransformerDecoder", count, file, line, layer)
    self.norm = norm
  }

  /// Passes the input and an encoder's output, `memory`, through all layers and returns the output. Each
  /// layer gets the same masks, see
  /// ``TransformerDecoderLayer/callAsFunction(_:_:mask:memoryMask:keyMask:memoryKeyMask:isCausal:cache:)``.
  /// `caches` has one cache for each layer; another number of caches is an error.
  ///
  /// ```swift
  /// let decoder = TransformerDecoder(2) { TransformerDecoderLayer(64, heads: 4) }
  /// let x = Tensor<Float>.normal([1, 5, 64])
  /// let memory = Tensor<Float>.normal([1, 3, 64])
  /// let memoryKeyMask = Tensor<Bool>([true, true, false], shape: [1, 3])
  /// let y = decoder(x, memory, memoryKeyMask: memoryKeyMask, isCausal: true)  // [1, 5, 64]
  /// ```
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

  /// Returns an empty cache for each layer.
  public func makeCaches() -> [KeyValueCache<Element>] { layers.map { _ in KeyValueCache() } }
}

private func stack<Layer>(
  _ name: String, _ count: Int, _ file: StaticString, _ line: UInt, _ layer: () -> Layer
) -> [Layer] {
  if count < 1 { programError(name, "the number of layers must be at least 1, not \(count)", file, line) }
  return (0..<max(count, 0)).map { _ in layer() }
}

/// Reports an error if the number of caches differs from the number of layers.
private func check<Element>(_ caches: [KeyValueCache<Element>]?, _ name: String, _ count: Int) {
  guard let caches, caches.count != count else { return }
  programError(name, "\(caches.count) caches do not fit \(count) layers; each layer must have one")
}

private func cache<Element>(_ i: Int, of caches: [KeyValueCache<Element>]?) -> KeyValueCache<Element>? {
  guard let caches, i < caches.count else { return nil }
  return caches[i]
}
