import CRuntime

/// Runs `body` without recording: results have no history, and no memory is kept for a backward pass.
///
/// Calls may be nested. Inside, parameters may be changed in place, as an optimizer does.
public func noGrad<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
  martlet_thread().pointee.unrecorded += 1
  defer { martlet_thread().pointee.unrecorded -= 1 }
  return try body()
}

/// A Boolean value that tells whether operations on tensors that require a gradient are recorded: false
/// inside ``noGrad(_:)``.
public var isRecording: Bool {
  @inline(__always) get { martlet_thread().pointee.unrecorded == 0 }
}

/// Runs `body` with recording switched on or off.
package func recording<Result>(_ isOn: Bool, _ body: () -> Result) -> Result {
  let before = martlet_thread().pointee.unrecorded
  martlet_thread().pointee.unrecorded = isOn ? 0 : before + 1
  defer { martlet_thread().pointee.unrecorded = before }
  return body()
}

// An operation is recorded with its name and an edge for each input: the rule that turns the gradient of the
// result into the gradient of the input. An edge is built only if it is kept. A tensor that a rule needs is named
// with `saving:` and passed to the rule. A rule captures scalars and axes, never a tensor.

extension Tensor {
  @inline(__always)
  func attach(_ node: consuming ValueNode<Element>) -> Tensor {
    self.node = consume node
    isTracked = true
    if martlet_thread().pointee.observers != 0 { tellObservers(resultBytes) }
    return self
  }

  /// Tells an observer of this result's node, and a running profile that its operation has ended.
  @inline(never)
  private func tellObservers(_ bytes: Int) {
    if let node { NodeObserver.current?.made(node) }
    tellProfiler(bytes)
  }

  /// Tells a running profile that the operation of this result has ended, and which node records it.
  private func tellProfiler(_ bytes: Int) {
    guard let node else { return }
    Profiler.current?.finish(
      node.operation, resultBytes: bytes, keepers: [node] + node.inputs.filter(\.isLeaf))
  }

  /// Records this result of an operation with one to three inputs, unless recording is off or no input requires a
  /// gradient.
  @inline(__always)
  func recorded(
    _ name: StaticString, _ first: @autoclosure () -> Edge<Element>?,
    _ second: @autoclosure () -> Edge<Element>? = nil, _ third: @autoclosure () -> Edge<Element>? = nil
  ) -> Tensor {
    guard isRecording, failure == nil else { return named(name) }
    let first = first(), second = second(), third = third()
    guard first != nil || second != nil || third != nil else { return named(name) }
    return attach(OperationNode(name, self, first, second, third))
  }

  /// Records an operation with any number of inputs. One rule computes all their gradients. See
  /// ``JointNode``. The result may be changed in place if the rule does not read it.
  func recorded(
    _ name: StaticString, _ inputs: [Tensor], saving saved: [Tensor] = [], readsOutputs: Bool = true,
    _ rule: @escaping JointNode<Element>.Rule
  ) -> Tensor {
    Tensor.record(name, [self], of: inputs, saving: saved, readsOutputs: readsOutputs, rule)
    return self
  }

  /// Records an operation with any number of inputs and outputs. One rule computes all gradients.
  static func record(
    _ name: StaticString, _ outputs: [Tensor], of inputs: [Tensor], saving saved: [Tensor] = [],
    readsOutputs: Bool = true, _ rule: @escaping JointNode<Element>.Rule
  ) {
    guard isRecording, inputs.contains(where: { $0.isTracked }), outputs[0].failure == nil else {
      Profiler.end(name, resultBytes: outputs.reduce(0) { $0 + $1.resultBytes })
      return
    }
    let joint = JointNode(name, outputs, inputs, saving: saved, readsOutputs: readsOutputs, rule)
    if martlet_thread().pointee.observers != 0 {
      if let observer = NodeObserver.current {
        observer.made(joint)
        for output in outputs { observer.made(output.node!) }
      }
      outputs[0].tellProfiler(outputs.reduce(0) { $0 + $1.resultBytes })
    }
  }
}
