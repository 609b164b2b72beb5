import Foundation
import Martlet
import TestSupport
import Testing

/// The distributions of initialisers: support, moments, and names.
@Suite struct InitializerTests {
  private func drawn(_ initializer: Initializer<Double>, _ shape: TensorShape, seed: UInt64 = 5) -> Tensor<
    Double
  > {
    var random = RandomGenerator(seed: seed)
    let parameter = Tensor<Double>.zeros(shape, requiresGrad: true)
    withRandom(&random) { parameter.initialize(initializer) }
    return parameter
  }

  /// Checks a sample's standard deviation, to five standard errors.
  private func expectDeviation(_ x: Tensor<Double>, _ deviation: Double, kurtosis: Double, _ what: String) {
    let variance = (x.detached() * x.detached()).mean().item / (deviation * deviation)
    let bound = 5 * ((kurtosis - 1) / Double(x.count)).squareRoot()
    #expect(abs(variance - 1) < bound, "\(what): variance \(variance) of what it should be, seed 5")
  }

  @Test("Fans decide the spread, uniform and normal alike")
  func spreads() {
    let shape: TensorShape = [40, 30, 3, 3], fanIn = 270.0, fanOut = 360.0
    let cases: [(String, Initializer<Double>, Initializer<Double>, Double)] = [
      ("xavier", .xavierUniform(gain: 2), .xavierNormal(gain: 2), 2 * (2 / (fanIn + fanOut)).squareRoot()),
      ("kaiming", .kaimingUniform(), .kaimingNormal(), (2 / fanIn).squareRoot()),
      (
        "kaiming out", .kaimingUniform(mode: .fanOut, nonlinearity: .tanh),
        .kaimingNormal(mode: .fanOut, nonlinearity: .tanh), 5 / 3 / fanOut.squareRoot()
      ),
      ("lecun", .lecunUniform, .lecunNormal, 1 / fanIn.squareRoot()),
    ]
    for (name, uniform, normal, deviation) in cases {
      let flat = drawn(uniform, shape)
      expectDeviation(flat, deviation, kurtosis: 1.8, name)
      let bound = deviation * 3.0.squareRoot()
      #expect(flat.detached().abs().max().item <= bound && flat.detached().abs().max().item > 0.99 * bound)
      expectDeviation(drawn(normal, shape), deviation, kurtosis: 3, name)
    }
  }

  @Test("A truncated normal stays within its bounds and has the moments of what is left")
  func truncated() {
    let x = drawn(.truncatedNormal(mean: 1, deviation: 2, -1...5), [20_000]).detached()
    #expect(x.min().item >= -1 && x.max().item <= 5)
    // The mean and the variance of the normal distribution truncated to a = −1 … b = 2.
    let (a, b) = (-1.0, 2.0)
    func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }
    func share(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }
    let z = share(b) - share(a), shift = (density(a) - density(b)) / z
    let variance = 1 + (a * density(a) - b * density(b)) / z - shift * shift
    #expect(abs(x.mean().item - (1 + 2 * shift)) < 5 * 2 * (variance / 20_000).squareRoot())
    #expect(abs(x.variance(correction: 1).item - 4 * variance) < 0.05 * 4 * variance)
  }

  @Test("Rows or columns are orthonormal", arguments: [[5, 3] as TensorShape, [3, 5], [4, 2, 3], [6, 6]])
  func orthogonal(_ shape: TensorShape) {
    let q = drawn(.orthogonal(gain: 3), shape).detached().reshaped([shape[0], -1])
    let small = q.shape[0] < q.shape[1] ? q.matmul(q.transposed()) : q.transposed().matmul(q)
    #expect((small - Tensor<Double>.identity(small.shape[0]) * 9).abs().max().item < 1e-12)
  }

  @Test("Dirac kernels pass channels on")
  func dirac() {
    let x = Tensor<Double>((0..<40).map(Double.init), shape: [1, 2, 4, 5])
    let conv = Conv2d<Double>(2, 3, kernelSize: 3, padding: .same, bias: false)
    conv.weight.initialize(.dirac)
    let y = conv(x).detached()
    #expect(y[0, 0..<2].scalars == x.scalars)
    #expect(y[0, 2].abs().max().item == 0)
  }

  @Test("Constants and bounds, in place and without history")
  func plain() {
    let layer = Linear(3, 2)
    layer.weight.initialize(.constant(2))
    layer.bias!.initialize(.zeros)
    #expect(layer.weight.scalars == [2, 2, 2, 2, 2, 2] && layer.bias!.scalars == [0, 0])
    #expect(layer.weight.isLeaf && layer.weight.requiresGrad)
    layer.weight.initialize(.uniform(2...3))
    #expect(layer.weight.scalars.allSatisfy { (2...3).contains($0) })
    layer.weight.initialize(Initializer { .full($0, 7) })
    #expect(layer.weight.scalars.allSatisfy { $0 == 7 })
  }

  @Test("Gains are PyTorch's")
  func gains() {
    #expect(InitializerNonlinearity.relu.gain == 1.4142135623730951)
    #expect(InitializerNonlinearity.tanh.gain == 1.6666666666666667)
    #expect(InitializerNonlinearity.leakyReLU(slope: 0.2).gain == 1.3867504905630728)
    #expect(InitializerNonlinearity.selu.gain == 0.75 && InitializerNonlinearity.sigmoid.gain == 1)
  }
}
