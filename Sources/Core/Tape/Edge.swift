/// The tape's alias of a tensor that a rule needs, with the version it was saved at.
struct Saved<Element: TensorScalar> {
  let tensor: Tensor<Element>
  let version: Int

  @inline(__always)
  init(_ tensor: Tensor<Element>) {
    self.tensor = tensor
    version = tensor.storage.version
  }

  var isIntact: Bool { tensor.storage.version == version }

  /// Nodes that the tensor keeps alive, and that a view made in noGrad keeps alive through its base.
  func deferReleases() {
    deferRelease(tensor.node)
    deferRelease(tensor.base?.node)
  }
}

/// How a gradient of the output becomes one of an input; what a rule saved is handed back to it.
enum Rule<Element: TensorScalar>: ~Copyable {
  typealias T = Tensor<Element>
  case plain((T) -> T)
  case saving(Saved<Element>, (T, T) -> T)
  /// A rule that adds to the gradient it is handed last, in place, where there is one, and returns that.
  case adding(Saved<Element>, (T, T, T?) -> T)
  case savingTwo(Saved<Element>, Saved<Element>, (T, T, T) -> T)
  case output((T, T) -> T)
  case outputSaving(Saved<Element>, (T, T, T) -> T)
}

/// One input of a recorded operation. Not copied: it lies in its node, is lent to the pass and released once.
struct Edge<Element: TensorScalar>: ~Copyable {
  let input: ValueNode<Element>
  let rule: Rule<Element>

  /// Lets go of the nodes that this keeps alive, after those that are being released.
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
