import MartletCore
import Testing

/// The source of random tensors: the process's generator, or that of a scope.
@Suite struct RandomScopeTests {
  private func everyKind() -> [[Double]] {
    [
      Tensor<Float>.normal([3], mean: 1, deviation: 2).scalars.map(Double.init),
      Tensor<Double>.normal([2]).scalars,
      Tensor<Float>.uniform([3], in: -1...1).scalars.map(Double.init), Tensor<Double>.uniform([2]).scalars,
      Tensor<Int>.integers([5], in: 0..<100).scalars.map(Double.init),
      Tensor<Int>.permutation(10).scalars.map(Double.init),
    ]
  }

  @Test func aScopeDrawsWhatItsGeneratorDoes() {
    var scope = RandomGenerator(seed: 7), alone = RandomGenerator(seed: 7)
    let drawn = withRandom(&scope) { everyKind() }
    let a: Tensor<Float> = alone.normal([3], mean: 1, deviation: 2), b: Tensor<Double> = alone.normal([2])
    let c: Tensor<Float> = alone.uniform([3], in: -1...1), d: Tensor<Double> = alone.uniform([2])
    let e = alone.integers([5], in: 0..<100), f = alone.permutation(10)
    let expected: [Tensor<Double>] = [Tensor(a), b, Tensor(c), d, Tensor(e), Tensor(f)]
    #expect(drawn == expected.map(\.scalars))
    #expect(scope == alone && scope.state.offset == 25, "what was drawn is taken from the generator")
    withRandom(&scope) { #expect(everyKind() != drawn, "a scope goes on where it stopped") }
  }

  @Test func scopesNestAndAreRestored() {
    var outer = RandomGenerator(seed: 1), inner = RandomGenerator(seed: 2), plain = RandomGenerator(seed: 1)
    let expected = (plain.uniform([4]) as Tensor<Double>).scalars
    withRandom(&outer) {
      let first = Tensor<Double>.uniform([2]).scalars
      withRandom(&inner) { _ = Tensor<Double>.uniform([100]) }
      #expect(first + Tensor<Double>.uniform([2]).scalars == expected)
    }
    #expect(outer.state.offset == 4 && inner.state.offset == 100)
  }

  @Test func aScopeThatThrowsKeepsWhatWasDrawn() {
    struct Stop: Error {}
    var generator = RandomGenerator(seed: 3)
    #expect(throws: Stop.self) {
      try withRandom(&generator) {
        _ = Tensor<Int>.permutation(6)
        throw Stop()
      }
    }
    #expect(generator.state.offset == 6)
  }

  @Test func aSeedInAScopeIsTheScopes() {
    var generator = RandomGenerator(seed: 8), seven = RandomGenerator(seed: 7)
    withRandom(&generator) {
      seedRandom(7)
      #expect(Tensor<Float>.normal([5]).scalars == (seven.normal([5]) as Tensor<Float>).scalars)
    }
    #expect(generator.state == .init(seed: 7, stream: 0, offset: 5))
  }

  /// The test runs in a process of its own, in which no other test draws.
  @Test func theProcesssGeneratorIsSeededAndLeftAloneByScopes() async {
    await #expect(processExitsWith: .success) {
      let unseeded = Tensor<Double>.uniform([4]).scalars
      seedRandom(5)
      var plain = RandomGenerator(seed: 5), other = RandomGenerator(seed: 6)
      let expected = (plain.normal([6]) as Tensor<Double>).scalars
      let first = Tensor<Double>.normal([3]).scalars
      withRandom(&other) { _ = Tensor<Double>.normal([50]) }
      precondition(first + Tensor<Double>.normal([3]).scalars == expected)
      seedRandom(5)
      precondition(Tensor<Double>.normal([6]).scalars == expected)
      precondition(unseeded != (0..<1).flatMap { _ in Tensor<Double>.uniform([4]).scalars })
    }
  }

  @Test func eachTaskHasTheScopeItWasStartedIn() async {
    let sums = await withTaskGroup(of: (Int, Double).self) { group in
      for seed in 0..<8 {
        group.addTask {
          var generator = RandomGenerator(seed: UInt64(seed))
          return (
            seed,
            withRandom(&generator) {
              (0..<50).reduce(0) { sum, _ in sum + Tensor<Double>.uniform([7]).sum().item }
            }
          )
        }
      }
      return await group.reduce(into: [Int: Double]()) { $0[$1.0] = $1.1 }
    }
    for seed in 0..<8 {
      var generator = RandomGenerator(seed: UInt64(seed))
      let expected = (0..<50).reduce(0) { sum, _ in
        sum + (generator.uniform([7]) as Tensor<Double>).sum().item
      }
      #expect(sums[seed] == expected)
    }
  }

  @Test func aParameterMayBeDrawn() {
    var generator = RandomGenerator(seed: 1)
    withRandom(&generator) {
      #expect(Tensor<Float>.normal([2], requiresGrad: true).requiresGrad)
      #expect(
        Tensor<Double>.uniform([2], requiresGrad: true).isLeaf && !Tensor<Double>.uniform([2]).requiresGrad)
    }
  }
}
