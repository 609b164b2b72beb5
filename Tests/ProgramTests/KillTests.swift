import Foundation
import Testing

/// A training with dropout, batch norm, AdamW, shuffling and prefetch (Tests/Programs/Survivor) that is killed again
/// and again.
@Suite struct KillTests {
  /// The number of kills: few in `make test`, 100 in `make kills`.
  private static let kills = ProcessInfo.processInfo.environment["MARTLET_KILLS"].flatMap(Int.init) ?? 6

  private func start(_ path: String, _ output: Pipe) throws -> Process {
    let process = Process()
    process.executableURL = try #require(Run.buildFolder).appendingPathComponent("SurvivorProgram")
    process.arguments = [path]
    process.standardOutput = output
    try process.run()
    return process
  }

  /// Runs to the end, and returns the line that is printed.
  private func finish(_ path: String) throws -> String {
    let output = Pipe(), process = try start(path, output)
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return text
  }

  @Test("Killed at random moments and resumed, a run ends with the same bits") func kills() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let clock = ContinuousClock(), begin = clock.now
    let whole = try finish(folder.appendingPathComponent("whole.safetensors").path)
    let parts = (clock.now - begin).components
    let seconds = Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    try #require(whole.hasPrefix("4 100 "), "\(whole)")

    let runs = folder.appendingPathComponent("runs"),
      path = runs.appendingPathComponent("last.safetensors").path
    let seed = UInt64.random(in: 0 ... .max)
    var random = Steps(state: seed), killed = 0
    while killed < Self.kills {
      // A resumed run has less to do, so the delays are short enough to hit most of them.
      let output = Pipe(), process = try start(path, output)
      Thread.sleep(forTimeInterval: Double.random(in: 0...0.7 * seconds, using: &random))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      if process.terminationReason == .uncaughtSignal {
        killed += 1
        continue
      }
      let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      #expect(text == whole, "seed \(seed), after \(killed) kills")
      try FileManager.default.removeItem(at: runs)
    }
    #expect(try finish(path) == whole, "seed \(seed)")
    let files = try FileManager.default.contentsOfDirectory(atPath: runs.path).sorted()
    // A run that was killed after its last save deletes no temporary file, because it saves nothing more.
    #expect(
      files.filter { $0.hasSuffix(".safetensors") } == [
        "last-1.safetensors", "last-best.safetensors", "last.safetensors",
      ])
  }
}

/// A generator of random numbers whose seed can be printed (SplitMix64).
private struct Steps: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
