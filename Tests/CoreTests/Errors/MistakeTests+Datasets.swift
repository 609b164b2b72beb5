import Martlet

// Mistakes of MistakeTests: datasets, loaders and transforms that are made wrong.

extension MistakeTests {
  private static var rows: TensorRows<Int> { TensorRows(Tensor([0, 1, 2, 3])) }
  private static var images: Tensor<Float> { .zeros([2, 3, 4, 4]) }

  static let datasets = [
    Mistake("TensorRows", "the tensor has rank 0; its first axis must count the samples", line: #line + 1) {
      TensorRows(Tensor<Float>(1))
    },
    Mistake(
      "TensorDataset",
      "inputs of shape [3, 2] and targets of shape [2] do not fit; the first axis of both must count the samples",
      line: #line + 2
    ) {
      TensorDataset(inputs: ones([3, 2]), targets: ones([2]))
    },
    Mistake("subset", "position 4 is out of range for 4 samples", line: #line + 1) {
      rows.subset([0, 4])
    },
    Mistake("paired", "4 samples do not fit 2; both datasets must have as many", line: #line + 1) {
      rows.paired(with: rows.subset([0, 1]))
    },
    Mistake("SampleDataset", "the count must be at least 0, not -1", line: #line + 1) {
      SampleDataset(count: -1) { Tensor<Int>($0) }
    },
    Mistake("split", "the fractions [0.5, 0.6] must be at least 0 and add up to at most 1", line: #line + 1) {
      rows.split([0.5, 0.6], seed: 0)
    },
    Mistake("folds", "2 keys do not fit 4 samples; each needs one", line: #line + 1) {
      rows.folds(2, seed: 0, by: .strata([0, 1]))
    },
    Mistake("folds", "the number of folds must be in 2...4, not 1", line: #line + 1) {
      rows.folds(1, seed: 0)
    },
    Mistake(
      "DataLoader",
      "the number of workers must be at least 0 and the batches ahead at least 1, not -1 and 1",
      line: #line + 2
    ) {
      DataLoader(rows, batchSize: 1, workers: -1)
    },
    Mistake(
      "DataLoader", "shuffle and a sampler both order the samples; give one of them", line: #line + 2
    ) {
      DataLoader(rows, batchSize: 1, shuffle: true, sampler: .random())
    },
    Mistake("sampler", "it drew 1 positions; its length for 4 samples is 4", line: #line + 1) {
      DataLoader(rows, batchSize: 1, sampler: Sampler { _, _ in [0] }).makeIterator()
    },
    Mistake("weighted", "2 weights do not fit 4 samples; each needs one", line: #line + 1) {
      DataLoader(rows, batchSize: 1, sampler: .weighted([1, 2])).makeIterator()
    },
    Mistake(
      "StreamLoader",
      "the batch size 1 and the buffer 0 must be at least 1, and the batches ahead 0 at least 0",
      line: #line + 2
    ) {
      StreamLoader(0..<4, batchSize: 1, shuffleBuffer: 0) { $0 }
    },
    Mistake(
      "Normalize", "each of the 2 channels needs a deviation above 0, not [1.0, 0.0]", line: #line + 2
    ) {
      Normalize(mean: [1, 2], deviation: [1, 0])
    },
    Mistake("ColorJitter", "the strengths [0.0, 2.0, 0.0] must be in 0...1", line: #line + 1) {
      ColorJitter(contrast: 2)
    },
    Mistake(
      "RandomCrop", "the size 0 × 2 must be at least 1 × 1 and the padding -1 at least 0", line: #line + 2
    ) {
      RandomCrop(0, 2, padding: -1)
    },
    Mistake("CenterCrop", "the size 2 × 0 must be at least 1 × 1", line: #line + 1) {
      CenterCrop(2, 0)
    },
    Mistake(
      "CenterCrop",
      "images of shape [2, 3, 4, 4] do not fit; the shape must be [n, channels, height, width] with at least "
        + "5 rows and 1 columns, counting a padding of 0", line: #line + 2
    ) {
      CenterCrop(5, 1)(images)
    },
    Mistake("RandomFlip", "the probability must be in 0...1, not 1.5", line: #line + 1) {
      RandomFlip(probability: 1.5)
    },
    Mistake("MixUp", "alpha 0.0 must be above 0 and the classes 0 at least 1", line: #line + 1) {
      MixUp(alpha: 0, classes: 0)
    },
  ]
}
