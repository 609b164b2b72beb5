/// A recorded operation of any number of inputs and outputs, with one rule for the gradients of all inputs.
/// The node collects the gradients of the outputs. Each output has a ``PartNode``.
final class JointNode<Element: TensorScalar>: GradFunction {
  typealias T = Tensor<Element>
  /// The arguments of a rule: the gradient of each output (nil if nothing depends on the output), the saved
  /// tensors, the outputs, and for each input a Boolean value that tells whether its gradient is needed.
  struct Arguments {
    let gradients: [T?], saved: [T], outputs: [T], isNeeded: [Bool]
  }
  /// Returns a gradient for each input, which may be nil if it is not needed.
  typealias Rule = (Arguments) -> [T?]

  fileprivate var gradients: [T?]
  /// The nodes of the inputs that require a gradient, each with the index of its input.
  private var edges: [(number: Int, input: ValueNode<Element>)]
  private let count: Int
  private var saved: [Saved<Element>]
  /// The outputs without their nodes, which hold this node; none if the rule does not read them.
  private var outputs: [Saved<Element>]
  private let rule: Rule

  init(
    _ operation: StaticString, _ outputs: [T], _ inputs: [T], saving saved: [T], readsOutputs: Bool,
    _ rule: @escaping Rule
  ) {
    gradients = outputs.map { _ in nil }
    edges = inputs.enumerated().filter { $0.element.isTracked }.map { ($0.offset, $0.element.node!) }
    count = inputs.count
    self.saved = saved.map { Saved($0) }
    self.outputs =
      readsOutputs ? outputs.map { Saved(T(storage: $0.storage.shared(), layout: $0.layout)) } : []
    self.rule = rule
    super.init(operation)
    inputCount = edges.count
    for (number, output) in outputs.enumerated() { attach(output, number) }
  }

  deinit { releaseEdges() }

  override var asInputs: [GradFunction] { inputs }

  override func input(_ i: Int) -> GradFunction { edges[i].input }

  private func attach(_ output: T, _ number: Int) {
    output.node = PartNode(self, number, output.layout.shape)
    output.isTracked = true
  }

  override func propagate(_ pass: BackwardPass) -> Bool {
    specialised(
      self, Element.self, { (node: JointNode<Float>) in node.handOn(pass) },
      { (node: JointNode<Double>) in node.handOn(pass) }, { $0.handOn(pass) })
  }

  private func handOn(_ pass: BackwardPass) -> Bool {
    let arrived = gradients
    dropGradient()
    if arrived.allSatisfy({ $0 == nil }) { return true }
    guard saved.allSatisfy({ $0.isIntact }), outputs.allSatisfy({ $0.isIntact }) else {
      return refuseChanged(pass)
    }
    var isNeeded = [Bool](repeating: false, count: count)
    for (number, input) in edges { isNeeded[number] = input.isNeeded }
    let outputs = outputs.enumerated().map { number, saved in
      let output = T(storage: saved.tensor.storage.shared(), layout: saved.tensor.layout)
      if isRecording { attach(output, number) }
      return output
    }
    let results = rule(
      Arguments(gradients: arrived, saved: saved.map { $0.tensor }, outputs: outputs, isNeeded: isNeeded))
    for (number, input) in edges where input.isNeeded {
      guard input.accept(results[number]!) else { return false }
    }
    if !pass.retainsGraph {
      isFreed = true
      releaseEdges()
    }
    return true
  }

  override func dropGradient() {
    for i in gradients.indices { gradients[i] = nil }
  }

  /// Releases inputs and saved tensors one after the other.
  private func releaseEdges() {
    for edge in edges { deferRelease(edge.input) }
    for tensor in saved { tensor.deferReleases() }
    edges = []
    saved = []
    outputs = []
    inputCount = 0
    workOffReleases()
  }
}

/// The node of one output of a ``JointNode``, to which it passes its gradient.
final class PartNode<Element: TensorScalar>: ValueNode<Element> {
  private var joint: JointNode<Element>?
  private let number: Int

  fileprivate init(_ joint: JointNode<Element>, _ number: Int, _ shape: TensorShape) {
    self.joint = joint
    self.number = number
    super.init(joint.operation, shape)
    inputCount = 1
  }

  deinit { GradFunction.release(&joint) }

  override func input(_ i: Int) -> GradFunction { joint! }

  override func propagate(_ pass: BackwardPass) -> Bool {
    guard let gradient = gradient.take() else { return true }
    let joint = joint!
    // Rules may have made several nodes for one output.
    joint.gradients[number] = joint.gradients[number].map { $0.added(gradient) } ?? gradient
    return true
  }
}
