import Foundation
import Martlet
import TestSupport
import Testing

private final class Block: Layer {
  let layers = Sequential {
    Linear(4, 4)
    Tanh()
    Linear(4, 3, bias: false)
  }
  func forward(_ x: Tensor<Float>) -> Tensor<Float> { layers(x) }
}

/// A model with blocks in an array, a layer that is used twice, and a layer without configuration.
private final class Net: Layer {
  let shared = Linear(4, 4)
  let blocks = [Block(), Block()]
  let fallback: Head?
  let outputLayer = ["left": Linear(3, 2), "right": Linear(3, 2)]

  init() {
    fallback = Head(shared)
  }

  func forward(_ x: Tensor<Float>) -> Tensor<Float> { blocks[1](blocks[0](shared(x))) }
}

private final class Head: Layer {
  let inner: Linear<Float>
  init(_ inner: Linear<Float>) { self.inner = inner }
  func forward(_ x: Tensor<Float>) -> Tensor<Float> { inner(x).reshaped([2, 3]) }
}

/// A module of two inputs, with a configuration of its own.
private final class Score: Module {
  let query = Linear(3, 4), key = Linear(5, 4)
  var configuration: String { "\(query.weight.shape[0])" }
  func callAsFunction(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Tensor<Float> {
    scoped { query(a).matmul(key(b).transposed()) }
  }
}

private struct Stopped: Error {}

/// The layer's path in the message of a mistake.
@Suite struct LayerPathTests {
  private func ones(_ shape: TensorShape) -> Tensor<Float> { .ones(shape) }

  /// The message up to the caller's line.
  private func message(_ body: () throws -> Void) -> String? {
    refusal(body).map { "\($0)".components(separatedBy: " (LayerPathTests.swift:")[0] }
  }

  @Test func aMistakeNamesThePathTheConfigurationAndBothShapes() throws {
    let error = try #require(refusal { _ = Net()(ones([2, 4])) })
    #expect(error.layer == "Net.blocks.1.layers.0")
    #expect(error.layerConfiguration == "Linear(4, 4, bias: true)")
    #expect(error.location == "LayerPathTests.swift:12", "where the block calls its layers")
    #expect(
      "\(error)"
        == "Linear: inputs of shape [2, 3] do not fit; the shape must be […, 4]; in Net.blocks.1.layers.0, Linear(4, 4, bias: true)"
    )
  }

  @Test func operationsOfALayersOwnNameItToo() {
    let net = Net()
    #expect(message { _ = net.fallback!(ones([2, 4])) }?.hasSuffix("; in Head()") == true)
    #expect(
      message { _ = net.scoped { net.fallback!(ones([2, 4])) } }?.hasSuffix("; in Net.fallback, Head()")
        == true)
  }

  @Test func aLayerUsedTwiceIsNamedByWhereItWasCalled() {
    let net = Net()
    #expect(refusal { _ = net(ones([2, 5])) }?.layer == "Net.shared")
    #expect(refusal { _ = net.scoped { net.fallback!(ones([2, 5])) } }?.layer == "Net.fallback.inner")
    #expect(refusal { _ = net.shared(ones([2, 5])) }?.layer == "Linear")
    #expect(
      refusal { _ = net.scoped { net.outputLayer["right"]!(ones([5])) } }?.layer == "Net.output_layer.right")
    #expect(refusal { _ = net.scoped { Tanh()(ones([2]) + ones([3])) } }?.layer == "Net")
    #expect(refusal { _ = net.scoped { Head(Linear(2, 2))(ones([3])) } }?.layer == "Net.Head.inner")
  }

  @Test func aModuleOfSeveralInputsScopesItself() {
    let score = Score()
    #expect(
      message { _ = score(ones([2, 3]), ones([2, 4])) }
        == "Linear: inputs of shape [2, 4] do not fit; the shape must be […, 5]; in Score.key, Linear(5, 4, bias: true)"
    )
    #expect(refusal { _ = score(ones([2, 3]), ones([5])) }?.description.contains("; in Score(4) (") == true)
    #expect(profile { _ = score(ones([2, 3]), ones([2, 5])) }.rows.map(\.layer).contains("Score.query"))
  }

  @Test func outsideOfLayersThereIsNone() {
    let net = Net()
    _ = refusal { _ = net(ones([2, 4])) }
    #expect(refusal { _ = ones([2]) + ones([3]) }?.layer == nil)
    #expect(throws: Stopped.self) { try net.scoped { () throws(Stopped) in throw Stopped() } }
    #expect(refusal { _ = ones([2]) + ones([3]) }?.layer == nil)
    #expect(refusal { Linear(2, 2)(ones([1, 2])).sum().backward(ones([3])) }?.layer == nil)
    #expect(refusal { _ = Linear(-1, 2) }?.layer == nil)
  }

  @Test func scopesOfOtherKindsChangeNothing() {
    let net = Net()
    var caught: [TensorError?] = []
    noGrad {
      _ = profile {
        net.scoped {
          caught.append(refusal { _ = net.shared(ones([5])) })
          caught.append(refusal { _ = ones([2]) + ones([3]) })
        }
      }
    }
    #expect(caught.map { $0?.layer } == ["Net.shared", "Net"])
  }

  /// Each thread has its own list of running layers.
  @Test func threadsKnowTheirOwnLayers() async {
    let paths = await withTaskGroup(of: (Int, String?).self) { group in
      for i in 0..<20 {
        group.addTask {
          let stack = Sequential([Linear(2, 2), Linear(i % 2 == 0 ? 3 : 2, 2)])
          return (i, refusal { _ = stack(.ones([1, 2])) }?.layer)
        }
      }
      return await group.reduce(into: [Int: String?]()) { $0[$1.0] = $1.1 }
    }
    for (i, path) in paths { #expect(path == (i % 2 == 0 ? "Sequential.1" : nil)) }
  }

  @Test func outsideOfACatchingScopeTheProgramStopsWithIt() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Net()(.ones([2, 4]))
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(text.contains("; in Net.blocks.1.layers.0, Linear(4, 4, bias: true) (LayerPathTests.swift:"))
  }

  @Test func aProfileNamesALayerByWhereItWasCalled() {
    let net = Net(), x = ones([2, 4])
    let profile = profile {
      for _ in 0..<2 {
        _ = net.scoped { net.shared(x) }
        _ = net.scoped { net.fallback!.scoped { net.shared(x) } }
      }
    }
    #expect(Set(profile.rows.map(\.layer)) == ["Net.shared", "Net.fallback.inner"])
    #expect(profile.rows.map(\.forward.count) == [2, 2])
  }
}

/// The printed description of a module.
@Suite struct ModuleDescriptionTests {
  @Test func aModelIsATree() {
    #expect(
      "\(Net())" == """
        Net(
          (shared): Linear(4, 4, bias: true)
          (blocks.0): Block(
            (layers): Sequential(
              (0): Linear(4, 4, bias: true)
              (1): Tanh()
              (2): Linear(4, 3, bias: false)
            )
          )
          (blocks.1): Block(
            (layers): Sequential(
              (0): Linear(4, 4, bias: true)
              (1): Tanh()
              (2): Linear(4, 3, bias: false)
            )
          )
          (fallback): Head(
            (inner): Linear(4, 4, bias: true)
          )
          (output_layer.left): Linear(3, 2, bias: true)
          (output_layer.right): Linear(3, 2, bias: true)
        )
        """)
    #expect(
      "\(Score())" == """
        Score(
          4
          (query): Linear(3, 4, bias: true)
          (key): Linear(5, 4, bias: true)
        )
        """)
  }

  @Test func eachLayerSaysHowItWasMade() {
    let layers: [(any Module, String)] = [
      (Linear<Double>(2, 3), "Linear(2, 3, bias: true)"),
      (Bilinear(2, 3, 4, bias: false), "Bilinear(2, 3, 4, bias: false)"),
      (Embedding(5, 3), "Embedding(5, 3)"),
      (
        Embedding(5, 3, paddingIndex: -1, maxNorm: 2),
        "Embedding(5, 3, paddingIndex: 4, maxNorm: 2.0, normType: 2.0)"
      ),
      (Conv2d(3, 8, kernelSize: 3), "Conv2d(3, 8, kernelSize: [3, 3])"),
      (
        Conv1d(4, 8, kernelSize: 3, stride: 2, padding: 1, dilation: 2, groups: 4, bias: false),
        "Conv1d(4, 8, kernelSize: [3], stride: [2], padding: [1], dilation: [2], groups: 4, bias: false)"
      ),
      (
        ConvTranspose2d(3, 4, kernelSize: [2, 3], stride: 2, outputPadding: [1, 0]),
        "ConvTranspose2d(3, 4, kernelSize: [2, 3], stride: [2, 2], outputPadding: [1, 0])"
      ),
      (
        AvgPool2d(kernelSize: 3, stride: 2, countsPadding: false),
        "AvgPool2d(kernelSize: [3, 3], stride: [2, 2], countsPadding: false)"
      ),
      (AvgPool1d(kernelSize: 2, divisor: 3), "AvgPool1d(kernelSize: [2], divisor: 3)"),
      (RotaryPositions(8, base: 500), "RotaryPositions(8, base: 500.0)"),
      (SinusoidalPositions(8, base: 500), "SinusoidalPositions(8, base: 500.0)"),
      (SinusoidalPositions(8), "SinusoidalPositions(8)"),
      (LayerNorm(4, 5, bias: false), "LayerNorm(4, 5, epsilon: 1e-05, affine: true, bias: false)"),
      (RMSNorm<Double>(4, epsilon: 0.5), "RMSNorm(4, epsilon: 0.5, affine: true)"),
      (
        BatchNorm(3, momentum: nil),
        "BatchNorm(3, epsilon: 1e-05, momentum: nil, affine: true, trackRunningStatistics: true)"
      ),
      (
        InstanceNorm(3),
        "InstanceNorm(3, epsilon: 1e-05, momentum: 0.1, affine: false, trackRunningStatistics: false)"
      ),
      (GroupNorm(2, 4), "GroupNorm(2, 4, epsilon: 1e-05, affine: true)"),
      (Dropout(0.1), "Dropout(0.1)"), (AlphaDropout(0.25), "AlphaDropout(0.25)"),
      (ReLU(), "ReLU()"), (GELU(approximation: .tanh), "GELU(approximation: tanh)"),
      (Standardizer(features: 4), "Standardizer(features: 4)"),
      (MinMaxScaler(features: 4), "MinMaxScaler(features: 4)"),
      (Imputer(values: Tensor<Float>([1, 2])), "Imputer(features: 2)"),
      (OneHot(features: 3, codes: [1: 2]), "OneHot(features: 3, outputs: 4)"),
      (Identity(), "Identity()"), (Flatten(), "Flatten(startAxis: 1, endAxis: -1)"),
      (Unflatten(axis: 1, 2, 3), "Unflatten(axis: 1, 2, 3)"), (Reshape(2, -1), "Reshape(2, -1)"),
      (ZeroPad((1, 2), (0, 3)), "ZeroPad((1, 2), (0, 3))"),
      (ConstantPad((1, 1), value: 3), "ConstantPad((1, 1), value: 3.0)"),
      (Upsample(scale: 2), "Upsample(scale: 2.0, mode: nearest, alignCorners: false)"),
      (Upsample(size: 4, 6, mode: .linear), "Upsample(size: 4, 6, mode: linear, alignCorners: false)"),
      (PixelShuffle(2), "PixelShuffle(2)"), (PixelUnshuffle(3), "PixelUnshuffle(3)"),
      (RNNCell(inputs: 3, hidden: 5), "RNNCell(inputs: 3, hidden: 5, activation: tanh)"),
      (Sequential(), "Sequential()"),
    ]
    for (layer, description) in layers { #expect("\(layer)" == description) }
    let cell = "\(RNNCell(inputs: 3, hidden: 5, outputs: 2))".split(separator: "\n")
    #expect(cell[1] == "  inputs: 3, hidden: 5, outputs: 2, activation: sigmoid")
    #expect(cell[2] == "  (w_ih): Linear(3, 5, bias: true)")
  }

  @Test func whatHoldsItselfIsToldOnce() {
    let loop = Loop()
    loop.next = loop
    #expect("\(loop)" == "Loop(\n  (next): Loop()\n)")
    loop.next = nil
  }

  private final class Loop: Layer {
    var next: Loop?
    func forward(_ x: Tensor<Float>) -> Tensor<Float> { x }
  }
}
