public import MartletCore

/// Layer norm over the last axes (Ba, Kiros & Hinton 2016, arXiv:1607.06450):
/// `y = (x − m) / √(v + ε) · weight + bias`, m and v the mean and the variance of each row.
public final class LayerNorm<Element: DifferentiableScalar>: Layer {
  /// What a normalised row is multiplied by, of the extents of the axes; ones at the start. Nil for none.
  public let weight: Tensor<Element>?
  /// What is added to it; zeros at the start. Nil for none.
  public let bias: Tensor<Element>?
  /// ε, added to the variance so that nothing is divided by 0.
  public let epsilon: Element
  private let extents: [Int]

  /// Normalises rows of these extents: `LayerNorm(512)`. `affine: false` leaves out weight and bias, `bias: false`
  /// the bias. No extent, or a negative one, is an error.
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
      programError("LayerNorm", "extents \(extents); at least one, none below 0", file, line)
    }
    let shape = TensorShape(extents)
    weight = affine ? .full(shape, 1, requiresGrad: true) : nil
    self.bias = affine && bias ? .full(shape, 0, requiresGrad: true) : nil
    self.epsilon = epsilon
    self.extents = extents
  }

  /// How it was made.
  public var configuration: String {
    "\(listed(extents)), epsilon: \(epsilon), affine: \(weight != nil), bias: \(bias != nil)"
  }

  /// The rows normalised, `[…, extents] → […, extents]`. Other innermost extents are an error.
  ///
  /// Derivatives as of ``Tensor/layerNorm(axes:weight:bias:epsilon:file:line:)``.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    if !x.isFailed, Array(x.shape.suffix(extents.count)) != extents {
      programError("LayerNorm", "inputs of shape \(x.shape); […, \(listed(extents))] is expected")
    }
    return x.layerNorm(axes: Array(-extents.count..<0), weight: weight, bias: bias, epsilon: epsilon)
  }
}

extension LayerNorm where Element == Float {
  /// Normalises rows of these extents: `LayerNorm(512)`. `affine: false` leaves out weight and bias, `bias: false`
  /// the bias. No extent, or a negative one, is an error.
  public convenience init(
    _ extents: Int..., epsilon: Float = 1e-5, affine: Bool = true, bias: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(extents: extents, epsilon, affine, bias, file, line)
  }
}

/// RMS norm over the last axes (Zhang & Sennrich 2019, arXiv:1910.07467): `y = x / √(mean(x²) + ε) · weight`.
public final class RMSNorm<Element: DifferentiableScalar>: Layer {
  /// What a normalised row is multiplied by, of the extents of the axes; ones at the start. Nil for none.
  public let weight: Tensor<Element>?
  /// ε, added to the mean square so that nothing is divided by 0.
  public let epsilon: Element
  private let extents: [Int]

  /// Normalises rows of these extents: `RMSNorm(512)`. ε is the type's `ulpOfOne` unless given, `affine: false` leaves
  /// out the weight. No extent, or a negative one, is an error.
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
      programError("RMSNorm", "extents \(extents); at least one, none below 0", file, line)
    }
    weight = affine ? .full(TensorShape(extents), 1, requiresGrad: true) : nil
    self.epsilon = epsilon ?? .ulpOfOne
    self.extents = extents
  }

  /// How it was made.
  public var configuration: String { "\(listed(extents)), epsilon: \(epsilon), affine: \(weight != nil)" }

  /// The rows normalised, `[…, extents] → […, extents]`. Other innermost extents are an error.
  ///
  /// Derivatives as of ``Tensor/rmsNorm(axes:weight:epsilon:file:line:)``.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    if !x.isFailed, Array(x.shape.suffix(extents.count)) != extents {
      programError("RMSNorm", "inputs of shape \(x.shape); […, \(listed(extents))] is expected")
    }
    return x.rmsNorm(axes: Array(-extents.count..<0), weight: weight, epsilon: epsilon)
  }
}

extension RMSNorm where Element == Float {
  /// Normalises rows of these extents: `RMSNorm(512)`. ε is the type's `ulpOfOne` unless given, `affine: false` leaves
  /// out the weight. No extent, or a negative one, is an error.
  public convenience init(
    _ extents: Int..., epsilon: Float? = nil, affine: Bool = true,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    self.init(extents: extents, epsilon, affine, file, line)
  }
}
