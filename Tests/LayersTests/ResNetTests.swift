import Foundation
import Martlet
import ResNetModel
import TestSupport
import Testing

/// The ResNets of the examples, compared with torchvision's, which make_resnet.py ran with the same weights
/// and image.
@Suite struct ResNetTests {
  /// Numbers of NumPy's stream, repeated in a cycle.
  private struct Stream {
    private static let numbers: [Double] = {
      var numpy = NumPyRandom(seed: 0)
      return numpy.uniform([1_000_003]).scalars
    }()
    private var at = 0

    mutating func take<E: DifferentiableScalar>(_ shape: TensorShape, _ f: (Double) -> Double) -> Tensor<E> {
      let numbers = Self.numbers
      var values = [E](repeating: 0, count: shape.reduce(1, *))
      for i in values.indices {
        values[i] = E(f(numbers[at]))
        at = at + 1 == numbers.count ? 0 : at + 1
      }
      return Tensor(values, shape: shape)
    }
  }

  /// Fills the state by the rule of make_resnet.py.
  private func fill<E: DifferentiableScalar>(_ model: ResNet<E>, _ stream: inout Stream) {
    for (name, tensor) in model.namedState {
      let value: Tensor<E>
      if tensor.rank > 1 {
        let scale = (3 / Double(tensor.shape.dropFirst().reduce(1, *))).squareRoot()
        value = stream.take(tensor.shape) { (2 * $0 - 1) * scale }
      } else if name.hasSuffix("running_var") {
        value = stream.take(tensor.shape) { 0.5 + $0 }
      } else if name.hasSuffix("weight") {
        value = stream.take(tensor.shape) { (1 + $0) / 2 }
      } else {
        value = stream.take(tensor.shape) { (2 * $0 - 1) / 5 }
      }
      noGrad { tensor.assign(value) }
    }
  }

  private func check<E: DifferentiableScalar>(
    _ depth: ResNet<E>.Depth, _ name: String, size: Int, within bound: Double
  ) throws {
    let fixture = try JSONDecoder().decode([String: [Double]].self, from: Golden.data("resnet.json"))
    let expected = try #require(fixture[name])
    let model = ResNet<E>(depth)
    var stream = Stream()
    fill(model, &stream)
    model.eval()
    let image: Tensor<E> = stream.take([1, 3, size, size]) { 4 * $0 - 2 }
    let logits = noGrad { model(image) }.scalars.map { Double($0) }
    let largest = expected.map(abs).max()!
    let difference = zip(logits, expected).map { abs($0 - $1) }.max()!
    #expect(logits.count == expected.count && difference <= bound * largest, "\(difference / largest)")
  }

  @Test("Logits are torchvision's, to 1e-5 of the largest in Float and 1e-10 in Double")
  func logits() throws {
    try check(ResNet<Double>.Depth.resNet18, "resnet18 float64", size: 64, within: 1e-10)
    try check(ResNet<Float>.Depth.resNet18, "resnet18 float32", size: 64, within: 1e-5)
    try check(ResNet<Float>.Depth.resNet50, "resnet50 float32", size: 224, within: 1e-5)
  }

  @Test("Parameters are counted and named as torchvision's")
  func names() {
    let model = ResNet<Float>(.resNet50)
    #expect(model.parameters.reduce(0) { $0 + $1.count } == 25_557_032)
    let names = model.namedState.map(\.name)
    #expect(names.prefix(3) == ["conv1.weight", "bn1.weight", "bn1.bias"])
    #expect(names.contains("layer1.0.downsample.1.running_var") && names.contains("layer4.2.bn3.weight"))
    #expect(model.namedCounts.count == 53 && names.suffix(2) == ["fc.weight", "fc.bias"])
    let summary = model.summary(input: [1, 3, 224, 224]).total
    #expect(summary.parameters == 25_557_032 && summary.multiplyAdds == 4_089_184_256)
  }
}
