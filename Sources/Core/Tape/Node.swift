/// A node of the graph: the operation that computed a tensor, with links to the nodes of the operation's
/// inputs.
///
/// The ``Tensor/gradFunction`` of a leaf is nil. ``inputs`` leads through the graph.
///
/// ```swift
/// let w = Tensor<Float>([1, 2], requiresGrad: true)
/// let sum = (w + 1).sum()
/// print(sum.gradFunction!.name)
/// for input in sum.gradFunction!.inputs { print(input.name) }
/// ```
public class GradFunction {
  final let operation: StaticString

  /// Marks of a walk over the graph; false outside a walk.
  @exclusivity(unchecked) final var isVisited = false
  @exclusivity(unchecked) final var isNeeded = false
  @exclusivity(unchecked) final var isTarget = false

  /// During a walk, the node that the walk came from. After it, the next node in the order of the pass.
  @exclusivity(unchecked) final var link: Unmanaged<GradFunction>?
  /// The number of inputs that a walk has finished; 0 outside a walk.
  @exclusivity(unchecked) final var visitedInputs = 0

  /// True if a backward pass without `retainGraph` has released the rules.
  @exclusivity(unchecked) final var isFreed = false
  /// The number of inputs; 0 after their release.
  @exclusivity(unchecked) final var inputCount = 0
  /// True for the node of a leaf, where the tape ends.
  final let isLeaf: Bool
  /// True if a pass has to ask this node for hooks and for a continuation.
  @exclusivity(unchecked) final var isWatched = false

  init(_ operation: StaticString, isLeaf: Bool = false) {
    self.operation = operation
    self.isLeaf = isLeaf
  }

  /// The name of the operation with PyTorch's suffix, such as `"AddBackward"`; `"AccumulateGrad"` for a leaf.
  public var name: String { "\(operation)Backward" }

  /// The nodes that receive the gradient next: one for each input that requires a gradient, including leaves.
  public var inputs: [GradFunction] { (0..<inputCount).flatMap { input($0).asInputs } }

  /// This node; or its own inputs if the node stands for several outputs.
  var asInputs: [GradFunction] { [self] }

  func input(_ i: Int) -> GradFunction { fatalError("\(name) has no input \(i)") }

  /// The shape of the tensor that this node computed, or nil if the node stands for several.
  var resultShape: TensorShape? { nil }

  /// Passes the gradient that has arrived at this node on to its inputs. Returns false if a rule failed.
  func propagate(_ pass: BackwardPass) -> Bool { true }

  /// Discards a gradient that was not passed on.
  func dropGradient() {}

  /// Runs the hooks on the gradient, which is complete. Returns false after an error.
  func runHooks(_ pass: BackwardPass) -> Bool { true }

  /// Returns the root of a graph that the pass has to go through next, once; or nil.
  func takeContinuation() -> GradFunction? { nil }

  /// True if the gradient that has arrived contains NaN.
  var gradientContainsNaN: Bool { false }

  /// Reports that a saved tensor was changed. Returns false, because no gradient was passed on.
  final func refuseChanged(_ pass: BackwardPass) -> Bool {
    mistake(
      "backward",
      "a tensor that \(name) had saved was changed in place afterwards; change it after backward(), or change a copy",
      pass.file, pass.line)
    return false
  }
}

/// The node of a tensor of `Element`, where the gradients of the tensor are summed.
class ValueNode<Element: TensorScalar>: GradFunction {
  /// The shape of the tensor, and so of its gradient.
  final let shape: TensorShape
  /// The sum of the gradients that have arrived in this pass.
  @exclusivity(unchecked) final var gradient: Tensor<Element>?
  /// The details that few nodes have, or nil.
  @exclusivity(unchecked) final var details: NodeDetails<Element>?

  @inline(__always)
  init(_ operation: StaticString, _ shape: TensorShape, isLeaf: Bool = false) {
    self.shape = shape
    super.init(operation, isLeaf: isLeaf)
  }

  /// The gradient that is kept: of a leaf, and of another tensor if it was asked to.
  var keptGradient: Tensor<Element>? {
    get { details?.hooks?.kept }
    set { details?.hooks?.kept = newValue }
  }

  override final var resultShape: TensorShape? { shape }

  override final func dropGradient() { gradient = nil }

  override final func runHooks(_ pass: BackwardPass) -> Bool {
    guard let hooks = details?.hooks, let arrived = gradient.take() else { return true }
    gradient = hooks.run(arrived, pass)
    return gradient != nil
  }

  override final var gradientContainsNaN: Bool { gradient?.containsNaN ?? false }
}

/// Runs one of three bodies, for a node whose element is `Float`, `Double` or complex: only these have derivatives. A
/// call through a generic class's method table is not specialised; the first two bodies are.
@inline(__always)
func specialised<Node: AnyObject, FloatNode: AnyObject, DoubleNode: AnyObject, Element: TensorScalar, Result>(
  _ node: Node, _: Element.Type, _ float: (FloatNode) -> Result, _ double: (DoubleNode) -> Result,
  _ complex: (Node) -> Result
) -> Result {
  // Comparing types takes less time than asking `Element` for its element type.
  if Element.self == Float.self { return float(unsafeDowncast(node, to: FloatNode.self)) }
  if Element.self == Double.self { return double(unsafeDowncast(node, to: DoubleNode.self)) }
  return complex(node)
}

/// The node of a leaf: it keeps the sum of all gradients until the sum is zeroed.
final class Accumulator<Element: TensorScalar>: ValueNode<Element> {
  @exclusivity(unchecked) private var grad: Tensor<Element>?

  init(shape: TensorShape) { super.init("AccumulateGrad", shape, isLeaf: true) }

  override var name: String { "AccumulateGrad" }

  override var keptGradient: Tensor<Element>? {
    get { grad }
    set { grad = newValue }
  }

  /// Adds the gradient that has arrived. The sum has its own storage: it never shares that of the seed, of
  /// another leaf's gradient or of a saved tensor.
  override func propagate(_ pass: BackwardPass) -> Bool {
    specialised(
      self, Element.self, { (node: Accumulator<Float>) in node.keep() },
      { (node: Accumulator<Double>) in node.keep() }, { $0.keep() })
  }

  private func keep() -> Bool {
    guard let arrived = gradient.take() else { return true }
    let sum: Tensor<Element>
    if let grad {
      guard isRecording else {
        grad.combine(.add, with: arrived)
        return true
      }
      sum = grad.added(arrived)
    } else {
      sum = arrived.isTracked ? arrived.cloned() : Accumulator.owned(consume arrived)
    }
    if sum.isFailed { return false }
    grad = sum
    return true
  }

  /// Returns the gradient itself if nothing else refers to its storage and the storage is not too large;
  /// otherwise a copy.
  private static func owned(_ arrived: consuming Tensor<Element>) -> Tensor<Element> {
    if Tensor.isAlone(&arrived) { return arrived }
    let layout = arrived.layout
    let storage = arrived.storage.shared()
    // A view holds its base, which would count as another reference even if nothing else refers to the base.
    _ = consume arrived
    let fits = storage.sizeClass == StoragePool.sizeClass(layout.count * MemoryLayout<Element>.stride)
    let isOwned = fits && layout.isContiguous && storage.isUnique
    let tensor = Tensor<Element>(storage: storage, layout: layout)
    return isOwned ? tensor : tensor.copied()
  }
}

/// A recorded operation of up to three inputs, which have the element type of the output.
final class OperationNode<Element: TensorScalar>: ValueNode<Element> {
  @exclusivity(unchecked) private var first: Edge<Element>?
  @exclusivity(unchecked) private var second: Edge<Element>?
  @exclusivity(unchecked) private var third: Edge<Element>?
  @exclusivity(unchecked) private var output: Storage?
  private let outputVersion: Int

  /// Keeps the result's storage for the rules that need it. A reference to the tensor would be a cycle,
  /// because the tensor holds this node.
  @inline(__always)
  init(
    _ operation: StaticString, _ result: Tensor<Element>, _ first: consuming Edge<Element>?,
    _ second: consuming Edge<Element>?, _ third: consuming Edge<Element>?
  ) {
    let keepsOutput = Self.takesOutput(first) || Self.takesOutput(second) || Self.takesOutput(third)
    self.first = first
    self.second = second
    self.third = third
    output = keepsOutput ? result.storage.shared() : nil
    outputVersion = result.storage.version
    super.init(operation, result.layout.shape)
    if keepsOutput, !result.layout.isContiguous { details = NodeDetails(outputLayout: result.layout) }
    inputCount = (self.first == nil ? 0 : 1) + (self.second == nil ? 0 : 1) + (self.third == nil ? 0 : 1)
  }

  @inline(__always)
  private static func takesOutput(_ edge: borrowing Edge<Element>?) -> Bool {
    switch edge {
    case .none: false
    case .some(let edge): edge.rule.takesOutput
    }
  }

  deinit { concrete({ $0.releaseEdges() }, { $0.releaseEdges() }, { $0.releaseEdges() }) }

  @inline(__always)
  private func concrete<Result>(
    _ float: (OperationNode<Float>) -> Result, _ double: (OperationNode<Double>) -> Result,
    _ complex: (OperationNode) -> Result
  ) -> Result {
    specialised(self, Element.self, float, double, complex)
  }

  override func input(_ i: Int) -> GradFunction {
    concrete({ $0.edgeInput(i) }, { $0.edgeInput(i) }, { $0.edgeInput(i) })
  }

  private func edgeInput(_ i: Int) -> GradFunction {
    var rest = i
    if let input = input(of: first, &rest) ?? input(of: second, &rest) ?? input(of: third, &rest) {
      return input
    }
    fatalError("\(name) has no input \(i)")
  }

  /// Returns the edge's input if `i` counts down to it.
  @inline(__always)
  private func input(of edge: borrowing Edge<Element>?, _ i: inout Int) -> ValueNode<Element>? {
    switch edge {
    case .none: return nil
    case .some(let edge):
      i -= 1
      return i < 0 ? edge.input : nil
    }
  }

  override func propagate(_ pass: BackwardPass) -> Bool {
    concrete({ $0.handOn(pass) }, { $0.handOn(pass) }, { $0.handOn(pass) })
  }

  private func handOn(_ pass: BackwardPass) -> Bool {
    guard let gradient = gradient.take() else { return true }
    guard send(gradient, first, pass), send(gradient, second, pass), send(gradient, third, pass) else {
      return false
    }
    if !pass.retainsGraph {
      isFreed = true
      releaseEdges()
    }
    return true
  }

  private func send(
    _ gradient: Tensor<Element>, _ edge: borrowing Edge<Element>?, _ pass: BackwardPass
  ) -> Bool {
    switch edge {
    case .none: return true
    case .some(let edge):
      if !edge.input.isNeeded { return true }
      switch edge.rule {
      case .adding(let saved, let rule):
        guard saved.isIntact else { return refuseChanged(pass) }
        let sum = edge.input.openSum(beside: gradient, saved.tensor)
        let result = rule(gradient, saved.tensor, sum)
        return sum == nil ? edge.input.accept(result) : !result.isFailed
      default:
        guard let result = apply(edge.rule, gradient) else { return refuseChanged(pass) }
        return edge.input.accept(result)
      }
    }
  }

  /// Applies a rule to a gradient; returns nil if a saved tensor was changed in place.
  @inline(__always)
  private func apply(_ rule: borrowing Rule<Element>, _ gradient: Tensor<Element>) -> Tensor<Element>? {
    switch rule {
    case .plain(let rule):
      return rule(gradient)
    case .saving(let a, let rule):
      return a.isIntact ? rule(gradient, a.tensor) : nil
    case .adding(let a, let rule):
      return a.isIntact ? rule(gradient, a.tensor, nil) : nil
    case .savingTwo(let a, let b, let rule):
      return a.isIntact && b.isIntact ? rule(gradient, a.tensor, b.tensor) : nil
    case .savingOther(let rule):
      return rule(gradient)
    case .output(let rule):
      guard let output = intactOutput else { return nil }
      return rule(gradient, output)
    case .outputSaving(let a, let rule):
      guard a.isIntact, let output = intactOutput else { return nil }
      return rule(gradient, output, a.tensor)
    }
  }

  /// The output with this node attached; nil if it was changed in place.
  private var intactOutput: Tensor<Element>? {
    switch output {
    case .none: return nil
    case .some(let output):
      if output.version != outputVersion { return nil }
      let tensor = Tensor<Element>(storage: output.shared(), layout: details?.outputLayout ?? Layout(shape))
      tensor.node = self
      tensor.isTracked = true
      return tensor
    }
  }

  /// Releases inputs and saved tensors one after the other. A graph of any length is freed without recursion.
  private func releaseEdges() {
    if inputCount == 0 { return }
    inputCount = 0
    release(&first)
    release(&second)
    release(&third)
    output = nil
    workOffReleases()
  }

  @inline(__always)
  private func release(_ edge: inout Edge<Element>?) {
    if let edge = edge.take() { edge.release() }
  }
}

/// The details that few nodes have, in an object of their own so that the others stay small.
final class NodeDetails<Element: TensorScalar> {
  /// The layout of the output that the node keeps, or nil for row-major order.
  let outputLayout: Layout?
  /// The hooks on the node's gradient, or nil.
  var hooks: GradientHooks<Element>?

  init(outputLayout: Layout? = nil) { self.outputLayout = outputLayout }
}

extension ValueNode {
  /// Adds a gradient to the sum, after reducing it to this node's shape if the operation broadcast the
  /// tensor. Returns false if the gradient is a failed tensor because a rule failed.
  final func accept(_ arriving: consuming Tensor<Element>) -> Bool {
    if arriving.isFailed { return false }
    var fitting = arriving.layout.shape == shape ? arriving : arriving.summed(to: shape)
    _ = consume arriving
    guard var sum = gradient.take() else {
      gradient = fitting
      return !fitting.isFailed
    }
    if !isRecording, Tensor.isAlone(&sum) {
      sum.combine(.add, with: fitting)
    } else if !isRecording, Tensor.isAlone(&fitting) {
      fitting.combine(.add, with: sum)
      sum = fitting
    } else {
      sum = sum.added(fitting)
    }
    gradient = sum
    return !sum.isFailed
  }

  /// The tensor to which a rule that reads `a` and `b` may add in place: the sum of this pass, or else the
  /// gradient that a leaf keeps. Nil if the rule must make a new tensor.
  final func openSum(beside a: Tensor<Element>, _ b: Tensor<Element>) -> Tensor<Element>? {
    if isRecording { return nil }
    if gradient != nil { return Tensor.isAlone(&gradient!) ? gradient : nil }
    guard isLeaf, !isTarget, !isWatched, !NodeObserver.isOn, let kept = keptGradient else { return nil }
    return kept.sharesMemory(with: a) || kept.sharesMemory(with: b) ? nil : kept
  }
}

extension Tensor {
  /// True if nothing else refers to a tensor or to its memory, which must be in row-major order. Then nothing
  /// else can see a change of the tensor.
  @inline(__always)
  static func isAlone(_ tensor: inout Tensor) -> Bool {
    isKnownUniquelyReferenced(&tensor) && tensor.storage.isUnique && tensor.layout.isContiguous
  }
}
