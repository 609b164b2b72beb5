import Testing

@testable import MartletCore

/// Gradients are added at a leaf, and no other tensor shares the memory of the sum.
@Suite struct AccumulationTests {
  @Test func allUsesOfALeafAdd() {
    let x = Tensor<Double>([1, 2, 3], requiresGrad: true)
    (x * x + x * 5 + x).sum().backward()
    #expect(x.grad?.scalars == [8, 10, 12])
  }

  @Test func allUsesOfAnIntermediateAdd() {
    let x = Tensor<Double>(3, requiresGrad: true)
    let y = x * 2
    (y * y + y).backward()
    #expect(x.grad?.item == 26, "2 (2 · 6 + 1)")
  }

  @Test func aDiamondSharedByManyPathsIsPassedOnce() {
    let x = Tensor<Double>(1, requiresGrad: true)
    var y = x
    for _ in 0..<50 { y = y + y }
    y.backward()
    #expect(x.grad?.item == 0x1p50)
  }

  @Test func callsAddUntilZeroed() {
    let x = Tensor<Double>([1, 2, 3], requiresGrad: true)
    (x * x + 2).sum().backward()
    #expect(x.grad?.scalars == [2, 4, 6])
    x.sum().backward()
    #expect(x.grad?.scalars == [3, 5, 7])
    x.zeroGrad()
    #expect(x.grad == nil)
    x.sum().backward()
    #expect(x.grad?.scalars == [1, 1, 1])
  }

  @Test func broadcastGradientsAreSummedBack() {
    let row = Tensor<Double>([1, 2, 3], requiresGrad: true), one = Tensor<Double>(2, requiresGrad: true)
    (Tensor<Double>.ones([4, 3]) * row * one).sum().backward()
    #expect(row.grad?.shape == [3] && row.grad?.scalars == [8, 8, 8])
    #expect(one.grad?.shape == [] && one.grad?.item == 24)
  }

  @Test func aLeafThatIsItsOwnResult() {
    let x = Tensor<Double>(3, requiresGrad: true)
    x.backward()
    x.backward()
    #expect(x.grad?.item == 2)
  }

  @Test func gradientsAreFirstAddedWhereTheyMeet() {
    let a = Tensor<Float>([1, 1], requiresGrad: true), b = Tensor<Float>([1, 1], requiresGrad: true)
    let sum = a + b
    (sum + a).sum().backward()
    #expect(a.grad?.scalars == [2, 2] && b.grad?.scalars == [1, 1])
  }

  // MARK: Storage of its own

  /// Scales a gradient in place and returns the elements of `other` afterwards.
  private func afterScaling(_ gradient: Tensor<Double>?, _ other: Tensor<Double>?) -> [Double]? {
    noGrad { gradient?.multiply(by: 100) }
    return other?.scalars
  }

  @Test func aGradientIsNotTheSeed() {
    let x = Tensor<Double>([1, 2], requiresGrad: true), seed = Tensor<Double>([5, 6])
    (x + 0).backward(seed)
    #expect(x.grad?.scalars == [5, 6])
    #expect(afterScaling(x.grad, seed) == [5, 6])
    #expect(afterScaling(seed, x.grad) == [500, 600])
  }

  @Test func theSeedOfALeafIsCopied() {
    let x = Tensor<Double>([1, 2], requiresGrad: true), seed = Tensor<Double>([5, 6])
    x.backward(seed)
    #expect(afterScaling(x.grad, seed) == [5, 6])
  }

  @Test func twoLeavesOfASumHaveGradientsOfTheirOwn() {
    let a = Tensor<Double>([1, 2], requiresGrad: true), b = Tensor<Double>([1, 2], requiresGrad: true)
    let c = Tensor<Double>([1, 2], requiresGrad: true)
    ((a + b) - c).backward(Tensor([5, 6]))
    #expect(afterScaling(a.grad, b.grad) == [5, 6])
    #expect(afterScaling(b.grad, a.grad) == [500, 600])
    #expect(c.grad?.scalars == [-5, -6])
  }

  @Test func viewsPassGradientsThatAreCopiedAtTheLeaf() {
    let a = Tensor<Double>([1, 2, 3, 4], requiresGrad: true),
      b = Tensor<Double>([1, 2, 3, 4], requiresGrad: true)
    let seed = Tensor<Double>([[5, 6], [7, 8]])
    (a.reshaped([2, 2]) + b.reshaped([2, 2])).backward(seed)
    #expect(afterScaling(a.grad, b.grad) == [5, 6, 7, 8])
    #expect(seed.scalars == [5, 6, 7, 8])
  }

  @Test func partsOfOneGradientAreCopiedAtTheLeaves() {
    let a = Tensor<Double>([1, 2], requiresGrad: true), b = Tensor<Double>([3, 4], requiresGrad: true)
    let seed = Tensor<Double>([5, 6, 7, 8])
    Tensor.concatenated([a, b]).backward(seed)
    #expect(a.grad?.scalars == [5, 6] && b.grad?.scalars == [7, 8])
    noGrad { a.grad?.fill(0) }
    #expect(seed.scalars == [5, 6, 7, 8] && b.grad?.scalars == [7, 8])
  }

  @Test func aGradientIsNotASavedTensor() {
    let x = Tensor<Double>([3, 4], requiresGrad: true), w = Tensor<Double>([7, 8], requiresGrad: true)
    let y = x * w
    y.backward(.ones([2]), retainGraph: true)
    #expect(afterScaling(x.grad, w) == [7, 8])
    #expect(afterScaling(w.grad, x) == [3, 4])
    x.zeroGrad()
    y.backward(.ones([2]))
    #expect(x.grad?.scalars == [7, 8], "the saved tensor was not scaled with the gradient")
  }

  @Test func theGradientOfASumIsDense() {
    let x = Tensor<Double>.ones([2, 3], requiresGrad: true)
    x.sum().backward()
    noGrad { x.grad?[0, 0] = 9 }
    #expect(x.grad?.scalars == [9, 1, 1, 1, 1, 1], "no broadcast view of one element")
  }

  @Test func aPartHoldsNoMoreThanItself() {
    let small = Tensor<Float>.ones([4], requiresGrad: true)
    Tensor.concatenated([small, .ones([1 << 16])]).backward(.ones([4 + (1 << 16)]))
    #expect(small.grad.map { $0.storage.sizeClass } == 0, "not the whole gradient of the larger tensor")
  }

  @Test func theGradientOfATransposedLeafIsContiguous() {
    let x = Tensor<Double>([[1, 2, 3], [4, 5, 6]], requiresGrad: true)
    let seed = Tensor<Double>([[1, 2], [3, 4], [5, 6]])
    x.transposed().backward(seed)
    #expect(x.grad?.scalars == [1, 3, 5, 2, 4, 6])
    noGrad { x.grad?.fill(0) }
    #expect(seed.scalars == [1, 2, 3, 4, 5, 6])
  }
}
