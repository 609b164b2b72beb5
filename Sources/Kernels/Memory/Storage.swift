public import CRuntime

/// A reference to memory that a tensor and its views share, with a count of the changes in place.
///
/// The reference count lies in the block's head, so a tensor needs no separate object for its storage. The
/// struct cannot be copied; ``shared()`` returns another reference to the same memory.
@usableFromInline
package struct Storage: ~Copyable {
  @usableFromInline
  package let pointer: UnsafeMutableRawPointer

  /// Allocates uninitialised memory for `count` elements of `stride` bytes, at least one byte. Returns nil if
  /// there is not enough memory.
  @inlinable @inline(__always)
  package init?(count: Int, stride: Int) {
    let sizeClass = StoragePool.sizeClass(max(count &* stride, 1))
    guard let pointer = StoragePool.take(sizeClass) else { return nil }
    self.init(pointer)
    martlet_begin_block(pointer, sizeClass)
  }

  /// Allocates uninitialised memory for the elements of a layout without gaps. Returns nil if the shape is
  /// invalid or there is not enough memory.
  @inlinable
  package init?(for layout: Layout, stride: Int) {
    guard layout.shape.isValid else { return nil }
    self.init(count: layout.count, stride: stride)
  }

  @inlinable @inline(__always)
  init(_ pointer: UnsafeMutableRawPointer) { self.pointer = pointer }

  @inlinable @inline(__always)
  deinit {
    if martlet_release_block(pointer) != 0 { StoragePool.give(pointer, sizeClass) }
  }

  /// Returns another reference to the same memory.
  @inlinable @inline(__always)
  package func shared() -> Storage {
    martlet_retain_block(pointer)
    return Storage(pointer)
  }

  /// True if there is no other reference to the memory.
  @inlinable
  package var isUnique: Bool { martlet_is_unique_block(pointer) != 0 }

  @inlinable
  package var sizeClass: Int { martlet_block(pointer).pointee.sizeClass }

  /// The number of changes in place, through any view. The tape compares this version with that of a saved
  /// tensor.
  @inlinable @inline(__always)
  package var version: Int {
    get { martlet_block(pointer).pointee.version }
    nonmutating set { martlet_block(pointer).pointee.version = newValue }
  }
}
