// The value and the gradients of a function of tensors.

/// Returns the value of a scalar function and its gradients with respect to its arguments.
///
/// `f` is called once, with tensors that share the arguments' storage and require gradients. No
/// ``Tensor/grad`` changes. A value that is not a scalar is an error, and so is one that does not depend on every
/// argument, unless `allowUnused` is true.
///
/// ```swift
/// let (value, gradients) = valueAndGradient(at: [Tensor<Float>([1, 2, 3])]) { ($0[0] * $0[0]).sum() }
/// print(value, gradients[0])  // 14.0 [2. 4. 6.]
/// ```
///
/// - Parameters:
///   - arguments: The point at which the function is differentiated.
///   - createGraph: True to record the pass, so that the value and the gradients can be differentiated with respect to the
///     arguments and to tensors that `f` captures. Then `f` receives copies of the arguments that require a gradient.
///   - allowUnused: True to return zeros for an argument that the value does not depend on.
///   - f: The function.
public func valueAndGradient<Element: DifferentiableScalar>(
  at arguments: [Tensor<Element>], createGraph: Bool = false, allowUnused: Bool = false,
  file: StaticString = #fileID, line: UInt = #line, _ f: ([Tensor<Element>]) -> Tensor<Element>
) -> (value: Tensor<Element>, gradients: [Tensor<Element>]) {
  let points = independent(arguments, createGraph: createGraph, file, line)
  let value = recording(true) { f(points) }
  let gradients = value.gradients(
    of: points, createGraph: createGraph, allowUnused: allowUnused, file: file, line: line)
  return (createGraph ? value : value.detached(), gradients)
}

/// Returns the value of a scalar function of one tensor and its gradient.
///
/// Parameters and errors are those of the function of an array.
///
/// ```swift
/// let (value, gradient) = valueAndGradient(at: Tensor<Float>([1, 2, 3])) { ($0 * $0).sum() }
/// print(value, gradient)  // 14.0 [2. 4. 6.]
/// ```
public func valueAndGradient<Element: DifferentiableScalar>(
  at argument: Tensor<Element>, createGraph: Bool = false, allowUnused: Bool = false,
  file: StaticString = #fileID, line: UInt = #line, _ f: (Tensor<Element>) -> Tensor<Element>
) -> (value: Tensor<Element>, gradient: Tensor<Element>) {
  let (value, gradients) = valueAndGradient(
    at: [argument], createGraph: createGraph, allowUnused: allowUnused, file: file, line: line
  ) { f($0[0]) }
  return (value, gradients[0])
}

/// Returns the value of a scalar function of two tensors and its gradients.
///
/// Parameters and errors are those of the function of an array.
///
/// ```swift
/// let w = Tensor<Float>([2, 3]), b = Tensor<Float>(1), x = Tensor<Float>([5, 7])
/// let (value, (dw, db)) = valueAndGradient(at: (w, b)) { w, b in (w * x + b).sum() }
/// print(value, dw, db)  // 33.0 [5. 7.] 2.0
/// ```
public func valueAndGradient<Element: DifferentiableScalar>(
  at arguments: (Tensor<Element>, Tensor<Element>), createGraph: Bool = false, allowUnused: Bool = false,
  file: StaticString = #fileID, line: UInt = #line,
  _ f: (Tensor<Element>, Tensor<Element>) -> Tensor<Element>
) -> (value: Tensor<Element>, gradients: (Tensor<Element>, Tensor<Element>)) {
  let (value, gradients) = valueAndGradient(
    at: [arguments.0, arguments.1], createGraph: createGraph, allowUnused: allowUnused, file: file, line: line
  ) { f($0[0], $0[1]) }
  return (value, (gradients[0], gradients[1]))
}

/// Returns a function's arguments as tensors of their own that require a gradient.
///
/// They are leaves over the same memory. With `createGraph`, those of arguments that require a gradient are copies, whose
/// history leads to the arguments.
func independent<Element: DifferentiableScalar>(
  _ arguments: [Tensor<Element>], createGraph: Bool, _ file: StaticString, _ line: UInt
) -> [Tensor<Element>] {
  arguments.map { argument in
    if createGraph, argument.requiresGrad { return recording(true) { argument.cloned() } }
    let leaf = argument.detached()
    leaf.startTracking(file, line)
    return leaf
  }
}

/// Returns Σ a · b over all elements of the tensors.
func scalarProduct<Element: DifferentiableScalar>(
  _ a: [Tensor<Element>], _ b: [Tensor<Element>]
) -> Tensor<Element> {
  zip(a, b).reduce(Tensor<Element>.zeros([])) { sum, pair in sum + (pair.0 * pair.1).sum() }
}
