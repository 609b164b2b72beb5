// Conversion of tensors between element types.

extension Tensor {
  /// Converts the elements of `other` to this element type, in new storage.
  ///
  /// Between `Float` and `Double` the derivative is `dx = g`, converted back. From a number to `Bool`, the
  /// result is true if the number is not 0. To an integer, fractions are cut off; NaN and numbers out of
  /// range are an error.
  public convenience init<Other>(
    _ other: Tensor<Other>, file: StaticString = #fileID, line: UInt = #line
  ) {
    if let failure = other.failure {
      self.init(settle(failure))
      return
    }
    let (result, misfits) = other.converted(to: Element.self)
    if misfits > 0 {
      self.init(
        mistake(
          "Tensor", "\(misfits) of \(other.count) elements are NaN or out of range for \(Element.self)", file,
          line))
      return
    }
    self.init(adopting: result)
    if other.isTracked, isRecording, !isFailed, Element.element.isFloating {
      _ = attach(CastNode(from: other.node!))
    } else {
      named("Cast")
    }
  }
}

/// The node of a cast between `Float` and `Double`, the element types that have derivatives.
private final class CastNode<Element: TensorScalar, Source: TensorScalar>: ValueNode<Element> {
  private var source: ValueNode<Source>?

  init(from source: ValueNode<Source>) {
    self.source = source
    super.init("Cast", source.shape)
    inputCount = 1
  }

  deinit { GradFunction.release(&source) }

  override func input(_ i: Int) -> GradFunction { source! }

  override func propagate(_ pass: BackwardPass) -> Bool {
    guard let source, let gradient = gradient.take() else { return true }
    guard source.accept(Tensor<Source>(gradient)) else { return false }
    if !pass.retainsGraph {
      isFreed = true
      inputCount = 0
      GradFunction.release(&self.source)
    }
    return true
  }
}
