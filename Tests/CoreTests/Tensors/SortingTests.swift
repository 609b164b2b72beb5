import MartletCore
import TestSupport
import Testing

/// Sorts and selections compared with a stable sort in plain Swift: the indices, so also ties, NaN and zeros.
struct SortingTests {
  /// The indices of a row's elements in ascending or descending order, NaN last or first.
  private func order<Element: NumericScalar>(_ row: [Element], descending: Bool = false) -> [Int] {
    func isBefore(_ a: Element, _ b: Element) -> Bool { a < b || (b != b && a == a) }
    return row.indices.sorted {
      let isLess = descending ? isBefore(row[$1], row[$0]) : isBefore(row[$0], row[$1])
      let isMore = descending ? isBefore(row[$0], row[$1]) : isBefore(row[$1], row[$0])
      return isLess || (!isMore && $0 < $1)
    }
  }

  private func check<Element: NumericScalar>(_ row: [Element], _ note: String) {
    let x = Tensor(row), n = row.count
    for descending in [false, true] {
      let expected = order(row, descending: descending), found = x.sorted(descending: descending)
      #expect(found.indices.scalars == expected, "\(note), \(n), \(descending)")
      #expect("\(found.values.scalars)" == "\(expected.map { row[$0] })", "\(note), \(n), \(descending)")
      #expect(x.argsort(descending: descending).scalars == expected)
      for k in Set([1, 2, n / 100, n / 3, n]) where k > 0 && k <= n {
        #expect(
          x.topK(k, largest: descending).indices.scalars == Array(expected.prefix(k)), "\(note), \(k) of \(n)"
        )
      }
    }
    let expected = order(row), numbers = row.count { $0 == $0 }
    for k in Set([1, (n + 1) / 2, n]) {
      #expect(x.kthValue(k).indices.item == expected[k - 1], "\(note), \(k) of \(n)")
    }
    #expect(x.median(axis: 0).indices.item == expected[numbers < n ? numbers : (n - 1) / 2], "\(note), \(n)")
    #expect(x.nanMedian(axis: 0).indices.item == expected[max(numbers - 1, 0) / 2], "\(note), \(n)")
  }

  private static let lengths = [1, 2, 15, 16, 17, 127, 128, 129, 257, 1000]

  @Test(arguments: lengths) func everyType(_ length: Int) {
    var random = SampleRandom(seed: UInt64(length))
    let specials: [Double] = [.nan, -.nan, .infinity, -.infinity, 0, -0.0, 1, -1]
    func number() -> Double {
      random.unit() < 0.2 ? specials[Int(random.next() % 8)] : random.number(in: -4...4)
    }
    let numbers = (0..<length).map { _ in number() }
    check(numbers, "Double")
    check(numbers.map { Float($0) }, "Float")
    check((0..<length).map { _ in Int(truncatingIfNeeded: random.next()) }, "Int")
    check((0..<length).map { _ in Int(random.next() % 7) - 3 }, "small Int")
    check((0..<length).map { _ in Int32(truncatingIfNeeded: random.next()) }, "Int32")
    check((0..<length).map { _ in UInt8(truncatingIfNeeded: random.next()) }, "UInt8")
    check([Float](repeating: .nan, count: length), "NaN")
    check([Double](repeating: 2, count: length), "equal")
    check((0..<length).map { Double($0) }, "ascending")
    check([Int.min, Int.max] + (0..<length).map { -$0 }, "descending")
  }

  /// Numbers of which many agree in the upper 32 bits, in rows that are sorted in one piece and in several.
  @Test func equalUpperHalves() {
    for length in [1000, 20_000] {
      var random = SampleRandom(seed: 11)
      let near = (0..<length).map { _ in 1 + Double(random.next() % 1000) * 0x1p-40 }
      let pairs = (0..<length).map { _ in Double(random.next() % 2000) + Double(random.next() % 8) * 0x1p-40 }
      let small = (0..<length).map { _ in Int(random.next() % 100_000) }
      let signed = small.map { $0 - 50_000 }
      for threads in [1, 2, 3] {
        withThreads(threads) {
          #expect(Tensor(near).argsort().scalars == order(near))
          #expect(Tensor(pairs).argsort(descending: true).scalars == order(pairs, descending: true))
          #expect(Tensor(small).argsort().scalars == order(small))
          #expect(Tensor(signed).argsort().scalars == order(signed))
        }
      }
    }
  }

  @Test func booleans() {
    let (values, indices) = Tensor<Bool>([true, false, true, false]).sorted()
    #expect(values.scalars == [false, false, true, true])
    #expect(indices.scalars == [1, 3, 0, 2])
  }

  @Test func shapes() {
    let x = Tensor<Float>.ones([2, 3, 4])
    #expect(x.sorted(axis: 1).values.shape == [2, 3, 4] && x.argsort(axis: 0).shape == [2, 3, 4])
    #expect(x.topK(2, axis: 1).indices.shape == [2, 2, 4] && x.topK(0).values.shape == [2, 3, 0])
    #expect(x.kthValue(1, axis: 1).values.shape == [2, 4])
    #expect(x.kthValue(1, axis: 1, keepDims: true).indices.shape == [2, 1, 4])
    #expect(x.median(axis: 0, keepDims: true).values.shape == [1, 3, 4] && x.median().shape == [])
    #expect(
      x.mode().values.shape == [2, 3] && Tensor<Float>.ones([0, 2]).median(axis: 1).values.shape == [0])
    let scalar = Tensor<Float>(3)
    #expect(scalar.sorted().values.item == 3 && scalar.topK(1, axis: 0).indices.shape == [])
    #expect(scalar.topK(0).values.shape == [0] && scalar.mode(axis: 0).values.shape == [])
    #expect(scalar.median(axis: -1).values.item == 3 && scalar.kthValue(1).indices.item == 0)
    #expect(Tensor<Float>.ones([0]).sorted().indices.shape == [0])
  }

  /// Values from PyTorch 2.13.
  @Test func modes() {
    func mode(_ row: [Double]) -> [Double] {
      let (value, index) = Tensor(row).mode()
      return [value.item, Double(index.item)]
    }
    #expect(mode([3, 1, 3, 1, 2]) == [1, 3])
    #expect(mode([1, 1, 2, 2]) == [1, 1])
    #expect(mode([.nan, .nan, 1, 1]) == [1, 3])
    #expect(mode([2, 1]) == [1, 1])
    #expect(mode([0, -0.0, 5]) == [0, 1])
  }

  @Test func tiesOfMediansShareTheGradient() {
    let x = Tensor<Double>([2, 1, 2, 3, 2], requiresGrad: true), third = 1.0 / 3
    #expect(x.median().gradient(of: x).scalars == [third, 0, third, 0, third])
    #expect(x.median(axis: 0).values.gradient(of: x).scalars == [0, 0, 1, 0, 0])
    let y = Tensor<Double>([.nan, 1, .nan, 3], requiresGrad: true)
    #expect(y.median().gradient(of: y).scalars == [0.5, 0, 0.5, 0])
    #expect(y.nanMedian().gradient(of: y).scalars == [0, 1, 0, 0])
    #expect(y.median(axis: 0).values.gradient(of: y).scalars == [1, 0, 0, 0])
  }

  /// Values from PyTorch 2.13.
  @Test func quantilesOfSpecialRows() {
    let x = Tensor<Float>([[1, .nan, 3], [.nan, .nan, .nan], [0, 1, 5]])
    let plain = x.quantile(0.5, axis: 1), ignoring = x.nanQuantile(Tensor<Double>([0.5, 0.25]), axis: 1)
    #expect("\(plain.scalars)" == "[nan, nan, 1.0]")
    #expect(ignoring.shape == [2, 3] && "\(ignoring.scalars)" == "[2.0, nan, 1.0, 1.5, nan, 0.5]")
    let infinite = Tensor<Double>([0, .infinity, 3, .infinity])
    #expect(infinite.quantile(0.5).item == .infinity && infinite.quantile(1).item == .infinity)
    #expect(
      Tensor<Float>([[1, 2]]).quantile(Tensor<Double>([0.1]), axis: 1, keepDims: true).shape == [1, 1, 1])
    #expect(Tensor<Float>([[1, 2]]).quantile(0.5, keepDims: true).shape == [1, 1])
    #expect(Tensor<Float>(3).quantile(Tensor<Double>([0.1, 0.2]), axis: 0).scalars == [3, 3])
  }

  /// Values from PyTorch 2.13.
  @Test func interpolations() {
    func values(_ q: Double, _ count: Int) -> [Double] {
      let x = Tensor<Double>.arange(0, Double(count))
      return [.linear, .lower, .higher, .nearest, .midpoint].map { x.quantile(q, interpolation: $0).item }
    }
    #expect(values(0.5, 4) == [1.5, 1, 2, 2, 1.5])
    #expect(values(0.5, 2) == [0.5, 0, 1, 0, 0.5])
    #expect(values(0.25, 4) == [0.75, 0, 1, 1, 0.5])
    #expect(values(1, 4) == [3, 3, 3, 3, 3])
  }
}
