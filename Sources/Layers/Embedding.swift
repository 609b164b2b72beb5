public import MartletCore

/// A table of vectors, looked up by index: `[…] → […, dimensions]`.
public final class Embedding<Element: DifferentiableScalar>: Layer {
  /// The vectors, `[count, dimensions]`.
  public let weight: Tensor<Element>

  /// Vectors of standard normal numbers, as PyTorch starts them.
  public convenience init(
    _ count: Int, _ dimensions: Int, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(count: count, dimensions: dimensions, file, line)
  }

  fileprivate convenience init(count: Int, dimensions: Int, _ file: StaticString, _ line: UInt) {
    self.init(weight: .normal([count, dimensions], file: file, line: line), file: file, line: line)
  }

  /// Takes a table of one's own, `[count, dimensions]`, and makes it a parameter. Another rank is an error.
  public init(weight: Tensor<Element>, file: StaticString = #fileID, line: UInt = #line) {
    if weight.rank != 2 {
      programError("Embedding", "weight \(weight.shape); [count, dimensions] is expected", file, line)
    }
    self.weight = weight
    weight.requiresGrad = true
  }

  /// The rows of the table that the indices name, `[…] → […, dimensions]`.
  ///
  /// Negative indices count from the end; one out of range is an error. Derivative: each gradient is added to the
  /// row that it is from, as often as the row was taken.
  public func forward(_ indices: Tensor<Int>) -> Tensor<Element> { weight[indices] }
}

extension Embedding where Element == Float {
  /// Vectors of standard normal numbers, as PyTorch starts them.
  public convenience init(
    _ count: Int, _ dimensions: Int, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(count: count, dimensions: dimensions, file, line)
  }
}
