import Foundation
import MartletCore
import Testing

#if canImport(Glibc)
  /// Scratch memory is taken before the threads of a loop begin. If the system refuses it, the operation fails like any
  /// other.
  struct ScratchMemoryTests {
    /// Runs `body` in a process that gets only 100 MB more. `body` must leave a failed tensor or throw.
    private static func expectRefusal(_ body: () throws -> Tensor<Double>) throws {
      // The workers and their stacks are there already, and OpenBLAS's buffers.
      Threads.count = 2
      _ = Tensor<Double>.ones([2, 2]).matmul(.ones([2, 2]))
      _ = Tensor<Double>.ones([1 << 20]) + Tensor<Double>.ones([1 << 20])
      StoragePool.empty()
      let statistics = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
      let pages = try #require(statistics.split(separator: " ").first.flatMap { UInt($0) })
      let limit = pages * UInt(getpagesize()) + 100 << 20
      var bounds = rlimit(rlim_cur: limit, rlim_max: limit)
      setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &bounds)
      var isFailed = false
      let error = #expect(throws: TensorError.self) {
        try catchingTensorErrors {
          do { isFailed = try body().isFailed } catch { isFailed = true }
        }
      }
      #expect(error?.description.hasPrefix("memory: there is no room for ") == true)
      #expect(isFailed)
    }

    /// A window of a million taps is unfolded 64 times: 512 MB.
    @Test func unfoldingOfAConvolution() async {
      await #expect(processExitsWith: .success) {
        let x = Tensor<Double>.ones([1, 1, 1_000_063]), weight = Tensor<Double>.ones([1, 1, 1_000_000])
        try Self.expectRefusal { x.conv1d(weight: weight) }
      }
    }

    @Test func convolutionsOfManyChannels() async {
      await #expect(processExitsWith: .success) {
        let x = Tensor<Double>.ones([4, 4, 250_063]), weight = Tensor<Double>.ones([2, 4, 250_000])
        try Self.expectRefusal { x.conv1d(weight: weight) }
      }
    }

    @Test func imagesOfATransposedConvolution() async {
      await #expect(processExitsWith: .success) {
        let x = Tensor<Double>.ones([1, 1, 64]), weight = Tensor<Double>.ones([1, 1, 1_000_000])
        try Self.expectRefusal { x.convTranspose1d(weight: weight) }
      }
    }

    @Test func kernelsOfAConvolution() async {
      await #expect(processExitsWith: .success) {
        let weight = Tensor<Double>.ones([1, 1, 1_000_000], requiresGrad: true)
        let y = Tensor<Double>.ones([1, 1, 1_000_063]).conv1d(weight: weight)
        try Self.expectRefusal { y.gradient(of: weight, seed: .ones([1, 1, 64])) }
      }
    }

    /// Columns of 160 MB that are added up to an image of 100 kB.
    @Test func columnsOfAnImage() async {
      await #expect(processExitsWith: .success) {
        let columns = Tensor<Double>.ones([1, 10_000, 2001])
        try Self.expectRefusal { columns.folded(to: [12_000], kernelSize: 10_000) }
      }
    }

    /// LAPACK asks for 2 n² numbers of workspace, for a matrix of 3000 rows 144 MB, beside a copy of 72 MB.
    @Test func workspaceOfEigenvalues() async {
      await #expect(processExitsWith: .success) {
        let matrix = Tensor<Double>.ones([3000, 3000])
        try Self.expectRefusal { try matrix.eigh().vectors }
      }
    }
  }
#endif
