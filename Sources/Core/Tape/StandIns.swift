import CRuntime

// Stand-ins: other memory and another history for tensors that somebody else refers to, such as a model's parameters.

extension Tensor {
  /// Returns a tensor with the layout of this one, and the values and the history of another of the same shape. It shares
  /// the other's memory if the layouts agree. Nil if this one's elements do not lie at the start of its memory without
  /// gaps, or after an error.
  package func standIn(of other: Tensor) -> Tensor? {
    if refuses(other.failure) { return nil }
    func agrees(_ tensor: Tensor) -> Bool {
      tensor.layout.strides == layout.strides && tensor.layout.offset == layout.offset
    }
    let standIn =
      agrees(other)
      ? Tensor(storage: other.storage.shared(), layout: layout) : Tensor(uninitializedLike: self)
    guard !standIn.isFailed, agrees(standIn) else { return nil }
    if !agrees(other) { standIn.overwrite(with: other) }
    (standIn.node, standIn.isTracked, standIn.isSubstituted) = (other.node, other.isTracked, true)
    return standIn
  }

  /// A tensor of its own with the present memory and history of this one.
  @inline(never)
  var presentState: Tensor { Tensor(adopting: self) }

  fileprivate func exchangeState(with other: Tensor) {
    swap(&storage, &other.storage)
    swap(&node, &other.node)
    swap(&isTracked, &other.isTracked)
    swap(&isSubstituted, &other.isSubstituted)
  }
}

/// Runs `body` while each tensor has the memory and the history of its stand-in, and gives back its own afterwards, also
/// if `body` throws.
///
/// The tape saves a tensor of its own in place of a substituted one, so that a backward pass may follow the scope.
package func withStandIns<Element, Result, Failure: Error>(
  _ tensors: [Tensor<Element>], _ standIns: [Tensor<Element>], _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  func exchange() {
    for (tensor, standIn) in zip(tensors, standIns) { tensor.exchangeState(with: standIn) }
  }
  exchange()
  martlet_thread().pointee.standIns += 1
  defer {
    exchange()
    martlet_thread().pointee.standIns -= 1
  }
  return try body()
}

/// True inside ``withStandIns(_:_:_:)`` on the calling thread.
var hasStandIns: Bool { martlet_thread().pointee.standIns != 0 }
