public import MartletCore

/// A layer that is made at its first call, by a function of the number of inputs: PyTorch's lazy modules.
///
/// The number is the extent of an axis of the first input: the channels, unless another axis is given.
/// Names of parameters are those of the layer within. Before the first call there are no parameters, and
/// asking for them is an error. Call the model once before an optimizer, a file or another thread uses it.
///
/// ```swift
/// let model = Sequential {
///   Lazy { Conv2d($0, 8, kernelSize: 3) }
///   Flatten()
///   Lazy { Linear($0, 10) }
/// }
/// let y = noGrad { model(Tensor<Float>.zeros([1, 3, 8, 8])) }  // [1, 10]
/// print(model.namedParameters.map(\.name))  // 0.weight, 0.bias, 2.weight, 2.bias
/// ```
public final class Lazy<Base: Layer>: Layer, CustomReflectable
where Base.Input == Tensor<Base.Element>, Base.Output == Tensor<Base.Element> {
  /// The type of the parameters' elements.
  public typealias Element = Base.Element

  private let axis: Int, make: (Int) -> Base
  /// The layer, or nil before the first call.
  public private(set) var layer: Base?
  /// A Boolean value that tells whether the layer is made in training; true until ``Module/eval()``.
  @TrainingMode public var isTraining = true

  /// Creates a layer that `make` makes of the extent of an axis. A negative axis counts from the end.
  public init(axis: Int = 1, _ make: @escaping (Int) -> Base) {
    self.axis = axis
    self.make = make
  }

  /// The axis, if it is not 1, as `print(model)` shows it.
  public var configuration: String { axis == 1 ? "" : "axis: \(axis)" }

  /// Returns the output of the layer, which the first call makes. An input without the axis is an error then.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    if let layer { return layer(x) }
    if x.isFailed { return x }
    guard (-x.rank..<x.rank).contains(axis) else {
      return .failed(
        "Lazy", "inputs of shape \(x.shape) have no axis \(axis), whose extent is the number of inputs",
        #fileID,
        #line)
    }
    let made = make(x.shape[axis])
    if !isTraining { made.eval() }
    layer = made
    return made(x)
  }

  /// The mode, and the layer without a name of its own.
  public var customMirror: Mirror {
    Mirror(self, children: [("isTraining", _isTraining)] + (layer.map { [("", $0 as Any)] } ?? []))
  }
}

extension Lazy: DeferredModule {
  var isMissing: Bool { layer == nil }
}

/// A module whose parameters may not exist yet.
protocol DeferredModule {
  var isMissing: Bool { get }
}
