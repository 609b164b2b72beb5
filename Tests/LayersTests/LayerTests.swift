import Martlet
import Testing

/// The initial state of layers and their errors; ModuleGoldTests compare the values with PyTorch.
@Suite struct LayerTests {
  @Test("LayerNorm starts as ones and zeros under PyTorch's names, and computes what PyTorch does")
  func layerNorm() {
    let layer = LayerNorm<Double>(3)
    #expect(layer.namedParameters.map(\.name) == ["weight", "bias"])
    #expect(layer.weight?.scalars == [1, 1, 1] && layer.bias?.scalars == [0, 0, 0] && layer.epsilon == 1e-5)
    noGrad {
      layer.weight!.assign(Tensor([1, 2, 3]))
      layer.bias!.assign(Tensor([0.5, 0, -1]))
    }
    let torch = [-0.5690415314502977, -0.5345207657251491, 3.0089057429386155, 0.5, 0.0, -1.0]
    let y = layer(Tensor([[1, 2, 4], [3, 3, 3]])).scalars
    #expect(zip(y, torch).allSatisfy { abs($0 - $1) < 1e-14 }, "\(y)")
    #expect(LayerNorm(2, 3, bias: false).namedParameters.map(\.name) == ["weight"])
    #expect(LayerNorm(2, 3).weight?.shape == [2, 3])
    let plain = LayerNorm<Double>(2, 2, affine: false)
    #expect(plain.parameters.isEmpty)
    let plainTorch = [-1.3416354199689269, -0.447211806656309, 0.447211806656309, 1.3416354199689269]
    #expect(zip(plain(Tensor([[1, 2], [3, 4]])).scalars, plainTorch).allSatisfy { abs($0 - $1) < 1e-14 })
  }

  @Test("A Linear on a transposed tensor of one's own computes and learns like one on a copy")
  func transposedWeight() {
    // y = x · stored + bias. x, the gradient of y and the result are computed by hand.
    let stored = Tensor<Double>([[1, 2, 3], [4, 5, 6]])
    let layer = Linear(weight: stored.transposed(), bias: .zeros([3]))
    let x = Tensor<Double>([[1, 10]])
    let y = layer(x)
    #expect(y.scalars == [41, 52, 63])
    y.backward(Tensor([[1, 0, -1]]))
    #expect(layer.weight.grad?.shape == [3, 2])
    #expect(layer.weight.grad?.scalars == [1, 10, 0, 0, -1, -10])
    #expect(layer.bias?.grad?.scalars == [1, 0, -1])
    let optimizer = SGD(layer.parameters, learningRate: 1, momentum: 0.9)
    optimizer.step()
    #expect(layer.weight.scalars == [0, -6, 2, 5, 4, 16])
    #expect(stored.scalars == [0, 2, 4, -6, 5, 16], "the layer took this very storage")
    #expect(layer(x).scalars == [-61, 52, 165])
  }

  @Test("Own tensors become parameters")
  func ownTensors() {
    let weight = Tensor<Float>([[1, 2]]), bias = Tensor<Float>([3]), table = Tensor<Float>([[4]])
    let parameters = Linear(weight: weight, bias: bias).parameters + Embedding(weight: table).parameters
    #expect(parameters.map(ObjectIdentifier.init) == [weight, bias, table].map(ObjectIdentifier.init))
    #expect(parameters.allSatisfy { $0.requiresGrad && $0.isLeaf })
  }

  @Test("Weights and biases that do not fit are refused, with the caller's line")
  func misfits() {
    for (make, message) in [
      (
        { _ = Linear(weight: Tensor<Float>.ones([3])) },
        "Linear: weight [3] and bias none do not fit; the shapes must be [out, in] and [out]"
      ),
      (
        { _ = Linear(weight: Tensor<Float>.ones([3, 2]), bias: .ones([2])) },
        "Linear: weight [3, 2] and bias [2] do not fit; the shapes must be [out, in] and [out]"
      ),
      (
        { _ = Embedding(weight: Tensor<Float>.ones([2, 3, 4])) },
        "Embedding: the weight must have the shape [count, dimensions], not [2, 3, 4]"
      ),
    ] as [(() -> Void, String)] {
      let error = #expect(throws: TensorError.self) { try catchingTensorErrors { make() } }
      #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
      #expect(error?.location?.hasPrefix("LayerTests.swift:") == true)
    }
  }

  @Test("Inputs that do not fit are refused")
  func wrongInputs() {
    #expect(throws: TensorError.self) { try catchingTensorErrors { Linear(3, 2)(.ones([4, 2])) } }
    #expect(throws: TensorError.self) { try catchingTensorErrors { Embedding(3, 2)(Tensor<Int>([0, 3])) } }
    #expect(throws: TensorError.self) { try catchingTensorErrors { Linear(-1, 2) } }
  }

  @Test("Layers of no inputs or outputs are empty or constant")
  func emptyLayers() {
    let constant = Linear(0, 2)
    #expect(constant(.zeros([3, 0])).scalars == [0, 0, 0, 0, 0, 0])
    #expect(Linear(2, 0)(.ones([3, 2])).shape == [3, 0])
    #expect(Linear(2, 3)(.ones([0, 2])).shape == [0, 3])
  }
}
