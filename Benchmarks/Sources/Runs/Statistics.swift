/// The median and the quartiles of some samples.
public struct Statistics: Equatable, Sendable {
  /// The median of the samples.
  public let median: Double
  /// The lower quartile: a quarter of the samples are smaller.
  public let lowerQuartile: Double
  /// The upper quartile: a quarter of the samples are larger.
  public let upperQuartile: Double
  /// The number of samples.
  public let samples: Int

  /// The spread above which a median is not trusted, because the machine was busy with other programs.
  public static let largestSpread = 0.1

  /// Computes the median and the quartiles of at least one sample. Quantiles between two samples are
  /// interpolated linearly.
  public init(_ values: [Double]) {
    precondition(!values.isEmpty, "statistics of no samples")
    let sorted = values.sorted()
    func quantile(_ fraction: Double) -> Double {
      let position = fraction * Double(sorted.count - 1), below = Int(position)
      let above = min(below + 1, sorted.count - 1)
      return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
    }
    median = quantile(0.5)
    lowerQuartile = quantile(0.25)
    upperQuartile = quantile(0.75)
    samples = values.count
  }

  /// The difference of the quartiles, relative to the median; nil for fewer than three samples.
  public var spread: Double? {
    samples < 3 ? nil : (upperQuartile - lowerQuartile) / median
  }

  /// A Boolean value that tells whether the spread is too large to trust the median.
  public var isNoisy: Bool { spread.map { $0 > Self.largestSpread } ?? false }
}
