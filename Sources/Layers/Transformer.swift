public import MartletCore

/// The nonlinearity between the affine maps of a transformer's layer.
public enum TransformerActivation: Sendable {
  /// The positive part, `max(x, 0)`.
  case relu
  /// The Gaussian error linear unit, `x Φ(x)`.
  case gelu

  fileprivate func callAsFunction<Element: DifferentiableScalar>(_ x: Tensor<Element>) -> Tensor<Element> {
    switch self {
    case .relu: x.relu()
    case .gelu: x.gelu()
    }
  }
}

/// What the layers of a transformer's encoder and decoder share.
private protocol TransformerLayer: Module {
  var linear1: Linear<Element> { get }
  var linear2: Linear<Element> { get }
  var innerDropout: Dropout<Element> { get }
  var outerDropout: Dropout<Element> { get }
  var activation: TransformerActivation { get }
  var normFirst: Bool { get }
}

extension TransformerLayer {
  /// How it was made, beside what is within.
  public var configuration: String { "activation: \(activation), normFirst: \(normFirst)" }

  /// `x + body(norm(x))`, or `norm(x + body(x))` where the norm comes last.
  func residual(
    _ x: Tensor<Element>, _ norm: LayerNorm<Element>, _ body: (Tensor<Element>) -> Tensor<Element>
  ) -> Tensor<Element> {
    normFirst ? x + outerDropout(body(norm(x))) : norm(x + outerDropout(body(x)))
  }

  /// The two affine maps of each position.
  func feedForward(_ x: Tensor<Element>) -> Tensor<Element> {
    linear2(innerDropout(activation(linear1(x))))
  }
}

/// A layer of a transformer's encoder (Vaswani et al. 2017, arXiv:1706.03762): self-attention, and two affine maps of
/// each position, each beside its input and normalised, `[n, t, dimensions]` to the same.
///
/// Parameters have the names of PyTorch's `nn.TransformerEncoderLayer`; the batch comes first. With `isCausal` it is the
/// layer of a decoder alone, as GPT has it.
public final class TransformerEncoderLayer<Element: DifferentiableScalar>: Module, TransformerLayer {
  /// The attention of a sequence to itself.
  public let selfAttn: MultiHeadAttention<Element>
  /// The affine map of a position to `feedForward` elements, and the one back.
  public let linear1: Linear<Element>, linear2: Linear<Element>
  /// The norms of the attention and of the affine maps.
  public let norm1: LayerNorm<Element>, norm2: LayerNorm<Element>
  /// Whether inputs are normalised (Xiong et al. 2020, arXiv:2002.04745) instead of outputs.
  public let normFirst: Bool
  fileprivate let innerDropout: Dropout<Element>, outerDropout: Dropout<Element>,
    activation: TransformerActivation

  /// A layer of `heads` heads, which divide the dimensions, and `feedForward` elements between the affine maps.
  ///
  /// Weights of attention, these elements and what is added are dropped with a probability. `keyValueHeads` and
  /// `positions` are those of ``MultiHeadAttention``.
  public convenience init(
    _ dimensions: Int, heads: Int, feedForward: Int = 2048, dropout: Double = 0.1,
    activation: TransformerActivation = .relu, epsilon: Element = 1e-5, normFirst: Bool = false,
    bias: Bool = true,
    keyValueHeads: Int? = nil, positions: RotaryPositions<Element>? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      dimensions, heads, feedForward, dropout, activation, epsilon, normFirst, bias, keyValueHeads, positions,
      file, line)
  }

  fileprivate init(
    _ dimensions: Int, _ heads: Int, _ feedForward: Int, _ dropout: Double,
    _ activation: TransformerActivation,
    _ epsilon: Element, _ normFirst: Bool, _ bias: Bool, _ keyValueHeads: Int?,
    _ positions: RotaryPositions<Element>?, _ file: StaticString, _ line: UInt
  ) {
    selfAttn = MultiHeadAttention(
      dimensions, heads: heads, keyValueHeads: keyValueHeads, dropout: dropout, bias: bias,
      positions: positions, file: file, line: line)
    linear1 = Linear(dimensions, feedForward, bias: bias, file: file, line: line)
    linear2 = Linear(feedForward, dimensions, bias: bias, file: file, line: line)
    norm1 = LayerNorm(dimensions, epsilon: epsilon, bias: bias, file: file, line: line)
    norm2 = LayerNorm(dimensions, epsilon: epsilon, bias: bias, file: file, line: line)
    innerDropout = Dropout(dropout, file: file, line: line)
    outerDropout = Dropout(dropout, file: file, line: line)
    (self.activation, self.normFirst) = (activation, normFirst)
  }

  /// The layer's output, `[n, t, dimensions]` to the same, or without n. Masks and the cache are those of
  /// ``MultiHeadAttention/callAsFunction(_:_:_:mask:keyMask:bias:isCausal:cache:)``.
  public func callAsFunction(
    _ x: Tensor<Element>, mask: Tensor<Bool>? = nil, keyMask: Tensor<Bool>? = nil, isCausal: Bool = false,
    cache: KeyValueCache<Element>? = nil
  ) -> Tensor<Element> {
    scoped {
      let attended = residual(x, norm1) {
        selfAttn($0, mask: mask, keyMask: keyMask, isCausal: isCausal, cache: cache)
      }
      return residual(attended, norm2, feedForward)
    }
  }
}

extension TransformerEncoderLayer where Element == Float {
  /// A layer of `heads` heads, which divide the dimensions, and `feedForward` elements between the affine maps.
  ///
  /// Weights of attention, these elements and what is added are dropped with a probability. `keyValueHeads` and
  /// `positions` are those of ``MultiHeadAttention``.
  public convenience init(
    _ dimensions: Int, heads: Int, feedForward: Int = 2048, dropout: Double = 0.1,
    activation: TransformerActivation = .relu, epsilon: Float = 1e-5, normFirst: Bool = false,
    bias: Bool = true,
    keyValueHeads: Int? = nil, positions: RotaryPositions<Float>? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      dimensions, heads, feedForward, dropout, activation, epsilon, normFirst, bias, keyValueHeads, positions,
      file, line)
  }
}

/// A layer of a transformer's decoder (Vaswani et al. 2017, arXiv:1706.03762): self-attention, attention to what an
/// encoder gave, and two affine maps of each position, each beside its input and normalised.
///
/// Parameters have the names of PyTorch's `nn.TransformerDecoderLayer`; the batch comes first.
public final class TransformerDecoderLayer<Element: DifferentiableScalar>: Module, TransformerLayer {
  /// The attention of a sequence to itself.
  public let selfAttn: MultiHeadAttention<Element>
  /// The attention to the encoder's output.
  public let multiheadAttn: MultiHeadAttention<Element>
  /// The affine map of a position to `feedForward` elements, and the one back.
  public let linear1: Linear<Element>, linear2: Linear<Element>
  /// The norms of the two attentions and of the affine maps.
  public let norm1: LayerNorm<Element>, norm2: LayerNorm<Element>, norm3: LayerNorm<Element>
  /// Whether inputs are normalised (Xiong et al. 2020, arXiv:2002.04745) instead of outputs.
  public let normFirst: Bool
  fileprivate let innerDropout: Dropout<Element>, outerDropout: Dropout<Element>,
    activation: TransformerActivation

  /// A layer of `heads` heads, which divide the dimensions, and `feedForward` elements between the affine maps.
  ///
  /// Weights of attention, these elements and what is added are dropped with a probability.
  public convenience init(
    _ dimensions: Int, heads: Int, feedForward: Int = 2048, dropout: Double = 0.1,
    activation: TransformerActivation = .relu, epsilon: Element = 1e-5, normFirst: Bool = false,
    bias: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      dimensions, heads, feedForward, dropout, activation, epsilon, normFirst, bias, file, line)
  }

  fileprivate init(
    _ dimensions: Int, _ heads: Int, _ feedForward: Int, _ dropout: Double,
    _ activation: TransformerActivation,
    _ epsilon: Element, _ normFirst: Bool, _ bias: Bool, _ file: StaticString, _ line: UInt
  ) {
    selfAttn = MultiHeadAttention(
      dimensions, heads: heads, dropout: dropout, bias: bias, file: file, line: line)
    multiheadAttn = MultiHeadAttention(
      dimensions, heads: heads, dropout: dropout, bias: bias, file: file, line: line)
    linear1 = Linear(dimensions, feedForward, bias: bias, file: file, line: line)
    linear2 = Linear(feedForward, dimensions, bias: bias, file: file, line: line)
    norm1 = LayerNorm(dimensions, epsilon: epsilon, bias: bias, file: file, line: line)
    norm2 = LayerNorm(dimensions, epsilon: epsilon, bias: bias, file: file, line: line)
    norm3 = LayerNorm(dimensions, epsilon: epsilon, bias: bias, file: file, line: line)
    innerDropout = Dropout(dropout, file: file, line: line)
    outerDropout = Dropout(dropout, file: file, line: line)
    (self.activation, self.normFirst) = (activation, normFirst)
  }

  /// The layer's output for `[n, t, dimensions]` beside what an encoder gave, `[n, s, dimensions]`; both without n for
  /// one sequence.
  ///
  /// `mask`, `keyMask`, `isCausal` and the cache are those of the attention to itself, `memoryMask` and `memoryKeyMask`
  /// those of the attention to the memory; see
  /// ``MultiHeadAttention/callAsFunction(_:_:_:mask:keyMask:bias:isCausal:cache:)``.
  public func callAsFunction(
    _ x: Tensor<Element>, _ memory: Tensor<Element>, mask: Tensor<Bool>? = nil,
    memoryMask: Tensor<Bool>? = nil, keyMask: Tensor<Bool>? = nil, memoryKeyMask: Tensor<Bool>? = nil,
    isCausal: Bool = false, cache: KeyValueCache<Element>? = nil
  ) -> Tensor<Element> {
    scoped {
      let attended = residual(x, norm1) {
        selfAttn($0, mask: mask, keyMask: keyMask, isCausal: isCausal, cache: cache)
      }
      let joined = residual(attended, norm2) {
        multiheadAttn($0, memory, mask: memoryMask, keyMask: memoryKeyMask)
      }
      return residual(joined, norm3, feedForward)
    }
  }
}

extension TransformerDecoderLayer where Element == Float {
  /// A layer of `heads` heads, which divide the dimensions, and `feedForward` elements between the affine maps.
  ///
  /// Weights of attention, these elements and what is added are dropped with a probability.
  public convenience init(
    _ dimensions: Int, heads: Int, feedForward: Int = 2048, dropout: Double = 0.1,
    activation: TransformerActivation = .relu, epsilon: Float = 1e-5, normFirst: Bool = false,
    bias: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(
      dimensions, heads, feedForward, dropout, activation, epsilon, normFirst, bias, file, line)
  }
}
