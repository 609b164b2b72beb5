/// The nodes that a block records.
final class NodeCollector: NodeObserver {
  private var made: [GradFunction] = []

  override func made(_ node: GradFunction) { made.append(node) }

  func contains(_ node: GradFunction) -> Bool { made.contains { $0 === node } }

  /// The inputs of these nodes that other code has recorded, and leaves: each once.
  var boundary: [GradFunction] {
    var seen = Set(made.map { ObjectIdentifier($0) })
    return made.flatMap(\.inputs).filter { seen.insert(ObjectIdentifier($0)).inserted }
  }
}

/// The node of a block's output. It records the block again when its gradient arrives, and passes on the gradient to
/// the graph of that run.
final class CheckpointNode<Element: DifferentiableScalar>: ValueNode<Element> {
  private var boundary: [GradFunction]
  private var x: Saved<Element>?
  private var output: Saved<Element>?
  private let random: RandomGenerator
  private var block: ((Tensor<Element>) -> Tensor<Element>)?
  private var continuation: GradFunction?

  init(
    _ result: Tensor<Element>, _ boundary: [GradFunction], _ x: Tensor<Element>, _ random: RandomGenerator,
    _ block: @escaping (Tensor<Element>) -> Tensor<Element>
  ) {
    self.boundary = boundary
    self.x = Saved(x)
    output = Saved(result.detached())
    self.random = random
    self.block = block
    super.init("Checkpoint", result.layout.shape)
    inputCount = boundary.count
    isWatched = true
  }

  deinit { release() }

  override func input(_ i: Int) -> GradFunction { boundary[i] }

  override func propagate(_ pass: BackwardPass) -> Bool {
    guard let arrived = gradient.take(), let x, let block, let output else { return true }
    guard x.isIntact else { return refuseChanged(pass) }
    var random = random
    let y = recording(true) { withRandom(&random) { block(x.tensor) } }
    if y.isFailed { return false }
    guard !output.isIntact || y.hasSameBits(as: output.tensor), let node = y.node else {
      mistake(
        "checkpointed",
        "the block returns other values in the backward pass than in the forward pass; change its parameters after both",
        pass.file, pass.line)
      return false
    }
    node.gradient = arrived
    continuation = node
    if !pass.retainsGraph {
      isFreed = true
      release()
    }
    return true
  }

  override func takeContinuation() -> GradFunction? { continuation.take() }

  private func release() {
    for node in boundary { deferRelease(node) }
    x?.deferReleases()
    (boundary, x, output, block, inputCount) = ([], nil, nil, nil, 0)
    workOffReleases()
  }
}
