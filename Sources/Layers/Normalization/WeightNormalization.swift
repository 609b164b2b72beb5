public import MartletCore

/// A layer that is computed with a weight: a ``Linear`` or a ``Convolution``. ``WeightNorm`` and
/// ``SpectralNorm`` call it with a weight of their own.
///
/// ```swift
/// func doubled<Base: WeightedLayer>(_ layer: Base, _ x: Base.Input) -> Base.Output {
///   layer.forward(x, weight: layer.weight * 2)
/// }
/// ```
public protocol WeightedLayer: Layer where Input == Tensor<Element>, Output == Tensor<Element> {
  /// The weight.
  var weight: Tensor<Element> { get }
  /// The bias, or nil.
  var bias: Tensor<Element>? { get }
  /// The axis of the weight that belongs to the outputs: 0, or 1 in a transposed convolution.
  var outputAxis: Int { get }

  /// Returns the output with another weight of the same shape.
  func forward(_ x: Tensor<Element>, weight: Tensor<Element>) -> Tensor<Element>
}

/// Weight normalisation (Salimans & Kingma 2016, arXiv:1602.07868): a layer whose weight is `g v / ‖v‖`. The
/// parameters are v and its length g for each position along the weight's axis 0.
///
/// The parameters have the names of PyTorch's `parametrizations.weight_norm`. The layer that is given is not
/// changed and keeps only its bias in use.
///
/// ```swift
/// let layer = WeightNorm(Linear(8, 4))
/// let y = layer(Tensor<Float>.normal([2, 8]))  // [2, 4]
/// ```
public final class WeightNorm<Base: WeightedLayer>: Layer, CustomReflectable {
  /// The type of the parameters' elements.
  public typealias Element = Base.Element

  private let layer: Base, length: Tensor<Element>, direction: Tensor<Element>

  /// Creates a layer that starts with the weight of another and has its bias.
  public init(_ layer: Base) {
    self.layer = layer
    (length, direction) = noGrad { (layer.weight.rowLengths, layer.weight.cloned()) }
    length.requiresGrad = true
    direction.requiresGrad = true
  }

  /// The layer inside, as `print(model)` shows it.
  public var configuration: String { "\(typeName(of: layer))(\(layer.configuration))" }

  /// The weight `g v / ‖v‖`.
  public var weight: Tensor<Element> { direction * (length / direction.rowLengths) }

  /// Returns the layer's output with the normalised weight.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { layer.forward(x, weight: weight) }

  /// The parameters under PyTorch's names.
  public var customMirror: Mirror {
    Mirror(
      self,
      children: [
        ("bias", layer.bias as Any), ("parametrizations.weight.original0", length),
        ("parametrizations.weight.original1", direction),
      ])
  }
}

/// Spectral normalisation (Miyato et al. 2018, arXiv:1802.05957): a layer whose weight is divided by an
/// estimate of its largest singular value.
///
/// The estimate is `uᵀ W v` with W the weight as a matrix of one row for each output. In training each call
/// improves u and v by iterations of `u = W v / ‖W v‖`, `v = Wᵀ u / ‖Wᵀ u‖`. The parameters and buffers have
/// the names of PyTorch's `parametrizations.spectral_norm`. The layer that is given keeps only its bias in use.
///
/// ```swift
/// let layer = SpectralNorm(Conv2d(3, 8, kernelSize: 3))
/// let y = layer(Tensor<Float>.normal([2, 3, 8, 8]))  // [2, 8, 6, 6]
/// ```
public final class SpectralNorm<Base: WeightedLayer>: Layer, CustomReflectable {
  /// The type of the parameters' elements.
  public typealias Element = Base.Element

  private let layer: Base, original: Tensor<Element>, u: Tensor<Element>, v: Tensor<Element>
  private let iterations: Int, epsilon: Double
  /// A Boolean value that tells whether a call improves the estimate; true until ``Module/eval()``.
  @TrainingMode public var isTraining = true

  /// Creates a layer that starts with the weight of another and has its bias. `iterations` is the number for
  /// each call; a number below 1 is an error.
  public init(
    _ layer: Base, iterations: Int = 1, epsilon: Double = 1e-12, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    if iterations < 1 {
      programError("SpectralNorm", "the iterations must be at least 1, not \(iterations)", file, line)
    }
    (self.layer, self.iterations, self.epsilon) = (layer, iterations, epsilon)
    original = noGrad { layer.weight.cloned() }
    original.requiresGrad = true
    let (rows, columns) = noGrad {
      let matrix = layer.weight.matrix(outputs: layer.outputAxis)
      return (matrix.shape[0], matrix.shape[1])
    }
    (u, v) = (.normal([rows], file: file, line: line), .normal([columns], file: file, line: line))
    improve(iterations: 15)
  }

  /// The layer inside and the iterations, as `print(model)` shows them.
  public var configuration: String {
    "\(typeName(of: layer))(\(layer.configuration))\(iterations == 1 ? "" : ", iterations: \(iterations)")"
  }

  /// The weight divided by the estimate of its largest singular value.
  public var weight: Tensor<Element> {
    // The estimate may be improved before the backward pass, which needs these vectors.
    let (u, v) = noGrad { (self.u.cloned(), self.v.cloned()) }
    return original / (u * original.matrix(outputs: layer.outputAxis).matmul(v)).sum()
  }

  /// Returns the layer's output with the normalised weight.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    if isTraining { improve(iterations: iterations) }
    return layer.forward(x, weight: weight)
  }

  private func improve(iterations: Int) {
    noGrad {
      let matrix = original.matrix(outputs: layer.outputAxis)
      for _ in 0..<iterations {
        u.assign(matrix.matmul(v).normalized(axis: 0, epsilon: Element(epsilon)))
        v.assign(matrix.transposed().matmul(u).normalized(axis: 0, epsilon: Element(epsilon)))
      }
    }
  }

  /// The parameters and buffers under PyTorch's names, and the mode.
  public var customMirror: Mirror {
    Mirror(
      self,
      children: [
        ("bias", layer.bias as Any), ("parametrizations.weight.original", original),
        ("parametrizations.weight.0._u", Buffer(wrappedValue: u)),
        ("parametrizations.weight.0._v", Buffer(wrappedValue: v)), ("isTraining", _isTraining),
      ])
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// The norms of the slices along axis 0, which stays with further axes of one element.
  fileprivate var rowLengths: Tensor {
    (self * self).sum(axes: Array(1..<Swift.max(rank, 1)), keepDims: true).sqrt()
  }

  /// The weight as a matrix with a row for each output.
  fileprivate func matrix(outputs axis: Int) -> Tensor {
    (axis == 0 ? self : transposed(0, axis)).reshaped([shape[axis], -1])
  }
}
