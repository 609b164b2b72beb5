/// An array of elements of one type along 0 to 8 axes, with a record of how it was computed.
///
/// A tensor is a reference. A view (`a[0]`, `a.transposed()`, `a.detached()`) shares its storage, and an
/// in-place change is seen through every view. Only verbs (`add(_:scaledBy:)`, `fill(_:)`, …) and assignment
/// through a subscript change a tensor in place. Participles and operators return a new tensor.
///
/// Tensors are not `Sendable`: a tensor belongs to one task at a time. For that reason its stored properties
/// have no dynamic exclusivity checks, which would cost more than the loop of a small operation.
///
/// ```swift
/// let x = Tensor<Float>([[1, 2], [3, 4]], requiresGrad: true)
/// (x * x).sum().backward()
/// print(x.shape, x.grad!)
/// ```
public final class Tensor<Element: TensorScalar> {
  /// The memory, shared with views. Only a stand-in changes it: see `withStandIns`.
  @exclusivity(unchecked) var storage: Storage
  /// The layout of the elements in the storage.
  let layout: Layout
  /// The mistake, if this is a failed tensor.
  let failure: Failure?
  /// The record of the operation that computed this tensor, or the accumulator of a leaf that has once
  /// required a gradient; else nil.
  @exclusivity(unchecked) var node: ValueNode<Element>?
  /// A Boolean value that tells whether gradients flow to `node`.
  var isTracked: Bool {
    @inline(__always) get {
      if let base, base.recordedChanges != recordedChanges { followBase() }
      return tracks
    }
    @inline(__always) set { tracks = newValue }
  }
  @exclusivity(unchecked) private var tracks: Bool
  /// The number of changes in place that were recorded. A view has the number that its base had when the view's
  /// history was recorded, or ``withoutBase`` if later changes of the base do not concern its history.
  @exclusivity(unchecked) var recordedChanges: Int
  /// True while this tensor has the memory and the history of a stand-in.
  @exclusivity(unchecked) package internal(set) var isSubstituted: Bool
  /// The tensor that this is a view of, directly or through other views; nil if this is not a view.
  let base: Tensor?

  /// Creates a tensor over existing memory.
  @inline(__always)
  init(storage: consuming Storage, layout: Layout, base: Tensor? = nil, failure: Failure? = nil) {
    self.storage = storage
    self.layout = layout
    self.base = base
    self.failure = failure
    node = nil
    tracks = false
    recordedChanges = 0
    isSubstituted = false
  }

  /// Creates a contiguous tensor with uninitialised elements; a failed tensor if there is no memory for it.
  @inline(__always)
  convenience init(uninitialized shape: TensorShape) { self.init(uninitialized: Layout(shape)) }

  /// Creates a tensor with uninitialised elements from a layout without gaps; a failed tensor without memory.
  private convenience init(uninitialized layout: Layout) {
    if let storage = Storage(for: layout, stride: MemoryLayout<Element>.stride) {
      self.init(storage: storage, layout: layout)
    } else {
      self.init(mistake("memory", "there is no room for a tensor of shape \(layout.shape)"))
    }
  }

  /// Creates a tensor of the same shape with uninitialised elements. It has the other's order in memory, or
  /// row-major order if the other has gaps.
  @inline(__always)
  convenience init(uninitializedLike other: Tensor<some TensorScalar>) {
    // An existing layout has been checked already, and the copy is made only once.
    if other.layout.isContiguous,
      let storage = Storage(count: other.layout.count, stride: MemoryLayout<Element>.stride)
    {
      self.init(storage: storage, layout: other.layout.atStart)
    } else {
      self.init(uninitialized: other.layout.ofResult)
    }
  }

  /// Creates a failed tensor.
  convenience init(_ failure: Failure) {
    self.init(storage: Storage(count: 0, stride: 1)!, layout: Layout(.failed), failure: failure)
  }

  /// Creates a tensor that takes over the state of one that was just created and has no other reference.
  convenience init(adopting other: Tensor) {
    self.init(storage: other.storage.shared(), layout: other.layout, base: other.base, failure: other.failure)
    node = other.node
    tracks = other.isTracked
    recordedChanges = other.recordedChanges
  }

  /// The extents along the axes.
  public var shape: TensorShape { layout.shape }

  /// The number of axes; 0 for a scalar.
  public var rank: Int { layout.shape.rank }

  /// The number of elements.
  public var count: Int { layout.count }

  /// The number of recorded changes of a view that was made in `noGrad`, that is a leaf, or whose base has elements of
  /// another type.
  static var withoutBase: Int { .max }

  /// Returns a view with another layout, without recording it.
  func viewed(_ layout: Layout) -> Tensor {
    let root = base ?? self, view = Tensor(storage: storage.shared(), layout: layout, base: root)
    let follows = isRecording && recordedChanges != Tensor.withoutBase
    view.recordedChanges = follows ? root.recordedChanges : Tensor.withoutBase
    return view
  }

  /// Returns a tensor that shares this one's storage and has no history: gradients do not flow through it.
  ///
  /// An in-place change of one tensor is seen in the other. The tape counts it as a change of both when it
  /// checks the tensors that it has saved.
  public func detached() -> Tensor {
    if let failure { return .failed(by: failure) }
    return Tensor(storage: storage.shared(), layout: layout)
  }
}

extension Tensor: DifferentiableTensor where Element: DifferentiableScalar {}
