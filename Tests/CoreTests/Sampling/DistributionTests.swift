import MartletCore
import Testing

/// Moments and tails of ten million numbers, within five standard errors. The seeds are fixed, so that a test
/// always passes or always fails. The tests run one at a time, because each holds some 400 MB.
@Suite(.serialized) struct DistributionTests {
  static let count = 10_000_000
  static let root = Double(count).squareRoot()

  @Test func normalDoubles() { normal(Double.self, seed: 101) }
  @Test func normalFloats() { normal(Float.self, seed: 102) }
  @Test func uniformDoubles() { uniform(Double.self, seed: 103) }
  @Test func uniformFloats() { uniform(Float.self, seed: 104) }

  private func normal<Element: DifferentiableScalar>(_ type: Element.Type, seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    let x: Tensor<Element> = generator.normal([Self.count / 1000, 1000], mean: -2, deviation: 3)
    let z = (Tensor<Double>(x) + 2) / 3
    let square = z * z
    #expect(abs(z.mean().item) < 5 / Self.root)
    #expect(abs(square.mean().item - 1) < 5 * 2.0.squareRoot() / Self.root)
    #expect(abs((square * z).mean().item) < 5 * 15.0.squareRoot() / Self.root)
    #expect(abs((square * square).mean().item - 3) < 5 * 96.0.squareRoot() / Self.root)
    // 1 − Φ(t) for t = 0, 1, 2, 3, 4, 5, checked on both sides.
    let tails = [
      (0.0, 0.5), (1, 0.158_655_253_931_457), (2, 0.022_750_131_948_179), (3, 1.349_898_031_630e-3),
      (4, 3.167_124_183_31e-5), (5, 2.866_515_719e-7),
    ]
    for (t, p) in tails {
      let expected = p * Double(Self.count), error = 5 * (expected * (1 - p)).squareRoot()
      #expect(abs(Double((z > t).sum().item) - expected) < error, "above \(t)")
      #expect(abs(Double((z < -t).sum().item) - expected) < error, "below \(-t)")
    }
    // Neighbours are not correlated, also not the pairs of the Box–Muller transform.
    let flat = z.flattened(), n = Self.count
    for lag in [1, 2, 3, 4, 1000] {
      let correlation = (flat[lag..<n] * flat[0..<(n - lag)]).mean().item
      #expect(abs(correlation) < 5 / Self.root, "lag \(lag)")
    }
    let squares = square.flattened() - 1
    #expect(abs((squares[1...] * squares[..<(n - 1)]).mean().item) < 5 * 2 / Self.root)
  }

  private func uniform<Element: DifferentiableScalar>(_ type: Element.Type, seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    let x: Tensor<Element> = generator.uniform([Self.count], in: -1...3)
    #expect(x.min().item >= -1 && x.max().item < 3)
    let u = (Tensor<Double>(x) + 1) / 4
    let centred = u - 0.5
    #expect(abs(centred.mean().item) < 5 * (1.0 / 12).squareRoot() / Self.root)
    #expect(abs((centred * centred).mean().item - 1.0 / 12) < 5 * (1.0 / 180).squareRoot() / Self.root)
    for edge in [1e-6, 1e-4, 0.01, 0.25] {
      let expected = edge * Double(Self.count), error = 5 * expected.squareRoot()
      #expect(abs(Double((u < edge).sum().item) - expected) < error, "below \(edge)")
      #expect(abs(Double((u >= 1 - edge).sum().item) - expected) < error, "above \(1 - edge)")
    }
    let n = Self.count
    #expect(abs((centred[1...] * centred[..<(n - 1)]).mean().item) < 5.0 / 12 / Self.root)
  }

  /// The bound divides no power of two: a biased method would favour some numbers by a third.
  @Test func integersAreFair() {
    var generator = RandomGenerator(seed: 105)
    let bound = 3 << 61
    let x = generator.integers([Self.count], in: 0..<bound)
    for third in 0..<3 {
      let lower = third << 61, share = (x >= lower) .& (x < lower + 1 << 61)
      let expected = Double(Self.count) / 3
      #expect(abs(Double(share.sum().item) - expected) < 5 * (expected * 2 / 3).squareRoot())
    }
    let dice = generator.integers([Self.count], in: 1..<7)
    #expect(dice.min().item == 1 && dice.max().item == 6)
    for face in 1...6 {
      let expected = Double(Self.count) / 6
      #expect(
        abs(Double((dice .== face).sum().item) - expected) < 5 * (expected * 5 / 6).squareRoot(), "\(face)")
    }
  }
}
