// Computes the value and the gradients of a function of tensors.

/// Returns the value of a scalar function and its gradients with respect to its arguments.
///
/// `f` is called once, with tensors that share the arguments' storage and require gradients. No
/// ``Tensor/grad`` changes. A value that is not a scalar, or that does not depend on every argument, is an
/// error.
///
/// ```swift
/// let (value, gradients) = valueAndGradient(at: [Tensor<Float>([1, 2, 3])]) { ($0[0] * $0[0]).sum() }
/// print(value, gradients[0])  // 14.0 [2. 4. 6.]
/// ```
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
