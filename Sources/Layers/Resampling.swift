public import MartletCore

/// Longer axes, `[n, channels, …]`, as ``Tensor/upsampled(by:mode:alignCorners:file:line:)`` makes them.
public final class Upsample<Element: DifferentiableScalar>: Layer {
  private let factor: Double?, size: [Int]
  private let mode: UpsamplingMode, alignCorners: Bool

  /// Multiplies the extents by a factor, by the nearest element or along straight lines; a factor that is not above 0
  /// is an error.
  public convenience init(
    scale: Double, mode: UpsamplingMode = .nearest, alignCorners: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(scale, [], mode, alignCorners, file, line)
  }

  /// Brings the axes after the second to these extents; none, or one below 1, is an error.
  public convenience init(
    size: Int..., mode: UpsamplingMode = .nearest, alignCorners: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(nil, size, mode, alignCorners, file, line)
  }

  fileprivate init(
    _ factor: Double?, _ size: [Int], _ mode: UpsamplingMode, _ alignCorners: Bool, _ file: StaticString,
    _ line: UInt
  ) {
    if let factor, !(factor > 0 && factor.isFinite) {
      programError("Upsample", "scale \(factor); above 0", file, line)
    }
    if factor == nil, size.isEmpty || size.contains(where: { $0 < 1 }) {
      programError("Upsample", "size \(size); at least one extent, none below 1", file, line)
    }
    (self.factor, self.size, self.mode, self.alignCorners) = (factor, size, mode, alignCorners)
  }

  /// How it was made.
  public var configuration: String {
    "\(factor.map { "scale: \($0)" } ?? "size: \(listed(size))"), mode: \(mode), alignCorners: \(alignCorners)"
  }

  /// The input resampled. Another rank than the size is for is an error, and so is an empty axis.
  ///
  /// Derivative as of ``Tensor/upsampled(by:mode:alignCorners:file:line:)``.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    if let factor { return x.upsampled(by: factor, mode: mode, alignCorners: alignCorners) }
    return x.upsampled(to: size, mode: mode, alignCorners: alignCorners)
  }
}

extension Upsample where Element == Float {
  /// Multiplies the extents by a factor, by the nearest element or along straight lines; a factor that is not above 0
  /// is an error.
  public convenience init(
    scale: Double, mode: UpsamplingMode = .nearest, alignCorners: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(scale, [], mode, alignCorners, file, line)
  }

  /// Brings the axes after the second to these extents; none, or one below 1, is an error.
  public convenience init(
    size: Int..., mode: UpsamplingMode = .nearest, alignCorners: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(nil, size, mode, alignCorners, file, line)
  }
}

/// Channels exchanged for positions, `[…, c r², h, w] → […, c, h r, w r]`, as ``Tensor/pixelShuffled(_:file:line:)`` does.
public final class PixelShuffle<Element: DifferentiableScalar>: Layer {
  private let factor: Int

  /// The layer of a factor r; one below 1 is an error.
  public convenience init(_ factor: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.init(factor: factor, file, line)
  }

  fileprivate init(factor: Int, _ file: StaticString, _ line: UInt) {
    if factor < 1 { programError("PixelShuffle", "factor \(factor); at least 1", file, line) }
    self.factor = factor
  }

  /// How it was made.
  public var configuration: String { "\(factor)" }

  /// `[…, c r², h, w] → […, c, h r, w r]`. Extents that do not fit are an error. Derivative: g, moved back.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.pixelShuffled(factor) }
}

extension PixelShuffle where Element == Float {
  /// The layer of a factor r; one below 1 is an error.
  public convenience init(_ factor: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.init(factor: factor, file, line)
  }
}

/// Positions exchanged for channels, `[…, c, h r, w r] → […, c r², h, w]`, as ``Tensor/pixelUnshuffled(_:file:line:)`` does.
public final class PixelUnshuffle<Element: DifferentiableScalar>: Layer {
  private let factor: Int

  /// The layer of a factor r; one below 1 is an error.
  public convenience init(_ factor: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.init(factor: factor, file, line)
  }

  fileprivate init(factor: Int, _ file: StaticString, _ line: UInt) {
    if factor < 1 { programError("PixelUnshuffle", "factor \(factor); at least 1", file, line) }
    self.factor = factor
  }

  /// How it was made.
  public var configuration: String { "\(factor)" }

  /// `[…, c, h r, w r] → […, c r², h, w]`. Extents that do not fit are an error. Derivative: g, moved back.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.pixelUnshuffled(factor) }
}

extension PixelUnshuffle where Element == Float {
  /// The layer of a factor r; one below 1 is an error.
  public convenience init(_ factor: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.init(factor: factor, file, line)
  }
}
