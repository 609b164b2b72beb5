public import MartletCore

/// A layer that hands on what it gets.
public final class Identity<Element: DifferentiableScalar>: Layer {
  /// The layer, for the element type that is named.
  public convenience init() {
    self.init(stateless: ())
  }

  fileprivate init(stateless: Void) {}

  /// The input itself.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> { x }
}

extension Identity where Element == Float {
  /// The layer, for `Float`.
  public convenience init() {
    self.init(stateless: ())
  }
}

/// Several axes as one: `[n, a, b, …] → [n, a · b · …]`.
public final class Flatten<Element: DifferentiableScalar>: Layer {
  private let startAxis: Int, endAxis: Int

  /// Joins the axes from `startAxis` to `endAxis`, which are counted from the end where they are below 0: all but the
  /// first, unless said otherwise.
  public convenience init(startAxis: Int = 1, endAxis: Int = -1) {
    self.init(startAxis, endAxis)
  }

  fileprivate init(_ startAxis: Int, _ endAxis: Int) { (self.startAxis, self.endAxis) = (startAxis, endAxis) }

  /// How it was made.
  public var configuration: String { "startAxis: \(startAxis), endAxis: \(endAxis)" }

  /// The input with its axes joined. Axes out of range or in the wrong order are an error. Derivative: g, reshaped.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    if x.isFailed { return x }
    let start = startAxis < 0 ? startAxis + x.rank : startAxis, end = endAxis < 0 ? endAxis + x.rank : endAxis
    guard x.rank > 0, 0...end ~= start, end < x.rank else {
      programError(
        "Flatten",
        "inputs of shape \(x.shape); axes of the shape, in their order, are expected")
      return x
    }
    return x.reshaped(
      TensorShape(x.shape.prefix(start) + [x.shape[start...end].reduce(1, *)] + x.shape.dropFirst(end + 1)))
  }
}

extension Flatten where Element == Float {
  /// Joins the axes from `startAxis` to `endAxis`, which are counted from the end where they are below 0: all but the
  /// first, unless said otherwise.
  public convenience init(startAxis: Int = 1, endAxis: Int = -1) {
    self.init(startAxis, endAxis)
  }
}

/// One axis as several: `[…, a · b, …] → […, a, b, …]`.
public final class Unflatten<Element: DifferentiableScalar>: Layer {
  private let axis: Int, sizes: [Int]

  /// Splits an axis, counted from the end where it is below 0, into axes of these sizes: none below 0, else an error.
  public convenience init(axis: Int, _ sizes: Int..., file: StaticString = #fileID, line: UInt = #line) {
    self.init(axis, sizes, file, line)
  }

  fileprivate init(_ axis: Int, _ sizes: [Int], _ file: StaticString, _ line: UInt) {
    if sizes.isEmpty || sizes.contains(where: { $0 < 0 }) {
      programError("Unflatten", "sizes \(sizes); at least one, none below 0", file, line)
    }
    (self.axis, self.sizes) = (axis, sizes)
  }

  /// How it was made.
  public var configuration: String { "axis: \(axis), \(listed(sizes))" }

  /// The input with its axis split. An axis out of range, or of another extent than the sizes make, is an error.
  ///
  /// Derivative: g, reshaped.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    if x.isFailed { return x }
    let counted = axis < 0 ? axis + x.rank : axis, count = sizes.reduce(1) { $0.times($1) }
    guard 0..<x.rank ~= counted, x.shape[counted] == count else {
      programError(
        "Unflatten",
        "inputs of shape \(x.shape); \(count) elements along the axis are expected")
      return x
    }
    return x.reshaped(TensorShape(x.shape.prefix(counted) + sizes + x.shape.dropFirst(counted + 1)))
  }
}

extension Unflatten where Element == Float {
  /// Splits an axis, counted from the end where it is below 0, into axes of these sizes: none below 0, else an error.
  public convenience init(axis: Int, _ sizes: Int..., file: StaticString = #fileID, line: UInt = #line) {
    self.init(axis, sizes, file, line)
  }
}

/// Each sample in another shape: `[n, …] → [n, extents]`.
public final class Reshape<Element: DifferentiableScalar>: Layer {
  private let extents: [Int]

  /// Gives each sample these extents, one of which may be −1 and follows from the rest; another below 0 is an error.
  public convenience init(_ extents: Int..., file: StaticString = #fileID, line: UInt = #line) {
    self.init(extents, file, line)
  }

  fileprivate init(_ extents: [Int], _ file: StaticString, _ line: UInt) {
    if extents.contains(where: { $0 < -1 }) || extents.count(where: { $0 == -1 }) > 1 {
      programError("Reshape", "extents \(extents); none below 0, but one that may be -1", file, line)
    }
    self.extents = extents
  }

  /// How it was made.
  public var configuration: String { listed(extents) }

  /// The samples reshaped. Another number of elements is an error, and so is a scalar. Derivative: g, reshaped.
  public func forward(_ x: Tensor<Element>) -> Tensor<Element> {
    if x.isFailed { return x }
    let known = extents.reduce(1) { $1 < 0 ? $0 : $0.times($1) }, count = x.shape.dropFirst().reduce(1, *)
    let fits = extents.contains(-1) ? known > 0 && count % known == 0 : known == count
    guard x.rank > 0, fits else {
      programError("Reshape", "inputs of shape \(x.shape); samples that \(extents) holds are expected")
      return x
    }
    return x.reshaped(TensorShape([x.shape[0]] + extents.map { $0 < 0 ? count / known : $0 }))
  }
}

extension Reshape where Element == Float {
  /// Gives each sample these extents, one of which may be −1 and follows from the rest; another below 0 is an error.
  public convenience init(_ extents: Int..., file: StaticString = #fileID, line: UInt = #line) {
    self.init(extents, file, line)
  }
}
