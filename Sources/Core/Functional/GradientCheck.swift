#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The error for a derivative that differs from the central differences of the function.
///
/// ```swift
/// do {
///   try checkGradients(at: [.normal([3])]) { $0[0].exp().sum() }
/// } catch let error as GradientCheckError {
///   print(error.argument, error.index, error.derivative, error.difference)
/// }
/// ```
public struct GradientCheckError: Error, CustomStringConvertible {
  /// The order of the derivative: 1 for a gradient, 2 for a gradient of a gradient.
  public let order: Int
  /// The number of the argument, and the row-major index in it, of the worst entry.
  public let argument: Int, index: Int
  /// The derivative that the tape computes, and the central difference.
  public let derivative: Double, difference: Double

  /// The worst entry, its derivative and its central difference.
  public var description: String {
    "order \(order): argument \(argument), element \(index): the tape gives \(derivative), differences \(difference)"
  }
}

/// Compares the derivatives of a scalar function with central differences, `(f(x + h) − f(x − h)) / 2h`,
/// entry by entry.
///
/// The derivatives of its gradient along a fixed random direction are compared in the same way.
///
/// ```swift
/// let x = Tensor<Double>.normal([2, 3]), weight = Tensor<Double>.normal([3, 4])
/// try checkGradients(at: [x, weight]) { arguments in
///   arguments[0].matmul(arguments[1]).tanh().sum()
/// }
/// ```
///
/// - Parameters:
///   - arguments: The point at which the function is differentiated. The function should be smooth within
///     `step` of it.
///   - step: The step h, relative to the larger of 1 and the entry's magnitude.
///   - tolerance: The largest difference allowed, relative to the largest of 1, the derivative's magnitude
///     and the central difference's magnitude.
///   - secondOrder: True if the derivatives of the gradient are checked too.
///   - f: The function, which returns a scalar.
/// - Throws: ``GradientCheckError`` with the worst entry.
/// - Complexity: Two evaluations of the function for each entry, and two of its gradient.
public func checkGradients(
  at arguments: [Tensor<Double>], step: Double = 1e-5, tolerance: Double = 1e-6, secondOrder: Bool = true,
  _ f: ([Tensor<Double>]) -> Tensor<Double>
) throws {
  let points = arguments.map { $0.detached().cloned() }
  try compare(points, f, step, tolerance, order: 1)
  guard secondOrder else { return }
  var random = RandomGenerator(seed: 20_110_101)
  let directions = points.map { point -> Tensor<Double> in random.normal(point.shape) }
  func slope(_ arguments: [Tensor<Double>]) -> Tensor<Double> {
    scalarProduct(f(arguments).gradients(of: arguments, createGraph: true, allowUnused: true), directions)
  }
  try compare(points, slope, step, tolerance, order: 2)
}

/// Checks the derivatives of `f` at `points`. Each entry of `points` is changed in place and then restored.
private func compare(
  _ points: [Tensor<Double>], _ f: ([Tensor<Double>]) -> Tensor<Double>, _ step: Double, _ tolerance: Double,
  order: Int
) throws {
  func leaves() -> [Tensor<Double>] {
    points.map { point in
      let leaf = point.cloned()
      leaf.requiresGrad = true
      return leaf
    }
  }
  let at = leaves()
  let gradients = f(at).gradients(of: at, createGraph: true, allowUnused: true)
  if gradients.contains(where: \.isFailed) { return }
  var worst: (error: Double, GradientCheckError)?
  for (argument, point) in points.enumerated() {
    let tape = gradients[argument].scalars
    let flat = point.reshaped([-1])
    for (index, entry) in point.scalars.enumerated() {
      let h = step * Swift.max(1, Swift.abs(entry))
      flat[index] = Tensor(entry + h)
      let above = f(leaves()).item
      flat[index] = Tensor(entry - h)
      let below = f(leaves()).item
      flat[index] = Tensor(entry)
      let difference = (above - below) / (2 * h)
      let error =
        Swift.abs(tape[index] - difference) / Swift.max(1, Swift.abs(difference), Swift.abs(tape[index]))
      if !(error <= worst?.error ?? tolerance) {
        worst = (
          error.isNaN ? .infinity : error,
          GradientCheckError(
            order: order, argument: argument, index: index, derivative: tape[index], difference: difference)
        )
      }
    }
  }
  if let worst { throw worst.1 }
}
