// Second derivatives of operations whose gradients are one fused rule: the operation is made again of recorded
// operations, and their gradients are taken instead.

/// Stands for an input while an operation is replayed: the tape ends at it, until it is joined to the input's node.
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

/// Where a replay's pass begins: hands each output its gradient.
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
  /// The gradients of an operation's inputs with their history, by what `compose` makes the outputs of: recorded
  /// operations on the inputs it is handed.
  ///
  /// The pass over them runs inside another: it sees nothing of the graph behind the inputs, which it is joined to
  /// when it is over.
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
