// Continuous distributions beyond the uniform and the normal, from a generator's value. Each element depends only on the
// generator's state and its own place, so that threads do not change it.

extension RandomGenerator {
  /// Draws exponential numbers with this rate: −log(u) / rate for uniform u. They are above 0.
  ///
  /// A rate that is not above 0 is an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func exponential<Element: DifferentiableScalar>(
    _ shape: TensorShape, rate: Element = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Element> {
    guard shape.isValid, rate > 0 else {
      return .failed(
        "exponential", "the shape \(shape) must be valid and the rate \(rate) must be above 0", file, line)
    }
    return units(shape).log() / -rate
  }

  /// Draws numbers whose logarithms are normal with this mean and standard deviation.
  ///
  /// A negative deviation is an error.
  ///
  /// ```swift
  /// var generator = RandomGenerator(seed: 1)
  /// let prices: Tensor<Float> = generator.logNormal([100], mean: 2, deviation: 0.5)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func logNormal<Element: DifferentiableScalar>(
    _ shape: TensorShape, mean: Element = 0, deviation: Element = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    guard shape.isValid, deviation >= 0 else {
      return .failed(
        "logNormal", "the shape \(shape) must be valid and the deviation \(deviation) must be at least 0",
        file,
        line)
    }
    return Tensor.normal(shape, mean, deviation, at: advance(by: shape.elementCount)).exp()
  }

  /// Draws normal numbers under the condition that they lie in `bounds`, by inverting the distribution
  /// function in `Double`.
  ///
  /// A deviation that is not above 0, a mean that is not finite, and bounds that hold no share of the
  /// distribution, such as 40...41 deviations, are errors.
  ///
  /// ```swift
  /// var generator = RandomGenerator(seed: 1)
  /// let weight: Tensor<Float> = generator.truncatedNormal([64, 32], deviation: 0.02, in: -0.04...0.04)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func truncatedNormal<Element: DifferentiableScalar>(
    _ shape: TensorShape, mean: Element = 0, deviation: Element = 1, in bounds: ClosedRange<Element> = -2...2,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Element> {
    guard shape.isValid, deviation > 0, mean.isFinite else {
      return .failed(
        "truncatedNormal",
        "the shape \(shape) must be valid, the mean \(mean) finite and the deviation \(deviation) above 0",
        file,
        line)
    }
    // Both shares are taken from the tail that is nearer, where they keep their digits.
    let sign: Double = bounds.lowerBound > mean ? -1 : 1
    let ends = [bounds.lowerBound, bounds.upperBound].map { (Double($0) - Double(mean)) / Double(deviation) }
    let shares = Tensor(ends.map { $0 * sign }.sorted()).normalCDF()
    if let failure = shares.failure { return .failed(by: failure) }
    let lower = shares[0].item, upper = shares[1].item
    guard lower < upper else {
      return .failed(
        "truncatedNormal",
        "the bounds \(bounds) hold no share of the distribution; they must be nearer to the mean",
        file, line)
    }
    let drawn = Tensor<Double>.uniform(shape, lower, upper, at: advance(by: shape.elementCount))
    let numbers = drawn.normalQuantile() * (sign * Double(deviation)) + Double(mean)
    return Tensor<Element>(numbers).clamped(bounds)
  }

  /// Draws numbers of the Cauchy distribution, `location + scale tan(π (u − ½))` for uniform u.
  ///
  /// A scale that is not above 0 is an error.
  ///
  /// ```swift
  /// var generator = RandomGenerator(seed: 1)
  /// let x: Tensor<Double> = generator.cauchy([100], location: 3, scale: 0.5)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func cauchy<Element: DifferentiableScalar>(
    _ shape: TensorShape, location: Element = 0, scale: Element = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    guard shape.isValid, scale > 0 else {
      return .failed(
        "cauchy", "the shape \(shape) must be valid and the scale \(scale) must be above 0", file, line)
    }
    return ((units(shape) - 0.5) * Element(Double.pi)).tan() * scale + location
  }

  /// Draws numbers of the Laplace distribution, whose distance from `location` is exponential with the mean
  /// `scale`.
  ///
  /// A scale that is not above 0 is an error.
  ///
  /// ```swift
  /// var generator = RandomGenerator(seed: 1)
  /// let x: Tensor<Double> = generator.laplace([100], location: 3, scale: 0.5)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func laplace<Element: DifferentiableScalar>(
    _ shape: TensorShape, location: Element = 0, scale: Element = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    guard shape.isValid, scale > 0 else {
      return .failed(
        "laplace", "the shape \(shape) must be valid and the scale \(scale) must be above 0", file, line)
    }
    let centred: Tensor<Element> = units(shape) - 0.5
    return centred.sign() * (centred.abs() * -2).log1p() * -scale + location
  }

  /// Draws numbers of the Gumbel distribution of maxima, `location − scale log(e)` for exponential e.
  ///
  /// A scale that is not above 0 is an error.
  ///
  /// ```swift
  /// var generator = RandomGenerator(seed: 1)
  /// let x: Tensor<Double> = generator.gumbel([100], location: 3, scale: 0.5)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func gumbel<Element: DifferentiableScalar>(
    _ shape: TensorShape, location: Element = 0, scale: Element = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor<Element> {
    guard shape.isValid, scale > 0 else {
      return .failed(
        "gumbel", "the shape \(shape) must be valid and the scale \(scale) must be above 0", file, line)
    }
    return (-units(shape).log()).log() * -scale + location
  }

  /// Draws gamma numbers with these concentrations (shape parameters) and the rate 1; divide by a rate, or
  /// multiply by a scale (Marsaglia & Tsang 2000, DOI 10.1145/358407.358414).
  ///
  /// Concentrations that are not finite or not above 0 are an error. The result is not recorded: it has no
  /// derivative by the concentrations.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func gamma<Element: DifferentiableScalar>(
    _ concentration: Tensor<Element>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Element> {
    gamma(concentration, "gamma", isLogarithm: false, file, line)
  }

  /// Draws numbers of beta distributions with these pairs of concentrations, broadcast: `x / (x + y)` for gamma
  /// numbers x and y.
  ///
  /// Concentrations that are not finite or not above 0 are an error, and so are shapes that do not broadcast.
  /// The result is not recorded.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func beta<Element: DifferentiableScalar>(
    _ a: Tensor<Element>, _ b: Tensor<Element>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Element> {
    if let failure = a.failure ?? b.failure { return .failed(by: failure) }
    guard let shape = TensorShape.broadcast(a.shape, b.shape) else {
      return .failed("beta", "shapes \(a.shape) and \(b.shape) do not broadcast", file, line)
    }
    let x = gamma(a.broadcast(to: shape), "beta", isLogarithm: true, file, line)
    if x.isFailed { return x }
    return (x - gamma(b.broadcast(to: shape), "beta", isLogarithm: true, file, line)).sigmoid()
  }

  /// Draws points of a simplex from Dirichlet distributions: for each row of concentrations `[…, k]`, k numbers
  /// above or equal to 0 with the sum 1.
  ///
  /// Concentrations that are not finite or not above 0 are an error, and so is a scalar. The result is not
  /// recorded.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public mutating func dirichlet<Element: DifferentiableScalar>(
    _ concentration: Tensor<Element>, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Element> {
    if let failure = concentration.failure { return .failed(by: failure) }
    guard concentration.rank > 0 else {
      return .failed("dirichlet", "the concentration is a scalar; its shape must be [..., k]", file, line)
    }
    let numbers = gamma(concentration, "dirichlet", isLogarithm: true, file, line)
    return numbers.softmax(axis: -1)
  }

  /// Draws uniform numbers in 0 < u < 1.
  mutating func units<Element: DifferentiableScalar>(_ shape: TensorShape) -> Tensor<Element> {
    .openUnits(shape, at: advance(by: shape.elementCount))
  }

  private mutating func gamma<Element: DifferentiableScalar>(
    _ concentration: Tensor<Element>, _ name: StaticString, isLogarithm: Bool, _ file: StaticString,
    _ line: UInt
  ) -> Tensor<Element> {
    if let failure = concentration.failure { return .failed(by: failure) }
    guard ((concentration > 0) .& (concentration < .infinity)).all() else {
      return .failed("\(name)", "each concentration must be finite and above 0", file, line)
    }
    return .gamma(concentration, isLogarithm: isLogarithm, at: advance(by: concentration.count))
  }
}
