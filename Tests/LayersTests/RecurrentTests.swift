import Martlet
import Testing

/// RNNCell in both of its forms; ModuleGoldTests compare them with PyTorch.
@Suite struct RecurrentTests {
  @Test("Parameters have PyTorch's and the article's names and shapes")
  func names() {
    func listed(_ cell: RNNCell<Float>) -> [String] {
      cell.namedParameters.map { "\($0.name) \($0.parameter.shape)" }
    }
    #expect(
      listed(RNNCell(inputs: 2, hidden: 3)) == [
        "weight_ih [3, 2]", "weight_hh [3, 3]", "bias_ih [3]", "bias_hh [3]",
      ])
    #expect(
      listed(RNNCell(inputs: 2, hidden: 3, outputs: 4)) == [
        "w_ih.weight [3, 2]", "w_ih.bias [3]", "w_hh.weight [3, 3]", "w_hh.bias [3]", "w_ho.weight [4, 3]",
        "w_ho.bias [4]",
      ])
  }

  @Test("The nonlinearity is tanh without outputs, the logistic function with them, or what is asked for")
  func activation() {
    #expect(RNNCell(inputs: 1, hidden: 1).activation == .tanh)
    #expect(RNNCell(inputs: 1, hidden: 1, outputs: 1).activation == .sigmoid)
    let cell = RNNCell(inputs: 1, hidden: 2, outputs: 1, activation: .relu)
    noGrad {
      for parameter in cell.parameters { parameter.fill(-1) }
    }
    let (output, next) = cell(Tensor([[1]]), Tensor([[1, 1]]))
    #expect(next.scalars == [0, 0])
    #expect(output.scalars == [-1])
  }

  @Test("The first state is zeros, without a gradient")
  func initialState() {
    for cell in [RNNCell(inputs: 2, hidden: 3), RNNCell(inputs: 2, hidden: 3, outputs: 1)] {
      let state = cell.initialState(batchSize: 4)
      #expect(state.shape == [4, 3])
      #expect(state.scalars == [Float](repeating: 0, count: 12))
      #expect(!state.requiresGrad)
    }
    #expect(RNNCell<Double>(inputs: 1, hidden: 2).initialState(batchSize: 0).shape == [0, 2])
  }

  @Test("Gradients reach the first input through all steps")
  func throughTime() throws {
    var random = RandomGenerator(seed: 3)
    let cell = withRandom(&random) { RNNCell<Double>(inputs: 2, hidden: 3) }
    let inputs = (0..<5).map { _ in random.normal([1, 2]) as Tensor<Double> }
    for input in inputs { input.requiresGrad = true }
    try checkGradients(at: inputs + cell.parameters) { leaves in
      var state = cell.initialState(batchSize: 1)
      for input in leaves.prefix(5) { state = cell(input, state).next }
      return state.sum()
    }
  }

  @Test(
    "What stands behind a sequence's end reaches neither the output nor any gradient",
    arguments: [false, true])
  func padding(_ isBidirectional: Bool) {
    let layers: [RecurrentLayer<Float>] = [
      RNN(inputs: 2, hidden: 3, layers: 2, bidirectional: isBidirectional),
      LSTM(inputs: 2, hidden: 3, layers: 2, bidirectional: isBidirectional),
      GRU(inputs: 2, hidden: 3, layers: 2, bidirectional: isBidirectional),
    ]
    for layer in layers {
      let found = [0, Float.nan, .infinity].map { padding -> [[Float]] in
        let x = Tensor<Float>(
          [[[1, 2], [3, 4]], [[5, 6], [padding, padding]], [[7, 8], [padding, padding]]], requiresGrad: true)
        let y = layer(x, lengths: Tensor([3, 1]))
        return [y.scalars] + (y * y).sum().gradients(of: [x] + layer.parameters).map(\.scalars)
      }
      let areFinite = found[0].joined().map(\.isFinite)
      #expect(!areFinite.contains(false))
      #expect(found[1] == found[0] && found[2] == found[0], "\(layer.configuration)")
    }
  }

  /// Bits [steps, strings], and for each step the logits of the bit `delay` steps before.
  private func recall(
    _ cell: RNNCell<Float>, _ bits: Tensor<Int>, delay: Int
  ) -> (logits: Tensor<Float>, labels: Tensor<Int>) {
    let steps = bits.shape[0], strings = bits.shape[1]
    var state = cell.initialState(batchSize: strings)
    var outputs: [Tensor<Float>] = []
    for step in 0..<steps {
      let result = cell(Tensor<Float>(bits[step]).expandedDims(axis: 1), state)
      outputs.append(result.output)
      state = result.next
    }
    return (.concatenated(Array(outputs[delay...]), axis: 0), bits[0..<(steps - delay)].flattened())
  }

  @Test("It learns to give back its input of three steps ago", arguments: 0..<5)
  func memory(_ seed: UInt64) {
    var random = RandomGenerator(seed: seed)
    withRandom(&random) {
      let cell = RNNCell(inputs: 1, hidden: 32, outputs: 2)
      let optimizer = Adam(cell.parameters, learningRate: 0.02)
      for _ in 0..<250 {
        let (logits, labels) = recall(cell, .integers([12, 16], in: 0..<2), delay: 3)
        logits.crossEntropy(labels).backward()
        optimizer.step()
      }
      let (logits, labels) = noGrad { recall(cell, .integers([40, 100], in: 0..<2), delay: 3) }
      let right = zip(logits.argmax(axis: 1).scalars, labels.scalars).count { $0 == $1 }
      #expect(Double(right) / Double(labels.count) >= 0.99, "seed \(seed)")
    }
  }
}
