// Reductions that ignore NaN. Negative axes count from the end.

extension Tensor where Element: DifferentiableScalar {
  /// The sum of the elements that are not NaN, a scalar; 0 if there are none. PyTorch and NumPy name it
  /// `nansum`.
  ///
  /// Derivative: `dx = g`, and 0 for NaN.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func nanSum() -> Tensor { nanSum(axes: Array(0..<Swift.max(rank, 0))) }

  /// The sum of the elements along an axis that are not NaN, 0 if there are none. The axis is removed, or
  /// kept with extent 1 if `keepDims` is true. An axis out of range is an error.
  ///
  /// Derivative: `dx = g`, and 0 for NaN.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func nanSum(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    nanSum(axes: [axis], keepDims: keepDims, file: file, line: line)
  }

  /// The sum of the elements along some axes that are not NaN, 0 if there are none. They are removed, or kept
  /// with extent 1 if `keepDims` is true. An axis out of range or named twice is an error.
  ///
  /// Derivative: `dx = g`, and 0 for NaN.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[1, .nan], [.nan, .nan]])
  /// print(x.nanSum(axes: [1], keepDims: false))  // [1. 0.]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func nanSum(
    axes: [Int], keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    ignoringNaN("nanSum", axes, file, line) { numbers, axes in
      self.where(numbers, else: 0).summed(axes, keepDims: keepDims)
    }
  }

  /// The mean of the elements that are not NaN, a scalar; NaN if there are none. PyTorch and NumPy name it
  /// `nanmean`.
  ///
  /// Derivative: `dx = g / n` for the n elements that are not NaN, and 0 for NaN.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func nanMean() -> Tensor { nanMean(axes: Array(0..<Swift.max(rank, 0))) }

  /// The mean of the elements along an axis that are not NaN, NaN if there are none. The axis is removed, or
  /// kept with extent 1 if `keepDims` is true. An axis out of range is an error.
  ///
  /// Derivative: `dx = g / n` for the n elements that are not NaN, and 0 for NaN.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func nanMean(
    axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    nanMean(axes: [axis], keepDims: keepDims, file: file, line: line)
  }

  /// The mean of the elements along some axes that are not NaN, NaN if there are none. They are removed, or
  /// kept with extent 1 if `keepDims` is true. An axis out of range or named twice is an error.
  ///
  /// Derivative: `dx = g / n` for the n elements that are not NaN, and 0 for NaN.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[1, .nan, 3], [4, 5, 6]])
  /// print(x.nanMean(axes: [1], keepDims: false))  // [2. 5.]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func nanMean(
    axes: [Int], keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    ignoringNaN("nanMean", axes, file, line) { numbers, axes in
      let counts = numbers.reduced(.sum, axes, keepDims: keepDims, to: Int.self)
      return self.where(numbers, else: 0).summed(axes, keepDims: keepDims) / Tensor(counts)
    }
  }

  /// The largest element that is not NaN, a scalar; NaN if there is none. NumPy names it `nanmax`. An empty
  /// tensor is an error.
  ///
  /// Derivative: that of ``max(file:line:)``, and 0 for NaN.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func nanMax(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    nanMax(axes: Array(0..<Swift.max(rank, 0)), file: file, line: line)
  }

  /// The largest elements along some axes that are not NaN, NaN where there are none. The axes are removed,
  /// or kept with extent 1 if `keepDims` is true.
  ///
  /// An axis out of range, named twice or of no elements is an error. Derivative: the gradient is divided
  /// equally among the elements that equal the largest, and is 0 for NaN.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[1, .nan, 3], [.nan, .nan, .nan]])
  /// print(x.nanMax(axes: [1], keepDims: false))  // [3. nan]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func nanMax(
    axes: [Int], keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    nanExtreme(.maximum, "nanMax", axes, -.infinity, keepDims: keepDims, file, line)
  }

  /// The smallest element that is not NaN, a scalar; NaN if there is none. NumPy names it `nanmin`. An empty
  /// tensor is an error.
  ///
  /// Derivative: that of ``min(file:line:)``, and 0 for NaN.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func nanMin(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    nanMin(axes: Array(0..<Swift.max(rank, 0)), file: file, line: line)
  }

  /// The smallest elements along some axes that are not NaN, NaN where there are none. The axes are removed,
  /// or kept with extent 1 if `keepDims` is true.
  ///
  /// An axis out of range, named twice or of no elements is an error. Derivative: the gradient is divided
  /// equally among the elements that equal the smallest, and is 0 for NaN.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[1, .nan, 3], [.nan, .nan, .nan]])
  /// print(x.nanMin(axes: [1], keepDims: false))  // [1. nan]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func nanMin(
    axes: [Int], keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    nanExtreme(.minimum, "nanMin", axes, .infinity, keepDims: keepDims, file, line)
  }

  /// Runs a reduction, which receives the mask of the elements that are not NaN and the set of the axes.
  private func ignoringNaN(
    _ name: StaticString, _ axes: [Int], _ file: StaticString, _ line: UInt,
    _ body: (Tensor<Bool>, AxisSet) -> Tensor
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    let (set, fault) = shape.reducedSet(axes)
    if let fault { return .failed("\(name)", fault, file, line) }
    return body(self .== self, set)
  }

  /// Returns the extremes of the elements with NaN replaced by the worst of all numbers, and NaN where all
  /// elements are.
  private func nanExtreme(
    _ operation: ReduceKernel, _ name: StaticString, _ axes: [Int], _ worst: Element, keepDims: Bool,
    _ file: StaticString, _ line: UInt
  ) -> Tensor {
    ignoringNaN(name, axes, file, line) { numbers, axes in
      let most = self.where(numbers, else: worst)
        .extreme(operation, name, axes, keepDims: keepDims, file, line)
      return most.where(numbers.reduced(.maximum, axes, keepDims: keepDims, to: Bool.self), else: .nan)
    }
  }
}
