// Differences of neighbours along an axis, and integrals by the trapezoidal rule.

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
  /// The integral along an axis by the trapezoidal rule, for equally spaced points: `Σ (y[i] + y[i + 1]) / 2`
  /// times the spacing. The axis is removed.
  ///
  /// It is 0 for fewer than two points. An axis out of range is an error. Derivative: g times the spacing, and
  /// half of it at the ends.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func trapezoid(
    spacing: Element = 1, axis: Int = -1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard let counted = shape.axis(axis) else {
      return .failed(
        "trapezoid", shape.fault(ofAxis: axis), file, line)
    }
    return sumsOfNeighbours(counted).sum(axis: counted) * (spacing / 2)
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
    if let failure = failure ?? points.failure { return .failed(by: failure) }
    guard let counted = shape.axis(axis) else {
      return .failed(
        "trapezoid", shape.fault(ofAxis: axis), file, line)
    }
    guard points.shape == shape || points.shape == [shape[counted]] else {
      return .failed(
        "trapezoid",
        "points of shape \(points.shape) do not fit axis \(axis) of shape \(shape); they must be \(shape) or [\(shape[counted])]",
        file, line)
    }
    var x = points
    if points.shape != shape {
      var column = TensorShape(rank: 0)
      column.append(shape[counted])
      for _ in counted + 1..<rank { column.append(1) }
      x = points.reshapedView(column)
    }
    let steps = x.diff(axis: points.shape == shape ? counted : 0)
    return (steps * sumsOfNeighbours(counted)).sum(axis: counted) * 0.5
  }

  /// Returns the sums of neighbours along an axis.
  private func sumsOfNeighbours(_ axis: Int) -> Tensor {
    let rest = Swift.max(shape[axis] - 1, 0)
    return part(axis, Swift.min(1, shape[axis]), rest) + part(axis, 0, rest)
  }
}
