public import MartletCore

/// The nonlinearity between the affine maps of a transformer's layer.
///
/// ```swift
/// let layer = TransformerEncoderLayer(64, heads: 4, activation: TransformerActivation.gelu)
/// ```
public enum TransformerActivation: Sendable {
  /// The rectified linear unit, `max(x, 0)`.
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

/// The parts that a transformer's encoder layers and decoder layers have in common.
private protocol TransformerLayer: Module {
  var linear1: Linear<Element> { get }
  var linear2: Linear<Element> { get }
  var innerDropout: Dropout<Element> { get }
  var outerDropout: Dropout<Element> { get }
  var activation: TransformerActivation { get }
  var normFirst: Bool { get }
}

extension TransformerLayer {
  /// The initialiser's arguments that the inner modules do not show, as `print(model)` shows them.
  public var configuration: String { "activation: \(activation), normFirst: \(normFirst)" }

  /// Computes `x + dropout(body(norm(x)))` if `normFirst` is true, else `norm(x + dropout(body(x)))`.
  func residual(
    _ x: Tensor<Element>, _ norm: LayerNorm<Element>, _ body: (Tensor<Element>) -> Tensor<Element>
  ) -> Tensor<Element> {
    normFirst ? x + outerDropout(body(norm(x))) : norm(x + outerDropout(body(x)))
  }

  /// Applies the two affine maps to each position.
  func feedForward(_ x: Tensor<Element>) -> Tensor<Element> {
    linear2(innerDropout(activation(linear1(x))))
  }
}

/// A layer of a transformer's encoder (Vaswani et al. 2017, arXiv:1706.03762), `[n, t, dimensions]` to the
/// same. It consists of self-attention and of two affine maps of each position. The output of each part is
/// added to the part's input. The sum is normalised, or with ``normFirst`` the part's input.
///
/// Parameters have the names of PyTorch's `nn.TransformerEncoderLayer`. The batch comes first. With
/// `isCausal` the layer is that of a decoder-only model such as GPT.
///
/// ```swift
/// let layer = TransformerEncoderLayer(64, heads: 4, feedForward: 256, dropout: 0, normFirst: true)
/// let x = Tensor<Float>.normal([2, 10, 64])
/// let y = layer(x)  // [2, 10, 64]
/// ```
public final class TransformerEncoderLayer<Element: DifferentiableScalar>: Module, TransformerLayer {
  /// The attention of a sequence to itself.
  public let selfAttn: MultiHeadAttention<Element>
  /// The affine map of a position to `feedForward` elements, and the affine map back.
  public let linear1: Linear<Element>, linear2: Linear<Element>
  /// The norms of the attention and of the affine maps.
  public let norm1: LayerNorm<Element>, norm2: LayerNorm<Element>
  /// True if inputs are normalised (Xiong et al. 2020, arXiv:2002.04745) instead of outputs.
  public let normFirst: Bool
  fileprivate let innerDropout: Dropout<Element>, outerDropout: Dropout<Element>,
    activation: TransformerActivation

  /// Creates a layer with `heads` heads and `feedForward` elements between the affine maps. The number of
  /// heads must divide the dimensions.
  ///
  /// `dropout` is the probability with which three things are set to zero while training: weights of the
  /// attention, elements between the affine maps, and elements of the outputs that are added to the inputs.
  /// ``MultiHeadAttention`` describes `keyValueHeads` and `positions`.
  @_disfavoredOverload
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

  /// Returns the layer's output, `[n, t, dimensions]` to the same, or `[t, dimensions]` for one sequence. The
  /// masks and the cache are those of
  /// ``MultiHeadAttention/callAsFunction(_:_:_:mask:keyMask:bias:isCausal:cache:)``.
  ///
  /// ```swift
  /// let layer = TransformerEncoderLayer(64, heads: 4)
  /// let tokens = Tensor<Float>.normal([2, 3, 64])
  /// let keyMask = Tensor<Bool>([true, true, true, true, true, false], shape: [2, 3])
  /// let output = layer(tokens, keyMask: keyMask, isCausal: true)  // [2, 3, 64]
  /// ```
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
  /// Creates a layer with `heads` heads and `feedForward` elements between the affine maps. The number of
  /// heads must divide the dimensions.
  ///
  /// `dropout` is the probability with which three things are set to zero while training: weights of the
  /// attention, elements between the affine maps, and elements of the outputs that are added to the inputs.
  /// ``MultiHeadAttention`` describes `keyValueHeads` and `positions`.
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

/// A layer of a transformer's decoder (Vaswani et al. 2017, arXiv:1706.03762). It consists of self-attention,
/// of attention to an encoder's output, and of two affine maps of each position. The output of each part is
/// added to the part's input. The sum is normalised, or with ``normFirst`` the part's input.
///
/// Parameters have the names of PyTorch's `nn.TransformerDecoderLayer`. The batch comes first.
///
/// ```swift
/// let layer = TransformerDecoderLayer(64, heads: 4, feedForward: 256)
/// let x = Tensor<Float>.normal([2, 5, 64])
/// let memory = Tensor<Float>.normal([2, 10, 64])
/// let y = layer(x, memory, isCausal: true)  // [2, 5, 64]
/// ```
public final class TransformerDecoderLayer<Element: DifferentiableScalar>: Module, TransformerLayer {
  /// The attention of a sequence to itself.
  public let selfAttn: MultiHeadAttention<Element>
  /// The attention to the encoder's output.
  public let multiheadAttn: MultiHeadAttention<Element>
  /// The affine map of a position to `feedForward` elements, and the affine map back.
  public let linear1: Linear<Element>, linear2: Linear<Element>
  /// The norms of the two attentions and of the affine maps.
  public let norm1: LayerNorm<Element>, norm2: LayerNorm<Element>, norm3: LayerNorm<Element>
  /// True if inputs are normalised (Xiong et al. 2020, arXiv:2002.04745) instead of outputs.
  public let normFirst: Bool
  fileprivate let innerDropout: Dropout<Element>, outerDropout: Dropout<Element>,
    activation: TransformerActivation

  /// Creates a layer with `heads` heads and `feedForward` elements between the affine maps. The number of
  /// heads must divide the dimensions.
  ///
  /// `dropout` is the probability with which three things are set to zero while training: weights of the
  /// attention, elements between the affine maps, and elements of the outputs that are added to the inputs.
  @_disfavoredOverload
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

  /// Returns the layer's output for `x`, `[n, t, dimensions]`, and an encoder's output `memory`,
  /// `[n, s, dimensions]`. Both have no axis n for one sequence.
  ///
  /// `mask`, `keyMask`, `isCausal` and the cache are those of the self-attention. `memoryMask` and
  /// `memoryKeyMask` are those of the attention to the memory. See
  /// ``MultiHeadAttention/callAsFunction(_:_:_:mask:keyMask:bias:isCausal:cache:)``.
  ///
  /// ```swift
  /// let layer = TransformerDecoderLayer(64, heads: 4)
  /// let x = Tensor<Float>.normal([1, 5, 64])
  /// let memory = Tensor<Float>.normal([1, 3, 64])
  /// let memoryKeyMask = Tensor<Bool>([true, true, false], shape: [1, 3])
  /// let y = layer(x, memory, memoryKeyMask: memoryKeyMask, isCausal: true)  // [1, 5, 64]
  /// ```
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
  /// Creates a layer with `heads` heads and `feedForward` elements between the affine maps. The number of
  /// heads must divide the dimensions.
  ///
  /// `dropout` is the probability with which three things are set to zero while training: weights of the
  /// attention, elements between the affine maps, and elements of the outputs that are added to the inputs.
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
