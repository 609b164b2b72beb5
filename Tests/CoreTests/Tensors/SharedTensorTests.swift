import TestSupport
import Testing

@testable import MartletCore

/// Threads read the same tensors. No operation writes to an operand, with or without recording.
@Suite struct SharedTensorTests {
  private typealias Operation = @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float>

  /// The tensors are large enough to be split over threads. No product is split, because its last place may
  /// differ.
  private static let operations: [Operation] = [
    { x, w in x * w + w }, { x, w in x.exp().sum(axis: 1) }, { x, w in (x - w).softmax(axis: 1) },
    { x, w in x.transposed().cloned() }, { x, w in x[.stride(by: -1)].max(axis: 0) },
    { x, w in x.layerNorm(axes: [1], weight: w) }, { x, w in x[0..., 3..<9].matmul(w[3..<9]) },
    { x, w in x.detached().gelu() }, { x, w in w.broadcast(to: x.shape).where(x .> 0, else: x) },
    { x, w in x[Tensor<Int>([5, 1, -1])] }, { x, w in .concatenated([x, x], axis: 0) },
    { x, w in Tensor<Float>(Tensor<Double>(x).mean(axis: 0)) },
    { x, w in try! (x[0..<40, 0..<40] + Tensor<Float>.full([40], 20).diagonalMatrix()).solve(w[0..<40]) },
    { x, w in try! x[0..<36, 0..<36].qr().r },
  ]

  @Test(arguments: [false, true])
  func eightThreadsGetWhatOneGets(isRecorded: Bool) {
    var random = RandomGenerator(seed: 9)
    let x: Tensor<Float> = random.normal([211, 307]), w: Tensor<Float> = random.normal([307])
    x.requiresGrad = true
    w.requiresGrad = true
    @Sendable func bits(_ operation: Operation, _ x: Tensor<Float>, _ w: Tensor<Float>) -> [UInt32] {
      recording(isRecorded) { operation(x, w) }.scalars.map(\.bitPattern)
    }
    let operations = Self.operations
    nonisolated(unsafe) let shared = (x, w)
    let expected = operations.map { bits($0, x, w) }
    let found = simultaneously(8) { number in
      (0..<2 * operations.count).allSatisfy { round in
        let i = (number + round) % operations.count
        return bits(operations[i], shared.0, shared.1) == expected[i]
      }
    }
    #expect(found.allSatisfy { $0 })
    #expect(x.storage.version == 0 && w.storage.version == 0 && x.storage.isUnique && w.storage.isUnique)
    #expect(x.grad == nil && w.grad == nil && x.requiresGrad && w.requiresGrad)
  }
}
