import CRuntime

extension GradFunction {
  /// Releases a node after the releases in progress. A graph of any length is freed without recursion.
  static func release(_ node: inout (some GradFunction)?) {
    deferRelease(node)
    node = nil
    workOffReleases()
  }
}

/// Defers the release of a node. A leaf's node is released directly, because it keeps no other node alive.
@inline(__always)
func deferRelease(_ node: GradFunction?) {
  guard let node, !node.isLeaf else { return }
  martlet_defer_release(Unmanaged.passRetained(node).toOpaque())
}

/// Performs the deferred releases, unless an outer call is already doing so.
func workOffReleases() {
  guard martlet_begin_releases() != 0 else { return }
  while let reference = martlet_next_release() {
    Unmanaged<GradFunction>.fromOpaque(reference).release()
  }
}
