// The distributions of Distributions.swift and DiscreteDistributions.swift from the default generator.

extension Tensor where Element: DifferentiableScalar {
  /// Draws exponential numbers with this rate: −log(u) / rate for uniform u. They are above 0.
  ///
  /// A rate that is not above 0 is an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func exponential(
    _ shape: TensorShape, rate: Element = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var generator = RandomSource.take(shape)
    return generator.exponential(shape, rate: rate, file: file, line: line)
  }

  /// Draws numbers whose logarithms are normal with this mean and standard deviation.
  ///
  /// A negative deviation is an error.
  ///
  /// ```swift
  /// let prices = Tensor<Float>.logNormal([100], mean: 2, deviation: 0.5)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func logNormal(
    _ shape: TensorShape, mean: Element = 0, deviation: Element = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    var generator = RandomSource.take(shape)
    return generator.logNormal(shape, mean: mean, deviation: deviation, file: file, line: line)
  }

  /// Draws normal numbers under the condition that they lie in `bounds`, by inverting the distribution
  /// function in `Double`.
  ///
  /// A deviation that is not above 0, a mean that is not finite, and bounds that hold no share of the
  /// distribution, such as 40...41 deviations, are errors.
  ///
  /// ```swift
  /// let weight = Tensor<Float>.truncatedNormal([64, 32], deviation: 0.02, in: -0.04...0.04)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func truncatedNormal(
    _ shape: TensorShape, mean: Element = 0, deviation: Element = 1, in bounds: ClosedRange<Element> = -2...2,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var generator = RandomSource.take(shape)
    return generator.truncatedNormal(
      shape, mean: mean, deviation: deviation, in: bounds, file: file, line: line)
  }

  /// Draws numbers of the Cauchy distribution, `location + scale tan(π (u − ½))` for uniform u.
  ///
  /// A scale that is not above 0 is an error.
  ///
  /// ```swift
  /// let x = Tensor<Double>.cauchy([100], location: 3, scale: 0.5)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func cauchy(
    _ shape: TensorShape, location: Element = 0, scale: Element = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    var generator = RandomSource.take(shape)
    return generator.cauchy(shape, location: location, scale: scale, file: file, line: line)
  }

  /// Draws numbers of the Laplace distribution, whose distance from `location` is exponential with the mean
  /// `scale`.
  ///
  /// A scale that is not above 0 is an error.
  ///
  /// ```swift
  /// let x = Tensor<Double>.laplace([100], location: 3, scale: 0.5)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func laplace(
    _ shape: TensorShape, location: Element = 0, scale: Element = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    var generator = RandomSource.take(shape)
    return generator.laplace(shape, location: location, scale: scale, file: file, line: line)
  }

  /// Draws numbers of the Gumbel distribution of maxima, `location − scale log(e)` for exponential e.
  ///
  /// A scale that is not above 0 is an error.
  ///
  /// ```swift
  /// let x = Tensor<Double>.gumbel([100], location: 3, scale: 0.5)
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func gumbel(
    _ shape: TensorShape, location: Element = 0, scale: Element = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    var generator = RandomSource.take(shape)
    return generator.gumbel(shape, location: location, scale: scale, file: file, line: line)
  }

  /// Draws gamma numbers with these concentrations (shape parameters) and the rate 1; divide by a rate, or
  /// multiply by a scale.
  ///
  /// Concentrations that are not finite or not above 0 are an error. The result is not recorded: it has no
  /// derivative by the concentrations.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func gamma(
    _ concentration: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var generator = RandomSource.take(concentration.count)
    return generator.gamma(concentration, file: file, line: line)
  }

  /// Draws numbers of beta distributions with these pairs of concentrations, broadcast: `x / (x + y)` for gamma
  /// numbers x and y.
  ///
  /// Concentrations that are not finite or not above 0 are an error, and so are shapes that do not broadcast.
  /// The result is not recorded.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func beta(
    _ a: Tensor, _ b: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var generator = RandomSource.take((TensorShape.broadcast(a.shape, b.shape)?.elementCount ?? 0).times(2))
    return generator.beta(a, b, file: file, line: line)
  }

  /// Draws points of a simplex from Dirichlet distributions: for each row of concentrations `[…, k]`, k numbers
  /// above or equal to 0 with the sum 1.
  ///
  /// Concentrations that are not finite or not above 0 are an error, and so is a scalar. The result is not
  /// recorded.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func dirichlet(
    _ concentration: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var generator = RandomSource.take(concentration.count)
    return generator.dirichlet(concentration, file: file, line: line)
  }

  /// Draws 1 with this probability, else 0. A probability outside 0...1 is an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func bernoulli(
    _ shape: TensorShape, probability: Element = 0.5, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var generator = RandomSource.take(shape)
    return generator.bernoulli(shape, probability: probability, file: file, line: line)
  }

  /// Draws 1 with the probability of each element, else 0. Probabilities outside 0...1 are an error. The result
  /// is not recorded.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func bernoulli(
    _ probability: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var generator = RandomSource.take(probability.count)
    return generator.bernoulli(probability, file: file, line: line)
  }

  /// Draws the number of trials up to the first success, from 1 on, if each succeeds with this probability.
  ///
  /// A probability that is not above 0 and at most 1 is an error.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func geometric(
    _ shape: TensorShape, probability: Element, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var generator = RandomSource.take(shape)
    return generator.geometric(shape, probability: probability, file: file, line: line)
  }

  /// Draws Poisson numbers with these rates. Rates that are not finite or below 0 are an error. The result is
  /// not recorded.
  @specialized(where Element == Float) @specialized(where Element == Double)
  public static func poisson(
    _ rate: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var generator = RandomSource.take(rate.count)
    return generator.poisson(rate, file: file, line: line)
  }

  /// Draws `count` indices for each row of these weights `[…, n]`, with probabilities in proportion to the
  /// weights: `[…, count]`.
  ///
  /// Without replacement the indices of a row differ, and each is drawn in proportion to the weights of those
  /// that are left. Weights that are not finite or below 0 are an error, and so is a row with fewer weights
  /// above 0 than are needed: one, or `count` without replacement.
  ///
  /// ```swift
  /// let weights = Tensor<Float>([0.1, 0.2, 0.7])
  /// let drawn = weights.multinomial(10, replacement: true)  // [10]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func multinomial(
    _ count: Int, replacement: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    let draws = replacement && !isFailed && rank > 0 ? shape.dropLast().reduce(1) { $0.times($1) } : 0
    var generator = RandomSource.take(replacement ? Swift.max(0, count).times(draws) : self.count)
    return generator.multinomial(self, count: count, replacement: replacement, file: file, line: line)
  }
}
