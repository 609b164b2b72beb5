// Sums, means and variances over all or some axes. Negative axes count from the end. Axis 0 of a scalar
// stands for its element.

extension TensorShape {
  /// Returns the set of the named axes, or the text of what is wrong with them.
  func axisSet(_ axes: [Int]) -> (set: AxisSet, fault: String?) {
    var set = AxisSet()
    for given in axes {
      guard let axis = axis(given) else {
        return (set, fault(ofAxis: given))
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

extension Tensor where Element: FieldScalar {
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

  fileprivate func averaged(_ axes: AxisSet, keepDims: Bool) -> Tensor {
    let shape = layout.shape, n = Element(shape.count(along: axes))
    let result = reduced(.sum, axes, keepDims: keepDims, to: Element.self)
    if result.isFailed { return result }
    result.combine(.divide, with: Tensor(single: n))
    return result.recorded("Mean", edge { g in (g / n).spread(axes, over: shape) })
  }
}

extension Tensor where Element: DifferentiableScalar {
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

  /// The standard deviation of all elements, the root of `variance(correction:)`. PyTorch and NumPy name it
  /// `std`.
  ///
  /// Derivative: `dx = g (x − mean) / ((n − correction) s)`, 0 where the deviation s is 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func standardDeviation(correction: Element = 1) -> Tensor {
    standardDeviation(.all(Swift.max(rank, 0)), correction, keepDims: false)
  }

  /// The standard deviation along one axis, the root of `variance(axis:correction:keepDims:file:line:)`.
  ///
  /// An axis out of range is an error. Derivative: `dx = g (x − mean) / ((n − correction) s)`, 0 where the
  /// deviation s is 0.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[1, 3], [2, 6]])
  /// print(x.standardDeviation(axis: 1, correction: 0))  // [1. 2.]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func standardDeviation(
    axis: Int, correction: Element = 1, keepDims: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    standardDeviation(axes: [axis], correction: correction, keepDims: keepDims, file: file, line: line)
  }

  /// The standard deviation along some axes, the root of `variance(axes:correction:keepDims:file:line:)`.
  ///
  /// An axis out of range or named twice is an error. Derivative: `dx = g (x − mean) / ((n − correction) s)`,
  /// 0 where the deviation s is 0.
  ///
  /// ```swift
  /// let images = Tensor<Float>.normal([8, 3, 4, 4])
  /// let deviations = images.standardDeviation(axes: [2, 3], correction: 0, keepDims: true)  // [8, 3, 1, 1]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func standardDeviation(
    axes: [Int], correction: Element = 1, keepDims: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    let (set, fault) = shape.reducedSet(axes)
    if let fault { return .failed("standardDeviation", fault, file, line) }
    return standardDeviation(set, correction, keepDims: keepDims)
  }

  private func standardDeviation(_ axes: AxisSet, _ correction: Element, keepDims: Bool) -> Tensor {
    if let failure { return .failed(by: failure) }
    let freedom = Swift.max(Element(layout.shape.count(along: axes)) - correction, 0)
    return noGrad { variance(axes, correction, keepDims: keepDims).sqrt() }.recorded(
      "StandardDeviation",
      edge(outputSaving: self) { g, s, x in
        let s = isRecording ? x.standardDeviation(axes, correction, keepDims: keepDims) : s
        // The slope of a root is infinite at 0, so the divisor is replaced there.
        let slope = g / (s.where(s .!= 0, else: 1) * freedom)
        return slope.where(s .!= 0, else: 0).spread(axes, over: x.layout.shape)
          * (x - x.averaged(axes, keepDims: true))
      })
  }

  private func variance(_ axes: AxisSet, _ correction: Element, keepDims: Bool) -> Tensor {
    let difference = self - averaged(axes, keepDims: true)
    let freedom = Element(layout.shape.count(along: axes)) - correction
    return (difference * difference).summed(axes, keepDims: keepDims) / Swift.max(freedom, 0)
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

  /// The number of true elements along some axes. An axis out of range or named twice is an error.
  public func sum(
    axes: [Int], keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    integerSum(axes, keepDims: keepDims, file, line)
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
}
