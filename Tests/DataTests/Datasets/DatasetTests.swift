import Martlet
import Testing

private let sample = LabeledDataset(
  inputs: (0..<12).map { Float($0) }, shape: [1, 2], labels: [5, 4, 3, 2, 1, 0])

/// Datasets in memory.
@Suite struct DatasetTests {
  @Test("All inputs and labels as tensors")
  func all() {
    #expect(sample.count == 6 && sample.shape == [1, 2])
    #expect(sample.all.inputs.shape == [6, 1, 2])
    #expect(sample.all.inputs.scalars == (0..<12).map { Float($0) })
    #expect(sample.all.labels.scalars == [5, 4, 3, 2, 1, 0])
  }

  @Test("Inputs at positions, in their order, some twice, none")
  func batch() {
    let batch = sample.batch([3, 0, 3])
    #expect(batch.inputs.shape == [3, 1, 2])
    #expect(batch.inputs.scalars == [6, 7, 0, 1, 6, 7])
    #expect(batch.labels.scalars == [2, 5, 2])
    #expect(sample.batch([]).inputs.shape == [0, 1, 2])
    #expect(sample.batch([]).labels.shape == [0])
  }

  @Test("A batch has memory of its own")
  func copies() {
    let batch = sample.batch([1])
    batch.inputs.fill(100)
    #expect(sample.batch([1]).inputs.scalars == [2, 3])
  }

  @Test("A split is the first inputs and the rest", arguments: 0...6)
  func split(_ count: Int) {
    let (first, rest) = sample.split(at: count)
    #expect(first.count == count && rest.count == 6 - count)
    #expect(first.shape == [1, 2] && rest.shape == [1, 2])
    #expect(first.all.inputs.scalars + rest.all.inputs.scalars == sample.all.inputs.scalars)
    #expect(first.all.labels.scalars + rest.all.labels.scalars == [5, 4, 3, 2, 1, 0])
  }

  @Test("Splits and positions outside are refused, with the caller's line")
  func outside() {
    for (act, message) in [
      ({ _ = sample.split(at: 7) }, "split: position 7 is out of range for 6 samples"),
      ({ _ = sample.split(at: -1) }, "split: position -1 is out of range for 6 samples"),
      ({ _ = sample.batch([0, 6]) }, "batch: position 6 is out of range for 6 samples"),
      ({ _ = sample.batch([-1]) }, "batch: position -1 is out of range for 6 samples"),
    ] as [(() -> Void, String)] {
      let error = #expect(throws: TensorError.self) { try catchingTensorErrors { act() } }
      #expect(
        error?.description.hasPrefix(message + " (DatasetTests.swift:") == true, "\(error?.description ?? "")"
      )
    }
  }

  @Test("Numbers that do not make up the inputs are refused, and what was refused is empty")
  func misfits() {
    for (inputs, shape, labels) in [([1, 2, 3], [2], [0]), ([1], [2], [0]), ([1], [], [])]
      as [([Float], TensorShape, [Int])]
    {
      let error = #expect(throws: TensorError.self) {
        try catchingTensorErrors {
          LabeledDataset(inputs: inputs, shape: shape, labels: labels).all.inputs.scalars
        }
      }
      #expect(error?.operation == "LabeledDataset")
      #expect(error?.reason == "\(inputs.count) numbers do not fill \(labels.count) inputs of shape \(shape)")
      #expect(error?.location?.hasPrefix("DatasetTests.swift:") == true)
    }
  }

  @Test("Scalars may be inputs")
  func scalars() {
    let dataset = LabeledDataset(inputs: [7, 8], shape: [], labels: [0, 1])
    #expect(dataset.batch([1]).inputs.shape == [1])
    #expect(dataset.batch([1]).inputs.scalars == [8])
  }

  @Test("Tensors of one's own, whatever way they lie in memory")
  func tensors() {
    let inputs = Tensor<Float>([[1, 2, 3], [4, 5, 6]]).transposed()
    let dataset = LabeledDataset(inputs: inputs, labels: Tensor([0, 1, 2]))
    #expect(dataset.count == 3 && dataset.shape == [2])
    #expect(dataset.all.inputs.scalars == [1, 4, 2, 5, 3, 6])
    inputs.fill(0)
    #expect(dataset.batch([2]).inputs.scalars == [3, 6], "a copy")
    #expect(throws: TensorError.self) {
      try catchingTensorErrors { LabeledDataset(inputs: .ones([3, 2]), labels: Tensor([0, 1])).all }
    }
  }

  @Test("Inputs in another order keep their labels")
  func permuted() {
    let other = sample.permuted([2, 5])
    #expect(other.count == 2 && other.shape == [1, 2])
    #expect(other.all.inputs.scalars == [4, 5, 10, 11])
    #expect(other.all.labels.scalars == [3, 0])
    #expect(throws: TensorError.self) { try catchingTensorErrors { sample.permuted([6]).all } }
  }

  @Test("The embedded digits, scaled to 0…1, split as the article on them does")
  func digits() throws {
    let digits = try Digits()
    #expect(digits.count == 1797 && digits.dataset.shape == [64])
    let (train, test) = digits.split(at: 1437)
    #expect(train.count == 1437 && test.count == 360)
    // Row 1 of the first image is 0 0 13 15 10 15 5 0 out of 16.
    let first = train.batch([0])
    #expect(first.inputs[0, 8..<16].scalars == [0, 0, 0.8125, 0.9375, 0.625, 0.9375, 0.3125, 0])
    #expect(first.labels.item == 0)
    #expect(digits.dataset.all.inputs.max().item == 1 && digits.dataset.all.inputs.min().item == 0)
    #expect(Set(test.all.labels.scalars) == Set(0..<10))
  }

  @Test("Datasets go from task to task")
  func sendable() async {
    let task = Task { sample.count }
    #expect(await task.value == 6)
  }
}
