import Martlet
import TestSupport
import Testing

/// Gradients whose squares overflow. The rules divide by the roots of squares, so their steps have the usual
/// size.
@Suite struct HugeGradientTests {
  private typealias Rule<E: DifferentiableScalar> = (
    name: String, first: Double, make: (Tensor<E>) -> any Optimizer<E>
  )

  /// The rules, with the first step of each by its formula, which does not depend on the gradient.
  private func rules<E: DifferentiableScalar>(_: E.Type) -> [Rule<E>] {
    let momentum = 0.9 * (1 - 0.5 * root(0.96, 0.004)), next = 0.9 * (1 - 0.5 * root(0.96, 0.008))
    let ofNAdam = (1 - momentum) / (1 - momentum) + 0.1 * next / (1 - momentum * next)
    return [
      ("Adam", 0.01, { Adam([$0], learningRate: 0.01) }),
      ("AMSGrad", 0.01, { Adam([$0], learningRate: 0.01, amsgrad: true) }),
      ("AdamW", 0.01, { AdamW([$0], learningRate: 0.01, weightDecay: 0) }),
      ("RMSprop", 0.1, { RMSprop([$0], learningRate: 0.01) }),
      ("RMSprop with momentum", 0.1, { RMSprop([$0], learningRate: 0.01, momentum: 0.5) }),
      ("Adagrad", 0.01, { Adagrad([$0], learningRate: 0.01) }),
      ("Adadelta", 0.00316227766, { Adadelta([$0]) }),
      ("NAdam", 0.01 * ofNAdam, { NAdam([$0], learningRate: 0.01) }),
      ("Adamax", 0.01, { Adamax([$0], learningRate: 0.01) }),
    ]
  }

  private func root(_ x: Double, _ power: Double) -> Double { Tensor<Double>(x).pow(power).item }

  private func expectSteps<E: CheckedScalar & LosslessStringConvertible>(_: E.Type, huge: [String]) {
    for (name, first, make) in rules(E.self) {
      for text in huge {
        let gradient = E(text)!, w = Tensor<E>([1, 1, -1], requiresGrad: true), optimizer = make(w)
        w.backward(Tensor([gradient, -gradient, 1]))
        optimizer.step()
        let x = E.widened(w.scalars).map { Double($0) }
        #expect(abs(1 - x[0] - first) < 1e-5 && abs(x[1] - 1 - first) < 1e-5, "\(name), \(text): \(x)")
        // The other elements take their usual step.
        #expect(abs(x[2] + 1 + first) < 1e-5, "\(name), \(text): \(x)")
        // The parameter must still change in later steps. A rule without a mean of gradients needs gradients
        // of similar size.
        for step in 2...6 {
          let before = w.scalars
          optimizer.zeroGrad()
          w.backward(Tensor([Self.withoutMeans.contains(name) ? gradient : 1, -gradient, 1]))
          optimizer.step()
          let after = w.scalars
          let areMoving = zip(before, after).map { $0 != $1 && abs($1) < 4 }
          #expect(!areMoving.contains(false), "\(name), \(text), \(step): \(before), \(after)")
        }
      }
    }
  }

  private static let withoutMeans: Set = ["RMSprop", "Adagrad", "Adadelta"]

  /// A mean of squares decays, so a parameter that one gradient has stopped moves again.
  @Test func meansOfSquaresForget() {
    let makers: [(Tensor<Float>) -> any Optimizer<Float>] = [
      { RMSprop([$0], alpha: 0.9) }, { Adadelta([$0]) }, { Adam([$0], betas: (0.9, 0.9)) },
    ]
    for (number, make) in makers.enumerated() {
      let w = Tensor<Float>([0.5], requiresGrad: true), optimizer = make(w)
      var before: Float = 0
      for step in 0..<1200 {
        before = w.item
        optimizer.zeroGrad()
        w.backward(Tensor([step == 0 ? 1e20 : 1]))
        optimizer.step()
      }
      #expect(w.item < before && w.item.isFinite, "\(number)")
    }
  }

  @Test func parametersGoOnToMove() {
    expectSteps(Float.self, huge: ["1e20", "1e30", "3e38"])
    expectSteps(Double.self, huge: ["1e160", "1e300"])
  }

  /// PyTorch's mean of squares, for a mean that does not overflow although the square does.
  @Test func squaresAreScaledFirst() {
    let w = Tensor<Float>([1], requiresGrad: true), optimizer = Adam([w])
    w.backward(Tensor([1e20]))
    optimizer.step()
    let kept = optimizer.state.tensors["0.exp_avg_sq"]!.item
    #expect(abs(kept / 1e37 - 1) < 1e-5)
  }

  /// An infinite gradient is not hidden: the parameter becomes NaN, as in PyTorch.
  @Test func anInfiniteGradientShows() {
    for (name, _, make) in rules(Float.self) where name != "Adamax" {
      let w = Tensor<Float>([1], requiresGrad: true), optimizer = make(w)
      w.backward(Tensor([.infinity]))
      optimizer.step()
      #expect(w.scalars[0].isNaN, "\(name)")
    }
  }

  /// RAdam's first steps do not divide by squares, but later ones do.
  @Test func rectifiedAdamGoesOn() {
    let w = Tensor<Float>([1], requiresGrad: true), optimizer = RAdam([w], learningRate: 1e-30)
    for step in 1...12 {
      let before = w.item
      optimizer.zeroGrad()
      w.backward(Tensor([1e30]))
      optimizer.step()
      #expect(w.item.isFinite && (step > 5 || w.item != before), "\(step)")
    }
    #expect(optimizer.state.tensors["0.exp_avg_sq"]!.item == .greatestFiniteMagnitude)
  }

  @Test func normsOfHugeAndTinyGradients() {
    for scale in [1e200, 1e-200] {
      let w = Tensor<Double>([0, 0], requiresGrad: true)
      w.backward(Tensor([3 * scale, 4 * scale]))
      let norm = [w].clipGradNorm(max: 1)
      #expect(abs(norm / (5 * scale) - 1) < 1e-15)
      let clipped = w.grad!.scalars
      #expect(scale < 1 ? clipped == [3 * scale, 4 * scale] : abs(clipped[1] - 0.8) < 1e-15)
    }
    let w = Tensor<Float>([0, 0], requiresGrad: true)
    w.backward(Tensor([1e30, 1e30]))
    #expect(abs([w].clipGradNorm(max: 1, norm: 20) / (1e30 * root(2, 0.05)) - 1) < 1e-6)
  }
}
