import CRuntime

/// Runs `body` without recording: results have no history and no memory is kept for a backward pass.
///
/// Scopes nest. Parameters may be changed in place inside, as an optimizer does.
public func noGrad<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
  martlet_thread().pointee.unrecorded += 1
  defer { martlet_thread().pointee.unrecorded -= 1 }
  return try body()
}

/// Whether operations on tensors that require a gradient are recorded here: not inside ``noGrad(_:)``.
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

// What an operation says of its derivatives: a name, and for each input the rule that turns the gradient of the
// result into the input's. Rules are built only when they will be kept. What a rule needs it names with `saving:`
// and is handed back; it captures scalars and axes, never a tensor.

extension Tensor {
  typealias OneRule = (Tensor) -> Tensor
  typealias TwoRule = (Tensor, Tensor) -> Tensor
  typealias ThreeRule = (Tensor, Tensor, Tensor) -> Tensor
  typealias AddingRule = (Tensor, Tensor, Tensor?) -> Tensor

  /// Whether the results of operations on `a` are to be recorded.
  @inline(__always)
  private func records(_ a: Tensor) -> Bool { a.isTracked && isRecording && failure == nil }

  @inline(__always)
  func attach(_ node: consuming ValueNode<Element>) -> Tensor {
    self.node = consume node
    isTracked = true
    if Profiler.isOn { tellProfiler(resultBytes) }
    return self
  }

  /// Tells a profile that the operation which made this has ended, and which node records it.
  @inline(never)
  private func tellProfiler(_ bytes: Int) {
    guard let node else { return }
    Profiler.current?.finish(
      node.operation, resultBytes: bytes, keepers: [node] + node.inputs.filter(\.isLeaf))
  }

  /// One input; the rule takes the gradient.
  @inline(__always)
  func recorded(_ name: StaticString, _ a: Tensor, _ rule: @autoclosure () -> OneRule) -> Tensor {
    guard records(a) else { return named(name) }
    return attach(OperationNode(name, self, Edge(input: a.node!, rule: .plain(rule()))))
  }

  /// One input; the rule takes the gradient and what was saved.
  @inline(__always)
  func recorded(
    _ name: StaticString, _ a: Tensor, saving x: Tensor, _ rule: @autoclosure () -> TwoRule
  ) -> Tensor {
    guard records(a) else { return named(name) }
    return attach(OperationNode(name, self, Edge(input: a.node!, rule: .saving(Saved(x), rule()))))
  }

  /// One input; the rule takes the gradient and the two that were saved.
  @inline(__always)
  func recorded(
    _ name: StaticString, _ a: Tensor, saving x: Tensor, _ y: Tensor, _ rule: @autoclosure () -> ThreeRule
  ) -> Tensor {
    guard records(a) else { return named(name) }
    return attach(
      OperationNode(name, self, Edge(input: a.node!, rule: .savingTwo(Saved(x), Saved(y), rule()))))
  }

  /// One input; the rule takes the gradient and the output.
  @inline(__always)
  func recorded(_ name: StaticString, _ a: Tensor, output rule: @autoclosure () -> TwoRule) -> Tensor {
    guard records(a) else { return named(name) }
    return attach(
      OperationNode(name, self, Edge(input: a.node!, rule: .output(rule())), keepsOutput: true))
  }

  /// One input; the rule takes the gradient and a tensor of another element type: indices, a mask.
  @inline(__always)
  func recorded<Other>(
    _ name: StaticString, _ a: Tensor, saving x: Tensor<Other>,
    _ rule: @autoclosure () -> (Tensor, Tensor<Other>) -> Tensor
  ) -> Tensor {
    guard records(a) else { return named(name) }
    return attach(OperationNode(name, self, Edge(input: a.node!, rule: .keeping(x, name, rule()))))
  }

  /// Two inputs; each rule takes the gradient.
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

  /// Two inputs; each rule takes the gradient and what it saved.
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

  /// Two inputs; the first rule saves one tensor, the second also takes the output.
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

  /// Two inputs; each rule takes the gradient and the two that it saved.
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

  /// Two inputs; the rules take the gradient and a tensor of another element type.
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

  /// Two inputs; each rule takes the gradient, what it saved, and what it adds its result to, if that is there.
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

  /// Three inputs: two as above, and one whose rule takes the gradient.
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

  /// Any number of inputs; one rule makes all their gradients. See ``JointNode``.
  func recorded(
    _ name: StaticString, _ inputs: [Tensor], saving saved: [Tensor] = [],
    _ rule: @escaping JointNode<Element>.Rule
  ) -> Tensor {
    Tensor.record(name, [self], of: inputs, saving: saved, rule)
    return self
  }

  /// Any number of inputs and outputs; one rule makes all gradients.
  static func record(
    _ name: StaticString, _ outputs: [Tensor], of inputs: [Tensor], saving saved: [Tensor] = [],
    _ rule: @escaping JointNode<Element>.Rule
  ) {
    guard isRecording, inputs.contains(where: { $0.isTracked }), outputs[0].failure == nil else {
      Profiler.end(name, resultBytes: outputs.reduce(0) { $0 + $1.resultBytes })
      return
    }
    _ = JointNode(name, outputs, inputs, saving: saved, rule)
    if Profiler.isOn { outputs[0].tellProfiler(outputs.reduce(0) { $0 + $1.resultBytes }) }
  }
}

extension Rule {
  /// A rule that is handed a tensor of another element type, which has no history of its own.
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
