import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Runs `body` with 0, 1, … on as many threads of their own, which start together. Returns the results in
/// order.
///
/// A task group would run only as many at a time as the machine has cores.
public func simultaneously<Result: Sendable>(
  _ count: Int, _ body: @escaping @Sendable (Int) -> Result
) -> [Result] {
  let gate = Gate(count)
  nonisolated(unsafe) let slots = UnsafeMutablePointer<Result?>.allocate(capacity: count)
  slots.initialize(repeating: nil, count: count)
  defer {
    slots.deinitialize(count: count)
    slots.deallocate()
  }
  let threads = (0..<count).map { number in
    let start = Start {
      gate.pass()
      slots[number] = body(number)
    }
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, nil,
      { start in
        Unmanaged<Start>.fromOpaque(start!).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(start).toOpaque())
    precondition(failure == 0, "no thread could be started")
    return thread
  }
  for thread in threads { pthread_join(thread, nil) }
  return (0..<count).map { slots[$0]! }
}

/// The arguments that a thread starts with.
private final class Start {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Lets the threads continue when all have arrived.
private final class Gate: Sendable {
  private let missing: Atomic<Int>
  init(_ count: Int) { missing = Atomic(count) }

  func pass() {
    missing.subtract(1, ordering: .acquiringAndReleasing)
    while missing.load(ordering: .acquiring) > 0 { sched_yield() }
  }
}
