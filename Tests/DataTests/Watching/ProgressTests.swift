import Foundation
import Martlet
import Testing

private func loader() -> DataLoader<LabeledDataset> {
  DataLoader(LabeledDataset(inputs: [0, 1, 2, 3, 4], shape: [], labels: [0, 1, 2, 3, 4]), batchSize: 2)
}

// Functions of the C library that Swift's module of it lacks on Linux.
@_silgen_name("posix_openpt") private func openTerminal(_ flags: Int32) -> Int32
@_silgen_name("grantpt") private func grant(_ terminal: Int32) -> Int32
@_silgen_name("unlockpt") private func unlock(_ terminal: Int32) -> Int32
@_silgen_name("ptsname") private func name(_ terminal: Int32) -> UnsafePointer<CChar>

/// The progress on standard error, which the test runner redirects to a pipe.
@Suite struct ProgressTests {
  @Test("Batches are passed on as they are")
  func elements() async {
    await #expect(processExitsWith: .success) {
      let found = loader().progress("x").map { $0.labels.scalars }
      #expect(found == [[0, 1], [2, 3], [4]])
    }
  }

  @Test("In a pipe there is one line an epoch, and none of a bar")
  func pipe() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let loader = loader()
      for epoch in 1...2 {
        for _ in loader.progress("epoch \(epoch)/2") {}
      }
    }
    let lines = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 3 && lines.last == "", "\(lines)")
    for (line, epoch) in zip(lines, 1...2) {
      #expect(line.wholeMatch(of: #/epoch (\d)/2: 3/3  \d+\.\d\d s/#)?.1 == "\(epoch)", "\(line)")
    }
  }

  @Test("On a terminal a bar is redrawn on its line, which ends with the epoch")
  func terminal() async {
    await #expect(processExitsWith: .success) {
      let terminal = openTerminal(O_RDWR | O_NOCTTY)
      #expect(terminal >= 0 && grant(terminal) == 0 && unlock(terminal) == 0)
      let line = open(name(terminal), O_RDWR | O_NOCTTY), standardError = dup(STDERR_FILENO)
      dup2(line, STDERR_FILENO)
      for _ in loader().progress("epoch 1/1") {}
      dup2(standardError, STDERR_FILENO)
      // A terminal returns only the bytes written so far, so the test reads on to the end of the line.
      var written: [UInt8] = [], bytes = [UInt8](repeating: 0, count: 4096)
      while written.last != UInt8(ascii: "\n") {
        let count = read(terminal, &bytes, bytes.count)
        if count <= 0 { break }
        written += bytes.prefix(count)
      }
      let text = String(decoding: written, as: UTF8.self).replacing("\r\n", with: "\n")
      #expect(text.hasPrefix("\repoch 1/1 \(String(repeating: "·", count: 30)) 0/3"), "\(text)")
      #expect(text.contains(#/\repoch 1\/1 █{30} 3\/3  \d+\.\d\d s\n$/#), "\(text)")
    }
  }
}
