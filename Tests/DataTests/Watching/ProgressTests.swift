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
      let text = onTerminal(columns: 0) { for _ in loader().progress("epoch 1/1") {} }
      #expect(text.hasPrefix("\repoch 1/1 \(String(repeating: "·", count: 30)) 0/3\u{1B}[K"), "\(text)")
      #expect(text.contains(#/\repoch 1\/1 █{30} 3\/3  \d+\.\d\d s\x1B\[K\n$/#), "\(text)")
    }
  }

  @Test("The line has room in the window, also after the window became narrower")
  func resized() async {
    await #expect(processExitsWith: .success) {
      let text = onTerminal(columns: 60) {
        for number in (0..<3).progress("epoch 1", showing: { ["loss": 0.31274, "f1": Float(0.5)] }) {
          if number == 1 { resize(STDERR_FILENO, to: 20) }
        }
      }
      let lines = text.replacing("\u{1B}[K", with: "").split { $0 == "\r" || $0 == "\n" }
      #expect(
        lines.first?.hasSuffix("0/3  loss 0.3127  f1 0.5") == true && lines.first!.count <= 59, "\(text)")
      #expect(lines.last?.count == 19 && lines.last!.hasPrefix("epoch 1 3/3  "), "\(text)")
      #expect(text.contains("\nepoch 1 3/3"), "the old line fills several rows, so a new one begins")
    }
  }

  @Test("A loop that is left early ends its line; a sequence of unknown length has no total")
  func left() async {
    await #expect(processExitsWith: .success) {
      let text = onTerminal(columns: 80) {
        for number in (0..<9).lazy.filter({ $0 > 2 }).progress("found") where number == 5 { break }
      }
      #expect(text.contains(#/\rfound 3  \d+\.\d\d s\x1B\[K\n$/#), "\(text)")
    }
  }

  @Test("It is silent on request, by the caller and by the environment") func silent() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      for _ in loader().progress("x", isShown: false) {}
      setenv("MARTLET_PROGRESS", "off", 1)
      for _ in loader().progress("y") {}
    }
    #expect(result?.standardErrorContent == [])
  }

  @Test("An asynchronous sequence shows its progress too") func asynchronous() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let numbers = AsyncStream { continuation in
        for number in 1...4 { continuation.yield(number) }
        continuation.finish()
      }
      var sum = 0
      for await number in numbers.progress("sum", count: 4, showing: { ["sum": Double(sum)] }) {
        sum += number
      }
      #expect(sum == 10)
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.wholeMatch(of: #/sum: 4/4  \d+\.\d\d s  sum 10\n/#) != nil, "\(text)")
  }
}

/// Returns what a closure writes to standard error, which is a terminal of this width meanwhile.
private func onTerminal(columns: UInt16, _ body: () -> Void) -> String {
  let terminal = openTerminal(O_RDWR | O_NOCTTY)
  #expect(terminal >= 0 && grant(terminal) == 0 && unlock(terminal) == 0)
  let line = open(name(terminal), O_RDWR | O_NOCTTY), standardError = dup(STDERR_FILENO)
  setenv("TERM", "xterm", 1)
  resize(line, to: columns)
  dup2(line, STDERR_FILENO)
  body()
  dup2(standardError, STDERR_FILENO)
  // A terminal returns only the bytes written so far, so the test reads on to the end of the last line.
  var written: [UInt8] = [], bytes = [UInt8](repeating: 0, count: 4096)
  while !written.suffix(5).elementsEqual("\u{1B}[K\r\n".utf8) {
    let count = read(terminal, &bytes, bytes.count)
    if count <= 0 { break }
    written += bytes.prefix(count)
  }
  return String(decoding: written, as: UTF8.self).replacing("\r\n", with: "\n")
}

private func resize(_ terminal: Int32, to columns: UInt16) {
  var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
  #expect(ioctl(terminal, UInt(TIOCSWINSZ), &size) == 0)
}
