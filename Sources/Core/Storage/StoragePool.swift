import CRuntime

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The memory of tensors: blocks that are given back are kept, by size, and handed out again.
///
/// A block of up to 64 KiB goes to a list of the thread that gives it back, without a lock; larger ones, what is
/// beyond a thread's bound and the lists of a thread that ends go to lists shared by all. Both are bounded in
/// bytes; what is beyond goes back to the system. A block may be given back on another thread than it was taken on.
public enum StoragePool {
  /// Bytes held by tensors that are alive.
  public static var bytesInUse: Int { shared.withLock { $0.settledInUse() } }

  /// The most bytes that were in use at once since the start or ``resetPeak()``, to within 64 KiB a thread.
  public static var peakBytes: Int {
    shared.withLock { state in
      state.peak = max(state.peak, state.settledInUse())
      return state.peak
    }
  }

  /// Bytes kept for tensors to come, the calling thread's and the shared ones.
  public static var cachedBytes: Int { shared.withLock { $0.cached } + martlet_thread().pointee.cachedBytes }

  /// The most bytes that are kept in the shared lists; a quarter of the memory of the
  /// machine, or of the container, at the start.
  public static var cacheLimit: Int {
    get { shared.withLock { $0.limit } }
    set {
      shared.withLock { state in
        state.limit = max(newValue, 0)
        if state.cached > state.limit { state.free() }
      }
    }
  }

  /// Gives what the calling thread and the shared lists keep back to the system.
  public static func empty() {
    let thread = martlet_thread()
    shared.withLock { state in
      state.adopt(thread)
      state.free()
    }
  }

  /// Lets the peak count from now.
  public static func resetPeak() {
    shared.withLock { $0.peak = $0.settledInUse() }
  }

  /// Blocks obtained from the system so far; constant over steps whose memory is all reused.
  static var systemAllocations: Int { shared.withLock { $0.systemAllocations } }
}

extension StoragePool {
  static let alignment = 64
  /// Up to here blocks are kept by threads, and what a thread keeps at most.
  private static let smallBytes = 1 << 16, threadCacheBytes = 1 << 22
  /// What a thread takes or gives back before it tells the pool.
  private static let tellBytes = 1 << 16
  /// The memory of the machine or of the container, whichever is less: more is refused, so that an absurd size is an
  /// error and not the end of the process.
  package static let machineBytes = min(
    sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)), Container.own.bytes ?? .max)

  private static let shared: Guarded<State> = {
    martlet_after_fork { StoragePool.shared.withLock { $0.forgetOtherThreads() } }
    return Guarded(State(), .pool)
  }()

  /// Sizes grow in four steps a doubling, from 64 bytes: a block is at most a quarter too large.
  static func sizeClass(_ bytes: Int) -> Int {
    if bytes <= alignment { return 0 }
    let exponent = Int.bitWidth - 1 - (bytes - 1).leadingZeroBitCount
    return (exponent - 6) * 4 + ((bytes - 1) >> (exponent - 2) & 3) + 1
  }

  static func bytes(ofClass sizeClass: Int) -> Int {
    if sizeClass == 0 { return alignment }
    let exponent = (sizeClass - 1) / 4 + 6, step = (sizeClass - 1) % 4 + 1
    return (1 << exponent) + step << (exponent - 2)
  }

  /// A block of at least `bytes`, uninitialised; nil when the system has no more.
  static func take(_ sizeClass: Int) -> UnsafeMutableRawPointer? {
    let thread = martlet_thread()
    let bytes = bytes(ofClass: sizeClass)
    guard sizeClass < Int(MT_SIZE_CLASSES), bytes <= machineBytes else { return nil }
    if thread.pointee.profiler != nil { martlet_profile_taking(bytes) }
    tell(thread, bytes)
    if bytes <= smallBytes, let block = pop(&thread.pointee, sizeClass) {
      thread.pointee.cachedBytes -= bytes
      return block
    }
    return takeShared(sizeClass, bytes, thread)
  }

  static func give(_ block: UnsafeMutableRawPointer, _ sizeClass: Int) {
    let thread = martlet_thread()
    let bytes = bytes(ofClass: sizeClass)
    tell(thread, -bytes)
    if bytes <= smallBytes, thread.pointee.cachedBytes + bytes <= threadCacheBytes {
      push(block, &thread.pointee, sizeClass)
      thread.pointee.cachedBytes += bytes
    } else {
      shared.withLock { $0.give(block, sizeClass, bytes) }
    }
  }

  @inline(never)
  private static func takeShared(
    _ sizeClass: Int, _ bytes: Int, _ thread: UnsafeMutablePointer<MTThread>
  ) -> UnsafeMutableRawPointer? {
    let kept = shared.withLock { state -> UnsafeMutableRawPointer? in
      if let block = state.take(sizeClass, bytes) { return block }
      state.systemAllocations += 1
      // The cache makes room before the system, or the container, ends the process.
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

  /// Counts what a thread took or gave back; told to all when it adds up.
  @inline(__always)
  private static func tell(_ thread: UnsafeMutablePointer<MTThread>, _ bytes: Int) {
    let pending = martlet_pending(thread) + bytes
    martlet_set_pending(thread, pending)
    if thread.pointee.isKnown == 0 || abs(pending) >= tellBytes { tellAll(thread) }
  }

  @inline(never)
  private static func tellAll(_ thread: UnsafeMutablePointer<MTThread>) {
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

  /// The lists of a thread are linked through the first word of each block.
  @inline(__always)
  private static func pop(_ thread: inout MTThread, _ sizeClass: Int) -> UnsafeMutableRawPointer? {
    withUnsafeMutableBytes(of: &thread.blocks) { bytes in
      let lists = bytes.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
      guard let block = lists[sizeClass] else { return nil }
      lists[sizeClass] = block.load(as: UnsafeMutableRawPointer?.self)
      return block
    }
  }

  @inline(__always)
  private static func push(_ block: UnsafeMutableRawPointer, _ thread: inout MTThread, _ sizeClass: Int) {
    withUnsafeMutableBytes(of: &thread.blocks) { bytes in
      let lists = bytes.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
      block.storeBytes(of: lists[sizeClass], as: UnsafeMutableRawPointer?.self)
      lists[sizeClass] = block
    }
  }

  /// What all threads share, behind the lock.
  private struct State {
    var lists = [UnsafeMutableRawPointer?](repeating: nil, count: Int(MT_SIZE_CLASSES))
    var threads: UnsafeMutablePointer<MTThread>?
    var inUse = 0, peak = 0, cached = 0, systemAllocations = 0
    var limit = StoragePool.machineBytes / 4

    /// Bytes in use with what no thread has told yet.
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

    /// A forked process has the thread that forked and no other. What the others had in use stays in use; what they
    /// kept is lost, for one may have been about to change its lists.
    mutating func forgetOtherThreads() {
      let remaining = martlet_thread()
      inUse = settledInUse()
      martlet_set_pending(remaining, 0)
      remaining.pointee.next = nil
      remaining.pointee.previous = nil
      threads = remaining.pointee.isKnown == 0 ? nil : remaining
    }

    /// Takes over what a thread keeps.
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

/// The system's `free`, which the pool's own would hide, of a block with its head.
private func release(_ block: UnsafeMutableRawPointer) { free(block - Int(MT_BLOCK_HEAD)) }
