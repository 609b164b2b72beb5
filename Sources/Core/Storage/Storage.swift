import CRuntime

/// A reference to memory that a tensor and its views share, with the count of changes made in it.
///
/// Counted by hand in the block's head, which saves an object for every tensor: not copied, ``shared()`` is another
/// reference to the same memory.
struct Storage: ~Copyable {
  let pointer: UnsafeMutableRawPointer

  /// Uninitialised memory for `count` elements of `stride` bytes, at least one; nil when there is not so much.
  @inline(__always)
  init?(count: Int, stride: Int) {
    let sizeClass = StoragePool.sizeClass(max(count &* stride, 1))
    guard let pointer = StoragePool.take(sizeClass) else { return nil }
    self.init(pointer)
    martlet_begin_block(pointer, sizeClass)
  }

  /// Uninitialised memory for the elements of a layout without gaps; nil when the shape is no shape or there is
  /// not so much.
  init?(for layout: Layout, stride: Int) {
    guard layout.shape.isValid else { return nil }
    self.init(count: layout.count, stride: stride)
  }

  private init(_ pointer: UnsafeMutableRawPointer) { self.pointer = pointer }

  @inline(__always)
  deinit {
    if martlet_release_block(pointer) != 0 { StoragePool.give(pointer, sizeClass) }
  }

  /// Another reference to the same memory.
  @inline(__always)
  func shared() -> Storage {
    martlet_retain_block(pointer)
    return Storage(pointer)
  }

  /// Whether no other reference to the memory is there.
  var isUnique: Bool { martlet_is_unique_block(pointer) != 0 }

  var sizeClass: Int { martlet_block(pointer).pointee.sizeClass }

  /// Grows with every change in place, through any view: what the tape saved is compared with it.
  @inline(__always)
  var version: Int {
    get { martlet_block(pointer).pointee.version }
    nonmutating set { martlet_block(pointer).pointee.version = newValue }
  }
}
