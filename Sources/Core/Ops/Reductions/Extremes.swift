// The largest and smallest elements over all or some axes, and their indices. Negative axes count from the
// end. Axis 0 of a scalar stands for its element.

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

  /// The indices of the largest elements along an axis, which is removed, or kept with extent 1 if `keepDims`
  /// is true. Of equal elements the index is that of the first; if an element is NaN, it is that of the first
  /// NaN.
  ///
  /// An axis out of range or of no elements is an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func argmax(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    index(.maximum, "argmax", axis, keepDims: keepDims, file, line)
  }

  /// The row-major index of the smallest element. Of equal elements it is the first; if an element is NaN, it
  /// is that of the first NaN. An empty tensor is an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func argmin(file: StaticString = #fileID, line: UInt = #line) -> Tensor<Int> {
    reshapedView([count]).index(.minimum, "argmin", 0, file, line)
  }

  /// The indices of the smallest elements along an axis, which is removed, or kept with extent 1 if
  /// `keepDims` is true. Of equal elements the index is that of the first; if an element is NaN, it is that
  /// of the first NaN.
  ///
  /// An axis out of range or of no elements is an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func argmin(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    index(.minimum, "argmin", axis, keepDims: keepDims, file, line)
  }

  /// The largest elements along one axis and their indices, as PyTorch's `max` of an axis returns them.
  ///
  /// The first of equal elements is chosen; if an element is NaN, it is the first NaN. The axis is removed,
  /// or kept with extent 1 if `keepDims` is true. An axis out of range or of no elements is an error.
  ///
  /// Derivative: the gradient of a value goes to the element at its index.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[3, 1, 3], [0, 2, 1]])
  /// let (values, indices) = x.maxWithIndices(axis: 1)  // [3, 2] and [0, 1]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func maxWithIndices(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor<Int>) {
    indexed(.maximum, .maximum, "maxWithIndices", axis, keepDims: keepDims, file, line)
  }

  /// The smallest elements along one axis and their indices, as PyTorch's `min` of an axis returns them.
  ///
  /// The first of equal elements is chosen; if an element is NaN, it is the first NaN. The axis is removed,
  /// or kept with extent 1 if `keepDims` is true. An axis out of range or of no elements is an error.
  ///
  /// Derivative: the gradient of a value goes to the element at its index.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[3, 1, 3], [0, 2, 1]])
  /// let (values, indices) = x.minWithIndices(axis: 1)  // [1, 0] and [1, 0]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func minWithIndices(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor<Int>) {
    indexed(.minimum, .minimum, "minWithIndices", axis, keepDims: keepDims, file, line)
  }

  /// The smallest and the largest element, two scalars; NaN if any element is NaN. PyTorch names it
  /// `aminmax`.
  ///
  /// An empty tensor is an error. Derivatives: those of ``min(file:line:)`` and ``max(file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func minMax(file: StaticString = #fileID, line: UInt = #line) -> (min: Tensor, max: Tensor) {
    let axes = AxisSet.all(Swift.max(rank, 0))
    let least = extreme(.minimum, "minMax", axes, keepDims: false, file, line)
    if let failure = least.failure { return (least, .failed(by: failure)) }
    return (least, extreme(.maximum, "minMax", axes, keepDims: false, file, line))
  }

  /// The smallest and the largest elements along some axes; NaN where any of them is NaN. PyTorch's `aminmax`
  /// takes one axis.
  ///
  /// The axes are removed, or kept with extent 1 if `keepDims` is true. An axis out of range, named twice or
  /// of no elements is an error. Derivatives: the gradient is divided equally among the elements that equal
  /// the smallest or the largest.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[3, 1], [0, 2]])
  /// let (least, most) = x.minMax(axes: [1])  // [1, 0] and [3, 2]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func minMax(
    axes: [Int], keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> (min: Tensor, max: Tensor) {
    let least = extreme(.minimum, "minMax", axes, keepDims: keepDims, file, line)
    if let failure = least.failure { return (least, .failed(by: failure)) }
    return (least, extreme(.maximum, "minMax", axes, keepDims: keepDims, file, line))
  }
}

extension TensorShape {
  /// Returns an axis counted from the front, or the fault if it is out of range or has no elements.
  func axisWithElements(_ axis: Int) -> (axis: Int, fault: String?) {
    guard let counted = self.axis(axis) else {
      return (0, fault(ofAxis: axis))
    }
    return (counted, self[counted] > 0 ? nil : "axis \(axis) of shape \(self) has no elements")
  }
}

extension Tensor {
  private func index(
    _ operation: LocateKernel, _ name: StaticString, _ axis: Int, keepDims: Bool = false,
    _ file: StaticString, _ line: UInt
  ) -> Tensor<Int> {
    if let failure { return .failed(by: failure) }
    if shape.isScalar(axis: axis) { return reshapedView([1]).index(operation, name, 0, file, line) }
    let (counted, fault) = shape.axisWithElements(axis)
    if let fault { return .failed("\(name)", fault, file, line) }
    let indices = located(operation, axis: counted).named(operation == .maximum ? "ArgMax" : "ArgMin")
    return keepDims ? indices.reshapedView(shape.reduced(AxisSet(counted), keepDims: true)) : indices
  }
}

extension Tensor where Element: NumericScalar {
  /// Returns the extremes over some axes. Elements that equal the extreme share the gradient. Error messages
  /// contain `name`.
  func extreme(
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
    let (counted, fault) = shape.axisWithElements(axis)
    if let fault { return .failed("\(name)", fault, file, line) }
    return extreme(operation, location, along: counted, keepDims: keepDims, indices: nil)
  }

  /// Returns the extremes along an axis that has elements. Their indices are computed if they are not given
  /// and the operation is recorded.
  private func extreme(
    _ operation: ReduceKernel, _ location: LocateKernel, along axis: Int, keepDims: Bool,
    indices: Tensor<Int>?
  ) -> Tensor {
    let axes = AxisSet(axis), shape = layout.shape
    let result = reduced(operation, axes, keepDims: keepDims, to: Element.self)
    guard isTracked, isRecording else { return result }
    return result.recorded(
      operation == .maximum ? "Max" : "Min",
      edge(saving: indices ?? located(location, axis: axis)) { g, indices in
        isRecording
          ? g.spread(axes, over: shape).where(indices.marks(along: axis, of: shape), else: .zeroed([]))
          : g.placed(at: indices, along: axis, of: shape)
      })
  }

  /// Returns the extremes along one axis and their indices.
  private func indexed(
    _ operation: ReduceKernel, _ location: LocateKernel, _ name: StaticString, _ axis: Int, keepDims: Bool,
    _ file: StaticString, _ line: UInt
  ) -> (values: Tensor, indices: Tensor<Int>) {
    if let failure { return (.failed(by: failure), .failed(by: failure)) }
    if shape.isScalar(axis: axis) {
      return reshapedView([1]).indexed(operation, location, name, 0, keepDims: false, file, line)
    }
    let indices = index(location, name, axis, file, line)
    guard let counted = shape.axis(axis), indices.failure == nil else {
      return (.failed(by: indices.failure ?? Failure.current), indices)
    }
    let values = extreme(operation, location, along: counted, keepDims: keepDims, indices: indices)
    return (
      values, keepDims ? indices.reshapedView(shape.reduced(AxisSet(counted), keepDims: true)) : indices
    )
  }
}

extension Tensor where Element == Int {
  /// Returns a mask of `shape`. Along `axis` it is true at the index that this tensor holds for the other
  /// axes.
  private func marks(along axis: Int, of shape: TensorShape) -> Tensor<Bool> {
    var line = TensorShape(rank: shape.rank)
    for i in 0..<shape.rank { line.extents[i] = i == axis ? shape.extents[axis] : 1 }
    return Tensor.ramp(shape.extents[axis], start: 0, step: 1).reshapedView(line)
      .== reshapedView(shape.reduced(AxisSet(axis), keepDims: true))
  }
}
