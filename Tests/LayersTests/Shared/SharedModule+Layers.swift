import Martlet

extension SharedModule {
  /// At least one line for each layer.
  static var layers: [SharedModule] {
    activations + parametric + channels + images + pools + shapes + recurrences + attentions
  }

  private static var activations: [SharedModule] {
    [
      SharedModule(Tanh()) { [$0, 3] },
      SharedModule(Sigmoid()) { [$0, 3] },
      SharedModule(ReLU()) { [$0, 3] },
      SharedModule(ReLU6()) { [$0, 3] },
      SharedModule(SELU()) { [$0, 3] },
      SharedModule(SiLU()) { [$0, 3] },
      SharedModule(Mish()) { [$0, 3] },
      SharedModule(LogSigmoid()) { [$0, 3] },
      SharedModule(Hardsigmoid()) { [$0, 3] },
      SharedModule(Hardswish()) { [$0, 3] },
      SharedModule(Softsign()) { [$0, 3] },
      SharedModule(Tanhshrink()) { [$0, 3] },
      SharedModule(GELU()) { [$0, 3] },
      SharedModule(LeakyReLU()) { [$0, 3] },
      SharedModule(ELU()) { [$0, 3] },
      SharedModule(CELU()) { [$0, 3] },
      SharedModule(Softplus()) { [$0, 3] },
      SharedModule(Softshrink()) { [$0, 3] },
      SharedModule(Hardshrink()) { [$0, 3] },
      SharedModule(Threshold(0.5, -2)) { [$0, 3] },
      SharedModule(Hardtanh()) { [$0, 3] },
      SharedModule(PReLU(channels: 3)) { [$0, 3] },
      SharedModule(GLU()) { [$0, 4] },
      SharedModule(Softmax(axis: 0)) { [$0, 3] },
      SharedModule(LogSoftmax(axis: 1)) { [$0, 3] },
      SharedModule(Softmin(axis: 1)) { [$0, 3] },
      SharedModule(RReLU()) { [$0, 3] },
    ]
  }

  private static var parametric: [SharedModule] {
    [
      SharedModule(Linear(3, 5)) { [$0, 3] },
      SharedModule(Bilinear(3, 4, 5)) { layer, n in [layer(numbers([n, 3], n), numbers([n, 4], n + 1))] },
      SharedModule(Embedding(5, 3)) { layer, n in [layer(indices([n, 2], n))] },
      SharedModule(named: "Embedding with a largest norm", Embedding(5, 3, maxNorm: 0.5)) { layer, n in
        [layer(indices([n, 2], n))]
      },
      SharedModule(EmbeddingBag(5, 3, mode: .max)) { layer, n in [layer(indices([n, 2], n))] },
      SharedModule(WeightNorm(Linear(3, 5))) { [$0, 3] },
      SharedModule(SpectralNorm(Linear(3, 5))) { [$0, 3] },
      SharedModule(Lambda { $0 * 2 }) { [$0, 3] },
      SharedModule(calledOnce(Lazy { Linear($0, 5) })) { [$0, 3] },
      SharedModule(AdaptiveLogSoftmaxWithLoss(inputs: 8, classes: 5, cutoffs: [1, 3])) { layer, n in
        [layer(numbers([n, 8], n), indices([n], n)).output]
      },
      SharedModule(Identity()) { [$0, 3] },
      SharedModule(Standardizer(fittedTo: numbers([5, 3], 1))) { [$0, 3] },
      SharedModule(MinMaxScaler(fittedTo: numbers([5, 3], 2))) { [$0, 3] },
      SharedModule(Imputer(fittedTo: numbers([5, 3], 3))) { [$0, 3] },
      SharedModule(OneHot(features: 3, codes: [1: 2])) { [$0, 3] },
      SharedModule(Dropout(0.5)) { [$0, 3] },
      SharedModule(Dropout1d(0.5)) { [$0, 3, 4] },
      SharedModule(Dropout2d(0.5)) { [$0, 3, 4, 2] },
      SharedModule(Dropout3d(0.5)) { [$0, 3, 4, 2, 2] },
      SharedModule(AlphaDropout(0.5)) { [$0, 3] },
      SharedModule(FeatureAlphaDropout(0.5)) { [$0, 3, 4] },
      SharedModule(
        Sequential {
          Linear(3, 4)
          Dropout(0.5)
          Tanh()
        }
      ) { [$0, 3] },
      SharedModule(
        Residual {
          Linear(3, 3)
          Dropout(0.5)
        }
      ) { [$0, 3] },
    ]
  }

  private static var channels: [SharedModule] {
    [
      SharedModule(BatchNorm(3)) { [$0, 3, 4] },
      SharedModule(named: "BatchNorm without statistics", BatchNorm(3, trackRunningStatistics: false)) {
        [$0, 3, 4]
      },
      SharedModule(InstanceNorm(3, trackRunningStatistics: true)) { [$0, 3, 4] },
      SharedModule(GroupNorm(3, 6)) { [$0, 6, 4] },
      SharedModule(LocalResponseNorm(3)) { [$0, 6, 4] },
      SharedModule(LayerNorm(4)) { [$0, 4] },
      SharedModule(RMSNorm(4)) { [$0, 4] },
    ]
  }

  private static var images: [SharedModule] {
    [
      SharedModule(Conv1d(2, 3, kernelSize: 3, padding: 1)) { [2, 2, $0 + 2] },
      SharedModule(Conv2d(2, 4, kernelSize: 3, padding: .same)) { [2, 2, $0 + 3, 6] },
      SharedModule(Conv3d(2, 3, kernelSize: 2)) { [2, 2, $0 + 1, 3, 3] },
      SharedModule(ConvTranspose1d(2, 3, kernelSize: 3, stride: 2)) { [2, 2, $0 + 2] },
      SharedModule(ConvTranspose2d(2, 3, kernelSize: 3)) { [2, 2, $0 + 2, 4] },
      SharedModule(ConvTranspose3d(2, 3, kernelSize: 2)) { [2, 2, $0 + 1, 3, 3] },
      SharedModule(Unfold(kernelSize: 2)) { [$0, 3, 4, 4] },
      SharedModule(Fold(outputSize: [4, 5], kernelSize: 2)) { [$0, 8, 12] },
      SharedModule(Upsample(scale: 2)) { [$0, 2, 3, 3] },
      SharedModule(PixelShuffle(2)) { [$0, 4, 3, 3] },
      SharedModule(PixelUnshuffle(2)) { [$0, 2, 4, 4] },
      SharedModule(ChannelShuffle(groups: 2)) { [$0, 4, 3, 3] },
    ]
  }

  private static var pools: [SharedModule] {
    [
      SharedModule(MaxPool1d(kernelSize: 2)) { [2, 2, $0 + 2] },
      SharedModule(MaxPool2d(kernelSize: 2)) { [2, 2, $0 + 2, 4] },
      SharedModule(MaxPool3d(kernelSize: 2)) { [2, 2, $0 + 2, 4, 3] },
      SharedModule(LPPool1d(2, kernelSize: 2)) { [2, 2, $0 + 2] },
      SharedModule(LPPool2d(2, kernelSize: 2)) { [2, 2, $0 + 2, 4] },
      SharedModule(LPPool3d(2, kernelSize: 2)) { [2, 2, $0 + 2, 4, 3] },
      SharedModule(FractionalMaxPool2d(kernelSize: 2, outputSize: 2)) { layer, n in
        var random = RandomGenerator(seed: 7)
        return withRandom(&random) { [layer(numbers([2, 2, n + 2, 4], n))] }
      },
      SharedModule(FractionalMaxPool3d(kernelSize: 2, outputRatio: 0.7)) { layer, n in
        var random = RandomGenerator(seed: 7)
        return withRandom(&random) { [layer(numbers([2, 2, n + 2, 4, 3], n))] }
      },
      SharedModule(MaxUnpool1d(kernelSize: 2)) { layer, n in
        [layer(numbers([2, 2, n], n), places([2, 2, n]))]
      },
      SharedModule(MaxUnpool2d(kernelSize: 2)) { layer, n in
        [layer(numbers([2, 2, n, 1], n), places([2, 2, n, 1]))]
      },
      SharedModule(MaxUnpool3d(kernelSize: 2)) { layer, n in
        [layer(numbers([2, 2, n, 1, 1], n), places([2, 2, n, 1, 1]))]
      },
      SharedModule(AvgPool1d(kernelSize: 2)) { [2, 2, $0 + 2] },
      SharedModule(AvgPool2d(kernelSize: 2)) { [2, 2, $0 + 2, 4] },
      SharedModule(AvgPool3d(kernelSize: 2)) { [2, 2, $0 + 2, 4, 3] },
      SharedModule(AdaptiveAvgPool1d(2)) { [2, 2, $0 + 2] },
      SharedModule(AdaptiveAvgPool2d(2)) { [2, 2, $0 + 2, 4] },
      SharedModule(AdaptiveAvgPool3d(2)) { [2, 2, $0 + 2, 4, 3] },
      SharedModule(AdaptiveMaxPool1d(2)) { [2, 2, $0 + 2] },
      SharedModule(AdaptiveMaxPool2d(2)) { [2, 2, $0 + 2, 4] },
      SharedModule(AdaptiveMaxPool3d(2)) { [2, 2, $0 + 2, 4, 3] },
    ]
  }

  private static var shapes: [SharedModule] {
    [
      SharedModule(Flatten()) { [$0, 3, 2] },
      SharedModule(Unflatten(axis: 1, 2, 3)) { [$0, 6] },
      SharedModule(Reshape(2, 3)) { [$0, 6] },
      SharedModule(ZeroPad((1, 2))) { [2, $0, 3] },
      SharedModule(ConstantPad((1, 2), value: 3.5)) { [2, $0, 3] },
      SharedModule(ReflectionPad((1, 2))) { [2, $0, 3] },
      SharedModule(ReplicationPad((1, 2))) { [2, $0, 3] },
      SharedModule(CircularPad((1, 2))) { [2, $0, 3] },
    ]
  }

  private static var recurrences: [SharedModule] {
    [
      SharedModule(RNN(inputs: 3, hidden: 5)) { [$0, 2, 3] },
      SharedModule(GRU(inputs: 3, hidden: 5, layers: 2, dropout: 0.5, bidirectional: true)) { [$0, 2, 3] },
      SharedModule(LSTM(inputs: 3, hidden: 5, layers: 2, dropout: 0.5)) { [2 * $0, 2, 3] },
      SharedModule(named: "LSTM with a projection", LSTM(inputs: 3, hidden: 5, projection: 2)) {
        [2 * $0, 2, 3]
      },
      SharedModule(named: "LSTM of sequences of several lengths", LSTM(inputs: 3, hidden: 5)) { layer, n in
        [layer(numbers([n + 1, 2, 3], n), lengths: Tensor<Int>([n + 1, n]))]
      },
      SharedModule(RNNCell(inputs: 3, hidden: 5)) { cell, n in
        let (output, next) = cell(numbers([n, 3], n), cell.initialState(batchSize: n))
        return [output, next]
      },
      SharedModule(GRUCell(inputs: 3, hidden: 5)) { cell, n in
        [cell(numbers([n, 3], n), cell.initialState(batchSize: n)).next]
      },
      SharedModule(LSTMCell(inputs: 3, hidden: 5)) { cell, n in
        let next = cell(numbers([n, 3], n), cell.initialState(batchSize: n)).next
        return [next.hidden, next.cell]
      },
    ]
  }

  private static var attentions: [SharedModule] {
    [
      SharedModule(SinusoidalPositions(6)) { [2, 5 * $0, 6] },
      SharedModule(RotaryPositions(6)) { [2, 5 * $0, 6] },
      SharedModule(named: "RotaryPositions from an offset on", RotaryPositions(6)) { layer, n in
        (0..<4).map { layer(numbers([2, 5 * n, 6], n), offset: 7 * n * $0) }
      },
      SharedModule(MultiHeadAttention(8, heads: 2, dropout: 0.5, positions: RotaryPositions(4))) { layer, n in
        [layer(numbers([2, 3 * n, 8], n), isCausal: true)]
      },
      SharedModule(TransformerEncoderLayer(8, heads: 2, feedForward: 16)) { layer, n in
        [layer(numbers([2, 3 * n, 8], n))]
      },
      SharedModule(TransformerDecoderLayer(8, heads: 2, feedForward: 16)) { layer, n in
        [layer(numbers([2, 3 * n, 8], n), numbers([2, n + 1, 8], n + 1), isCausal: true)]
      },
      SharedModule(TransformerEncoder(2) { TransformerEncoderLayer(8, heads: 2, feedForward: 16) }) {
        [$0(numbers([2, 3 * $1, 8], $1))]
      },
      SharedModule(TransformerDecoder(2) { TransformerDecoderLayer(8, heads: 2, feedForward: 16) }) {
        [$0(numbers([2, 3 * $1, 8], $1), numbers([2, $1 + 1, 8], $1 + 1))]
      },
    ]
  }
}

/// A lazy layer after its first call.
private func calledOnce(_ layer: Lazy<Linear<Float>>) -> Lazy<Linear<Float>> {
  _ = layer(.zeros([1, 3]))
  return layer
}
