public import MartletCore

/// A layer that resamples the axes after the second of `[n, channels, …]`, as
/// ``Tensor/upsampled(by:mode:alignCorners:file:line:)`` does.
///
/// ```swift
/// let images = Tensor<Float>.normal([1, 3, 8, 8])
/// let larger = Upsample(scale: 2, mode: .linear)(images)  // [1, 3, 16, 16]
/// let fixed = Upsample(size: 20, 30)(images)  // [1, 3, 20, 30]
/// ```
public final class Upsample<Element: DifferentiableScalar>: Layer {
  private let factor: Double?, size: [Int]
  private let mode: UpsamplingMode, alignCorners: Bool

  /// Creates a layer that multiplies the extents by `scale`. The new values are those of the nearest element,
  /// or with `.linear` those of a linear interpolation. A scale that is not a finite number above 0 is an
  /// error.
  public convenience init(
    scale: Double, mode: UpsamplingMode = .nearest, alignCorners: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(scale, [], mode, alignCorners, file, line)
  }

  /// Creates a layer that resamples the axes after the second to `size`, one extent for each axis. An empty
  /// size is an error, and so is an extent below 1.
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
      programError("Upsample", "the scale must be above 0, not \(factor)", file, line)
    }
    if factor == nil, size.isEmpty || size.contains(where: { $0 < 1 }) {
      programError("Upsample", "the size must be one or more extents of at least 1, not \(size)", file, line)
    }
    (self.factor, self.size, self.mode, self.alignCorners) = (factor, size, mode, alignCorners)
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String {
    "\(factor.map { "scale: \($0)" } ?? "size: \(listed(size))"), mode: \(mode), alignCorners: \(alignCorners)"
  }

  /// Returns the resampled input. An input whose rank does not match the size is an error, and so is an empty
  /// axis.
  ///
  /// The derivative is that of ``Tensor/upsampled(by:mode:alignCorners:file:line:)``.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    if let factor { return x.upsampled(by: factor, mode: mode, alignCorners: alignCorners) }
    return x.upsampled(to: size, mode: mode, alignCorners: alignCorners)
  }
}

extension Upsample where Element == Float {
  /// Creates a layer that multiplies the extents by `scale`. The new values are those of the nearest element,
  /// or with `.linear` those of a linear interpolation. A scale that is not a finite number above 0 is an
  /// error.
  public convenience init(
    scale: Double, mode: UpsamplingMode = .nearest, alignCorners: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(scale, [], mode, alignCorners, file, line)
  }

  /// Creates a layer that resamples the axes after the second to `size`, one extent for each axis. An empty
  /// size is an error, and so is an extent below 1.
  public convenience init(
    size: Int..., mode: UpsamplingMode = .nearest, alignCorners: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    self.init(nil, size, mode, alignCorners, file, line)
  }
}

/// A layer that exchanges channels for positions, `[…, c r², h, w] → […, c, h r, w r]`, as
/// ``Tensor/pixelShuffled(_:file:line:)`` does.
///
/// ```swift
/// let features = Tensor<Float>.normal([1, 12, 8, 8])
/// let image = PixelShuffle(2)(features)  // [1, 3, 16, 16]
/// ```
public final class PixelShuffle<Element: DifferentiableScalar>: Layer {
  private let factor: Int

  /// Creates a layer with the factor r. A factor below 1 is an error.
  public convenience init(_ factor: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.init(factor: factor, file, line)
  }

  fileprivate init(factor: Int, _ file: StaticString, _ line: UInt) {
    if factor < 1 { programError("PixelShuffle", "the factor must be at least 1, not \(factor)", file, line) }
    self.factor = factor
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "\(factor)" }

  /// Rearranges `[…, c r², h, w] → […, c, h r, w r]`. Extents that do not fit are an error. Derivative: g,
  /// moved back.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.pixelShuffled(factor) }
}

extension PixelShuffle where Element == Float {
  /// Creates a layer with the factor r. A factor below 1 is an error.
  public convenience init(_ factor: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.init(factor: factor, file, line)
  }
}

/// A layer that exchanges positions for channels, `[…, c, h r, w r] → […, c r², h, w]`, as
/// ``Tensor/pixelUnshuffled(_:file:line:)`` does.
///
/// ```swift
/// let image = Tensor<Float>.normal([1, 3, 16, 16])
/// let features = PixelUnshuffle(2)(image)  // [1, 12, 8, 8]
/// ```
public final class PixelUnshuffle<Element: DifferentiableScalar>: Layer {
  private let factor: Int

  /// Creates a layer with the factor r. A factor below 1 is an error.
  public convenience init(_ factor: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.init(factor: factor, file, line)
  }

  fileprivate init(factor: Int, _ file: StaticString, _ line: UInt) {
    if factor < 1 {
      programError("PixelUnshuffle", "the factor must be at least 1, not \(factor)", file, line)
    }
    self.factor = factor
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "\(factor)" }

  /// Rearranges `[…, c, h r, w r] → […, c r², h, w]`. Extents that do not fit are an error. Derivative: g,
  /// moved back.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.pixelUnshuffled(factor) }
}

extension PixelUnshuffle where Element == Float {
  /// Creates a layer with the factor r. A factor below 1 is an error.
  public convenience init(_ factor: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.init(factor: factor, file, line)
  }
}

/// A layer that mixes groups of channels, `[n, channels, …]` to the same, as
/// ``Tensor/channelShuffled(groups:file:line:)`` does.
///
/// ```swift
/// let features = Tensor<Float>.normal([1, 12, 8, 8])
/// let mixed = ChannelShuffle(groups: 3)(features)  // [1, 12, 8, 8]
/// ```
public final class ChannelShuffle<Element: DifferentiableScalar>: Layer {
  private let groups: Int

  /// Creates a layer with a number of groups. A number below 1 is an error.
  public convenience init(groups: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.init(groups, file, line)
  }

  fileprivate init(_ groups: Int, _ file: StaticString, _ line: UInt) {
    if groups < 1 {
      programError("ChannelShuffle", "the groups must be at least 1, not \(groups)", file, line)
    }
    self.groups = groups
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "groups: \(groups)" }

  /// Rearranges the channels. Groups that do not divide them are an error. Derivative: g, moved back.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x.channelShuffled(groups: groups) }
}

extension ChannelShuffle where Element == Float {
  /// Creates a layer with a number of groups. A number below 1 is an error.
  public convenience init(groups: Int, file: StaticString = #fileID, line: UInt = #line) {
    self.init(groups, file, line)
  }
}
