import MartletCore
import TestSupport
import Testing

/// `gradient(of:)`, second order, `valueAndGradient`.
@Suite struct GradientOfTests {
  private let x = Tensor<Double>([1, 2, 3], requiresGrad: true)

  @Test func ofALeafWithoutTouchingItsGrad() {
    #expect((x * x).sum().gradient(of: x).scalars == [2, 4, 6])
    #expect(x.grad == nil)
  }

  @Test func anEarlierGradStays() {
    x.sum().backward()
    _ = (x * x).sum().gradient(of: x)
    #expect(x.grad?.scalars == [1, 1, 1])
  }

  @Test func ofAnIntermediate() {
    let y = x * 2
    #expect((y * y * y).sum().gradient(of: y).scalars == [12, 48, 108])
    #expect(x.grad == nil && y.grad == nil)
  }

  @Test func ofItself() {
    let y = (x * 2).sum()
    #expect(y.gradient(of: y).item == 1)
  }

  @Test func withASeed() {
    #expect((x * x).gradient(of: x, seed: Tensor([1, 10, 100])).scalars == [2, 40, 600])
  }

  @Test func ofSeveral() {
    let w = Tensor<Double>([4, 5, 6], requiresGrad: true)
    let y = x * w
    let gradients = (y * y).sum().gradients(of: [w, y, x, w])
    #expect(gradients.map(\.scalars) == [[8, 40, 108], [8, 20, 36], [32, 100, 216], [8, 40, 108]])
    #expect(x.grad == nil && w.grad == nil)
  }

  @Test func ofAnUnusedInputIsRefused() {
    let unused = Tensor<Double>([1], requiresGrad: true)
    let error = refusal { _ = (x * x).sum().gradient(of: unused) }
    #expect(error?.operation == "gradient(of:)" && error?.reason.contains("does not depend") == true)
  }

  @Test func ofAnUnusedInputIsZeroWhereThatIsAllowed() {
    let unused = Tensor<Double>([[1, 2], [3, 4]], requiresGrad: true)
    let gradients = (x * x).sum().gradients(of: [unused, x], allowUnused: true)
    #expect(gradients[0].shape == [2, 2] && gradients[0].scalars == [0, 0, 0, 0])
    #expect(gradients[1].scalars == [2, 4, 6])
    #expect((x * x).sum().gradient(of: unused, createGraph: true, allowUnused: true).scalars == [0, 0, 0, 0])
  }

  @Test func aTensorWithoutHistoryDependsOnNothing() {
    #expect(Tensor<Double>(3).gradient(of: x, allowUnused: true).scalars == [0, 0, 0])
    let plain = Tensor<Double>([1])
    #expect(
      refusal { _ = plain.gradient(of: plain, allowUnused: true) }?.reason.contains("no history") == true)
  }

  /// A rule that fails leaves no zeros behind.
  @Test func aMistakeInThePassIsNotTakenForAnUnusedInput() {
    let y = (x * x).sum()
    noGrad { x.multiply(by: 2) }
    let error = refusal {
      let gradient = y.gradient(of: x, allowUnused: true)
      #expect(gradient.isFailed)
    }
    #expect(error?.reason.contains("was changed in place") == true)
  }

  @Test func ofATensorThatRequiresNoneIsRefused() {
    let plain = Tensor<Double>([1, 1, 1])
    let error = refusal { _ = (x * plain).sum().gradient(of: plain) }
    #expect(error?.operation == "gradient(of:)" && error?.reason.contains("does not require") == true)
  }

  @Test func withoutASeedForANonScalarIsRefused() {
    #expect(refusal { _ = (x * x).gradient(of: x) }?.operation == "gradient(of:)")
  }

  @Test func twiceWithoutRetainingIsRefused() {
    let y = (x * x).sum()
    _ = y.gradient(of: x)
    #expect(refusal { _ = y.gradient(of: x) }?.reason.contains("freed") == true)
  }

  /// The inputs of the freed part are no longer known, so the pass may not leave that part out.
  @Test func overAFreedPartIsRefused() {
    let shared = x * x
    shared.sum().backward()
    let error = refusal { _ = (shared * 3 + x).sum().gradient(of: x) }
    #expect(error?.operation == "gradient(of:)" && error?.reason.contains("MulBackward") == true)
  }

  @Test func twiceWithRetaining() {
    let y = (x * x).sum()
    #expect(y.gradient(of: x, retainGraph: true).scalars == [2, 4, 6])
    #expect(y.gradient(of: x).scalars == [2, 4, 6])
  }

  @Test func leavesOutOfTheWayAreNotTouched() {
    let w = Tensor<Double>([4, 5, 6], requiresGrad: true)
    let y = (x * w).sum()
    #expect(y.gradient(of: x, retainGraph: true).scalars == [4, 5, 6])
    y.backward()
    #expect(w.grad?.scalars == [1, 2, 3])
  }

  // MARK: Second order

  @Test func secondOrder() {
    let first = (x * x * x).sum().gradient(of: x, createGraph: true)
    #expect(first.scalars == [3, 12, 27] && first.requiresGrad)
    #expect(first.sum().gradient(of: x).scalars == [6, 12, 18])
    #expect(x.grad == nil)
  }

  @Test func withoutCreateGraphThereIsNoHistory() {
    let first = (x * x * x).sum().gradient(of: x)
    #expect(!first.requiresGrad && first.isLeaf)
  }

  @Test func thirdAndFourthOrder() {
    var derivative = (x * x * x * x).sum()
    for order in 1...4 {
      derivative = derivative.gradient(of: x, createGraph: order < 4)
      if order < 4 { derivative = derivative.sum() }
    }
    #expect(derivative.scalars == [24, 24, 24])
  }

  @Test func aGradientPenaltyGoesBackToTheWeights() {
    let w = Tensor<Double>([0.5, -1, 2], requiresGrad: true)
    let slope = (w * x * x).sum().gradient(of: x, createGraph: true)
    (slope * slope).sum().backward()
    #expect(w.grad?.scalars == [4, -32, 144], "d/dw (2wx)² = 8wx²")
    #expect(x.grad?.scalars == [2, 16, 96], "d/dx (2wx)² = 8w²x")
  }

  @Test func backwardCreatesAGraphToo() {
    (x * x * x).sum().backward(createGraph: true)
    let grad = x.grad!
    x.zeroGrad()
    grad.sum().backward()
    #expect(x.grad?.scalars == [6, 12, 18])
    x.zeroGrad()
  }

  @Test func mixedDerivatives() {
    let w = Tensor<Double>([4, 5, 6], requiresGrad: true)
    let byX = (x * x * w * w).sum().gradient(of: x, createGraph: true)
    #expect(byX.sum().gradient(of: w).scalars == [16, 40, 72], "4xw")
  }

  @Test func secondDerivativesOfSavedOutputs() {
    let at = Tensor<Double>(0.5, requiresGrad: true)
    let first = at.tanh().gradient(of: at, createGraph: true)
    let t = 0.462117157260009758502318483643672548730289280330113  // tanh 0.5
    #expect(abs(first.item - (1 - t * t)) < 1e-15)
    #expect(abs(first.gradient(of: at).item + 2 * t * (1 - t * t)) < 1e-15)
  }

  // MARK: valueAndGradient

  @Test func valueAndGradients() {
    let w = Tensor<Double>([4, 5, 6]), b = Tensor<Double>(7)
    let (value, gradients) = valueAndGradient(at: [w, b]) { p in (p[0] * x + p[1]).sum() }
    #expect(value.item == 32 + 21)
    #expect(gradients.map(\.scalars) == [[1, 2, 3], [3]])
    #expect(!value.requiresGrad && w.grad == nil && b.grad == nil && x.grad == nil)
    #expect(!w.requiresGrad && !b.requiresGrad)
  }

  @Test func valueAndGradientRecordsAlsoInNoGrad() {
    let (value, gradients) = noGrad { valueAndGradient(at: [x]) { ($0[0] * $0[0]).sum() } }
    #expect(value.item == 14 && gradients[0].scalars == [2, 4, 6])
  }

  @Test func valueAndGradientOfWhatIsNotUsedIsRefused() {
    let error = refusal { _ = valueAndGradient(at: [x, x]) { $0[0].sum() } }
    #expect(error?.reason.contains("does not depend") == true)
  }

  @Test func valueAndGradientOfOneAndOfTwo() {
    let w = Tensor<Double>([4, 5, 6]), b = Tensor<Double>(7)
    let (square, slope) = valueAndGradient(at: w) { ($0 * $0).sum() }
    #expect(square.item == 77 && slope.scalars == [8, 10, 12])
    let (value, (dw, db)) = valueAndGradient(at: (w, b)) { w, b in (w * x * b).sum() }
    #expect(value.item == 224 && dw.scalars == [7, 14, 21] && db.item == 32)
  }

  @Test func valueAndGradientOfWhatIsNotUsedIsZeroWhereThatIsAllowed() {
    let (value, gradients) = valueAndGradient(at: [x, x], allowUnused: true) { $0[0].sum() }
    #expect(value.item == 6 && gradients.map(\.scalars) == [[1, 1, 1], [0, 0, 0]])
    let (three, none) = valueAndGradient(at: x, allowUnused: true) { _ in Tensor(3) }
    #expect(three.item == 3 && none.scalars == [0, 0, 0])
  }

  /// The history leads to the argument, to a captured tensor, and not twice to a tensor that is both.
  @Test func valueAndGradientWithAGraph() {
    let w = Tensor<Double>([4, 5, 6], requiresGrad: true)
    let (value, slope) = valueAndGradient(at: x, createGraph: true) { ($0 * $0 * w).sum() }
    #expect(value.requiresGrad && slope.scalars == [8, 20, 36])
    #expect(
      slope.sum().gradients(of: [x, w], retainGraph: true).map(\.scalars) == [[8, 10, 12], [2, 4, 6]])
    #expect(value.gradient(of: w).scalars == [1, 4, 9])
    let (_, half) = valueAndGradient(at: x, createGraph: true) { ($0 * x).sum() }
    #expect(half.scalars == [1, 2, 3], "the captured x is a constant")
    #expect(half.sum().gradient(of: x).scalars == [1, 1, 1])
  }

  @Test func valueAndGradientNested() {
    let (slope, curvature) = valueAndGradient(at: x) { outer in
      valueAndGradient(at: outer, createGraph: true) { ($0 * $0 * $0).sum() }.gradient.sum()
    }
    #expect(slope.item == 42 && curvature.scalars == [6, 12, 18])
  }
}
