import MartletCore
import TestSupport
import Testing

/// Seeds of a backward pass, and graphs that were freed.
@Suite struct BackwardCallTests {
  private let x = Tensor<Double>([1, 2, 3], requiresGrad: true)

  @Test func aScalarNeedsNoSeed() {
    (x * x).sum().backward()
    #expect(x.grad?.scalars == [2, 4, 6])
  }

  @Test func aScalarTakesASeed() {
    (x * x).sum().backward(Tensor(10))
    #expect(x.grad?.scalars == [20, 40, 60])
  }

  @Test(arguments: [[1], [1, 1]]) func oneElementOfAnyRankIsAScalar(_ shape: [Int]) {
    x.sum().reshaped(TensorShape(shape)).backward()
    #expect(x.grad?.scalars == [1, 1, 1])
  }

  @Test func aSeedIsAWeightedSum() {
    let w = Tensor<Double>([0.5, -2, 7])
    (x * x * x).backward(w)
    let seeded = x.grad?.scalars
    x.zeroGrad()
    (x * x * x * w).sum().backward()
    #expect(seeded == x.grad?.scalars)
    #expect(seeded == [1.5, -24, 189], "3x²w")
  }

  @Test func aNonScalarWithoutSeedIsRefused() {
    let error = refusal { (x * x).backward() }
    #expect(error?.operation == "backward" && error?.reason.contains("[3]") == true)
    #expect(x.grad == nil)
  }

  @Test(arguments: [[2], [3, 1], [1, 3], []]) func aSeedOfAnotherShapeIsRefused(_ shape: [Int]) {
    let seed = Tensor<Double>.ones(TensorShape(shape))
    let error = refusal { (x * x).backward(seed) }
    #expect(error?.operation == "backward")
    #expect(error?.reason.contains("\(shape)") == true && error?.reason.contains("[3]") == true)
    #expect(x.grad == nil)
  }

  @Test func aTensorWithoutHistoryIsRefused() {
    let error = refusal { Tensor<Double>(1).backward() }
    #expect(error?.operation == "backward" && error?.reason.contains("no history") == true)
  }

  // MARK: A second pass

  @Test func aSecondPassIsRefused() {
    let y = (x * x).sum()
    y.backward()
    let error = refusal { y.backward() }
    #expect(error?.operation == "backward" && error?.reason.contains("freed") == true)
    #expect(error?.reason.contains("retainGraph") == true, "the message tells the cure")
    #expect(x.grad?.scalars == [2, 4, 6], "nothing was added before the refusal")
  }

  @Test func alsoWhereNothingWasSaved() {
    let y = x.sum() + 1
    y.backward()
    #expect(refusal { y.backward() } != nil)
  }

  @Test func alsoOverACast() {
    let y = Tensor<Float>(x)
    y.backward(.ones([3]), retainGraph: true)
    y.backward(.ones([3]))
    #expect(refusal { y.backward(.ones([3])) }?.reason.contains("CastBackward") == true)
    #expect(x.grad?.scalars == [2, 2, 2])
  }

  @Test func aRetainedGraphPassesAgainAndThenNoMore() {
    let y = (x * x).sum()
    y.backward(retainGraph: true)
    y.backward(retainGraph: true)
    y.backward()
    #expect(x.grad?.scalars == [6, 12, 18])
    #expect(refusal { y.backward() } != nil)
    #expect(x.grad?.scalars == [6, 12, 18])
  }

  @Test func aFreedPartSharedByAnotherGraphIsRefused() {
    let shared = x * x
    let first = shared.sum(), second = (shared * 2).sum()
    first.backward()
    let error = refusal { second.backward() }
    #expect(error?.reason.contains("MulBackward") == true)
    #expect(x.grad?.scalars == [2, 4, 6])
  }

  /// A refused pass leaves no mark on the nodes that it has visited: each later pass over them is refused
  /// again, and a complete graph still runs.
  @Test func aFreedPartIsRefusedEachTime() {
    let w = Tensor<Double>([2, 3, 4], requiresGrad: true)
    let shared = x * x, kept = w * w
    let second = (shared * kept).sum(), third = (kept * 3).sum()
    shared.sum().backward()
    for _ in 0..<3 { #expect(refusal { second.backward() }?.reason.contains("MulBackward") == true) }
    #expect(refusal { _ = second.gradient(of: w) } != nil && refusal { _ = second.gradient(of: x) } != nil)
    #expect(x.grad?.scalars == [2, 4, 6] && w.grad == nil)
    third.backward()
    #expect(w.grad?.scalars == [12, 18, 24])
  }

  @Test func aFreedPartInOneOfTwoBranchesLeavesTheOtherUntouched() {
    let w = Tensor<Double>([1, 1, 1], requiresGrad: true)
    let shared = x + 1
    shared.sum().backward()
    #expect(refusal { (w * 3 + shared).sum().backward() } != nil)
    #expect(w.grad == nil && x.grad?.scalars == [1, 1, 1])
  }

  @Test func whatIsBuiltOnAFreedGraphAfterwardsIsRefused() {
    let y = x * x
    y.sum().backward()
    #expect(refusal { (y * 3).sum().backward() } != nil)
  }

  @Test func aRefusedPassFreesNothing() {
    let y = x * x
    #expect(refusal { y.backward() } != nil, "no seed")
    y.backward(.ones([3]))
    #expect(x.grad?.scalars == [2, 4, 6])
  }

  @Test func aLeafIsNeverUsedUp() {
    x.sum().backward()
    x.sum().backward()
    #expect(x.grad?.scalars == [2, 2, 2])
  }

  @Test func createGraphRetainsTheGraph() {
    let y = (x * x * x).sum()
    y.backward(createGraph: true)
    #expect(x.grad?.requiresGrad == true)
    y.backward()
    #expect(x.grad?.scalars == [6, 24, 54])
    x.zeroGrad()
  }

  @Test func freedGraphsLetGoOfWhatTheySaved() {
    weak var saved: Tensor<Double>?
    let y: Tensor<Double>
    do {
      let intermediate = x * 2
      saved = intermediate
      y = (intermediate * intermediate).sum()
    }
    #expect(saved != nil)
    y.backward()
    #expect(saved == nil)
  }
}
