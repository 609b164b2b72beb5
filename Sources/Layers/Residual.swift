public import MartletCore

/// A block whose input is added to what it makes (He et al. 2016, arXiv:1512.03385): `y = shortcut(x) + block(x)`, where
/// the shortcut hands x on unless it is given, as one that changes the shape is.
///
/// Parameters are named `"block.0.weight"` and `"shortcut.weight"`.
public final class Residual<Element: DifferentiableScalar>: Layer {
  private let block: Sequential<Tensor<Element>, Tensor<Element>>
  private let shortcut: (any Layer<Tensor<Element>, Tensor<Element>>)?

  /// The layers of a builder's block, `Residual { Linear(8, 8); Tanh() }`, and what the input goes through beside them.
  public init(
    shortcut: (any Layer<Tensor<Element>, Tensor<Element>>)? = nil,
    @SequentialBuilder _ block: () -> LayerChain<Tensor<Element>, Tensor<Element>>
  ) {
    self.block = Sequential(block)
    self.shortcut = shortcut
  }

  /// The sum of both. Shapes that differ are an error. Derivative: the sum of theirs.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    let made = block(x), kept = shortcut.map { $0(x) } ?? x
    if made.shape != kept.shape, !made.isFailed, !kept.isFailed {
      programError(
        "Residual",
        "a block's output of shape \(made.shape) and a shortcut's of \(kept.shape); equal shapes are expected"
      )
    }
    return kept + made
  }
}
