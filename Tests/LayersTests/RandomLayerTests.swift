import Martlet
import Testing

/// The random numbers of layers: the initial weights, and the dropped elements.
@Suite struct RandomLayerTests {
  private func moments(_ values: [some BinaryFloatingPoint]) -> (mean: Double, variance: Double) {
    let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
    return (mean, values.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(values.count))
  }

  /// Checks that values fill −bound…bound evenly: none is outside, all tenths are alike, and the ends are
  /// almost reached.
  private func expectUniform(_ values: [Float], bound: Double) {
    #expect(values.allSatisfy { Double(abs($0)) <= bound })
    var counts = [Int](repeating: 0, count: 10)
    for value in values { counts[min(9, Int((Double(value) / bound + 1) * 5))] += 1 }
    let expected = Double(values.count) / 10
    let spread = (expected * 0.9).squareRoot()
    #expect(counts.allSatisfy { abs(Double($0) - expected) < 5 * spread }, "\(counts)")
    #expect(Double(values.max()!) > bound * 0.99 && Double(values.min()!) < -bound * 0.99)
  }

  @Test("Linear starts uniform in ±1/√inputs, weight and bias", arguments: [1, 4, 100])
  func linear(_ inputs: Int) {
    var random = RandomGenerator(seed: 11)
    let layer = withRandom(&random) { Linear(inputs, 20_000) }
    let bound = 1 / Double(inputs).squareRoot() * (1 + 1e-7)
    expectUniform(Array(layer.weight.scalars.prefix(50_000)), bound: bound)
    expectUniform(layer.bias!.scalars, bound: bound)
    let double = withRandom(&random) { Linear<Double>(inputs, 5000) }
    expectUniform(double.bias!.scalars.map(Float.init), bound: bound)
  }

  @Test("RNNCell starts uniform in ±1/√hidden, or as its Linear layers do")
  func rnn() {
    var random = RandomGenerator(seed: 12)
    let plain = withRandom(&random) { RNNCell(inputs: 3, hidden: 64) }
    for (name, parameter) in plain.namedParameters {
      #expect(parameter.scalars.allSatisfy { abs($0) <= 0.125 }, "\(name)")
      #expect(parameter.scalars.map(abs).max()! > 0.115, "\(name)")
    }
    let layered = withRandom(&random) { RNNCell(inputs: 4, hidden: 100, outputs: 3) }
    for (name, parameter) in layered.namedParameters {
      let bound: Float = name.hasPrefix("w_ih") ? 0.5 : 0.1
      #expect(parameter.scalars.allSatisfy { abs($0) <= bound }, "\(name)")
      #expect(parameter.count < 50 || parameter.scalars.map(abs).max()! > 0.9 * bound, "\(name)")
    }
  }

  @Test("Embedding starts with standard normal numbers")
  func embedding() {
    var random = RandomGenerator(seed: 13)
    let values = withRandom(&random) { Embedding(500, 200) }.weight.scalars
    let (mean, variance) = moments(values)
    #expect(abs(mean) < 5 / 100_000.0.squareRoot())
    #expect(abs(variance - 1) < 5 * (2 / 100_000.0).squareRoot())
    let beyond = Double(values.count { abs($0) > 2 }) / 100_000
    #expect(abs(beyond - 0.0455) < 5 * (0.0455 * 0.9545 / 100_000).squareRoot(), "the share outside ±2")
  }

  @Test("The same seed gives the same layers, the next draws others")
  func seeds() {
    var a = RandomGenerator(seed: 5), b = a
    let first = withRandom(&a) { Linear(4, 4) }, again = withRandom(&b) { Linear(4, 4) }
    let next = withRandom(&a) { Linear(4, 4) }
    #expect(first.weight.scalars == again.weight.scalars && first.bias!.scalars == again.bias!.scalars)
    #expect(first.weight.scalars != next.weight.scalars)
  }

  @Test("Dropout zeroes a share p, and scales the rest so that the mean stays", arguments: [0.1, 0.5, 0.9])
  func dropout(_ p: Double) {
    var random = RandomGenerator(seed: 21)
    let n = 100_000.0
    let y = withRandom(&random) { Dropout(p)(.full([100_000], 3)) }.scalars
    let zeros = Double(y.count { $0 == 0 })
    #expect(abs(zeros / n - p) < 5 * (p * (1 - p) / n).squareRoot())
    #expect(y.allSatisfy { $0 == 0 || abs(Double($0) - 3 / (1 - p)) < 1e-6 / (1 - p) * 3 })
    let deviation = 3 * (p / (1 - p) / n).squareRoot()
    #expect(abs(moments(y).mean - 3) < 5 * deviation)
  }

  @Test("The elements that are dropped do not depend on their neighbours")
  func independence() {
    var random = RandomGenerator(seed: 22)
    let y = withRandom(&random) { Dropout(0.5)(.ones([300, 300])) }
    let rows = y.mean(axis: 1).scalars, columns = y.mean(axis: 0).scalars
    let deviation = (1 / 300.0).squareRoot()
    for means in [rows, columns] {
      #expect(means.allSatisfy { abs(Double($0) - 1) < 5 * deviation })
      #expect(abs(moments(means).variance.squareRoot() - deviation) < 0.25 * deviation)
    }
  }

  @Test("Dropout lets everything pass in evaluation and with p = 0, and nothing with p = 1")
  func extremes() {
    let x = Tensor<Float>([1, -2, 3], requiresGrad: true)
    let layer = Dropout(0.5)
    layer.eval()
    #expect(layer(x).scalars == [1, -2, 3])
    #expect(Dropout(0)(x).scalars == [1, -2, 3])
    let none = Dropout(1)(x)
    #expect(none.scalars.allSatisfy { $0 == 0 })
    none.sum().backward()
    #expect(x.grad?.scalars == [0, 0, 0])
    #expect(Dropout(0.5)(Tensor<Float>.zeros([0, 3])).shape == [0, 3])
  }

  @Test("Dropout's gradient is the factor of each element: 0 or 1 / (1 − p)")
  func gradient() {
    var random = RandomGenerator(seed: 23)
    let x = Tensor<Double>.full([50], 2, requiresGrad: true)
    let y = withRandom(&random) { Dropout<Double>(0.75)(x) }
    y.sum().backward()
    #expect(x.grad!.scalars == y.scalars.map { $0 / 2 })
    #expect(Set(x.grad!.scalars) == [0, 4])
  }

  @Test("Dropout drops the same for a seed, other elements in the next call")
  func dropoutSeeds() {
    var a = RandomGenerator(seed: 9), b = a
    let layer = Dropout(0.5), x = Tensor<Float>.ones([64])
    let first = withRandom(&a) { [layer(x).scalars, layer(x).scalars] }
    let again = withRandom(&b) { [layer(x).scalars, layer(x).scalars] }
    #expect(first == again)
    #expect(first[0] != first[1])
  }

  @Test("Probabilities outside 0...1 are refused", arguments: [-0.1, 1.1, .nan, .infinity])
  func probabilities(_ p: Double) {
    let error = #expect(throws: TensorError.self) { try catchingTensorErrors { Dropout(p) } }
    #expect(
      error?.description.hasPrefix(
        "Dropout: the probability must be in 0...1, not \(p) (RandomLayerTests.swift:") == true)
  }
}
