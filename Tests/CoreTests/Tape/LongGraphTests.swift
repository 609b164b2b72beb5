import Martlet
import Testing

/// Graphs of a million operations, and of a hundred thousand links of each other kind. Neither the backward
/// pass nor the release may recurse. Each test runs in a process of its own, on a thread with a stack of 512
/// KiB, which recursion would overflow.
@Suite(.serialized) struct LongGraphTests {
  static let length = 1_000_000
  /// Enough links to overflow the stack if each took a frame of 6 bytes.
  static let shorter = 100_000

  @Test func aChainRunsGoesBackAndIsFreed() async {
    await #expect(processExitsWith: .success) {
      onThread {
        let x = Tensor<Double>(0, requiresGrad: true)
        var y = x
        for _ in 0..<LongGraphTests.length { y = y + 1 }
        y.backward()
        #expect(y.item == 1e6 && x.grad?.item == 1)
      }
    }
  }

  @Test func savedTensorsThatHoldNodesGoBackAndAreFreed() async {
    await #expect(processExitsWith: .success) {
      onThread {
        let before = StoragePool.bytesInUse
        do {
          let x = Tensor<Double>(1, requiresGrad: true)
          var y = x
          for _ in 0..<LongGraphTests.shorter - 1 { y = y * x }
          y.backward()
          #expect(x.grad?.item == 1e5, "the derivative of x to the hundred thousandth at 1")
        }
        #expect(StoragePool.bytesInUse == before)
      }
    }
  }

  @Test func squaresAreFreedWithoutBackward() async {
    await #expect(processExitsWith: .success) {
      onThread {
        let before = StoragePool.bytesInUse
        do {
          var y = Tensor<Double>(1, requiresGrad: true)
          for _ in 0..<LongGraphTests.shorter { y = y * y }
          #expect(y.item == 1)
        }
        #expect(StoragePool.bytesInUse == before)
      }
    }
  }

  @Test func savedOutputsGoBackAndAreFreed() async {
    await #expect(processExitsWith: .success) {
      onThread {
        let before = StoragePool.bytesInUse
        do {
          let x = Tensor<Double>(1, requiresGrad: true)
          var y = x
          for _ in 0..<LongGraphTests.shorter { y = (y * y).sqrt() }
          y.backward()
          #expect(x.grad?.item == 1)
        }
        #expect(StoragePool.bytesInUse == before)
      }
    }
  }

  @Test func castsGoBackAndAreFreed() async {
    await #expect(processExitsWith: .success) {
      onThread {
        for goesBack in [true, false] {
          let x = Tensor<Double>(1, requiresGrad: true)
          var y = x
          for _ in 0..<LongGraphTests.shorter { y = Tensor<Double>(Tensor<Float>(y)) }
          if goesBack { y.backward() }
          #expect(x.grad?.item == (goesBack ? 1 : nil))
        }
      }
    }
  }

  /// The saved factor has no node, but it is a view of a tensor that has one.
  @Test func viewsMadeInNoGradGoBackAndAreFreed() async {
    await #expect(processExitsWith: .success) {
      onThread {
        for goesBack in [true, false] {
          let x = Tensor<Double>([1], requiresGrad: true)
          var y = x * 1
          for _ in 0..<LongGraphTests.shorter { y = x * noGrad { y[.stride(by: -1)] } }
          if goesBack { y.backward() }
          #expect(x.grad?.item == (goesBack ? 1 : nil))
        }
      }
    }
  }

  @Test func joinsAndSlicesGoBackAndAreFreed() async {
    await #expect(processExitsWith: .success) {
      onThread {
        let x = Tensor<Double>([1], requiresGrad: true)
        var y = x
        for _ in 0..<LongGraphTests.shorter { y = Tensor.concatenated([y, y])[0..<1] }
        y.backward()
        #expect(x.grad?.item == 1)
      }
    }
  }

  @Test func aNodeOfManyInputsIsFreed() async {
    await #expect(processExitsWith: .success) {
      onThread {
        let leaves = (0..<LongGraphTests.shorter).map { _ in Tensor<Float>(1, requiresGrad: true) }
        Tensor.stacked(leaves).sum().backward()
        #expect(leaves.allSatisfy { $0.grad?.item == 1 })
      }
    }
  }
}
