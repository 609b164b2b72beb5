// Norms of vectors and matrices, condition numbers and ranks.

/// A norm of matrices.
///
/// ```swift
/// let a = Tensor<Float>([[3, 0], [0, 4]])
/// try a.norm(.frobenius)  // 5
/// try a.norm(.infinity)   // 4
/// ```
public enum MatrixNorm: Sendable {
  /// The root of the sum of squares.
  case frobenius
  /// The sum of the singular values.
  case nuclear
  /// The largest sum of magnitudes of a column.
  case one
  /// The largest singular value.
  case two
  /// The largest sum of magnitudes of a row.
  case infinity
  /// The smallest sum of magnitudes of a column.
  case negativeOne
  /// The smallest singular value.
  case negativeTwo
  /// The smallest sum of magnitudes of a row.
  case negativeInfinity
}

// Norms of vectors.
extension Tensor where Element: DifferentiableScalar {
  /// The norm of all elements, a scalar: `(Σ |x|ᵖ)^(1/p)`. See ``norm(p:axes:keepDims:file:line:)`` for each
  /// p.
  ///
  /// ```swift
  /// let x = Tensor<Float>([3, -4])
  /// x.norm(p: 2)          // 5
  /// x.norm(p: 1)          // 7
  /// x.norm(p: .infinity)  // 4
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func norm(p: Element, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    vectorNorm("norm", p, .all(Swift.max(rank, 0)), keepDims: false, file, line)
  }

  /// The norms of the vectors along one axis. The axis vanishes, or keeps the extent 1 with `keepDims`. See
  /// ``norm(p:axes:keepDims:file:line:)``.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func norm(
    p: Element = 2, axis: Int, keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    norm(p: p, axes: [axis], keepDims: keepDims, file: file, line: line)
  }

  /// The norms `(Σ |x|ᵖ)^(1/p)` of the elements along some axes. The axes vanish, or keep the extent 1 with
  /// `keepDims`; `[]` names none.
  ///
  /// The norm is the largest magnitude for p = ∞, the smallest for p = −∞, and the number of elements that
  /// are not 0 for p = 0. Elements are scaled first, so that powers neither overflow nor vanish. The norm of
  /// no elements is 0; for p < 0 and p = ∞ it is an error. An axis out of range and a p of NaN are errors
  /// too.
  ///
  /// Derivative: `dx = g sign(x) (|x| / ‖x‖)ᵖ⁻¹`. It is 0 for an element that is 0, and for p = 0 everywhere.
  /// For p = ±∞ the elements of that magnitude have equal shares.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func norm(
    p: Element = 2, axes: [Int], keepDims: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    let (set, fault) = shape.reducedSet(axes)
    if let fault { return .failed("norm", fault, file, line) }
    return vectorNorm("norm", p, set, keepDims: keepDims, file, line)
  }

  /// Returns the norms along a set of axes. Error messages contain `name`.
  func vectorNorm(
    _ name: StaticString, _ p: Element, _ axes: AxisSet, keepDims: Bool, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard !p.isNaN else {
      return .failed("\(name)", "p must be a number or an infinity, not nan", file, line)
    }
    let isEmpty = shape.count(along: axes) == 0
    guard !isEmpty || (p >= 0 && p < .infinity) else {
      return .failed(
        "\(name)", "shape \(shape) has no elements along the axes; the norm for p = \(p) needs some", file,
        line)
    }
    if isEmpty || count == 0 { return summed(axes, keepDims: keepDims) }
    let value = noGrad { computedNorm(p, axes, keepDims: keepDims) }
    let shape = layout.shape
    return value.recorded("Norm", [self], saving: [self]) { given in
      let x = given.saved[0], g = given.gradients[0]!.spread(axes, over: shape)
      return [g * x.normSlope(p, axes, given.outputs[0])]
    }
  }

  /// Computes the norm from powers of the elements. If a sum of powers overflows or may have lost digits, they
  /// are powers of the elements divided by the largest magnitude, or by the smallest for p < 0.
  private func computedNorm(_ p: Element, _ axes: AxisSet, keepDims: Bool) -> Tensor {
    if p == 0 { return Tensor(single: 1).where(self .!= 0, else: 0).summed(axes, keepDims: keepDims) }
    let size = abs()
    if p == 1 { return size.summed(axes, keepDims: keepDims) }
    let plain = p.isInfinite ? nil : size.safePowerNorm(p, axes, keepDims: keepDims)
    if let plain { return plain }
    let end = size.reduced(p > 0 ? .maximum : .minimum, axes, keepDims: true, to: Element.self)
    let target = shape.reduced(axes, keepDims: keepDims)
    if p.isInfinite { return end.reshapedView(target) }
    let scale = end.where((end .> 0) .& (end .< .infinity), else: 1)
    return ((size / scale).powerSum(p, axes).root(p) * scale).reshapedView(target)
  }

  /// Returns the norm of magnitudes that need no scaling, else nil.
  private func safePowerNorm(_ p: Element, _ axes: AxisSet, keepDims: Bool) -> Tensor? {
    let total = powerSum(p, axes), least = Element.leastNormalMagnitude / Element.ulpOfOne
    let isDoubtful = (total .== .infinity) .| (total .< least)
    return isDoubtful.any() ? nil : total.root(p).reshapedView(shape.reduced(axes, keepDims: keepDims))
  }

  private func powerSum(_ p: Element, _ axes: AxisSet) -> Tensor {
    (p == 2 ? self * self : pow(p)).summed(axes, keepDims: true)
  }

  private func root(_ p: Element) -> Tensor { p == 2 ? sqrt() : pow(1 / p) }

  /// The derivatives of a norm by the elements, with PyTorch's subgradients: 0 for an element that is 0, and
  /// equal shares for the largest or smallest elements.
  private func normSlope(_ p: Element, _ axes: AxisSet, _ norm: Tensor) -> Tensor {
    if p == 0 { return .zeros(shape) }
    if p == 1 { return sign() }
    let norm = norm.spread(axes, over: shape)
    if p.isInfinite {
      let shares = noGrad {
        let chosen = Tensor(single: 1).where((abs() .== norm) .| (self .!= self), else: 0)
        return chosen / chosen.summed(axes, keepDims: true)
      }
      return sign() * shares
    }
    let safe = norm.where(norm .!= 0, else: 1)
    if p == 2 { return self / safe }
    // The slope is set to 0 for an element of 0, which has no power below 0, and for a norm of 0.
    let isOn = (self .!= 0) .& (norm .!= 0)
    return (sign() * (abs() / safe).where(isOn, else: 1).pow(p - 1)).where(isOn, else: 0)
  }
}

// Norms of matrices.
extension Tensor where Element: DifferentiableScalar {
  /// The Euclidean norm of a vector, a scalar, or the Frobenius norms of matrices on the last two axes,
  /// `[…]`: the root of the sum of squares.
  ///
  /// A scalar is an error. The derivative is that of ``norm(p:axes:keepDims:file:line:)`` for p = 2.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func norm(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if rank == 1 { return norm(p: 2, axis: 0, file: file, line: line) }
    if let fault = matrixFault("norm", file, line) { return fault }
    return norm(p: 2, axes: [-2, -1], file: file, line: line)
  }

  /// The norms of matrices on two axes, `[…]`. The axes vanish, or keep the extent 1 with `keepDims`.
  ///
  /// The norm of a matrix without elements is 0. A negative norm is the smallest of some values; it is an error
  /// if there are no columns, rows or singular values. So are fewer than two axes, and axes that are equal or
  /// out of range. The norms of vectors are computed by ``norm(p:axis:keepDims:file:line:)``.
  ///
  /// Derivatives: `g A / ‖A‖` for the Frobenius norm, 0 where the norm is 0. The other norms are composed of
  /// sums, largest or smallest elements and singular values, and have the derivatives of these.
  ///
  /// ```swift
  /// let a = Tensor<Float>([[3, 0], [0, 4]])
  /// let least = try a.norm(.negativeTwo)  // 3
  /// let kept = try a.norm(.one, axes: (0, 1), keepDims: true)  // [[4]]
  /// ```
  ///
  /// - Throws: ``LinearAlgebraError`` if singular values do not converge, and for NaN or infinity in their
  ///   matrix.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func norm(
    _ norm: MatrixNorm, axes: (Int, Int) = (-2, -1), keepDims: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    if let fault = matrixFault("norm", file, line) { return fault }
    let (set, fault) = shape.axisSet([axes.0, axes.1])
    if let fault { return .failed("norm", fault, file, line) }
    let matrices = axes == (-2, -1) ? self : movedAxes(from: [axes.0, axes.1], to: [-2, -1])
    let result = try matrices.matrixNorm(norm, "norm", file, line)
    return keepDims && !result.isFailed ? result.reshapedView(shape.reduced(set, keepDims: true)) : result
  }

  /// Returns the norms of matrices on the last two axes. Errors name the operation.
  private func matrixNorm(
    _ norm: MatrixNorm, _ operation: String, _ file: StaticString, _ line: UInt
  ) throws(LinearAlgebraError) -> Tensor {
    if shape[-1] == 0 || shape[-2] == 0 {
      switch norm {
      case .negativeOne where shape[-1] == 0, .negativeInfinity where shape[-2] == 0, .negativeTwo:
        return .failed(
          operation, "matrices of shape \(shape) have no elements; the norm \(norm) needs some", file, line)
      default: return sum(axes: [-2, -1])
      }
    }
    switch norm {
    case .frobenius: return self.norm(p: 2, axes: [-2, -1])
    case .nuclear: return try singularValues(operation).sum(axis: -1)
    case .one: return abs().sum(axis: -2).max(axis: -1)
    case .two: return try singularValues(operation).max(axis: -1)
    case .infinity: return abs().sum(axis: -1).max(axis: -1)
    case .negativeOne: return abs().sum(axis: -2).min(axis: -1)
    case .negativeTwo: return try singularValues(operation).min(axis: -1)
    case .negativeInfinity: return abs().sum(axis: -1).min(axis: -1)
    }
  }

  /// The condition numbers `‖A‖ ‖A⁻¹‖`, `[…]`. For the norms `.two` and `.negativeTwo` they are computed from
  /// singular values, for matrices of any shape, and are infinite or 0 for a singular matrix.
  ///
  /// - Throws: ``LinearAlgebraError`` for a singular matrix (other norms), and for NaN or infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func cond(
    _ norm: MatrixNorm = .two, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor {
    let isOfAnyShape = norm == .two || norm == .negativeTwo
    if let fault = matrixFault("cond", square: !isOfAnyShape, file, line) { return fault }
    if shape[-1] == 0 || shape[-2] == 0 { return sum(axes: [-2, -1]) }
    if isOfAnyShape {
      let s = try singularValues("cond"), most = s.max(axis: -1), least = s.min(axis: -1)
      return norm == .two ? (most / least).where(least .> 0, else: .infinity) : least / most
    }
    return try matrixNorm(norm, "cond", file, line) * inverted("cond").matrixNorm(norm, "cond", file, line)
  }

  /// The number of singular values above `tolerance` times the largest, `[…]`. The default tolerance is
  /// max(m, n) times the distance from 1 to the next number.
  ///
  /// - Throws: ``LinearAlgebraError`` if singular values do not converge, and for NaN or infinity.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func matrixRank(
    tolerance: Element? = nil, file: StaticString = #fileID, line: UInt = #line
  ) throws(LinearAlgebraError) -> Tensor<Int> {
    if let fault = matrixFault("matrixRank", file, line) { return Tensor<Int>(fault.failure!) }
    if shape[-1] == 0 || shape[-2] == 0 { return .zeros(batched()) }
    let s = try detached().singularValues("matrixRank")
    return (s .> s.max(axis: -1, keepDims: true) * (tolerance ?? standardTolerance)).sum(axis: -1)
  }
}
