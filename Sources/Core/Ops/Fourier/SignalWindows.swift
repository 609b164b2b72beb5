// Windows by which the samples of a signal are weighted before a Fourier transform. They are computed in Double.

extension Tensor where Element: DifferentiableScalar {
  /// The Hann window, `½ − ½ cos(2πk/n)`.
  ///
  /// A periodic window of n samples is a symmetric one of n + 1 without the last, and fits transforms. A count below 0
  /// is an error.
  ///
  /// ```swift
  /// let spectrum = Tensor<Float>.normal([48000]).stft(size: 400, window: .hannWindow(400))
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func hannWindow(
    _ count: Int, isPeriodic: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    cosineSum("hannWindow", count, isPeriodic, [0.5, 0.5], file, line)
  }

  /// The Hamming window, `α − β cos(2πk/n)`.
  ///
  /// The count and the periodic window are those of ``hannWindow(_:isPeriodic:file:line:)``.
  ///
  /// ```swift
  /// let window = Tensor<Float>.hammingWindow(400, isPeriodic: false, alpha: 0.54, beta: 0.46)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func hammingWindow(
    _ count: Int, isPeriodic: Bool = true, alpha: Double = 0.54, beta: Double = 0.46,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    cosineSum("hammingWindow", count, isPeriodic, [alpha, beta], file, line)
  }

  /// The Blackman window, `0.42 − 0.5 cos(2πk/n) + 0.08 cos(4πk/n)`.
  ///
  /// The count and the periodic window are those of ``hannWindow(_:isPeriodic:file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func blackmanWindow(
    _ count: Int, isPeriodic: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    cosineSum("blackmanWindow", count, isPeriodic, [0.42, 0.5, 0.08], file, line)
  }

  /// The Nuttall window, a minimum four-term Blackman–Harris window: `Σ (−1)ʲ c_j cos(2πjk/n)` with the factors
  /// 0.3635819, 0.4891775, 0.1365995 and 0.0106411.
  ///
  /// The count and the periodic window are those of ``hannWindow(_:isPeriodic:file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func nuttallWindow(
    _ count: Int, isPeriodic: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    cosineSum("nuttallWindow", count, isPeriodic, [0.3635819, 0.4891775, 0.1365995, 0.0106411], file, line)
  }

  /// The window `Σ (−1)ʲ c_j cos(2πjk/n)` of some factors c.
  ///
  /// The count and the periodic window are those of ``hannWindow(_:isPeriodic:file:line:)``. No factors are an error.
  ///
  /// ```swift
  /// let window = Tensor<Float>.generalCosineWindow(400, isPeriodic: false, factors: [0.54, 0.46])
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func generalCosineWindow(
    _ count: Int, isPeriodic: Bool = true, factors: [Double], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard !factors.isEmpty else {
      return .failed("generalCosineWindow", "there are no factors; at least 1 is needed", file, line)
    }
    return cosineSum("generalCosineWindow", count, isPeriodic, factors, file, line)
  }

  /// The cosine window, half a period of a sine: `sin(π (k + ½) / (n + 1))`.
  ///
  /// The count and the periodic window are those of ``hannWindow(_:isPeriodic:file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func cosineWindow(
    _ count: Int, isPeriodic: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    window("cosineWindow", count, isPeriodic, file, line) { position, steps in
      ((position * steps + 0.5) * (.pi / (steps + 1))).sin()
    }
  }

  /// The Gaussian window, `exp(−½ ((k − n/2) / deviation)²)`. The standard deviation is a number of samples.
  ///
  /// The count and the periodic window are those of ``hannWindow(_:isPeriodic:file:line:)``. A deviation that is not
  /// above 0 is an error.
  ///
  /// ```swift
  /// let window = Tensor<Float>.gaussianWindow(400, isPeriodic: false, deviation: 70)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func gaussianWindow(
    _ count: Int, isPeriodic: Bool = true, deviation: Double = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    guard deviation > 0 else {
      return .failed("gaussianWindow", "the deviation must be above 0, not \(deviation)", file, line)
    }
    return window("gaussianWindow", count, isPeriodic, file, line) { position, steps in
      (((position - 0.5) * steps / deviation).square() * -0.5).exp()
    }
  }

  /// The exponential window, `exp(−|k − n/2| / decay)`. The decay is the number of samples in which it falls to 1/e.
  ///
  /// The count and the periodic window are those of ``hannWindow(_:isPeriodic:file:line:)``. A decay that is not above
  /// 0 is an error.
  ///
  /// ```swift
  /// let window = Tensor<Float>.exponentialWindow(400, isPeriodic: false, decay: 100)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func exponentialWindow(
    _ count: Int, isPeriodic: Bool = true, decay: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard decay > 0 else {
      return .failed("exponentialWindow", "the decay must be above 0, not \(decay)", file, line)
    }
    return window("exponentialWindow", count, isPeriodic, file, line) { position, steps in
      ((position - 0.5).abs() * -steps / decay).exp()
    }
  }

  /// The Bartlett window, the triangle `1 − |2k/n − 1|`.
  ///
  /// The count and the periodic window are those of ``hannWindow(_:isPeriodic:file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func bartlettWindow(
    _ count: Int, isPeriodic: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    window("bartlettWindow", count, isPeriodic, file, line) { position, _ in 1 - (position * 2 - 1).abs() }
  }

  /// The Kaiser window, `I₀(β √(1 − (2k/n − 1)²)) / I₀(β)`, with the modified Bessel function I₀.
  ///
  /// A larger β makes the main lobe wider and the side lobes lower. The count and the periodic window are those of
  /// ``hannWindow(_:isPeriodic:file:line:)``. A β that is negative or above 700 is an error.
  ///
  /// ```swift
  /// let window = Tensor<Float>.kaiserWindow(400, isPeriodic: false, beta: 14)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func kaiserWindow(
    _ count: Int, isPeriodic: Bool = true, beta: Double = 12, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    guard (0...700).contains(beta) else {
      return .failed("kaiserWindow", "beta must be in 0...700, not \(beta)", file, line)
    }
    return window("kaiserWindow", count, isPeriodic, file, line) { position, _ in
      let side = position * 2 - 1
      return besselI0((1 - side * side).clamped(0...1).sqrt() * beta) / besselI0(Tensor<Double>(beta))
    }
  }

  /// Σ (−1)ʲ c_j cos(2πjk/n).
  private static func cosineSum(
    _ name: String, _ count: Int, _ isPeriodic: Bool, _ factors: [Double], _ file: StaticString, _ line: UInt
  ) -> Tensor {
    window(name, count, isPeriodic, file, line) { position, _ in
      factors.enumerated().dropFirst().reduce(.full(position.shape, factors[0])) { sum, term in
        let cosine = (position * (2 * .pi * Double(term.offset))).cos() * term.element
        return term.offset % 2 == 1 ? sum - cosine : sum + cosine
      }
    }
  }

  /// Returns a function of the positions k/n of the samples and of n; 1 for a single sample.
  private static func window(
    _ name: String, _ count: Int, _ isPeriodic: Bool, _ file: StaticString, _ line: UInt,
    _ function: (Tensor<Double>, Double) -> Tensor<Double>
  ) -> Tensor {
    guard count >= 0 else { return .failed(name, "the count must be at least 0, not \(count)", file, line) }
    if count == 1 { return .ones([1], file: file, line: line) }
    let steps = Double(isPeriodic ? count : count - 1)
    return noGrad { Tensor(function(.ramp(count, start: 0, step: 1) / steps, steps)) }
  }

  /// I₀ by its series Σ ((x/2)ʲ / j!)², of which 0...700 needs up to 1,000 terms.
  private static func besselI0(_ x: Tensor<Double>) -> Tensor<Double> {
    let quarter = x * x / 4
    var term = Tensor<Double>.ones(x.shape), sum = term, j = 1.0
    while j < 1000, (term > sum * 1e-17).any() {
      term = term * quarter / (j * j)
      sum = sum + term
      j += 1
    }
    return sum
  }
}
