public import MartletCore

/// Local response normalisation over neighbouring channels of `[n, channels, …]` as a layer, as
/// ``Tensor/localResponseNorm(size:alpha:beta:k:file:line:)`` computes it.
///
/// ```swift
/// let norm = LocalResponseNorm(5)
/// let images = Tensor<Float>.normal([8, 16, 32, 32])
/// let y = norm(images)  // [8, 16, 32, 32]
/// ```
public final class LocalResponseNorm<Element: DifferentiableScalar>: Layer {
  /// The number of channels of a window.
  public let size: Int
  /// The factor of the mean of squares.
  public let alpha: Double
  /// The exponent.
  public let beta: Double
  /// The number that is added to the mean of squares.
  public let k: Double

  /// Creates a layer with windows of `size` channels. A size below 1 is an error.
  @_disfavoredOverload
  public convenience init(
    _ size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(size, alpha, beta, k, file, line)
  }

  fileprivate init(
    _ size: Int, _ alpha: Double, _ beta: Double, _ k: Double, _ file: StaticString, _ line: UInt
  ) {
    if size < 1 { programError("LocalResponseNorm", "the size must be at least 1, not \(size)", file, line) }
    (self.size, self.alpha, self.beta, self.k) = (size, alpha, beta, k)
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "\(size), alpha: \(alpha), beta: \(beta), k: \(k)" }

  /// Returns the normalised input, in the same shape. Fewer than two axes are an error.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    x.localResponseNorm(size: size, alpha: Element(alpha), beta: Element(beta), k: Element(k))
  }
}

extension LocalResponseNorm where Element == Float {
  /// Creates a layer with windows of `size` channels. A size below 1 is an error.
  public convenience init(
    _ size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(size, alpha, beta, k, file, line)
  }
}
