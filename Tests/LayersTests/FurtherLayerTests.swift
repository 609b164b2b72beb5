import Martlet
import TestSupport
import Testing

/// The random numbers and the initial state of rarer layers; ModuleGoldTests compare the rest with PyTorch.
@Suite struct FurtherLayerTests {
  @Test("RReLU draws its slopes evenly from the interval, and leaves elements above 0")
  func randomSlopes() {
    var random = RandomGenerator(seed: 51)
    let x = Tensor<Double>.full([100_000], -2, requiresGrad: true)
    let y = withRandom(&random) { RReLU<Double>(0.25...0.75)(x) }
    let slopes = y.detached() / -2
    #expect(slopes.min().item >= 0.25 && slopes.max().item <= 0.75)
    // Five deviations of the mean and of the variance of 100,000 even numbers.
    #expect(abs(slopes.mean().item - 0.5) < 5 * 0.5 / (12 * 100_000).squareRoot())
    #expect(abs(slopes.variance().item - 0.25 / 12) < 5 * 0.25 / (180 * 100_000).squareRoot())
    y.sum().backward()
    #expect(x.grad!.scalars == slopes.scalars)
    #expect(RReLU()(Tensor<Float>([0, 1, 2])).scalars == [0, 1, 2])
  }

  @Test("A bag's padding starts as zeros, and a bag without indices is zeros")
  func bags() {
    let table = EmbeddingBag(4, 3, mode: .sum, paddingIndex: -2)
    #expect(table.paddingIndex == 2 && table.weight[2].scalars == [0, 0, 0])
    for mode in [BagMode.sum, .mean, .max] {
      let empty = EmbeddingBag(4, 3, mode: mode)(Tensor<Int>.zeros([0]), offsets: Tensor<Int>([0, 0]))
      #expect(empty.shape == [2, 3] && empty.scalars.allSatisfy { $0 == 0 })
    }
  }

  @Test("Weight norm starts from the layer's weight, and only v, g and the bias are parameters")
  func weightNorm() {
    let layer = Linear<Double>(3, 4), normed = WeightNorm(layer), x = Tensor<Double>.normal([5, 3])
    #expect(zip(normed(x).scalars, layer(x).scalars).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(normed.parameters.map(\.shape) == [[4], [4, 1], [4, 3]])
    #expect("\(normed)" == "WeightNorm(Linear(3, 4, bias: true))")
    noGrad { normed.parameters[1].fill(2) }
    #expect((normed.weight * normed.weight).sum(axis: 1).scalars.allSatisfy { abs($0 - 4) < 1e-12 })
  }

  @Test("Spectral norm makes the largest singular value 1, and evaluation leaves the estimate as it is")
  func spectralNorm() throws {
    // The singular values 4, 3, 2 and 1 are so far apart that the iteration converges.
    let layer = Linear<Double>(6, 4), x = Tensor<Double>.normal([5, 6])
    noGrad { layer.weight[0...] = Tensor<Double>([4, 3, 2, 1]).diagonalMatrix().padded([(0, 0), (0, 2)]) }
    let normed = SpectralNorm(layer, iterations: 100)
    _ = normed(x)
    #expect(abs(try normed.weight.detached().svdvals().max().item - 1) < 1e-6)
    normed.eval()
    let before = normed.namedState.map(\.tensor.scalars)
    _ = normed(x)
    #expect(normed.namedState.map(\.tensor.scalars) == before)
    #expect(normed.parameters.count == 2)
  }

  @Test("Unpooling undoes a pool; of two elements with one index the last is taken")
  func unpooling() {
    let x = Tensor<Float>([[[1, 5, 2, 3, 4, 0]]])
    let (values, indices) = x.maxPoolWithIndices(kernelSize: 2)
    #expect(MaxUnpool1d(kernelSize: 2)(values, indices).scalars == [0, 5, 0, 3, 4, 0])
    let twice = Tensor<Float>([[[7, 8]]], requiresGrad: true)
    let y = twice.maxUnpool(Tensor<Int>([[[1, 1]]]), outputSize: [3])
    #expect(y.scalars == [0, 8, 0])
    y.sum().backward()
    #expect(twice.grad!.scalars == [0, 1])
  }

  @Test("A query that sees no key has the weights 0, and so has its output before the projection")
  func unseenKeys() {
    let attention = MultiHeadAttention<Double>(4, heads: 2, bias: false)
    let x = Tensor<Double>.normal([1, 2, 4], requiresGrad: true),
      mask = Tensor<Bool>([[false, false], [true, true]])
    let (output, weights) = attention.withWeights(x, mask: mask)
    #expect(weights[0, 0].scalars == [0, 0] && abs(weights[0, 1].sum().item - 1) < 1e-12)
    #expect(output[0, 0].scalars.allSatisfy { $0 == 0 })
    let usual = attention(x, mask: mask)
    #expect(zip(output.scalars, usual.scalars).allSatisfy { abs($0 - $1) < 1e-12 })
    output.sum().backward()
    #expect(x.grad!.scalars.allSatisfy { $0.isFinite })
  }

  @Test("A convolution with mirrored edges tells its padding mode")
  func paddingMode() {
    let layer = Conv1d(2, 3, kernelSize: 3, padding: 1, paddingMode: .reflect)
    #expect("\(layer)" == "Conv1d(2, 3, kernelSize: [3], padding: [1], paddingMode: reflect)")
    #expect(refusal { _ = layer(.ones([1, 2, 1])) }?.operation == "padded")
  }
}
