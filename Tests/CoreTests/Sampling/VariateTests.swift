import Foundation
import MartletCore
import TestSupport
import Testing

/// The distributions beyond the uniform and the normal: the largest distance of the empirical distribution function
/// from the true one (Kolmogorov & Smirnov), and χ² of counts. The seeds are fixed.
@Suite struct VariateTests {
  static let count = 20_000

  struct Continuous: Sendable, CustomTestStringConvertible {
    let name: String
    let draw: @Sendable (inout RandomGenerator) -> Tensor<Double>
    let distribution: @Sendable (Double) -> Double
    var testDescription: String { name }
  }

  private static func full(_ value: Double) -> Tensor<Double> { .full([count], value) }

  static let continuous: [Continuous] = [
    Continuous(
      name: "exponential", draw: { $0.exponential([count], rate: 2) }, distribution: { 1 - exp(-2 * $0) }),
    Continuous(
      name: "exponential, Float", draw: { Tensor<Double>($0.exponential([count]) as Tensor<Float>) },
      distribution: { 1 - exp(-$0) }),
    Continuous(
      name: "logNormal", draw: { $0.logNormal([count], mean: 1, deviation: 0.5) },
      distribution: {
        erfc(-(log($0) - 1) / 0.5 / 2.0.squareRoot()) / 2
      }),
    Continuous(
      name: "cauchy", draw: { $0.cauchy([count], location: 1, scale: 2) },
      distribution: {
        0.5 + atan(($0 - 1) / 2) / .pi
      }),
    Continuous(
      name: "laplace", draw: { $0.laplace([count], location: -1, scale: 2) },
      distribution: {
        $0 < -1 ? exp(($0 + 1) / 2) / 2 : 1 - exp(-($0 + 1) / 2) / 2
      }),
    Continuous(
      name: "gumbel", draw: { $0.gumbel([count], location: 1, scale: 2) },
      distribution: {
        exp(-exp(-($0 - 1) / 2))
      }),
    Continuous(
      name: "truncatedNormal", draw: { $0.truncatedNormal([count], mean: 1, deviation: 2, in: -1...2) },
      distribution: {
        func share(_ x: Double) -> Double { erfc(-(x - 1) / 2 / 2.0.squareRoot()) / 2 }
        return (share($0) - share(-1)) / (share(2) - share(-1))
      }),
    Continuous(
      name: "truncatedNormal, tail", draw: { $0.truncatedNormal([count], in: 8...9) },
      distribution: {
        func share(_ x: Double) -> Double { erfc(x / 2.0.squareRoot()) }
        return (share(8) - share($0)) / (share(8) - share(9))
      }),
    Continuous(
      name: "gamma 3", draw: { $0.gamma(full(3)) }, distribution: { 1 - exp(-$0) * (1 + $0 + $0 * $0 / 2) }),
    Continuous(name: "gamma ½", draw: { $0.gamma(full(0.5)) }, distribution: { erf($0.squareRoot()) }),
    Continuous(
      name: "gamma 1, Float", draw: { Tensor<Double>($0.gamma(Tensor<Float>.ones([count]))) },
      distribution: {
        1 - exp(-$0)
      }),
    Continuous(
      name: "beta", draw: { $0.beta(full(2), Tensor<Double>([3])) },
      distribution: {
        let x = $0
        return x * x * (6 - 8 * x + 3 * x * x)
      }),
    Continuous(
      name: "beta ½", draw: { $0.beta(full(0.5), full(0.5)) },
      distribution: { 2 / .pi * asin($0.squareRoot()) }),
    Continuous(
      name: "dirichlet",
      draw: { $0.dirichlet(Tensor<Double>([1, 1, 1]).broadcast(to: [count, 3]))[0..., 1] },
      distribution: { 1 - (1 - $0) * (1 - $0) }),
  ]

  /// The distance exceeds 1.95 / √n with probability 0.001.
  @Test(arguments: continuous) func followsItsDistribution(_ distribution: Continuous) {
    var generator = RandomGenerator(seed: 11)
    let numbers = distribution.draw(&generator).scalars.sorted(), n = Double(numbers.count)
    #expect(numbers.count == Self.count)
    let distance = numbers.enumerated().reduce(0.0) { largest, entry in
      let share = distribution.distribution(entry.element)
      return max(largest, share - Double(entry.offset) / n, Double(entry.offset + 1) / n - share)
    }
    #expect(distance < 1.95 / n.squareRoot())
  }

  /// χ² with k − 1 degrees of freedom is below k + 4 √(2k) in all but a few cases of 10⁴.
  private func expectCounts(
    _ numbers: [Double], _ probability: (Int) -> Double, _ range: Range<Int>,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var chi = 0.0, classes = 0.0
    for k in range {
      let expected = probability(k) * Double(numbers.count), found = Double(numbers.count { $0 == Double(k) })
      chi += (found - expected) * (found - expected) / expected
      classes += 1
    }
    #expect(chi < classes + 4 * (2 * classes).squareRoot(), sourceLocation: sourceLocation)
  }

  @Test(arguments: [0.3, 4, 9.9, 10, 60]) func poissonCounts(_ rate: Double) {
    var generator = RandomGenerator(seed: 12)
    let spread = 3 * rate.squareRoot(), low = max(0, Int(rate - spread)), high = Int(rate + spread) + 2
    func probability(_ k: Int) -> Double { exp(Double(k) * log(rate) - rate - lgamma(Double(k) + 1).0) }
    expectCounts(generator.poisson(Self.full(rate)).scalars, probability, low..<high)
    let few = generator.poisson(Tensor<Float>.full([Self.count], Float(rate)))
    expectCounts(Tensor<Double>(few).scalars, probability, low..<high)
  }

  /// Large rates have the mean and the variance of the rate, and rate 0 is 0.
  @Test func poissonExtremes() {
    var generator = RandomGenerator(seed: 13)
    let centred = generator.poisson(Self.full(1e12)) - 1e12, root = Double(Self.count).squareRoot()
    #expect(abs(centred.mean().item) < 4e6 / root)
    #expect(abs((centred * centred).mean().item / 1e12 - 1) < 4 * 2.0.squareRoot() / root)
    #expect(generator.poisson(Tensor<Double>([0, 0])).scalars == [0, 0])
  }

  @Test func trialsCounts() {
    var generator = RandomGenerator(seed: 14)
    let waits: Tensor<Double> = generator.geometric([Self.count], probability: 0.3)
    expectCounts(waits.scalars, { 0.3 * pow(0.7, Double($0 - 1)) }, 1..<15)
    let certain: Tensor<Float> = generator.geometric([50], probability: 1)
    #expect(certain.scalars == Array(repeating: 1, count: 50))
    let heads: Tensor<Float> = generator.bernoulli([Self.count], probability: 0.2)
    expectCounts(heads.scalars.map(Double.init), { $0 == 0 ? 0.8 : 0.2 }, 0..<2)
    let mixed = generator.bernoulli(Tensor<Double>([0, 1, 0.5]).broadcast(to: [Self.count, 3]))
    #expect(mixed[0..., 0].sum().item == 0 && mixed[0..., 1].sum().item == Double(Self.count))
    expectCounts(mixed[0..., 2].scalars, { _ in 0.5 }, 0..<2)
  }

  /// Indices are drawn in proportion to the weights; without replacement their order is that of successive draws.
  @Test func multinomialCounts() {
    var generator = RandomGenerator(seed: 15)
    let weights = Tensor<Float>([[1, 0, 3], [2, 2, 0]]), n = Self.count
    let many = generator.multinomial(weights, count: n, replacement: true)
    #expect(many.shape == [2, n])
    expectCounts(many[0].scalars.map(Double.init), { _ in 0.25 }, 0..<1)
    expectCounts(many[1].scalars.map(Double.init), { _ in 0.5 }, 0..<2)
    #expect(Set(many[0].scalars) == [0, 2] && Set(many[1].scalars) == [0, 1])
    let rows = Tensor<Double>([1, 2, 3]).broadcast(to: [n, 3])
    let pairs = generator.multinomial(rows, count: 2)
    #expect(pairs.shape == [n, 2])
    // The probability of the order i, j is wᵢ / 6 · wⱼ / (6 − wᵢ).
    let w = [1.0, 2, 3], codes = pairs.scalars
    let orders = stride(from: 0, to: codes.count, by: 2).map { Double(codes[$0] * 3 + codes[$0 + 1]) }
    for i in 0..<3 {
      for j in 0..<3 where i != j {
        expectCounts(orders, { _ in w[i] / 6 * w[j] / (6 - w[i]) }, (i * 3 + j)..<(i * 3 + j + 1))
      }
    }
    let order = generator.multinomial(Tensor<Double>((0..<100).map { Double($0 + 1) }), count: 100)
    #expect(order.scalars.sorted() == Array(0..<100))
    #expect(generator.multinomial(Tensor<Float>.ones([0, 3]), count: 2).shape == [0, 2])
    #expect(generator.multinomial(Tensor<Double>([-0.0, 1, 0]), count: 1).scalars == [1])
  }

  /// Extreme parameters give numbers inside the range of the distribution.
  @Test func extremes() {
    var generator = RandomGenerator(seed: 16)
    let tiny = generator.gamma(Tensor<Float>.full([1000], 1e-3)), huge = generator.gamma(Self.full(1e300))
    #expect(tiny.min().item >= 0 && huge.isFinite.all() && huge.min().item > 9e299)
    let corners = generator.dirichlet(Tensor<Float>.full([1000, 3], 1e-3))
    #expect(corners.isFinite.all() && (corners.sum(axis: 1) - 1).abs().max().item < 1e-5)
    let waits: Tensor<Float> = generator.exponential([100_000])
    #expect(waits.min().item > 0 && waits.isFinite.all())
    let bounded: Tensor<Float> = generator.truncatedNormal([1000], mean: 5, deviation: 0.1, in: 4.99...5)
    #expect(bounded.min().item >= 4.99 && bounded.max().item <= 5)
    #expect(generator.gamma(Tensor<Double>.ones([0, 2])).shape == [0, 2])
  }

  /// The default generator draws the numbers of a generator's value, and advances as it does.
  @Test func theDefaultGeneratorDrawsTheSame() {
    var scope = RandomGenerator(seed: 17), alone = scope
    let a = Tensor<Double>([0.5, 2, 7]), weights = Tensor<Double>([[1, 2, 3], [3, 2, 1]])
    let drawn: [[Double]] = withRandom(&scope) {
      [
        Tensor<Double>.exponential([3], rate: 2), Tensor<Double>.logNormal([3], mean: 1, deviation: 2),
        Tensor<Double>.truncatedNormal([3], in: 0...1), Tensor<Double>.cauchy([3], location: 1, scale: 2),
        Tensor<Double>.laplace([3], location: 1, scale: 2), Tensor<Double>.gumbel([3], location: 1, scale: 2),
        Tensor.gamma(a), Tensor.beta(a, a), Tensor.dirichlet(a), Tensor.poisson(a),
        Tensor.bernoulli(a / 7), Tensor<Double>.bernoulli([3], probability: 0.5),
        Tensor<Double>.geometric([3], probability: 0.5), Tensor<Double>(weights.multinomial(2)),
        Tensor<Double>(weights.multinomial(5, replacement: true)),
      ].map(\.scalars)
    }
    let expected: [Tensor<Double>] = [
      alone.exponential([3], rate: 2), alone.logNormal([3], mean: 1, deviation: 2),
      alone.truncatedNormal([3], in: 0...1), alone.cauchy([3], location: 1, scale: 2),
      alone.laplace([3], location: 1, scale: 2), alone.gumbel([3], location: 1, scale: 2),
      alone.gamma(a), alone.beta(a, a), alone.dirichlet(a), alone.poisson(a),
      alone.bernoulli(a / 7), alone.bernoulli([3], probability: 0.5),
      alone.geometric([3], probability: 0.5), Tensor<Double>(alone.multinomial(weights, count: 2)),
      Tensor<Double>(alone.multinomial(weights, count: 5, replacement: true)),
    ]
    #expect(drawn == expected.map(\.scalars))
    #expect(scope == alone)
  }
}
