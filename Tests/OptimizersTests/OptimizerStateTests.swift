import Martlet
import TestSupport
import Testing

/// Saving and loading of optimizer states, and groups of parameters.
@Suite struct OptimizerStateTests {
  private func leaves() -> [Tensor<Float>] {
    TorchOptimizers.of(Float.self).start.map { Tensor($0, requiresGrad: true) }
  }

  private func train(_ optimizer: any Optimizer<Float>, _ steps: Range<Int>) {
    let torch = TorchOptimizers.of(Float.self)
    for step in steps {
      for (parameter, gradient) in zip(optimizer.parameters, torch.gradients[step]) {
        if let gradient { parameter.setGradient(gradient) }
      }
      optimizer.step()
    }
  }

  @Test("A run that is saved and restored in the middle has the same bits", arguments: TorchOptimizers.names)
  func resumed(_ name: String) throws {
    let one = TorchOptimizers.of(Float.self)[name]
    let whole = one.make(leaves()), first = one.make(leaves())
    train(whole, 0..<10)
    // Step 2 leaves the second parameter without state.
    for middle in [0, 2, 5] {
      let first = middle == 0 ? first : one.make(leaves())
      train(first, 0..<middle)
      let saved = first.state, parameters = first.parameters.map { $0.detached().cloned() }
      train(first, middle..<10)
      for parameter in parameters { parameter.requiresGrad = true }
      let second = one.make(parameters)
      second.learningRate = 17
      try second.load(saved)
      train(second, middle..<10)
      #expect(first.parameters.map(\.scalars) == whole.parameters.map(\.scalars))
      #expect(
        second.parameters.map(\.scalars) == whole.parameters.map(\.scalars), "saved after step \(middle)")
      #expect(second.state.numbers == whole.state.numbers)
      #expect(second.state.tensors.mapValues(\.scalars) == whole.state.tensors.mapValues(\.scalars))
    }
  }

  @Test("What does not fit is named, and nothing is changed") func mismatches() throws {
    let optimizer = Adam(leaves(), learningRate: 0.1)
    train(optimizer, 2..<4)
    let before = optimizer.state
    var state = before
    state.numbers["groups.0.eps"] = nil
    state.numbers["groups.1.lr"] = 1
    state.tensors["0.exp_avg"] = nil
    state.tensors["1.exp_avg_sq"] = .zeros([3])
    state.tensors["7.exp_avg"] = .zeros([4])
    state.numbers["0.step"] = 99
    let error = #expect(throws: OptimizerStateMismatch.self) { try optimizer.load(state) }
    #expect(error?.missing == ["groups.0.eps", "0.exp_avg"])
    #expect(error?.unexpected == ["7.exp_avg", "groups.1.lr"])
    #expect(error?.misshapen == ["1.exp_avg_sq [3] ≠ [4]"])
    #expect(
      error?.description
        == "the state does not fit the optimizer; missing: groups.0.eps, 0.exp_avg; unexpected: 7.exp_avg, "
        + "groups.1.lr; of another shape: 1.exp_avg_sq [3] ≠ [4]")
    #expect(optimizer.state.numbers == before.numbers)
    #expect(optimizer.state.tensors.mapValues(\.scalars) == before.tensors.mapValues(\.scalars))
    #expect(throws: OptimizerStateMismatch.self) { try SGD(leaves(), learningRate: 1).load(before) }
  }

  @Test("A state is a copy, and a loaded one is too") func copies() throws {
    let optimizer = SGD(leaves(), learningRate: 0.1, momentum: 0.9),
      other = SGD(
        leaves(), learningRate: 1, momentum: 0.5)
    train(optimizer, 2..<3)
    let saved = optimizer.state, values = saved.tensors.mapValues(\.scalars)
    try other.load(saved)
    train(optimizer, 3..<6)
    train(other, 3..<5)
    #expect(saved.tensors.mapValues(\.scalars) == values)
    #expect(other.momentum == 0.9 && other.learningRate == 0.1)
  }

  @Test("A state from before the first schedule takes the initial learning rates away") func initialRates()
    throws
  {
    let optimizer = Adam(leaves()), state = optimizer.state
    let schedule = StepSchedule(optimizer, stepSize: 1, gamma: 0.5)
    schedule.step()
    #expect(optimizer.initialLearningRates == [1e-3] && optimizer.learningRate == 5e-4)
    try optimizer.load(state)
    #expect(optimizer.initialLearningRates.isEmpty && optimizer.learningRate == 1e-3)
  }

  @Test("Groups: rates of their own, and one setting of all") func groups() {
    let leaves = leaves()
    let optimizer = AdamW(
      [
        ParameterGroup([leaves[0]]),
        ParameterGroup([leaves[1], leaves[2]], learningRate: 0.5, weightDecay: 0),
      ],
      learningRate: 0.25, epsilon: 1e-6)
    #expect(optimizer.parameters.map(ObjectIdentifier.init) == leaves.map(ObjectIdentifier.init))
    #expect(optimizer.learningRates == [0.25, 0.5] && optimizer.learningRate == 0.25)
    #expect(
      optimizer.groups.map(\.weightDecay) == [0.01, 0] && optimizer.groups.map(\.epsilon) == [1e-6, 1e-6])
    #expect(optimizer.groups.map(\.parameters.count) == [1, 2] && optimizer.momenta == [0.9, 0.9])
    optimizer.learningRates[1] = 0.125
    #expect(optimizer.groups.map(\.learningRate) == [0.25, 0.125])
    optimizer.learningRate = 2
    #expect(optimizer.learningRates == [2, 2])
  }

  @Test("Momentum that begins late begins with the gradient") func lateMomentum() {
    let w = Tensor<Double>([0], requiresGrad: true)
    let optimizer = SGD([w], learningRate: 1, dampening: 0.5)
    for _ in 0..<3 {
      w.setGradient([1])
      optimizer.step()
    }
    optimizer.momenta = [0.5]
    for expected in [-4.0, -5] {
      w.setGradient([1])
      optimizer.step()
      #expect(w.item == expected, "the first velocity is not dampened; then 0.5 · 1 + 0.5 · 1")
    }
  }

  @Test("Gradients of k parts of a batch add up to the whole batch's") func accumulation() {
    let x = Tensor<Double>.normal([12, 3]), y = Tensor<Double>.normal([12, 2])
    func trained(_ parts: Int) -> [Double] {
      let w = Tensor<Double>.full([3, 2], 0.5, requiresGrad: true)
      let optimizer = Adam([w], learningRate: 0.1)
      for _ in 0..<4 {
        for part in 0..<parts {
          let rows = part * 12 / parts..<(part + 1) * 12 / parts
          let error = x[rows].matmul(w) - y[rows]
          (error * error).sum().backward()
        }
        optimizer.step()
      }
      return w.scalars
    }
    let whole = trained(1)
    for parts in [2, 3, 12] {
      #expect(zip(trained(parts), whole).allSatisfy { abs($0 - $1) <= 1e-12 }, "\(parts) parts")
    }
  }

  @Test("A failed gradient changes neither parameter nor state") func failures() {
    let w = Tensor<Float>([1, 2], requiresGrad: true)
    for make in [
      { RMSprop([w], momentum: 0.5) }, { NAdam([w]) }, { Lion([w]) }, { Adagrad([w]) },
    ] as [() -> any Optimizer<Float>] {
      let optimizer = make()
      w.setGradient([1, 1])
      optimizer.step()
      let before = optimizer.state, values = w.scalars
      #expect(throws: TensorError.self) {
        try catchingTensorErrors {
          noGrad {
            optimizer.update(0, gradient: Tensor<Float>([1, 2]) + Tensor([1, 2, 3]))
            optimizer.update(0, gradient: Tensor([1, 2, 3]))
          }
        }
      }
      #expect(w.scalars == values && optimizer.state.numbers == before.numbers)
      #expect(optimizer.state.tensors.mapValues(\.scalars) == before.tensors.mapValues(\.scalars))
    }
  }

  @Test("update(_:gradient:) and a step have the same bits", arguments: TorchOptimizers.names)
  func oneByOne(_ name: String) {
    let torch = TorchOptimizers.of(Float.self), one = torch[name]
    let together = one.make(leaves()), single = one.make(leaves())
    train(together, 0..<10)
    for step in torch.gradients {
      noGrad {
        for (index, gradient) in step.enumerated() {
          guard let gradient else { continue }
          let shape = single.parameters[index].shape
          single.update(index, gradient: Tensor(gradient.map { Float($0) }, shape: shape))
        }
      }
    }
    #expect(single.parameters.map(\.scalars) == together.parameters.map(\.scalars))
    #expect(single.state.tensors.mapValues(\.scalars) == together.state.tensors.mapValues(\.scalars))
  }
}
