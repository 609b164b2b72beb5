// Normalisation by the channels around a channel.

extension Tensor where Element: DifferentiableScalar {
  /// Local response normalisation (Krizhevsky, Sutskever & Hinton 2012, section 3.3): divides each element of
  /// `[n, channels, …]` by `(k + α m)^β`, where m is the mean of the squares at its position over the `size`
  /// channels around its own. Channels beyond the ends count as 0.
  ///
  /// A size below 1 is an error, and so are fewer than two axes. Derivative: that of the formula.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([2, 8, 32, 32])
  /// let y = images.localResponseNorm(size: 5)  // [2, 8, 32, 32]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func localResponseNorm(
    size: Int, alpha: Element = 1e-4, beta: Element = 0.75, k: Element = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard rank >= 2, size > 0 else {
      return .failed(
        "localResponseNorm",
        "shape \(shape) and size \(size) do not fit; they must be [n, channels, …] and above 0", file, line)
    }
    if count == 0 { return self }
    // A window of so many channels has all of them at every position.
    let window = Swift.min(size, 2 * shape[1])
    let squares = (self * self).reshaped([shape[0], 1, shape[1], shape.dropFirst(2).reduce(1, *)])
    let options = PoolOptions(
      "localResponseNorm", axes: 2, kernelSize: [window, 1], stride: 1, padding: 0, dilation: 1,
      ceilMode: false, file, line)
    let means = squares.padded([(window / 2, (window - 1) / 2), (0, 0)])
      .averagePool("localResponseNorm", options, .window, file, line)
    if means.isFailed { return means }
    let share = alpha * Element(window) / Element(size)
    return self / (means.reshaped(shape) * share + k).pow(beta)
  }
}
