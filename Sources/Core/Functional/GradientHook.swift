// Hooks on gradients: closures that see or replace the gradient of a tensor during a backward pass.

extension Tensor where Element: FieldScalar {
  /// Calls `hook` with the gradient of this tensor in every backward pass, as soon as the gradient is complete.
  ///
  /// The hook returns another gradient of the same shape, or nil to leave the gradient as it is. Hooks run in the order
  /// in which they were added, on leaves before the gradient is added to ``grad``, on other tensors before it flows on.
  /// With `createGraph` they are recorded. A tensor that does not require a gradient is an error, and so is a hook that
  /// changes the shape.
  ///
  /// ```swift
  /// let w = Tensor<Float>([1, 2], requiresGrad: true)
  /// let hook = w.onGradient { $0.clamped(-1...1) }
  /// (w * 5).sum().backward()  // w.grad is [1, 1]
  /// hook.remove()
  /// ```
  @discardableResult
  public func onGradient(
    file: StaticString = #fileID, line: UInt = #line, _ hook: @escaping (Tensor) -> Tensor?
  ) -> GradientHook {
    guard let hooks = watchedHooks("onGradient", file, line) else { return GradientHook {} }
    let number = hooks.add(hook)
    return GradientHook { [weak hooks] in hooks?.remove(number) }
  }

  /// Keeps the gradient of a tensor that is not a leaf in ``grad``, as that of a leaf is kept.
  ///
  /// The kept gradient is the one after all hooks. A tensor that does not require a gradient is an error.
  ///
  /// ```swift
  /// let x = Tensor<Float>([1, 2], requiresGrad: true)
  /// let y = x * x
  /// y.retainGrad()
  /// (y * 3).sum().backward()
  /// print(y.grad!)  // [3, 3]
  /// ```
  public func retainGrad(file: StaticString = #fileID, line: UInt = #line) {
    guard let hooks = watchedHooks("retainGrad", file, line) else { return }
    if !isLeaf { hooks.keeps = true }
  }

  private func watchedHooks(
    _ operation: String, _ file: StaticString, _ line: UInt
  ) -> GradientHooks<Element>? {
    if refuses(failure) { return nil }
    guard isTracked, let node else {
      mistake(operation, "the tensor of shape \(shape) does not require a gradient", file, line)
      return nil
    }
    let details = node.details ?? NodeDetails(), hooks = details.hooks ?? GradientHooks()
    details.hooks = hooks
    node.details = details
    node.isWatched = true
    return hooks
  }
}

/// A hook that ``Tensor/onGradient(file:line:_:)`` added.
///
/// ```swift
/// let w = Tensor<Float>([1, 2], requiresGrad: true)
/// let hook = w.onGradient { gradient in
///   print(gradient)
///   return nil
/// }
/// w.sum().backward()
/// hook.remove()
/// ```
public struct GradientHook {
  private let removal: () -> Void

  fileprivate init(_ removal: @escaping () -> Void) { self.removal = removal }

  /// Removes the hook: later backward passes do not call it.
  public func remove() { removal() }
}
