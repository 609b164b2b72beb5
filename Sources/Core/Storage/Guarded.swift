import CRuntime

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A value behind a lock.
///
/// It is a lock of the C library. Swift's `Mutex` takes longer, where threads wait for it the thread sanitizer does not
/// see that they do, and in a child it stays with the parent's thread.
package final class Guarded<Value>: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  /// Whether the lock ends with this value.
  private let ownsLock: Bool
  @exclusivity(unchecked) private var value: Value

  /// A value with a lock of its own, which a fork leaves as it is.
  package init(_ value: Value) {
    self.value = value
    lock = .allocate(capacity: 1)
    ownsLock = true
    pthread_mutex_init(lock, nil)
  }

  /// A value of the process: its lock is taken around every `fork`, so that the child finds the value whole and the lock
  /// free.
  init(_ value: Value, _ which: MTLock) {
    ownsLock = false
    self.value = value
    lock = martlet_lock(which)
  }

  deinit {
    guard ownsLock else { return }
    pthread_mutex_destroy(lock)
    lock.deallocate()
  }

  /// Calls `body` while no other thread has the value.
  @inline(__always)
  package func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return body(&value)
  }

  /// Calls `body` while no other thread has the value; its result may go to another task.
  func sendingWithLock<Result>(_ body: (inout Value) -> sending Result) -> sending Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return body(&value)
  }
}
