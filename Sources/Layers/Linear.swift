public import MartletCore

/// An affine map, `y = x · weightᵀ + bias`: `[…, inputs] → […, outputs]`.
///
/// ```swift
/// let layer = Linear(64, 10)
/// let x = Tensor<Float>.normal([8, 64])
/// let logits = layer(x)  // [8, 10]
/// ```
public final class Linear<Element: DifferentiableScalar>: WeightedLayer {
  /// The matrix, `[outputs, inputs]`.
  public let weight: Tensor<Element>
  /// The bias that is added to each row of the output, `[outputs]`, or nil.
  public let bias: Tensor<Element>?

  /// Creates a map whose weights and biases start uniform in ±1/√inputs, as PyTorch's do.
  public convenience init(
    _ inputs: Int, _ outputs: Int, bias: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(inputs: inputs, outputs: outputs, bias: bias, file, line)
  }

  fileprivate convenience init(inputs: Int, outputs: Int, bias: Bool, _ file: StaticString, _ line: UInt) {
    self.init(
      weight: .startingUniform([outputs, inputs], fanIn: inputs, file, line),
      bias: bias ? .startingUniform([outputs], fanIn: inputs, file, line) : nil, file: file, line: line)
  }

  /// Creates a map with a given weight, `[outputs, inputs]`, and bias, `[outputs]`, and makes both
  /// parameters.
  ///
  /// Other shapes are an error.
  public init(
    weight: Tensor<Element>, bias: Tensor<Element>? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    if weight.rank != 2 || bias.map({ $0.shape != [weight.shape[0]] }) ?? false {
      programError(
        "Linear",
        "weight \(weight.shape) and bias \(bias.map { "\($0.shape)" } ?? "none") do not fit; the shapes must be [out, in] and [out]",
        file, line)
    }
    self.weight = weight
    self.bias = bias
    weight.requiresGrad = true
    bias?.requiresGrad = true
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "\(listed(weight.shape.reversed())), bias: \(bias != nil)" }

  /// Returns `x · weightᵀ + bias`, `[…, inputs] → […, outputs]`. Another last extent is an error.
  ///
  /// Derivatives: `dx = g · weight`, `dweight = gᵀ · x`, `dbias = Σ g`.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { forward(x, weight: weight) }

  /// The axis of the weight that belongs to the outputs, 0.
  public var outputAxis: Int { 0 }

  /// Returns the output with another weight of the same shape.
  public func forward(_ x: Tensor<Element>, weight: Tensor<Element>) -> Tensor<Element> {
    let inputs = weight.shape[1]
    if !x.isFailed, x.rank == 0 || x.shape[-1] != inputs {
      programError("Linear", "inputs of shape \(x.shape) do not fit; the shape must be […, \(inputs)]")
    }
    return x.linear(weight: weight, bias: bias)
  }
}

extension Linear where Element == Float {
  /// Creates a map whose weights and biases start uniform in ±1/√inputs, as PyTorch's do.
  public convenience init(
    _ inputs: Int, _ outputs: Int, bias: Bool = true, file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(inputs: inputs, outputs: outputs, bias: bias, file, line)
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// Returns a parameter uniform in ±1/√fanIn. PyTorch's linear and recurrent layers start so.
  static func startingUniform(
    _ shape: TensorShape, fanIn: Int, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let bound: Element = fanIn > 0 ? 1 / Element(fanIn).squareRoot() : 0
    return .uniform(shape, in: -bound...bound, requiresGrad: true, file: file, line: line)
  }
}
