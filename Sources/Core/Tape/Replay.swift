// Second derivatives of operations whose gradients one fused rule computes: the operation is repeated with
// recorded operations, whose gradients are taken instead.

/// A node in place of an input's node while an operation is replayed. The tape ends at it until it is joined
/// to the input's node.
private final class AliasNode<Element: TensorScalar>: ValueNode<Element> {
  private var original: ValueNode<Element>?

  init(_ shape: TensorShape) { super.init("Alias", shape) }

  deinit { GradFunction.release(&original) }

  func join(_ node: ValueNode<Element>) {
    original = node
    inputCount = 1
  }

  override func input(_ i: Int) -> GradFunction { original! }

  override func propagate(_ pass: BackwardPass) -> Bool {
    guard let original, let gradient = gradient.take() else { return true }
    return original.accept(gradient)
  }
}

/// The root of a replay's backward pass: it passes each output its gradient.
private final class ReplayNode<Element: TensorScalar>: GradFunction {
  private let outputs: [(node: ValueNode<Element>, gradient: Tensor<Element>)]

  init(_ outputs: [(node: ValueNode<Element>, gradient: Tensor<Element>)]) {
    self.outputs = outputs
    super.init("Replay")
    inputCount = outputs.count
  }

  override func input(_ i: Int) -> GradFunction { outputs[i].node }

  override func propagate(_ pass: BackwardPass) -> Bool {
    for (node, gradient) in outputs where !node.accept(gradient) { return false }
    return true
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Returns the gradients of an operation's inputs with their history. `compose` computes the outputs with
  /// recorded operations on the inputs that it receives.
  ///
  /// The pass over these operations runs inside another pass. The inner pass stops at aliases of the inputs,
  /// which are joined to the input's nodes when the pass is over.
  static func replayed(
    _ inputs: [Tensor], _ given: JointNode<Element>.Arguments, _ compose: ([Tensor]) -> [Tensor]
  ) -> [Tensor?] {
    let aliases = zip(inputs, given.isNeeded).map { input, isNeeded in
      let alias = Tensor(storage: input.storage.shared(), layout: input.layout)
      return isNeeded ? alias.attach(AliasNode(input.shape)) : alias
    }
    let outputs = zip(compose(aliases), given.gradients).compactMap { output, gradient in
      output.node.flatMap { node in gradient.map { (node, $0) } }
    }
    let needed = aliases.filter(\.isTracked)
    for alias in needed { alias.node!.isTarget = true }
    var order = BackwardOrder(from: ReplayNode(outputs), needsAll: false)
    var gradients: [ObjectIdentifier: Tensor] = [:]
    order.run(BackwardPass(retainsGraph: true, #fileID, #line)) { node in
      for alias in needed where alias.node === node {
        gradients[ObjectIdentifier(node)] = alias.node!.gradient
      }
    }
    for (alias, input) in zip(aliases, inputs) where alias.isTracked {
      alias.node!.isTarget = false
      (alias.node as! AliasNode<Element>).join(input.node!)
    }
    return aliases.map { alias in
      alias.node.map { gradients[ObjectIdentifier($0)] ?? .zeroed(alias.shape) }
    }
  }
}
