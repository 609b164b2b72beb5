// Access to a tensor's scalars, gradient and history.

extension Tensor {
  /// A copy of the elements in row-major order; empty for a failed tensor.
  public var scalars: [Element] { isFailed ? [] : readScalars }

  /// The scalar of a tensor with one element, of any rank. Another number of elements is an error.
  public var item: Element {
    if let failure {
      _ = settle(failure)
      return .absent
    }
    guard count == 1 else {
      mistake("item", "a tensor of shape \(shape) has \(count) elements; it must have exactly 1")
      return .absent
    }
    return firstScalar
  }

  /// A Boolean value that tells whether backward passes compute a gradient for this tensor.
  ///
  /// It can be set on a leaf. It is true for a tensor that is computed from such a leaf while recording.
  /// Setting it on a tensor with history is an error, because such a tensor always requires a gradient;
  /// ``detached()`` returns a tensor that does not. Setting it is also an error for elements other than
  /// `Float`, `Double` and complex ones, which have no gradients.
  public var requiresGrad: Bool {
    get { isTracked }
    set {
      if let failure {
        _ = settle(failure)
        return
      }
      guard isLeaf else {
        mistake(
          "requiresGrad", "the tensor was made by \(node!.name); only a leaf's can be set; use detached()")
        return
      }
      if newValue {
        guard Element.element.hasDerivatives else {
          mistake(
            "requiresGrad",
            "the elements are \(Element.self); only Float, Double and Complex have derivatives")
          return
        }
        if node == nil { node = Accumulator(shape: layout.shape) }
        if base != nil { recordedChanges = Tensor.withoutBase }
      }
      isTracked = newValue
    }
  }

  /// Sets `requiresGrad` on a tensor that was just created.
  func startTracking(_ file: StaticString, _ line: UInt) {
    if isFailed { return }
    guard Element.element.hasDerivatives else {
      mistake(
        "requiresGrad", "the elements are \(Element.self); only Float, Double and Complex have derivatives",
        file, line
      )
      return
    }
    node = Accumulator(shape: layout.shape)
    isTracked = true
  }

  /// A Boolean value that tells whether no recorded operation computed this tensor.
  public var isLeaf: Bool { !isTracked || node!.isLeaf }

  /// The record of the operation that computed this tensor (PyTorch's `grad_fn`); nil for a leaf.
  public var gradFunction: GradFunction? { isLeaf ? nil : node }

  /// The sum of the gradients that backward passes have computed for this leaf since ``zeroGrad()``. It has
  /// contiguous storage of its own. It is nil before the first backward pass, and for a tensor that is not a
  /// leaf unless ``retainGrad(file:line:)`` was called.
  public var grad: Tensor? { node?.keptGradient }

  /// Removes the gradient: `grad` is nil until the next backward pass.
  public func zeroGrad() { node?.keptGradient = nil }
}
