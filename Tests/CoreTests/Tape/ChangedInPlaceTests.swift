import Martlet
import TestSupport
import Testing

/// Values that the tape saved and that change before backward: the change is reported, and the values are not
/// used.
@Suite struct ChangedInPlaceTests {
  private let x = Tensor<Double>([1, 2, 3], requiresGrad: true)
  private let w = Tensor<Double>([4, 5, 6], requiresGrad: true)

  /// The error of a backward pass through the result of `compute`, after `change` has run under `noGrad`.
  private func caught(_ compute: @autoclosure () -> Tensor<Double>, _ change: () -> Void) -> TensorError? {
    let y = compute()
    noGrad(change)
    return refusal { y.backward(.ones(y.shape)) }
  }

  private func expectCaught(
    _ operation: String, _ compute: @autoclosure () -> Tensor<Double>,
    sourceLocation: SourceLocation = #_sourceLocation, _ change: () -> Void
  ) {
    let error = caught(compute(), change)
    #expect(error?.operation == "backward", sourceLocation: sourceLocation)
    #expect(
      error?.reason.contains(operation) == true && error?.reason.contains("changed in place") == true,
      "\(error as Any)", sourceLocation: sourceLocation)
    #expect(x.grad == nil, "no gradient of changed values", sourceLocation: sourceLocation)
  }

  // MARK: Saved values

  @Test func anOperand() {
    expectCaught("MulBackward", x * w) { w[0] = 100 }
    #expect(w.scalars == [100, 5, 6])
  }

  @Test func theOtherOperand() { expectCaught("MulBackward", w * x) { w.fill(0) } }

  @Test func anOperandThatRequiresNoGradient() {
    let factor = Tensor<Double>([1, 1, 1])
    expectCaught("MulBackward", x * factor) { factor.fill(2) }
  }

  @Test func anOperandChangedWhileRecording() {
    let factor = Tensor<Double>([1, 1, 1])
    let y = x * factor
    factor.fill(2)
    #expect(refusal { y.sum().backward() }?.operation == "backward")
  }

  @Test func anOutput() {
    let y = x.exp()
    expectCaught("ExpBackward", y) { y.multiply(by: 2) }
  }

  @Test func anOutputOfADivision() {
    let y = w / x
    expectCaught("DivBackward", y) { y.fill(0) }
  }

  @Test func theOperandOfAMatrixProduct() {
    let a = Tensor<Double>.ones([2, 3]), column = x.reshaped([3, 1])
    expectCaught("MatmulBackward", a.matmul(column)) { a[1, 2] = 0 }
  }

  @Test func theWeightOfALinearMap() {
    let weight = Tensor<Double>.ones([2, 3], requiresGrad: true)
    expectCaught("LinearBackward", x.expandedDims(axis: 0).linear(weight: weight)) { weight.fill(0) }
  }

  @Test func indices() {
    let picks = Tensor<Int>([0, 2])
    expectCaught("GatherBackward", x[picks]) { picks[0] = 1 }
  }

  @Test func aMask() {
    let mask = Tensor<Bool>([true, false, true])
    expectCaught("WhereBackward", x.where(mask, else: w)) { mask.fill(true) }
  }

  @Test func labels() {
    let labels = Tensor<Int>([0, 2])
    let logits = Tensor.stacked([x, x])
    expectCaught("labels", logits.crossEntropy(labels)) { labels[0] = 1 }
  }

  @Test func logits() {
    let logits = Tensor.stacked([x, x])
    expectCaught("CrossEntropyBackward", logits.crossEntropy(Tensor<Int>([0, 2]))) { logits.fill(0) }
  }

  @Test func theElementsOfAMaximum() { expectCaught("MaxBackward", x.max()) { x.fill(0) } }

  // MARK: Changes through other names

  @Test func throughAView() { expectCaught("MulBackward", x * w) { w[1...].fill(0) } }

  @Test func throughTheBaseOfASavedView() {
    let table = Tensor<Double>.ones([2, 3])
    expectCaught("MulBackward", x * table[0]) { table[1] = 5 }
  }

  @Test func throughAnotherViewOfTheSameStorage() {
    let table = Tensor<Double>.ones([2, 3])
    let other = table.transposed()
    expectCaught("MulBackward", x * table[0]) { other.fill(2) }
  }

  @Test func throughDetached() {
    let y = x * w
    w.detached().fill(0)
    #expect(refusal { y.sum().backward() }?.operation == "backward", "no noGrad is needed to change it")
  }

  @Test func throughAnOptimizer() {
    let y = (x * w).sum()
    y.backward(retainGraph: true)
    SGD([w], learningRate: 0.1).step()
    #expect(refusal { y.backward() }?.reason.contains("MulBackward") == true)
  }

  // MARK: Kinds of change

  static let verbs: [@Sendable (Tensor<Double>) -> Void] = [
    { $0.fill(2) }, { $0.assign(.ones([3])) }, { $0.add(.ones([3])) }, { $0.add(.ones([3]), scaledBy: -2) },
    { $0.subtract(.ones([3])) }, { $0.multiply(by: 2) }, { $0.divide(by: 2) }, { $0[0] = 9 },
    { $0[1...] = 9 },
    { $0[[0, 1]] = 9 }, { $0[Tensor<Int>([2])] = 9 }, { $0[$0 > 4] = 9 }, { $0[.stride(by: 2)] = 9 },
  ]

  @Test(arguments: verbs.indices) func byEveryVerb(_ verb: Int) {
    let before = w.scalars
    expectCaught("MulBackward", x * w) { Self.verbs[verb](w) }
    #expect(w.scalars != before, "the change itself was made")
  }

  // MARK: Allowed changes

  @Test func aChangeOfWhatIsNotSaved() {
    let bias = Tensor<Double>([1, 1, 1])
    #expect(caught(x + bias) { bias.fill(2) } == nil)
    #expect(x.grad?.scalars == [1, 1, 1])
  }

  @Test func aChangeBeforeItIsSaved() {
    noGrad { w.fill(7) }
    (x * w).sum().backward()
    #expect(x.grad?.scalars == [7, 7, 7])
  }

  @Test func aChangeAfterBackward() {
    let y = (x * w).sum()
    y.backward()
    noGrad { x.add(x.grad!, scaledBy: -0.5) }
    #expect(x.scalars == [-1, -0.5, 0])
  }

  @Test func aChangeOfAnotherTensorsCopy() {
    #expect(caught(x * w) { (w * 1).fill(0) } == nil)
  }

  @Test func aChangeUnderNoGradIsNotRecorded() {
    noGrad { x.multiply(by: 100) }
    #expect(x.isLeaf && x.gradFunction == nil && x.scalars == [100, 200, 300])
    (x * x).sum().backward()
    #expect(x.grad?.scalars == [200, 400, 600])
  }

  @Test func theSavedCheckSparesWhatIsNotAskedFor() {
    let y = x * w
    noGrad { x.fill(0) }
    #expect(y.gradient(of: x, seed: .ones([3])).scalars == [4, 5, 6], "needs w alone")
  }
}
