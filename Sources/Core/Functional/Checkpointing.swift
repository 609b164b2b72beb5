/// Computes `block(x)` without keeping its intermediate results: the backward pass computes them again.
///
/// The values and gradients are those of `block(x)`, also for parameters that the block uses and for derivatives of higher
/// order. Memory holds only the input and the output until the backward pass reaches them (Chen et al. 2016,
/// arXiv:1604.06174). The block is run once more, with the same random numbers, so that dropout drops the same elements.
///
/// It is an error if the block gives another value in the second run, for instance because a parameter was changed in
/// between. State that the block changes, such as running statistics, is changed twice. Inside `functionalCall` the block
/// is recorded as usual.
///
/// ```swift
/// let block = Sequential {
///   Linear(8, 32)
///   GELU()
///   Linear(32, 8)
/// }
/// let x = Tensor<Float>.normal([4, 8], requiresGrad: true)
/// checkpointed(x) { block($0) }.sum().backward()
/// ```
///
/// - Complexity: One more forward pass of the block.
public func checkpointed<Element: DifferentiableScalar>(
  _ x: Tensor<Element>, _ block: @escaping (Tensor<Element>) -> Tensor<Element>
) -> Tensor<Element> {
  guard isRecording, !hasStandIns else { return block(x) }
  let random = RandomSource.draw { $0 }
  let nodes = NodeCollector(), y = nodes.observe { block(x) }
  guard let node = y.node, nodes.contains(node) else { return y }
  let result = y.detached()
  return result.attach(CheckpointNode(result, nodes.boundary, x, random, block))
}
