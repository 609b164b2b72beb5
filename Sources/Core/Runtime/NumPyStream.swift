#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The random stream of NumPy's legacy `RandomState`, bit for bit: MT19937 and the numbers that NumPy derives
/// from it.
///
/// Matsumoto and Nishimura, "Mersenne Twister" (1998), DOI 10.1145/272991.272995. Gaussians are computed with
/// the C library's `log`, as in NumPy. The last bit of a Gaussian may differ if this `log` differs from the
/// GNU C library's.
struct NumPyStream: Sendable, Equatable {
  /// The 624 words of the generator, as `get_state()[1]`.
  private(set) var words: [UInt32]
  /// The number of words already used, as `get_state()[2]`: 0 to 624.
  private(set) var position: Int
  /// The second Gaussian of a pair, after the first was drawn; nil otherwise. NumPy has it as
  /// `get_state()[4]`.
  private(set) var cachedGaussian: Double?

  private static let count = 624
  private static let middle = 397

  /// Creates the stream after `numpy.random.seed(seed)`.
  init(seed: UInt32) {
    var word = seed
    words = []
    words.reserveCapacity(Self.count)
    for index in 1...Self.count {
      words.append(word)
      word = 1_812_433_253 &* (word ^ (word >> 30)) &+ UInt32(index)
    }
    position = Self.count
    cachedGaussian = nil
  }

  /// Restores a saved stream: 624 words, not all 0, and a position of 0 to 624.
  init(words: [UInt32], position: Int, cachedGaussian: Double?) {
    precondition(words.count == Self.count && (0...Self.count).contains(position))
    self.words = words
    self.position = position
    self.cachedGaussian = cachedGaussian
  }

  /// Returns 32 random bits.
  mutating func next32() -> UInt32 {
    if position == Self.count { regenerate() }
    var word = words[position]
    position += 1
    word ^= word >> 11
    word ^= (word << 7) & 0x9d2c_5680
    word ^= (word << 15) & 0xefc6_0000
    return word ^ (word >> 18)
  }

  /// Returns 64 random bits, the high half drawn first.
  mutating func next64() -> UInt64 {
    let high = UInt64(next32())
    return high << 32 | UInt64(next32())
  }

  /// Returns a multiple of 2⁻⁵³ in [0, 1), as `numpy.random.random_sample()`.
  mutating func nextDouble() -> Double {
    let high = Double(next32() >> 5)
    let low = Double(next32() >> 6)
    return (high * 0x1p26 + low) * 0x1p-53
  }

  /// Returns a standard normal number by Marsaglia's polar method, as `numpy.random.standard_normal()`.
  mutating func nextGaussian() -> Double {
    if let cached = cachedGaussian {
      cachedGaussian = nil
      return cached
    }
    var x: Double
    var y: Double
    var squared: Double
    repeat {
      x = 2 * nextDouble() - 1
      y = 2 * nextDouble() - 1
      squared = x * x + y * y
    } while squared >= 1 || squared == 0
    let factor = (-2 * log(squared) / squared).squareRoot()
    cachedGaussian = factor * x
    return factor * y
  }

  /// Returns an integer in 0 ..< `bound`, as `numpy.random.randint(0, bound)`; a bound of 1 draws nothing.
  mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0)
    return Int(interval(UInt64(bound - 1)))
  }

  /// Returns the numbers 0 ..< `count` in random order, as `numpy.random.permutation(count)`.
  mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    shuffle(&order)
    return order
  }

  /// Puts the elements in random order, as `numpy.random.shuffle(array)`.
  mutating func shuffle<T>(_ array: inout [T]) {
    for last in stride(from: array.count - 1, to: 0, by: -1) {
      array.swapAt(last, Int(interval(UInt64(last))))
    }
  }

  /// Returns an integer in 0 ... `greatest`. Words are cut to as many bits as `greatest` has, and drawn until
  /// one is not above it.
  private mutating func interval(_ greatest: UInt64) -> UInt64 {
    if greatest == 0 { return 0 }
    let mask = UInt64.max >> UInt64(greatest.leadingZeroBitCount)
    let fits = greatest <= 0xffff_ffff
    while true {
      let value = (fits ? UInt64(next32()) : next64()) & mask
      if value <= greatest { return value }
    }
  }

  /// Computes the next 624 words of the recurrence, in place.
  private mutating func regenerate() {
    let (count, middle) = (Self.count, Self.middle)
    words.withUnsafeMutableBufferPointer { words in
      for index in 0..<count {
        let next = index + 1 < count ? index + 1 : 0
        let far = index + middle < count ? index + middle : index + middle - count
        let joined = (words[index] & 0x8000_0000) | (words[next] & 0x7fff_ffff)
        words[index] = words[far] ^ (joined >> 1) ^ (joined & 1 == 0 ? 0 : 0x9908_b0df)
      }
    }
    position = 0
  }
}
