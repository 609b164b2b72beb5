import Testing

@testable import MartletCore
@testable import MartletKernels

/// The cost of the backward pass of a product, in BLAS calls and copies.
@Suite struct BackwardCostTests {
  private func cost(_ body: () -> Void) -> Counters {
    let before = Counters.now
    body()
    let after = Counters.now
    return Counters(blasCalls: after.blasCalls - before.blasCalls, copies: after.copies - before.copies)
  }

  private func leaf(_ shape: TensorShape) -> Tensor<Float> {
    .normal(shape, requiresGrad: true)
  }

  /// Counts the calls of a product and of its backward pass with a dense gradient.
  private func expectCost(
    forward: Int = 1, backward: Int = 2, sourceLocation: SourceLocation = #_sourceLocation,
    _ product: () -> Tensor<Float>
  ) {
    var y = Tensor<Float>.zeros([])
    let forwardCost = cost { y = product() }
    #expect(forwardCost == Counters(blasCalls: forward, copies: 0), "forward", sourceLocation: sourceLocation)
    let seed = Tensor<Float>.normal(y.shape)
    let backwardCost = cost { y.backward(seed) }
    #expect(
      backwardCost == Counters(blasCalls: backward, copies: 0), "backward", sourceLocation: sourceLocation)
  }

  @Test func plainOperands() {
    let a = leaf([5, 6]), b = leaf([6, 7])
    expectCost { a.matmul(b) }
  }

  @Test func oneOperandThatRequiresNoGradient() {
    let a = leaf([5, 6]), b = Tensor<Float>.ones([6, 7])
    expectCost(backward: 1) { a.matmul(b) }
    expectCost(backward: 1) { b.transposed().matmul(a.transposed()) }
  }

  @Test func transposedOperands() {
    let a = leaf([6, 5]), b = leaf([7, 6])
    let c = leaf([5, 6]), d = leaf([6, 7])
    expectCost { a.transposed().matmul(d) }
    expectCost { c.matmul(b.transposed()) }
    expectCost { a.transposed().matmul(b.transposed()) }
  }

  @Test func slicedOperands() {
    let a = leaf([8, 9]), b = leaf([9, 10])
    expectCost { a[1..<6, 2..<8].matmul(b[3..., 1..<8]) }
    expectCost { a[1..<6, 2..<8].matmul(b[0..., 3..<9].transposed()[0..., 0..<6].transposed()) }
  }

  @Test func aTransposedGradient() {
    let a = leaf([5, 6]), b = leaf([6, 7])
    let y = a.matmul(b).transposed()
    #expect(cost { y.backward(.ones([7, 5])) } == Counters(blasCalls: 2, copies: 0))
  }

  @Test func aChainOfProducts() {
    let a = leaf([3, 4]), b = leaf([4, 5]), c = leaf([5, 6])
    expectCost(forward: 2, backward: 4) { a.matmul(b).matmul(c) }
  }

  @Test func aBatchTimesAMatrixFoldsIntoOneCall() {
    let a = leaf([4, 5, 6]), b = leaf([6, 7])
    expectCost { a.matmul(b) }
    let deep = leaf([2, 2, 5, 6])
    expectCost { deep.matmul(b) }
  }

  @Test func aBatchTimesATransposedMatrixFoldsToo() {
    let a = leaf([4, 5, 6]), b = leaf([7, 6])
    expectCost { a.matmul(b.transposed()) }
  }

  @Test func aBatchMakesOneCallForEachMatrix() {
    let a = leaf([4, 5, 6]), b = leaf([4, 6, 7])
    expectCost(forward: 4, backward: 8) { a.matmul(b) }
    let turned = leaf([4, 7, 6])
    expectCost(forward: 4, backward: 8) { a.matmul(turned.transposed()) }
  }

  @Test func aLinearMap() {
    let x = leaf([5, 6]), weight = leaf([7, 6]), bias = leaf([7])
    expectCost { x.linear(weight: weight) }
    expectCost { x.linear(weight: weight, bias: bias) }
    let batch = leaf([3, 5, 6])
    expectCost { batch.linear(weight: weight, bias: bias) }
  }

  @Test func vectors() {
    let v = leaf([6]), m = leaf([6, 7]), w = leaf([7])
    expectCost { v.matmul(m) }
    expectCost { m.matmul(w) }
  }

  @Test func theNaivePathCallsNoBLAS() {
    let a = leaf([5, 6]), b = leaf([6, 7])
    let naive = withMatrixProducts(.naive) { cost { a.matmul(b).backward(.ones([5, 7])) } }
    #expect(naive.blasCalls == 0)
  }

  @Test func aSecondOrderPassIsProductsToo() {
    let a = leaf([5, 6]), b = leaf([6, 7])
    let da = a.matmul(b).gradient(of: a, seed: .ones([5, 7]), createGraph: true)
    #expect(cost { da.backward(.ones([5, 6])) }.blasCalls == 1, "da = g · bᵀ depends on b alone")
    #expect(b.grad?.shape == [6, 7])
  }
}
