public import MartletCore

/// A rule for the positions of an epoch: which samples come, and in which order.
///
/// ```swift
/// let digits = try Digits().dataset
/// let isRare = digits.targets.all.scalars.map { $0 == 8 }
/// let loader = DataLoader(
///   digits, batchSize: 64, sampler: .weighted(isRare.map { $0 ? 10 : 1 }), seed: 1)
/// ```
public struct Sampler: Sendable {
  /// The number of positions for a number of samples.
  let length: @Sendable (_ count: Int) -> Int
  /// The positions for a number of samples; nil for all in order.
  let order: (@Sendable (_ count: Int, _ random: inout RandomGenerator) -> [Int])?

  /// Makes a rule that draws `length` positions for a number of samples. The random numbers depend only on the
  /// loader's seed and the epoch.
  ///
  /// ```swift
  /// let everyOther = Sampler(
  ///   length: { ($0 + 1) / 2 }, order: { count, _ in Array(stride(from: 0, to: count, by: 2)) })
  /// ```
  public init(
    length: @escaping @Sendable (_ count: Int) -> Int = { $0 },
    order: @escaping @Sendable (_ count: Int, _ random: inout RandomGenerator) -> [Int]
  ) {
    self.length = length
    self.order = order
  }

  private init() {
    length = { $0 }
    order = nil
  }

  /// All samples in their order.
  public static let sequential = Sampler()

  /// All samples, in a new order in each epoch.
  public static let shuffled = Sampler { count, random in random.permutation(count).scalars }

  /// Draws `length` samples with replacement, all equally likely; as many as the dataset has by default.
  public static func random(_ length: Int? = nil) -> Sampler {
    drawing(length) { length, count, random in
      return length > 0 && count > 0 ? random.integers([length], in: 0..<count).scalars : []
    }
  }

  /// Draws `length` samples with probabilities in proportion to the weights, one weight for each sample; as many as the
  /// dataset has by default.
  ///
  /// The weights must be finite and at least 0, and enough of them above 0; else an epoch is an error.
  ///
  /// ```swift
  /// let sampler = Sampler.weighted([1, 1, 10], length: 100)
  /// ```
  public static func weighted(
    _ weights: [Double], length: Int? = nil, replacement: Bool = true, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Sampler {
    drawing(length) { length, count, random in
      if weights.count != count {
        programError(
          "weighted", "\(weights.count) weights do not fit \(count) samples; each needs one", file, line)
        return []
      }
      if length == 0 { return [] }
      return random.multinomial(
        Tensor(weights), count: length, replacement: replacement, file: file, line: line
      ).scalars
    }
  }

  /// Makes a rule that draws `length` positions, or as many as there are samples.
  private static func drawing(
    _ length: Int?, _ draw: @escaping @Sendable (Int, Int, inout RandomGenerator) -> [Int]
  ) -> Sampler {
    let length = { @Sendable in length ?? $0 }
    return Sampler(length: length) { count, random in draw(length(count), count, &random) }
  }
}
