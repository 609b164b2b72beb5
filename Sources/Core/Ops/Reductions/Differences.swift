// Differences of neighbours along an axis, derivatives by differences, and integrals by the trapezoidal rule.

extension Tensor where Element: NumericScalar {
  /// The differences of neighbours along an axis, `y[i] = x[i + 1] − x[i]`, taken `order` times. Each time the
  /// axis loses a position.
  ///
  /// An axis without enough positions becomes empty. An axis out of range and a negative order are errors.
  /// Derivative: `dx[i] = g[i − 1] − g[i]` for each time.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func diff(
    order: Int = 1, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard let counted = shape.axis(axis) else {
      return .failed(
        "diff", shape.fault(ofAxis: axis), file, line)
    }
    guard order >= 0 else {
      return .failed("diff", "the order must be at least 0, not \(order)", file, line)
    }
    if order >= shape[counted], order > 0 { return part(counted, 0, 0) }
    var result = self
    for _ in 0..<order {
      let rest = result.layout.shape.extents[counted] - 1
      result = result.part(counted, 1, rest) - result.part(counted, 0, rest)
    }
    return result
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// The derivative along an axis of equally spaced samples of a function, by differences. PyTorch and NumPy
  /// name it `gradient`.
  ///
  /// At an inner sample it is half the difference of the neighbours, divided by the spacing. At the ends an
  /// `edgeOrder` of 1 takes the difference to the neighbour, and 2 takes the parabola through three samples.
  /// An axis out of range is an error, and so are another order and fewer samples than the order plus 1.
  /// Derivative: that of the formula.
  ///
  /// ```swift
  /// let squares = Tensor<Float>([0, 1, 4, 9])
  /// let slopes = squares.numericalGradient(spacing: 1, axis: 0, edgeOrder: 2)  // [0, 2, 4, 6]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func numericalGradient(
    spacing: Element = 1, axis: Int = -1, edgeOrder: Int = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    differentiated(axis, edgeOrder, file, line) { _ in Tensor(single: spacing) }
  }

  /// The derivative along an axis of samples of a function at some points, by differences.
  ///
  /// At an inner sample it is the slope of the parabola through the sample and its neighbours. At the ends an
  /// `edgeOrder` of 1 takes the slope to the neighbour, and 2 takes the parabola through three samples. The
  /// points are a vector with a number for each position of the axis, or have this tensor's shape, else it is
  /// an error. So are an axis out of range, another order and fewer samples than the order plus 1.
  /// Derivatives: those of the formula, for this tensor and for the points.
  ///
  /// ```swift
  /// let x = Tensor<Float>([0, 1, 3, 4])
  /// let slopes = (x * x).numericalGradient(at: x, axis: 0, edgeOrder: 2)  // [0, 2, 6, 8]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func numericalGradient(
    at points: Tensor, axis: Int = -1, edgeOrder: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    differentiated(axis, edgeOrder, file, line) { steps("numericalGradient", points, $0, file, line) }
  }

  /// Returns the derivative along an axis. `steps` returns the distances of the samples along an axis that
  /// counts from the front.
  private func differentiated(
    _ axis: Int, _ order: Int, _ file: StaticString, _ line: UInt, _ steps: (Int) -> Tensor
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard let axis = shape.axis(axis) else {
      return .failed("numericalGradient", shape.fault(ofAxis: axis), file, line)
    }
    guard (1...2).contains(order), shape[axis] > order else {
      return .failed(
        "numericalGradient",
        "the edge order \(order) does not fit axis \(axis) of shape \(shape); it must be 1 or 2, and below the extent",
        file, line)
    }
    let steps = steps(axis)
    if steps.isFailed { return steps }
    let slopes = diff(axis: axis) / steps, count = slopes.shape[axis]
    let first = slopes.part(axis, 0, 1), last = slopes.part(axis, count - 1, 1)
    if count == 1 { return .concatenated([first, last], axis: axis) }
    // A slope is that of the middle between two samples. Between two middles it is interpolated, and beyond
    // them it is extrapolated.
    let before = slopes.part(axis, 0, count - 1), change = slopes.part(axis, 1, count - 1) - before
    let inner = change * steps.shares(along: axis - rank)
    if order == 1 { return .concatenated([first, before + inner, last], axis: axis) }
    let start = first - inner.part(axis, 0, 1), end = last + (change - inner).part(axis, count - 2, 1)
    return .concatenated([start, before + inner, end], axis: axis)
  }

  /// Returns each step's part of the sum of itself and the next one, along an axis that counts from the end;
  /// 0.5 for a single step.
  private func shares(along axis: Int) -> Tensor {
    if rank == 0 { return Tensor(single: 0.5) }
    let count = shape[axis] - 1, left = part(axis, 0, count)
    return left / (left + part(axis, 1, count))
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// The integral along an axis by the trapezoidal rule, for equally spaced points: `Σ (y[i] + y[i + 1]) / 2`
  /// times the spacing. The axis is removed.
  ///
  /// It is 0 for fewer than two points. An axis out of range is an error. Derivative: g times the spacing, and
  /// half of it at the ends.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func trapezoid(
    spacing: Element = 1, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    integrated("trapezoid", nil, spacing, axis, file, line) { $0.sum(axis: $1) }
  }

  /// The integral along an axis by the trapezoidal rule: `Σ (x[i + 1] − x[i]) (y[i] + y[i + 1]) / 2`. The axis
  /// is removed.
  ///
  /// The points x are a vector with a number for each position of the axis, or have this tensor's shape, else
  /// it is an error. An axis out of range is an error, too. The integral is 0 for fewer than two points.
  /// Derivatives: those of the formula, for this tensor and for the points.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func trapezoid(
    at points: Tensor, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    integrated("trapezoid", points, 1, axis, file, line) { $0.sum(axis: $1) }
  }

  /// The integrals along an axis by the trapezoidal rule up to each point but the first, for equally spaced
  /// points. The axis loses a position.
  ///
  /// An axis out of range is an error. Derivative: that of the formula.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func cumulativeTrapezoid(
    spacing: Element = 1, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    integrated("cumulativeTrapezoid", nil, spacing, axis, file, line) { $0.cumulativeSum(axis: $1) }
  }

  /// The integrals along an axis by the trapezoidal rule up to each point but the first. The axis loses a
  /// position.
  ///
  /// The points are a vector with a number for each position of the axis, or have this tensor's shape, else it
  /// is an error. An axis out of range is an error, too. Derivatives: those of the formula, for this tensor and
  /// for the points.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func cumulativeTrapezoid(
    at points: Tensor, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    integrated("cumulativeTrapezoid", points, 1, axis, file, line) { $0.cumulativeSum(axis: $1) }
  }

  /// Returns half of `total`, which is applied to the sums of neighbours times their distances.
  private func integrated(
    _ name: StaticString, _ points: Tensor?, _ spacing: Element, _ axis: Int, _ file: StaticString,
    _ line: UInt, _ total: (Tensor, Int) -> Tensor
  ) -> Tensor {
    if let failure = failure ?? points?.failure { return .failed(by: failure) }
    guard let counted = shape.axis(axis) else {
      return .failed("\(name)", shape.fault(ofAxis: axis), file, line)
    }
    let rest = Swift.max(shape[counted] - 1, 0)
    var sums = part(counted, Swift.min(1, shape[counted]), rest) + part(counted, 0, rest)
    if let points {
      let steps = steps(name, points, counted, file, line)
      if steps.isFailed { return steps }
      sums = steps * sums
    }
    return total(sums, counted) * (spacing / 2)
  }

  /// Returns the distances of points along an axis that counts from the front. The points are a vector, or
  /// have this tensor's shape. Error messages contain `name`.
  private func steps(
    _ name: StaticString, _ points: Tensor, _ axis: Int, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if let failure = points.failure { return .failed(by: failure) }
    if points.shape == shape { return points.diff(axis: axis) }
    guard points.shape == [shape[axis]] else {
      return .failed(
        "\(name)",
        "points of shape \(points.shape) do not fit axis \(axis) of shape \(shape); they must be \(shape) or [\(shape[axis])]",
        file, line)
    }
    var column = TensorShape([shape[axis]])
    for _ in axis + 1..<rank { column.append(1) }
    return points.reshapedView(column).diff(axis: 0)
  }
}
