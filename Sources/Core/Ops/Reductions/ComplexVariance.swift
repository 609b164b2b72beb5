// Variances and standard deviations of complex numbers, which are real.

extension Tensor {
  /// The variance of all complex elements, `Σ |x − mean|² / (n − correction)`: the sum of the variances of
  /// their parts.
  ///
  /// Derivative: `dx = g · 2 (x − mean) / (n − correction)`.
  @specialized(where Element == Complex<Float>, Real == Float)
  @specialized(where Element == Complex<Double>, Real == Double)
  public func variance<Real: DifferentiableScalar>(
    correction: Real = 1
  ) -> Tensor<Real> where Element == Complex<Real> {
    real().variance(correction: correction) + imaginary().variance(correction: correction)
  }

  /// The variance of complex elements along one axis. An axis out of range is an error. Derivative:
  /// `dx = g · 2 (x − mean) / (n − correction)`.
  ///
  /// ```swift
  /// let z = Tensor<Complex<Float>>.ones([8, 3])
  /// let variances = z.variance(axis: 0, correction: 0, keepDims: true)  // real, [1, 3]
  /// ```
  @specialized(where Element == Complex<Float>, Real == Float)
  @specialized(where Element == Complex<Double>, Real == Double)
  public func variance<Real: DifferentiableScalar>(
    axis: Int, correction: Real = 1, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Real> where Element == Complex<Real> {
    variance(axes: [axis], correction: correction, keepDims: keepDims, file: file, line: line)
  }

  /// The variance of complex elements along some axes. An axis out of range or named twice is an error.
  /// Derivative: `dx = g · 2 (x − mean) / (n − correction)`.
  ///
  /// ```swift
  /// let z = Tensor<Complex<Float>>.ones([8, 3, 4])
  /// let variances = z.variance(axes: [0, 2], correction: 0)  // real, [3]
  /// ```
  @specialized(where Element == Complex<Float>, Real == Float)
  @specialized(where Element == Complex<Double>, Real == Double)
  public func variance<Real: DifferentiableScalar>(
    axes: [Int], correction: Real = 1, keepDims: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Real> where Element == Complex<Real> {
    let first = real().variance(
      axes: axes, correction: correction, keepDims: keepDims, file: file, line: line)
    if first.isFailed { return first }
    return first + imaginary().variance(axes: axes, correction: correction, keepDims: keepDims)
  }

  /// The standard deviation of all complex elements, the root of their variance. Derivative:
  /// `dx = g (x − mean) / ((n − correction) s)`, 0 where the deviation s is 0.
  @specialized(where Element == Complex<Float>, Real == Float)
  @specialized(where Element == Complex<Double>, Real == Double)
  public func standardDeviation<Real: DifferentiableScalar>(
    correction: Real = 1
  ) -> Tensor<Real> where Element == Complex<Real> { variance(correction: correction).rootOfVariance() }

  /// The standard deviation of complex elements along one axis. An axis out of range is an error. Derivative:
  /// `dx = g (x − mean) / ((n − correction) s)`, 0 where the deviation s is 0.
  ///
  /// ```swift
  /// let z = Tensor<Complex<Float>>.ones([8, 3])
  /// let deviations = z.standardDeviation(axis: 0, correction: 0, keepDims: true)  // real, [1, 3]
  /// ```
  @specialized(where Element == Complex<Float>, Real == Float)
  @specialized(where Element == Complex<Double>, Real == Double)
  public func standardDeviation<Real: DifferentiableScalar>(
    axis: Int, correction: Real = 1, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Real> where Element == Complex<Real> {
    if let failure { return .failed(by: failure) }
    if let fault = shape.reducedSet([axis]).fault { return .failed("standardDeviation", fault, file, line) }
    return variance(axes: [axis], correction: correction, keepDims: keepDims).rootOfVariance()
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// The square root of a variance, with a derivative of 0 at 0.
  fileprivate func rootOfVariance() -> Tensor {
    let isZero = self .== 0
    return self.where(.!isZero, else: 1).sqrt().where(.!isZero, else: 0)
  }
}
