extension Tensor {
  /// Tells a profile that the operation which made this has ended, and which node records it.
  @inline(never)
  func tellProfiler() {
    guard let node else { return }
    Profiler.current?.finish(node.operation, keepers: [node] + node.inputs.filter(\.isLeaf))
  }
}
