/// The hooks on the gradient of one node, and the gradient that is kept for it.
final class GradientHooks<Element: TensorScalar> {
  typealias Hook = (Tensor<Element>) -> Tensor<Element>?

  private var hooks: [(number: Int, run: Hook)] = []
  private var added = 0
  /// True if ``kept`` receives the gradient.
  var keeps = false
  var kept: Tensor<Element>?

  func add(_ hook: @escaping Hook) -> Int {
    added += 1
    hooks.append((added, hook))
    return added
  }

  func remove(_ number: Int) { hooks.removeAll { $0.number == number } }

  /// Returns the gradient as the hooks leave it, or nil after an error.
  func run(_ arrived: Tensor<Element>, _ pass: BackwardPass) -> Tensor<Element>? {
    var gradient = arrived
    for hook in hooks {
      guard let changed = hook.run(gradient) else { continue }
      if changed.isFailed { return nil }
      guard changed.shape == gradient.shape else {
        mistake(
          "onGradient",
          "a hook returned a gradient of shape \(changed.shape) for one of shape \(gradient.shape)",
          pass.file, pass.line)
        return nil
      }
      gradient = changed
    }
    // A copy: the gradient may share its memory with the seed, or be added to in place.
    if keeps { kept = kept.map { $0.added(gradient) } ?? gradient.cloned() }
    return gradient
  }
}
