/// The median of some samples, and the quartiles around it.
public struct Statistics: Equatable, Sendable {
  /// The middle sample.
  public let median: Double
  /// A quarter of the samples are smaller.
  public let lowerQuartile: Double
  /// A quarter of the samples are larger.
  public let upperQuartile: Double
  /// The number of samples.
  public let samples: Int

  /// The spread beyond which a median is no figure: the machine was busy with something else.
  public static let largestSpread = 0.1

  /// Sums up at least one sample; quantiles between two samples are interpolated linearly.
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

  /// The distance of the quartiles, relative to the median; nil for fewer than three samples, which cannot tell.
  public var spread: Double? {
    samples < 3 ? nil : (upperQuartile - lowerQuartile) / median
  }

  /// Whether the spread is too large for a figure.
  public var isNoisy: Bool { spread.map { $0 > Self.largestSpread } ?? false }
}
