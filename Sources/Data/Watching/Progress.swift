#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A sequence that shows on standard error how many of its elements were taken.
///
/// ```swift
/// let loader = DataLoader(try Digits().dataset, batchSize: 64)
/// for batch in loader.progress("epoch 1") {
///   print(batch.inputs.shape)
/// }
/// ```
public struct ProgressSequence<Base: Sequence>: Sequence {
  let base: Base
  let count: Int
  let title: String

  init(_ base: Base, count: Int, title: String) {
    self.base = base
    self.count = count
    self.title = title
  }

  /// Returns an iterator over the elements that shows the progress.
  public func makeIterator() -> Iterator {
    Iterator(base: base.makeIterator(), display: ProgressDisplay(title: title, count: count))
  }

  /// The iterator, which returns the elements unchanged.
  ///
  /// ```swift
  /// let loader = DataLoader(try Digits().dataset, batchSize: 64)
  /// var batches = loader.progress("epoch 1").makeIterator()
  /// let first = batches.next()
  /// ```
  public struct Iterator: IteratorProtocol {
    var base: Base.Iterator
    var display: ProgressDisplay

    /// Returns the next element, or nil after the last.
    public mutating func next() -> Base.Element? {
      let element = base.next()
      if element != nil { display.advance() } else { display.finish() }
      return element
    }
  }
}

/// The progress line on standard error. A terminal shows it anew ten times a second, other outputs once at
/// the end.
struct ProgressDisplay {
  let title: String
  let count: Int
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let start = ContinuousClock.now
  private var shown = ContinuousClock.now
  private var taken = 0
  private var isFinished = false

  init(title: String, count: Int) {
    self.title = title
    self.count = count
  }

  mutating func advance() {
    taken += 1
    guard isTerminal, taken == 1 || ContinuousClock.now - shown > .milliseconds(100) else { return }
    shown = .now
    write("\r" + bar(taken - 1))
  }

  mutating func finish() {
    if isFinished { return }
    isFinished = true
    write(
      (isTerminal ? "\r" : "") + (isTerminal ? bar(taken) : "\(title): \(taken)/\(count)") + elapsed + "\n")
  }

  private func bar(_ done: Int) -> String {
    let width = 30, filled = count > 0 ? width * Swift.min(done, count) / count : width
    let strip = String(repeating: "█", count: filled) + String(repeating: "·", count: width - filled)
    return "\(title) \(strip) \(done)/\(count)"
  }

  private var elapsed: String {
    let parts = (ContinuousClock.now - start).components
    let hundredths = parts.seconds * 100 + parts.attoseconds / 10_000_000_000_000_000
    return "  \(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) s"
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
