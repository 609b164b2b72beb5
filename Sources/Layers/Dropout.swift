public import MartletCore

/// Dropout (Srivastava et al. 2014, JMLR 15:1929–1958): a layer that sets elements to zero at random in
/// training.
///
/// Each element becomes zero with probability p. The others are scaled by `1 / (1 − p)`, so that the mean
/// stays the same. In evaluation the layer returns its input. The other dropout layers have the same
/// initialiser.
///
/// ```swift
/// let dropout = Dropout(0.5)
/// let x = Tensor<Float>.ones([8, 64])
/// let y = dropout(x)  // elements are 0 or 2
/// dropout.eval()
/// let z = dropout(x)  // x
/// ```
public class Dropout<Element: DifferentiableScalar>: Layer {
  /// The probability with which an element or a channel is dropped.
  public final let probability: Double
  /// A Boolean value that tells whether anything is dropped; true until ``Module/eval()``.
  @TrainingMode public final var isTraining = true

  /// The name of the layer in error messages.
  class var name: String { "Dropout" }

  /// Creates a layer that drops with a probability in 0...1; another probability is an error. The layer draws
  /// from the default random generator.
  public convenience init(_ probability: Double, file: StaticString = #fileID, line: UInt = #line) {
    self.init(probability: probability, file, line)
  }

  fileprivate init(probability: Double, _ file: StaticString, _ line: UInt) {
    self.probability = probability
    if !(0...1).contains(probability) {
      programError(Self.name, "the probability must be in 0...1, not \(probability)", file, line)
    }
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public final var configuration: String { "\(probability)" }

  /// Returns the input with elements dropped, in the same shape. Derivative: `dx = g / (1 − p)`, 0 for
  /// dropped elements.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    guard isTraining, probability > 0, !x.isFailed else { return x }
    if probability >= 1 { return x * 0 }
    let keep = Tensor<Element>.uniform(x.shape) .>= Element(probability)
    return x * Tensor(keep) / Element(1 - probability)
  }
}

extension Dropout where Element == Float {
  /// Creates a layer that drops with a probability in 0...1; another probability is an error. The layer draws
  /// from the default random generator.
  public convenience init(_ probability: Double, file: StaticString = #fileID, line: UInt = #line) {
    self.init(probability: probability, file, line)
  }
}

/// Dropout of whole channels (Tompson et al. 2015, arXiv:1411.4280): a layer that sets channels of
/// `[n, channels, length]` to zero at random in training, and scales the others by `1 / (1 − p)`.
///
/// ```swift
/// let dropout = Dropout1d(0.2)
/// let signals = Tensor<Float>.normal([8, 16, 100])
/// let y = dropout(signals)  // [8, 16, 100]
/// ```
public final class Dropout1d<Element: DifferentiableScalar>: Dropout<Element> {
  override class var name: String { "Dropout1d" }

  /// Returns the input `[n, channels, length]` with channels dropped, in the same shape. Another rank is an
  /// error.
  ///
  /// Derivative: `dx = g / (1 − p)`, 0 for dropped channels.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    checkImages(x, Self.name, axes: 1)
    return isTraining ? x.droppingChannels(probability) : x
  }
}

/// Dropout of whole channels (Tompson et al. 2015, arXiv:1411.4280): a layer that sets channels of
/// `[n, channels, height, width]` to zero at random in training, and scales the others by `1 / (1 − p)`.
///
/// ```swift
/// let dropout = Dropout2d(0.2)
/// let images = Tensor<Float>.normal([8, 16, 32, 32])
/// let y = dropout(images)  // [8, 16, 32, 32]
/// ```
public final class Dropout2d<Element: DifferentiableScalar>: Dropout<Element> {
  override class var name: String { "Dropout2d" }

  /// Returns the input `[n, channels, height, width]` with channels dropped, in the same shape. Another rank
  /// is an error.
  ///
  /// Derivative: `dx = g / (1 − p)`, 0 for dropped channels.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    checkImages(x, Self.name, axes: 2)
    return isTraining ? x.droppingChannels(probability) : x
  }
}

/// Dropout of whole channels (Tompson et al. 2015, arXiv:1411.4280): a layer that sets channels of
/// `[n, channels, depth, height, width]` to zero at random in training, and scales the others by
/// `1 / (1 − p)`.
///
/// ```swift
/// let dropout = Dropout3d(0.2)
/// let volumes = Tensor<Float>.normal([2, 16, 8, 32, 32])
/// let y = dropout(volumes)  // [2, 16, 8, 32, 32]
/// ```
public final class Dropout3d<Element: DifferentiableScalar>: Dropout<Element> {
  override class var name: String { "Dropout3d" }

  /// Returns the input `[n, channels, depth, height, width]` with channels dropped, in the same shape.
  /// Another rank is an error.
  ///
  /// Derivative: `dx = g / (1 − p)`, 0 for dropped channels.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    checkImages(x, Self.name, axes: 3)
    return isTraining ? x.droppingChannels(probability) : x
  }
}

/// Dropout for activations of ``SELU`` (Klambauer et al. 2017, arXiv:1706.02515): a layer that sets elements
/// to SELU's least value at random in training. The layer then scales and shifts all elements, so that a mean
/// of 0 and a variance of 1 are preserved.
///
/// ```swift
/// let layer = Linear(64, 64), dropout = AlphaDropout(0.1)
/// let x = Tensor<Float>.normal([8, 64])
/// let y = dropout(layer(x).selu())  // [8, 64]
/// ```
public final class AlphaDropout<Element: DifferentiableScalar>: Dropout<Element> {
  override class var name: String { "AlphaDropout" }

  /// Returns the input with elements dropped, in the same shape. Derivative: `dx = g` times the scale, 0 for
  /// dropped elements.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    isTraining ? x.alphaDropping(probability, in: x.shape) : x
  }
}

/// An ``AlphaDropout`` of whole channels of `[n, channels, …]`.
///
/// ```swift
/// let conv = Conv2d(3, 16, kernelSize: 3, padding: .same), dropout = FeatureAlphaDropout(0.1)
/// let images = Tensor<Float>.normal([8, 3, 32, 32])
/// let y = dropout(conv(images).selu())  // [8, 16, 32, 32]
/// ```
public final class FeatureAlphaDropout<Element: DifferentiableScalar>: Dropout<Element> {
  override class var name: String { "FeatureAlphaDropout" }

  /// Returns the input `[n, channels, …]` with channels dropped, in the same shape. Fewer than two axes are
  /// an error.
  ///
  /// Derivative: `dx = g` times the scale, 0 for dropped channels.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    if !x.isFailed, x.rank < 2 {
      programError(Self.name, "inputs of shape \(x.shape) do not fit; the shape must be [n, channels, …]")
    }
    return isTraining ? x.alphaDropping(probability, in: x.shapeOfChannels) : x
  }
}

/// Reports an input that does not have the shape `[n, channels, …]` with `axes` axes after the channels.
private func checkImages<Element>(_ x: Tensor<Element>, _ layer: String, axes: Int) {
  if x.isFailed || x.rank == axes + 2 { return }
  programError(
    layer,
    "inputs of shape \(x.shape) do not fit; the shape must be [n, channels] and \(axes == 1 ? "an axis" : "\(axes) axes")"
  )
}

extension Tensor where Element: DifferentiableScalar {
  /// The shape `[n, channels, 1, …]`, with one element for each channel of each sample.
  fileprivate var shapeOfChannels: TensorShape {
    TensorShape(shape.prefix(2) + Array(repeating: 1, count: Swift.max(rank - 2, 0)))
  }

  /// Returns a mask that is true with probability 1 − p.
  private static func kept(_ shape: TensorShape, _ p: Double) -> Tensor<Bool> {
    Tensor.uniform(shape) .>= Element(p)
  }

  /// Sets channels to zero with probability p, and scales the others by `1 / (1 − p)`.
  fileprivate func droppingChannels(_ p: Double) -> Tensor {
    if p == 0 || isFailed { return self }
    if p >= 1 { return self * 0 }
    return self * (Tensor(Tensor.kept(shapeOfChannels, p)) / Element(1 - p))
  }

  /// Sets elements to SELU's −λα with probability p, and preserves the mean and the variance. One choice is
  /// drawn for each element of `shape`, and broadcast.
  fileprivate func alphaDropping(_ p: Double, in shape: TensorShape) -> Tensor {
    if p == 0 || isFailed { return self }
    if p >= 1 { return self * 0 }
    let least = -1.0507009873554805 * 1.6732632423543772
    let scale = 1 / ((1 - p) * (1 + p * least * least)).squareRoot()
    let keep = Tensor(Tensor.kept(shape, p))
    return self * (keep * Element(scale)) + (1 - keep) * Element(scale * least) + Element(-scale * p * least)
  }
}
