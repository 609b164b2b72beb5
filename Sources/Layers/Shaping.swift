public import MartletCore

/// A layer that returns its input.
///
/// ```swift
/// let hasNorm = false
/// let norm: any Layer<Tensor<Float>, Tensor<Float>> = hasNorm ? LayerNorm(8) : Identity()
/// let model = Sequential([Linear(8, 8), norm])
/// ```
public final class Identity<Element: DifferentiableScalar>: Layer {
  /// Creates the layer for the element type that is written, as in `Identity<Double>()`.
  public convenience init() {
    self.init(stateless: ())
  }

  fileprivate init(stateless: Void) {}

  /// Returns the input itself.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x }
}

extension Identity where Element == Float {
  /// Creates the layer for `Float`.
  public convenience init() {
    self.init(stateless: ())
  }
}

/// A layer that joins several axes into one: `[n, a, b, …] → [n, a · b · …]`.
///
/// ```swift
/// let images = Tensor<Float>.normal([4, 3, 8, 8])
/// let rows = Flatten()(images)  // [4, 192]
/// ```
public final class Flatten<Element: DifferentiableScalar>: Layer {
  private let startAxis: Int, endAxis: Int

  /// Creates a layer that joins the axes from `startAxis` to `endAxis`. A negative axis counts from the end.
  /// The default joins all axes but the first.
  public convenience init(startAxis: Int = 1, endAxis: Int = -1) {
    self.init(startAxis, endAxis)
  }

  fileprivate init(_ startAxis: Int, _ endAxis: Int) { (self.startAxis, self.endAxis) = (startAxis, endAxis) }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "startAxis: \(startAxis), endAxis: \(endAxis)" }

  /// Returns the input with its axes joined. Axes out of range or in the wrong order are an error.
  /// Derivative: g, reshaped.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    if x.isFailed { return x }
    let start = startAxis < 0 ? startAxis + x.rank : startAxis, end = endAxis < 0 ? endAxis + x.rank : endAxis
    guard x.rank > 0, 0...end ~= start, end < x.rank else {
      programError(
        "Flatten",
        "inputs of shape \(x.shape) do not fit; the shape must have the start axis and, at or after it, the end axis"
      )
      return x
    }
    return x.reshaped(
      TensorShape(x.shape.prefix(start) + [x.shape[start...end].reduce(1, *)] + x.shape.dropFirst(end + 1)))
  }
}

extension Flatten where Element == Float {
  /// Creates a layer that joins the axes from `startAxis` to `endAxis`. A negative axis counts from the end.
  /// The default joins all axes but the first.
  public convenience init(startAxis: Int = 1, endAxis: Int = -1) {
    self.init(startAxis, endAxis)
  }
}

/// A layer that splits one axis into several: `[…, a · b, …] → […, a, b, …]`.
///
/// ```swift
/// let rows = Tensor<Float>.normal([4, 192])
/// let images = Unflatten(axis: 1, 3, 8, 8)(rows)  // [4, 3, 8, 8]
/// ```
public final class Unflatten<Element: DifferentiableScalar>: Layer {
  private let axis: Int, sizes: [Int]

  /// Creates a layer that splits an axis into axes of the given sizes. A negative axis counts from the end. A
  /// call without sizes is an error, and so is a size below 0.
  public convenience init(axis: Int, _ sizes: Int..., file: StaticString = #fileID, line: UInt = #line) {
    self.init(axis, sizes, file, line)
  }

  fileprivate init(_ axis: Int, _ sizes: [Int], _ file: StaticString, _ line: UInt) {
    if sizes.isEmpty || sizes.contains(where: { $0 < 0 }) {
      programError(
        "Unflatten", "the sizes must be one or more numbers of at least 0, not \(sizes)", file, line)
    }
    (self.axis, self.sizes) = (axis, sizes)
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { "axis: \(axis), \(listed(sizes))" }

  /// Returns the input with its axis split. An axis out of range is an error, and so is an axis whose extent
  /// is not the product of the sizes.
  ///
  /// Derivative: g, reshaped.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    if x.isFailed { return x }
    let counted = axis < 0 ? axis + x.rank : axis, count = sizes.reduce(1) { $0.times($1) }
    guard 0..<x.rank ~= counted, x.shape[counted] == count else {
      programError(
        "Unflatten",
        "inputs of shape \(x.shape) do not fit; the axis must have \(count) elements")
      return x
    }
    return x.reshaped(TensorShape(x.shape.prefix(counted) + sizes + x.shape.dropFirst(counted + 1)))
  }
}

extension Unflatten where Element == Float {
  /// Creates a layer that splits an axis into axes of the given sizes. A negative axis counts from the end. A
  /// call without sizes is an error, and so is a size below 0.
  public convenience init(axis: Int, _ sizes: Int..., file: StaticString = #fileID, line: UInt = #line) {
    self.init(axis, sizes, file, line)
  }
}

/// A layer that gives each sample another shape: `[n, …] → [n, extents]`.
///
/// ```swift
/// let x = Tensor<Float>.normal([4, 3, 8, 8])
/// let y = Reshape(3, -1)(x)  // [4, 3, 64]
/// ```
public final class Reshape<Element: DifferentiableScalar>: Layer {
  private let extents: [Int]

  /// Creates a layer that gives each sample these extents. One extent may be −1: it then follows from the
  /// other extents. A second −1 is an error, and so is an extent below −1.
  public convenience init(_ extents: Int..., file: StaticString = #fileID, line: UInt = #line) {
    self.init(extents, file, line)
  }

  fileprivate init(_ extents: [Int], _ file: StaticString, _ line: UInt) {
    if extents.contains(where: { $0 < -1 }) || extents.count(where: { $0 == -1 }) > 1 {
      programError(
        "Reshape", "the extents must be at least 0, except one that may be -1, not \(extents)", file, line)
    }
    self.extents = extents
  }

  /// The initialiser's arguments, as `print(model)` shows them.
  public var configuration: String { listed(extents) }

  /// Returns the samples reshaped. A different number of elements is an error, and so is a scalar.
  /// Derivative: g, reshaped.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    if x.isFailed { return x }
    let known = extents.reduce(1) { $1 < 0 ? $0 : $0.times($1) }, count = x.shape.dropFirst().reduce(1, *)
    let fits = extents.contains(-1) ? known > 0 && count % known == 0 : known == count
    guard x.rank > 0, fits else {
      programError(
        "Reshape", "inputs of shape \(x.shape) do not fit; each sample must fit the shape \(extents)")
      return x
    }
    return x.reshaped(TensorShape([x.shape[0]] + extents.map { $0 < 0 ? count / known : $0 }))
  }
}

extension Reshape where Element == Float {
  /// Creates a layer that gives each sample these extents. One extent may be −1: it then follows from the
  /// other extents. A second −1 is an error, and so is an extent below −1.
  public convenience init(_ extents: Int..., file: StaticString = #fileID, line: UInt = #line) {
    self.init(extents, file, line)
  }
}
