import MartletCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The progress on standard error. A terminal shows it anew ten times a second; other outputs get a line a
/// minute and one at the end. A loop that is left early ends the line too.
final class ProgressDisplay {
  private let title: String, count: Int?, isShown: Bool, showing: ProgressValues?
  private let isTerminal: Bool
  private let start = ContinuousClock.now
  private var drawn = ContinuousClock.now
  private var drawnWidth = 0, taken = 0, isFinished = false

  init(title: String, count: Int?, isShown: Bool, showing: ProgressValues?) {
    self.title = title
    self.count = count
    self.showing = showing
    self.isShown = isShown && getenv("MARTLET_PROGRESS").map { String(cString: $0) } != "off"
    isTerminal =
      terminalColumns(STDERR_FILENO) != nil && getenv("TERM").map { String(cString: $0) } != "dumb"
  }

  deinit { finish() }

  func advance() {
    taken += 1
    let now = ContinuousClock.now
    guard isShown, isTerminal ? taken == 1 || now - drawn > .milliseconds(100) : now - drawn > .seconds(60)
    else { return }
    drawn = now
    isTerminal ? draw(taken - 1, pace(taken - 1)) : write(line(taken - 1, pace(taken - 1)) + "\n")
  }

  func finish() {
    if isFinished || !isShown { return }
    isFinished = true
    let time = "  \(fixed(min(seconds, 1e7), 2)) s"
    if isTerminal { draw(taken, time) }
    write(isTerminal ? "\n" : line(taken, time) + "\n")
  }

  /// Draws the line anew, with a bar as long as the window allows.
  private func draw(_ done: Int, _ time: String) {
    let width = (terminalColumns(STDERR_FILENO) ?? 80) - 1
    var text = line(done, time)
    if let count {
      let length = min(30, width - text.count - 1)
      if length >= 4 {
        let filled = count > 0 ? Int(Double(length) * min(1, Double(done) / Double(count))) : length
        let bar = String(repeating: "█", count: filled) + String(repeating: "·", count: length - filled)
        text = "\(title) \(bar)" + text.dropFirst(title.count)
      }
    }
    // In a window that became narrower the old line may fill two, which cannot be drawn over.
    let beginning = drawnWidth > width ? "\n" : "\r"
    text = String(text.prefix(max(width, 0)))
    drawnWidth = text.count
    // ESC [ K erases the rest of a longer line before.
    write(beginning + text + "\u{1B}[K")
  }

  private func line(_ done: Int, _ time: String) -> String {
    let values = (showing?() ?? [:]).map { (name: $0, value: double($1)) }
    // Before the loop has done anything, a mean is NaN.
    let shown = values.filter { done > 0 || !$0.value.isNaN }.map { "  \($0.name) \(short($0.value))" }
    return "\(title)\(isTerminal ? "" : ":") \(done)\(count.map { "/\($0)" } ?? "")\(time)\(shown.joined())"
  }

  private func double(_ value: some BinaryFloatingPoint) -> Double { Double(value) }

  private var seconds: Double {
    let parts = (ContinuousClock.now - start).components
    return Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
  }

  /// The rate and the time that is left.
  private func pace(_ done: Int) -> String {
    guard done > 0 else { return "" }
    let each = seconds / Double(done)
    let rate = each <= 1 ? "\(short(1 / max(each, 1e-9)))/s" : "\(short(each)) s each"
    guard let count, count > done else { return "  " + rate }
    let left = Int(min(each * Double(count - done), 1e9))
    func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let hours = left >= 3600 ? "\(left / 3600):\(pad(left / 60 % 60))" : "\(left / 60)"
    return "  \(rate)  \(hours):\(pad(left % 60)) left"
  }

  private func write(_ text: String) {
    var text = text
    text.withUTF8 { bytes in _ = Self.put(STDERR_FILENO, bytes.baseAddress!, bytes.count) }
  }

  private static func put(_ file: Int32, _ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
    #if canImport(Glibc)
      Glibc.write(file, bytes, count)
    #elseif canImport(Musl)
      Musl.write(file, bytes, count)
    #else
      Darwin.write(file, bytes, count)
    #endif
  }
}
