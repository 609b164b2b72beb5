// Masks over all or some axes, and counts of elements that are not 0. Negative axes count from the end.

extension Tensor where Element == Bool {
  /// Returns true where any element along an axis is true. The axis is removed, or kept with extent 1 if
  /// `keepDims` is true. An axis without elements gives false. An axis out of range is an error.
  public func any(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Bool> {
    self.any(axes: [axis], keepDims: keepDims, file: file, line: line)
  }

  /// Returns true where any element along some axes is true. They are removed, or kept with extent 1 if
  /// `keepDims` is true. Axes without elements give false. An axis out of range or named twice is an error.
  ///
  /// ```swift
  /// let mask = Tensor<Bool>([[true, false], [false, false]])
  /// print(mask.any(axes: [1], keepDims: true))  // [[true], [false]]
  /// ```
  public func any(
    axes: [Int], keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Bool> {
    if let failure { return .failed(by: failure) }
    let (set, fault) = shape.reducedSet(axes)
    if let fault { return .failed("any", fault, file, line) }
    return reduced(.maximum, set, keepDims: keepDims, to: Bool.self).named("Any")
  }

  /// Returns true where every element along an axis is true. The axis is removed, or kept with extent 1 if
  /// `keepDims` is true. An axis without elements gives true. An axis out of range is an error.
  public func all(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Bool> {
    self.all(axes: [axis], keepDims: keepDims, file: file, line: line)
  }

  /// Returns true where every element along some axes is true. They are removed, or kept with extent 1 if
  /// `keepDims` is true. Axes without elements give true. An axis out of range or named twice is an error.
  ///
  /// ```swift
  /// let mask = Tensor<Bool>([[true, false], [true, true]])
  /// print(mask.all(axes: [1], keepDims: true))  // [[false], [true]]
  /// ```
  public func all(
    axes: [Int], keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Bool> {
    if let failure { return .failed(by: failure) }
    let (set, fault) = shape.reducedSet(axes)
    if let fault { return .failed("all", fault, file, line) }
    if layout.count == 0 { return .full(layout.shape.reduced(set, keepDims: keepDims), true) }
    return reduced(.minimum, set, keepDims: keepDims, to: Bool.self).named("All")
  }
}

extension Tensor {
  /// The number of elements that are not 0, or that are true. A NaN is not 0. PyTorch and NumPy name it
  /// `count_nonzero`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func countNonzero() -> Tensor<Int> { differsFromZero().sum() }

  /// The number of elements along an axis that are not 0, or that are true. The axis is removed, or kept with
  /// extent 1 if `keepDims` is true. An axis out of range is an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func countNonzero(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    countNonzero(axes: [axis], keepDims: keepDims, file: file, line: line)
  }

  /// The number of elements along some axes that are not 0, or that are true. They are removed, or kept with
  /// extent 1 if `keepDims` is true. An axis out of range or named twice is an error.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[0, 1, 2], [0, 0, 3]])
  /// print(x.countNonzero(axes: [1]))  // [2 1]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func countNonzero(
    axes: [Int], keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    if let failure { return .failed(by: failure) }
    if let fault = shape.reducedSet(axes).fault { return .failed("countNonzero", fault, file, line) }
    return differsFromZero().sum(axes: axes, keepDims: keepDims)
  }

  /// Returns true where an element is not 0.
  func differsFromZero() -> Tensor<Bool> {
    self as? Tensor<Bool> ?? (self .!= Tensor.zeroed([]))
  }
}
