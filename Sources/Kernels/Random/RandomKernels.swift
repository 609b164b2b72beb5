import CKernels

/// Random numbers from a counter-based generator. The bits of a number depend only on the seed, the stream
/// and the number's offset in the stream, so a fill has the same bits for any number of threads.
package enum RandomKernels {
  /// Fills an operand with normal numbers.
  package static func fillNormal(
    _ y: Operand, mean: Double, deviation: Double, seed: UInt64, stream: UInt64, offset: UInt64
  ) {
    let stream = UInt32(stream)
    split(y) { memory, index, count in
      if y.element == .f32 {
        martlet_normal_f32(
          seed, stream, offset &+ index, Float(mean), Float(deviation),
          memory.assumingMemoryBound(to: Float.self), count)
      } else {
        martlet_normal_f64(
          seed, stream, offset &+ index, mean, deviation, memory.assumingMemoryBound(to: Double.self), count)
      }
    }
  }

  /// Fills an operand with uniform numbers of a range without its upper bound.
  package static func fillUniform(
    _ y: Operand, from lower: Double, to upper: Double, seed: UInt64, stream: UInt64, offset: UInt64
  ) {
    split(y) { memory, index, count in
      fillUniform(
        memory, count: count, element: y.element, from: lower, to: upper, seed: seed, stream: stream,
        offset: offset &+ index)
    }
  }

  /// Fills memory with uniform numbers on the calling thread. The bounds are exact for the element type.
  package static func fillUniform(
    _ memory: UnsafeMutableRawPointer, count: Int, element: ElementType, from lower: Double, to upper: Double,
    seed: UInt64, stream: UInt64, offset: UInt64
  ) {
    if element == .f32 {
      martlet_uniform_f32(
        seed, UInt32(stream), offset, Float(lower), Float(upper), memory.assumingMemoryBound(to: Float.self),
        count)
    } else {
      martlet_uniform_f64(
        seed, UInt32(stream), offset, lower, upper, memory.assumingMemoryBound(to: Double.self), count)
    }
  }

  /// Fills an operand of the type `Int` with integers of a range.
  package static func fillIntegers(
    _ y: Operand, in range: Range<Int>, seed: UInt64, stream: UInt64, offset: UInt64
  ) {
    let stream = UInt32(stream), span = UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound))
    split(y) { memory, index, count in
      martlet_integers(
        seed, stream, offset &+ index, Int64(range.lowerBound), span,
        memory.assumingMemoryBound(to: Int64.self), count)
    }
  }

  /// Fills an operand with gamma numbers of these concentrations, or with their logarithms.
  package static func fillGamma(
    _ y: Operand, concentrations: Operand, isLogarithm: Bool, seed: UInt64, stream: UInt64, offset: UInt64
  ) {
    let stream = UInt32(stream), isLogarithm: Int32 = isLogarithm ? 1 : 0
    split(y) { memory, index, count in
      let concentrations = concentrations.at(Int(index))
      if y.element == .f32 {
        martlet_gamma_f32(
          seed, stream, offset &+ index, concentrations.assumingMemoryBound(to: Float.self), isLogarithm,
          memory.assumingMemoryBound(to: Float.self), count)
      } else {
        martlet_gamma_f64(
          seed, stream, offset &+ index, concentrations.assumingMemoryBound(to: Double.self), isLogarithm,
          memory.assumingMemoryBound(to: Double.self), count)
      }
    }
  }

  /// Fills an operand with Poisson numbers of these rates.
  package static func fillPoisson(
    _ y: Operand, rates: Operand, seed: UInt64, stream: UInt64, offset: UInt64
  ) {
    let stream = UInt32(stream)
    split(y) { memory, index, count in
      let rates = rates.at(Int(index))
      if y.element == .f32 {
        martlet_poisson_f32(
          seed, stream, offset &+ index, rates.assumingMemoryBound(to: Float.self),
          memory.assumingMemoryBound(to: Float.self), count)
      } else {
        martlet_poisson_f64(
          seed, stream, offset &+ index, rates.assumingMemoryBound(to: Double.self),
          memory.assumingMemoryBound(to: Double.self), count)
      }
    }
  }

  /// Returns the integer below a bound at an offset of the stream.
  package static func integer(below bound: Int, seed: UInt64, stream: UInt64, offset: UInt64) -> Int {
    var result: Int64 = 0
    martlet_integers(seed, UInt32(stream), offset, 0, UInt64(bound), &result, 1)
    return Int(result)
  }

  /// Splits an operand over threads. `body` receives the address of a piece, the index of its first element
  /// and its number of elements.
  private static func split(_ y: Operand, _ body: (UnsafeMutableRawPointer, UInt64, Int) -> Void) {
    Parallel.split(y.count, grain: Tuning.leastRandomNumbers) { range in
      body(y.at(range.lowerBound), UInt64(range.lowerBound), range.count)
    }
  }
}
