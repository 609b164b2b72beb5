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
    cosineWindow("hannWindow", count, isPeriodic, [0.5, 0.5], file, line)
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
    cosineWindow("hammingWindow", count, isPeriodic, [alpha, beta], file, line)
  }

  /// The Blackman window, `0.42 − 0.5 cos(2πk/n) + 0.08 cos(4πk/n)`.
  ///
  /// The count and the periodic window are those of ``hannWindow(_:isPeriodic:file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func blackmanWindow(
    _ count: Int, isPeriodic: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    cosineWindow("blackmanWindow", count, isPeriodic, [0.42, 0.5, 0.08], file, line)
  }

  /// The Bartlett window, the triangle `1 − |2k/n − 1|`.
  ///
  /// The count and the periodic window are those of ``hannWindow(_:isPeriodic:file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func bartlettWindow(
    _ count: Int, isPeriodic: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    window("bartlettWindow", count, isPeriodic, file, line) { 1 - ($0 * 2 - 1).abs() }
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
    return window("kaiserWindow", count, isPeriodic, file, line) { position in
      let side = position * 2 - 1
      return besselI0((1 - side * side).clamped(0...1).sqrt() * beta) / besselI0(Tensor<Double>(beta))
    }
  }

  /// Σ (−1)ʲ c_j cos(2πjk/n).
  private static func cosineWindow(
    _ name: String, _ count: Int, _ isPeriodic: Bool, _ factors: [Double], _ file: StaticString, _ line: UInt
  ) -> Tensor {
    window(name, count, isPeriodic, file, line) { position in
      factors.enumerated().dropFirst().reduce(.full(position.shape, factors[0])) { sum, term in
        let cosine = (position * (2 * .pi * Double(term.offset))).cos() * term.element
        return term.offset % 2 == 1 ? sum - cosine : sum + cosine
      }
    }
  }

  /// Returns a function of the positions k/n of the samples; 1 for a single sample.
  private static func window(
    _ name: String, _ count: Int, _ isPeriodic: Bool, _ file: StaticString, _ line: UInt,
    _ function: (Tensor<Double>) -> Tensor<Double>
  ) -> Tensor {
    guard count >= 0 else { return .failed(name, "the count must be at least 0, not \(count)", file, line) }
    if count == 1 { return .ones([1], file: file, line: line) }
    let steps = Double(isPeriodic ? count : count - 1)
    return noGrad { Tensor(function(.ramp(count, start: 0, step: 1) / steps)) }
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
