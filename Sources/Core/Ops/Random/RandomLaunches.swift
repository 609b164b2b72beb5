// Launches of the random kernels. Results are new tensors in row-major order.

extension Tensor where Element: DifferentiableScalar {
  /// Draws normal numbers, starting at a state of a generator.
  static func normal(
    _ shape: TensorShape, _ mean: Element, _ deviation: Element, at state: RandomGenerator.State
  ) -> Tensor {
    drawn("Normal", shape) {
      RandomKernels.fillNormal(
        $0, mean: Double(mean), deviation: Double(deviation), seed: state.seed, stream: UInt64(state.stream),
        offset: state.offset)
    }
  }

  /// Draws uniform numbers of a range without its upper bound, starting at a state of a generator.
  static func uniform(
    _ shape: TensorShape, _ lower: Element, _ upper: Element, at state: RandomGenerator.State
  ) -> Tensor {
    drawn("Uniform", shape) {
      RandomKernels.fillUniform(
        $0, from: Double(lower), to: Double(upper), seed: state.seed, stream: UInt64(state.stream),
        offset: state.offset)
    }
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Draws numbers in 0 < u < 1, starting at a state of a generator.
  static func openUnits(_ shape: TensorShape, at state: RandomGenerator.State) -> Tensor {
    uniform(shape, Element.ulpOfOne / 4, 1, at: state)
  }

  /// Draws gamma numbers of these concentrations, or their logarithms, starting at a state of a generator.
  static func gamma(_ concentrations: Tensor, isLogarithm: Bool, at state: RandomGenerator.State) -> Tensor {
    launch(concentrations, into: Tensor(uninitialized: concentrations.shape)) { concentrations, y in
      RandomKernels.fillGamma(
        y, concentrations: concentrations, isLogarithm: isLogarithm, seed: state.seed,
        stream: UInt64(state.stream), offset: state.offset)
    }.named("Gamma")
  }

  /// Draws Poisson numbers of these rates, starting at a state of a generator.
  static func poisson(_ rates: Tensor, at state: RandomGenerator.State) -> Tensor {
    launch(rates, into: Tensor(uninitialized: rates.shape)) { rates, y in
      RandomKernels.fillPoisson(
        y, rates: rates, seed: state.seed, stream: UInt64(state.stream), offset: state.offset)
    }.named("Poisson")
  }
}

extension Tensor where Element == Int {
  /// Draws integers of a range, starting at a state of a generator.
  static func integers(_ shape: TensorShape, _ range: Range<Int>, at state: RandomGenerator.State) -> Tensor {
    drawn("Integers", shape) {
      RandomKernels.fillIntegers(
        $0, in: range, seed: state.seed, stream: UInt64(state.stream), offset: state.offset)
    }
  }
}

extension Tensor {
  /// Returns a new tensor that a kernel fills, or a failed tensor if there is no memory.
  fileprivate static func drawn(
    _ name: StaticString, _ shape: TensorShape, _ fill: (Operand) -> Void
  ) -> Tensor {
    let result = Tensor(uninitialized: shape)
    if let failure = launch(after: result.failure, { fill(result.operand) }) { return .failed(by: failure) }
    return result.named(name)
  }
}
