public import MartletCore

/// Dropout (Srivastava et al. 2014, JMLR 15:1929–1958): elements set to zero at random while training.
///
/// Each is zero with probability p, and the others are scaled by `1 / (1 − p)` so that the mean stays. In
/// evaluation the input is passed on. The other dropouts are made as this one is, and drop something else.
public class Dropout<Element: DifferentiableScalar>: Layer {
  /// The probability of a zero.
  public final let probability: Double
  /// Whether anything is dropped: true until ``Module/eval()``.
  @TrainingMode public final var isTraining = true

  /// For messages.
  class var name: String { "Dropout" }

  /// Drops with a probability of 0 to 1; another is an error. Draws from the default random generator.
  public convenience init(_ probability: Double, file: StaticString = #fileID, line: UInt = #line) {
    self.init(probability: probability, file, line)
  }

  fileprivate init(probability: Double, _ file: StaticString, _ line: UInt) {
    self.probability = probability
    if !(0...1).contains(probability) {
      programError(Self.name, "probability \(probability); in 0...1", file, line)
    }
  }

  /// How it was made.
  public final var configuration: String { "\(probability)" }

  /// The input with elements dropped: any shape to the same. Derivative: `dx = g / (1 − p)`, 0 where dropped.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    guard isTraining, probability > 0, !x.isFailed else { return x }
    if probability >= 1 { return x * 0 }
    let keep = Tensor<Element>.uniform(x.shape) .>= Element(probability)
    return x * Tensor(keep) / Element(1 - probability)
  }
}

extension Dropout where Element == Float {
  /// Drops with a probability of 0 to 1; another is an error. Draws from the default random generator.
  public convenience init(_ probability: Double, file: StaticString = #fileID, line: UInt = #line) {
    self.init(probability: probability, file, line)
  }
}

/// Dropout of whole channels (Tompson et al. 2015, arXiv:1411.4280): channels of `[n, channels, length]`
/// set to zero at random while training, the others scaled by `1 / (1 − p)`.
public final class Dropout1d<Element: DifferentiableScalar>: Dropout<Element> {
  override class var name: String { "Dropout1d" }

  /// The input with channels dropped, `[n, channels, length]` to the same; another rank is an error.
  ///
  /// Derivative: `dx = g / (1 − p)`, 0 where dropped.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    checkImages(x, Self.name, axes: 1)
    return isTraining ? x.droppingChannels(probability) : x
  }
}

/// Dropout of whole channels (Tompson et al. 2015, arXiv:1411.4280): channels of `[n, channels, height, width]`
/// set to zero at random while training, the others scaled by `1 / (1 − p)`.
public final class Dropout2d<Element: DifferentiableScalar>: Dropout<Element> {
  override class var name: String { "Dropout2d" }

  /// The input with channels dropped, `[n, channels, height, width]` to the same; another rank is an error.
  ///
  /// Derivative: `dx = g / (1 − p)`, 0 where dropped.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    checkImages(x, Self.name, axes: 2)
    return isTraining ? x.droppingChannels(probability) : x
  }
}

/// Dropout of whole channels (Tompson et al. 2015, arXiv:1411.4280): channels of `[n, channels, depth, height, width]`
/// set to zero at random while training, the others scaled by `1 / (1 − p)`.
public final class Dropout3d<Element: DifferentiableScalar>: Dropout<Element> {
  override class var name: String { "Dropout3d" }

  /// The input with channels dropped, `[n, channels, depth, height, width]` to the same; another rank is an error.
  ///
  /// Derivative: `dx = g / (1 − p)`, 0 where dropped.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    checkImages(x, Self.name, axes: 3)
    return isTraining ? x.droppingChannels(probability) : x
  }
}

/// Dropout for activations of SELU (Klambauer et al. 2017, arXiv:1706.02515): elements set to SELU's least value at
/// random while training, and all scaled and moved so that a mean of 0 and a variance of 1 stay.
public final class AlphaDropout<Element: DifferentiableScalar>: Dropout<Element> {
  override class var name: String { "AlphaDropout" }

  /// The input with elements dropped: any shape to the same. Derivative: `dx = g` times the scale, 0 where dropped.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    isTraining ? x.alphaDropping(probability, in: x.shape) : x
  }
}

/// ``AlphaDropout`` of whole channels of `[n, channels, …]`.
public final class FeatureAlphaDropout<Element: DifferentiableScalar>: Dropout<Element> {
  override class var name: String { "FeatureAlphaDropout" }

  /// The input with channels dropped, `[n, channels, …]` to the same; fewer than two axes are an error.
  ///
  /// Derivative: `dx = g` times the scale, 0 where dropped.
  public override func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    if !x.isFailed, x.rank < 2 {
      programError(Self.name, "inputs of shape \(x.shape); [n, channels, …] is expected")
    }
    return isTraining ? x.alphaDropping(probability, in: x.shapeOfChannels) : x
  }
}

/// Refuses an input that is not `[n, channels]` and so many axes.
private func checkImages<Element>(_ x: Tensor<Element>, _ layer: String, axes: Int) {
  if x.isFailed || x.rank == axes + 2 { return }
  programError(
    layer,
    "inputs of shape \(x.shape); [n, channels] and \(axes == 1 ? "an axis" : "\(axes) axes") are expected")
}

extension Tensor where Element: DifferentiableScalar {
  /// `[n, channels, 1, …]`, a number for each channel of each sample.
  fileprivate var shapeOfChannels: TensorShape {
    TensorShape(shape.prefix(2) + Array(repeating: 1, count: Swift.max(rank - 2, 0)))
  }

  /// True with a probability of 1 − p.
  private static func kept(_ shape: TensorShape, _ p: Double) -> Tensor<Bool> {
    Tensor.uniform(shape) .>= Element(p)
  }

  /// Channels set to zero with a probability p.
  fileprivate func droppingChannels(_ p: Double) -> Tensor {
    if p == 0 || isFailed { return self }
    if p >= 1 { return self * 0 }
    return self * (Tensor(Tensor.kept(shapeOfChannels, p)) / Element(1 - p))
  }

  /// Elements, or what `shape` names and is broadcast, set to SELU's −λα with a probability p; mean and variance stay.
  fileprivate func alphaDropping(_ p: Double, in shape: TensorShape) -> Tensor {
    if p == 0 || isFailed { return self }
    if p >= 1 { return self * 0 }
    let least = -1.0507009873554805 * 1.6732632423543772
    let scale = 1 / ((1 - p) * (1 + p * least * least)).squareRoot()
    let keep = Tensor(Tensor.kept(shape, p))
    return self * (keep * Element(scale)) + (1 - keep) * Element(scale * least) + Element(-scale * p * least)
  }
}
