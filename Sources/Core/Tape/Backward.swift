/// What a backward pass was asked for.
struct BackwardPass {
  let retainsGraph: Bool
  let file: StaticString
  let line: UInt

  init(retainsGraph: Bool, _ file: StaticString, _ line: UInt) {
    self.retainsGraph = retainsGraph
    self.file = file
    self.line = line
  }
}

/// The nodes of a graph, each before its inputs, so that a node's gradient is complete when it is handed on. A list
/// through the nodes themselves, each held strongly, for the pass frees the graph as it goes.
struct BackwardOrder: ~Copyable {
  private var first: Unmanaged<GradFunction>?
  /// A needed node whose rules are gone.
  private(set) var freed: GradFunction?

  /// Depth first: a node is put in front when the walk leaves it. The way back leads through the nodes too, for a
  /// graph may be deeper than the machine's stack.
  ///
  /// Needed are all nodes, or those on a path to a target. What lay behind a freed node is not known any more: it is
  /// needed.
  init(from root: GradFunction, needsAll: Bool) {
    var node = root
    node.enter(from: nil, isNeeded: needsAll)
    while true {
      if node.visitedInputs < node.inputCount {
        let input = node.input(node.visitedInputs)
        if input.isVisited {
          node.pass(input)
        } else {
          input.enter(from: node, isNeeded: needsAll)
          node = input
        }
      } else {
        if node.isFreed, freed == nil { freed = node }
        let back = node.link
        node.link = first
        first = .passRetained(node)
        guard let back = back?.takeUnretainedValue() else { return }
        back.pass(node)
        node = back
      }
    }
  }

  /// Takes the marks off the nodes that no pass has come to.
  deinit {
    var rest = first
    while let node = rest?.takeRetainedValue() {
      rest = node.link
      node.leave()
    }
  }

  /// Takes the next node out of the list.
  private mutating func next() -> GradFunction? {
    guard let node = first?.takeRetainedValue() else { return nil }
    first = node.link
    return node
  }

  /// Hands gradients on from node to node, until a rule fails. A target is shown with its gradient complete.
  mutating func run(_ pass: BackwardPass, onTarget: (GradFunction) -> Void) {
    var isGoing = true
    let profiler = Profiler.current
    while let node = next() {
      if node.isTarget { onTarget(node) }
      if isGoing, node.isNeeded, !(node.isTarget && node.isLeaf) {
        isGoing =
          profiler?.rules(of: node, node.operation) { node.propagate(pass) } ?? node.propagate(pass)
      }
      node.dropGradient()
      node.leave()
    }
  }
}

extension GradFunction {
  /// The walk comes here from a node whose input this is.
  @inline(__always)
  fileprivate final func enter(from node: GradFunction?, isNeeded: Bool) {
    isVisited = true
    self.isNeeded = isNeeded || isTarget || isFreed
    link = node.map(Unmanaged.passUnretained)
  }

  /// The walk is done with an input.
  @inline(__always)
  fileprivate final func pass(_ input: GradFunction) {
    if input.isNeeded { isNeeded = true }
    visitedInputs += 1
  }

  @inline(__always)
  fileprivate final func leave() {
    isVisited = false
    isNeeded = false
    visitedInputs = 0
    link = nil
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
    var order = BackwardOrder(from: root, needsAll: true)
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
  @specialized(where Element == Float) @specialized(where Element == Double)
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
  @specialized(where Element == Float) @specialized(where Element == Double)
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
    for input in inputs { input.node!.isTarget = true }
    defer { for input in inputs { input.node!.isTarget = false } }
    var order = BackwardOrder(from: root, needsAll: false)
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
  borrowing func refusesFreed(_ name: String, _ file: StaticString, _ line: UInt) -> Bool {
    guard let freed else { return false }
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
    var order = BackwardOrder(from: root, needsAll: true), nodes: [ObjectIdentifier] = []
    while let node = order.next() {
      nodes.append(ObjectIdentifier(node))
      node.leave()
    }
    return nodes
  }
}
