import MartletCore
import TestSupport
import Testing

/// Functions with derivatives of the user's own.
@Suite struct CustomFunctionTests {
  /// x / (1 + |x|), whose backward closure is written in operations on tensors.
  private static func softsign<E: DifferentiableScalar>(_: E.Type) -> CustomFunction<E> {
    CustomFunction<E>("Softsign") { inputs, context in
      context.save(inputs[0])
      return [inputs[0] / (1 + inputs[0].abs())]
    } backward: { gradients, context in
      let scale = 1 + context.saved[0].abs()
      return [gradients[0] / (scale * scale)]
    }
  }

  /// a b and a + b.
  private static var pair: CustomFunction<Double> {
    CustomFunction<Double>("Pair") { inputs, context in
      context.save(inputs[0], inputs[1])
      return [inputs[0] * inputs[1], inputs[0] + inputs[1]]
    } backward: { gradients, context in
      [gradients[0] * context.saved[1] + gradients[1], gradients[0] * context.saved[0] + gradients[1]]
    }
  }

  @Test func valuesAndGradientsOfBothPrecisions() {
    let x = Tensor<Float>([1, -3], requiresGrad: true), y = Self.softsign(Float.self)(x)
    #expect(y.scalars == [0.5, -0.75])
    #expect(y.gradFunction?.name == "SoftsignBackward")
    y.sum().backward()
    #expect(x.grad?.scalars == [0.25, 0.0625])
  }

  @Test func derivativesOfBothOrders() throws {
    let x = Tensor<Double>([0.5, -1.5, 2]), y = Tensor<Double>([1.5, 0.25, -3])
    try checkGradients(at: [x]) { Self.softsign(Double.self)($0[0]).sum() }
    try checkGradients(at: [x, y]) { arguments in
      let outputs = Self.pair.outputs(of: arguments)
      return (outputs[0] * outputs[1] * outputs[1]).sum()
    }
  }

  @Test func anOutputThatNothingUsesHasAGradientOfZero() {
    let a = Tensor<Double>([2, 3], requiresGrad: true), b = Tensor<Double>([4, 5], requiresGrad: true)
    Self.pair.outputs(of: [a, b])[0].sum().backward()
    #expect(a.grad?.scalars == [4, 5] && b.grad?.scalars == [2, 3])
  }

  @Test func nilStandsForZero() {
    let first = CustomFunction<Double>("First") { inputs, _ in
      [inputs[0] + inputs[1]]
    } backward: { gradients, _ in
      [gradients[0], nil]
    }
    let a = Tensor<Double>([2], requiresGrad: true), b = Tensor<Double>([4], requiresGrad: true)
    first(a, b).backward()
    #expect(a.grad?.scalars == [1] && b.grad?.scalars == [0])
  }

  @Test func theContextTellsWhichGradientsAreNeeded() {
    nonisolated(unsafe) var needs: [[Bool]] = []
    let sum = CustomFunction<Double> { inputs, context in
      needs.append(context.needsGradient)
      return [inputs[0] + inputs[1]]
    } backward: { gradients, context in
      needs.append(context.needsGradient)
      return [gradients[0], gradients[0]]
    }
    let a = Tensor<Double>([2], requiresGrad: true), b = Tensor<Double>([4])
    sum(a, b).backward()
    #expect(needs == [[true, false], [true, false]])
  }

  @Test func nonDifferentiableOutputsHaveNoHistory() {
    let function = CustomFunction<Double>("Signed") { inputs, context in
      context.nonDifferentiable = [0]
      return [inputs[0].sign(), inputs[0] * 3]
    } backward: { gradients, _ in
      #expect(gradients.map(\.scalars) == [[0, 0], [1, 2]])
      return [gradients[1] * 3]
    }
    let x = Tensor<Double>([-1, 2], requiresGrad: true), outputs = function.outputs(of: [x])
    #expect(!outputs[0].requiresGrad && outputs[0].scalars == [-1, 1])
    outputs[1].backward(Tensor([1, 2]))
    #expect(x.grad?.scalars == [3, 6])
  }

  @Test func savedTensorsThatWereChangedAreRefused() {
    let x = Tensor<Double>([1, 2]), w = Tensor<Double>([3, 4], requiresGrad: true)
    let y = Self.pair.outputs(of: [x, w])[0].sum()
    x[0] = 7
    let error = refusal { y.backward() }
    #expect(error?.reason.hasPrefix("a tensor that PairBackward had saved was changed in place") == true)
  }

  /// An output that its own record held would be a cycle.
  @Test func savedOutputsAreFreedAndDifferentiable() throws {
    let exponential = CustomFunction<Double>("OwnExp") { inputs, context in
      let y = inputs[0].exp()
      context.save(y)
      return [y]
    } backward: { gradients, context in
      [gradients[0] * context.saved[0]]
    }
    try checkGradients(at: [Tensor<Double>([0.5, -1])]) { exponential($0[0]).sum() }
    weak var freed: AnyObject?
    do {
      let y = exponential(Tensor<Double>.ones([3], requiresGrad: true))
      freed = y.gradFunction
    }
    #expect(freed == nil)
  }

  @Test func anOutputMayBeAnInput() {
    let same = CustomFunction<Double>("Same") { inputs, _ in
      inputs
    } backward: { gradients, _ in
      [gradients[0] * 2]
    }
    let x = Tensor<Double>([1, 2], requiresGrad: true), y = same(x)
    #expect(x.isLeaf && y.gradFunction?.name == "SameBackward")
    y.sum().backward()
    #expect(x.grad?.scalars == [2, 2])
  }

  @Test func nothingIsRecordedWithoutNeed() {
    #expect(!Self.softsign(Double.self)(Tensor<Double>([1])).requiresGrad)
    let x = Tensor<Double>([1], requiresGrad: true)
    #expect(noGrad { !Self.softsign(Double.self)(x).requiresGrad })
  }

  @Test func wrongGradientsAreRefused() {
    let x = Tensor<Double>([1, 2], requiresGrad: true)
    func run(_ backward: @escaping CustomFunction<Double>.Backward) -> String? {
      let function = CustomFunction<Double>(
        "Own", forward: { inputs, _ in [inputs[0] * 1] }, backward: backward)
      return refusal { function(x).sum().backward() }.map { "\($0.operation): \($0.reason)" }
    }
    #expect(run { _, _ in [] } == "Own: backward returned 0 gradients for 1 inputs")
    #expect(
      run { _, _ in [.ones([3])] }
        == "Own: backward returned a gradient of shape [3] for input 0 of shape [2]")
    #expect(run { gradients, _ in [gradients[0].reshaped([5])] }?.hasPrefix("reshaped") == true)
  }

  @Test func anotherNumberOfOutputsIsRefused() {
    let a = Tensor<Double>([1])
    let error = refusal { _ = Self.pair(a, a) }
    #expect(error?.operation == "Pair" && error?.reason == "there are 2 outputs, not 1; call outputs(of:)")
    #expect(error?.location == "CustomFunctionTests.swift:\(#line - 2)")
  }

  @Test func aFailedInputFailsTheOutput() {
    let error = refusal { _ = Self.softsign(Float.self)(Tensor<Float>.ones([2]).reshaped([3])).scalars }
    #expect(error?.operation == "reshaped")
  }
}
