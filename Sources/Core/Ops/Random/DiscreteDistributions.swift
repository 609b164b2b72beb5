// Discrete distributions from a generator's value.

extension RandomGenerator {
  /// Draws 1 with this probability, else 0. A probability outside 0...1 is an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func bernoulli<Element: DifferentiableScalar>(
    _ shape: TensorShape, probability: Element = 0.5, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Element> {
    guard shape.isValid, probability >= 0, probability <= 1 else {
      return .failed(
        "bernoulli", "the shape \(shape) must be valid and the probability \(probability) must be in 0...1",
        file,
        line)
    }
    let drawn = Tensor<Element>.uniform(shape, 0, 1, at: advance(by: shape.elementCount))
    return Tensor<Element>(drawn < probability)
  }

  /// Draws 1 with the probability of each element, else 0. Probabilities outside 0...1 are an error. The result
  /// is not recorded.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func bernoulli<Element: DifferentiableScalar>(
    _ probability: Tensor<Element>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Element> {
    if let failure = probability.failure { return .failed(by: failure) }
    guard ((probability >= 0) .& (probability <= 1)).all() else {
      return .failed("bernoulli", "each probability must be in 0...1", file, line)
    }
    let drawn = Tensor<Element>.uniform(probability.shape, 0, 1, at: advance(by: probability.count))
    return Tensor<Element>(drawn < probability)
  }

  /// Draws the number of trials up to the first success, from 1 on, if each succeeds with this probability.
  ///
  /// A probability that is not above 0 and at most 1 is an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func geometric<Element: DifferentiableScalar>(
    _ shape: TensorShape, probability: Element, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Element> {
    guard shape.isValid, probability > 0, probability <= 1 else {
      return .failed(
        "geometric",
        "the shape \(shape) must be valid and the probability \(probability) must be above 0 and at most 1",
        file,
        line)
    }
    let waits: Tensor<Double> = units(shape).log() / Tensor(Double(-probability)).log1p()
    return Tensor<Element>(waits.ceil().clamped(1...))
  }

  /// Draws Poisson numbers with these rates (Hörmann 1993, DOI 10.1016/0167-6687(93)90997-4).
  ///
  /// Rates that are not finite or below 0 are an error. The result is not recorded.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func poisson<Element: DifferentiableScalar>(
    _ rate: Tensor<Element>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Element> {
    if let failure = rate.failure { return .failed(by: failure) }
    guard ((rate >= 0) .& (rate < .infinity)).all() else {
      return .failed("poisson", "each rate must be finite and at least 0", file, line)
    }
    return .poisson(rate, at: advance(by: rate.count))
  }

  /// Draws `count` indices for each row of weights `[…, n]`, with probabilities in proportion to the weights:
  /// `[…, count]`.
  ///
  /// Without replacement the indices of a row differ, and each is drawn in proportion to the weights of those
  /// that are left (Efraimidis & Spirakis 2006, DOI 10.1016/j.ipl.2005.11.003). Weights that are not finite or
  /// below 0 are an error, and so is a row with fewer weights above 0 than are needed: one, or `count` without
  /// replacement.
  ///
  /// ```swift
  /// var generator = RandomGenerator(seed: 1)
  /// let weights = Tensor<Float>([0.1, 0.2, 0.7])
  /// let drawn = generator.multinomial(weights, count: 10, replacement: true)  // [10]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func multinomial<Element: DifferentiableScalar>(
    _ weights: Tensor<Element>, count: Int, replacement: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Int> {
    if let failure = weights.failure { return .failed(by: failure) }
    let rows = TensorShape(weights.shape.dropLast())
    guard weights.rank > 0, count > 0, TensorShape(rows + [count]).isValid else {
      return .failed(
        "multinomial",
        "weights of shape \(weights.shape) and a count of \(count) do not fit; the shape must be [..., n] and the count above 0",
        file, line)
    }
    let wide = Tensor<Double>(weights.detached()), needed = replacement ? 1 : count
    guard ((wide >= 0) .& (wide < .infinity)).all(), ((wide > 0).sum(axis: -1) >= needed).all() else {
      return .failed(
        "multinomial", "the weights must be finite and at least 0, and \(needed) of each row above 0", file,
        line)
    }
    let drawn = Tensor<Int>(uninitialized: TensorShape(rows + [count]))
    // The largest weight of a row becomes 1, so that no sum overflows.
    let shares = wide / (wide.count == 0 ? wide : wide.max(axis: -1, keepDims: true))
    if !replacement {
      // The magnitude, because a weight of −0 would give the key −∞.
      let keys = (units(shares.shape).log() / shares).abs()
      return launch(keys, into: drawn) {
        ChoiceKernels.smallest($0, rows: rows.elementCount, into: $1)
      }.named("Multinomial")
    }
    let places = Tensor<Double>.uniform(drawn.shape, 0, 1, at: advance(by: drawn.count))
    return launch(shares.cumulativeSum(axis: -1), places, into: drawn) {
      ChoiceKernels.choose($0, $1, rows: rows.elementCount, into: $2)
    }.named("Multinomial")
  }
}
