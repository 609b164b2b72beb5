import CKernels

// Fills tensors from a counter-based generator: an element's bits depend only on the state and the element's
// index.

extension Tensor where Element: DifferentiableScalar {
  static func normal(
    _ shape: TensorShape, _ mean: Element, _ deviation: Element, at state: RandomGenerator.State
  ) -> Tensor {
    filled("Normal", shape, at: state) { memory, offset, count in
      if Element.self == Float.self {
        martlet_normal_f32(
          state.seed, state.stream, offset, mean as! Float, deviation as! Float,
          memory.assumingMemoryBound(to: Float.self), count)
      } else {
        martlet_normal_f64(
          state.seed, state.stream, offset, mean as! Double, deviation as! Double,
          memory.assumingMemoryBound(to: Double.self), count)
      }
    }
  }

  static func uniform(
    _ shape: TensorShape, _ lower: Element, _ upper: Element, at state: RandomGenerator.State
  ) -> Tensor {
    filled("Uniform", shape, at: state) { memory, offset, count in
      fill(memory, count, from: lower, to: upper, at: state, offset: offset)
    }
  }

  /// Fills memory with uniform numbers, starting at an offset of the stream.
  @inline(__always)
  static func fill(
    _ memory: UnsafeMutableRawPointer, _ count: Int, from lower: Element, to upper: Element,
    at state: RandomGenerator.State, offset: UInt64
  ) {
    if Element.self == Float.self {
      martlet_uniform_f32(
        state.seed, state.stream, offset, lower as! Float, upper as! Float,
        memory.assumingMemoryBound(to: Float.self), count)
    } else {
      martlet_uniform_f64(
        state.seed, state.stream, offset, lower as! Double, upper as! Double,
        memory.assumingMemoryBound(to: Double.self), count)
    }
  }
}

extension Tensor {
  /// Fills a tensor in pieces on several threads. `body` receives the address of a piece, its offset in the
  /// stream and its length.
  fileprivate static func filled(
    _ name: StaticString, _ shape: TensorShape, at state: RandomGenerator.State,
    _ body: (UnsafeMutableRawPointer, UInt64, Int) -> Void
  ) -> Tensor {
    let result = Tensor(uninitialized: shape)
    if result.isFailed { return result }
    let start = result.address, stride = MemoryLayout<Element>.stride
    Parallel.split(result.layout.count, grain: Parallel.leastElements / 4) { range in
      body(start + range.lowerBound * stride, state.offset &+ UInt64(range.lowerBound), range.count)
    }
    return result.named(name)
  }
}

extension Tensor where Element == Int {
  static func integers(_ shape: TensorShape, _ range: Range<Int>, at state: RandomGenerator.State) -> Tensor {
    filled("Integers", shape, at: state) { memory, offset, count in
      martlet_integers(
        state.seed, state.stream, offset, Int64(range.lowerBound),
        UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound)),
        memory.assumingMemoryBound(to: Int64.self), count)
    }
  }

  /// Returns one integer below a bound, from the counter that is `step` after the state's.
  static func integer(below bound: Int, at state: RandomGenerator.State, plus step: Int) -> Int {
    var result: Int64 = 0
    martlet_integers(state.seed, state.stream, state.offset &+ UInt64(step), 0, UInt64(bound), &result, 1)
    return Int(result)
  }
}
