import Martlet
import TestSupport
import Testing

/// Shapes for which there is no memory, and which a view may have all the same: each is an error in a scope, and
/// nothing is read or computed from what could not be made.
struct OutsizedTests {
  private func expectNoRoom(_ body: () -> Void) {
    let error = #expect(throws: TensorError.self) { try catchingTensorErrors(body) }
    #expect(error?.operation == "memory", "\(error.map { "\($0)" } ?? "none")")
  }

  @Test func rowsToAssign() {
    let x = Tensor<Float>.zeros([1, 1 << 20]), picks = Tensor<Int>.zeros([1 << 20])
    expectNoRoom { x[picks] = Tensor<Float>([1]) }
    #expect(x.max().item == 0)
  }

  @Test func sequencesOfARecurrence() {
    let layer = RNN(inputs: 1, hidden: 1)
    expectNoRoom { _ = layer(Tensor<Float>.zeros([1, 1, 1]).broadcast(to: [1 << 20, 1 << 20, 1])) }
  }

  @Test func batchesOfProducts() {
    let a = Tensor<Float>.zeros([1, 1, 1]).broadcast(to: [1 << 32, 1, 1, 1])
    let b = Tensor<Float>.zeros([1, 1, 1]).broadcast(to: [1, 1 << 32, 1, 1])
    expectNoRoom { _ = a.matmul(b) }
  }

  @Test(arguments: [0, 1]) func positionsOfAResampledAxis(_ n: Int) {
    expectNoRoom { _ = Tensor<Float>.zeros([n, 1, 1]).upsampled(to: [1 << 50]) }
  }

  @Test func tablesOfAPool() {
    expectNoRoom { _ = AdaptiveAvgPool1d(1 << 30)(Tensor<Float>.zeros([1 << 12, 1, 1])) }
    expectNoRoom {
      _ = MaxPool1d(kernelSize: 1)(Tensor<Float>.zeros([1, 1, 1]).broadcast(to: [1 << 12, 1, 1 << 30]))
    }
  }

  @Test func labelsOfSequences() {
    let labels = Tensor<Int>([1]).broadcast(to: [1, 1 << 50])
    expectNoRoom {
      _ = CTCLoss()(
        Tensor<Float>.zeros([1, 1, 2]), labels, inputLengths: Tensor([1]), labelLengths: Tensor([1]))
    }
  }

  @Test func moreGroupsThanChannels() {
    let error = #expect(throws: TensorError.self) {
      try catchingTensorErrors { Tensor<Float>.zeros([2, 0, 1]).groupNorm(groups: .max) }
    }
    #expect(error?.operation == "groupNorm")
  }

  /// A batch of no matrices needs no memory, whatever their extents.
  @Test func noMatrices() throws {
    let large = Tensor<Double>.zeros([0, 1 << 21, 1 << 21])
    #expect(try large.inverse().shape == [0, 1 << 21, 1 << 21])
    #expect(try large.qr().q.shape == [0, 1 << 21, 1 << 21])
    #expect(try large.lu().l.shape == [0, 1 << 21, 1 << 21])
    #expect(try Tensor<Float>.zeros([0, 1 << 20, 1 << 20]).svd().s.shape == [0, 1 << 20])
  }
}
