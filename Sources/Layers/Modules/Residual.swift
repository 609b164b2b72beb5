public import MartletCore

/// A block whose input is added to its output (He et al. 2016, arXiv:1512.03385):
/// `y = shortcut(x) + block(x)`. Without a shortcut, x itself is added. If the block changes the shape, the
/// shortcut must return the block's shape.
///
/// Parameters are named `"block.0.weight"` and `"shortcut.weight"`.
///
/// ```swift
/// let model = Sequential {
///   Residual { Linear(8, 8); Tanh() }
///   Residual(shortcut: Linear(8, 16)) { Linear(8, 16); Tanh() }
/// }
/// let y = model(Tensor<Float>.normal([4, 8]))  // [4, 16]
/// ```
public final class Residual<Element: DifferentiableScalar>: Layer {
  private let block: Sequential<Tensor<Element>, Tensor<Element>>
  private let shortcut: (any Layer<Tensor<Element>, Tensor<Element>>)?

  /// Creates a residual block from the layers of a builder's block, `Residual { Linear(8, 8); Tanh() }`. The
  /// shortcut is applied to the input before the sum.
  public init(
    shortcut: (any Layer<Tensor<Element>, Tensor<Element>>)? = nil,
    @SequentialBuilder _ block: () -> LayerChain<Tensor<Element>, Tensor<Element>>
  ) {
    self.block = Sequential(block)
    self.shortcut = shortcut
  }

  /// Returns the sum of the shortcut's and the block's output. Shapes that differ are an error. Derivative:
  /// the sum of the derivatives of both.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    let made = block(x), kept = shortcut.map { $0(x) } ?? x
    if made.shape != kept.shape, !made.isFailed, !kept.isFailed {
      programError(
        "Residual",
        "the block's output of shape \(made.shape) does not fit the shortcut's of shape \(kept.shape); the shapes must be equal"
      )
    }
    return kept + made
  }
}
