// Matrices of first and second derivatives, one backward pass for each row.

/// Returns the Jacobian of a function of one tensor: the derivative of each element of the output with respect to each
/// element of the argument. Its shape is that of the output followed by that of the argument.
///
/// The derivative is 0 if the output does not depend on the argument. `f` is called once. It receives a tensor that shares
/// the argument's storage, and no ``Tensor/grad`` changes. It is an error if the two ranks together exceed 8.
///
/// ```swift
/// let x = Tensor<Double>([1, 2, 3])
/// print(jacobian(at: x) { $0 * $0 })  // the diagonal matrix of 2, 4, 6
/// ```
///
/// - Parameters:
///   - argument: The point at which the function is differentiated.
///   - createGraph: True to record the passes, so that the Jacobian can be differentiated with respect to the argument,
///     and to tensors that `f` captures.
///   - f: The function.
/// - Complexity: One backward pass for each element of the output, over one graph.
public func jacobian<Element: DifferentiableScalar>(
  at argument: Tensor<Element>, createGraph: Bool = false,
  file: StaticString = #fileID, line: UInt = #line, _ f: (Tensor<Element>) -> Tensor<Element>
) -> Tensor<Element> {
  jacobians(at: [argument], createGraph: createGraph, file: file, line: line) { [f($0[0])] }[0][0]
}

/// Returns the Jacobians of a function of several tensors, one for each argument.
///
/// Shapes, parameters and errors are those of the function of one tensor.
///
/// ```swift
/// let a = Tensor<Double>([1, 2]), b = Tensor<Double>([3, 4])
/// let parts = jacobian(at: [a, b]) { $0[0] * $0[1] }
/// print(parts[0], parts[1])  // diagonal matrices of b and of a
/// ```
public func jacobian<Element: DifferentiableScalar>(
  at arguments: [Tensor<Element>], createGraph: Bool = false,
  file: StaticString = #fileID, line: UInt = #line, _ f: ([Tensor<Element>]) -> Tensor<Element>
) -> [Tensor<Element>] {
  jacobians(at: arguments, createGraph: createGraph, file: file, line: line) { [f($0)] }[0]
}

/// Returns the Jacobians of a function of several tensors with several outputs. Entry `[i][j]` is that of output i with
/// respect to argument j.
///
/// Shapes, parameters and errors are those of `jacobian(at:)`.
///
/// ```swift
/// let a = Tensor<Double>([1, 2]), b = Tensor<Double>([3, 4])
/// let blocks = jacobians(at: [a, b]) { [$0[0] * $0[1], $0[1].sum()] }
/// print(blocks[1][0], blocks[1][1])  // [0. 0.] [1. 1.]
/// ```
public func jacobians<Element: DifferentiableScalar>(
  at arguments: [Tensor<Element>], createGraph: Bool = false,
  file: StaticString = #fileID, line: UInt = #line, _ f: ([Tensor<Element>]) -> [Tensor<Element>]
) -> [[Tensor<Element>]] {
  let points = independent(arguments, createGraph: createGraph, file, line)
  let outputs = recording(true) { f(points) }
  return recording(createGraph) {
    outputs.map { $0.derivatives(by: points, createGraph: createGraph, file, line) }
  }
}

/// Returns the Hessian of a scalar function of one tensor: its second derivatives. The shape is that of the argument
/// twice.
///
/// A value that is not a scalar is an error. Derivatives with respect to an argument that the value does not depend on
/// are 0. Parameters and other errors are those of `jacobian(at:)`.
///
/// ```swift
/// let x = Tensor<Double>([1, 2, 3])
/// print(hessian(at: x) { ($0 * $0 * $0).sum() })  // the diagonal matrix of 6, 12, 18
/// ```
///
/// - Complexity: A recorded backward pass, and a pass over its graph for each element of the argument.
public func hessian<Element: DifferentiableScalar>(
  at argument: Tensor<Element>, createGraph: Bool = false,
  file: StaticString = #fileID, line: UInt = #line, _ f: (Tensor<Element>) -> Tensor<Element>
) -> Tensor<Element> {
  hessian(at: [argument], createGraph: createGraph, file: file, line: line) { f($0[0]) }[0][0]
}

/// Returns the blocks of the Hessian of a scalar function of several tensors. Block `[i][j]` has the shape of argument i
/// followed by that of argument j.
///
/// ```swift
/// let a = Tensor<Double>([1, 2]), b = Tensor<Double>([3, 4])
/// let blocks = hessian(at: [a, b]) { ($0[0] * $0[1]).sum() }
/// print(blocks[0][1])  // the unit matrix
/// ```
public func hessian<Element: DifferentiableScalar>(
  at arguments: [Tensor<Element>], createGraph: Bool = false,
  file: StaticString = #fileID, line: UInt = #line, _ f: ([Tensor<Element>]) -> Tensor<Element>
) -> [[Tensor<Element>]] {
  jacobians(at: arguments, createGraph: createGraph, file: file, line: line) { points in
    valueAndGradient(at: points, createGraph: true, allowUnused: true, file: file, line: line, f).gradients
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Returns the Jacobians of this output with respect to the points from which it was computed.
  fileprivate func derivatives(
    by points: [Tensor], createGraph: Bool, _ file: StaticString, _ line: UInt
  ) -> [Tensor] {
    func failed(_ failure: Failure) -> [Tensor] { points.map { _ in .failed(by: failure) } }
    if let failure = failure ?? points.lazy.compactMap(\.failure).first { return failed(failure) }
    if let point = points.first(where: { rank + $0.rank > TensorShape.maximumRank }) {
      return failed(
        mistake(
          "jacobian",
          "an output of shape \(shape) and an argument of shape \(point.shape) have too many axes; their ranks may add up to \(TensorShape.maximumRank)",
          file, line))
    }
    let shapes = points.map { TensorShape(Array(shape) + $0.shape) }
    if count == 0 || !requiresGrad { return shapes.map { .zeros($0) } }
    var rows: [[Tensor]] = []
    for number in 0..<count {
      let seed = Tensor.zeros([count])
      seed[number] = Tensor(1)
      let row = gradients(
        of: points, seed: seed.reshaped(shape), retainGraph: true, createGraph: createGraph,
        allowUnused: true, file: file, line: line)
      if let failure = row.lazy.compactMap(\.failure).first { return failed(failure) }
      rows.append(row.map { $0.reshaped([$0.count]) })
    }
    return shapes.enumerated().map { place, shape in
      Tensor.stacked(rows.map { $0[place] }, file: file, line: line).reshaped(shape)
    }
  }
}
