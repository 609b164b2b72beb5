/// An array of elements of one type along 0 to 8 axes, with a record of how it was computed.
///
/// A tensor is a reference: a view (`a[0]`, `a.transposed()`, `a.detached()`) shares its storage, and a change
/// in place is seen through every view. Only verbs (`add(_:scaledBy:)`, `fill(_:)`, …) and assignment through a
/// subscript change in place; participles and operators return a new tensor.
///
/// Tensors are not `Sendable`: one belongs to one task at a time. (Hence the stored properties without dynamic
/// exclusivity checks, which cost more than the loop of a small operation.)
public final class Tensor<Element: TensorScalar> {
  /// The memory, shared with views.
  let storage: Storage
  /// Where the elements lie in it.
  let layout: Layout
  /// The mistake in whose place this stands.
  let failure: Failure?
  /// What made this while recording, or the accumulator of a leaf that asked for a gradient once.
  @exclusivity(unchecked) var node: ValueNode<Element>?
  /// Whether gradients flow to `node`.
  @exclusivity(unchecked) var isTracked: Bool
  /// The tensor that this is a view of, however many views lie between.
  let base: Tensor?

  /// A tensor of its own over memory that is already there.
  @inline(__always)
  init(storage: consuming Storage, layout: Layout, base: Tensor? = nil, failure: Failure? = nil) {
    self.storage = storage
    self.layout = layout
    self.base = base
    self.failure = failure
    node = nil
    isTracked = false
  }

  /// A contiguous tensor whose elements are still to be written; a failed one when there is no memory for it.
  @inline(__always)
  convenience init(uninitialized shape: TensorShape) { self.init(uninitialized: Layout(shape)) }

  /// The same for a layout without gaps.
  private convenience init(uninitialized layout: Layout) {
    if let storage = Storage(for: layout, stride: MemoryLayout<Element>.stride) {
      self.init(storage: storage, layout: layout)
    } else {
      self.init(mistake("memory", "no room for a tensor of shape \(layout.shape)"))
    }
  }

  /// A tensor of the same shape whose elements are still to be written, arranged as the other is unless that has gaps.
  @inline(__always)
  convenience init(uninitializedLike other: Tensor<some TensorScalar>) {
    // A layout that is there has been checked, and is copied once.
    if other.layout.isContiguous,
      let storage = Storage(count: other.layout.count, stride: MemoryLayout<Element>.stride)
    {
      self.init(storage: storage, layout: other.layout.atStart)
    } else {
      self.init(uninitialized: other.layout.ofResult)
    }
  }

  /// A failed tensor.
  convenience init(_ failure: Failure) {
    self.init(storage: Storage(count: 0, stride: 1)!, layout: Layout(.failed), failure: failure)
  }

  /// Another name for a tensor that was just made and that nothing else refers to.
  convenience init(adopting other: Tensor) {
    self.init(storage: other.storage.shared(), layout: other.layout, base: other.base, failure: other.failure)
    node = other.node
    isTracked = other.isTracked
  }

  /// The extents along the axes.
  public var shape: TensorShape { layout.shape }

  /// The number of axes; 0 for a scalar.
  public var rank: Int { layout.shape.rank }

  /// The number of elements.
  public var count: Int { layout.count }

  /// A tensor over the same memory with another layout, not recorded.
  func viewed(_ layout: Layout) -> Tensor {
    Tensor(storage: storage.shared(), layout: layout, base: base ?? self)
  }

  /// A tensor that shares this one's storage and has no history: gradients do not flow through it.
  ///
  /// What is changed in place in one is seen in the other, and counts as a change of both for what the tape has
  /// saved.
  public func detached() -> Tensor {
    if let failure { return .failed(by: failure) }
    return Tensor(storage: storage.shared(), layout: layout)
  }
}

extension Tensor: DifferentiableTensor where Element: DifferentiableScalar {}
