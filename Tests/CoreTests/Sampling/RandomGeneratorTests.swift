import Testing

@testable import MartletCore

/// A generator is a value: its numbers depend only on seed, stream and offset.
@Suite struct RandomGeneratorTests {
  typealias Draw = (name: String, take: @Sendable (inout RandomGenerator, TensorShape) -> [UInt64])

  static let draws: [Draw] = [
    ("normal Float", { ($0.normal($1) as Tensor<Float>).scalars.map { UInt64($0.bitPattern) } }),
    ("normal Double", { ($0.normal($1, mean: 3, deviation: 2) as Tensor<Double>).scalars.map(\.bitPattern) }),
    (
      "uniform Float", { ($0.uniform($1, in: -1...1) as Tensor<Float>).scalars.map { UInt64($0.bitPattern) } }
    ),
    ("uniform Double", { ($0.uniform($1) as Tensor<Double>).scalars.map(\.bitPattern) }),
    ("exponential", { ($0.exponential($1) as Tensor<Float>).scalars.map { UInt64($0.bitPattern) } }),
    ("gamma", { $0.gamma(Tensor<Double>.full($1, 0.7)).scalars.map(\.bitPattern) }),
    ("integers", { $0.integers($1, in: -5..<1000).scalars.map { UInt64(bitPattern: Int64($0)) } }),
  ]

  @Test(arguments: draws.indices) func aFillIsTheSameHoweverItIsSplit(_ number: Int) {
    let draw = Self.draws[number].take
    var whole = RandomGenerator(seed: 9, stream: 4)
    let expected = draw(&whole, [1003])
    for parts in [[1, 1002], [2, 3, 5, 993], [500, 0, 503], [1, 1, 1, 1000], [511, 492]] {
      var split = RandomGenerator(seed: 9, stream: 4)
      #expect(parts.flatMap { draw(&split, [$0]) } == expected, "\(parts)")
      #expect(split == whole)
    }
    var shaped = RandomGenerator(seed: 9, stream: 4)
    #expect(draw(&shaped, [17, 59]) == expected)
    var skipped = RandomGenerator(state: .init(seed: 9, stream: 4, offset: 77))
    #expect(draw(&skipped, [100]) == Array(expected[77..<177]))
  }

  @Test(arguments: draws.indices) func seedsAndStreamsDiffer(_ number: Int) {
    let draw = Self.draws[number].take
    var seen: [[UInt64]] = []
    for seed in [0, 1, 2, 1 << 32, .max] as [UInt64] {
      for stream in [0, 1, .max] as [UInt32] {
        var generator = RandomGenerator(seed: seed, stream: stream)
        seen.append(draw(&generator, [64]))
        seen.append(draw(&generator, [64]))
      }
    }
    #expect(Set(seen).count == 30)
    for (i, a) in seen.enumerated() {
      for b in seen[..<i] { #expect(zip(a, b).count { $0 == $1 } <= 3, "streams share few elements or none") }
    }
  }

  @Test(arguments: draws.indices) func aStateIsSavedAndRestored(_ number: Int) {
    let draw = Self.draws[number].take
    var generator = RandomGenerator(seed: 21)
    _ = draw(&generator, [13])
    let saved = generator.state
    #expect(saved == RandomGenerator.State(seed: 21, stream: 0, offset: 13))
    var copy = generator
    let next = draw(&generator, [50])
    #expect(copy.state == saved && generator.state.offset == 63)
    #expect(draw(&copy, [50]) == next, "a copy is a value of its own")
    generator.state = saved
    #expect(draw(&generator, [50]) == next)
    var restored = RandomGenerator(state: saved)
    #expect(draw(&restored, [50]) == next && restored == generator)
  }

  @Test func anOffsetAtItsEndWrapsAround() {
    var generator = RandomGenerator(state: .init(seed: 1, offset: .max - 2))
    let x: Tensor<Double> = generator.uniform([3])
    #expect(generator.state.offset == 0 && Set(x.scalars).count == 3)
  }

  @Test func integersKeepTheirBounds() {
    var generator = RandomGenerator(seed: 2)
    let narrow = generator.integers([4000], in: -2..<3).scalars
    #expect(Set(narrow) == [-2, -1, 0, 1, 2])
    #expect(generator.integers([5], in: 7..<8).scalars == [7, 7, 7, 7, 7])
    let wide = generator.integers([1000], in: .min ..< .max).scalars
    #expect(wide.contains { $0 < Int.min / 2 } && wide.contains { $0 > Int.max / 2 } && !wide.contains(.max))
    let high = generator.integers([1000], in: (.max - 3) ..< .max).scalars
    #expect(Set(high) == [.max - 3, .max - 2, .max - 1])
    #expect(
      generator.integers([0, 3], in: 0..<2).shape == [0, 3] && generator.integers([], in: 4..<5).item == 4)
  }

  @Test func uniformNumbersKeepTheirBounds() {
    var generator = RandomGenerator(seed: 3)
    let x: Tensor<Float> = generator.uniform([100_000], in: 1...1.0000002)
    #expect(x.min().item >= 1 && x.max().item < 1.0000002)
    let same: Tensor<Double> = generator.uniform([9], in: 4...4)
    #expect(same.scalars == Array(repeating: 4, count: 9))
    let widest: Tensor<Float> = generator.uniform(
      [1000], in: -Float.greatestFiniteMagnitude ... .greatestFiniteMagnitude)
    #expect(widest.scalars.allSatisfy(\.isFinite) && widest.min().item < -1e38 && widest.max().item > 1e38)
  }

  @Test func aPermutationIsOneAndIsFair() {
    var generator = RandomGenerator(seed: 4)
    for count in [0, 1, 2, 3, 100, 5001] {
      let order = generator.permutation(count)
      #expect(order.shape == [count] && order.scalars.sorted() == Array(0..<count))
    }
    var places = [[Int]: Int]()
    for _ in 0..<24_000 { places[generator.permutation(4).scalars, default: 0] += 1 }
    #expect(places.count == 24)
    // χ² with 23 degrees of freedom is below 49.7 with probability 0.999.
    let chi = places.values.reduce(0) { $0 + Double(($1 - 1000) * ($1 - 1000)) / 1000 }
    #expect(chi < 49.7)
  }

  @Test func badArgumentsAreRefused() {
    let mistakes: [@Sendable (inout RandomGenerator) -> Any] = [
      { $0.integers([3], in: 5..<5) }, { $0.integers([-1], in: 0..<5) }, { $0.permutation(-1) },
      { $0.normal([2], mean: 0, deviation: -1) as Tensor<Float> },
      { $0.normal([2], deviation: .nan) as Tensor<Double> },
      { $0.normal([-2]) as Tensor<Float> }, { $0.uniform([2], in: 0...(.infinity)) as Tensor<Double> },
      { $0.uniform([1 << 62, 4]) as Tensor<Float> }, { _ in Tensor<Int>.integers([2], in: 3..<3) },
      { _ in Tensor<Int>.permutation(-4) }, { _ in Tensor<Float>.normal([2], deviation: -3) },
      { _ in Tensor<Double>.uniform([-1]) },
    ]
    for (number, mistake) in mistakes.enumerated() {
      let error = #expect(throws: TensorError.self, "\(number)") {
        try catchingTensorErrors {
          var generator = RandomGenerator(seed: 0)
          _ = mistake(&generator)
          #expect(generator.state.offset == 0, "nothing is drawn")
        }
      }
      #expect(error?.location?.hasPrefix("RandomGeneratorTests.swift:") == true, "\(number)")
    }
  }

  /// The number of threads is set for the whole process, so the test runs in a process of its own.
  @Test func threadsDoNotChangeABit() async {
    await #expect(processExitsWith: .success) {
      func fills() -> [[UInt64]] {
        Self.draws.map { draw in
          var generator = RandomGenerator(state: .init(seed: 6, stream: 1, offset: 3))
          return draw.take(&generator, [500_001])
        }
      }
      Threads.count = 1
      let one = fills()
      for count in [2, 3, 5] {
        Threads.count = count
        precondition(fills() == one, "\(count) threads")
      }
    }
  }
}
