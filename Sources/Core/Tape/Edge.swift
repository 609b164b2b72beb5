/// A tensor that a rule needs, with the version of its storage when it was saved.
struct Saved<Element: TensorScalar> {
  let tensor: Tensor<Element>
  let version: Int

  @inline(__always)
  init(_ tensor: Tensor<Element>) {
    self.tensor = tensor
    version = tensor.storage.version
  }

  var isIntact: Bool { tensor.storage.version == version }

  /// Defers the release of the tensor's node and of its base's node: a view made in `noGrad` keeps its base
  /// alive.
  func deferReleases() {
    deferRelease(tensor.node)
    deferRelease(tensor.base?.node)
  }
}

/// The rule that turns the gradient of the output into the gradient of an input. The rule receives the
/// tensors that it saved.
enum Rule<Element: TensorScalar>: ~Copyable {
  typealias T = Tensor<Element>
  case plain((T) -> T)
  case saving(Saved<Element>, (T, T) -> T)
  /// A rule whose last parameter is an existing gradient or nil. If there is one, the rule adds to it in
  /// place and returns it.
  case adding(Saved<Element>, (T, T, T?) -> T)
  case savingTwo(Saved<Element>, Saved<Element>, (T, T, T) -> T)
  case output((T, T) -> T)
  case outputSaving(Saved<Element>, (T, T, T) -> T)
}

/// One input of a recorded operation. An edge is not copied: its node stores it, the pass borrows it, and it
/// is released once.
struct Edge<Element: TensorScalar>: ~Copyable {
  let input: ValueNode<Element>
  let rule: Rule<Element>

  /// Releases the nodes that this edge keeps alive, after the releases in progress.
  consuming func release() {
    deferRelease(input)
    switch rule {
    case .plain: break
    case .output: break
    case .saving(let a, _): a.deferReleases()
    case .adding(let a, _): a.deferReleases()
    case .outputSaving(let a, _): a.deferReleases()
    case .savingTwo(let a, let b, _):
      a.deferReleases()
      b.deferReleases()
    }
  }
}
