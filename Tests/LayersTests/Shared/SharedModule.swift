import Martlet
import Testing

/// A module that threads share in evaluation, and its outputs for inputs of several sizes.
struct SharedModule: Sendable, CustomTestStringConvertible {
  /// A new module: its outputs for a size, all its state as bits, and its gradients for a size: of its own parameters, and
  /// of copies with which it is called while its own are zeros.
  struct Made {
    let outputs: (Int) -> [[UInt32]]
    let state: () -> [[UInt32]]
    let gradients: (Int) -> (own: [[Float]], lent: [[Float]])
  }

  /// The name of its type.
  let type: String
  let testDescription: String
  private let maker: @Sendable () -> Made

  /// Any module and a call of it, whose inputs grow with a size of 1 or more.
  init<M: Module & SendableMetatype>(
    named name: String? = nil, _ make: @autoclosure @escaping @Sendable () -> M,
    calling call: @escaping @Sendable (M, Int) -> [Tensor<Float>]
  ) where M.Element == Float {
    type = String("\(M.self)".prefix { $0 != "<" })
    testDescription = name ?? type
    maker = {
      let module = make()
      module.eval()
      return Made(
        outputs: { size in call(module, size).map(bits) },
        state: { module.namedState.map { bits($0.tensor) } },
        gradients: { size in gradients(of: module) { call(module, size) } })
    }
  }

  /// A layer that is called with random numbers of a shape.
  init<L: Layer & SendableMetatype>(
    named name: String? = nil, _ make: @autoclosure @escaping @Sendable () -> L,
    _ shape: @escaping @Sendable (Int) -> TensorShape
  ) where L.Input == Tensor<Float>, L.Output == Tensor<Float> {
    self.init(named: name, make(), calling: { layer, size in [layer(numbers(shape(size), size))] })
  }

  /// A new module, with the same weights each time.
  func made() -> Made {
    var random = RandomGenerator(seed: 41)
    return withRandom(&random) { maker() }
  }
}

/// Random numbers that depend only on a seed.
func numbers(_ shape: TensorShape, _ seed: Int) -> Tensor<Float> {
  var random = RandomGenerator(seed: UInt64(seed))
  return random.normal(shape)
}

/// Indices below 5.
func indices(_ shape: TensorShape, _ seed: Int) -> Tensor<Int> {
  var random = RandomGenerator(seed: UInt64(seed))
  return random.integers(shape, in: 0..<5)
}

/// The positions of the third axis, repeated over the axes before it.
func places(_ shape: TensorShape) -> Tensor<Int> {
  Tensor<Int>.arange(0, shape.reduce(1, *)).reshaped(shape).remainder(shape[2])
}

private func bits(_ tensor: Tensor<Float>) -> [UInt32] { tensor.scalars.map(\.bitPattern) }

private func gradients<M: Module>(
  of module: M, _ outputs: () -> [Tensor<Float>]
) -> (own: [[Float]], lent: [[Float]]) where M.Element == Float {
  func loss() -> Tensor<Float> { outputs().reduce(Tensor<Float>(0)) { $0 + ($1 * $1).sum() } }
  let own = module.parameters, ownGradients = loss().gradients(of: own, allowUnused: true)
  let copies = own.map { parameter in
    let copy = parameter.detached().cloned()
    copy.requiresGrad = true
    return copy
  }
  noGrad { for parameter in own { parameter.fill(0) } }
  let lent = functionalCall(module, copies) { loss() }.gradients(of: copies, allowUnused: true)
  return (ownGradients.map(\.scalars), lent.map(\.scalars))
}
