import CRuntime

/// An observer of the nodes that the calling thread records.
class NodeObserver {
  /// Receives a node that was recorded just now.
  func made(_ node: GradFunction) {}

  /// Propagates the gradient of a node in a backward pass of this thread. Returns false after an error.
  func propagate(_ node: GradFunction, _ pass: BackwardPass) -> Bool { node.propagate(pass) }

  /// True if the calling thread is observed.
  @inline(__always)
  static var isOn: Bool { martlet_thread().pointee.nodeObserver != nil }

  /// The innermost observer of the calling thread, or nil.
  static var current: NodeObserver? {
    martlet_thread().pointee.nodeObserver.map { Unmanaged<NodeObserver>.fromOpaque($0).takeUnretainedValue() }
  }

  /// Runs `body` while this observes the calling thread. An outer observer does not see what is recorded.
  final func observe<Result>(_ body: () throws -> Result) rethrows -> Result {
    let thread = martlet_thread(), outer = thread.pointee.nodeObserver
    thread.pointee.nodeObserver = Unmanaged.passUnretained(self).toOpaque()
    thread.pointee.observers += 1
    defer {
      martlet_thread().pointee.nodeObserver = outer
      martlet_thread().pointee.observers -= 1
    }
    return try withExtendedLifetime(self) { try body() }
  }
}
