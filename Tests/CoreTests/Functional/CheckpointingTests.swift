import MartletCore
import TestSupport
import Testing

/// Blocks that are computed again in the backward pass.
@Suite struct CheckpointingTests {
  private let w = Tensor<Double>([[0.5, -1], [2, 0.25]], requiresGrad: true)
  private let x = Tensor<Double>([[1, 2], [3, -1]], requiresGrad: true)

  private func block(_ x: Tensor<Double>) -> Tensor<Double> { (x.matmul(w).tanh() * x).exp() }

  @Test func valuesAndGradientsAreThoseOfTheBlock() {
    let plain = (block(x) * x).sum()
    let expected = plain.gradients(of: [x, w])
    let y = checkpointed(x) { block($0) }
    #expect(y.scalars == block(x).scalars && y.gradFunction?.name == "CheckpointBackward")
    let found = (y * x).sum().gradients(of: [x, w])
    for (one, other) in zip(found, expected) { #expect(one.scalars == other.scalars) }
  }

  @Test func severalInARowAndNested() {
    func twice(_ x: Tensor<Double>) -> Tensor<Double> { block(block(x) * 0.1) }
    let expected = twice(x).sum().gradients(of: [x, w])
    let y = checkpointed(x) { outer in checkpointed(checkpointed(outer, block) * 0.1, block) }
    let found = y.sum().gradients(of: [x, w])
    for (one, other) in zip(found, expected) { #expect(one.scalars == other.scalars) }
  }

  @Test func tensorsWithHistoryMayBeCaptured() {
    let scale = w.sum() * 2
    let expected = ((block(x) * scale).sum() + scale).gradients(
      of: [x, w], retainGraph: true)
    let found = (checkpointed(x) { block($0) * scale }.sum() + scale).gradients(of: [x, w])
    for (one, other) in zip(found, expected) { #expect(one.scalars == other.scalars) }
  }

  @Test func derivativesOfBothOrders() throws {
    try checkGradients(at: [x, w]) { arguments in
      checkpointed(arguments[0]) { ($0.matmul(arguments[1]).tanh() * $0).exp() }.sum()
    }
  }

  @Test func aGraphThatIsRetainedRunsTwice() {
    let loss = checkpointed(x) { block($0) }.sum()
    let first = loss.gradient(of: x, retainGraph: true), second = loss.gradient(of: x)
    #expect(first.scalars == second.scalars)
    #expect(refusal { _ = loss.gradient(of: x) }?.reason.contains("was freed") == true)
  }

  @Test func randomNumbersAreDrawnAgain() {
    func noisy(_ x: Tensor<Double>) -> Tensor<Double> { x * Tensor<Double>.normal([2, 2]) }
    func drawn<Result>(_ body: () -> Result) -> (Result, next: [Double]) {
      var generator = RandomGenerator(seed: 7)
      return withRandom(&generator) { (body(), Tensor<Double>.normal([3]).scalars) }
    }
    let (plain, next) = drawn { noisy(x) }
    let (y, nextAfter) = drawn { checkpointed(x) { noisy($0) } }
    #expect(y.scalars == plain.scalars && nextAfter == next, "the numbers after it are the same too")
    let (slope, last) = drawn { y.sum().gradient(of: x) }
    #expect(slope.scalars == plain.sum().gradient(of: x).scalars)
    var fresh = RandomGenerator(seed: 7)
    #expect(last == withRandom(&fresh) { Tensor<Double>.normal([3]).scalars }, "the pass draws none of them")
  }

  /// In a process of its own: the count is that of all threads.
  @Test func intermediateResultsAreNotKept() async {
    await #expect(processExitsWith: .success) {
      let x = Tensor<Double>.ones([1000], requiresGrad: true)
      func deep(_ x: Tensor<Double>) -> Tensor<Double> { (0..<50).reduce(x) { y, _ in y.tanh() } }
      let before = StoragePool.bytesInUse
      let plain = deep(x)
      let kept = StoragePool.bytesInUse - before, start = StoragePool.bytesInUse
      let y = checkpointed(x) { deep($0) }
      #expect(StoragePool.bytesInUse - start < kept / 10)
      #expect(y.sum().gradient(of: x).scalars == plain.sum().gradient(of: x).scalars)
    }
  }

  @Test func withoutRecordingTheBlockAloneRuns() {
    #expect(noGrad { checkpointed(x) { block($0) } }.isLeaf)
    let plain = Tensor<Double>([1, 2])
    #expect(!checkpointed(plain) { $0 * 2 }.requiresGrad)
    #expect(checkpointed(x) { $0 } === x)
  }

  @Test func onlyNeededPartsArePassedOn() {
    let input = Tensor<Double>([[1, 2], [3, -1]])
    checkpointed(input) { block($0) }.sum().backward()
    #expect(w.grad?.scalars == block(input).sum().gradient(of: w).scalars && input.grad == nil)
  }

  @Test func changesInBetweenAreRefused() {
    let loss = checkpointed(x) { block($0) }.sum()
    noGrad { w.multiply(by: 2) }
    let parameter = refusal { loss.backward() }
    #expect(parameter?.operation == "checkpointed")
    #expect(parameter?.reason.hasPrefix("the block returns other values") == true)
    let other = checkpointed(x) { block($0) }.sum()
    noGrad { x.multiply(by: 2) }
    #expect(
      refusal { other.backward() }?.reason.hasPrefix("a tensor that CheckpointBackward had saved") == true)
    #expect(x.grad == nil && w.grad == nil)
  }

  @Test func mistakesInTheBlockAreTold() {
    #expect(refusal { _ = checkpointed(x) { $0.reshaped([7]) }.scalars }?.operation == "reshaped")
  }
}
