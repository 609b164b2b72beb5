public import MartletCore

/// A bilinear map of two inputs, `y[k] = aᵀ · weight[k] · b + bias[k]`: `[…, first]` and
/// `[…, second] → […, outputs]`.
///
/// ```swift
/// let layer = Bilinear(16, 32, 4)
/// let users = Tensor<Float>.normal([8, 16]), items = Tensor<Float>.normal([8, 32])
/// let scores = layer(users, items)  // [8, 4]
/// ```
public final class Bilinear<Element: DifferentiableScalar>: Module {
  /// A matrix for each output, `[outputs, first, second]`.
  public let weight: Tensor<Element>
  /// The bias that is added to each row of the output, `[outputs]`, or nil.
  public let bias: Tensor<Element>?

  /// Creates a map whose weights and biases start uniform in ±1/√first, as PyTorch's do.
  public convenience init(
    _ first: Int, _ second: Int, _ outputs: Int, bias: Bool = true, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(first, second, outputs, bias, file, line)
  }

  fileprivate init(
    _ first: Int, _ second: Int, _ outputs: Int, _ bias: Bool, _ file: StaticString, _ line: UInt
  ) {
    weight = .startingUniform([outputs, first, second], fanIn: first, file, line)
    self.bias = bias ? .startingUniform([outputs], fanIn: first, file, line) : nil
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String {
    "\(listed([weight.shape[1], weight.shape[2], weight.shape[0]])), bias: \(bias != nil)"
  }

  /// Computes the map of two inputs, `[…, first]` and `[…, second] → […, outputs]`. All axes but the last
  /// must have equal extents. Other shapes are an error.
  ///
  /// Derivatives, summed over the other axes: `da = Σ g[k] weight[k] · b`, `db = Σ g[k] weight[k]ᵀ · a`,
  /// `dweight[k] = g[k] a bᵀ`, `dbias = g`.
  ///
  /// - Complexity: one product of `[n, first · second]` and the weight; n is the product of the other axes.
  public func callAsFunction(_ a: Tensor<Element>, _ b: Tensor<Element>) -> Tensor<Element> {
    scoped {
      let (first, second, outputs) = (weight.shape[1], weight.shape[2], weight.shape[0])
      let batch = a.shape.dropLast()
      let fits =
        a.rank > 0 && a.shape[-1] == first && a.rank == b.rank && b.shape[-1] == second
        && batch.elementsEqual(b.shape.dropLast())
      if !a.isFailed, !b.isFailed, !fits {
        programError(
          "Bilinear",
          "inputs of shapes \(a.shape) and \(b.shape) do not fit; the shapes must be […, \(first)] and […, \(second)]"
        )
      }
      let products = a.expandedDims(axis: -1) * b.expandedDims(axis: -2)
      return products.reshaped(TensorShape(Array(batch) + [first * second]))
        .linear(weight: weight.reshaped([outputs, first * second]), bias: bias)
    }
  }
}

extension Bilinear where Element == Float {
  /// Creates a map whose weights and biases start uniform in ±1/√first, as PyTorch's do.
  public convenience init(
    _ first: Int, _ second: Int, _ outputs: Int, bias: Bool = true, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(first, second, outputs, bias, file, line)
  }
}
