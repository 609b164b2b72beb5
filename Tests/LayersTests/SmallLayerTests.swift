import Martlet
import TestSupport
import Testing

/// The random numbers and the initial state of small layers; ModuleGoldTests compare the rest with PyTorch.
@Suite struct SmallLayerTests {
  @Test("Channels are dropped whole, a share p of them, and the rest scaled")
  func channelDropout() {
    var random = RandomGenerator(seed: 31)
    let x = Tensor<Float>.full([100, 50, 2, 3], 3, requiresGrad: true)
    let y = withRandom(&random) { Dropout2d(0.25)(x) }
    let channels = y.reshaped([5000, 6])
    #expect(channels.max(axis: 1).scalars == channels.min(axis: 1).scalars)
    #expect(Set(y.scalars) == [0, 4])
    let dropped = Double(channels[0..., 0].scalars.count { $0 == 0 }) / 5000
    #expect(abs(dropped - 0.25) < 5 * (0.25 * 0.75 / 5000).squareRoot())
    y.sum().backward()
    #expect(x.grad!.scalars == y.scalars.map { $0 / 3 })
    #expect(Dropout1d(1)(.ones([2, 3, 4])).scalars.allSatisfy { $0 == 0 })
    #expect(Dropout3d(0)(.ones([1, 2, 1, 1, 1])).scalars == [1, 1])
  }

  @Test("AlphaDropout keeps a mean of 0 and a variance of 1", arguments: [0.1, 0.5])
  func alphaDropout(_ p: Double) {
    var random = RandomGenerator(seed: 32)
    let x: Tensor<Double> = random.normal([200, 1000])
    let y = withRandom(&random) { AlphaDropout<Double>(p)(x) }
    // The fourth moments are below 16, so these are five deviations of a mean and of a variance of 200,000
    // numbers.
    #expect(abs(y.mean().item) < 5 / 200_000.0.squareRoot())
    #expect(abs(y.variance().item - 1) < 5 * 4 / 200_000.0.squareRoot())
    let counts = Dictionary(grouping: y.scalars, by: { $0 }).mapValues(\.count)
    let share = Double(counts.values.max()!) / 200_000
    #expect(abs(share - p) < 5 * (p * (1 - p) / 200_000).squareRoot(), "the least value of SELU")
    let z = withRandom(&random) { FeatureAlphaDropout<Double>(0.5)(.zeros([30, 40, 5])) }.reshaped([1200, 5])
    #expect(z.max(axis: 1).scalars == z.min(axis: 1).scalars)
    #expect(Set(z.scalars).count == 2)
    #expect(AlphaDropout<Double>(1)(x).scalars.allSatisfy { $0 == 0 })
  }

  @Test("An embedding's padding starts as zeros and learns nothing, by negative indices either")
  func padding() {
    let table = Embedding(4, 3, paddingIndex: -2)
    #expect(table.paddingIndex == 2)
    #expect(table.weight[2].scalars == [0, 0, 0])
    #expect(table.weight[1].scalars.allSatisfy { $0 != 0 })
    table(Tensor<Int>([2, -2, 1])).sum().backward()
    #expect(table.weight.grad!.scalars == [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0])
    let own = Embedding(weight: Tensor<Float>([[3, 4], [0.3, 0.4]]), paddingIndex: 0, maxNorm: 1)
    #expect(own(Tensor<Int>([1, 1])).scalars == [0.3, 0.4, 0.3, 0.4])
    #expect(own.weight.scalars == [3, 4, 0.3, 0.4], "rows that are not looked up stay as they are")
  }

  @Test(
    "In evaluation an embedding scales what it looks up and leaves its table; gradients are those of training"
  )
  func largestNorm() {
    func make() -> Embedding<Double> {
      Embedding(weight: Tensor<Double>([[3, 4], [0.3, 0.4], [0, -10]]), maxNorm: 1)
    }
    let trained = make(), evaluated = make(), indices = Tensor<Int>([[0, 2], [1, 0]])
    evaluated.eval()
    let y = evaluated(indices), right = [0.6, 0.8, 0, -1, 0.3, 0.4, 0.6, 0.8]
    #expect(zip(y.scalars, right).allSatisfy { abs($0 - $1) < 1e-7 })
    #expect(evaluated.weight.scalars == [3, 4, 0.3, 0.4, 0, -10])
    #expect(y.scalars == trained(indices).scalars && y.scalars == noGrad { evaluated(indices) }.scalars)
    y.sum().backward()
    #expect(evaluated.weight.grad?.scalars == [2, 2, 1, 1, 1, 1])
    #expect(evaluated(Tensor<Int>(2)).scalars == Array(y.scalars[2..<4]), "an index alone")
    #expect(evaluated(Tensor<Int>.zeros([0])).shape == [0, 2])
    evaluated.train()
    _ = noGrad { evaluated(indices) }
    #expect(evaluated.weight.scalars == trained.weight.scalars && evaluated.weight.scalars[5] > -1.001)
  }

  @Test("Bilinear starts uniform in ±1/√first")
  func bilinear() {
    var random = RandomGenerator(seed: 33)
    let layer = withRandom(&random) { Bilinear(4, 20, 50) }
    #expect(layer.namedParameters.map(\.name) == ["weight", "bias"])
    let largest = layer.weight.scalars.map(abs).max()!
    #expect(largest <= 0.5 && largest > 0.495)
  }

  @Test("Reshape keeps the samples, and finds one extent")
  func reshape() {
    #expect(Reshape(2, -1)(.ones([3, 8])).shape == [3, 2, 4])
    #expect(Reshape(8)(.ones([3, 2, 4])).shape == [3, 8])
    #expect(Reshape()(.ones([3, 1])).shape == [3])
    #expect(Reshape(2, 0)(.ones([3, 0])).shape == [3, 2, 0])
    #expect(Flatten()(.ones([0, 2, 3])).shape == [0, 6])
  }

  @Test("Batch statistics move in training alone, by the momentum or as a mean over all batches")
  func runningStatistics() {
    let x = Tensor<Float>([[1], [3]])
    let norm = BatchNorm(1, momentum: nil)
    for batch in [x, x + 2, x + 4] { _ = norm(batch) }
    #expect(norm.batchesTracked?.item == 3)
    #expect(abs(norm.runningMean!.item - 4) < 1e-6 && abs(norm.runningVariance!.item - 2) < 1e-6)
    norm.eval()
    let y = norm(Tensor<Float>([[4]]))
    #expect(abs(y.item) < 1e-6)
    #expect(norm.batchesTracked?.item == 3)
    #expect(norm.namedCounts.map(\.name) == ["num_batches_tracked"])
    #expect(norm.namedState.map(\.name) == ["weight", "bias", "running_mean", "running_var"])
    #expect(norm.namedParameters.map(\.name) == ["weight", "bias"])
  }

  @Test(
    "Where a mistake is caught, a layer that could not be made does not stop the program when it is called")
  func calledAfterAMistake() {
    let image = Tensor<Float>.ones([1, 2, 4, 4])
    #expect(refusal { _ = Conv2d(2, 2, kernelSize: 3, stride: 0)(image) }?.operation == "Conv2d")
    #expect(refusal { _ = Conv2d(2, 2, kernelSize: [3], padding: 1)(image) }?.operation == "Conv2d")
    #expect(refusal { _ = Conv2d(2, 2, kernelSize: 3, groups: 0)(image) }?.operation == "Conv2d")
    #expect(
      refusal { _ = ConvTranspose2d(2, 2, kernelSize: 3, dilation: [1])(image) }?.operation
        == "ConvTranspose2d")
  }

  @Test("Numbers that no size can be computed of are refused") func beyondAllSizes() {
    let image = Tensor<Float>.ones([1, 1, 4, 4]), kernel = Tensor<Float>.ones([1, 1, 3, 3])
    #expect(refusal { _ = image.conv2d(weight: kernel, padding: Int.max) }?.operation == "conv2d")
    #expect(refusal { _ = image.conv2d(weight: kernel, padding: 1 << 31) }?.operation == "conv2d")
    #expect(refusal { _ = image.conv2d(weight: kernel, dilation: Int.max) }?.operation == "conv2d")
    #expect(
      refusal { _ = image.convTranspose2d(weight: kernel, stride: Int.max) }?.operation == "convTranspose2d")
    #expect(refusal { _ = image.upsampled(by: 1e300) }?.operation == "upsampled")
    #expect(refusal { _ = image.pixelShuffled(.max) }?.operation == "pixelShuffled")
  }
}
