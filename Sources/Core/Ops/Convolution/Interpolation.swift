// Functions of one variable that are given by coefficients or by points.

extension Tensor where Element: DifferentiableScalar {
  /// The piecewise linear function through some points, at each element: NumPy's `interp`.
  ///
  /// The points `[n]` are strictly increasing, and each has a value, `[n]`. Below the first point the function
  /// has the first value, from the last point on the last value, and NaN stays NaN. Points and values of other
  /// shapes are an error, and so are no points and points that do not increase.
  ///
  /// Derivatives: `dx = g` times the slope, 0 outside of the points. The values at both ends of an interval get
  /// their parts of g; the points have the derivative of the formula.
  ///
  /// ```swift
  /// let x = Tensor<Float>([0, 1.5, 9])
  /// let y = x.interpolated(points: Tensor([1, 2, 3]), values: Tensor([10, 20, 40]))  // [10, 15, 40]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func interpolated(
    points: Tensor, values: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? points.failure ?? values.failure { return .failed(by: failure) }
    guard points.rank == 1, points.shape == values.shape, points.count > 0 else {
      return .failed(
        "interpolated",
        "points \(points.shape) and values \(values.shape) do not fit; both must be vectors of one length",
        file, line)
    }
    let last = points.count - 1
    guard (points.part(0, 1, last) .> points.part(0, 0, last)).all() else {
      return .failed("interpolated", "the points must be strictly increasing", file, line)
    }
    if last == 0 { return values[0].where(self .== self, else: self) }
    let isBelow = self .< points[0], isAbove = self .>= points[last]
    // Outside of the points the formula is computed at the first one, so that its derivatives stay finite.
    let x = points[0].where(isBelow .| isAbove, else: self)
    let left = launch(x, points, into: Tensor<Int>(uninitialized: shape)) { x, points, left in
      InterpolationKernels.locate(x, among: points, into: left)
    }
    let (x0, y0) = (points[left], values[left]), right = left + 1
    let slope = (values[right] - y0) / (points[right] - x0)
    let inner = y0 + (x - x0) * slope
    return values[0].where(isBelow, else: values[last].where(isAbove, else: inner))
  }

  /// The polynomial with some coefficients at each element, by Horner's rule. The first coefficient is that of
  /// the highest power, as in NumPy's `polyval`.
  ///
  /// Coefficients that are no vector are an error. Without coefficients the result is 0. Derivatives: those of
  /// the formula.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func polynomial(
    _ coefficients: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure = failure ?? coefficients.failure { return .failed(by: failure) }
    guard coefficients.rank == 1 else {
      return .failed(
        "polynomial", "coefficients of shape \(coefficients.shape) must be a vector", file, line)
    }
    if coefficients.count == 0 { return .zeros(shape) }
    let highest = coefficients[0].broadcastView(to: shape)
    return (1..<coefficients.count).reduce(highest) { $0 * self + coefficients[$1] }
  }
}
