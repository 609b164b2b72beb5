import Martlet
import Testing

/// A module that threads share in evaluation, and its outputs for inputs of several sizes.
struct SharedModule: Sendable, CustomTestStringConvertible {
  /// A new module: its outputs for a size, and all its state as bits.
  struct Made {
    let outputs: (Int) -> [[UInt32]]
    let state: () -> [[UInt32]]
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
        state: { module.namedState.map { bits($0.tensor) } })
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

private func bits(_ tensor: Tensor<Float>) -> [UInt32] { tensor.scalars.map(\.bitPattern) }
