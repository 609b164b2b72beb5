import COpenBLAS
import Foundation
import Testing

/// The kernels that OpenBLAS chooses.
@Suite struct BLASKernelTests {
  #if os(Linux) && arch(x86_64)
    private static let flags = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""

    @Test(
      "A CPU with AVX2 does not run kernels for SSE, whether OpenBLAS knows its model or not",
      .enabled(
        if: flags.contains(" avx2 ") && ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] == nil))
    func newerKernels() throws {
      let core = String(cString: try #require(openblas_get_corename()))
      #expect(
        !["Prescott", "Core2", "Penryn", "Dunnington", "Nehalem", "Opteron", "Barcelona"].contains(core))
    }
  #endif
}
