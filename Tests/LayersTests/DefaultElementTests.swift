import Martlet
import Testing

/// A layer is one of Floats unless its type says otherwise, also if a number with a fraction, which Swift takes for a
/// Double, is among its arguments. That this compiles is the test.
@Suite struct DefaultElementTests {
  @Test func numbersWithAFractionDoNotDecideTheElement() {
    let x = Tensor<Float>.ones([2, 4])
    let activations: [Tensor<Float>] = [
      LeakyReLU(0.2)(x), ELU(alpha: 0.5)(x), CELU(alpha: 0.5)(x), Softplus(beta: 1.5)(x), Softshrink(0.1)(x),
      Hardshrink(0.1)(x), Hardtanh(-0.5...0.5)(x), Threshold(0.1, 2.5)(x), RReLU(0.1...0.3)(x),
    ]
    let norms: [Tensor<Float>] = [
      LayerNorm(4, epsilon: 1e-6)(x), RMSNorm(4, epsilon: 1e-6)(x),
      BatchNorm(4, epsilon: 1e-3, momentum: 0.2)(x),
      GroupNorm(2, 4, epsilon: 1e-4)(x), LocalResponseNorm(2, alpha: 0.5)(x),
      LPPool1d(1.5, kernelSize: 2)(x),
      ConstantPad((1, 1), value: 0.5)(x),
    ]
    let labels = Tensor<Int>([0, 3])
    let losses: [Tensor<Float>] = [
      CrossEntropyLoss(labelSmoothing: 0.1)(x, labels),
      CrossEntropyLoss(weight: [0.5, 1, 1, 2.5])(x, labels),
      HuberLoss(delta: 1.5)(x, x), SmoothL1Loss(beta: 0.5)(x, x), TripletMarginLoss(margin: 0.5)(x, x, x),
      TripletMarginWithDistanceLoss(margin: 0.5)(x, x, x),
      TripletMarginWithDistanceLoss(margin: 0.5) { 1 - $0.cosineSimilarity($1) }(x, x, x),
      AdaptiveLogSoftmaxWithLoss(inputs: 4, classes: 8, cutoffs: [4], divisor: 1.5)(x, labels).loss,
      FractionalMaxPool2d(kernelSize: 1, outputRatio: 0.5)(x.reshaped([1, 2, 4])),
    ]
    let model = Sequential {
      Linear(4, 4)
      LayerNorm(4, epsilon: 1e-6)
      LeakyReLU(0.1)
    }
    let encoder = TransformerEncoderLayer(4, heads: 2, feedForward: 8, epsilon: 1e-6)
    let outputs: [Tensor<Float>] = activations + norms + losses + [model(x), encoder(x.reshaped([1, 2, 4]))]
    #expect(outputs.allSatisfy { !$0.isFailed })
  }

  @Test func doublesAreAskedForByTheType() {
    let x = Tensor<Double>.ones([2, 4])
    let outputs: [Tensor<Double>] = [
      LayerNorm<Double>(4, epsilon: 1e-6)(x), LeakyReLU<Double>(0.2)(x),
      CrossEntropyLoss<Double>(labelSmoothing: 0.1)(x, Tensor<Int>([0, 3])),
    ]
    #expect(outputs.allSatisfy { !$0.isFailed })
  }
}
