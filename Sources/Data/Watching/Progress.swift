/// A sequence that shows on standard error how many of its elements were taken.
///
/// ```swift
/// let loader = DataLoader(try Digits().dataset, batchSize: 64)
/// for batch in loader.progress("epoch 1") {
///   print(batch.inputs.shape)
/// }
/// ```
public struct ProgressSequence<Base> {
  let base: Base
  let makeDisplay: () -> ProgressDisplay

  init(_ base: Base, _ title: String, _ count: Int?, _ isShown: Bool, _ showing: ProgressValues?) {
    self.base = base
    makeDisplay = { ProgressDisplay(title: title, count: count, isShown: isShown, showing: showing) }
  }
}

/// A closure that returns the values to show beside the progress, in their order.
public typealias ProgressValues = () -> KeyValuePairs<String, any BinaryFloatingPoint>

extension ProgressSequence: Sequence where Base: Sequence {
  /// Returns an iterator over the elements that shows the progress.
  public func makeIterator() -> Iterator { Iterator(base: base.makeIterator(), display: makeDisplay()) }

  /// The iterator, which returns the elements unchanged.
  ///
  /// ```swift
  /// let loader = DataLoader(try Digits().dataset, batchSize: 64)
  /// var batches = loader.progress("epoch 1").makeIterator()
  /// let first = batches.next()
  /// ```
  public struct Iterator: IteratorProtocol {
    var base: Base.Iterator
    let display: ProgressDisplay

    /// Returns the next element, or nil after the last.
    public mutating func next() -> Base.Element? {
      let element = base.next()
      if element != nil { display.advance() } else { display.finish() }
      return element
    }
  }
}

extension ProgressSequence: AsyncSequence where Base: AsyncSequence {
  /// The elements of the base.
  public typealias Element = Base.Element
  /// The error of the base.
  public typealias Failure = Base.Failure

  /// Returns an iterator over the elements that shows the progress.
  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(base: base.makeAsyncIterator(), display: makeDisplay())
  }

  /// The asynchronous iterator, which returns the elements unchanged.
  ///
  /// ```swift
  /// let loader = DataLoader(try Digits().dataset, batchSize: 64)
  /// for await batch in loader.progress("epoch 1") { print(batch.inputs.shape) }
  /// ```
  public struct AsyncIterator: AsyncIteratorProtocol {
    var base: Base.AsyncIterator
    let display: ProgressDisplay

    /// Returns the next element, or nil after the last.
    public mutating func next() async throws(Base.Failure) -> Base.Element? {
      let element = try await base.next(isolation: #isolation)
      if element != nil { display.advance() } else { display.finish() }
      return element
    }
  }
}

extension Sequence {
  /// Returns the elements of this sequence, and shows on standard error how many were taken.
  ///
  /// A terminal shows a bar with the rate, the time that is left and the values that `showing` returns; the bar
  /// follows the width of the window. Other outputs get a line a minute and a line at the end. The environment
  /// variable `MARTLET_PROGRESS=off` turns all progress off.
  ///
  /// ```swift
  /// var last = 0.0
  /// for step in (1...1000).progress("training", showing: { ["loss": last] }) {
  ///   last = 1 / Double(step)
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - count: The number of elements. By default it is the `underestimatedCount`, if that is above 0.
  public func progress(
    _ title: String, count: Int? = nil, isShown: Bool = true, showing: ProgressValues? = nil
  ) -> ProgressSequence<Self> {
    ProgressSequence(
      self, title, count ?? (underestimatedCount > 0 ? underestimatedCount : nil), isShown, showing)
  }
}

extension AsyncSequence {
  /// Returns the elements of this sequence, and shows on standard error how many were taken.
  ///
  /// The display is that of a sequence. Without `count` it has neither a bar nor the time that is left.
  ///
  /// ```swift
  /// func watch(_ lines: AsyncStream<String>) async {
  ///   for await line in lines.progress("reading", count: 1000) { print(line) }
  /// }
  /// ```
  @_disfavoredOverload
  public func progress(
    _ title: String, count: Int? = nil, isShown: Bool = true, showing: ProgressValues? = nil
  ) -> ProgressSequence<Self> {
    ProgressSequence(self, title, count, isShown, showing)
  }
}
