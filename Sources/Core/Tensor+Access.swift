// Scalars, gradients and history as the user reads them.

extension Tensor {
  /// A copy of the elements in row-major order; empty for a failed tensor.
  public var scalars: [Element] { isFailed ? [] : readScalars }

  /// The scalar of a one-element tensor, whatever its rank; an error on any other.
  public var item: Element {
    if let failure {
      _ = settle(failure)
      return .absent
    }
    guard count == 1 else {
      mistake("item", "a tensor of shape \(shape) has \(count) elements; exactly 1 is expected")
      return .absent
    }
    return firstScalar
  }

  /// Whether gradients are asked of this: set for a leaf, true for what is computed from one while recording.
  ///
  /// Setting it on a tensor with history is an error: it always requires a gradient; ``detached()`` gives one
  /// that does not. Only `Float` and `Double` have gradients; it is an error for other elements.
  public var requiresGrad: Bool {
    get { isTracked }
    set {
      if let failure {
        _ = settle(failure)
        return
      }
      guard isLeaf else {
        mistake(
          "requiresGrad", "set on a tensor that \(node!.name) made; only a leaf's can be set, use detached()")
        return
      }
      if newValue {
        guard Element.kernels.isFloating else {
          mistake("requiresGrad", "elements are \(Element.self); only Float and Double have derivatives")
          return
        }
        if node == nil { node = Accumulator(shape: layout.shape) }
      }
      isTracked = newValue
    }
  }

  /// Turns `requiresGrad` on for a tensor that was just made.
  func startTracking(_ file: StaticString, _ line: UInt) {
    if isFailed { return }
    guard Element.kernels.isFloating else {
      mistake(
        "requiresGrad", "elements are \(Element.self); only Float and Double have derivatives", file, line)
      return
    }
    node = Accumulator(shape: layout.shape)
    isTracked = true
  }

  /// Whether no recorded operation made this.
  public var isLeaf: Bool { node == nil || node!.isLeaf }

  /// The record of the operation that made this (PyTorch's `grad_fn`); nil for a leaf.
  public var gradFunction: GradFunction? { isLeaf ? nil : node }

  /// The sum of the gradients that backward passes have brought to this leaf since ``zeroGrad()``: contiguous
  /// storage of its own; nil before the first and for a tensor that is no leaf.
  public var grad: Tensor? { node?.leafGradient }

  /// Forgets the gradient: `grad` is nil until the next backward pass.
  public func zeroGrad() { node?.leafGradient = nil }
}
