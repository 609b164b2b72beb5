// Sums, means, variances and extremes over all or some axes. Negative axes count from the end. Axis 0 of a
// scalar stands for its element.

extension TensorShape {
  /// Returns the set of the named axes, or the text of what is wrong with them.
  func axisSet(_ axes: [Int]) -> (set: AxisSet, fault: String?) {
    var set = AxisSet()
    for given in axes {
      guard let axis = axis(given) else {
        return (set, "axis \(given) is out of range for shape \(self); \(axisRange)")
      }
      if set.contains(axis) { return (set, "axis \(given) is named twice in \(axes)") }
      set.insert(axis)
    }
    return (set, nil)
  }

  /// Returns the set of the axes of a reduction, or the text of what is wrong with them. Unlike
  /// ``axisSet(_:)``, it accepts axis 0 or −1 of a scalar.
  func reducedSet(_ axes: [Int]) -> (set: AxisSet, fault: String?) {
    axes.count == 1 && isScalar(axis: axes[0]) ? (AxisSet(), nil) : axisSet(axes)
  }

  /// Returns the product of the extents along some axes.
  func count(along axes: AxisSet) -> Int {
    var product = 1
    for axis in 0..<Swift.max(rank, 0) where axes.contains(axis) { product *= extents[axis] }
    return product
  }
}

extension Tensor {
  /// Returns the sum over the axes along which a broadcast from `target` repeated elements.
  func summed(to target: TensorShape) -> Tensor {
    summed(AxisSet(broadcastFrom: target, to: layout.shape), keepDims: false).reshapedView(target)
  }

  /// Returns the sum over a set of axes, with the same element type. Derivative: `dx = g`, broadcast.
  func summed(_ axes: AxisSet, keepDims: Bool) -> Tensor {
    let shape = layout.shape
    return reduced(.sum, axes, keepDims: keepDims, to: Element.self)
      .recorded("Sum", edge { g in g.spread(axes, over: shape) })
  }

  /// Returns this gradient of a reduction, repeated along the reduced axes.
  func spread(_ axes: AxisSet, over shape: TensorShape) -> Tensor {
    reshapedView(shape.reduced(axes, keepDims: true)).broadcastView(to: shape)
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// The sum of all elements, a scalar; 0 for an empty tensor. Derivative: `dx = g`, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func sum() -> Tensor { summed(.all(Swift.max(rank, 0)), keepDims: false) }

  /// The sum along one axis. The axis is removed, or kept with extent 1 if `keepDims` is true.
  ///
  /// An axis out of range is an error. Derivative: `dx = g`, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func sum(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    sum(axes: [axis], keepDims: keepDims, file: file, line: line)
  }

  /// The sum along some axes. They are removed, or kept with extent 1 if `keepDims` is true. `[]` sums along
  /// no axis.
  ///
  /// An axis out of range or named twice is an error. Derivative: `dx = g`, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func sum(
    axes: [Int], keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    let (set, fault) = shape.reducedSet(axes)
    if let fault { return .failed("sum", fault, file, line) }
    return summed(set, keepDims: keepDims)
  }

  /// The mean of all elements, a scalar; NaN for an empty tensor. Derivative: `dx = g / n`, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func mean() -> Tensor { averaged(.all(Swift.max(rank, 0)), keepDims: false) }

  /// The mean along one axis. The axis is removed, or kept with extent 1 if `keepDims` is true.
  ///
  /// An axis out of range is an error. Derivative: `dx = g / n`, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func mean(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    mean(axes: [axis], keepDims: keepDims, file: file, line: line)
  }

  /// The mean along some axes. They are removed, or kept with extent 1 if `keepDims` is true.
  ///
  /// An axis out of range or named twice is an error. Derivative: `dx = g / n`, broadcast.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func mean(
    axes: [Int], keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    let (set, fault) = shape.reducedSet(axes)
    if let fault { return .failed("mean", fault, file, line) }
    return averaged(set, keepDims: keepDims)
  }

  private func averaged(_ axes: AxisSet, keepDims: Bool) -> Tensor {
    let shape = layout.shape, n = Element(shape.count(along: axes))
    let result = reduced(.sum, axes, keepDims: keepDims, to: Element.self)
    if result.isFailed { return result }
    result.combine(.divide, with: Tensor(single: n))
    return result.recorded("Mean", edge { g in (g / n).spread(axes, over: shape) })
  }

  /// The variance of all elements, `Σ (x − mean)² / (n − correction)`. The correction is 1 for a sample and 0
  /// for a population.
  ///
  /// It takes two passes over the elements, so that a small variance is not lost beside a large mean. If
  /// there are no more elements than the correction, the divisor is 0: one element with a correction of 1 has
  /// the variance NaN.
  ///
  /// Derivative: `dx = g · 2 (x − mean) / (n − correction)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func variance(correction: Element = 1) -> Tensor {
    variance(.all(Swift.max(rank, 0)), correction, keepDims: false)
  }

  /// The variance along one axis, `Σ (x − mean)² / (n − correction)`.
  ///
  /// An axis out of range is an error. Derivative: `dx = g · 2 (x − mean) / (n − correction)`.
  ///
  /// ```swift
  /// let x = Tensor<Float>.normal([8, 3])
  /// let variance = x.variance(axis: 0, correction: 0, keepDims: true)
  /// let normalized = (x - x.mean(axis: 0, keepDims: true)) / (variance + 1e-5).sqrt()
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func variance(
    axis: Int, correction: Element = 1, keepDims: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    variance(axes: [axis], correction: correction, keepDims: keepDims, file: file, line: line)
  }

  /// The variance along some axes, `Σ (x − mean)² / (n − correction)`.
  ///
  /// An axis out of range or named twice is an error. Derivative: `dx = g · 2 (x − mean) / (n − correction)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func variance(
    axes: [Int], correction: Element = 1, keepDims: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    let (set, fault) = shape.reducedSet(axes)
    if let fault { return .failed("variance", fault, file, line) }
    return variance(set, correction, keepDims: keepDims)
  }

  private func variance(_ axes: AxisSet, _ correction: Element, keepDims: Bool) -> Tensor {
    let difference = self - averaged(axes, keepDims: true)
    let freedom = Element(layout.shape.count(along: axes)) - correction
    return (difference * difference).summed(axes, keepDims: keepDims) / Swift.max(freedom, 0)
  }
}

extension Tensor where Element: NumericScalar {
  /// The largest element, a scalar; NaN if any element is NaN. An empty tensor is an error.
  ///
  /// Derivative: the gradient is divided equally among all elements that equal the largest.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func max(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    extreme(.maximum, "max", .all(Swift.max(rank, 0)), keepDims: false, file, line)
  }

  /// The largest elements along one axis; NaN where any of them is NaN. An axis out of range or of no
  /// elements is an error.
  ///
  /// Derivative: the gradient goes to the first of the largest elements.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func max(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    extreme(.maximum, .maximum, "max", axis, keepDims: keepDims, file, line)
  }

  /// The largest elements along some axes; NaN where any of them is NaN. An axis out of range or of no
  /// elements is an error.
  ///
  /// Derivative: the gradient is divided equally among the elements that equal the largest.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func max(
    axes: [Int], keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    extreme(.maximum, "max", axes, keepDims: keepDims, file, line)
  }

  /// The smallest element, a scalar; NaN if any element is NaN. An empty tensor is an error.
  ///
  /// Derivative: the gradient is divided equally among all elements that equal the smallest.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func min(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    extreme(.minimum, "min", .all(Swift.max(rank, 0)), keepDims: false, file, line)
  }

  /// The smallest elements along one axis; NaN where any of them is NaN. An axis out of range or of no
  /// elements is an error.
  ///
  /// Derivative: the gradient goes to the first of the smallest elements.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func min(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    extreme(.minimum, .minimum, "min", axis, keepDims: keepDims, file, line)
  }

  /// The smallest elements along some axes; NaN where any of them is NaN. An axis out of range or of no
  /// elements is an error.
  ///
  /// Derivative: the gradient is divided equally among the elements that equal the smallest.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func min(
    axes: [Int], keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    extreme(.minimum, "min", axes, keepDims: keepDims, file, line)
  }

  /// The row-major index of the largest element. Of equal elements it is the first; if an element is NaN, it
  /// is that of the first NaN. An empty tensor is an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func argmax(file: StaticString = #fileID, line: UInt = #line) -> Tensor<Int> {
    reshapedView([count]).index(.maximum, "argmax", 0, file, line)
  }

  /// The indices of the largest elements along an axis, which is removed. Of equal elements the index is that
  /// of the first; if an element is NaN, it is that of the first NaN.
  ///
  /// An axis out of range or of no elements is an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func argmax(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor<Int> {
    index(.maximum, "argmax", axis, file, line)
  }

  /// The row-major index of the smallest element. Of equal elements it is the first; if an element is NaN, it
  /// is that of the first NaN. An empty tensor is an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func argmin(file: StaticString = #fileID, line: UInt = #line) -> Tensor<Int> {
    reshapedView([count]).index(.minimum, "argmin", 0, file, line)
  }

  /// The indices of the smallest elements along an axis, which is removed. Of equal elements the index is
  /// that of the first; if an element is NaN, it is that of the first NaN.
  ///
  /// An axis out of range or of no elements is an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func argmin(axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor<Int> {
    index(.minimum, "argmin", axis, file, line)
  }
}

extension Tensor where Element == Bool {
  /// The number of true elements.
  public func sum() -> Tensor<Int> {
    reduced(.sum, .all(Swift.max(rank, 0)), keepDims: false, to: Int.self).named("Sum")
  }

  /// The number of true elements along an axis. An axis out of range is an error.
  public func sum(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    integerSum([axis], keepDims: keepDims, file, line)
  }
}

extension Tensor where Element: NumericScalar & BinaryInteger {
  /// The sum of all elements, as `Int`.
  public func sum() -> Tensor<Int> {
    reduced(.sum, .all(Swift.max(rank, 0)), keepDims: false, to: Int.self).named("Sum")
  }

  /// The sum along an axis, as `Int`. An axis out of range is an error.
  public func sum(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    integerSum([axis], keepDims: keepDims, file, line)
  }

  /// The sum along some axes, as `Int`. An axis out of range or named twice is an error.
  public func sum(
    axes: [Int], keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    integerSum(axes, keepDims: keepDims, file, line)
  }
}

extension Tensor {
  private func integerSum(_ axes: [Int], keepDims: Bool, _ file: StaticString, _ line: UInt) -> Tensor<Int> {
    if let failure { return .failed(by: failure) }
    let (set, fault) = shape.reducedSet(axes)
    if let fault { return .failed("sum", fault, file, line) }
    return reduced(.sum, set, keepDims: keepDims, to: Int.self).named("Sum")
  }

  private func index(
    _ operation: LocateKernel, _ name: StaticString, _ axis: Int, _ file: StaticString, _ line: UInt
  ) -> Tensor<Int> {
    if let failure { return .failed(by: failure) }
    if shape.isScalar(axis: axis) { return reshapedView([1]).index(operation, name, 0, file, line) }
    guard let counted = shape.axis(axis) else {
      return .failed(
        "\(name)", "axis \(axis) is out of range for shape \(shape); \(shape.axisRange)", file, line)
    }
    guard shape[counted] > 0 else {
      return .failed("\(name)", "axis \(axis) of shape \(shape) has no elements", file, line)
    }
    return located(operation, axis: counted).named(operation == .maximum ? "ArgMax" : "ArgMin")
  }
}

extension Tensor where Element: NumericScalar {
  /// Returns the extremes over some axes. Elements that equal the extreme share the gradient.
  private func extreme(
    _ operation: ReduceKernel, _ name: StaticString, _ axes: AxisSet, keepDims: Bool, _ file: StaticString,
    _ line: UInt
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    let shape = layout.shape
    guard shape.count(along: axes) > 0 else {
      return .failed("\(name)", "shape \(shape) has no elements", file, line)
    }
    let result = reduced(operation, axes, keepDims: keepDims, to: Element.self)
    return result.recorded(
      operation == .maximum ? "Max" : "Min",
      edge(saving: self, result.detached()) {
        g, x, y in
        // If the result is NaN, no element equals it. The gradient is then shared by the NaN elements.
        let chosen = (x .== y.spread(axes, over: shape)) .| (x .!= x)
        let shares = Tensor(single: 1).where(chosen, else: 0)
        return g.spread(axes, over: shape)
          * (shares / shares.reduced(.sum, axes, keepDims: true, to: Element.self))
      })
  }

  private func extreme(
    _ operation: ReduceKernel, _ name: StaticString, _ axes: [Int], keepDims: Bool, _ file: StaticString,
    _ line: UInt
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    let (set, fault) = shape.reducedSet(axes)
    if let fault { return .failed("\(name)", fault, file, line) }
    return extreme(operation, name, set, keepDims: keepDims, file, line)
  }

  /// Returns the extremes along one axis. The gradient goes to the first element that equals the extreme.
  private func extreme(
    _ operation: ReduceKernel, _ location: LocateKernel, _ name: StaticString, _ axis: Int, keepDims: Bool,
    _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    if shape.isScalar(axis: axis) { return extreme(operation, name, [], keepDims: keepDims, file, line) }
    guard let counted = shape.axis(axis) else {
      return .failed(
        "\(name)", "axis \(axis) is out of range for shape \(shape); \(shape.axisRange)", file, line)
    }
    guard shape[counted] > 0 else {
      return .failed("\(name)", "axis \(axis) of shape \(shape) has no elements", file, line)
    }
    var axes = AxisSet()
    axes.insert(counted)
    let shape = layout.shape
    let result = reduced(operation, axes, keepDims: keepDims, to: Element.self)
    guard isTracked, isRecording else { return result }
    return result.recorded(
      operation == .maximum ? "Max" : "Min",
      edge(saving: located(location, axis: counted)) { g, indices in
        isRecording
          ? g.spread(axes, over: shape).where(indices.marks(along: counted, of: shape), else: .zeroed([]))
          : g.placed(at: indices, along: counted, of: shape)
      })
  }
}

extension Tensor where Element == Int {
  /// Returns a mask of `shape`. Along `axis` it is true at the index that this tensor holds for the other
  /// axes.
  private func marks(along axis: Int, of shape: TensorShape) -> Tensor<Bool> {
    var axes = AxisSet()
    axes.insert(axis)
    var line = TensorShape(rank: shape.rank)
    for i in 0..<shape.rank { line.extents[i] = i == axis ? shape.extents[axis] : 1 }
    return Tensor.ramp(shape.extents[axis], start: 0, step: 1).reshapedView(line)
      .== reshapedView(shape.reduced(axes, keepDims: true))
  }
}
