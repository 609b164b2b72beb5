public import MartletCore

/// A bilinear map of two inputs, `y[k] = aᵀ · weight[k] · b + bias[k]`: `[…, first]` and `[…, second] → […, outputs]`.
public final class Bilinear<Element: DifferentiableScalar>: Module {
  /// A matrix for each output, `[outputs, first, second]`.
  public let weight: Tensor<Element>
  /// What is added to each row, `[outputs]`, or nil.
  public let bias: Tensor<Element>?

  /// Weights and biases uniform in ±1/√first, as PyTorch starts them.
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

  /// How it was made.
  public var configuration: String {
    "\(listed([weight.shape[1], weight.shape[2], weight.shape[0]])), bias: \(bias != nil)"
  }

  /// The map of two inputs of one shape but for their last axes, `[…, first]` and `[…, second] → […, outputs]`. Other
  /// shapes are an error.
  ///
  /// Derivatives, summed over the other axes: `da = Σ g[k] weight[k] · b`, `db = Σ g[k] weight[k]ᵀ · a`,
  /// `dweight[k] = g[k] a bᵀ`, `dbias = g`.
  ///
  /// - Complexity: one product of `[n, first · second]` and the weight, n the product of the other axes.
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
          "inputs of shapes \(a.shape) and \(b.shape); […, \(first)] and […, \(second)] are expected")
      }
      let products = a.expandedDims(axis: -1) * b.expandedDims(axis: -2)
      return products.reshaped(TensorShape(Array(batch) + [first * second]))
        .linear(weight: weight.reshaped([outputs, first * second]), bias: bias)
    }
  }
}

extension Bilinear where Element == Float {
  /// Weights and biases uniform in ±1/√first, as PyTorch starts them.
  public convenience init(
    _ first: Int, _ second: Int, _ outputs: Int, bias: Bool = true, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(first, second, outputs, bias, file, line)
  }
}
