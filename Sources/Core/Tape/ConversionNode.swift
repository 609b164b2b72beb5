/// The node of an operation whose input has another element type: a cast, or a part of a complex number.
final class ConversionNode<Element: TensorScalar, Source: TensorScalar>: ValueNode<Element> {
  /// Computes the gradient of the input from that of the output and from the saved tensor.
  typealias Rule = (Tensor<Element>, Tensor<Source>?) -> Tensor<Source>

  private var source: ValueNode<Source>?
  private var saved: Saved<Source>?
  private let rule: Rule

  init(
    _ operation: StaticString, _ shape: TensorShape, from source: ValueNode<Source>,
    saving saved: Tensor<Source>?,
    _ rule: @escaping Rule
  ) {
    self.source = source
    self.saved = saved.map { Saved($0) }
    self.rule = rule
    super.init(operation, shape)
    inputCount = 1
  }

  deinit { release() }

  override func input(_ i: Int) -> GradFunction { source! }

  override func propagate(_ pass: BackwardPass) -> Bool {
    guard let source, let gradient = gradient.take() else { return true }
    guard saved?.isIntact ?? true else { return refuseChanged(pass) }
    guard source.accept(rule(gradient, saved?.tensor)) else { return false }
    if !pass.retainsGraph {
      isFreed = true
      release()
    }
    return true
  }

  private func release() {
    saved?.deferReleases()
    (saved, inputCount) = (nil, 0)
    GradFunction.release(&source)
  }
}

extension Tensor {
  /// Records this result of an operation on a tensor of another element type. The rule receives the gradient.
  func recorded<Source>(
    _ name: StaticString, from source: Tensor<Source>, _ rule: @escaping (Tensor) -> Tensor<Source>
  ) -> Tensor {
    recorded(name, from: source, saving: nil) { g, _ in rule(g) }
  }

  /// Records this result of an operation on a tensor of another element type. The rule receives the gradient and that
  /// tensor.
  func recorded<Source>(
    _ name: StaticString, saving source: Tensor<Source>,
    _ rule: @escaping (Tensor, Tensor<Source>) -> Tensor<Source>
  ) -> Tensor {
    recorded(name, from: source, saving: source) { g, source in rule(g, source!) }
  }

  private func recorded<Source>(
    _ name: StaticString, from source: Tensor<Source>, saving saved: Tensor<Source>?,
    _ rule: @escaping ConversionNode<Element, Source>.Rule
  ) -> Tensor {
    guard isRecording, failure == nil, source.isTracked else { return named(name) }
    return attach(ConversionNode(name, layout.shape, from: source.node!, saving: saved, rule))
  }
}
