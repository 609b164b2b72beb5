import Martlet
import Testing

private func numbered(_ count: Int) -> TensorRows<Int> { TensorRows(Tensor(Array(0..<count))) }

/// Parts of datasets.
@Suite struct SplitTests {
  @Test("Each sample is in one part, and the parts have the sizes that the fractions round to")
  func random() {
    for (count, fractions, sizes) in [
      (10, [0.5, 0.5], [5, 5]), (10, [0.7, 0.15, 0.15], [7, 2, 1]), (3, [0.5, 0.5], [2, 1]),
      (0, [0.5, 0.5], [0, 0]),
      (10, [0.3, 0.2], [3, 2]), (7, [1.0], [7]), (7, [0.0, 1.0], [0, 7]), (5, [], []),
    ] as [(Int, [Double], [Int])] {
      let parts = numbered(count).split(fractions, seed: 4)
      #expect(parts.map(\.count) == sizes)
      let all = parts.flatMap(\.all.scalars)
      #expect(Set(all).count == all.count && all.allSatisfy { 0..<count ~= $0 })
    }
    // A tenth ten times adds up to a little less than 1.
    #expect(numbered(1000).split([Double](repeating: 0.1, count: 10), seed: 1).allSatisfy { $0.count == 100 })
  }

  @Test("The parts follow from the seed, and are in random order")
  func seeds() {
    let (a, b) = numbered(100).split(0.5, 0.5, seed: 1)
    let (again, _) = numbered(100).split(0.5, 0.5, seed: 1)
    let (other, _) = numbered(100).split(0.5, 0.5, seed: 2)
    #expect(a.all.scalars == again.all.scalars && a.all.scalars != other.all.scalars)
    #expect(a.all.scalars != a.all.scalars.sorted() && b.all.scalars != b.all.scalars.sorted())
  }

  @Test("Each part has the share of each stratum, up to one sample")
  func strata() throws {
    let digits = try Digits().dataset
    let labels = digits.targets.all.scalars
    let (a, b, c) = digits.split(0.7, 0.15, 0.15, seed: 3, stratified: true)
    for (part, share) in [(a, 0.7), (b, 0.15), (c, 0.15)] {
      for digit in 0..<10 {
        let wanted = share * Double(labels.count { $0 == digit })
        #expect(abs(Double(part.targets.all.scalars.count { $0 == digit }) - wanted) <= 1.5)
      }
      #expect(part.targets.all.scalars.prefix(40) != part.targets.all.scalars.sorted().prefix(40))
    }
    #expect(a.count + b.count + c.count == 1797)
    let (rare, _) = numbered(10).split(
      0.5, 0.5, seed: 1, by: .strata(["a", "b", "a", "a", "a", "b", "b", "b", "a", "b"]))
    #expect(rare.count == 5 && abs(rare.all.scalars.count { [0, 2, 3, 4, 8].contains($0) } * 2 - 5) <= 1)
  }

  @Test("A group stays together, and the parts are as large as the groups allow")
  func groups() {
    // Twenty groups of 1 to 20 samples, 210 in all.
    let keys = (1...20).flatMap { [Int](repeating: $0, count: $0) }
    for seed in 0..<5 as Range<UInt64> {
      let parts = numbered(210).split([0.6, 0.2], seed: seed, by: .groups(keys))
      let owners = parts.map { Set($0.all.scalars.map { keys[$0] }) }
      #expect(owners[0].isDisjoint(with: owners[1]))
      for (part, groups) in zip(parts, owners) { #expect(part.count == groups.reduce(0, +), "whole groups") }
      #expect(abs(parts[0].count - 126) <= 2 && abs(parts[1].count - 42) <= 2, "\(parts.map(\.count))")
    }
  }

  @Test(
    "Each sample is in one test part of the folds, and in all other training parts", arguments: [2, 3, 7, 10])
  func folds(_ count: Int) {
    let folds = numbered(10).folds(count, seed: 2)
    #expect(folds.count == count)
    #expect(folds.flatMap(\.test.all.scalars).sorted() == Array(0..<10))
    for (train, test) in folds {
      #expect((train.all.scalars + test.all.scalars).sorted() == Array(0..<10))
      #expect(test.count == 10 / count || test.count == 10 / count + 1)
    }
    let keys = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3]
    if count > 4 { return }
    for (train, test) in numbered(10).folds(count, seed: 2, by: .groups(keys)) {
      #expect(Set(train.all.scalars.map { keys[$0] }).isDisjoint(with: test.all.scalars.map { keys[$0] }))
    }
  }

  @Test("What does not fit is refused")
  func refused() {
    let data = numbered(4)
    for (act, message) in [
      ({ _ = data.split([0.5, -0.1], seed: 0) }, "split: the fractions [0.5, -0.1] must be at least 0 and"),
      ({ _ = data.split([0.5, 0.6], seed: 0) }, "split: the fractions [0.5, 0.6] must be"),
      ({ _ = data.split([.nan], seed: 0) }, "split: the fractions [nan] must be"),
      ({ _ = data.split(1, .infinity, seed: 0) }, "split: the fractions [1.0, inf] must be"),
      ({ _ = data.split(1, 0, seed: 0, by: .strata([1])) }, "split: 1 keys do not fit 4 samples"),
      ({ _ = data.folds(1, seed: 0) }, "folds: the number of folds must be in 2...4, not 1"),
      ({ _ = data.folds(5, seed: 0) }, "folds: the number of folds must be in 2...4, not 5"),
      (
        { _ = data.folds(3, seed: 0, by: .groups([1, 1, 2, 2])) },
        "folds: the number of folds must be in 2...2"
      ),
      ({ _ = data.folds(2, seed: 0, by: .strata([1])) }, "folds: 1 keys do not fit 4 samples"),
    ] as [(() -> Void, String)] {
      let error = #expect(throws: TensorError.self) { try catchingTensorErrors { act() } }
      #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
      #expect(error?.location?.hasPrefix("SplitTests.swift:") == true)
    }
  }
}
