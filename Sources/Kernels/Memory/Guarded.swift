package import CRuntime

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A value protected by a lock.
///
/// The lock is a mutex of the C library, because Swift's `Mutex` has three disadvantages. A `Mutex` is
/// slower. The thread sanitizer does not see when threads wait for a `Mutex`. After a fork, a `Mutex` in the
/// child may still be held by a thread of the parent.
package final class Guarded<Value>: @unchecked Sendable {
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  /// True if this value owns the lock and destroys it.
  private let ownsLock: Bool
  @exclusivity(unchecked) private var value: Value

  /// Creates a value with a lock of its own, which `fork` does not handle.
  package init(_ value: Value) {
    self.value = value
    lock = .allocate(capacity: 1)
    ownsLock = true
    pthread_mutex_init(lock, nil)
  }

  /// Creates a value of the process. Its lock is taken around every `fork`, so that the child finds the value
  /// whole and the lock free.
  package init(_ value: Value, _ which: MTLock) {
    ownsLock = false
    self.value = value
    lock = martlet_lock(which)
  }

  deinit {
    guard ownsLock else { return }
    pthread_mutex_destroy(lock)
    lock.deallocate()
  }

  /// Calls `body` while no other thread has access to the value.
  @inline(__always)
  package func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return body(&value)
  }

  /// Calls `body` while no other thread has access to the value. The result may be sent to another task.
  package func sendingWithLock<Result>(_ body: (inout Value) -> sending Result) -> sending Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return body(&value)
  }
}
