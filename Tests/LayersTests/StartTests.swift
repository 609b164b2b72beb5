import Foundation
import Martlet
import TestSupport
import Testing

/// The initial weights of layers, compared with PyTorch's, whose moments make_starts.py measured.
@Suite struct StartTests {
  struct Moments: Decodable {
    let shape: [Int], mean: Double, square: Double, fourth: Double, largest: Double
  }
  struct Start: Decodable, CustomTestStringConvertible {
    let layer: String, parameters: [String: Moments]

    var testDescription: String { layer }
  }

  typealias Parameters = [(name: String, parameter: Tensor<Double>)]

  private static func layer(_ expression: String) -> Parameters? {
    switch expression {
    case "nn.Linear(300, 1500)":
      Linear<Double>(300, 1500).namedParameters
    case "nn.Bilinear(30, 20, 1500)":
      Bilinear<Double>(30, 20, 1500).namedParameters
    case "nn.Conv1d(40, 1500, 3)":
      Conv1d<Double>(40, 1500, kernelSize: 3).namedParameters
    case "nn.Conv2d(24, 1600, 3, groups=2)":
      Conv2d<Double>(24, 1600, kernelSize: 3, groups: 2).namedParameters
    case "nn.Conv3d(5, 1500, 2)":
      Conv3d<Double>(5, 1500, kernelSize: 2).namedParameters
    case "nn.ConvTranspose1d(40, 1500, 3)":
      ConvTranspose1d<Double>(40, 1500, kernelSize: 3).namedParameters
    case "nn.ConvTranspose2d(24, 1600, 3, groups=2)":
      ConvTranspose2d<Double>(24, 1600, kernelSize: 3, groups: 2).namedParameters
    case "nn.ConvTranspose3d(5, 1500, 2)":
      ConvTranspose3d<Double>(5, 1500, kernelSize: 2).namedParameters
    case "nn.Embedding(400, 50, padding_idx=3)":
      Embedding<Double>(400, 50, paddingIndex: 3).namedParameters
    case "nn.RNN(40, 1500)":
      RNN<Double>(inputs: 40, hidden: 1500).namedParameters
    case "nn.LSTM(30, 400, num_layers=2)":
      LSTM<Double>(inputs: 30, hidden: 400, layers: 2).namedParameters
    case "nn.GRU(30, 500, bidirectional=True)":
      GRU<Double>(inputs: 30, hidden: 500, bidirectional: true).namedParameters
    case "nn.RNNCell(30, 1500)":
      RNNCell<Double>(inputs: 30, hidden: 1500).namedParameters
    case "nn.LSTMCell(30, 400)":
      LSTMCell<Double>(inputs: 30, hidden: 400).namedParameters
    case "nn.GRUCell(30, 500)":
      GRUCell<Double>(inputs: 30, hidden: 500).namedParameters
    case "nn.MultiheadAttention(120, 4)":
      MultiHeadAttention<Double>(120, heads: 4).namedParameters
    case "nn.MultiheadAttention(120, 4, kdim=60, vdim=40)":
      MultiHeadAttention<Double>(120, heads: 4, keyDimensions: 60, valueDimensions: 40).namedParameters
    case "nn.BatchNorm2d(7)":
      BatchNorm<Double>(7).namedParameters
    case "nn.LayerNorm([3, 5])":
      LayerNorm<Double>(3, 5).namedParameters
    case "nn.GroupNorm(2, 6)":
      GroupNorm<Double>(2, 6).namedParameters
    case "nn.InstanceNorm2d(4, affine=True)":
      InstanceNorm<Double>(4, affine: true).namedParameters
    case "nn.RMSNorm(6)":
      RMSNorm<Double>(6).namedParameters
    case "nn.PReLU(3)":
      PReLU<Double>(channels: 3).namedParameters
    case "nn.TransformerEncoderLayer(100, 4, dim_feedforward=1600)":
      TransformerEncoderLayer<Double>(100, heads: 4, feedForward: 1600).namedParameters
    default: nil
    }
  }

  @Test(
    arguments: try JSONDecoder().decode([Start].self, from: Golden.data("starts.json")))
  func beginsAsPyTorchDoes(_ start: Start) throws {
    var random = RandomGenerator(seed: 11)
    let made = withRandom(&random) { Self.layer(start.layer) }
    let parameters = try #require(made, "no Swift spelling")
    #expect(Set(parameters.map(\.name)) == Set(start.parameters.keys))
    for (name, parameter) in parameters {
      let wanted = try #require(start.parameters[name]), x = parameter.detached(), n = Double(x.count)
      #expect(Array(x.shape) == wanted.shape, "\(name)")
      let square = (x * x).mean().item, largest = x.abs().max().item
      if wanted.square == 0 || wanted.fourth <= 1.0001 * wanted.square * wanted.square {
        #expect(x.scalars.allSatisfy { $0 == wanted.mean }, "\(name): all are \(wanted.mean)")
        continue
      }
      // Compares the means and mean squares of two samples, to five deviations of their difference.
      let kurtosis = wanted.fourth / (wanted.square * wanted.square)
      #expect(abs(x.mean().item - wanted.mean) < 5 * (2 * wanted.square / n).squareRoot(), "\(name), mean")
      #expect(abs(square / wanted.square - 1) < 5 * (2 * (kurtosis - 1) / n).squareRoot(), "\(name), spread")
      let fourth = (x * x * x * x).mean().item / (square * square)
      // The deviation of the kurtosis of a sample: √(81/9 − 9²/25) for a uniform distribution, √(105 − 9) for
      // a normal one.
      let deviation = kurtosis < 2.4 ? 2.4 : 9.8
      #expect(abs(fourth - kurtosis) < 5 * deviation * (2 / n).squareRoot(), "\(name), distribution")
      // A uniform distribution has a bound, which both samples nearly reach.
      if kurtosis < 2 { #expect(abs(largest / wanted.largest - 1) < 0.02, "\(name), bound") }
    }
  }
}
