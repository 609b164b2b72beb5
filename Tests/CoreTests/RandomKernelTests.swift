import CKernels
import Foundation
import Testing

/// The Philox kernels: the published generator, the layout of its counters, and the distributions of its
/// numbers.
@Suite struct RandomKernelTests {
  /// The test vectors of Random123's file `kat_vectors` for philox4x32 with 10 rounds: counter, key, result.
  @Test(
    arguments: [
      (
        [0, 0, 0, 0], [0, 0],
        [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
      ),
      (
        [0xffff_ffff, 0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [0xffff_ffff, 0xffff_ffff],
        [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ] as [([UInt32], [UInt32], [UInt32])])
  func knownAnswers(_ counter: [UInt32], _ key: [UInt32], _ expected: [UInt32]) {
    #expect(philox(counter, key) == expected)
  }

  // MARK: Counters

  private static let seed: UInt64 = 0x0123_4567_89ab_cdef
  private static let stream: UInt32 = 5

  /// Offsets within the first block, across the 32-bit border of the block index, and far away.
  private static let offsets: [UInt64] = [0, 1, 3, 1 << 34 - 6, 1 << 33 - 3, 1 << 62 + 1]

  @Test(arguments: offsets) func uniformElementsAreTheirBlocksWords(_ offset: UInt64) {
    let floats: [Float] = fill(1100, .nan) {
      martlet_uniform_f32(Self.seed, Self.stream, offset, 0, 1, $0, $1)
    }
    let doubles: [Double] = fill(1100, .nan) {
      martlet_uniform_f64(Self.seed, Self.stream, offset, 0, 1, $0, $1)
    }
    for i in 0..<1100 {
      let place = offset + UInt64(i)
      #expect(floats[i] == Float(word32(place) >> 8) / 0x1p24)
      #expect(doubles[i] == unit53(place))
    }
  }

  @Test(arguments: offsets) func normalElementsAreBoxAndMullersPairs(_ offset: UInt64) {
    let floats: [Float] = fill(1100, .nan) {
      martlet_normal_f32(Self.seed, Self.stream, offset, 0, 1, $0, $1)
    }
    let doubles: [Double] = fill(1100, .nan) {
      martlet_normal_f64(Self.seed, Self.stream, offset, 0, 1, $0, $1)
    }
    for i in 0..<1100 {
      let place = offset + UInt64(i)
      let first = place & ~1
      let single = normal(
        Double(word32(first)) / 0x1p32 + 0x1p-32, Double(word32(first + 1)) / 0x1p32, place & 1 == 1)
      #expect(abs(Double(floats[i]) - single) <= 0x1p-24 * abs(single) + 1e-15)
      let double = normal(unit53(first) + 0x1p-53, unit53(first + 1), place & 1 == 1)
      // The C library's log, sine and cosine and ours each have errors of about an ulp.
      #expect(abs(doubles[i] - double) <= 2e-15)
    }
  }

  @Test(arguments: [1, 10, 1000, 3 << 62, 1 << 63 + 1, .max] as [UInt64], [0, 5] as [UInt64])
  func integersMultiplyAndReject(_ span: UInt64, _ offset: UInt64) {
    let values: [Int64] = fill(600, 77) { martlet_integers(Self.seed, 2, offset, -9, span, $0, $1) }
    var rejected = 0
    for i in 0..<600 {
      var attempt: UInt32 = 0
      var product = word64(offset + UInt64(i), stream: 2).multipliedFullWidth(by: span)
      while product.low < (0 &- span) % span {
        attempt += 1
        product = word64(offset + UInt64(i), stream: 2, attempt: attempt).multipliedFullWidth(by: span)
      }
      rejected += Int(attempt)
      #expect(values[i] == Int64(truncatingIfNeeded: product.high) &- 9)
    }
    // One in four, and one in two, are rejected on average.
    if span == 3 << 62 { #expect((130...270).contains(rejected)) }
    if span == 1 << 63 + 1 { #expect((430...780).contains(rejected)) }
  }

  @Test func aSpanOfZeroIsAllIntegers() {
    let values: [Int64] = fill(9, 0) { martlet_integers(Self.seed, Self.stream, 3, .min, 0, $0, $1) }
    for i in 0..<9 {
      let raw = martlet_bits64(Self.seed, Self.stream, 3 + UInt64(i))
      #expect(raw == word64(3 + UInt64(i)))
      #expect(values[i] == Int64(bitPattern: raw &+ 1 << 63))
    }
  }

  // MARK: Splits, tails and bounds

  /// Tests every length from 0 to 67 from every start: the elements equal those of one long fill, and nothing
  /// else is written.
  @Test func fillsDoNotDependOnHowTheyAreSplit() {
    verifySplits(Float.nan) { martlet_uniform_f32(9, 1, $0, -2, 3, $1, $2) }
    verifySplits(Double.nan) { martlet_uniform_f64(9, 1, $0, -2, 3, $1, $2) }
    verifySplits(Float.nan) { martlet_normal_f32(9, 1, $0, -2, 3, $1, $2) }
    verifySplits(Double.nan) { martlet_normal_f64(9, 1, $0, -2, 3, $1, $2) }
    verifySplits(Int64.min) { martlet_integers(9, 1, $0, 5, 3 << 61, $1, $2) }
  }

  @Test func seedsAndStreamsDiffer() {
    let bits = [
      martlet_bits64(0, 0, 0), martlet_bits64(1, 0, 0), martlet_bits64(1 << 32, 0, 0),
      martlet_bits64(0, 1, 0), martlet_bits64(0, 0, 1), martlet_bits64(0, 0, 2),
    ]
    #expect(Set(bits).count == bits.count)
  }

  @Test func uniformNeverReachesItsUpperBound() {
    let one = Float(1)
    let two: [Float] = fill(4000, .nan) { martlet_uniform_f32(1, 0, 0, 1, one.nextUp, $0, $1) }
    #expect(Set(two) == [1])
    let three: [Float] = fill(4000, .nan) { martlet_uniform_f32(1, 0, 0, 1, one.nextUp.nextUp, $0, $1) }
    #expect(Set(three) == [1, one.nextUp])
    let minus = Double(-1)
    let doubles: [Double] = fill(4000, .nan) { martlet_uniform_f64(1, 0, 0, minus, minus.nextUp, $0, $1) }
    #expect(Set(doubles) == [-1])
    let equal: [Double] = fill(5, .nan) { martlet_uniform_f64(1, 0, 0, 2.5, 2.5, $0, $1) }
    #expect(equal == [2.5, 2.5, 2.5, 2.5, 2.5])
  }

  @Test func uniformSpansTheWholeRange() {
    let top = Float.greatestFiniteMagnitude
    let floats: [Float] = fill(4000, .nan) { martlet_uniform_f32(1, 0, 0, -top, top, $0, $1) }
    #expect(floats.allSatisfy { $0 >= -top && $0 < top })
    // The number of heads among 4,000 fair coins, within five deviations.
    #expect(abs(floats.count { $0 < 0 } - 2000) <= 158)
    let high = Double.greatestFiniteMagnitude
    let doubles: [Double] = fill(4000, .nan) { martlet_uniform_f64(1, 0, 0, -high, high, $0, $1) }
    #expect(doubles.allSatisfy { $0 >= -high && $0 < high })
    #expect(abs(doubles.count { $0 < 0 } - 2000) <= 158)
  }

  /// The first position of seed 7 whose word is 2³² - 1, hence u = 1, and the first whose word is 0, the
  /// smallest u.
  @Test func extremeWordsGiveFiniteNormals() {
    var pair: [Float] = fill(2, .nan) { martlet_normal_f32(7, 0, 5_318_618_356, 0, 1, $0, $1) }
    #expect(pair == [0, 0])
    pair = fill(2, .nan) { martlet_normal_f32(7, 0, 12_327_881_042, 0, 1, $0, $1) }
    #expect(abs(hypot(Double(pair[0]), Double(pair[1])) - (64 * log(2.0)).squareRoot()) < 1e-6)
  }

  // MARK: The layout

  private func philox(_ counter: [UInt32], _ key: [UInt32]) -> [UInt32] {
    var out = [UInt32](repeating: 0, count: 4)
    martlet_philox4x32_10(counter, key, &out)
    return out
  }

  private func block(_ index: UInt64, kind: UInt32, stream: UInt32, attempt: UInt32 = 0) -> [UInt32] {
    philox(
      [UInt32(truncatingIfNeeded: index), UInt32(index >> 32), stream, kind << 24 | attempt],
      [UInt32(truncatingIfNeeded: Self.seed), UInt32(Self.seed >> 32)])
  }

  private func word32(_ place: UInt64) -> UInt32 {
    block(place / 4, kind: 0, stream: Self.stream)[Int(place % 4)]
  }

  private func unit53(_ place: UInt64) -> Double {
    let words = block(place / 2, kind: 1, stream: Self.stream)
    let half = 2 * Int(place % 2)
    return Double(UInt64(words[half] >> 5) << 26 | UInt64(words[half + 1] >> 6)) / 0x1p53
  }

  private func word64(_ place: UInt64, stream: UInt32 = Self.stream, attempt: UInt32 = 0) -> UInt64 {
    let words = block(place / 2, kind: 2, stream: stream, attempt: attempt)
    let half = 2 * Int(place % 2)
    return UInt64(words[half + 1]) << 32 | UInt64(words[half])
  }

  private func normal(_ u: Double, _ v: Double, _ second: Bool) -> Double {
    let angle = 2 * Double.pi * (v - 0.125)
    return (-2 * log(u)).squareRoot() * (second ? sin(angle) : cos(angle))
  }

  private func verifySplits<T: Equatable>(
    _ unset: T, _ kernel: (UInt64, UnsafeMutablePointer<T>?, Int) -> Void
  ) {
    let whole = fill(80, unset) { kernel(0, $0, $1) }
    for start in 0...9 {
      for count in 0...67 {
        let part = fill(count + 2, unset) { kernel(UInt64(start), $0.map { $0 + 1 }, $1 - 2) }
        #expect(Array(part[1..<count + 1]) == Array(whole[start..<start + count]))
        #expect("\(part[0]) \(part[count + 1])" == "\(unset) \(unset)")
      }
    }
    // Fills across the chunks in which the kernels work.
    let long = fill(3000, unset) { kernel(1, $0, $1) }
    let tail = fill(1601, unset) { kernel(1400, $0, $1) }
    #expect(Array(long[1399...]) == tail)
  }
}

/// Moments, tails and frequencies of long fills. The seeds are fixed. A limit is five standard deviations of
/// the estimate: a right generator passes for all but about one seed in a million (one in two thousand for a
/// statistic of nine cells).
@Suite struct RandomStatisticsTests {
  private static let count = 10_000_000
  private static let piece = 1_000_000

  @Test func singleNormalsHaveTheMomentsAndTailsOfANormal() {
    verifyNormal {
      martlet_normal_f32(2024, 0, $0, 0, 1, $1, $2)
    } value: {
      Double($0 as Float)
    }
  }

  @Test func doubleNormalsHaveTheMomentsAndTailsOfANormal() {
    verifyNormal {
      martlet_normal_f64(2024, 0, $0, 0, 1, $1, $2)
    } value: {
      $0 as Double
    }
  }

  @Test func singleUniformsAreFlat() {
    verifyUniform {
      martlet_uniform_f32(2024, 1, $0, 0, 1, $1, $2)
    } value: {
      Double($0 as Float)
    }
  }

  @Test func doubleUniformsAreFlat() {
    verifyUniform {
      martlet_uniform_f64(2024, 1, $0, 0, 1, $1, $2)
    } value: {
      $0 as Double
    }
  }

  @Test func meanAndDeviationScaleANormal() {
    let plain: [Double] = fill(1001, .nan) { martlet_normal_f64(3, 0, 1, 0, 1, $0, $1) }
    let scaled: [Double] = fill(1001, .nan) { martlet_normal_f64(3, 0, 1, -7, 0.25, $0, $1) }
    #expect(scaled == plain.map { -7 + 0.25 * $0 })
    let constant: [Float] = fill(1001, .nan) { martlet_normal_f32(3, 0, 1, 1.5, 0, $0, $1) }
    #expect(Set(constant) == [1.5])
  }

  @Test func integersOfASmallSpanAreEquallyFrequent() {
    let values: [Int64] = fill(Self.piece, .max) { martlet_integers(2024, 2, 0, -500, 1001, $0, $1) }
    var counts = [Int](repeating: 0, count: 1001)
    for value in values { counts[Int(value + 500)] += 1 }
    expectFlat(counts)
  }

  /// Integers for a span where a remainder would make the lowest third twice as frequent as the others, and a
  /// product without rejection would favour the multiples of three.
  @Test func integersOfAHugeSpanAreUnbiased() {
    let values: [Int64] = fill(Self.piece, .max) { martlet_integers(2024, 3, 0, .min, 3 << 62, $0, $1) }
    var counts = [Int](repeating: 0, count: 9)
    for value in values {
      let fromLower = UInt64(bitPattern: value) &+ 1 << 63
      counts[Int(fromLower >> 62) * 3 + Int(fromLower % 3)] += 1
    }
    expectFlat(counts)
  }

  // MARK: Checks

  /// Powers of z have the expectations 0, 1, 0, 3 and the variances 1, 2, 15, 96.
  private func verifyNormal<T>(
    _ kernel: (UInt64, UnsafeMutablePointer<T>?, Int) -> Void, value: (T) -> Double
  ) {
    var sums = [0.0, 0.0, 0.0, 0.0]
    var neighbours = 0.0
    var squaredNeighbours = 0.0
    var beyond = [0, 0, 0, 0, 0]
    var last = 0.0
    var greatest = 0.0
    inPieces(kernel) { raw in
      let z = value(raw)
      let square = z * z
      sums[0] += z
      sums[1] += square
      sums[2] += z * square
      sums[3] += square * square
      neighbours += z * last
      squaredNeighbours += (square - 1) * (last * last - 1)
      let size = abs(z)
      if size > 2 { beyond[min(Int(size), 4)] += 1 }
      greatest = max(greatest, size)
      last = z
    }
    let n = Double(Self.count)
    for (sum, (expected, variance)) in zip(sums, [(0.0, 1.0), (1, 2), (0, 15), (3, 96)]) {
      #expect(abs(sum / n - expected) < 5 * (variance / n).squareRoot())
    }
    // The two numbers of a pair share a radius. Neither they nor their squares may be correlated.
    #expect(abs(neighbours / n) < 5 * (1 / n).squareRoot())
    #expect(abs(squaredNeighbours / n) < 5 * (4 / n).squareRoot())
    for (limit, found) in [(2, beyond[2...4]), (3, beyond[3...4]), (4, beyond[4...4])] {
      let share = erfc(Double(limit) / 2.0.squareRoot())
      let fraction = Double(found.reduce(0, +)) / n
      #expect(abs(fraction - share) < 5 * (share * (1 - share) / n).squareRoot(), "beyond \(limit)")
    }
    // The probability that the greatest of 10⁷ is below 4.5 is e^-68, and that it is above 6.5 is 1 in 1,200.
    #expect(4.5 < greatest && greatest < 6.5)
  }

  /// Checks the mean 1/2 and the variance 1/12, where (u - 1/2)² has the variance 1/180, and that 1,000 cells
  /// are equally full.
  private func verifyUniform<T>(
    _ kernel: (UInt64, UnsafeMutablePointer<T>?, Int) -> Void, value: (T) -> Double
  ) {
    var sum = 0.0
    var squares = 0.0
    var products = 0.0
    var last = 0.0
    var counts = [Int](repeating: 0, count: 1000)
    inPieces(kernel) { raw in
      let u = value(raw)
      let centred = u - 0.5
      sum += centred
      squares += centred * centred
      products += centred * last
      counts[Int(u * 1000)] += 1
      last = centred
    }
    let n = Double(Self.count)
    #expect(abs(sum / n) < 5 * (1 / 12 / n).squareRoot())
    #expect(abs(squares / n - 1 / 12) < 5 * (1 / 180 / n).squareRoot())
    #expect(abs(products / n) < 5 * (1 / 144 / n).squareRoot())
    expectFlat(counts)
  }

  /// Checks Pearson's statistic from below and from above. Its mean is k - 1 and its variance 2 (k - 1).
  private func expectFlat(_ counts: [Int]) {
    let expected = Double(counts.reduce(0, +)) / Double(counts.count)
    let statistic = counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    let freedom = Double(counts.count - 1)
    #expect(abs(statistic - freedom) < 5 * (2 * freedom).squareRoot())
  }

  private func inPieces<T>(
    _ kernel: (UInt64, UnsafeMutablePointer<T>?, Int) -> Void, _ body: (T) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: T.self, capacity: Self.piece) { buffer in
      for start in stride(from: 0, to: Self.count, by: Self.piece) {
        kernel(UInt64(start), buffer.baseAddress, Self.piece)
        for element in buffer { body(element) }
      }
    }
  }
}

private func fill<T>(_ count: Int, _ unset: T, _ kernel: (UnsafeMutablePointer<T>?, Int) -> Void) -> [T] {
  var out = [T](repeating: unset, count: count)
  out.withUnsafeMutableBufferPointer { kernel($0.baseAddress, count) }
  return out
}
