import Martlet
import TestSupport
import Testing

/// Layers that few models need; ModuleGoldTests compare them with PyTorch.
@Suite struct RarerLayerTests {
  @Test("A lazy layer is made once, in the mode that was set, without a name of its own")
  func lazy() {
    var sizes: [Int] = []
    let model = Sequential {
      Lazy(axis: -1) { inputs -> Sequential<Tensor<Float>, Tensor<Float>> in
        sizes.append(inputs)
        return Sequential {
          Linear(inputs, 2)
          Dropout(0.5)
        }
      }
      ReLU()
    }
    #expect("\(model)".contains("(0): Lazy(axis: -1)"))
    model.eval()
    #expect(model(.ones([2, 3])).shape == [2, 2] && model(.ones([4, 5, 3])).shape == [4, 5, 2])
    #expect(sizes == [3] && !model.isTraining)
    #expect(model.namedParameters.map(\.name) == ["0.0.weight", "0.0.bias"])
    let dropouts = model.modules.compactMap { $0 as? Dropout<Float> }
    #expect(dropouts.map(\.isTraining) == [false])
    model.train()
    #expect(model.modules.allSatisfy { $0.isTraining })
    #expect("\(model)".contains("Linear(3, 2, bias: true)") && !"\(model)".contains("(): "))
    let optimizer = SGD(model.parameters, learningRate: 0.1)
    model(.ones([2, 3])).sum().backward()
    optimizer.step()
  }

  @Test("Fractional pools keep their extents, also of one image, and draw from the default generator")
  func fractionalPools() {
    let x = Tensor<Float>.arange(0, 2 * 3 * 10 * 8).reshaped([2, 3, 10, 8])
    let pool = FractionalMaxPool2d(kernelSize: 2, outputRatio: 0.6)
    #expect(pool(x).shape == [2, 3, 6, 4] && pool(x[0]).shape == [3, 6, 4])
    var first = RandomGenerator(seed: 3), second = RandomGenerator(seed: 3)
    let (y, z) = (withRandom(&first) { pool(x) }, withRandom(&second) { pool(x) })
    #expect(y.scalars == z.scalars)
    // The last window ends with the image.
    #expect(y[.all, .all, -1, -1].scalars == x[.all, .all, -1, -1].scalars)
    let volumes = FractionalMaxPool3d(kernelSize: [1, 2, 2], outputSize: [3, 4, 2])
    #expect(volumes(.ones([1, 2, 4, 6, 5])).scalars == [Float](repeating: 1, count: 48))
  }

  @Test("A fractional pool with a wrong ratio fails", arguments: [Double.nan, .infinity, 1e300, -1])
  func wrongRatio(_ ratio: Double) {
    #expect(throws: TensorError.self) {
      try catchingTensorErrors {
        FractionalMaxPool2d(kernelSize: 2, outputRatio: ratio)(.ones([1, 1, 4, 4]))
      }
    }
  }

  @Test("A projected LSTM goes on from its state, and has derivatives of second order")
  func projection() {
    let lstm = LSTM<Double>(inputs: 3, hidden: 5, layers: 2, projection: 2)
    let x = Tensor<Double>.normal([6, 2, 3])
    let (whole, end) = lstm(x, nil)
    let (first, middle) = lstm(x[..<4], lstm.initialState(batchSize: 2))
    let (second, last) = lstm(x[4...], middle)
    #expect(Tensor.concatenated([first, second]).allClose(whole, rtol: 1e-12, atol: 1e-13))
    #expect(end.hidden.shape == [2, 2, 2] && end.cell.shape == [2, 2, 5])
    #expect(last.hidden.allClose(end.hidden, rtol: 1e-12, atol: 1e-13))
    #expect(last.cell.allClose(end.cell, rtol: 1e-12, atol: 1e-13))
    #expect(
      lstm.namedParameters.map(\.name).filter { $0.hasPrefix("weight_hr") } == [
        "weight_hr_l0", "weight_hr_l1",
      ])
    // A sequence without steps keeps the state that is given.
    let state = LSTMState<Double>(hidden: .normal([2, 2, 2]), cell: .normal([2, 2, 5]))
    let (_, kept) = lstm(x, state, lengths: Tensor<Int>([0, 6]))
    #expect(kept.hidden[.all, 0].scalars == state.hidden[.all, 0].scalars)
    #expect(kept.cell[.all, 0].scalars == state.cell[.all, 0].scalars)
    #expect(throws: Never.self) {
      try checkGradients(at: [x[..<2], state.hidden, state.cell], secondOrder: true) {
        lstm($0[0], LSTMState(hidden: $0[1], cell: $0[2])).output.sum()
      }
    }
  }

  @Test(
    "A long sequence, whose steps multiply by packed matrices, equals its steps one by one",
    arguments: [3, 40])
  func longProjection(_ rows: Int) {
    let lstm = LSTM<Double>(inputs: 3, hidden: 19, projection: 6)
    let x = Tensor<Double>.normal([20, rows, 3]), seed = Tensor<Double>.normal([20, rows, 6])
    func gradients(_ run: () -> Tensor<Double>) -> [Tensor<Double>] {
      let y = run()
      return [y] + y.gradients(of: lstm.parameters, seed: seed)
    }
    let whole = gradients { lstm(x) }
    let pieces = gradients {
      var state: LSTMState<Double>?
      let outputs = (0..<20).map { step -> Tensor<Double> in
        let (output, next) = lstm(x[step..<step + 1], state)
        state = next
        return output
      }
      return .concatenated(outputs)
    }
    for (one, other) in zip(whole, pieces) { #expect(one.allClose(other, rtol: 1e-10, atol: 1e-11)) }
  }

  @Test("Probabilities of an adaptive softmax add up to 1, and predictions are the largest")
  func adaptiveSoftmax() {
    let softmax = AdaptiveLogSoftmaxWithLoss<Double>(inputs: 6, classes: 20, cutoffs: [4, 11], divisor: 2)
    let x = Tensor<Double>.normal([50, 6], deviation: 4)
    let scores = softmax.logProbabilities(x)
    #expect(scores.exp().sum(axis: 1).allClose(.ones([50]), rtol: 1e-12, atol: 0))
    #expect(softmax.predictions(x).scalars == scores.argmax(axis: 1).scalars)
    let labels = Tensor<Int>((0..<50).map { $0 % 20 })
    let (output, loss) = softmax(x, labels)
    #expect(
      output.allClose(scores.gathered(labels.expandedDims(axis: 1), axis: 1).squeezed(axis: 1), rtol: 1e-12))
    #expect(abs(loss.item + output.mean().item) < 1e-12)
    #expect(softmax(x[0..<0], Tensor<Int>([Int]())).output.count == 0)
  }
}
