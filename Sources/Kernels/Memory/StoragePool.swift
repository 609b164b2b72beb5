public import CRuntime

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The memory pool of tensors: it caches freed blocks by size and reuses them.
///
/// A block of up to 64 KiB goes without a lock to a list of the thread that frees it. Lists shared by all
/// threads take larger blocks, blocks that exceed a thread's limit, and the blocks of a thread that ends.
/// Both kinds of lists are limited in bytes; blocks that exceed the limit are returned to the system. A block
/// may be freed on another thread than the one that took it.
///
/// ```swift
/// StoragePool.resetPeak()
/// let product = Tensor<Float>.ones([512, 512]).matmul(.ones([512, 512]))
/// print(product.shape, StoragePool.peakBytes, StoragePool.cachedBytes)
/// ```
public enum StoragePool {
  /// The number of bytes that live tensors hold.
  public static var bytesInUse: Int { shared.withLock { $0.settledInUse() } }

  /// The largest number of bytes in use at one time since the start or ``resetPeak()``, accurate to 64 KiB
  /// per thread.
  public static var peakBytes: Int {
    shared.withLock { state in
      state.peak = max(state.peak, state.settledInUse())
      return state.peak
    }
  }

  /// The number of cached bytes, in the calling thread's list and the shared lists.
  public static var cachedBytes: Int { shared.withLock { $0.cached } + martlet_thread().pointee.cachedBytes }

  /// The largest number of bytes that the shared lists cache. The initial value is a quarter of the memory of
  /// the machine or of the container.
  public static var cacheLimit: Int {
    get { shared.withLock { $0.limit } }
    set {
      shared.withLock { state in
        state.limit = max(newValue, 0)
        if state.cached > state.limit { state.free() }
      }
    }
  }

  /// Returns the cached blocks of the calling thread and of the shared lists to the system.
  public static func empty() {
    let thread = martlet_thread()
    shared.withLock { state in
      state.adopt(thread)
      state.free()
    }
  }

  /// Sets the peak to the bytes now in use.
  public static func resetPeak() {
    shared.withLock { $0.peak = $0.settledInUse() }
  }

  /// The number of blocks obtained from the system so far; constant while all memory is reused.
  package static var systemAllocations: Int { shared.withLock { $0.systemAllocations } }
}

extension StoragePool {
  @inlinable
  package static var alignment: Int { 64 }
  /// The largest block that a thread caches, and the largest number of bytes that a thread caches.
  @inlinable
  static var smallBytes: Int { 1 << 16 }
  @inlinable
  static var threadCacheBytes: Int { 1 << 22 }
  /// The number of bytes that a thread takes or frees before it updates the shared count.
  @inlinable
  static var tellBytes: Int { 1 << 16 }
  /// The memory of the machine or of the container, whichever is less. Larger requests are refused, so that
  /// an absurd size is an error and does not end the process.
  @usableFromInline
  package static let machineBytes = min(
    sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)), Container.own.bytes ?? .max)

  private static let shared: Guarded<State> = {
    martlet_after_fork { StoragePool.shared.withLock { $0.forgetOtherThreads() } }
    return Guarded(State(), .pool)
  }()

  /// Returns the class of a size. Classes grow from 64 bytes in four steps per doubling, so a block is at
  /// most a quarter too large.
  @inlinable
  package static func sizeClass(_ bytes: Int) -> Int {
    if bytes <= alignment { return 0 }
    let exponent = Int.bitWidth - 1 - (bytes - 1).leadingZeroBitCount
    return (exponent - 6) * 4 + ((bytes - 1) >> (exponent - 2) & 3) + 1
  }

  @inlinable
  package static func bytes(ofClass sizeClass: Int) -> Int {
    if sizeClass == 0 { return alignment }
    let exponent = (sizeClass - 1) / 4 + 6, step = (sizeClass - 1) % 4 + 1
    return (1 << exponent) + step << (exponent - 2)
  }

  /// Returns an uninitialised block of the size class; nil if the system has no more memory.
  @inlinable
  package static func take(_ sizeClass: Int) -> UnsafeMutableRawPointer? {
    let thread = martlet_thread()
    guard sizeClass < Int(MT_SIZE_CLASSES) else { return nil }
    let bytes = bytes(ofClass: sizeClass)
    guard bytes <= machineBytes else { return nil }
    if thread.pointee.profiler != nil { martlet_profile_taking(bytes) }
    tell(thread, bytes)
    if bytes <= smallBytes, let block = pop(&thread.pointee, sizeClass) {
      thread.pointee.cachedBytes -= bytes
      return block
    }
    return takeShared(sizeClass, bytes, thread)
  }

  @inlinable
  package static func give(_ block: UnsafeMutableRawPointer, _ sizeClass: Int) {
    let thread = martlet_thread()
    let bytes = bytes(ofClass: sizeClass)
    tell(thread, -bytes)
    if bytes <= smallBytes, thread.pointee.cachedBytes + bytes <= threadCacheBytes {
      push(block, &thread.pointee, sizeClass)
      thread.pointee.cachedBytes += bytes
    } else {
      giveShared(block, sizeClass, bytes)
    }
  }

  @usableFromInline @inline(never)
  static func giveShared(_ block: UnsafeMutableRawPointer, _ sizeClass: Int, _ bytes: Int) {
    shared.withLock { $0.give(block, sizeClass, bytes) }
  }

  @usableFromInline @inline(never)
  static func takeShared(
    _ sizeClass: Int, _ bytes: Int, _ thread: UnsafeMutablePointer<MTThread>
  ) -> UnsafeMutableRawPointer? {
    let kept = shared.withLock { state -> UnsafeMutableRawPointer? in
      if let block = state.take(sizeClass, bytes) { return block }
      state.systemAllocations += 1
      // The cache is freed before the system, or the container, ends the process.
      if state.inUse + state.cached > machineBytes { state.free() }
      return nil
    }
    if let kept { return kept }
    if let block = systemBlock(bytes) { return block }
    empty()
    if let block = systemBlock(bytes) { return block }
    tell(thread, -bytes)
    return nil
  }

  private static func systemBlock(_ bytes: Int) -> UnsafeMutableRawPointer? {
    var block: UnsafeMutableRawPointer?
    guard posix_memalign(&block, alignment, Int(MT_BLOCK_HEAD) + bytes) == 0 else { return nil }
    return block.map { $0 + Int(MT_BLOCK_HEAD) }
  }

  /// Counts the bytes that a thread took or freed, and updates the shared count when they add up.
  @inlinable @inline(__always)
  static func tell(_ thread: UnsafeMutablePointer<MTThread>, _ bytes: Int) {
    let pending = martlet_pending(thread) + bytes
    martlet_set_pending(thread, pending)
    if thread.pointee.isKnown == 0 || abs(pending) >= tellBytes { tellAll(thread) }
  }

  @usableFromInline @inline(never)
  static func tellAll(_ thread: UnsafeMutablePointer<MTThread>) {
    if thread.pointee.isKnown == 0 {
      thread.pointee.isKnown = 1
      shared.withLock { $0.enter(thread) }
      martlet_at_thread_exit { thread in StoragePool.shared.withLock { $0.leave(thread) } }
    }
    shared.withLock { state in
      state.inUse += martlet_pending(thread)
      martlet_set_pending(thread, 0)
      state.peak = max(state.peak, state.inUse)
    }
  }

  /// Takes a block from a list of a thread. The first word of each block links it to the next.
  @inlinable @inline(__always)
  static func pop(_ thread: inout MTThread, _ sizeClass: Int) -> UnsafeMutableRawPointer? {
    withUnsafeMutableBytes(of: &thread.blocks) { bytes in
      let lists = bytes.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
      guard let block = lists[sizeClass] else { return nil }
      lists[sizeClass] = block.load(as: UnsafeMutableRawPointer?.self)
      return block
    }
  }

  @inlinable @inline(__always)
  static func push(_ block: UnsafeMutableRawPointer, _ thread: inout MTThread, _ sizeClass: Int) {
    withUnsafeMutableBytes(of: &thread.blocks) { bytes in
      let lists = bytes.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
      block.storeBytes(of: lists[sizeClass], as: UnsafeMutableRawPointer?.self)
      lists[sizeClass] = block
    }
  }

  /// The state that all threads share, protected by the lock.
  private struct State {
    var lists = [UnsafeMutableRawPointer?](repeating: nil, count: Int(MT_SIZE_CLASSES))
    var threads: UnsafeMutablePointer<MTThread>?
    var inUse = 0, peak = 0, cached = 0, systemAllocations = 0
    var limit = StoragePool.machineBytes / 4

    /// Returns the bytes in use, including those that threads have not yet added to the shared count.
    func settledInUse() -> Int {
      var total = inUse
      var thread = threads
      while let known = thread {
        total += martlet_pending(known)
        thread = known.pointee.next
      }
      return total
    }

    mutating func enter(_ thread: UnsafeMutablePointer<MTThread>) {
      thread.pointee.next = threads
      threads?.pointee.previous = thread
      threads = thread
    }

    mutating func leave(_ thread: UnsafeMutablePointer<MTThread>) {
      adopt(thread)
      inUse += martlet_pending(thread)
      martlet_set_pending(thread, 0)
      if threads == thread { threads = thread.pointee.next }
      thread.pointee.previous?.pointee.next = thread.pointee.next
      thread.pointee.next?.pointee.previous = thread.pointee.previous
      thread.pointee.next = nil
      thread.pointee.previous = nil
      thread.pointee.isKnown = 0
    }

    /// Removes all threads but the calling one, the only thread in a forked process. Memory that the other
    /// threads had in use stays in use. The blocks that they had cached are lost, because a thread may have
    /// been changing its lists at the fork.
    mutating func forgetOtherThreads() {
      let remaining = martlet_thread()
      inUse = settledInUse()
      martlet_set_pending(remaining, 0)
      remaining.pointee.next = nil
      remaining.pointee.previous = nil
      threads = remaining.pointee.isKnown == 0 ? nil : remaining
    }

    /// Moves the blocks that a thread caches to the shared lists.
    mutating func adopt(_ thread: UnsafeMutablePointer<MTThread>) {
      for sizeClass in 0..<Int(MT_SIZE_CLASSES) {
        while let block = StoragePool.pop(&thread.pointee, sizeClass) {
          give(block, sizeClass, StoragePool.bytes(ofClass: sizeClass))
        }
      }
      thread.pointee.cachedBytes = 0
    }

    mutating func take(_ sizeClass: Int, _ bytes: Int) -> UnsafeMutableRawPointer? {
      guard let block = lists[sizeClass] else { return nil }
      lists[sizeClass] = block.load(as: UnsafeMutableRawPointer?.self)
      cached -= bytes
      return block
    }

    mutating func give(_ block: UnsafeMutableRawPointer, _ sizeClass: Int, _ bytes: Int) {
      guard cached + bytes <= limit else { return release(block) }
      block.storeBytes(of: lists[sizeClass], as: UnsafeMutableRawPointer?.self)
      lists[sizeClass] = block
      cached += bytes
    }

    mutating func free() {
      for sizeClass in lists.indices {
        while let block = take(sizeClass, StoragePool.bytes(ofClass: sizeClass)) { release(block) }
      }
    }
  }
}

/// Frees a block together with its head by the system's `free`, which the pool's own `free()` would hide.
private func release(_ block: UnsafeMutableRawPointer) { free(block - Int(MT_BLOCK_HEAD)) }
