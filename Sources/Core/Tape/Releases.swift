import CRuntime

extension GradFunction {
  /// Lets go of a node, after those that are being released: a graph of any length is freed without recursion.
  static func release(_ node: inout (some GradFunction)?) {
    deferRelease(node)
    node = nil
    workOffReleases()
  }
}

/// A leaf's node keeps no other alive.
@inline(__always)
func deferRelease(_ node: GradFunction?) {
  guard let node, !node.isLeaf else { return }
  martlet_defer_release(Unmanaged.passRetained(node).toOpaque())
}

/// Releases what was deferred, unless a release further out already does.
func workOffReleases() {
  guard martlet_begin_releases() != 0 else { return }
  while let reference = martlet_next_release() {
    Unmanaged<GradFunction>.fromOpaque(reference).release()
  }
}
