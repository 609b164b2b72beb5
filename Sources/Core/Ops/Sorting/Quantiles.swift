// Quantiles of all elements or along an axis.

/// The value of a quantile whose place lies between two elements.
///
/// ```swift
/// let x = Tensor<Float>([1, 2, 4])
/// print(x.quantile(0.25, interpolation: .higher))  // 2.
/// ```
public enum QuantileInterpolation: Sendable {
  /// A value between both: `lower + (higher − lower) · fraction`.
  case linear
  /// The lower element.
  case lower
  /// The higher element.
  case higher
  /// The nearer element. A tie goes to the even place.
  case nearest
  /// The mean of both.
  case midpoint
}

extension Tensor where Element: DifferentiableScalar {
  /// The q-quantile of all elements, or of those along an axis: the value at the place `q (n − 1)` of the n
  /// sorted elements, counted from 0; NaN if an element is NaN.
  ///
  /// The axis is removed, or kept with extent 1 if `keepDims` is true. A q outside `0 ... 1` is an error, and
  /// so is an axis that is out of range, has no elements or has 2³² elements.
  ///
  /// Derivative: the gradient goes to the elements around the place, in the ratio of the interpolation.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[1, 2, 4], [0, 8, 4]])
  /// let medians = x.quantile(0.5, axis: 1)  // [2, 4]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func quantile(
    _ q: Double, axis: Int? = nil, keepDims: Bool = false, interpolation: QuantileInterpolation = .linear,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    quantiles(Tensor<Double>(single: q), axis, keepDims, interpolation, ignoresNaN: false, file, line)
  }

  /// The quantiles of all elements, or of those along an axis, for each q of a vector. The first axis of the
  /// result is that of q.
  ///
  /// The rules and errors are those of one q; more than one axis of q is an error, and so are more than eight
  /// axes of the result. There is no derivative for q.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[1, 2, 4], [0, 8, 4]])
  /// let quartiles = x.quantile(Tensor<Double>([0.25, 0.75]), axis: 1)  // [[1.5, 2], [3, 6]]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func quantile(
    _ q: Tensor<Double>, axis: Int? = nil, keepDims: Bool = false,
    interpolation: QuantileInterpolation = .linear, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    quantiles(q, axis, keepDims, interpolation, ignoresNaN: false, file, line)
  }

  /// The q-quantile of the elements that are not NaN, of all or along an axis; NaN where there are none.
  /// PyTorch and NumPy name it `nanquantile`.
  ///
  /// The rules, errors and the derivative are those of `quantile`.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[1, .nan, 4], [0, 8, 4]])
  /// let medians = x.nanQuantile(0.5, axis: 1)  // [2.5, 4]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func nanQuantile(
    _ q: Double, axis: Int? = nil, keepDims: Bool = false, interpolation: QuantileInterpolation = .linear,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    quantiles(Tensor<Double>(single: q), axis, keepDims, interpolation, ignoresNaN: true, file, line)
  }

  /// The quantiles of the elements that are not NaN, of all or along an axis, for each q of a vector; NaN
  /// where there are none. The first axis of the result is that of q.
  ///
  /// ```swift
  /// let x = Tensor<Float>([[1, .nan, 4], [0, 8, 4]])
  /// let quartiles = x.nanQuantile(Tensor<Double>([0.25, 0.75]), axis: 1)  // [[1.75, 2], [3.25, 6]]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func nanQuantile(
    _ q: Tensor<Double>, axis: Int? = nil, keepDims: Bool = false,
    interpolation: QuantileInterpolation = .linear, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    quantiles(q, axis, keepDims, interpolation, ignoresNaN: true, file, line)
  }

  private func quantiles(
    _ q: Tensor<Double>, _ axis: Int?, _ keepDims: Bool, _ interpolation: QuantileInterpolation,
    ignoresNaN: Bool, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if let failure = failure ?? q.failure { return .failed(by: failure) }
    let name: StaticString = ignoresNaN ? "nanQuantile" : "quantile"
    let all = axis == nil || rank == 0 ? reshapedView([count]) : self, given = axis ?? 0
    let (counted, fault) = all.shape.axisWithElements(given)
    if let fault { return .failed("\(name)", fault, file, line) }
    let axes = axis == nil || rank == 0 ? AxisSet.all(rank) : AxisSet(counted)
    var target = shape.reduced(axes, keepDims: keepDims)
    guard q.rank <= 1, q.rank + target.rank <= TensorShape.maximumRank else {
      return .failed(
        "\(name)",
        "q of shape \(q.shape) does not fit quantiles of shape \(target); q must be a scalar or a vector, and the result can have 8 axes",
        file, line)
    }
    if let wrong = q.scalars.first(where: { !(0...1 ~= $0) }) {
      return .failed("\(name)", "q must be in 0...1, not \(wrong)", file, line)
    }
    let sorted = all.chosen(along: given, name, file, line) { $0.sortedRows() }.values
    if sorted.isFailed { return sorted }
    let rows = sorted.moving(counted, to: sorted.rank - 1),
      probabilities = q.detached().reshapedView([q.count])
    let places = noGrad { rows.places(of: probabilities, ignoresNaN: ignoresNaN) }
    let values = rows.interpolated(at: places, interpolation)
    if q.rank == 0 { return values.reshapedView(target) }
    target.insert(q.count, at: 0)
    return values.moving(rows.rank - 1, to: 0).reshapedView(target)
  }

  /// Returns the places of quantiles in each of these sorted rows, along the last axis. In a row with NaN it
  /// is the place of the last one, unless NaN is ignored.
  private func places(of q: Tensor<Double>, ignoresNaN: Bool) -> Tensor<Double> {
    let last = Double(shape[-1] - 1)
    let numbers = Tensor<Double>((self .== self).sum(axis: -1, keepDims: true))
    if ignoresNaN { return q * (numbers - 1).clamped(0...) }
    return (q * last).where(numbers .> last, else: last)
  }

  /// Returns values of these sorted rows, at places between the elements.
  private func interpolated(at places: Tensor<Double>, _ interpolation: QuantileInterpolation) -> Tensor {
    func values(_ places: Tensor<Double>) -> Tensor {
      let picks = Tensor<Int>(places)
      return gathered(picks, along: rank - 1, to: picks.layout.shape)
    }
    switch interpolation {
    case .lower: return values(places.floor())
    case .higher: return values(places.ceil())
    case .nearest: return values(places.rounded())
    case .linear, .midpoint:
      let lower = values(places.floor()), higher = values(places.ceil())
      let weight = interpolation == .linear ? Tensor(places.frac()) : Tensor(single: 0.5)
      // The difference of equal infinities would be NaN.
      let isSame = noGrad { (lower .== higher) .& lower.isInfinite }
      return lower.where(isSame, else: lower.lerp(higher, weight: weight))
    }
  }
}
