import MartletCore
import TestSupport
import Testing

/// Repetitions, binary searches and counts in bins.
struct SearchingTests {
  @Test func uniqueElements() {
    let x = Tensor<Float>([[3, .nan, 0], [-0.0, 3, .nan]])
    let (values, inverse, counts) = x.unique()
    #expect("\(values.scalars)" == "[0.0, 3.0, nan, nan]")
    #expect(inverse.shape == [2, 3] && inverse.scalars == [1, 2, 0, 0, 1, 3])
    #expect(counts.scalars == [2, 2, 1, 1])
    #expect(x.transposed().unique().inverse.scalars == [1, 0, 2, 1, 0, 3])
    #expect(Tensor<Bool>([true, false, true]).unique().values.scalars == [false, true])
    let none = Tensor<Int>.zeros([2, 0]).unique()
    #expect(none.values.shape == [0] && none.inverse.shape == [2, 0] && none.counts.shape == [0])
    #expect(Tensor<Int>(4).unique().inverse.shape == [])
  }

  @Test func manyUniqueElements() {
    var random = SampleRandom(seed: 3)
    let numbers = (0..<30_000).map { _ in Int32(random.next() % 5000) }
    let (values, inverse, counts) = Tensor(numbers).unique()
    let occurrences = Dictionary(numbers.map { ($0, 1) }, uniquingKeysWith: +)
    #expect(values.scalars == occurrences.keys.sorted())
    #expect(counts.scalars == values.scalars.map { occurrences[$0]! })
    #expect(values.gathered(inverse, axis: 0).scalars == numbers)
  }

  @Test func uniqueSlices() {
    let x = Tensor<Int>([[1, 1], [0, 2], [1, 1], [0, 1]])
    let (rows, inverse, counts) = x.unique(axis: 0)
    #expect(rows.shape == [3, 2] && rows.scalars == [0, 1, 0, 2, 1, 1])
    #expect(inverse.scalars == [2, 1, 2, 0] && counts.scalars == [1, 1, 2])
    let columns = x.transposed().unique(axis: -1)
    #expect(columns.values.shape == [2, 3] && columns.values.scalars == [0, 0, 1, 1, 2, 1])
    let strange = Tensor<Double>([[1, .nan], [1, .nan]]).unique(axis: 0)
    #expect(strange.counts.scalars == [1, 1] && strange.inverse.scalars == [0, 1])
    let none = Tensor<Float>.zeros([2, 0]).unique(axis: 1)
    #expect(none.values.shape == [2, 0] && none.counts.shape == [0])
    #expect(Tensor<Float>.zeros([3, 0]).unique(axis: 0).counts.scalars == [3])
    #expect(Tensor<Float>(2).unique(axis: 0).values.shape == [])
  }

  @Test func runs() {
    let x = Tensor<Float>([1, 1, 2, .nan, .nan, 2])
    let (values, inverse, counts) = x.uniqueConsecutive()
    #expect("\(values.scalars)" == "[1.0, 2.0, nan, nan, 2.0]")
    #expect(inverse.scalars == [0, 0, 1, 2, 3, 4] && counts.scalars == [2, 1, 1, 1, 1])
    let slices = Tensor<Int>([[1, 1], [1, 1], [0, 2]]).uniqueConsecutive(axis: 0)
    #expect(slices.values.scalars == [1, 1, 0, 2] && slices.inverse.scalars == [0, 0, 1])
    #expect(Tensor<Int>.zeros([0]).uniqueConsecutive().values.shape == [0])
  }

  /// Compares with counts in plain Swift, for rows of each length up to 40.
  @Test func searches() {
    var random = SampleRandom(seed: 9)
    for length in 0...40 {
      let row = (0..<length).map { _ in Double(random.next() % 20) }.sorted() + (length > 5 ? [.nan] : [])
      let values = (0..<25).map { Double($0) - 2 } + [.nan, .infinity, -.infinity, 3.5]
      func isLess(_ a: Double, _ b: Double) -> Bool { a < b || (b.isNaN && !a.isNaN) }
      let left = values.map { value in row.count { isLess($0, value) } }
      let right = values.map { value in row.count { !isLess(value, $0) } }
      let sorted = Tensor(row), x = Tensor(values)
      #expect(sorted.searchSorted(x).scalars == left)
      #expect(sorted.searchSorted(x, side: .right).scalars == right)
      #expect(x.bucketized(sorted).scalars == left && x.bucketized(sorted, right: true).scalars == right)
      #expect(x.isIn(sorted).scalars == values.map(row.contains))
    }
  }

  @Test func searchesInRows() {
    let rows = Tensor<Int>([[1, 2, 3], [4, 5, 6]])
    #expect(rows.searchSorted(Tensor<Int>([[2], [6]])).scalars == [1, 2])
    #expect(rows.searchSorted(Tensor<Int>([[2], [6]]), side: .right).scalars == [2, 3])
    #expect(rows.searchSorted(Tensor<Int>.zeros([2, 0])).shape == [2, 0])
    let many = Tensor<Int>.arange(0, 10_000)
    #expect(
      Tensor<Int>([0, 5000]).searchSorted(many).scalars
        == (0..<10_000).map { $0 == 0 ? 0 : $0 > 5000 ? 2 : 1 })
    let wide = many.broadcast(to: [2, 10_000])
    #expect(wide.searchSorted(wide).scalars == Array(0..<10_000) + Array(0..<10_000))
    #expect(Tensor<Float>([1, 2]).searchSorted(Tensor<Float>(1.5)).item == 1)
  }

  @Test func membership() {
    let x = Tensor<Float>([[1, .nan], [0, 2]])
    #expect(x.isIn(Tensor<Float>([.nan, -0.0, 1])).scalars == [true, false, true, false])
    #expect(x.isIn(Tensor<Float>.zeros([0])).scalars == [false, false, false, false])
    #expect(Tensor<Bool>([true, false]).isIn(Tensor<Bool>(true)).scalars == [true, false])
  }

  @Test func countsOfNumbers() {
    let x = Tensor<Int>([[0, 3], [3, 1]])
    #expect(x.bincount().scalars == [1, 1, 0, 2])
    #expect(x.bincount(minLength: 6).scalars == [1, 1, 0, 2, 0, 0])
    #expect(x.bincount(weights: Tensor<Double>([[0.5, 1], [2, 4]])).scalars == [0.5, 4, 0, 3])
    #expect(Tensor<Int>.zeros([0]).bincount().shape == [0])
    #expect(Tensor<Int>.zeros([0]).bincount(minLength: 2).scalars == [0, 0])
  }

  /// Values from NumPy 2.
  @Test func histograms() {
    let x = Tensor<Double>([1, 2, 2.5, 5, .nan, 3, 0.999])
    let (counts, edges) = x.histogram(bins: 2, in: 1...3)
    #expect(counts.scalars == [1, 3] && edges.scalars == [1, 2, 3])
    #expect(x.histogram(bins: 2, in: 1...3, density: true).values.scalars == [0.25, 0.75])
    let weights = Tensor<Double>([1, 2, 4, 8, 16, 32, 64])
    #expect(x.histogram(bins: 2, in: 1...3, weights: weights, density: false).values.scalars == [1, 38])
    #expect(Tensor<Float>([2, 2]).histogram(bins: 3).counts.scalars == [0, 2, 0])
    let none = Tensor<Float>.zeros([0]).histogram(bins: 2)
    #expect(none.counts.scalars == [0, 0] && none.edges.scalars == [0, 0.5, 1])
  }

  /// Each bin contains exactly the elements between its edges, whatever the division rounds to.
  @Test func edgesDecide() {
    for bins in [7, 10, 49, 1000] {
      let (_, edges) = Tensor<Float>.zeros([0]).histogram(bins: bins, in: 0.1...0.7)
      let sums = edges.histogram(bins: bins, in: 0.1...0.7).counts.scalars
      #expect(sums == [Int](repeating: 1, count: bins - 1) + [2])
    }
  }

  @Test func histogramsOfManyElements() {
    var random = SampleRandom(seed: 4)
    let numbers = (0..<200_000).map { _ in Float(random.number(in: -1...5)) }
    var expected = [Int](repeating: 0, count: 4)
    for number in numbers where number >= 0 && number <= 4 { expected[min(Int(number), 3)] += 1 }
    let x = Tensor(numbers)
    for threads in [1, 2, 3] {
      withThreads(threads) {
        #expect(x.histogram(bins: 4, in: 0...4).counts.scalars == expected)
        #expect(x.histogram(bins: 4, in: 0...4, density: false).values.scalars == expected.map { Float($0) })
      }
    }
  }
}
