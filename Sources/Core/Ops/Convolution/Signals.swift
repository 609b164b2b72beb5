// Convolutions and correlations of signals by one kernel, as NumPy defines them.

/// The part of a convolution of signals that is computed.
///
/// ```swift
/// let signal = Tensor<Float>([1, 2, 3]), kernel = Tensor<Float>([0, 1, 0.5])
/// signal.convolved(kernel)                // [0, 1, 2.5, 4, 1.5]
/// signal.convolved(kernel, mode: .same)   // [1, 2.5, 4]
/// signal.convolved(kernel, mode: .valid)  // [2.5]
/// ```
public enum SignalMode: Sendable {
  /// Every place at which signal and kernel overlap: n + m − 1 elements.
  case full
  /// The centre, as long as the longer of the two.
  case same
  /// The places at which the shorter one lies inside of the longer one.
  case valid
}

extension Tensor where Element: DifferentiableScalar {
  /// The convolution of signals with a kernel, `[…, n]` and `[m]`: `yᵢ = Σ xⱼ kᵢ₋ⱼ`. Elements outside of a
  /// signal are 0.
  ///
  /// Unlike ``conv1d(weight:bias:stride:padding:dilation:groups:file:line:)``, it reverses the kernel and knows
  /// no channels. A kernel that is no vector is an error, and so are empty signals and kernels. Derivatives:
  /// those of the convolution.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func convolved(
    _ kernel: Tensor, mode: SignalMode = .full, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    filtered("convolved", kernel, mode, isReversed: true, file, line)
  }

  /// The correlation of signals with a kernel, `[…, n]` and `[m]`: `yᵢ = Σ xᵢ₊ⱼ kⱼ` for i from 1 − m to n − 1.
  /// Elements outside of a signal are 0.
  ///
  /// A kernel that is no vector is an error, and so are empty signals and kernels. Derivatives: those of the
  /// convolution.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func correlated(
    _ kernel: Tensor, mode: SignalMode = .valid, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    filtered("correlated", kernel, mode, isReversed: false, file, line)
  }

  private func filtered(
    _ name: String, _ kernel: Tensor, _ mode: SignalMode, isReversed: Bool, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if let failure = failure ?? kernel.failure { return .failed(by: failure) }
    guard rank >= 1, kernel.rank == 1, shape[-1] > 0, kernel.count > 0 else {
      return .failed(
        name,
        "signals \(shape) and a kernel \(kernel.shape) do not fit; they must be […, n] and [m] of at least 1 element",
        file, line)
    }
    let n = shape[-1], m = kernel.count
    guard n.plus(m) <= BLAS.largestSize else {
      return .failed(
        name, "signals \(shape) and a kernel \(kernel.shape) are too large: BLAS counts in 32 bits", file,
        line)
    }
    // The first of the places of a full result, and their number.
    let (start, length) =
      switch mode {
      case .full: (0, n + m - 1)
      // NumPy exchanges a signal that is shorter than the kernel, and reverses the result of a correlation.
      case .same: (m > n && !isReversed ? n / 2 : (Swift.min(n, m) - 1) / 2, Swift.max(n, m))
      case .valid: (Swift.min(n, m) - 1, Swift.max(n, m) - Swift.min(n, m) + 1)
      }
    var rows = shape, target = shape
    rows.remove(at: rank - 1)
    target.extents[rank - 1] = length
    let signals = reshapedView([rows.elementCount, 1, n])
      .padded([(m - 1 - start, start + length - n)], file: file, line: line)
    let weight = (isReversed ? kernel.flipped(axis: 0) : kernel).reshapedView([1, 1, m])
    let options = ConvolutionOptions(
      name, kernel: weight.shape, axes: 1, stride: 1, padding: 0, dilation: 1, groups: 1, file, line)
    return signals.convolution(name, 1, weight, nil, options, file, line).reshapedView(target)
  }
}
