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
  let gate = Gate()
  nonisolated(unsafe) let slots = UnsafeMutablePointer<Result?>.allocate(capacity: count)
  slots.initialize(repeating: nil, count: count)
  defer {
    slots.deinitialize(count: count)
    slots.deallocate()
  }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  // The thread sanitizer clears memory for the whole stack of each thread.
  pthread_attr_setstacksize(&attributes, 1 << 20)
  let threads = (0..<count).map { number in
    let start = Start {
      gate.pass()
      slots[number] = body(number)
    }
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, &attributes,
      { start in
        Unmanaged<Start>.fromOpaque(start!).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(start).toOpaque())
    precondition(failure == 0, "no thread could be started")
    return thread
  }
  gate.open()
  for thread in threads { pthread_join(thread, nil) }
  return (0..<count).map { slots[$0]! }
}

/// The arguments that a thread starts with.
private final class Start {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// A gate that is closed until it is opened. Waiting threads leave the cores to those that are not there yet.
private final class Gate: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<pthread_rwlock_t>

  init() {
    lock = .allocate(capacity: 1)
    pthread_rwlock_init(lock, nil)
    pthread_rwlock_wrlock(lock)
  }

  deinit {
    pthread_rwlock_destroy(lock)
    lock.deallocate()
  }

  func open() { pthread_rwlock_unlock(lock) }

  func pass() {
    pthread_rwlock_rdlock(lock)
    pthread_rwlock_unlock(lock)
  }
}
