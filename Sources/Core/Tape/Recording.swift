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
func recording<Result>(_ isOn: Bool, _ body: () -> Result) -> Result {
  let before = martlet_thread().pointee.unrecorded
  martlet_thread().pointee.unrecorded = isOn ? 0 : before + 1
  defer { martlet_thread().pointee.unrecorded = before }
  return body()
}

// An operation is recorded with its name and, for each input, a rule that turns the gradient of the result
// into the gradient of the input. A rule is built only if it is kept. A tensor that a rule needs is named
// with `saving:` and passed to the rule. A rule captures scalars and axes, never a tensor.

extension Tensor {
  typealias OneRule = (Tensor) -> Tensor
  typealias TwoRule = (Tensor, Tensor) -> Tensor
  typealias ThreeRule = (Tensor, Tensor, Tensor) -> Tensor
  typealias AddingRule = (Tensor, Tensor, Tensor?) -> Tensor

  /// True if the results of operations on `a` are to be recorded.
  @inline(__always)
  private func records(_ a: Tensor) -> Bool { a.isTracked && isRecording && failure == nil }

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

  /// Records an operation with one input. The rule takes the gradient.
  @inline(__always)
  func recorded(_ name: StaticString, _ a: Tensor, _ rule: @autoclosure () -> OneRule) -> Tensor {
    guard records(a) else { return named(name) }
    return attach(OperationNode(name, self, Edge(input: a.node!, rule: .plain(rule()))))
  }

  /// Records an operation with one input. The rule takes the gradient and the saved tensor.
  @inline(__always)
  func recorded(
    _ name: StaticString, _ a: Tensor, saving x: Tensor, _ rule: @autoclosure () -> TwoRule
  ) -> Tensor {
    guard records(a) else { return named(name) }
    return attach(OperationNode(name, self, Edge(input: a.node!, rule: .saving(Saved(x), rule()))))
  }

  /// Records an operation with one input. The rule takes the gradient and the two saved tensors.
  @inline(__always)
  func recorded(
    _ name: StaticString, _ a: Tensor, saving x: Tensor, _ y: Tensor, _ rule: @autoclosure () -> ThreeRule
  ) -> Tensor {
    guard records(a) else { return named(name) }
    return attach(
      OperationNode(name, self, Edge(input: a.node!, rule: .savingTwo(Saved(x), Saved(y), rule()))))
  }

  /// Records an operation with one input. The rule takes the gradient and the output.
  @inline(__always)
  func recorded(_ name: StaticString, _ a: Tensor, output rule: @autoclosure () -> TwoRule) -> Tensor {
    guard records(a) else { return named(name) }
    return attach(
      OperationNode(name, self, Edge(input: a.node!, rule: .output(rule())), keepsOutput: true))
  }

  /// Records an operation with one input. The rule takes the gradient and a tensor of another element type,
  /// such as indices or a mask.
  @inline(__always)
  func recorded<Other>(
    _ name: StaticString, _ a: Tensor, saving x: Tensor<Other>,
    _ rule: @autoclosure () -> (Tensor, Tensor<Other>) -> Tensor
  ) -> Tensor {
    guard records(a) else { return named(name) }
    return attach(OperationNode(name, self, Edge(input: a.node!, rule: .keeping(x, name, rule()))))
  }

  /// Records an operation with two inputs. Each rule takes the gradient.
  @inline(__always)
  func recorded(
    _ name: StaticString, _ a: Tensor, _ ruleA: @autoclosure () -> OneRule,
    _ b: Tensor, _ ruleB: @autoclosure () -> OneRule
  ) -> Tensor {
    guard records(a) || records(b) else { return named(name) }
    return attach(
      OperationNode(
        name, self, a.isTracked ? Edge(input: a.node!, rule: .plain(ruleA())) : nil,
        b.isTracked ? Edge(input: b.node!, rule: .plain(ruleB())) : nil))
  }

  /// Records an operation with two inputs. Each rule takes the gradient and its saved tensor.
  @inline(__always)
  func recorded(
    _ name: StaticString, _ a: Tensor, saving x: Tensor, _ ruleA: @autoclosure () -> TwoRule,
    _ b: Tensor, saving y: Tensor, _ ruleB: @autoclosure () -> TwoRule
  ) -> Tensor {
    guard records(a) || records(b) else { return named(name) }
    return attach(
      OperationNode(
        name, self, a.isTracked ? Edge(input: a.node!, rule: .saving(Saved(x), ruleA())) : nil,
        b.isTracked ? Edge(input: b.node!, rule: .saving(Saved(y), ruleB())) : nil))
  }

  /// Records an operation with two inputs. Each rule takes the gradient and its saved tensor; the second also
  /// takes the output.
  @inline(__always)
  func recorded(
    _ name: StaticString, _ a: Tensor, saving x: Tensor, _ ruleA: @autoclosure () -> TwoRule,
    _ b: Tensor, outputSaving y: Tensor, _ ruleB: @autoclosure () -> ThreeRule
  ) -> Tensor {
    guard records(a) || records(b) else { return named(name) }
    return attach(
      OperationNode(
        name, self, a.isTracked ? Edge(input: a.node!, rule: .saving(Saved(x), ruleA())) : nil,
        b.isTracked ? Edge(input: b.node!, rule: .outputSaving(Saved(y), ruleB())) : nil,
        keepsOutput: b.isTracked))
  }

  /// Records an operation with two inputs. Each rule takes the gradient and its two saved tensors.
  @inline(__always)
  func recorded(
    _ name: StaticString, _ a: Tensor, saving x: Tensor, _ x2: Tensor, _ ruleA: @autoclosure () -> ThreeRule,
    _ b: Tensor, saving y: Tensor, _ y2: Tensor, _ ruleB: @autoclosure () -> ThreeRule
  ) -> Tensor {
    guard records(a) || records(b) else { return named(name) }
    return attach(
      OperationNode(
        name, self, a.isTracked ? Edge(input: a.node!, rule: .savingTwo(Saved(x), Saved(x2), ruleA())) : nil,
        b.isTracked ? Edge(input: b.node!, rule: .savingTwo(Saved(y), Saved(y2), ruleB())) : nil))
  }

  /// Records an operation with two inputs. The rules take the gradient and a tensor of another element type.
  @inline(__always)
  func recorded<Other>(
    _ name: StaticString, saving x: Tensor<Other>,
    _ a: Tensor, _ ruleA: @autoclosure () -> (Tensor, Tensor<Other>) -> Tensor,
    _ b: Tensor, _ ruleB: @autoclosure () -> (Tensor, Tensor<Other>) -> Tensor
  ) -> Tensor {
    guard records(a) || records(b) else { return named(name) }
    return attach(
      OperationNode(
        name, self, a.isTracked ? Edge(input: a.node!, rule: .keeping(x, name, ruleA())) : nil,
        b.isTracked ? Edge(input: b.node!, rule: .keeping(x, name, ruleB())) : nil))
  }

  /// Records an operation with two inputs. Each rule takes the gradient, its saved tensor, and an existing
  /// gradient to which it adds its result, or nil.
  @inline(__always)
  func recorded(
    _ name: StaticString, _ a: Tensor, saving x: Tensor, adding ruleA: @autoclosure () -> AddingRule,
    _ b: Tensor, saving y: Tensor, adding ruleB: @autoclosure () -> AddingRule
  ) -> Tensor {
    guard records(a) || records(b) else { return named(name) }
    return attach(
      OperationNode(
        name, self, a.isTracked ? Edge(input: a.node!, rule: .adding(Saved(x), ruleA())) : nil,
        b.isTracked ? Edge(input: b.node!, rule: .adding(Saved(y), ruleB())) : nil))
  }

  /// Records an operation with three inputs: two as above, and one whose rule takes only the gradient.
  @inline(__always)
  func recorded(
    _ name: StaticString, _ a: Tensor, saving x: Tensor, adding ruleA: @autoclosure () -> AddingRule,
    _ b: Tensor, saving y: Tensor, adding ruleB: @autoclosure () -> AddingRule,
    _ c: Tensor, _ ruleC: @autoclosure () -> OneRule
  ) -> Tensor {
    guard records(a) || records(b) || records(c) else { return named(name) }
    return attach(
      OperationNode(
        name, self, a.isTracked ? Edge(input: a.node!, rule: .adding(Saved(x), ruleA())) : nil,
        b.isTracked ? Edge(input: b.node!, rule: .adding(Saved(y), ruleB())) : nil,
        c.isTracked ? Edge(input: c.node!, rule: .plain(ruleC())) : nil))
  }

  /// Records an operation with any number of inputs. One rule computes all their gradients. See
  /// ``JointNode``.
  func recorded(
    _ name: StaticString, _ inputs: [Tensor], saving saved: [Tensor] = [],
    _ rule: @escaping JointNode<Element>.Rule
  ) -> Tensor {
    Tensor.record(name, [self], of: inputs, saving: saved, rule)
    return self
  }

  /// Records an operation with any number of inputs and outputs. One rule computes all gradients.
  static func record(
    _ name: StaticString, _ outputs: [Tensor], of inputs: [Tensor], saving saved: [Tensor] = [],
    _ rule: @escaping JointNode<Element>.Rule
  ) {
    guard isRecording, inputs.contains(where: { $0.isTracked }), outputs[0].failure == nil else {
      Profiler.end(name, resultBytes: outputs.reduce(0) { $0 + $1.resultBytes })
      return
    }
    let joint = JointNode(name, outputs, inputs, saving: saved, rule)
    if martlet_thread().pointee.observers != 0 {
      if let observer = NodeObserver.current {
        observer.made(joint)
        for output in outputs { observer.made(output.node!) }
      }
      outputs[0].tellProfiler(outputs.reduce(0) { $0 + $1.resultBytes })
    }
  }
}

extension Rule {
  /// Returns a rule that receives a tensor of another element type, which has no history.
  static func keeping<Other>(
    _ x: Tensor<Other>, _ name: StaticString, _ rule: @escaping (T, Tensor<Other>) -> T
  ) -> Rule<Element> {
    let saved = Saved(x)
    return .plain { gradient in
      guard saved.isIntact else {
        return .failed(
          "backward", "a tensor that \(name)Backward had saved was changed in place afterwards; change a copy"
        )
      }
      return rule(gradient, saved.tensor)
    }
  }
}
