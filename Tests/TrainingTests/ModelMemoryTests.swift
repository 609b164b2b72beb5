#if os(Linux)
  import Foundation
  import Martlet
  import Testing

  /// The peak memory of this process since `resetPeakMemory()`, in bytes.
  private func peakMemory() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return try #require(Int(line.split(whereSeparator: { !$0.isNumber })[0])) * 1024
  }

  private func resetPeakMemory() throws {
    let file = try #require(fopen("/proc/self/clear_refs", "w"))
    fputs("5", file)
    fclose(file)
  }

  /// The memory that saving and loading need in addition to the model.
  @Suite struct ModelMemoryTests {
    @Test("Saving takes no copy of the model, loading one: in one large parameter and in many")
    func peaks() async {
      await #expect(processExitsWith: .success) {
        let folder = try TemporaryFolder(), path = folder.path("model")
        for (count, size) in [(1, 4096), (16, 1024)] {
          let model = Sequential((0..<count).map { _ in Linear(size, size, bias: false) })
          let byteCount = count * size * size * 4
          try resetPeakMemory()
          let before = try peakMemory()
          try model.save(to: path)
          #expect(try peakMemory() - before < byteCount / 4)
          try resetPeakMemory()
          let saved = try peakMemory()
          try model.load(from: path)
          #expect(try peakMemory() - saved < byteCount + byteCount / 4)
        }
      }
    }
  }
#endif
