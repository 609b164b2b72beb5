// Piecewise activations. Slopes at the bounds and at NaN are PyTorch's. Each condition selects the elements
// to replace: it is false for NaN, so NaN passes through.

extension Tensor where Element: DifferentiableScalar {
  /// The leaky rectifier of each element (Maas et al. 2013): `x` above 0, else `slope · x`.
  ///
  /// Derivative: `dx = g` where x > 0, else `slope · g`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func leakyRelu(slope: Element = 0.01) -> Tensor {
    mapped(.leakyRelu, Double(slope)).recorded(
      "LeakyRelu",
      edge(saving: self) { g, x in
        isRecording
          ? g.where(x > 0, else: g * slope)
          : .combined(.leakyReluGradient, g, x, name: "leakyRelu", p: Double(slope))
      })
  }

  /// The leaky rectifier with learnt slopes (He et al. 2015, arXiv:1502.01852): `x` above 0, else
  /// `weight · x`. The weight is `[]` or `[1]`, or has one element per channel, axis 1: `[channels]`.
  ///
  /// Another shape of the weight is an error. Derivatives: `dx = g` where x > 0, else `weight · g`;
  /// `dweight = Σ x g` where x ≤ 0.
  public func prelu(weight: Tensor, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure = failure ?? weight.failure { return .failed(by: failure) }
    let channels = rank > 1 ? shape[1] : 1
    guard weight.rank <= 1, weight.count == 1 || weight.count == channels else {
      return .failed(
        "prelu",
        "a weight of shape \(weight.shape) does not fit inputs of shape \(shape); its shape must be [], [1] or [\(channels)]",
        file,
        line)
    }
    let slopes =
      rank > 1
      ? weight.reshaped(TensorShape([weight.count] + Array(repeating: 1, count: rank - 2)))
      : weight.reshaped([])
    // Positive elements are replaced by 0 first: an infinity times 0 would make the slopes' gradients NaN.
    let isAbove = self > 0
    return self.where(isAbove, else: Tensor(single: 0).where(isAbove, else: self) * slopes)
  }

  /// Clamps each element, with a slope of 0 at the bounds and beyond.
  @specialized(where Element == Float) @specialized(where Element == Double)
  private func hardBounded(_ bounds: ClosedRange<Element>) -> Tensor {
    noGrad { clamped(bounds) }.recorded(
      "Hardtanh",
      edge(saving: self) { g, x in
        Tensor(single: 0).where((x <= bounds.lowerBound) .| (x >= bounds.upperBound), else: g)
      })
  }

  /// Clamps each element to bounds, by default −1 and 1. The slope at the bounds is 0, unlike that of
  /// `clamped(_:)`.
  ///
  /// Derivative: `dx = g` between the bounds and at NaN, else 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func hardtanh(_ bounds: ClosedRange<Element> = -1...1) -> Tensor { hardBounded(bounds) }

  /// The positive part of each element, at most 6 (Howard et al. 2017, arXiv:1704.04861). Derivative:
  /// `dx = g` where 0 < x < 6 and at NaN, else 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func relu6() -> Tensor { hardBounded(0...6) }

  /// The logistic function approximated by three straight lines: `x / 6 + ½`, bounded by 0 and 1. Derivative:
  /// `dx = g / 6` where −3 < x < 3, else 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func hardsigmoid() -> Tensor {
    noGrad { (self + 3).clamped(0...6) / 6 }.recorded(
      "Hardsigmoid",
      edge(saving: self) { g, x in
        (g / 6).where((x > -3) .& (x < 3), else: 0)
      })
  }

  /// The piecewise approximation of ``silu()`` (Howard et al. 2019, arXiv:1905.02244): `x (x + 3) / 6` from
  /// −3 to 3, 0 below, x above. As in PyTorch, −∞ becomes NaN.
  ///
  /// Derivative: `dx = g (x / 3 + ½)` between, 0 below, g above.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func hardswish() -> Tensor {
    let value = noGrad {
      (self * (self + 3) / 6).where(self < 3, else: self).where(self > -3, else: self * 0)
    }
    return value.recorded(
      "Hardswish",
      edge(saving: self) { g, x in
        // Clamping keeps infinities out of the second derivative; their slopes are replaced below.
        let between = g * (x.clamped(-3...3) / 3 + 0.5)
        return Tensor(single: 0).where(x <= -3, else: g.where(x >= 3, else: between))
      })
  }

  /// Moves each element towards 0 by `bound`; elements nearer to 0 become 0. A bound below 0 is an error.
  ///
  /// Derivative: `dx = g` where |x| > bound and at NaN, else 0.
  public func softshrink(_ bound: Element = 0.5, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    guard bound >= 0 else {
      return .failed("softshrink", "the bound must be at least 0, not \(bound)", file, line)
    }
    let far = hardshrink(bound)
    return far - noGrad { far.clamped(-bound...bound) }
  }

  /// Replaces the elements whose magnitude is at most `bound` by 0.
  ///
  /// Derivative: `dx = g` where |x| > bound and at NaN, else 0.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func hardshrink(_ bound: Element = 0.5) -> Tensor {
    replaced(where: isWithin(bound), by: 0)
  }

  /// Replaces the elements that are not above a bound by `value`. NaN stays NaN.
  ///
  /// Derivative: `dx = g` where x > bound and at NaN, else 0.
  public func thresholded(above bound: Element, else value: Element) -> Tensor {
    replaced(where: self <= bound, by: value)
  }

  /// The mask of the elements whose magnitude is at most `bound`.
  private func isWithin(_ bound: Element) -> Tensor<Bool> { (self <= bound) .& (self >= -bound) }

  /// Replaces elements by a number where the mask is true.
  private func replaced(where mask: Tensor<Bool>, by value: Element) -> Tensor {
    Tensor(single: value).where(mask, else: self)
  }

  /// The quotient `x / (1 + |x|)` of each element. Derivative: `dx = g / (1 + |x|)²`.
  public func softsign() -> Tensor { self / (1 + abs()) }

  /// The difference `x − tanh(x)` of each element, within 16 ulp, near 0 too. Derivative: `dx = g tanh²(x)`.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func tanhshrink() -> Tensor {
    mapped(.tanhshrink).recorded(
      "Tanhshrink",
      edge(saving: self) { g, x in
        let y = x.tanh()
        return g * y * y
      })
  }

  /// The gated linear unit (Dauphin et al. 2016, arXiv:1612.08083): the first half of an axis times the
  /// logistic function of the second half, `a σ(b)`.
  ///
  /// An axis that is out of range or has an odd extent is an error. Derivatives: `da = g σ(b)`,
  /// `db = g a σ(b) (1 − σ(b))`.
  public func glu(axis: Int = -1, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if let failure { return .failed(by: failure) }
    guard axis >= -rank, axis < rank, shape[axis] % 2 == 0 else {
      return .failed(
        "glu", "shape \(shape) has no axis \(axis) of even extent", file,
        line)
    }
    let halves = split(sizes: [shape[axis] / 2, shape[axis] / 2], axis: axis)
    return halves[0] * halves[1].sigmoid()
  }
}
