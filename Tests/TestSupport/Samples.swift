// The inputs of tests. Their seeds are fixed, so that failures can be reproduced.

#if arch(x86_64) && !os(Windows) && !os(Android)
  /// The type of the references: the widest float of the machine.
  public typealias Extended = Float80
#else
  /// The type of the references: the widest float of the machine.
  public typealias Extended = Double
#endif

/// SplitMix64 (Steele, Lea & Flood 2014, DOI 10.1145/2660193.2660195), which is independent of the generators
/// under test.
public struct SampleRandom: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Creates a generator at the start of the stream of a seed.
  public init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Returns a number in 0 ..< 1.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Returns a number in a range.
  public mutating func number(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + unit() * (range.upperBound - range.lowerBound)
  }

  /// Returns numbers in a range, including its ends, 0, 1 and −1. More than a thousand repeat a pattern of a
  /// prime length.
  public mutating func numbers(_ count: Int, in range: ClosedRange<Double>) -> [Double] {
    let landmarks = [range.lowerBound, range.upperBound, 0, 1, -1].filter(range.contains)
    var result = [Double]()
    for _ in 0..<min(count, 1009) {
      result.append(unit() < 0.05 ? landmarks[Int(next() % UInt64(landmarks.count))] : number(in: range))
    }
    while result.count < count { result += result }
    return Array(result[..<count])
  }
}

/// Shapes that exercise the ends of loops.
public enum SampleShapes {
  /// A scalar, an empty vector, one element, a vector, a matrix and a shape with an empty inner axis.
  public static let small: [[Int]] = [[], [0], [1], [5], [3, 4], [2, 0, 3]]

  /// Vectors of every length up to more than four vectors of the widest instruction set.
  public static let lengths: [[Int]] = (1...67).map { [$0] }

  /// More elements than one thread processes, and no multiple of a vector.
  public static let large = [131_075]

  /// The shapes for loops with one operand.
  public static let unary = small + lengths + [[3, 130], [130, 3], [2, 3, 5]]

  /// Pairs that broadcast: with a scalar, a row, a column, both ways, with an additional axis, and without
  /// elements.
  public static let pairs: [[[Int]]] =
    unary.map { [$0, $0] } + [
      [[], [5]], [[5], []], [[1], [5]], [[3, 4], [4]], [[4], [3, 4]], [[3, 1], [1, 4]], [[3, 4], [3, 1]],
      [[3, 1], [3, 4]], [[2, 3, 4], [3, 1]], [[1, 4], [2, 3, 4]], [[2, 1, 4], [3, 1]], [[3, 130], [130]],
      [[130, 3], [130, 1]], [[2, 0, 3], [3]], [[2, 0, 3], [2, 1, 1]], [[0], [1]],
    ]
}

/// Numbers for several inputs of an operation, apart from one another and from the kinks: a difference across
/// a kink does not approximate a derivative.
public func separatedSamples(
  _ counts: [Int], in domains: [ClosedRange<Double>], kinks: [Double], seed: UInt64
) -> [[Double]] {
  var random = SampleRandom(seed: seed)
  let total = counts.reduce(0, +)
  var places = Array(0..<total).shuffled(using: &random)[...]
  return zip(counts, domains).map { count, domain in
    let width = domain.upperBound - domain.lowerBound
    let taken = places.prefix(count)
    places = places.dropFirst(count)
    return taken.map { place in
      let x = domain.lowerBound + (Double(place) + random.number(in: 0.25...0.75)) / Double(total) * width
      guard let kink = kinks.first(where: { abs(x - $0) < 0.01 }) else { return x }
      return kink + (x < kink ? -0.01 : 0.01) * (1 + random.unit())
    }
  }
}
