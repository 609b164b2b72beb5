public import MartletCore

/// Layer norm over the last axes (Ba, Kiros & Hinton 2016, arXiv:1607.06450):
/// `y = (x − m) / √(v + ε) · weight + bias`, with the mean m and the variance v of each row.
///
/// ```swift
/// let norm = LayerNorm(64)
/// let x = Tensor<Float>.normal([8, 20, 64])
/// let y = norm(x)  // [8, 20, 64]
/// ```
public final class LayerNorm<Element: DifferentiableScalar>: Layer {
  /// The factors of a normalised row, with the extents of the axes; ones at the start. Nil if there are none.
  public let weight: Tensor<Element>?
  /// The bias that is added to a normalised row, with the extents of the axes; zeros at the start. Nil if
  /// there is none.
  public let bias: Tensor<Element>?
  /// The ε that is added to the variance, so that nothing is divided by 0.
  public let epsilon: Element
  private let extents: [Int]

  /// Creates a layer that normalises rows of these extents: `LayerNorm(512)`. `affine: false` omits weight
  /// and bias; `bias: false` omits the bias. An empty list of extents, or a negative extent, is an error.
  @_disfavoredOverload
  public convenience init(
    _ extents: Int..., epsilon: Element = 1e-5, affine: Bool = true, bias: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(extents: extents, epsilon, affine, bias, file, line)
  }

  fileprivate init(
    extents: [Int], _ epsilon: Element, _ affine: Bool, _ bias: Bool, _ file: StaticString, _ line: UInt
  ) {
    if extents.isEmpty || extents.contains(where: { $0 < 0 }) {
      programError(
        "LayerNorm", "the extents must be one or more numbers of at least 0, not \(extents)", file, line)
    }
    let shape = TensorShape(extents)
    weight = affine ? .full(shape, 1, requiresGrad: true) : nil
    self.bias = affine && bias ? .full(shape, 0, requiresGrad: true) : nil
    self.epsilon = epsilon
    self.extents = extents
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String {
    "\(listed(extents)), epsilon: \(epsilon), affine: \(weight != nil), bias: \(bias != nil)"
  }

  /// Returns the input with each row normalised, `[…, extents] → […, extents]`. Other last extents are an
  /// error.
  ///
  /// The derivatives are those of ``Tensor/layerNorm(axes:weight:bias:epsilon:file:line:)``.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    if !x.isFailed, Array(x.shape.suffix(extents.count)) != extents {
      programError(
        "LayerNorm", "inputs of shape \(x.shape) do not fit; the shape must be […, \(listed(extents))]")
    }
    return x.layerNorm(axes: Array(-extents.count..<0), weight: weight, bias: bias, epsilon: epsilon)
  }
}

extension LayerNorm where Element == Float {
  /// Creates a layer that normalises rows of these extents: `LayerNorm(512)`. `affine: false` omits weight
  /// and bias; `bias: false` omits the bias. An empty list of extents, or a negative extent, is an error.
  public convenience init(
    _ extents: Int..., epsilon: Float = 1e-5, affine: Bool = true, bias: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(extents: extents, epsilon, affine, bias, file, line)
  }
}

/// RMS norm over the last axes (Zhang & Sennrich 2019, arXiv:1910.07467): `y = x / √(mean(x²) + ε) · weight`.
///
/// ```swift
/// let norm = RMSNorm(64)
/// let x = Tensor<Float>.normal([8, 20, 64])
/// let y = norm(x)  // [8, 20, 64]
/// ```
public final class RMSNorm<Element: DifferentiableScalar>: Layer {
  /// The factors of a normalised row, with the extents of the axes; ones at the start. Nil if there are none.
  public let weight: Tensor<Element>?
  /// The ε that is added to the mean square, so that nothing is divided by 0.
  public let epsilon: Element
  private let extents: [Int]

  /// Creates a layer that normalises rows of these extents: `RMSNorm(512)`. ε is the type's `ulpOfOne` unless
  /// it is given. `affine: false` omits the weight. An empty list of extents, or a negative extent, is an
  /// error.
  @_disfavoredOverload
  public convenience init(
    _ extents: Int..., epsilon: Element? = nil, affine: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(extents: extents, epsilon, affine, file, line)
  }

  fileprivate init(
    extents: [Int], _ epsilon: Element?, _ affine: Bool, _ file: StaticString, _ line: UInt
  ) {
    if extents.isEmpty || extents.contains(where: { $0 < 0 }) {
      programError(
        "RMSNorm", "the extents must be one or more numbers of at least 0, not \(extents)", file, line)
    }
    weight = affine ? .full(TensorShape(extents), 1, requiresGrad: true) : nil
    self.epsilon = epsilon ?? .ulpOfOne
    self.extents = extents
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "\(listed(extents)), epsilon: \(epsilon), affine: \(weight != nil)" }

  /// Returns the input with each row normalised, `[…, extents] → […, extents]`. Other last extents are an
  /// error.
  ///
  /// The derivatives are those of ``Tensor/rmsNorm(axes:weight:epsilon:file:line:)``.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    if !x.isFailed, Array(x.shape.suffix(extents.count)) != extents {
      programError(
        "RMSNorm", "inputs of shape \(x.shape) do not fit; the shape must be […, \(listed(extents))]")
    }
    return x.rmsNorm(axes: Array(-extents.count..<0), weight: weight, epsilon: epsilon)
  }
}

extension RMSNorm where Element == Float {
  /// Creates a layer that normalises rows of these extents: `RMSNorm(512)`. ε is the type's `ulpOfOne` unless
  /// it is given. `affine: false` omits the weight. An empty list of extents, or a negative extent, is an
  /// error.
  public convenience init(
    _ extents: Int..., epsilon: Float? = nil, affine: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(extents: extents, epsilon, affine, file, line)
  }
}
