/// A tensor that a rule needs, with the version of its storage when it was saved.
struct Saved<Element: TensorScalar> {
  let tensor: Tensor<Element>
  let version: Int

  @inline(__always)
  init(_ tensor: Tensor<Element>) {
    // A substituted tensor gets its own memory back before the backward pass.
    self.tensor = tensor.isSubstituted ? tensor.presentState : tensor
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
  /// A rule with a saved tensor of another element type; it returns nil if that tensor was changed in place.
  case savingOther((T) -> T?)
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
    case .savingOther: break
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

// The edge of an input, by what its rule receives; nil if the input requires no gradient.
extension Tensor {
  typealias OneRule = (Tensor) -> Tensor
  typealias TwoRule = (Tensor, Tensor) -> Tensor
  typealias ThreeRule = (Tensor, Tensor, Tensor) -> Tensor
  typealias AddingRule = (Tensor, Tensor, Tensor?) -> Tensor

  /// An edge whose rule receives the gradient.
  @inline(__always)
  func edge(_ rule: @autoclosure () -> OneRule) -> Edge<Element>? {
    isTracked ? Edge(input: node!, rule: .plain(rule())) : nil
  }

  /// An edge whose rule receives the gradient and a saved tensor.
  @inline(__always)
  func edge(saving x: Tensor, _ rule: @autoclosure () -> TwoRule) -> Edge<Element>? {
    isTracked ? Edge(input: node!, rule: .saving(Saved(x), rule())) : nil
  }

  /// An edge whose rule receives the gradient and two saved tensors.
  @inline(__always)
  func edge(saving x: Tensor, _ y: Tensor, _ rule: @autoclosure () -> ThreeRule) -> Edge<Element>? {
    isTracked ? Edge(input: node!, rule: .savingTwo(Saved(x), Saved(y), rule())) : nil
  }

  /// An edge whose rule receives the gradient and the output.
  @inline(__always)
  func edge(output rule: @autoclosure () -> TwoRule) -> Edge<Element>? {
    isTracked ? Edge(input: node!, rule: .output(rule())) : nil
  }

  /// An edge whose rule receives the gradient, the output and a saved tensor.
  @inline(__always)
  func edge(outputSaving x: Tensor, _ rule: @autoclosure () -> ThreeRule) -> Edge<Element>? {
    isTracked ? Edge(input: node!, rule: .outputSaving(Saved(x), rule())) : nil
  }

  /// An edge whose rule receives the gradient, a saved tensor, and an existing gradient to which it adds its
  /// result, or nil.
  @inline(__always)
  func edge(saving x: Tensor, adding rule: @autoclosure () -> AddingRule) -> Edge<Element>? {
    isTracked ? Edge(input: node!, rule: .adding(Saved(x), rule())) : nil
  }

  /// An edge whose rule receives the gradient and a saved tensor of another element type, such as indices or a
  /// mask.
  @inline(__always)
  func edge<Other>(
    saving x: Tensor<Other>, _ rule: @autoclosure () -> (Tensor, Tensor<Other>) -> Tensor
  ) -> Edge<Element>? {
    guard isTracked else { return nil }
    let saved = Saved(x), rule = rule()
    return Edge(input: node!, rule: .savingOther { g in saved.isIntact ? rule(g, saved.tensor) : nil })
  }
}

extension Rule {
  /// True if the rule receives the output.
  @inline(__always)
  var takesOutput: Bool {
    switch self {
    case .output: true
    case .outputSaving: true
    default: false
    }
  }
}
