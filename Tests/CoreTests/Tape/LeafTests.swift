import MartletCore
import TestSupport
import Testing

/// Leaves, `requiresGrad`, and the recorded graph.
@Suite struct LeafTests {
  @Test func tensorsRequireNoGradientUnlessAsked() {
    #expect(!Tensor<Double>([1, 2]).requiresGrad)
    #expect(!Tensor<Float>.ones([2]).requiresGrad)
    #expect(Tensor<Double>([1, 2], requiresGrad: true).requiresGrad)
  }

  @Test func whatIsMadeByHandIsALeaf() {
    let x = Tensor<Double>([1, 2], requiresGrad: true)
    #expect(x.isLeaf && x.gradFunction == nil && x.grad == nil)
    let plain = Tensor<Double>([1, 2])
    #expect(plain.isLeaf && plain.gradFunction == nil)
  }

  @Test func whatIsComputedFromALeafIsNone() {
    let x = Tensor<Double>([1, 2], requiresGrad: true)
    let y = x * x
    #expect(!y.isLeaf && y.requiresGrad && y.gradFunction != nil)
  }

  @Test func whatIsComputedWithoutGradientsIsALeaf() {
    let y = Tensor<Double>([1, 2]) * 3
    #expect(y.isLeaf && !y.requiresGrad && y.gradFunction == nil)
  }

  @Test func requiringAGradientSpreadsFromAnyInput() {
    let x = Tensor<Float>([1, 2], requiresGrad: true), plain = Tensor<Float>([3, 4])
    #expect((x + plain).requiresGrad)
    #expect((plain + x).requiresGrad)
    #expect(plain.where(plain > 3, else: x).requiresGrad)
    #expect(Tensor.concatenated([plain, x, plain]).requiresGrad)
    #expect(Tensor<Double>(x).requiresGrad)
    #expect(x[0].requiresGrad && x.expandedDims(axis: 0).transposed().requiresGrad)
    #expect(!(plain + plain).requiresGrad)
  }

  @Test func comparisonsAndIndicesRequireNone() {
    let x = Tensor<Float>([1, 2], requiresGrad: true)
    #expect(!(x > 1).requiresGrad)
    #expect(!x.argmax(axis: 0).requiresGrad)
    #expect(!Tensor<Int>(x).requiresGrad)
  }

  @Test func aLeafIsTurnedOnAndOff() {
    let x = Tensor<Double>([2, 3])
    x.requiresGrad = true
    (x * x).sum().backward()
    #expect(x.grad?.scalars == [4, 6])
    x.requiresGrad = false
    #expect(!(x * x).requiresGrad)
  }

  @Test func aNonLeafCannotBeSet() {
    let y = Tensor<Double>([1, 2], requiresGrad: true) * 2
    let error = refusal { y.requiresGrad = false }
    #expect(error?.operation == "requiresGrad" && error?.reason.contains("MulBackward") == true)
    #expect(y.requiresGrad)
    #expect(refusal { y.requiresGrad = true } != nil)
  }

  @Test func integersHaveNoGradients() {
    let error = refusal { Tensor<Int>([1, 2]).requiresGrad = true }
    #expect(error?.operation == "requiresGrad" && error?.reason.contains("Int") == true)
    #expect(refusal { _ = Tensor<Bool>([true], requiresGrad: true) } != nil)
  }

  @Test func aGradientIsKeptForLeavesOnly() {
    let x = Tensor<Double>([1, 2], requiresGrad: true)
    let y = x * x
    y.sum().backward()
    #expect(x.grad != nil && y.grad == nil)
  }

  // MARK: The graph

  @Test func theFunctionNamesItsOperation() {
    let x = Tensor<Double>([[1, 2], [3, 4]], requiresGrad: true)
    #expect((x + 1).gradFunction?.name == "AddBackward")
    #expect((x - 1).gradFunction?.name == "SubBackward")
    #expect((x * 2).gradFunction?.name == "MulBackward")
    #expect((x / 2).gradFunction?.name == "DivBackward")
    #expect((-x).gradFunction?.name == "NegBackward")
    #expect(x.exp().gradFunction?.name == "ExpBackward")
    #expect(x.tanh().gradFunction?.name == "TanhBackward")
    #expect(x.matmul(x).gradFunction?.name == "MatmulBackward")
    #expect(x.sum().gradFunction?.name == "SumBackward")
    #expect(x[0].gradFunction?.name == "SliceBackward")
    #expect(x[[0]].gradFunction?.name == "GatherBackward")
  }

  @Test func inputsWalkTheGraphDownToTheLeaves() throws {
    let x = Tensor<Double>([1, 2], requiresGrad: true), w = Tensor<Double>([3, 4], requiresGrad: true)
    let product = x * w
    let function = try #require((product + x).gradFunction)
    #expect(function.name == "AddBackward")
    #expect(function.inputs.map(\.name) == ["MulBackward", "AccumulateGrad"])
    #expect(function.inputs[0] === product.gradFunction)
    #expect(function.inputs[0].inputs.map(\.name) == ["AccumulateGrad", "AccumulateGrad"])
    #expect(function.inputs[0].inputs[0] === function.inputs[1], "both are x's")
    #expect(function.inputs[1].inputs.isEmpty)
  }

  @Test func inputsLeaveOutWhatWantsNoGradient() {
    let x = Tensor<Double>([1, 2], requiresGrad: true), plain = Tensor<Double>([3, 4])
    #expect((plain * x).gradFunction?.inputs.count == 1)
    #expect(Tensor.concatenated([plain, x, x]).gradFunction?.inputs.count == 2)
  }

  @Test func anAssignmentOperatorBindsANewTensor() {
    let x = Tensor<Double>([1, 2], requiresGrad: true)
    var y = x
    y += 1
    #expect(y.gradFunction?.name == "AddBackward" && x.isLeaf)
    #expect(x.scalars == [1, 2] && y.scalars == [2, 3])
  }
}
