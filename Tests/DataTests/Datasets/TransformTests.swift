import Martlet
import Testing

/// Transforms of batches, whose random ones are the same for the same generator.
@Suite struct TransformTests {
  private let images = Tensor<Float>.arange(1, 19).reshaped([2, 1, 3, 3])

  /// Calls a transform with a generator of its own.
  private func seeded<Result>(_ seed: UInt64 = 1, _ body: () -> Result) -> Result {
    var random = RandomGenerator(seed: seed)
    return withRandom(&random, body)
  }

  @Test("A normalisation has a mean and a deviation for each channel")
  func normalize() {
    let both = Tensor<Float>([[1, 2], [3, 4]]).reshaped([1, 2, 1, 2])
    #expect(Normalize(mean: [1, 2], deviation: [0.5, 2])(both).scalars == [0, 2, 0.5, 1])
  }

  @Test("A crop in the middle")
  func center() {
    #expect(CenterCrop(1, 2)(images).scalars == [4, 5, 13, 14])
    #expect(CenterCrop(3, 3)(images).scalars == images.scalars)
  }

  @Test("A random crop is a part of the image with zeros around it, each place as likely as another")
  func crop() {
    let image = images.scalars.prefix(9)
    let padded = (0..<49).map { place in
      let (row, column) = (place / 7 - 2, place % 7 - 2)
      return 0..<3 ~= row && 0..<3 ~= column ? image[row * 3 + column] : 0
    }
    let places = (0..<30).map { ($0 / 6, $0 % 6) }
    let parts = places.map { top, left in
      (0..<6).map { padded[(top + $0 / 2) * 7 + left + $0 % 2] }
    }
    let crops = seeded { RandomCrop(3, 2, padding: 2)(.ones([3000, 1, 1, 1]) * images[0..<1]) }
    #expect(crops.shape == [3000, 1, 3, 2])
    let all = crops.scalars
    var counts: [[Float]: Int] = [:]
    for crop in 0..<3000 { counts[Array(all[(crop * 6)..<(crop * 6 + 6)]), default: 0] += 1 }
    #expect(Set(counts.keys) == Set(parts))
    // Six standard deviations above 100 draws, where no other place has the same part.
    for part in parts where parts.count(where: { $0 == part }) == 1 { #expect(abs(counts[part]! - 100) < 60) }
    #expect(seeded { RandomCrop(3, 3)(images) }.scalars == images.scalars)
    // A crop may lie beside the image.
    let beside = seeded { RandomCrop(1, 1, padding: 4)(.ones([500, 2, 1, 1])) }.scalars
    #expect(Set(beside) == [0, 1])
  }

  @Test("A reflection mirrors each image or leaves it")
  func flip() {
    #expect(
      RandomFlip(probability: 1)(images).scalars == [
        3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10, 15, 14, 13, 18, 17, 16,
      ])
    #expect(RandomFlip(probability: 1, axis: -2)(images)[0, 0, 0].scalars == [7, 8, 9])
    #expect(RandomFlip(probability: 0)(images).scalars == images.scalars)
    let pairs = seeded { RandomFlip(probability: 0.3)(.ones([4000, 1, 1, 1]) * Tensor([1, 2])) }.scalars
    let flipped = (0..<4000).count { pairs[2 * $0] == 2 && pairs[2 * $0 + 1] == 1 }
    #expect(abs(Double(flipped) - 1200) < 5 * (4000 * 0.3 * 0.7).squareRoot())
    #expect((0..<4000).allSatisfy { pairs[2 * $0] + pairs[2 * $0 + 1] == 3 })
  }

  @Test("Brightness scales, contrast moves from the mean, saturation from the grey; the values stay in 0...1")
  func jitter() {
    let image = seeded(7) { Tensor<Float>.uniform([1, 3, 4, 4], in: 0.4...0.6) }
    let bright = seeded { ColorJitter(brightness: 0.5)(image) } / image
    #expect(abs(bright.max().item - bright.min().item) < 1e-5 && abs(bright.mean().item - 1) <= 0.5)
    let contrast = seeded { ColorJitter(contrast: 0.5)(image) }
    let factor = (contrast - image.mean()) / (image - image.mean())
    #expect(abs(contrast.mean().item - image.mean().item) < 1e-5)
    #expect(abs(factor.max().item - factor.min().item) < 1e-2)
    let saturated = seeded { ColorJitter(saturation: 0.5)(image) }
    #expect((saturated.mean(axis: 1) - image.mean(axis: 1)).abs().max().item < 1e-6)
    #expect((saturated - image).abs().max().item > 1e-4)
    let extreme = seeded { ColorJitter(brightness: 1, contrast: 1, saturation: 1)(.uniform([50, 3, 4, 4])) }
    #expect(extreme.min().item >= 0 && extreme.max().item <= 1)
    #expect(ColorJitter()(image).scalars == image.scalars)
  }

  @Test("A mix-up blends inputs and targets by the same share")
  func mixUp() {
    // The input of class k is k, so that a blend's input is the mean of its targets' classes.
    let labels = Tensor<Int>([0, 1, 2, 3, 4, 5])
    let batch = Batch(inputs: Tensor<Float>(labels).reshaped([6, 1]), targets: labels)
    let mixed = seeded { MixUp(alpha: 1, classes: 6)(batch) }
    let sums = mixed.targets.sum(axis: 1), classes = mixed.targets.matmul(batch.inputs)
    #expect((sums - 1).abs().max().item < 1e-6)
    #expect((classes - mixed.inputs).abs().max().item < 1e-5)
    #expect((mixed.inputs - batch.inputs).abs().max().item > 0.01)
    #expect(
      mixed.targets.sum(axis: 0).scalars.allSatisfy { abs($0 - 1) < 1e-5 }, "the other order is a permutation"
    )
  }

  @Test("One-hot targets")
  func oneHot() {
    let batch = Batch(inputs: Tensor<Float>([5, 6]), targets: Tensor<Int>([2, 0])).oneHot(classes: 3)
    #expect(batch.inputs.scalars == [5, 6] && batch.targets.scalars == [0, 0, 1, 1, 0, 0])
  }

  @Test("Transforms of a dataset run in their order, and the loader's threads do not change their draws")
  func dataset() {
    let labels = Tensor<Int>(Array(0..<10))
    let data = TensorDataset(inputs: Tensor<Float>.uniform([10, 1, 5, 5]), targets: labels)
      .transformingInputs(
        RandomCrop(4, 4, padding: 1), RandomFlip(), Normalize(mean: [0.5], deviation: [2]))
    let epoch = { (workers: Int) -> [[Float]] in
      DataLoader(data, batchSize: 3, shuffle: true, seed: 1, workers: workers).map(\.inputs.scalars)
    }
    #expect(epoch(0) == epoch(2))
    #expect(data.batch([1]).inputs.shape == [1, 1, 4, 4] && data.batch([1]).labels.item == 1)
    #expect(data.all.inputs.min().item >= -0.25 && data.all.inputs.max().item <= 0.25)
  }
}
