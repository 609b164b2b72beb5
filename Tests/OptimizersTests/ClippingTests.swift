import Martlet
import TestSupport
import Testing

/// Clipped gradients and averaged weights, compared with PyTorch.
@Suite struct ClippingTests {
  private func expectClose(_ found: [Double], _ expected: [Double], _ tolerance: Double, _ what: String) {
    let largest = expected.filter(\.isFinite).map(abs).max() ?? 0
    let fits = zip(found, expected).allSatisfy {
      $0 == $1 || ($0.isNaN && $1.isNaN) || abs($0 - $1) <= tolerance * largest
    }
    #expect(fits && found.count == expected.count, "\(what): \(found), not \(expected)")
  }

  private func clip<E: DifferentiableScalar>(_ number: Int, _: E.Type, _ tolerance: Double) {
    let one = TorchOptimizers.of(E.self).clipped[number]
    let parameters = one.gradients.map { Tensor<E>.zeros([$0.count], requiresGrad: true) }
    for (parameter, gradient) in zip(parameters, one.gradients) {
      parameter.setGradient(gradient.map { Double($0)! })
    }
    let without = Tensor<E>([1], requiresGrad: true), optimizer = SGD(parameters + [without], learningRate: 1)
    if let p = one.p.flatMap({ Double($0) }), let norm = one.norm.flatMap({ Double($0) }) {
      expectClose([optimizer.clipGradNorm(max: one.most, norm: p)], [norm], tolerance, "norm \(p)")
    } else {
      optimizer.clipGradValue(one.most)
    }
    for (parameter, clipped) in zip(parameters, one.clipped) {
      let found = parameter.grad!.scalars.map(Double.init)
      expectClose(found, clipped.map { Double($0)! }, tolerance, "case \(number) of \(E.self)")
    }
  }

  @Test(arguments: TorchOptimizers.of(Double.self).clipped.indices) func gradientsAreClipped(_ number: Int) {
    clip(number, Double.self, 1e-12)
    clip(number, Float.self, 1e-6)
  }

  @Test func aNormHasTheSameBitsForAnyNumberOfThreads() {
    let w = Tensor<Float>.normal([300_007], requiresGrad: true)
    for p in [1, 2, 3, Double.infinity] {
      func clipped(_ threads: Int) -> (Double, [Float]) {
        withThreads(threads) {
          w.zeroGrad()
          (w * w).sum().backward()
          return ([w].clipGradNorm(max: 1, norm: p), w.grad!.scalars)
        }
      }
      let one = clipped(1)
      for threads in [2, 3, 7] {
        let more = clipped(threads)
        #expect(more.0 == one.0 && more.1 == one.1, "\(threads) threads")
      }
      let values = w.scalars.map { abs(2 * Double($0)) }
      let exact =
        p == .infinity ? values.max()! : values.reduce(0) { $0 + ($1 as Double).power(p) }.power(1 / p)
      #expect(abs(one.0 - exact) <= 1e-6 * exact, "the \(p)-norm")
    }
  }

  @Test func squaresOfLargeFloatsDoNotOverflow() {
    let w = Tensor<Float>([0, 0], requiresGrad: true)
    w.setGradient([3e30, 4e30])
    #expect(abs([w].clipGradNorm(max: 1) / 5e30 - 1) < 1e-6)
    #expect(zip(w.grad!.scalars, [0.6, 0.8]).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test(arguments: TorchOptimizers.of(Double.self).averaged.indices) func weightsAreAveraged(_ number: Int) {
    average(number, Double.self, 1e-14)
    average(number, Float.self, 1e-6)
  }

  private func average<E: DifferentiableScalar>(_ number: Int, _: E.Type, _ tolerance: Double) {
    let one = TorchOptimizers.of(E.self).averaged[number]
    let parameters = one.walks[0].map { Tensor<E>($0, requiresGrad: true) }
    let averages = ExponentialMovingAverage(of: parameters, decay: one.decay)
    for (step, walk) in one.walks.enumerated() {
      noGrad { for (parameter, value) in zip(parameters, walk) { parameter.assign(Tensor<E>(value)) } }
      averages.update()
      for (average, values) in zip(averages.averages, one.steps[step]) {
        expectClose(
          average.scalars.map(Double.init), values, tolerance, "decay \(one.decay), step \(step + 1)")
      }
    }
  }

  @Test func averagesTakeTheParametersPlaceInAScope() throws {
    let w = Tensor<Double>([1, 2], requiresGrad: true)
    let averages = ExponentialMovingAverage(of: [w], decay: 0.5)
    averages.update()
    noGrad { w.assign(Tensor([3, 6])) }
    averages.update()
    struct Stop: Error {}
    #expect(averages.withAverages { w.scalars } == [2, 4])
    #expect(throws: Stop.self) { try averages.withAverages { throw Stop() } }
    #expect(w.scalars == [3, 6] && averages.averages[0].scalars == [2, 4] && w.requiresGrad && w.isLeaf)

    let other = ExponentialMovingAverage(of: [w], decay: 0.5)
    try other.load(averages.state)
    other.update()
    averages.update()
    #expect(other.averages[0].scalars == averages.averages[0].scalars && other.updateCount == 3)
    let error = #expect(throws: OptimizerStateMismatch.self) {
      try other.load(OptimizerState(tensors: ["0.average": .zeros([3])]))
    }
    #expect(error?.missing == ["n_averaged"] && error?.misshapen == ["0.average [3] ≠ [2]"])
  }
}

extension Double {
  fileprivate func power(_ p: Double) -> Double { p == 1 ? self : exponential(p) }
  private func exponential(_ p: Double) -> Double { Tensor<Double>([self]).pow(p).item }
}
