import Testing

@testable import MartletCore
@testable import MartletKernels

/// Workspace and results are allocated from the pool.
@Suite struct LinearAlgebraMemoryTests {
  /// The counters are the whole process's, so the test runs in a process of its own. It uses one thread,
  /// because the choice of the worker, and so of the pool that the workspace comes from, is random. The sizes
  /// are on both sides of the limit for LAPACK.
  @Test func aPassTakesNoBlockFromTheSystem() async {
    await #expect(processExitsWith: .success) {
      let matrices = [8, 48].map { n in
        let x = Tensor<Double>.normal([3, n, n]), a = x.matmul(x.transposed()) + Tensor.identity(n)
        a.requiresGrad = true
        return a
      }
      func pass() throws {
        for a in matrices {
          let results = [
            try a.solve(a.detached()), try a.inverse(), try a.cholesky(), try a.qr().q, try a.svd().u,
            try a.eigh().vectors, try a.logDeterminant().logMagnitude, try a.pinv(), try a.lu().u,
            try a.eig().values.real, try a.lstsq(a.detached()).solution, try a.matrixSquareRoot(),
          ]
          results.map { $0.sum() }.reduce(Tensor(0), +).backward()
          a.zeroGrad()
        }
      }
      for _ in 0..<3 { try Threads.limited(to: 1) { try pass() } }
      let blocks = StoragePool.systemAllocations, used = StoragePool.bytesInUse
      for _ in 0..<5 {
        try Threads.limited(to: 1) { try pass() }
        #expect(StoragePool.systemAllocations == blocks && StoragePool.bytesInUse == used)
      }
    }
  }

  /// LAPACK's workspace size is queried once per shape, routine and precision.
  @Test func theWorkspaceIsAskedForOnce() {
    var asked = 0
    func ask(_ n: Int) -> Int {
      LAPACK.workspace(.schur, n, n, of: Float.element) { answer in
        asked += 1
        answer.storeBytes(of: 77, as: Float.self)
        return 0
      }
    }
    #expect(ask(-1) == 78 && ask(-1) == 78 && asked == 1)
    #expect(ask(-2) == 78 && asked == 2)
  }
}
