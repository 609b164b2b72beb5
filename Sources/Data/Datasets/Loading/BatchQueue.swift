#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A bounded queue of numbered items, which threads of its own make ahead of their use.
///
/// The threads are the system's and not tasks: a reader that blocks in a task would occupy a thread of Swift's pool,
/// and with all of them occupied nothing makes progress.
///
/// Items need not be `Sendable`, so the compiler cannot see that they pass from thread to thread safely. They do: an
/// item is made from `Sendable` values alone, the queue is its only owner until it is taken, and it is taken once.
/// The lock guards all that changes.
final class BatchQueue<Item>: @unchecked Sendable {
  /// Returns the function that makes an item of a number, or nil if there is none. Each thread calls it once, so the
  /// function may hold state.
  private let maker: @Sendable () -> (Int) -> Item?
  /// Returns true for an item after which no further one is wanted.
  private let isLast: @Sendable (Item) -> Bool
  private let limit: Int
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  private var ready: [Int: Item] = [:]
  /// The numbers of the next item to be made and of the next to be taken.
  private var nextMade: Int, nextTaken: Int
  private var end = Int.max
  private var isCancelled = false
  private var waiting: CheckedContinuation<Void, Never>?

  /// Starts `threads` threads, which make at most `limit` items ahead. Returns nil if the system grants no thread.
  init?(
    from first: Int, threads: Int, limit: Int, isLast: @escaping @Sendable (Item) -> Bool,
    maker: @escaping @Sendable () -> (Int) -> Item?
  ) {
    (nextMade, nextTaken) = (first, first)
    self.maker = maker
    self.isLast = isLast
    self.limit = limit
    pthread_mutex_init(lock, nil)
    pthread_cond_init(change, nil)
    let started = (0..<threads).count { _ in startThread { [self] in work() } }
    if started == 0 { return nil }
  }

  deinit {
    pthread_cond_destroy(change)
    pthread_mutex_destroy(lock)
    change.deallocate()
    lock.deallocate()
  }

  /// Ends the threads, each after the item that it is making.
  func cancel() {
    locked {
      isCancelled = true
      ready = [:]
      announce()
    }
  }

  /// Returns the next item, or nil after the last one. It blocks the thread until the item is made.
  func take() -> Item? {
    locked {
      while !isAnswered { pthread_cond_wait(change, lock) }
      return taken()
    }
  }

  /// Returns the next item, or nil after the last one and in a cancelled task. It blocks no thread.
  func take(isolation: isolated (any Actor)? = #isolation) async -> sending Item? {
    await withTaskCancellationHandler {
      await withCheckedContinuation(isolation: isolation) { continuation in
        locked {
          if isAnswered || Task.isCancelled { continuation.resume() } else { waiting = continuation }
        }
      }
    } onCancel: {
      locked { wakeTask() }
    }
    // The queue let go of the item, as the type's comment says.
    nonisolated(unsafe) let item = locked { isAnswered ? taken() : nil }
    return item
  }

  /// Takes the next item's number if no thread has begun to make the item; otherwise returns nil. The caller makes the
  /// item itself, sooner than a thread that has not even begun.
  func takeNumber() -> Int? {
    locked {
      guard nextMade == nextTaken, nextTaken < end, !isCancelled else { return nil }
      nextMade += 1
      nextTaken += 1
      announce()
      return nextTaken - 1
    }
  }

  /// True if the last item was taken.
  var isAtEnd: Bool { locked { nextTaken >= end } }

  private var isAnswered: Bool { ready[nextTaken] != nil || nextTaken >= end || isCancelled }

  private func taken() -> Item? {
    guard nextTaken < end, let item = ready.removeValue(forKey: nextTaken) else { return nil }
    nextTaken += 1
    announce()
    return item
  }

  /// Makes items until there are no more or the queue is cancelled.
  private func work() {
    let make = maker()
    while let number = claim() {
      let item = make(number)
      locked {
        if let item { if !isCancelled { ready[number] = item } }
        if item.map(isLast) ?? true { end = min(end, item == nil ? number : number + 1) }
        announce()
      }
    }
  }

  /// Returns the number of the next item to make, once there is room for it; nil at the end.
  private func claim() -> Int? {
    locked {
      while !isCancelled && nextMade < end && nextMade - nextTaken >= limit {
        pthread_cond_wait(change, lock)
      }
      guard !isCancelled, nextMade < end else { return nil }
      defer { nextMade += 1 }
      return nextMade
    }
  }

  private func announce() {
    pthread_cond_broadcast(change)
    if isAnswered { wakeTask() }
  }

  private func wakeTask() {
    waiting?.resume()
    waiting = nil
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return body()
  }
}

/// Starts a thread that runs `body`. Returns false if the system grants none.
private func startThread(_ body: @escaping @Sendable () -> Void) -> Bool {
  final class Start: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  let start = Unmanaged.passRetained(Start(body))
  #if canImport(Darwin)
    var thread: pthread_t! = nil
    let run: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = {
      Unmanaged<Start>.fromOpaque($0).takeRetainedValue().body()
      return nil
    }
  #else
    var thread = pthread_t()
    let run: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = {
      Unmanaged<Start>.fromOpaque($0!).takeRetainedValue().body()
      return nil
    }
  #endif
  guard pthread_create(&thread, nil, run, start.toOpaque()) == 0 else {
    start.release()
    return false
  }
  pthread_detach(thread)
  return true
}
