// Products of Jacobians and Hessians with vectors, which are never computed as matrices.

/// Returns the value of a function and the products of a vector with its Jacobians, `vᵀ J`, one for each argument.
///
/// The vector, the cotangent, has the shape of the value; another shape is an error. Products with respect to an argument
/// that the value does not depend on are 0. No ``Tensor/grad`` changes.
///
/// ```swift
/// let a = Tensor<Double>([1, 2]), b = Tensor<Double>([3, 4])
/// let (value, products) = vjp(at: [a, b], cotangent: Tensor([1, 10])) { $0[0] * $0[1] }
/// print(value, products[0], products[1])  // [3. 8.] [3. 40.] [1. 20.]
/// ```
///
/// - Parameters:
///   - arguments: The point at which the function is differentiated.
///   - cotangent: The vector v.
///   - createGraph: True to record the pass, so that the results can be differentiated with respect to the arguments, the
///     cotangent and tensors that `f` captures.
///   - f: The function.
/// - Complexity: One backward pass.
public func vjp<Element: DifferentiableScalar>(
  at arguments: [Tensor<Element>], cotangent: Tensor<Element>, createGraph: Bool = false,
  file: StaticString = #fileID, line: UInt = #line, _ f: ([Tensor<Element>]) -> Tensor<Element>
) -> (value: Tensor<Element>, products: [Tensor<Element>]) {
  let points = independent(arguments, createGraph: createGraph, file, line)
  let value = recording(true) { f(points) }
  let products = value.gradients(
    of: points, seed: cotangent, createGraph: createGraph, allowUnused: true, file: file, line: line)
  return (createGraph ? value : value.detached(), products)
}

/// Returns the value of a function of one tensor and the product of a vector with its Jacobian, `vᵀ J`.
///
/// Parameters and errors are those of the function of an array.
public func vjp<Element: DifferentiableScalar>(
  at argument: Tensor<Element>, cotangent: Tensor<Element>, createGraph: Bool = false,
  file: StaticString = #fileID, line: UInt = #line, _ f: (Tensor<Element>) -> Tensor<Element>
) -> (value: Tensor<Element>, product: Tensor<Element>) {
  let (value, products) = vjp(
    at: [argument], cotangent: cotangent, createGraph: createGraph, file: file, line: line
  ) { f($0[0]) }
  return (value, products[0])
}

/// Returns the value of a function and the product of its Jacobian with a vector, `J v`: the derivative of the value
/// along v.
///
/// The vector, the tangent, has a part of each argument's shape; another shape is an error. The product is 0 if the value
/// does not depend on the arguments. No ``Tensor/grad`` changes.
///
/// The product is the derivative of `uᵀ J v` with respect to u. It needs only backward rules that can be differentiated
/// again, which every operation has.
///
/// ```swift
/// let a = Tensor<Double>([1, 2]), b = Tensor<Double>([3, 4])
/// let (value, product) = jvp(at: [a, b], tangents: [Tensor([1, 0]), Tensor([0, 1])]) { $0[0] * $0[1] }
/// print(value, product)  // [3. 8.] [3. 2.]
/// ```
///
/// - Parameters:
///   - arguments: The point at which the function is differentiated.
///   - tangents: The vector v, a part for each argument.
///   - createGraph: True to record the last pass too, so that the results can be differentiated.
///   - f: The function.
/// - Complexity: One recorded backward pass, and one over its graph.
public func jvp<Element: DifferentiableScalar>(
  at arguments: [Tensor<Element>], tangents: [Tensor<Element>], createGraph: Bool = false,
  file: StaticString = #fileID, line: UInt = #line, _ f: ([Tensor<Element>]) -> Tensor<Element>
) -> (value: Tensor<Element>, product: Tensor<Element>) {
  if let failed = fault(of: tangents, at: arguments, "jvp", file, line) { return (failed, failed) }
  let points = independent(arguments, createGraph: createGraph, file, line)
  let value = recording(true) { f(points) }
  if value.isFailed { return (value, value) }
  let cotangent = Tensor<Element>.zeros(value.shape, requiresGrad: true)
  let slopes = value.gradients(
    of: points, seed: cotangent, createGraph: true, allowUnused: true, file: file, line: line)
  let product = recording(true) { scalarProduct(slopes, tangents) }.gradient(
    of: cotangent, createGraph: createGraph, allowUnused: true, file: file, line: line)
  return (createGraph ? value : value.detached(), product)
}

/// Returns the value of a function of one tensor and the product of its Jacobian with a vector, `J v`.
///
/// Parameters and errors are those of the function of an array.
public func jvp<Element: DifferentiableScalar>(
  at argument: Tensor<Element>, tangent: Tensor<Element>, createGraph: Bool = false,
  file: StaticString = #fileID, line: UInt = #line, _ f: (Tensor<Element>) -> Tensor<Element>
) -> (value: Tensor<Element>, product: Tensor<Element>) {
  jvp(at: [argument], tangents: [tangent], createGraph: createGraph, file: file, line: line) { f($0[0]) }
}

/// Returns the value of a scalar function and the products of its Hessian with a vector, `H v`, a part for each argument.
///
/// The vector has a part of each argument's shape; another shape is an error, and so is a value that is not a scalar.
/// Parts are 0 for an argument that the gradient does not depend on. No ``Tensor/grad`` changes.
///
/// ```swift
/// let x = Tensor<Double>([1, 2])
/// let (value, products) = hvp(at: [x], tangents: [Tensor([1, 1])]) { ($0[0] * $0[0] * $0[0]).sum() }
/// print(value, products[0])  // 9.0 [6. 12.]
/// ```
///
/// - Parameters:
///   - arguments: The point at which the function is differentiated.
///   - tangents: The vector v, a part for each argument.
///   - createGraph: True to record the last pass too, so that the results can be differentiated.
///   - f: The function.
/// - Complexity: One recorded backward pass, and one over its graph.
public func hvp<Element: DifferentiableScalar>(
  at arguments: [Tensor<Element>], tangents: [Tensor<Element>], createGraph: Bool = false,
  file: StaticString = #fileID, line: UInt = #line, _ f: ([Tensor<Element>]) -> Tensor<Element>
) -> (value: Tensor<Element>, products: [Tensor<Element>]) {
  if let failed = fault(of: tangents, at: arguments, "hvp", file, line) {
    return (failed, arguments.map { _ in failed })
  }
  let points = independent(arguments, createGraph: createGraph, file, line)
  let value = recording(true) { f(points) }
  let slopes = value.gradients(of: points, createGraph: true, allowUnused: true, file: file, line: line)
  let products = recording(true) { scalarProduct(slopes, tangents) }.gradients(
    of: points, createGraph: createGraph, allowUnused: true, file: file, line: line)
  return (createGraph ? value : value.detached(), products)
}

/// Returns the value of a scalar function of one tensor and the product of its Hessian with a vector, `H v`.
///
/// Parameters and errors are those of the function of an array.
public func hvp<Element: DifferentiableScalar>(
  at argument: Tensor<Element>, tangent: Tensor<Element>, createGraph: Bool = false,
  file: StaticString = #fileID, line: UInt = #line, _ f: (Tensor<Element>) -> Tensor<Element>
) -> (value: Tensor<Element>, product: Tensor<Element>) {
  let (value, products) = hvp(
    at: [argument], tangents: [tangent], createGraph: createGraph, file: file, line: line
  ) { f($0[0]) }
  return (value, products[0])
}

/// Returns a failed tensor if the tangents do not fit the arguments, or nil.
private func fault<Element: DifferentiableScalar>(
  of tangents: [Tensor<Element>], at arguments: [Tensor<Element>], _ name: String,
  _ file: StaticString, _ line: UInt
) -> Tensor<Element>? {
  if let failure = (arguments + tangents).lazy.compactMap(\.failure).first { return .failed(by: failure) }
  let shapes = tangents.map(\.shape), expected = arguments.map(\.shape)
  if shapes == expected { return nil }
  return .failed(
    name, "tangents of shapes \(shapes) do not fit arguments of shapes \(expected); the shapes must be equal",
    file, line)
}
