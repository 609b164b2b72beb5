// Counts of numbers and of elements in bins.

extension Tensor where Element == Int {
  /// The number of times that each of the numbers 0, 1, … occurs, up to the largest, and for `minLength`
  /// numbers at least.
  ///
  /// A number below 0 is an error, and so is a negative length.
  ///
  /// ```swift
  /// let labels = Tensor<Int>([0, 2, 2])
  /// let counts = labels.bincount(minLength: 4)  // [1, 0, 2, 0]
  /// ```
  public func bincount(
    minLength: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Int> {
    let length = bins(minLength, file, line)
    if let failure = length.failure { return .failed(by: failure) }
    let counts = Tensor<Int>.zeros([length.bins], file: file, line: line)
    if counts.isFailed { return counts }
    return launch(self, into: counts) { x, counts in SearchKernels.tally(x, into: counts) }.named("Bincount")
  }

  /// The sum of the weights of each of the numbers 0, 1, …, up to the largest, and for `minLength` numbers at
  /// least.
  ///
  /// Weights of another shape are an error, and so is a number below 0 or a negative length. Derivative: the
  /// gradient of a sum goes to each of its weights.
  ///
  /// ```swift
  /// let labels = Tensor<Int>([0, 2, 2])
  /// let sums = labels.bincount(weights: Tensor<Float>([1, 2, 3]))  // [1, 0, 5]
  /// ```
  public func bincount<Weight: NumericScalar>(
    weights: Tensor<Weight>, minLength: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor<Weight> {
    if let failure = failure ?? weights.failure { return .failed(by: failure) }
    guard weights.shape == shape else {
      return .failed(
        "bincount",
        "weights of shape \(weights.shape) do not fit numbers of shape \(shape); the shapes must be equal",
        file, line)
    }
    let length = bins(minLength, file, line)
    if let failure = length.failure { return .failed(by: failure) }
    let zeros = Tensor<Weight>.zeros([length.bins], file: file, line: line)
    return zeros.scatterAdded(reshapedView([count]), weights.reshapedView([count]), along: 0, isNew: true)
  }

  /// Returns the number of bins for these numbers, or a failure.
  private func bins(_ least: Int, _ file: StaticString, _ line: UInt) -> (bins: Int, failure: Failure?) {
    if let failure { return (0, settle(failure)) }
    do throws(Failure) {
      let bounds = try bounds()
      guard least >= 0, bounds?.least ?? 0 >= 0 else {
        let wrong = least < 0 ? "minLength must be at least 0, not \(least)" : "\(bounds!.least) is below 0"
        return (0, mistake("bincount", wrong, file, line))
      }
      return (Swift.max(least, bounds.map { $0.most.plus(1) } ?? 0), nil)
    } catch {
      return (0, error)
    }
  }
}

extension Tensor where Element: DifferentiableScalar {
  /// The number of elements in each of some bins of equal width, and the edges of the bins.
  ///
  /// A bin contains its lower edge, and the last one both. Elements outside of `range` are not counted, nor
  /// is NaN. Without a range it is that of the elements; 0 ... 1 if there are none. A range of one number is
  /// widened by ½ on both sides. Fewer than one bin is an error, and so are a range that is not finite and
  /// edges that cannot differ.
  ///
  /// ```swift
  /// let x = Tensor<Float>([1, 2, 2.5, 5])
  /// let (counts, edges) = x.histogram(bins: 2, in: 1...3)  // [1, 2] and [1, 2, 3]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func histogram(
    bins: Int, in range: ClosedRange<Element>? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> (counts: Tensor<Int>, edges: Tensor) {
    let edges = edges(bins, range, file, line)
    if let failure = edges.failure { return (.failed(by: failure), edges) }
    let counts = launch(self, edges, into: Tensor<Int>.zeroed([bins])) { x, edges, y throws(OutOfMemory) in
      try SearchKernels.histogram(x, weights: nil, edges: edges, into: y)
    }
    return (counts.named("Histogram"), edges)
  }

  /// The sums of the weights of the elements in each of some bins of equal width, and the edges of the bins.
  /// With `density` they are divided by the widths and the sum of all, so that the histogram has the area 1.
  ///
  /// Without weights each element has the weight 1. Weights of another shape are an error; the other rules
  /// are those of ``histogram(bins:in:file:line:)``. The sums are computed in `Double` and are not recorded.
  ///
  /// ```swift
  /// let x = Tensor<Float>([1, 2, 2.5, 5]), weights = Tensor<Float>([1, 1, 3, 1])
  /// let (sums, edges) = x.histogram(bins: 2, in: 1...3, weights: weights, density: false)  // [1, 4] and [1, 2, 3]
  /// let (densities, _) = x.histogram(bins: 2, in: 1...3, density: true)  // [0.333, 0.667]
  /// ```
  @specialized(where Element == Float) @specialized(where Element == Double)
  public func histogram(
    bins: Int, in range: ClosedRange<Element>? = nil, weights: Tensor? = nil, density: Bool,
    file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, edges: Tensor) {
    if let failure = failure ?? weights?.failure { return (.failed(by: failure), .failed(by: failure)) }
    if let weights, weights.shape != shape {
      let fault =
        "weights of shape \(weights.shape) do not fit elements of shape \(shape); the shapes must be equal"
      let failure = mistake("histogram", fault, file, line)
      return (.failed(by: failure), .failed(by: failure))
    }
    let weights = weights ?? Tensor(single: 1).broadcastView(to: shape)
    let edges = edges(bins, range, file, line)
    if let failure = edges.failure { return (.failed(by: failure), edges) }
    return noGrad {
      var sums = launch(self, weights, edges, into: Tensor<Double>.zeroed([bins])) {
        x, weights, edges, y throws(OutOfMemory) in
        try SearchKernels.histogram(x, weights: weights, edges: edges, into: y)
      }
      if density {
        let widths = Tensor<Double>(edges).diff()
        sums = sums / (sums.sum() * widths)
      }
      return (Tensor(sums).named("Histogram"), edges)
    }
  }

  /// Returns the edges of bins of equal width.
  private func edges(
    _ bins: Int, _ range: ClosedRange<Element>?, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if let failure { return .failed(by: failure) }
    let bounds = noGrad { range == nil && count > 0 ? minMax() : nil }
    if let failure = bounds?.min.failure ?? bounds?.max.failure { return .failed(by: failure) }
    var lower = range?.lowerBound ?? bounds?.min.item ?? 0, upper = range?.upperBound ?? bounds?.max.item ?? 1
    guard bins > 0, bins < .max, (upper - lower).isFinite else {
      return .failed(
        "histogram",
        "\(bins) bins between \(lower) and \(upper) are impossible; there must be at least 1, and the range must be finite",
        file, line)
    }
    if lower == upper { (lower, upper) = (lower - 0.5, upper + 0.5) }
    let edges = noGrad { Tensor.linspace(lower, upper, count: bins + 1) }
    if edges.isFailed { return edges }
    guard noGrad({ (edges.diff() .> 0).all() }) else {
      return .failed(
        "histogram", "\(bins) bins between \(lower) and \(upper) are too narrow for \(Element.self)", file,
        line)
    }
    return edges
  }
}
