/// What recorded a tensor: the operation that made it, and what that operation's inputs were made by.
///
/// A tensor's ``Tensor/gradFunction`` is nil for a leaf. ``inputs`` walks the graph.
public class GradFunction {
  final let operation: StaticString

  /// Marks of a walk over the graph; all false outside of one.
  @exclusivity(unchecked) final var isVisited = false
  @exclusivity(unchecked) final var isNeeded = false
  @exclusivity(unchecked) final var isTarget = false

  /// On a walk over the graph the node that it came from, then the one behind this in the order of the pass.
  @exclusivity(unchecked) final var link: Unmanaged<GradFunction>?
  /// How many inputs a walk is done with; 0 outside of one.
  @exclusivity(unchecked) final var visitedInputs = 0

  /// Whether the rules are gone: a backward pass that was not told to retain the graph has used them.
  @exclusivity(unchecked) final var isFreed = false
  /// The number of inputs; none once they were let go of.
  @exclusivity(unchecked) final var inputCount = 0
  /// Whether the tape ends here.
  final let isLeaf: Bool

  init(_ operation: StaticString, isLeaf: Bool = false) {
    self.operation = operation
    self.isLeaf = isLeaf
  }

  /// The operation with the suffix that PyTorch gives it: `"AddBackward"`; `"AccumulateGrad"` for a leaf.
  public var name: String { "\(operation)Backward" }

  /// The functions that the gradient goes on to: one for each input that asks for one, leaves included.
  public var inputs: [GradFunction] { (0..<inputCount).flatMap { input($0).asInputs } }

  /// This, or for what stands for several outputs its own inputs.
  var asInputs: [GradFunction] { [self] }

  func input(_ i: Int) -> GradFunction { fatalError("\(name) has no input \(i)") }

  /// Hands the gradient that has arrived here on to the inputs; false when a rule failed.
  func propagate(_ pass: BackwardPass) -> Bool { true }

  /// Forgets a gradient that was not handed on.
  func dropGradient() {}

  /// Tells that a saved tensor was changed; false, as no gradient was handed on.
  final func refuseChanged(_ pass: BackwardPass) -> Bool {
    mistake(
      "backward",
      "a tensor that \(name) had saved was changed in place afterwards; change it after backward(), or change a copy",
      pass.file, pass.line)
    return false
  }
}

/// The node of a tensor of `Element`: where gradients for it arrive and are summed.
class ValueNode<Element: TensorScalar>: GradFunction {
  /// The shape of the tensor, and so of its gradient.
  final let shape: TensorShape
  /// The sum of what has arrived in this pass.
  @exclusivity(unchecked) final var gradient: Tensor<Element>?

  @inline(__always)
  init(_ operation: StaticString, _ shape: TensorShape, isLeaf: Bool = false) {
    self.shape = shape
    super.init(operation, isLeaf: isLeaf)
  }

  /// The gradient kept for a leaf.
  var leafGradient: Tensor<Element>? {
    get { nil }
    set {}
  }

  override final func dropGradient() { gradient = nil }
}

/// The end of the tape at a leaf: keeps the sum of all gradients until it is zeroed.
final class Accumulator<Element: TensorScalar>: ValueNode<Element> {
  @exclusivity(unchecked) private var grad: Tensor<Element>?

  init(shape: TensorShape) { super.init("AccumulateGrad", shape, isLeaf: true) }

  override var name: String { "AccumulateGrad" }

  override var leafGradient: Tensor<Element>? {
    get { grad }
    set { grad = newValue }
  }

  /// Adds what has arrived. The sum is storage of its own: never the seed's, another leaf's or a saved tensor's.
  override func propagate(_ pass: BackwardPass) -> Bool {
    if Element.self == Float.self { return unsafeDowncast(self, to: Accumulator<Float>.self).keep() }
    return unsafeDowncast(self, to: Accumulator<Double>.self).keep()
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

  /// The gradient itself where nothing else refers to its storage and that is no larger than it must be; else a
  /// copy.
  private static func owned(_ arrived: consuming Tensor<Element>) -> Tensor<Element> {
    if Tensor.isAlone(&arrived) { return arrived }
    let layout = arrived.layout
    let storage = arrived.storage.shared()
    // A view's base would be counted, though nobody else may know it.
    _ = consume arrived
    let fits = storage.sizeClass == StoragePool.sizeClass(layout.count * MemoryLayout<Element>.stride)
    let isOwned = fits && layout.isContiguous && storage.isUnique
    let tensor = Tensor<Element>(storage: storage, layout: layout)
    return isOwned ? tensor : tensor.copied()
  }
}

/// A recorded operation of up to three inputs, all of one element type with the output.
final class OperationNode<Element: TensorScalar>: ValueNode<Element> {
  @exclusivity(unchecked) private var first: Edge<Element>?
  @exclusivity(unchecked) private var second: Edge<Element>?
  @exclusivity(unchecked) private var third: Edge<Element>?
  @exclusivity(unchecked) private var output: Storage?
  private let outputVersion: Int
  private let outputArrangement: Arrangement

  /// The result's storage is kept for the rules that ask for it, as storage and not as a tensor, which would hold this node.
  @inline(__always)
  init(
    _ operation: StaticString, _ result: Tensor<Element>, _ first: consuming Edge<Element>?,
    _ second: consuming Edge<Element>? = nil, _ third: consuming Edge<Element>? = nil,
    keepsOutput: Bool = false
  ) {
    self.first = first
    self.second = second
    self.third = third
    output = keepsOutput ? result.storage.shared() : nil
    outputVersion = result.storage.version
    outputArrangement = keepsOutput && !result.layout.isContiguous ? .other(result.layout) : .rowMajor
    super.init(operation, result.layout.shape)
    inputCount = (self.first == nil ? 0 : 1) + (self.second == nil ? 0 : 1) + (self.third == nil ? 0 : 1)
  }

  deinit { concrete({ $0.releaseEdges() }, { $0.releaseEdges() }) }

  /// Runs one of two bodies, as the element is `Float` or `Double`: nothing else has derivatives. What is called
  /// through a generic class's table is not specialised; from here on it is.
  @inline(__always)
  private func concrete<Result>(
    _ float: (OperationNode<Float>) -> Result, _ double: (OperationNode<Double>) -> Result
  ) -> Result {
    if Element.self == Float.self { return float(unsafeDowncast(self, to: OperationNode<Float>.self)) }
    return double(unsafeDowncast(self, to: OperationNode<Double>.self))
  }

  override func input(_ i: Int) -> GradFunction { concrete({ $0.edgeInput(i) }, { $0.edgeInput(i) }) }

  private func edgeInput(_ i: Int) -> GradFunction {
    var rest = i
    if let input = input(of: first, &rest) ?? input(of: second, &rest) ?? input(of: third, &rest) {
      return input
    }
    fatalError("\(name) has no input \(i)")
  }

  /// The input of an edge when `i` counts down to it.
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
    concrete({ $0.handOn(pass) }, { $0.handOn(pass) })
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

  /// What a rule makes of a gradient; nil when what it saved was changed in place.
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
    case .output(let rule):
      guard let output = intactOutput else { return nil }
      return rule(gradient, output)
    case .outputSaving(let a, let rule):
      guard a.isIntact, let output = intactOutput else { return nil }
      return rule(gradient, output, a.tensor)
    }
  }

  /// The output as it was made, with this node attached.
  private var intactOutput: Tensor<Element>? {
    switch output {
    case .none: return nil
    case .some(let output):
      if output.version != outputVersion { return nil }
      let tensor = Tensor<Element>(storage: output.shared(), layout: outputArrangement.layout(shape))
      tensor.node = self
      tensor.isTracked = true
      return tensor
    }
  }

  /// Lets go of inputs and saved tensors one after the other: a graph of any length is freed without recursion.
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

/// How an output lies in its storage; the common way takes no memory.
private indirect enum Arrangement {
  case rowMajor
  case other(Layout)

  func layout(_ shape: TensorShape) -> Layout {
    switch self {
    case .rowMajor: Layout(shape)
    case .other(let layout): layout
    }
  }
}

extension ValueNode {
  /// Adds a gradient to what has arrived, summed back to this node's shape where the operation broadcast it;
  /// false when there is none because a rule failed.
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

  /// What a rule that reads two tensors may add to in place: what has arrived, or else what a leaf keeps. Nil where
  /// it has to make a new tensor.
  final func openSum(beside a: Tensor<Element>, _ b: Tensor<Element>) -> Tensor<Element>? {
    if isRecording { return nil }
    if gradient != nil { return Tensor.isAlone(&gradient!) ? gradient : nil }
    guard isLeaf, !isTarget, let kept = leafGradient else { return nil }
    return kept.sharesMemory(with: a) || kept.sharesMemory(with: b) ? nil : kept
  }
}

extension Tensor {
  /// Whether nothing else refers to a tensor or to its memory, which it fills in row-major order: a change of it
  /// is seen nowhere else.
  @inline(__always)
  static func isAlone(_ tensor: inout Tensor) -> Bool {
    isKnownUniquelyReferenced(&tensor) && tensor.storage.isUnique && tensor.layout.isContiguous
  }
}
