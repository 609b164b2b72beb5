import Martlet
import Testing

/// Rules for the order of an epoch.
@Suite struct SamplerTests {
  private func epoch(_ sampler: Sampler, of count: Int = 4, batchSize: Int = 3, seed: UInt64 = 1) -> [[Int]] {
    let loader = DataLoader(
      TensorRows(Tensor(Array(0..<count))), batchSize: batchSize, sampler: sampler, seed: seed)
    let batches: [[Int]] = loader.map(\.scalars)
    #expect(batches.count == loader.count)
    return batches
  }

  @Test("With replacement all samples are equally likely")
  func random() {
    let drawn = epoch(.random(4000)).flatMap { $0 }
    #expect(drawn.count == 4000)
    let deviation = (4000 * 0.25 * 0.75).squareRoot()
    for value in 0..<4 { #expect(abs(Double(drawn.count { $0 == value }) - 1000) < 5 * deviation) }
    #expect(epoch(.random()).flatMap { $0 }.count == 4)
    #expect(epoch(.random(), of: 0).isEmpty && epoch(.random(0)).isEmpty)
  }

  @Test("Weights are probabilities, with replacement; without it no sample comes twice")
  func weighted() {
    let drawn = epoch(.weighted([1, 0, 3, 4], length: 8000)).flatMap { $0 }
    for (value, share) in [0.125, 0, 0.375, 0.5].enumerated() {
      let deviation = (8000 * share * (1 - share)).squareRoot()
      #expect(abs(Double(drawn.count { $0 == value }) - 8000 * share) <= 5 * deviation)
    }
    #expect(
      epoch(.weighted([1, 0, 3, 4], length: 3, replacement: false)).flatMap { $0 }.sorted() == [0, 2, 3])
    #expect(
      epoch(.weighted([1, 2, 3, 4])).flatMap { $0 } != epoch(.weighted([1, 2, 3, 4]), seed: 2).flatMap { $0 })
  }

  @Test("A rule of one's own may draw any number of positions")
  func own() {
    let everyOther = Sampler(
      length: { ($0 + 1) / 2 }, order: { count, _ in Array(stride(from: 0, to: count, by: 2)) })
    #expect(epoch(everyOther, of: 7) == [[0, 2, 4], [6]])
    #expect(epoch(.sequential) == [[0, 1, 2], [3]])
    #expect(epoch(.shuffled, of: 40).flatMap { $0 }.sorted() == Array(0..<40))
  }

  @Test("Rules that do not fit are refused")
  func refused() {
    for (sampler, message) in [
      (.weighted([1, 2]), "weighted: 2 weights do not fit 4 samples; each needs one"),
      (.weighted([1, 2, 3, -1]), "multinomial: the weights must be finite and at least 0"),
      (Sampler { _, _ in [0, 1, 2, 4] }, "sampler: position 4 is out of range for 4 samples"),
      (Sampler { _, _ in [0] }, "sampler: it drew 1 positions; its length for 4 samples is 4"),
    ] as [(Sampler, String)] {
      let error = #expect(throws: TensorError.self) {
        try catchingTensorErrors {
          for _ in DataLoader(TensorRows(Tensor([0, 1, 2, 3])), batchSize: 1, sampler: sampler) {}
        }
      }
      #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
    }
  }
}
