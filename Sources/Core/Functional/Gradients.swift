// Derivatives of functions of tensors.

/// The value of a scalar function and its gradients with respect to its arguments.
///
/// `f` is called once, with tensors that share the arguments' storage and require gradients; no ``Tensor/grad`` is
/// touched. A value that is no scalar, or does not depend on every argument, is an error.
public func valueAndGradient<Element: DifferentiableScalar>(
  at arguments: [Tensor<Element>], file: StaticString = #fileID, line: UInt = #line,
  _ f: ([Tensor<Element>]) -> Tensor<Element>
) -> (value: Tensor<Element>, gradients: [Tensor<Element>]) {
  let leaves = arguments.map { argument in
    let leaf = argument.detached()
    leaf.startTracking(file, line)
    return leaf
  }
  let value = recording(true) { f(leaves) }
  return (value.detached(), value.gradients(of: leaves, file: file, line: line))
}
