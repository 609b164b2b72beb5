public import MartletCore

/// A layer of a function without parameters.
///
/// ```swift
/// let model = Sequential {
///   Linear(4, 8)
///   Lambda { $0 * $0.sigmoid() }
///   Lambda { (x: Tensor<Float>) in x.mean(axis: -1) }
/// }
/// let y = model(Tensor<Float>.normal([2, 4]))  // [2]
/// ```
public final class Lambda<Input, Output: DifferentiableTensor>: Layer {
  /// The type of the parameters that the layer would have.
  public typealias Element = Output.Element

  private let function: (Input) -> Output

  /// Creates a layer of a function.
  public convenience init(_ function: @escaping (Input) -> Output) { self.init(stateless: function) }

  fileprivate init(stateless function: @escaping (Input) -> Output) { self.function = function }

  /// Returns the function's result.
  public func forward(_ input: Input) -> Output { function(input) }
}

extension Lambda where Input == Tensor<Float>, Output == Tensor<Float> {
  /// Creates a layer of a function of a tensor of `Float`.
  public convenience init(_ function: @escaping (Tensor<Float>) -> Tensor<Float>) {
    self.init(stateless: function)
  }
}
