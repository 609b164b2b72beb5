/// The options of a backward pass and the source line that started it.
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

/// The nodes of a graph in topological order: each node precedes its inputs, so that its gradient is complete
/// when it is propagated. The list links the nodes themselves and holds each one strongly, because the pass
/// frees the graph as it goes.
struct BackwardOrder: ~Copyable {
  private var first: Unmanaged<GradFunction>?
  /// A needed node that an earlier pass freed, or nil.
  private(set) var freed: GradFunction?
  private let needsAll: Bool

  /// Orders the nodes that `root` leads to. With `needsAll` every node is needed, otherwise those on a path to a
  /// target. A freed node counts as needed, because its inputs are no longer known.
  init(from root: GradFunction, needsAll: Bool) {
    self.needsAll = needsAll
    prepend(root)
  }

  /// Puts the nodes that `root` leads to in front of the list, except those that it has.
  ///
  /// The search is depth-first: a node is added at the front of the list when the search leaves it. The nodes'
  /// links also store the way back, because recursion over a deep graph would overflow the stack.
  private mutating func prepend(_ root: GradFunction) {
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

  /// Clears the marks of the nodes that no pass has reached.
  deinit {
    var rest = first
    while let node = rest?.takeRetainedValue() {
      rest = node.link
      node.leave()
    }
  }

  /// Removes the first node from the list and returns it.
  private mutating func next() -> GradFunction? {
    guard let node = first?.takeRetainedValue() else { return nil }
    first = node.link
    return node
  }

  /// Propagates gradients from node to node, and returns false if a rule failed. `onTarget` is called for each target
  /// once its gradient is complete.
  @discardableResult
  mutating func run(_ pass: BackwardPass, onTarget: (GradFunction) -> Void) -> Bool {
    var isGoing = true
    let profiler = Profiler.current, observer = NodeObserver.current
    while let node = next() {
      if node.isWatched, isGoing { isGoing = node.runHooks(pass) }
      if node.isTarget { onTarget(node) }
      if isGoing, node.isNeeded, !(node.isTarget && node.isLeaf) {
        if let profiler {
          isGoing = profiler.rules(of: node, node.operation) {
            observer?.propagate(node, pass) ?? node.propagate(pass)
          }
        } else {
          isGoing = observer?.propagate(node, pass) ?? node.propagate(pass)
        }
      }
      if node.isWatched, let root = node.takeContinuation() { prepend(root) }
      node.dropGradient()
      node.leave()
    }
    return isGoing
  }
}

extension GradFunction {
  /// Marks this node as visited when the search arrives from `node`, which has it as an input.
  @inline(__always)
  fileprivate final func enter(from node: GradFunction?, isNeeded: Bool) {
    isVisited = true
    self.isNeeded = isNeeded || isTarget || isFreed
    link = node.map(Unmanaged.passUnretained)
  }

  /// Counts an input that the search has finished.
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

extension Tensor where Element: FieldScalar {
  /// Computes the gradient of this tensor with respect to the leaves it depends on, and adds it to each
  /// leaf's ``grad``.
  ///
  /// The following are errors: the tensor does not require a gradient; it is no scalar and no `gradient` of
  /// its shape is given; an earlier pass has freed the graph; a tensor that a rule needs was changed in
  /// place.
  ///
  /// ```swift
  /// let w = Tensor<Float>([1, 2], requiresGrad: true)
  /// let loss = (w * w).sum()
  /// loss.backward()
  /// print(w.grad!)  // [2, 4]
  /// ```
  ///
  /// - Complexity: each recorded operation is visited once, and costs about as much as its forward pass for
  ///   each input.
  /// - Parameters:
  ///   - gradient: the gradient of the minimised value with respect to this tensor, of this tensor's shape; 1
  ///     for a scalar. `y.backward(w)` is `(y * w).sum().backward()`.
  ///   - retainGraph: true to keep the graph for another pass. Otherwise the pass frees the graph, and a
  ///     second pass over any part of it is an error. The default is the value of `createGraph`.
  ///   - createGraph: true to record the pass itself, so that the gradients can be differentiated.
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
    _ = recording(createGraph) { order.run(pass) { _ in } }
  }

  /// Returns the gradient of this tensor with respect to `input`; no ``grad`` changes.
  ///
  /// It is an error if this tensor does not depend on `input`, unless `allowUnused` is true. The other errors are those
  /// of ``backward(_:retainGraph:createGraph:file:line:)``.
  ///
  /// ```swift
  /// let x = Tensor<Double>([2], requiresGrad: true)
  /// let y = (x * x * x).sum()
  /// let first = y.gradient(of: x, createGraph: true)
  /// let second = first.sum().gradient(of: x)  // 6x = 12
  /// ```
  ///
  /// - Parameters:
  ///   - input: a leaf, or an intermediate result that this tensor depends on.
  ///   - gradient: as in ``backward(_:retainGraph:createGraph:file:line:)``.
  ///   - retainGraph: as in ``backward(_:retainGraph:createGraph:file:line:)``.
  ///   - createGraph: true to record the pass, so that the gradient can be differentiated again.
  ///   - allowUnused: true to return zeros for an input that this tensor does not depend on.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func gradient(
    of input: Tensor, seed gradient: Tensor? = nil, retainGraph: Bool? = nil, createGraph: Bool = false,
    allowUnused: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    gradients(
      of: [input], seed: gradient, retainGraph: retainGraph, createGraph: createGraph,
      allowUnused: allowUnused, file: file, line: line)[0]
  }

  /// Returns the gradients of this tensor with respect to several tensors, in their order; no ``grad``
  /// changes.
  ///
  /// Parameters and errors are those of `gradient(of:)`.
  ///
  /// ```swift
  /// let weight = Tensor<Float>.normal([3], requiresGrad: true)
  /// let bias = Tensor<Float>([0], requiresGrad: true)
  /// let loss = (weight * 2 + bias).relu().mean()
  /// let gradients = loss.gradients(of: [weight, bias])
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func gradients(
    of inputs: [Tensor], seed gradient: Tensor? = nil, retainGraph: Bool? = nil, createGraph: Bool = false,
    allowUnused: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> [Tensor] {
    passedGradients(of: inputs, gradient, retainGraph, createGraph, allowUnused, file, line)
  }

  /// Returns the gradients of this tensor with respect to inputs, which may have another element type.
  @specialized(where Element == Float, Input == Float) @specialized(where Element == Double, Input == Double)
  @specialized(where Element == Float, Input == Complex<Float>)
  @specialized(where Element == Double, Input == Complex<Double>)
  private func passedGradients<Input: FieldScalar>(
    of inputs: [Tensor<Input>], _ gradient: Tensor?, _ retainGraph: Bool?, _ createGraph: Bool,
    _ allowUnused: Bool, _ file: StaticString, _ line: UInt
  ) -> [Tensor<Input>] {
    let name = "gradient(of:)"
    func failed(_ failure: Failure) -> [Tensor<Input>] { inputs.map { _ in .failed(by: failure) } }
    if let failure = inputs.lazy.compactMap(\.failure).first { return failed(failure) }
    let areTracked = inputs.allSatisfy(\.isTracked)
    if allowUnused, areTracked, !isTracked, !isFailed { return inputs.map { .zeroed($0.shape) } }
    guard let (root, seed) = start(name, gradient, file, line) else { return failed(Failure.current) }
    guard areTracked else {
      return failed(mistake(name, "an input does not require a gradient", file, line))
    }
    for input in inputs { input.node!.isTarget = true }
    defer { for input in inputs { input.node!.isTarget = false } }
    var order = BackwardOrder(from: root, needsAll: false)
    if order.refusesFreed(name, file, line) { return failed(Failure.current) }
    root.gradient = seed
    var results = [Tensor<Input>?](repeating: nil, count: inputs.count)
    let pass = BackwardPass(retainsGraph: retainGraph ?? createGraph, file, line)
    let isComplete = recording(createGraph) {
      order.run(pass) { node in
        for (i, input) in inputs.enumerated() where input.node === node { results[i] = input.node!.gradient }
      }
    }
    return zip(inputs, results).map { input, result in
      if let result { return result }
      if allowUnused, isComplete { return .zeroed(input.shape) }
      return .failed(name, "the tensor does not depend on an input", file, line)
    }
  }

  /// Returns the node at which the pass begins and its gradient, or nil after an error.
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
        "a gradient of shape \(gradient.shape) does not fit a tensor of shape \(shape); the shapes must be equal",
        file, line)
      return nil
    }
    if Element.element.isComplex {
      mistake(
        name, "the tensor is complex; give a gradient of its shape, or take a real number of it", file, line)
      return nil
    }
    if count == 1 { return (node, .ones(shape)) }
    mistake(
      name, "a tensor of shape \(shape) is no scalar; give a gradient of its shape, or sum() it first", file,
      line)
    return nil
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Returns the gradient of this real tensor with respect to a complex `input`; no ``grad`` changes.
  ///
  /// It is `∂/∂x + i ∂/∂y` for `z = x + yi`. The errors and parameters are those of
  /// `gradient(of:)`.
  ///
  /// ```swift
  /// let z = Tensor([Complex<Double>(3, 4)], requiresGrad: true)
  /// let slope = z.abs().sum().gradient(of: z, createGraph: true)  // [0.6+0.8j]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func gradient(
    of input: Tensor<Complex<Element>>, seed gradient: Tensor? = nil, retainGraph: Bool? = nil,
    createGraph: Bool = false, allowUnused: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Complex<Element>> {
    passedGradients(of: [input], gradient, retainGraph, createGraph, allowUnused, file, line)[0]
  }
}

extension BackwardOrder {
  /// True if an earlier pass freed a needed part of the graph, which is reported as an error.
  borrowing func refusesFreed(_ name: String, _ file: StaticString, _ line: UInt) -> Bool {
    guard let freed else { return false }
    mistake(
      name,
      "the graph behind \(freed.name) was freed by an earlier backward; pass retainGraph: true to the earlier one",
      file, line)
    return true
  }
}
