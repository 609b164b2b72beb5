import Testing

@testable import MartletCore

/// Sums are at least as exact as NumPy's pairwise sums, along rows and along columns.
@Suite struct SumTests {
  /// A sum in NumPy's order: halves down to 128 numbers, which are summed in eight lanes that are added as a
  /// tree.
  private func pairwise(_ x: ArraySlice<Float>) -> Float {
    if x.count > 128 {
      let half = x.count / 2 / 8 * 8
      return pairwise(x.prefix(half)) + pairwise(x.dropFirst(half))
    }
    let whole = x.count / 8 * 8, start = x.startIndex
    var lanes = [Float](repeating: 0, count: 8)
    for i in 0..<whole { lanes[i % 8] += x[start + i] }
    let first = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
    let second = (lanes[4] + lanes[5]) + (lanes[6] + lanes[7])
    return x.dropFirst(whole).reduce(first + second, +)
  }

  /// Compares the mean square of the error over many sums with that of pairwise summation. For n sums its
  /// relative deviation is √(2/n), and that of the quotient √(4/n). Three deviations are allowed.
  private func check(_ count: Int, _ name: String, _ sums: (Tensor<Float>) -> [Float]) {
    let trials = Swift.max(64, 2_000_000 / count)
    let allowed = 1 + 3 * (4 / Double(trials)).squareRoot()
    var random = RandomGenerator(seed: 17)
    let x: Tensor<Float> = random.uniform([trials, count], in: 0...1)
    let numbers = x.scalars, found = sums(x)
    var ours = 0.0, theirs = 0.0
    for trial in 0..<trials {
      let row = numbers[trial * count..<(trial + 1) * count]
      let exact = row.reduce(0.0) { $0 + Double($1) }
      ours += (Double(found[trial]) - exact) * (Double(found[trial]) - exact)
      let other = Double(pairwise(row)) - exact
      theirs += other * other
    }
    #expect(found.count == trials && ours <= allowed * theirs, "\(name): \(ours) against \(theirs), seed 17")
  }

  @Test(arguments: [100, 1000, 4099, 100_003]) func areNoLessExactThanPairwise(_ count: Int) {
    check(count, "rows") { $0.sum(axis: 1).scalars }
    check(count, "columns") { $0.transposed().cloned().sum(axis: 0).scalars }
    check(count, "strided rows") { x in
      Tensor.stacked([x, x], axis: 2)[.ellipsis, 0].sum(axis: 1).scalars
    }
    check(count, "each alone") { x in (0..<x.shape[0]).map { x[$0].sum().item } }
  }

  /// The divisors of softmax and layer norm are such sums: their long rows are right to two roundings.
  @Test func rowsOfSoftmaxAndLayerNorm() {
    var random = RandomGenerator(seed: 5)
    let x: Tensor<Float> = random.uniform([1, 3_000_001], in: 0...1)
    let shares = x.softmax(axis: 1).scalars.reduce(0.0) { $0 + Double($1) }
    #expect(abs(shares - 1) < 1.2e-7)
    let normal = (x + 1000).layerNorm(epsilon: 0).scalars.map(Double.init)
    let mean = normal.reduce(0, +) / Double(normal.count)
    let variance = normal.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(normal.count)
    // The error of the subtracted mean, about 1000.5, in standard deviations.
    #expect(abs(mean) < Double(Float(1000.5).ulp) / (1.0 / 12).squareRoot())
    #expect(abs(variance - 1) < 3e-7)
  }

  /// Narrow matrices, whose rows are joined in the loops. The numbers have exact sums.
  @Test(arguments: [1, 2, 3, 10, 64, 100, 255, 256, 300], [1, 2, 7, 129, 1000, 40_001])
  func narrowColumns(_ width: Int, _ height: Int) {
    if width * height > 4_000_000 { return }
    let numbers = (0..<height * width).map { Double($0 % 17 - 8) }
    let x = Tensor(numbers, shape: [height, width])
    var sums = [Double](repeating: 0, count: width), largest = sums.map { _ in -9.0 }
    for (i, number) in numbers.enumerated() {
      sums[i % width] += number
      largest[i % width] = max(largest[i % width], number)
    }
    #expect(x.sum(axis: 0).scalars == sums)
    #expect(x.max(axis: 0).scalars == largest)
    #expect((-x).min(axis: 0).scalars == largest.map { -$0 })
    #expect(Tensor<Int>(x).sum(axis: 0).scalars == sums.map { Int($0) })
  }

  /// Several blocks next to each other, each with rows and columns.
  @Test func middleAxes() {
    let x = Tensor<Double>.arange(0, 50 * 70 * 30).reshaped([50, 70, 30])
    let numbers = x.scalars
    var sums = [Double](repeating: 0, count: 50 * 30)
    for i in numbers.indices { sums[i / 2100 * 30 + i % 30] += numbers[i] }
    #expect(x.sum(axis: 1).scalars == sums)
    #expect(x.transposed(0, 1).sum(axis: 0).scalars == sums)
  }

  /// A NaN at any place of a row and of its tail wins, and the first of equal maxima is found.
  @Test(arguments: [15, 16, 17, 63, 64, 65, 130, 200]) func extremesAlongRows(_ count: Int) {
    for place in 0..<count {
      var numbers = (0..<count).map { Float($0 % 5) }
      numbers[place] = .nan
      let x = Tensor(numbers, shape: [1, count])
      #expect(x.max(axis: 1).item.isNaN && x.min(axis: 1).item.isNaN)
      #expect(x.argmax(axis: 1).item == place && x.argmin(axis: 1).item == place)
      numbers[place] = 7
      #expect(Tensor(numbers, shape: [1, count]).max(axis: 1).item == 7)
      #expect(Tensor(numbers, shape: [1, count]).argmax(axis: 1).item == place)
      #expect(Tensor(numbers.map { -$0 }, shape: [1, count]).argmin(axis: 1).item == place)
    }
  }
}
