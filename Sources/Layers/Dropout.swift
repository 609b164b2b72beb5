public import MartletCore

/// Dropout (Srivastava et al. 2014, JMLR 15:1929–1958): elements set to zero at random while training.
///
/// Each is zero with probability p, and the others are scaled by `1 / (1 − p)` so that the mean stays. In
/// evaluation the input is passed on.
public final class Dropout<Element: DifferentiableScalar>: Layer {
  /// The probability of a zero.
  public let probability: Double
  /// Whether elements are dropped: true until ``Module/eval()``.
  public var isTraining = true

  /// Drops with a probability of 0 to 1; another is an error. Draws from the default random generator.
  public convenience init(_ probability: Double, file: StaticString = #fileID, line: UInt = #line) {
    self.init(probability: probability, file, line)
  }

  fileprivate init(probability: Double, _ file: StaticString, _ line: UInt) {
    if !(0...1).contains(probability) {
      programError("Dropout", "probability \(probability); in 0...1", file, line)
    }
    self.probability = probability
  }

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
