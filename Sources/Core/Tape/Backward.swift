/// What a backward pass was asked for.
final class BackwardPass {
  let retainsGraph: Bool
  let file: StaticString
  let line: UInt

  init(retainsGraph: Bool, _ file: StaticString, _ line: UInt) {
    self.retainsGraph = retainsGraph
    self.file = file
    self.line = line
  }
}

/// The nodes of a graph, each after its inputs: walked from the end, a node's gradient is complete before it is
/// handed on. Held strongly, for the pass frees the graph as it goes.
struct BackwardOrder {
  private(set) var nodes = ContiguousArray<GradFunction>()

  /// Depth first with a stack of its own, for a graph may be deeper than the machine's.
  init(from root: GradFunction) {
    var path = ContiguousArray<(node: GradFunction, next: Int)>()
    nodes.reserveCapacity(32)
    path.reserveCapacity(32)
    root.isVisited = true
    var node = root, next = 0, count = root.inputCount
    while true {
      if next < count {
        let input = node.input(next)
        next += 1
        if input.isVisited { continue }
        input.isVisited = true
        path.append((node, next))
        (node, next, count) = (input, 0, input.inputCount)
      } else {
        nodes.append(node)
        guard let last = path.popLast() else { return }
        (node, next, count) = (last.node, last.next, last.node.inputCount)
      }
    }
  }

  /// Marks the nodes on a path to a target, or all. What lay behind a freed node is not known any more: it is marked.
  func markNeeded(all: Bool) {
    for node in nodes {
      node.isNeeded = all || node.isTarget || node.isFreed
      var i = 0
      while !node.isNeeded, i < node.inputCount {
        node.isNeeded = node.input(i).isNeeded
        i += 1
      }
    }
  }

  /// The first needed node whose rules are gone.
  var freed: GradFunction? { nodes.first { $0.isNeeded && $0.isFreed } }

  /// Walks the nodes from the end, handing gradients on. A target is shown with its gradient complete.
  mutating func run(_ pass: BackwardPass, onTarget: (GradFunction) -> Void) {
    var isGoing = true
    while let node = nodes.popLast() {
      if node.isTarget { onTarget(node) }
      if isGoing, node.isNeeded, !(node.isTarget && node.isLeaf) { isGoing = node.propagate(pass) }
      node.dropGradient()
      node.isVisited = false
      node.isNeeded = false
    }
  }

  /// Takes the marks off without a pass.
  func clear() {
    for node in nodes {
      node.isVisited = false
      node.isNeeded = false
    }
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Brings the gradient of this to the leaves it was computed from, added to each leaf's ``grad``.
  ///
  /// It is an error for a tensor that does not require a gradient, for one that is no scalar without a gradient of
  /// its shape, over a graph that an earlier pass has freed, and if a tensor that a rule needs was changed in place.
  ///
  /// - Complexity: each recorded operation is visited once, and costs about as much as its forward pass for each
  ///   input.
  /// - Parameters:
  ///   - gradient: the gradient of what is minimised with respect to this, of this shape; 1 for a scalar.
  ///     `y.backward(w)` is `(y * w).sum().backward()`.
  ///   - retainGraph: keeps what the rules need for another pass; else the graph is freed on the way, and a second
  ///     pass over any of it is an error. What `createGraph` says, unless given.
  ///   - createGraph: records the pass itself, so that the gradients have history.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func backward(
    _ gradient: Tensor? = nil, retainGraph: Bool? = nil, createGraph: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    guard let (root, seed) = start("backward", gradient, file, line) else { return }
    let pass = BackwardPass(retainsGraph: retainGraph ?? createGraph, file, line)
    var order = BackwardOrder(from: root)
    order.markNeeded(all: true)
    if order.refusesFreed("backward", file, line) { return }
    root.gradient = seed
    recording(createGraph) { order.run(pass) { _ in } }
  }

  /// The gradient of this with respect to `input`, without touching any ``grad``.
  ///
  /// An input that this does not depend on is an error; the others are those of
  /// ``backward(_:retainGraph:createGraph:file:line:)``.
  ///
  /// - Parameters:
  ///   - input: a leaf or a tensor computed on the way, that this depends on.
  ///   - gradient: as in ``backward(_:retainGraph:createGraph:file:line:)``.
  ///   - createGraph: records the pass, so that the gradient can be differentiated again.
  public func gradient(
    of input: Tensor, seed gradient: Tensor? = nil, retainGraph: Bool? = nil, createGraph: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    gradients(
      of: [input], seed: gradient, retainGraph: retainGraph, createGraph: createGraph, file: file, line: line)[
        0]
  }

  /// The gradients of this with respect to several tensors, in their order, without touching any ``grad``.
  ///
  /// Parameters and errors are those of ``gradient(of:seed:retainGraph:createGraph:file:line:)``.
  public func gradients(
    of inputs: [Tensor], seed gradient: Tensor? = nil, retainGraph: Bool? = nil, createGraph: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    let name = "gradient(of:)"
    func failed(_ failure: Failure) -> [Tensor] { inputs.map { _ in .failed(by: failure) } }
    if let failure = inputs.lazy.compactMap(\.failure).first { return failed(failure) }
    guard let (root, seed) = start(name, gradient, file, line) else { return failed(Failure.current) }
    guard inputs.allSatisfy(\.isTracked) else {
      return failed(mistake(name, "an input does not require a gradient", file, line))
    }
    var order = BackwardOrder(from: root)
    for input in inputs { input.node!.isTarget = true }
    defer { for input in inputs { input.node!.isTarget = false } }
    order.markNeeded(all: false)
    if order.refusesFreed(name, file, line) { return failed(Failure.current) }
    root.gradient = seed
    var results = [Tensor?](repeating: nil, count: inputs.count)
    let pass = BackwardPass(retainsGraph: retainGraph ?? createGraph, file, line)
    recording(createGraph) {
      order.run(pass) { node in
        for (i, input) in inputs.enumerated() where input.node === node { results[i] = input.node!.gradient }
      }
    }
    return results.map { $0 ?? .failed(name, "the tensor does not depend on an input", file, line) }
  }

  /// The node to begin at and the gradient to begin with, or nil for a mistake.
  private func start(
    _ name: String, _ gradient: Tensor?, _ file: StaticString, _ line: UInt
  ) -> (ValueNode<Element>, Tensor)? {
    if let failure = failure ?? gradient?.failure {
      _ = settle(failure)
      return nil
    }
    guard isTracked, let node else {
      mistake(
        name, "the tensor of shape \(shape) has no history; nothing it was computed from requires a gradient",
        file, line)
      return nil
    }
    if let gradient {
      if gradient.shape == shape { return (node, gradient) }
      mistake(
        name,
        "a gradient of shape \(gradient.shape) for a tensor of shape \(shape); equal shapes are expected",
        file, line)
      return nil
    }
    if count == 1 { return (node, .ones(shape)) }
    mistake(
      name, "a tensor of shape \(shape) is no scalar; give a gradient of its shape, or sum() it first", file,
      line)
    return nil
  }
}

extension BackwardOrder {
  /// Whether a needed part of the graph was freed by an earlier pass, which is an error.
  func refusesFreed(_ name: String, _ file: StaticString, _ line: UInt) -> Bool {
    guard let freed else { return false }
    clear()
    mistake(
      name,
      "the graph behind \(freed.name) was freed by an earlier backward; pass retainGraph: true to the earlier one",
      file, line)
    return true
  }
}

extension BackwardOrder {
  /// The nodes that a gradient would visit.
  static func reached(from root: GradFunction) -> [ObjectIdentifier] {
    let order = BackwardOrder(from: root)
    order.clear()
    return order.nodes.map(ObjectIdentifier.init)
  }
}
